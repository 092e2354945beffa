/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/setting.h"

#include "study/number-private.h"

static gconstpointer place_of(const RhSetting *setting, gconstpointer values)
{
    return (const char *)values + setting->offset;
}

char *rh_setting_text(const RhSetting *setting, gconstpointer values)
{
    gconstpointer place = place_of(setting, values);
    char text[RH_NUMBER_SIZE];
    switch (setting->kind) {
    case RH_SETTING_WHOLE:
        return g_strdup_printf("%u", *(const guint *)place);
    case RH_SETTING_SEED:
        return g_strdup_printf("%" G_GUINT64_FORMAT, *(const guint64 *)place);
    case RH_SETTING_REAL:
        return g_strdup(rh_number_text(*(const double *)place, text));
    case RH_SETTING_FLAG:
        return g_strdup(*(const gboolean *)place ? "true" : "false");
    case RH_SETTING_CHOICE:
        return g_strdup(setting->choices->read(place));
    }
    g_assert_not_reached();
}

static gboolean parse_whole(const RhSetting *setting, const char *text, guint *value)
{
    guint64 whole;
    if (!g_ascii_string_to_unsigned(text, 10, (guint64)setting->low, (guint64)setting->high, &whole, NULL) ||
        (setting->multiple != 0 && whole % setting->multiple != 0))
        return FALSE;
    *value = (guint)whole;
    return TRUE;
}

static gboolean parse_real(const RhSetting *setting, const char *text, double *value)
{
    double real;
    if (!rh_number_parse(text, &real) || !(real >= setting->low && real <= setting->high))
        return FALSE;
    *value = real;
    return TRUE;
}

static gboolean parse_flag(const char *text, gboolean *value)
{
    const gboolean flag = g_str_equal(text, "true");
    if (!flag && !g_str_equal(text, "false"))
        return FALSE;
    *value = flag;
    return TRUE;
}

gboolean rh_setting_parse(const RhSetting *setting, const char *text, gpointer values)
{
    gpointer place = (char *)values + setting->offset;
    g_autofree char *own = g_strstrip(g_strdup(text));
    switch (setting->kind) {
    case RH_SETTING_WHOLE:
        return parse_whole(setting, own, place);
    case RH_SETTING_SEED:
        return g_ascii_string_to_unsigned(own, 10, 0, G_MAXINT64, place, NULL);
    case RH_SETTING_REAL:
        return parse_real(setting, own, place);
    case RH_SETTING_FLAG:
        return parse_flag(own, place);
    case RH_SETTING_CHOICE:
        return setting->choices->take(own, place);
    }
    g_assert_not_reached();
}

gboolean rh_setting_equal(const RhSetting *setting, gconstpointer a, gconstpointer b)
{
    gconstpointer p = place_of(setting, a), q = place_of(setting, b);
    switch (setting->kind) {
    case RH_SETTING_WHOLE:
        return *(const guint *)p == *(const guint *)q;
    case RH_SETTING_SEED:
        return *(const guint64 *)p == *(const guint64 *)q;
    case RH_SETTING_REAL:
        return *(const double *)p == *(const double *)q;
    case RH_SETTING_FLAG:
        return *(const gboolean *)p == *(const gboolean *)q;
    case RH_SETTING_CHOICE:
        return g_str_equal(setting->choices->read(p), setting->choices->read(q));
    }
    g_assert_not_reached();
}
