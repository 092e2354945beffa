/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting-options.h"

#include "base/error.h"

RhSettingOptions rh_setting_options(const RhSetting *table, guint count)
{
    return (RhSettingOptions){.table = table,
                              .count = count,
                              .given = g_new0(char *, count),
                              .texts = g_ptr_array_new_with_free_func(g_free)};
}

void rh_setting_options_clear(RhSettingOptions *options)
{
    for (guint i = 0; i < options->count; i++)
        g_free(options->given[i]);
    g_free(options->given);
    g_ptr_array_unref(options->texts);
}

/* How many settings from this one on are the values of its option. */
static guint count_values(const RhSettingOptions *options, guint first)
{
    guint count = 1;
    while (first + count < options->count &&
           g_strcmp0(options->table[first].option, options->table[first + count].option) == 0)
        count++;
    return count;
}

/* What is accepted: "1 to 4096", "marker, letter or scanner". Free with g_free. */
static char *describe_range(const RhSetting *setting)
{
    if (setting->kind == RH_SETTING_SEED)
        return g_strdup("a whole number");
    if (setting->kind != RH_SETTING_CHOICE)
        return setting->multiple != 0 ? g_strdup_printf("%.7g to %.7g, a multiple of %u", setting->low,
                                                        setting->high, setting->multiple)
                                      : g_strdup_printf("%.7g to %.7g", setting->low, setting->high);
    const RhChoice *entries = setting->choices->entries;
    g_autoptr(GString) text = g_string_new(entries[0].id);
    for (guint i = 1; entries[i].id != NULL; i++)
        g_string_append_printf(text, "%s%s", entries[i + 1].id != NULL ? ", " : " or ", entries[i].id);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* "In training, in validation, in test: 0 to 1 (1,0.5,0.5)" */
static char *describe(const RhSettingOptions *options, guint first, guint values, gconstpointer usual)
{
    const RhSetting *table = &options->table[first];
    g_autoptr(GString) text = g_string_new(table->title);
    for (guint i = 1; i < values; i++) {
        g_autofree char *lower = g_utf8_strdown(table[i].title, -1);
        g_string_append_printf(text, ", %s", lower);
    }
    g_autofree char *range = describe_range(table);
    g_string_append_printf(text, ": %s", range);
    for (guint i = 0; usual != NULL && i < values; i++) {
        g_autofree char *value = rh_setting_text(&table[i], usual);
        g_string_append_printf(text, "%s%s%s", i == 0 ? " (" : ",", value, i + 1 == values ? ")" : "");
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static const char *placeholder(const RhSetting *setting, guint values)
{
    if (values > 1)
        return "A,B,C";
    switch (setting->kind) {
    case RH_SETTING_WHOLE:
    case RH_SETTING_SEED:
        return "N";
    case RH_SETTING_REAL:
        return "X";
    default:
        return "KIND";
    }
}

GArray *rh_setting_options_entries(RhSettingOptions *options, gconstpointer usual)
{
    GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (guint i = 0, values; i < options->count; i += values) {
        const RhSetting *setting = &options->table[i];
        values = count_values(options, i);
        if (setting->option == NULL)
            continue;
        char *description = describe(options, i, values, usual);
        g_ptr_array_add(options->texts, description);
        const GOptionEntry entry = {setting->option,
                                    0,
                                    0,
                                    G_OPTION_ARG_STRING,
                                    &options->given[i],
                                    description,
                                    placeholder(setting, values)};
        g_array_append_val(entries, entry);
    }
    return entries;
}

static gboolean take(const RhSetting *table, guint values, const char *text, gpointer into, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", values > 1 ? -1 : 1);
    if (g_strv_length(parts) != values) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    "--%s takes %u numbers with commas between them, for training, validation and test, not "
                    "“%s”.",
                    table->option, values, text);
        return FALSE;
    }
    for (guint i = 0; i < values; i++)
        if (!rh_setting_parse(&table[i], parts[i], into)) {
            g_autofree char *range = describe_range(&table[i]);
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s is %s, not “%s”.", table->option, range,
                        parts[i]);
            return FALSE;
        }
    return TRUE;
}

gboolean rh_setting_options_take(const RhSettingOptions *options, gpointer values, GError **error)
{
    for (guint i = 0; i < options->count; i++)
        if (options->given[i] != NULL &&
            !take(&options->table[i], count_values(options, i), options->given[i], values, error))
            return FALSE;
    return TRUE;
}
