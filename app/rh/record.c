/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record.h"

#include "base/cells.h"
#include "output.h"

typedef enum { TEXT, VALUE, WHOLE, FLAG } Kind;

typedef struct {
    const char *name;
    Kind kind;
    char *text;
    double value;
    gint64 whole;
} Field;

struct _RhRecord {
    GArray *fields; /* Field */
};

static void clear_field(gpointer field)
{
    g_free(((Field *)field)->text);
}

RhRecord *rh_record_new(void)
{
    RhRecord *record = g_new(RhRecord, 1);
    record->fields = g_array_new(FALSE, TRUE, sizeof(Field));
    g_array_set_clear_func(record->fields, clear_field);
    return record;
}

void rh_record_free(RhRecord *record)
{
    g_array_unref(record->fields);
    g_free(record);
}

static void add(RhRecord *record, Field field)
{
    g_array_append_val(record->fields, field);
}

void rh_record_text(RhRecord *record, const char *name, const char *text)
{
    add(record, (Field){.name = name, .kind = TEXT, .text = g_strdup(text)});
}

void rh_record_value(RhRecord *record, const char *name, double value)
{
    add(record, (Field){.name = name, .kind = VALUE, .value = value});
}

void rh_record_whole(RhRecord *record, const char *name, gint64 value)
{
    add(record, (Field){.name = name, .kind = WHOLE, .whole = value});
}

void rh_record_flag(RhRecord *record, const char *name, gboolean flag)
{
    add(record, (Field){.name = name, .kind = FLAG, .whole = flag});
}

static void add_setting(RhRecord *record, const RhSetting *setting, const char *text)
{
    if (text == NULL)
        rh_record_text(record, setting->key, NULL);
    else if (setting->kind == RH_SETTING_WHOLE || setting->kind == RH_SETTING_SEED)
        rh_record_whole(record, setting->key, g_ascii_strtoll(text, NULL, 10));
    else if (setting->kind == RH_SETTING_REAL)
        rh_record_value(record, setting->key, g_ascii_strtod(text, NULL));
    else if (setting->kind == RH_SETTING_FLAG)
        rh_record_flag(record, setting->key, g_str_equal(text, "true"));
    else
        rh_record_text(record, setting->key, text);
}

void rh_record_settings(RhRecord *record, const RhRunSettings *settings)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++) {
        g_autofree char *text = rh_setting_text(&table[i], settings);
        add_setting(record, &table[i], rh_setting_applies(&table[i], settings->method) ? text : NULL);
    }
}

void rh_record_add_json(const RhRecord *record, JsonBuilder *builder)
{
    json_builder_begin_object(builder);
    for (guint i = 0; i < record->fields->len; i++) {
        const Field *field = &g_array_index(record->fields, Field, i);
        if (field->kind == TEXT)
            rh_json_text(builder, field->name, field->text);
        else if (field->kind == WHOLE)
            rh_json_whole(builder, field->name, field->whole);
        else if (field->kind == FLAG)
            rh_json_flag(builder, field->name, field->whole != 0);
        else
            rh_json_value(builder, field->name, field->value);
    }
    json_builder_end_object(builder);
}

static void append_cell(GString *out, const Field *field)
{
    if (field->kind == TEXT)
        rh_cell_append_result(out, field->text != NULL ? field->text : "");
    else if (field->kind == WHOLE)
        g_string_append_printf(out, "%" G_GINT64_FORMAT, field->whole);
    else if (field->kind == FLAG)
        g_string_append(out, field->whole != 0 ? "true" : "false");
    else
        rh_cell_append_number(out, field->value);
}

static const Field *find(const RhRecord *record, const char *name)
{
    for (guint i = 0; i < record->fields->len; i++) {
        const Field *field = &g_array_index(record->fields, Field, i);
        if (g_str_equal(field->name, name))
            return field;
    }
    return NULL;
}

static GPtrArray *column_names(const GPtrArray *records)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < records->len; i++) {
        const RhRecord *record = records->pdata[i];
        for (guint k = 0; k < record->fields->len; k++) {
            const char *name = g_array_index(record->fields, Field, k).name;
            if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                g_ptr_array_add(names, (gpointer)name);
        }
    }
    return names;
}

char *rh_records_table(const GPtrArray *records)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GPtrArray) names = column_names(records);
    for (guint k = 0; k < names->len; k++)
        g_string_append_printf(out, "%s%s", k > 0 ? "," : "", (const char *)names->pdata[k]);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < records->len; i++) {
        for (guint k = 0; k < names->len; k++) {
            const Field *field = find(records->pdata[i], names->pdata[k]);
            if (k > 0)
                g_string_append_c(out, ',');
            if (field != NULL)
                append_cell(out, field);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
