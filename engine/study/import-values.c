/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "study/import-private.h"
#include "study/number-private.h"

#define VALUES_SHOWN 8u

static const char *value_of(const RhImportRow *row, RhImportColumn column)
{
    return column == RH_IMPORT_LABEL ? row->label : row->confounder;
}

/* What two spellings of one value have in common: 1.0 is 1, and "AP " is "ap". "" for what is no value. */
static char *key_of(const char *text)
{
    static const char *const unknown[] = {"", "na", "n/a", "nan", "null", "missing", "unknown", "?", NULL};
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    double number;
    if (rh_number_parse(stripped, &number)) {
        char plain[RH_NUMBER_SIZE];
        return g_strdup(rh_number_text(number, plain));
    }
    char *key = rh_import_key(stripped);
    if (g_strv_contains(unknown, key))
        key[0] = '\0';
    return key;
}

/* The parts of "Edema|Effusion" and of "['edema', 'normal']". */
static GStrv tokens_of(const char *text)
{
    g_autofree char *inner = g_strstrip(g_strdup(text));
    const gsize length = strlen(inner);
    const gboolean list = length >= 2 && inner[0] == '[' && inner[length - 1] == ']';
    if (list)
        inner[0] = inner[length - 1] = ' ';
    GStrv tokens = g_strsplit(inner, list ? "," : "|", -1);
    for (char **token = tokens; *token != NULL; token++) {
        g_strstrip(*token);
        const gsize size = strlen(*token);
        if (list && size >= 2 && strchr("'\"", (*token)[0]) != NULL && (*token)[size - 1] == (*token)[0]) {
            (*token)[size - 1] = '\0';
            memmove(*token, *token + 1, size - 1);
            g_strstrip(*token);
        }
    }
    return tokens;
}

/* ── The values of a column ── */

void rh_import_value_clear(RhImportValue *value)
{
    g_free(value->text);
    g_free(value->key);
}

static int by_count(gconstpointer a, gconstpointer b)
{
    const RhImportValue *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->text, y->text);
}

GArray *rh_import_values(const RhImportListing *listing, RhImportColumn column)
{
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GArray *values = g_array_new(FALSE, FALSE, sizeof(RhImportValue));
    g_array_set_clear_func(values, (GDestroyNotify)rh_import_value_clear);
    for (guint i = 0; i < listing->rows->len; i++) {
        const char *text = value_of(g_ptr_array_index(listing->rows, i), column);
        g_autofree char *key = key_of(text);
        gpointer place = NULL;
        if (key[0] == '\0')
            continue;
        if (!g_hash_table_lookup_extended(places, key, NULL, &place)) {
            place = GUINT_TO_POINTER(values->len);
            g_array_append_val(values, ((RhImportValue){g_strdup(text), g_strdup(key), 0}));
            g_hash_table_insert(places, g_steal_pointer(&key), place);
        }
        g_array_index(values, RhImportValue, GPOINTER_TO_UINT(place)).count++;
    }
    g_array_sort(values, by_count);
    return values;
}

/* “a” (12), “b” (3), … */
static char *list_values(const GArray *values)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < MIN(values->len, VALUES_SHOWN); i++) {
        const RhImportValue *value = &g_array_index(values, RhImportValue, i);
        g_string_append(list, i > 0 ? ", " : "");
        g_string_append_printf(list, _("“%s” (%u)"), value->text, value->count);
    }
    if (values->len > VALUES_SHOWN)
        g_string_append(list, ", …");
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static gboolean refuse(const RhImportListing *listing, RhImportColumn column, const GArray *values,
                       GError **error)
{
    if (values->len == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    column == RH_IMPORT_LABEL
                        ? _("“%s” gives no image a label; fill in the labels, or choose another column.")
                        : _("“%s” gives no image a value of the confounder; fill in the values, or choose "
                            "another column."),
                    listing->table_path != NULL ? listing->table_path : listing->files->source);
        return FALSE;
    }
    g_autofree char *list = list_values(values);
    g_set_error(
        error, RH_ERROR, RH_ERROR_FORMAT,
        column == RH_IMPORT_LABEL
            ? _("“%s”: the label must have two values, but has %u: %s. Say which of them are positive "
                "and which negative, or choose another column.")
            : _("“%s”: the confounder must have two values, but has %u: %s. Say which two are to be "
                "used or, of numbers, where to cut, or choose another column."),
        listing->table_path != NULL ? listing->table_path : listing->files->source, values->len, list);
    return FALSE;
}

/* ── Two sides ── */

void rh_two_sides_clear(RhTwoSides *sides)
{
    g_clear_pointer(&sides->names[0], g_free);
    g_clear_pointer(&sides->names[1], g_free);
    g_clear_pointer(&sides->places, g_hash_table_unref);
}

static RhTwoSides sides_new(void)
{
    return (RhTwoSides){.places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                        .rest = RH_UNKNOWN};
}

/* The side of a value that is one whole, as a number or as a word; RH_UNKNOWN if it has none. */
static guint8 whole_place(const RhTwoSides *sides, const char *text)
{
    g_autofree char *key = key_of(text);
    double number;
    gpointer place = NULL;
    if (sides->is_cut)
        return key[0] != '\0' && rh_number_parse(key, &number) ? number > sides->cut : RH_UNKNOWN;
    return sides->places != NULL && g_hash_table_lookup_extended(sides->places, key, NULL, &place)
               ? (guint8)GPOINTER_TO_UINT(place)
               : RH_UNKNOWN;
}

guint8 rh_two_sides_place(const RhTwoSides *sides, const char *text)
{
    const guint8 whole = whole_place(sides, text);
    if (whole != RH_UNKNOWN || sides->is_cut || sides->places == NULL)
        return whole;
    gboolean seen[2] = {FALSE, FALSE}, any = FALSE;
    g_auto(GStrv) tokens = tokens_of(text);
    for (char **token = tokens; *token != NULL; token++) {
        const guint8 place = whole_place(sides, *token);
        g_autofree char *key = key_of(*token);
        any |= key[0] != '\0';
        if (place != RH_UNKNOWN)
            seen[place] = TRUE;
    }
    if (seen[0] != seen[1])
        return seen[1];
    return seen[0] || !any ? RH_UNKNOWN : sides->rest;
}

/* Puts what stands between commas on a side. Each must be a value of the column, or a part of one. */
static gboolean add_side(const RhImportListing *listing, RhImportColumn column, const GArray *values,
                         RhTwoSides *sides, const char *texts, const char *between, guint8 side,
                         GError **error)
{
    g_auto(GStrv) wanted = g_strsplit(texts, between, -1);
    g_autoptr(GString) name = g_string_new(NULL);
    for (char **text = wanted; *text != NULL; text++) {
        g_autofree char *key = key_of(*text);
        const char *found = NULL;
        for (guint i = 0; found == NULL && i < values->len; i++) {
            const RhImportValue *value = &g_array_index(values, RhImportValue, i);
            g_auto(GStrv) tokens = tokens_of(value->text);
            if (g_str_equal(value->key, key))
                found = value->text;
            for (char **token = tokens; found == NULL && *token != NULL; token++) {
                g_autofree char *part = key_of(*token);
                found = g_str_equal(part, key) ? g_strstrip(*text) : NULL;
            }
        }
        if (found == NULL || key[0] == '\0') {
            g_autofree char *list = list_values(values);
            g_set_error(error, RH_ERROR, RH_ERROR_MISSING, _("“%s” is no value of the column; it has: %s."),
                        *text, list);
            return FALSE;
        }
        g_string_append_printf(name, "%s%s", name->len > 0 ? ", " : "", found);
        g_hash_table_insert(sides->places, g_steal_pointer(&key), GUINT_TO_POINTER(side));
    }
    sides->names[side] = g_string_free(g_steal_pointer(&name), FALSE);
    return TRUE;
}

/* The name of what is on neither side that was named. */
static char *name_rest(const RhTwoSides *sides, const GArray *values, guint8 named)
{
    const char *only = NULL;
    for (guint i = 0; i < values->len; i++) {
        const RhImportValue *value = &g_array_index(values, RhImportValue, i);
        if (rh_two_sides_place(sides, value->text) == named)
            continue;
        if (only != NULL)
            return g_strdup_printf(_("not %s"), sides->names[named]);
        only = value->text;
    }
    return only != NULL ? g_strdup(only) : g_strdup_printf(_("not %s"), sides->names[named]);
}

/* What is on no side, with how many images have it. */
static void tell_others(const RhTwoSides *sides, RhImportColumn column, const GArray *values,
                        RhImportSummary *summary)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(RhImportValue));
    for (guint i = 0; i < values->len; i++) {
        const RhImportValue *value = &g_array_index(values, RhImportValue, i);
        if (rh_two_sides_place(sides, value->text) == RH_UNKNOWN)
            g_array_append_vals(others, value, 1);
    }
    if (others->len == 0)
        return;
    g_autofree char *list = list_values(others);
    rh_import_tell(summary, RH_IMPORT_WORD, column == RH_IMPORT_LABEL ? "label" : "confounder",
                   column == RH_IMPORT_LABEL
                       ? _("Images whose label is neither positive nor negative are not used: %s.")
                       : _("Images whose confounder has neither of the two values are not used: %s."),
                   list);
}

/* Two values and no more: which is which is told by their words or, if those say nothing, by the alphabet. */
static gboolean two_values(const RhImportListing *listing, RhImportColumn column, const GArray *values,
                           RhTwoSides *sides, GError **error)
{
    if (values->len != 2)
        return refuse(listing, column, values, error);
    const RhImportValue *a = &g_array_index(values, RhImportValue, 0),
                        *b = &g_array_index(values, RhImportValue, 1);
    const gboolean first = rh_import_sounds_negative(a->text, b->text),
                   second = rh_import_sounds_negative(b->text, a->text);
    sides->is_guess = first == second;
    const gboolean swap = sides->is_guess ? strcmp(a->text, b->text) > 0 : second;
    const RhImportValue *const ordered[2] = {swap ? b : a, swap ? a : b};
    for (guint8 i = 0; i < 2; i++) {
        sides->names[i] = g_strdup(ordered[i]->text);
        g_hash_table_insert(sides->places, g_strdup(ordered[i]->key), GUINT_TO_POINTER(i));
    }
    return TRUE;
}

gboolean rh_import_find_labels(const RhImportListing *listing, const RhImportSettings *settings,
                               RhTwoSides *sides, RhImportSummary *summary, GError **error)
{
    g_autoptr(GArray) values = rh_import_values(listing, RH_IMPORT_LABEL);
    const char *const named[2] = {settings->negative, settings->positive};
    *sides = sides_new();
    if (named[0] == NULL && named[1] == NULL) {
        if (!two_values(listing, RH_IMPORT_LABEL, values, sides, error))
            return FALSE;
        if (sides->is_guess)
            rh_import_tell(summary, RH_IMPORT_WORD, "positive",
                           _("Nothing says which class is positive; “%s” is taken for it."), sides->names[1]);
        return TRUE;
    }
    for (guint8 i = 0; i < 2; i++)
        if (named[i] != NULL && !add_side(listing, RH_IMPORT_LABEL, values, sides, named[i], ",", i, error))
            return FALSE;
    for (guint8 i = 0; i < 2; i++)
        if (named[i] == NULL) {
            sides->names[i] = name_rest(sides, values, !i);
            sides->rest = i;
        }
    tell_others(sides, RH_IMPORT_LABEL, values, summary);
    return TRUE;
}

/* ── The confounder ── */

static int compare_numbers(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The numbers of the images, in order; NULL if a value is none. */
static GArray *numbers_of(const GArray *values)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < values->len; i++) {
        const RhImportValue *value = &g_array_index(values, RhImportValue, i);
        double number;
        if (!rh_number_parse(value->key, &number))
            return NULL;
        for (guint k = 0; k < value->count; k++)
            g_array_append_val(numbers, number);
    }
    g_array_sort(numbers, compare_numbers);
    return g_steal_pointer(&numbers);
}

/* The median, or the largest value below the greatest where that is the median itself. */
static double middle_of(const GArray *numbers)
{
    guint place = (numbers->len - 1) / 2;
    const double greatest = g_array_index(numbers, double, numbers->len - 1);
    while (place > 0 && g_array_index(numbers, double, place) == greatest)
        place--;
    return g_array_index(numbers, double, place);
}

static gboolean cut(const RhImportListing *listing, const RhImportSettings *settings, const GArray *values,
                    RhTwoSides *sides, RhImportSummary *summary, GError **error)
{
    g_autoptr(GArray) numbers = numbers_of(values);
    if (numbers == NULL || numbers->len == 0)
        return refuse(listing, RH_IMPORT_CONFOUNDER, values, error);
    const gboolean said = !isnan(settings->confounder_above);
    sides->is_cut = TRUE;
    sides->cut = said ? settings->confounder_above : middle_of(numbers);
    sides->names[0] = g_strdup_printf("≤ %g", sides->cut);
    sides->names[1] = g_strdup_printf("> %g", sides->cut);
    if (!said)
        rh_import_tell(summary, RH_IMPORT_WORD, "cut",
                       _("The confounder “%s” is a number and is cut at its median: up to %g, and above."),
                       listing->confounder_name, sides->cut);
    return TRUE;
}

gboolean rh_import_find_confounders(const RhImportListing *listing, const RhImportSettings *settings,
                                    RhTwoSides *sides, RhImportSummary *summary, GError **error)
{
    g_autoptr(GArray) values = rh_import_values(listing, RH_IMPORT_CONFOUNDER);
    *sides = sides_new();
    if (settings->confounder_values != NULL) {
        g_auto(GStrv) both = g_strsplit(settings->confounder_values, ",", -1);
        if (g_strv_length(both) != 2) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                        _("The values of the confounder are two, with a comma between them (or several, "
                          "joined by “|”), not “%s”."),
                        settings->confounder_values);
            return FALSE;
        }
        for (guint8 i = 0; i < 2; i++)
            if (!add_side(listing, RH_IMPORT_CONFOUNDER, values, sides, both[i], "|", i, error))
                return FALSE;
        tell_others(sides, RH_IMPORT_CONFOUNDER, values, summary);
        return TRUE;
    }
    g_autoptr(GArray) numbers = values->len > 2 ? numbers_of(values) : NULL;
    if (!isnan(settings->confounder_above) || (settings->confounder_column != NULL && numbers != NULL))
        return cut(listing, settings, values, sides, summary, error);
    return two_values(listing, RH_IMPORT_CONFOUNDER, values, sides, error);
}
