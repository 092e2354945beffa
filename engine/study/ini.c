/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/ini-private.h"

#include <glib/gi18n.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "base/text.h"
#include "study/number-private.h"

#define REASON_MAX 200 /* characters */

RhIni *rh_ini_open(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    return rh_file_read(path, RH_INI_BYTES_MAX, &text, &length, error)
               ? rh_ini_parse(path, text, length, error)
               : NULL;
}

RhIni *rh_ini_parse(const char *path, const char *text, gsize length, GError **error)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_autoptr(GError) reason = NULL;
    g_autofree char *shown = rh_path_shown(path);
    if (!g_key_file_load_from_data(keys, text, length, G_KEY_FILE_KEEP_COMMENTS, &reason)) {
        g_autofree char *why = rh_text_line(reason->message, REASON_MAX); /* it quotes the line */
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT, _("“%s” cannot be read (%s); restore or remove it."),
                    shown, why);
        return NULL;
    }
    RhIni *ini = g_new0(RhIni, 1);
    ini->path = g_steal_pointer(&shown);
    ini->keys = g_steal_pointer(&keys);
    return ini;
}

void rh_ini_free(RhIni *ini)
{
    if (ini == NULL)
        return;
    g_free(ini->path);
    g_key_file_unref(ini->keys);
    g_clear_error(&ini->error);
    g_free(ini);
}

gboolean rh_ini_check(RhIni *ini, GError **error)
{
    if (ini->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&ini->error));
    return FALSE;
}

gboolean rh_ini_has(const RhIni *ini, const char *group, const char *key)
{
    return g_key_file_has_key(ini->keys, group, key, NULL);
}

static char *missing(RhIni *ini, const char *group, const char *key)
{
    if (ini->error == NULL)
        g_set_error(&ini->error, RH_ERROR, RH_ERROR_MISSING,
                    _("“%s” has no readable “%s” in its part [%s]; add it."), ini->path, key, group);
    return NULL;
}

void rh_ini_refuse(RhIni *ini, const char *group, const char *key, const char *value)
{
    if (ini->error == NULL)
        g_set_error(&ini->error, RH_ERROR, RH_ERROR_USAGE,
                    _("“%s”: “%s” is no value for “%s” in the part [%s]; correct it."), ini->path, value, key,
                    group);
}

char *rh_ini_string(RhIni *ini, const char *group, const char *key)
{
    char *text = g_key_file_get_string(ini->keys, group, key, NULL);
    if (text == NULL) {
        missing(ini, group, key);
        return g_strdup("");
    }
    return text;
}

static char *name_of(RhIni *ini, const char *text)
{
    ini->shortened |= g_utf8_strlen(text, -1) > (glong)RH_TEXT_NAME_MAX;
    return rh_text_line(text, RH_TEXT_NAME_MAX);
}

char *rh_ini_name(RhIni *ini, const char *group, const char *key)
{
    g_autofree char *text = rh_ini_string(ini, group, key);
    return name_of(ini, text);
}

void rh_ini_pair(RhIni *ini, const char *group, const char *key, char *values[2])
{
    gsize count = 0;
    g_auto(GStrv) list = g_key_file_get_string_list(ini->keys, group, key, &count, NULL);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *text = list[i];
        list[i] = name_of(ini, text);
    }
    if (list == NULL)
        missing(ini, group, key);
    else if (count != 2 || g_str_equal(list[0], list[1])) {
        g_autofree char *text = g_strjoinv(";", list);
        rh_ini_refuse(ini, group, key, text);
    }
    for (guint i = 0; i < 2; i++)
        values[i] = g_strdup(list != NULL && i < count ? list[i] : "");
}

char **rh_ini_list(RhIni *ini, const char *group, const char *key, guint most)
{
    gsize count = 0;
    g_auto(GStrv) list = g_key_file_get_string_list(ini->keys, group, key, &count, NULL);
    if (list != NULL && count <= most)
        return g_steal_pointer(&list);
    if (list == NULL)
        missing(ini, group, key);
    else if (ini->error == NULL)
        g_set_error(&ini->error, RH_ERROR, RH_ERROR_LIMIT,
                    _("“%s” has more than %u values for “%s” in the part [%s]; remove some."), ini->path,
                    most, key, group);
    return g_new0(char *, 1);
}

guint64 rh_ini_integer(RhIni *ini, const char *group, const char *key, guint64 low, guint64 high)
{
    g_autofree char *text = rh_ini_string(ini, group, key);
    guint64 value = low;
    if (ini->error == NULL && !g_ascii_string_to_unsigned(text, 10, low, high, &value, NULL)) {
        rh_ini_refuse(ini, group, key, text);
        value = low;
    }
    return value;
}

double rh_ini_number(RhIni *ini, const char *group, const char *key, double low, double high)
{
    g_autofree char *text = rh_ini_string(ini, group, key);
    double value = low;
    if (ini->error == NULL && (!rh_number_parse(text, &value) || !(value >= low && value <= high))) {
        rh_ini_refuse(ini, group, key, text);
        value = low;
    }
    return value;
}

void rh_ini_set_pair(GKeyFile *keys, const char *group, const char *key, char *const values[2])
{
    g_key_file_set_string_list(keys, group, key, (const char *const *)values, 2);
}

void rh_ini_set_number(GKeyFile *keys, const char *group, const char *key, double value)
{
    char text[RH_NUMBER_SIZE];
    g_key_file_set_string(keys, group, key, rh_number_text(value, text));
}
