/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"

#define ESCAPE                   0x1b
#define CONTROL_SEQUENCE         0x9b /* ESC [ in one character */
#define OPERATING_SYSTEM_COMMAND 0x9d /* ESC ] likewise */
#define STRING_TERMINATOR        0x9c
#define BELL                     0x07

static gboolean steers(gunichar c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* Behind the parameters and the final character of a control sequence. */
static const char *skip_sequence(const char *at)
{
    while (*at >= 0x20 && *at < 0x40)
        at++;
    return *at >= 0x40 && *at < 0x7f ? at + 1 : at;
}

/* Behind a text for the terminal itself (its title, its clipboard), which a bell or a terminator ends. */
static const char *skip_command(const char *at)
{
    for (; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        if (c == BELL || c == STRING_TERMINATOR)
            return g_utf8_next_char(at);
        if (c == ESCAPE && at[1] == '\\')
            return at + 2;
        if (c == '\n')
            return at;
    }
    return at;
}

/* Behind what begins at a character that steers. */
static const char *skip(const char *at)
{
    gunichar c = g_utf8_get_char(at);
    at = g_utf8_next_char(at);
    if (c == ESCAPE && *at == '[')
        c = CONTROL_SEQUENCE, at++;
    else if (c == ESCAPE && (*at == ']' || *at == 'P' || *at == '_' || *at == '^' || *at == 'X'))
        c = OPERATING_SYSTEM_COMMAND, at++;
    else if (c == ESCAPE && *at >= 0x20 && *at < 0x7f)
        at = skip_sequence(at) > at ? skip_sequence(at) : at + 1;
    return c == CONTROL_SEQUENCE ? skip_sequence(at) : c == OPERATING_SYSTEM_COMMAND ? skip_command(at) : at;
}

char *rh_text_plain(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *plain = g_string_new(NULL);
    for (const char *at = valid; *at != '\0';) {
        const gunichar c = g_utf8_get_char(at);
        if (steers(c)) {
            at = skip(at);
            continue;
        }
        g_string_append_unichar(plain, c);
        at = g_utf8_next_char(at);
    }
    return g_string_free(plain, FALSE);
}

char *rh_text_line(const char *text, guint most)
{
    g_autofree char *plain = rh_text_plain(text);
    g_strdelimit(plain, "\n\t", ' ');
    if (g_utf8_strlen(plain, -1) <= (glong)most)
        return g_steal_pointer(&plain);
    g_autofree char *kept = g_utf8_substring(plain, 0, (glong)most - 1);
    return g_strconcat(kept, "…", NULL);
}
