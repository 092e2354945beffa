/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "study/import-private.h"

/* What the words of a value say: not ill, or nothing. "not normal" says nothing of the kind, "not ill" does.
 */

/* Words that turn the rest around. */
static gboolean negates(const char *token)
{
    static const char *const words[] = {"no",    "non",    "not",   "without", "free", "never", "kein",
                                        "keine", "keinen", "nicht", "ohne",    "sans", "sin",   NULL};
    return g_strv_contains(words, token);
}

static gboolean is_negative(const char *token)
{
    static const char *const words[] = {"0",
                                        "none",
                                        "negative",
                                        "neg",
                                        "normal",
                                        "healthy",
                                        "control",
                                        "controls",
                                        "benign",
                                        "absent",
                                        "false",
                                        "n",
                                        "f",
                                        "clear",
                                        "clean",
                                        "well",
                                        "survived",
                                        "survivor",
                                        "alive",
                                        "recovered",
                                        "unremarkable",
                                        "unaffected",
                                        "nofinding",
                                        "nofindings",
                                        "nodisease",
                                        "gesund",
                                        "negativ",
                                        "nein",
                                        "normale",
                                        "unauff\xc3\xa4llig",
                                        "\xc3\xbc"
                                        "berlebt",
                                        "lebend",
                                        NULL};
    return g_strv_contains(words, token);
}

/* "nofinding" beside "finding": the same with a negation before it. */
static gboolean is_negation_of(const char *token, const char *other)
{
    static const char *const before[] = {"no", "non", "not", "un"};
    for (guint i = 0; i < G_N_ELEMENTS(before); i++)
        if (g_str_has_prefix(token, before[i]) && g_str_equal(token + strlen(before[i]), other))
            return TRUE;
    return FALSE;
}

gboolean rh_import_sounds_negative(const char *text, const char *other)
{
    g_autofree char *folded = g_utf8_strdown(text, -1), *beside = g_utf8_strdown(other, -1);
    g_auto(GStrv) tokens = g_strsplit_set(g_strstrip(folded), " _-/.,()", -1);
    gboolean negative = is_negation_of(folded, g_strstrip(beside)), turned = FALSE;
    if (negative)
        return TRUE;
    for (char **token = tokens; *token != NULL; token++) {
        if (negates(*token))
            turned = !turned;
        else
            negative |= is_negative(*token);
    }
    return negative != turned;
}
