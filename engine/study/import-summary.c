/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "study/import-private.h"

static void free_reason(RhImportReason *reason)
{
    g_ptr_array_unref(reason->sentences);
    g_free(reason);
}

RhImportSummary *rh_import_summary_new(void)
{
    RhImportSummary *summary = g_new0(RhImportSummary, 1);
    summary->reasons = g_ptr_array_new_with_free_func((GDestroyNotify)free_reason);
    summary->notes = g_ptr_array_new_with_free_func(g_free);
    return summary;
}

void rh_import_summary_free(RhImportSummary *summary)
{
    if (summary == NULL)
        return;
    g_ptr_array_unref(summary->reasons);
    g_ptr_array_unref(summary->notes);
    g_free(summary->key);
    g_free(summary);
}

static RhImportReason *reason_of(RhImportSummary *summary, RhImportSubject subject, const char *kind)
{
    for (guint i = 0; i < summary->reasons->len; i++) {
        RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        if (reason->subject == subject && g_str_equal(reason->kind, kind))
            return reason;
    }
    RhImportReason *reason = g_new0(RhImportReason, 1);
    reason->subject = subject;
    reason->kind = kind;
    reason->sentences = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(summary->reasons, reason);
    return reason;
}

void rh_import_tell(RhImportSummary *summary, RhImportSubject subject, const char *kind, const char *sentence,
                    ...)
{
    va_list arguments;
    va_start(arguments, sentence);
    g_ptr_array_add(reason_of(summary, subject, kind)->sentences, g_strdup_vprintf(sentence, arguments));
    va_end(arguments);
}

void rh_import_summary_close(RhImportSummary *summary)
{
    g_ptr_array_set_size(summary->notes, 0);
    for (guint i = 0; i < summary->reasons->len; i++) {
        const RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        const char *first = g_ptr_array_index(reason->sentences, 0);
        if (first[0] == '\0')
            continue;
        const guint others = reason->sentences->len - 1;
        g_autofree char *more = others > 0 ? g_strdup_printf(ngettext("The same goes for %u other.",
                                                                      "The same goes for %u others.", others),
                                                             others)
                                           : NULL;
        g_ptr_array_add(summary->notes, more != NULL ? g_strjoin(" ", first, more, NULL) : g_strdup(first));
    }
}

guint rh_import_summary_count(const RhImportSummary *summary, RhImportSubject subject)
{
    guint count = 0;
    for (guint i = 0; i < summary->reasons->len; i++) {
        const RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        count += reason->subject == subject ? reason->sentences->len : 0;
    }
    return count;
}

char *rh_import_summary_reasons(const RhImportSummary *summary, RhImportSubject subject)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < summary->reasons->len; i++) {
        const RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        if (reason->subject == subject)
            g_string_append_printf(list, "%s%s: %u", list->len > 0 ? ", " : "", _(reason->kind),
                                   reason->sentences->len);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}
