/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "base/error.h"
#include "base/files.h"
#include "study/run-private.h"

/* The results of a run as they lie beside run.ini, which says how many rows they have and, once it is
 * finished, what they are to the last bit. A table that was cut off at the end of a line looks like a whole
 * one otherwise. */

void rh_run_table_set(RhRunTable *table, guint rows, const char *text)
{
    table->rows = rows;
    g_free(table->sha256);
    table->sha256 = text != NULL ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1) : NULL;
}

static gboolean check_rows(const RhRunTable *table, const char *path, guint rows, GError **error)
{
    if (table->rows == 0 || table->rows == rows)
        return TRUE;
    g_set_error(
        error, RH_ERROR, RH_ERROR_MISMATCH,
        _("“%s” has %u rows, but the training wrote %u: it was cut off or changed. Restore the file or train "
          "the run again."),
        path, rows, table->rows);
    return FALSE;
}

static gboolean check_content(const RhRunTable *table, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    if (table->sha256 == NULL)
        return TRUE;
    if (!rh_file_read(path, G_MAXSSIZE, &text, &length, error))
        return FALSE;
    g_autofree char *now = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
    if (g_str_equal(now, table->sha256))
        return TRUE;
    g_set_error(
        error, RH_ERROR, RH_ERROR_MISMATCH,
        _("“%s” is not what the training wrote: it was changed. Restore the file or train the run again."),
        path);
    return FALSE;
}

/* Before the first best epoch there is no test.csv yet. */
static gboolean check(const RhRun *run, const RhRunTable *table, const char *path, guint rows, GError **error)
{
    if (run->state != RH_RUN_FINISHED && rows == 0)
        return TRUE;
    return check_rows(table, path, rows, error) && check_content(table, path, error);
}

/* Scores that are no numbers rank nothing and are of no class: such a run has no result. */
static void refuse_no_numbers(RhRun *run, const char *path)
{
    guint count = 0;
    for (guint i = 0; i < run->test->len; i++) {
        const RhScored *row = &g_array_index(run->test, RhScored, i);
        count += !isfinite(row->logits[0]) || !isfinite(row->logits[1]);
    }
    g_clear_pointer(&run->fault, g_free);
    if (count == 0)
        return;
    run->fault =
        g_strdup_printf(_("“%s” has scores that are no numbers in %u of %u rows, so that the run “%s” has no "
                          "result: its training diverged. Train with a lower learning rate."),
                        path, count, run->test->len, run->title);
    g_array_set_size(run->test, 0);
}

gboolean rh_run_read_results(RhRun *run, RhClusters *clusters, GError **error)
{
    g_autofree char *metrics_path = rh_run_path(run, "metrics.csv");
    g_autofree char *test_path = rh_run_path(run, "test.csv");
    GArray *metrics = rh_metrics_read(metrics_path, error);
    if (metrics == NULL)
        return FALSE;
    g_array_unref(run->metrics);
    run->metrics = metrics;
    GArray *test = rh_test_read(test_path, clusters, error);
    if (test == NULL)
        return FALSE;
    g_array_unref(run->test);
    run->test = test;
    run->best_epoch = rh_run_select_epoch(&run->settings, metrics);
    if (!check(run, &run->metrics_table, metrics_path, metrics->len, error) ||
        !check(run, &run->test_table, test_path, test->len, error))
        return FALSE;
    refuse_no_numbers(run, test_path);
    return TRUE;
}
