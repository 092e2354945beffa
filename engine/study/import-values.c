/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "study/import-private.h"
#include "study/study-private.h"

/* Rarer values than this are slips, more frequent ones mean that the column has no two classes. */
#define SHARE_OF_TWO 0.75

static const char *value_of(const RhImportRow *row, RhImportColumn column)
{
    return column == RH_IMPORT_LABEL ? row->label : row->confounder;
}

/* What stands for "not ill" is class 0, whatever the alphabet says. */
static gboolean sounds_negative(const char *text)
{
    static const char *const words[] = {"0",       "no",     "none",   "negative", "normal", "healthy",
                                        "control", "benign", "absent", "false",    "neg"};
    g_autofree char *folded = g_utf8_strdown(text, -1);
    if (g_str_has_prefix(folded, "no ") || g_str_has_prefix(folded, "no_") || g_str_has_prefix(folded, "no-"))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(folded, words[i]))
            return TRUE;
    return FALSE;
}

typedef struct {
    const char *text;
    guint count;
} Value;

static int by_count(gconstpointer a, gconstpointer b)
{
    const Value *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->text, y->text);
}

/* All values that are not empty, the most frequent first. */
static GArray *count_values(const RhImportListing *listing, RhImportColumn column)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    GArray *values = g_array_new(FALSE, FALSE, sizeof(Value));
    for (guint i = 0; i < listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        const char *text = value_of(row, column);
        if (text[0] == '\0')
            continue;
        gpointer place = NULL;
        if (!g_hash_table_lookup_extended(places, text, NULL, &place)) {
            place = GUINT_TO_POINTER(values->len);
            g_array_append_val(values, ((Value){text, 0}));
            g_hash_table_insert(places, (gpointer)text, place);
        }
        g_array_index(values, Value, GPOINTER_TO_UINT(place)).count++;
    }
    g_array_sort(values, by_count);
    return values;
}

static gboolean refuse(const RhImportListing *listing, RhImportColumn column, const GArray *values,
                       GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < MIN(values->len, 6); i++) {
        const Value *value = &g_array_index(values, Value, i);
        g_string_append(list, i > 0 ? ", " : "");
        g_string_append_printf(list, _("“%s” (%u)"), value->text, value->count);
    }
    if (values->len > 6)
        g_string_append(list, ", …");
    g_set_error(
        error, RH_ERROR, RH_ERROR_FORMAT,
        column == RH_IMPORT_LABEL
            ? _("“%s”: the label must have two values, but has %u: %s. Choose another column or correct it.")
            : _("“%s”: the confounder must have two values, but has %u: %s. Choose another column or correct "
                "it."),
        listing->table_path != NULL ? listing->table_path : listing->files->source, values->len, list->str);
    return FALSE;
}

static void note_others(const RhImportListing *listing, RhImportColumn column, const RhTwoValues *values,
                        RhImportSummary *summary)
{
    for (guint i = 0; i < listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        const char *text = value_of(row, column);
        if (text[0] != '\0' && rh_two_values_place(values, text) == RH_UNKNOWN)
            rh_import_tell(summary, RH_IMPORT_WORD, column == RH_IMPORT_LABEL ? "label" : "confounder",
                           column == RH_IMPORT_LABEL
                               ? _("“%s”, line %u: “%s” is neither “%s” nor “%s”, the two "
                                   "values of the label; it counts as unknown.")
                               : _("“%s”, line %u: “%s” is neither “%s” nor “%s”, the two "
                                   "values of the confounder; it counts as unknown."),
                           listing->table_path, row->line, text, values->values[0], values->values[1]);
    }
}

gboolean rh_import_two_values(const RhImportListing *listing, RhImportColumn column, RhTwoValues *values,
                              RhImportSummary *summary, GError **error)
{
    g_autoptr(GArray) counted = count_values(listing, column);
    guint total = 0, two = 0;
    for (guint i = 0; i < counted->len; i++) {
        guint count = g_array_index(counted, Value, i).count;
        total += count;
        two += i < 2 ? count : 0;
    }
    if (counted->len < 2 || two < SHARE_OF_TWO * total)
        return refuse(listing, column, counted, error);

    const char *first = g_array_index(counted, Value, 0).text,
               *second = g_array_index(counted, Value, 1).text;
    const gboolean swap = sounds_negative(first) != sounds_negative(second) ? sounds_negative(second)
                                                                            : strcmp(first, second) > 0;
    values->values[0] = g_strdup(swap ? second : first);
    values->values[1] = g_strdup(swap ? first : second);
    note_others(listing, column, values, summary);
    return TRUE;
}

void rh_two_values_clear(RhTwoValues *values)
{
    g_clear_pointer(&values->values[0], g_free);
    g_clear_pointer(&values->values[1], g_free);
}

guint8 rh_two_values_place(const RhTwoValues *values, const char *text)
{
    for (guint8 i = 0; i < 2; i++)
        if (values->values[i] != NULL && g_str_equal(values->values[i], text))
            return i;
    return RH_UNKNOWN;
}
