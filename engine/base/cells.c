/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/cells.h"

#include <math.h>
#include <string.h>

/* Its beginning may be that of a line "sep=;", by which spreadsheets tell each other the delimiter. */
static gboolean is_plain(const char *text)
{
    return strpbrk(text, ",;\t\"\r\n") == NULL && text[0] != ' ' && !g_str_has_suffix(text, " ") &&
           g_ascii_strncasecmp(text, "sep=", 4) != 0;
}

void rh_cell_append(GString *out, const char *text)
{
    if (is_plain(text)) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

void rh_cell_append_result(GString *out, const char *text)
{
    const gboolean is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    g_autofree char *shown = g_strconcat(is_formula ? "'" : "", text, NULL);
    rh_cell_append(out, shown);
}

void rh_cell_append_number(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(value))
        return;
    g_ascii_formatd(text, sizeof text, "%.15g", value);
    if (g_ascii_strtod(text, NULL) != value)
        g_ascii_dtostr(text, sizeof text, value);
    g_string_append(out, text);
}
