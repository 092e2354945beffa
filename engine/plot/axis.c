/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/axis-private.h"

#include <math.h>
#include <string.h>

#define MINUS "\342\210\222" /* U+2212 */

void rh_extent_add(RhExtent *extent, double value, gboolean logarithmic)
{
    if (!(fabs(value) < RH_AXIS_LIMIT) || (logarithmic && value <= 0))
        return;
    extent->low = MIN(extent->low, value);
    extent->high = MAX(extent->high, value);
    extent->fractional |= value != floor(value);
}

static gboolean has_own_range(const RhChartAxis *axis)
{
    return axis->low < axis->high && fabs(axis->low) < RH_AXIS_LIMIT && fabs(axis->high) < RH_AXIS_LIMIT &&
           !(axis->logarithmic && axis->low <= 0);
}

static RhAxisRange around(double value, gboolean logarithmic)
{
    double reach = value != 0 ? fabs(value) / 2 : 1;
    if (logarithmic)
        return (RhAxisRange){.low = value / 2, .high = value * 2, .logarithmic = TRUE};
    return (RhAxisRange){.low = value - reach, .high = value + reach};
}

RhAxisRange rh_axis_resolve(const RhChartAxis *axis, const RhExtent *extent, double margin)
{
    gboolean logarithmic = axis->logarithmic;
    if (has_own_range(axis))
        return (RhAxisRange){axis->low, axis->high, logarithmic, FALSE};
    if (extent->low > extent->high)
        return (RhAxisRange){logarithmic ? 1 : 0, logarithmic ? 10 : 1, logarithmic, FALSE};
    double size = MAX(fabs(extent->low), fabs(extent->high));
    if (extent->high - extent->low <= 1e-9 * size)
        return around(extent->low, logarithmic);
    RhAxisRange range = {extent->low, extent->high, logarithmic, !extent->fractional && !logarithmic};
    return (RhAxisRange){rh_axis_value(&range, -margin), rh_axis_value(&range, 1 + margin), logarithmic,
                         range.whole};
}

double rh_axis_fraction(const RhAxisRange *range, double value)
{
    if (!isfinite(value) || (range->logarithmic && value <= 0))
        return NAN;
    if (range->logarithmic)
        return (log(value) - log(range->low)) / (log(range->high) - log(range->low));
    return (value - range->low) / (range->high - range->low);
}

double rh_axis_value(const RhAxisRange *range, double fraction)
{
    if (range->logarithmic)
        return exp(log(range->low) + fraction * (log(range->high) - log(range->low)));
    return range->low + fraction * (range->high - range->low);
}

/* Multiples of `step` within the range, and none if they are more than `most`. */
static RhTicks multiples(const RhAxisRange *range, double step, guint most)
{
    RhTicks ticks = {.step = step};
    double slack = 1e-9 * (range->high - range->low);
    double first = ceil((range->low - slack) / step), last = floor((range->high + slack) / step);
    if (last - first >= most)
        return ticks;
    for (double k = first; k <= last; k++)
        ticks.at[ticks.count++] = k * step + 0; /* + 0 makes −0 plain */
    return ticks;
}

/* The densest of the round steps 1, 2, 2.5, 5 times a power of ten. Whole numbers have no step of 2.5. */
static RhTicks linear_ticks(const RhAxisRange *range, guint most)
{
    static const double factors[] = {1, 2, 2.5, 5};
    int power = (int)floor(log10((range->high - range->low) / most)) - 1;
    if (range->whole)
        power = MAX(power, 0);
    for (;; power++)
        for (guint i = 0; i < G_N_ELEMENTS(factors); i++) {
            double unit = pow(10, abs(power)); /* exact, unlike a negative power */
            double step = power < 0 ? factors[i] / unit : factors[i] * unit;
            if (range->whole && step != floor(step))
                continue;
            RhTicks ticks = multiples(range, step, most);
            if (ticks.count > 0 || step > range->high - range->low)
                return ticks;
        }
}

/* Every `every`-th power of ten times each of the factors; none if they are more than `most`. */
static RhTicks powers(const RhAxisRange *range, const double *factors, guint n_factors, int every, guint most)
{
    RhTicks ticks = {0};
    int first = (int)floor(log10(range->low)), last = (int)ceil(log10(range->high));
    for (int power = first - (first % every + every) % every; power <= last; power += every)
        for (guint i = 0; i < n_factors; i++) {
            double value = factors[i] * pow(10, power);
            if (value < range->low * (1 - 1e-9) || value > range->high * (1 + 1e-9))
                continue;
            if (ticks.count == most)
                return (RhTicks){0};
            ticks.at[ticks.count++] = value;
        }
    return ticks;
}

/* Within about a decade, where powers are too rare, evenly spaced values serve. */
static RhTicks logarithmic_ticks(const RhAxisRange *range, guint most)
{
    static const double factors[] = {1, 2, 5};
    RhTicks ticks = powers(range, factors, G_N_ELEMENTS(factors), 1, most);
    for (int every = 1; ticks.count == 0 && every < 700; every++)
        ticks = powers(range, factors, 1, every, most);
    return ticks.count >= 2 || range->high / range->low > 30 ? ticks : linear_ticks(range, most);
}

RhTicks rh_axis_ticks(const RhAxisRange *range, guint most)
{
    most = CLAMP(most, 2, RH_TICKS_MAX);
    return range->logarithmic ? logarithmic_ticks(range, most) : linear_ticks(range, most);
}

static char *format(double value, int decimals)
{
    char text[400], pattern[16];
    g_snprintf(pattern, sizeof pattern, "%%.%df", CLAMP(decimals, 0, 15));
    g_ascii_formatd(text, sizeof text, pattern, fabs(value));
    gboolean zero = strspn(text, "0.") == strlen(text);
    return g_strconcat(value < 0 && !zero ? MINUS : "", text, NULL);
}

/* m×10ᵉ, and 10ᵉ alone for a mantissa of one. */
static char *format_power(double value, int power, int decimals)
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    if (value == 0)
        return g_strdup("0");
    g_autofree char *mantissa = format(value / pow(10, power), decimals),
                    *number = g_strdup_printf("%d", power);
    g_autoptr(GString) text = g_string_new(NULL);
    if (strcmp(mantissa, "1") != 0)
        g_string_append_printf(text, "%s×", mantissa);
    g_string_append(text, "10");
    for (const char *c = number; *c != '\0'; c++)
        g_string_append(text, *c == '-' ? "⁻" : digits[*c - '0']);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Decimals that write a multiple of `step` exactly: 0.25 needs two, 20 none. */
static int decimals_of(double step)
{
    int decimals = 0;
    while (decimals < 12 && fabs(step - round(step)) > 1e-6 * step) {
        step *= 10;
        decimals++;
    }
    return decimals;
}

char *rh_axis_tick_label(const RhTicks *ticks, guint index)
{
    double value = ticks->at[index];
    double largest = MAX(fabs(ticks->at[0]), fabs(ticks->at[ticks->count - 1]));
    if (ticks->step == 0) { /* logarithmic: each for itself */
        int power = (int)floor(log10(value) + 1e-9);
        return power < -3 || power > 4 ? format_power(value, power, 0) : format(value, MAX(0, -power));
    }
    if (largest < 1e6 && ticks->step >= 0.999e-4)
        return format(value, decimals_of(ticks->step));
    int power = (int)floor(log10(largest) + 1e-9);
    return format_power(value, power, decimals_of(ticks->step / pow(10, power)));
}

char *rh_axis_read_off(const RhAxisRange *range, double value, int digits)
{
    int power = value != 0 ? (int)floor(log10(fabs(value)) + 1e-9) : 0;
    int decimals =
        range->logarithmic ? digits - 1 - power : digits - (int)round(log10(range->high - range->low));
    if (range->whole && value == floor(value))
        decimals = 0;
    if (power > 5 || decimals > 7)
        return format_power(value, power, digits - 1);
    return format(value, decimals);
}
