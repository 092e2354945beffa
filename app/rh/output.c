/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output.h"

#include <math.h>

RhValueText rh_value_text(double value)
{
    RhValueText text;
    if (isnan(value))
        g_strlcpy(text.text, "  –  ", sizeof text.text);
    else
        g_snprintf(text.text, sizeof text.text, "%5.3f", value);
    return text;
}

void rh_json_value(JsonBuilder *builder, const char *name, double value)
{
    json_builder_set_member_name(builder, name);
    if (isfinite(value))
        json_builder_add_double_value(builder, value);
    else
        json_builder_add_null_value(builder);
}

void rh_json_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    if (text != NULL)
        json_builder_add_string_value(builder, text);
    else
        json_builder_add_null_value(builder);
}

void rh_json_whole(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, value);
}

void rh_json_flag(JsonBuilder *builder, const char *name, gboolean flag)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, flag);
}

/* Characters that steer a terminal or the direction of writing, as JSON writes them: nothing is lost of a
 * name, and the terminal is left alone. */
static char *escape(const char *text)
{
    GString *escaped = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        gunichar2 *units = NULL;
        if (c >= 0x80 && (g_unichar_type(c) == G_UNICODE_CONTROL || g_unichar_type(c) == G_UNICODE_FORMAT))
            units = g_ucs4_to_utf16(&c, 1, NULL, NULL, NULL);
        for (guint i = 0; units != NULL && units[i] != 0; i++)
            g_string_append_printf(escaped, "\\u%04x", units[i]);
        if (units == NULL)
            g_string_append_unichar(escaped, c);
        g_free(units);
    }
    return g_string_free(escaped, FALSE);
}

static void print(JsonBuilder *builder, gboolean pretty)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, pretty);
    g_autofree char *text = json_generator_to_data(generator, NULL);
    g_autofree char *escaped = escape(text);
    g_print("%s\n", escaped);
}

void rh_json_print(JsonBuilder *builder)
{
    print(builder, TRUE);
}

void rh_json_print_line(JsonBuilder *builder)
{
    print(builder, FALSE);
}
