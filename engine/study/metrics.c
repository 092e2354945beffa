/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/paths.h"
#include "data/table.h"
#include "study/number-private.h"
#include "study/run-private.h"

/* metrics.csv: a column a field. */
static const struct {
    const char *name;
    gsize offset;
} fields[] = {
    {"seconds", G_STRUCT_OFFSET(RhEpochMetrics, seconds)},
    {"train_classification", G_STRUCT_OFFSET(RhEpochMetrics, train_classification)},
    {"train_penalty", G_STRUCT_OFFSET(RhEpochMetrics, train_penalty)},
    {"train_discriminator", G_STRUCT_OFFSET(RhEpochMetrics, train_discriminator)},
    {"train_accuracy", G_STRUCT_OFFSET(RhEpochMetrics, train_accuracy)},
    {"valid_loss", G_STRUCT_OFFSET(RhEpochMetrics, valid_loss)},
    {"valid_accuracy", G_STRUCT_OFFSET(RhEpochMetrics, valid_accuracy)},
    {"valid_auc", G_STRUCT_OFFSET(RhEpochMetrics, valid_auc)},
    {"test_auc_aligned", G_STRUCT_OFFSET(RhEpochMetrics, test_auc_aligned)},
    {"test_auc_conflicting", G_STRUCT_OFFSET(RhEpochMetrics, test_auc_conflicting)},
};

enum { TEST_ID, TEST_LABEL, TEST_CONFLICTING, TEST_LOGIT0, TEST_LOGIT1, N_TEST };
static const char *const test_columns[N_TEST] = {"id", "label", "conflicting", "logit0", "logit1"};

static double *field(RhEpochMetrics *metrics, guint k)
{
    return (double *)((char *)metrics + fields[k].offset);
}

char *rh_metrics_text(const GArray *metrics)
{
    g_autoptr(GString) out = g_string_new("epoch");
    for (guint k = 0; k < G_N_ELEMENTS(fields); k++)
        g_string_append_printf(out, ",%s", fields[k].name);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < metrics->len; i++) {
        RhEpochMetrics *row = &g_array_index(metrics, RhEpochMetrics, i);
        g_string_append_printf(out, "%u", row->epoch);
        for (guint k = 0; k < G_N_ELEMENTS(fields); k++) {
            char text[RH_NUMBER_SIZE];
            g_string_append_printf(out, ",%s", rh_number_text(*field(row, k), text));
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The table of a file that may not be there yet: NULL without an error. */
static RhTable *open_table(const char *path, const char *const *names, guint count, int *columns,
                           GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    g_autoptr(RhTable) table = rh_table_load(path, error);
    for (guint i = 0; table != NULL && i < count; i++) {
        columns[i] = rh_table_find_column(table, names[i]);
        if (columns[i] < 0) {
            g_autofree char *shown = rh_path_shown(path);
            g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                        _("“%s” has no column “%s”; restore the file or train the run again."), shown,
                        names[i]);
            return NULL;
        }
    }
    return g_steal_pointer(&table);
}

static gboolean refuse(const char *path, const RhTable *table, guint row, const char *text, GError **error)
{
    g_autofree char *shown = rh_path_shown(path);
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                _("“%s”, line %u: “%s” is not what belongs there; restore the file or train the run again."),
                shown, rh_table_line(table, row), text);
    return FALSE;
}

static gboolean read_metrics_row(const char *path, const RhTable *table, const int *columns, guint row,
                                 RhEpochMetrics *metrics, GError **error)
{
    const char *text = rh_table_cell(table, row, (guint)columns[0]);
    guint64 epoch = 0;
    if (!g_ascii_string_to_unsigned(text, 10, row + 1, row + 1, &epoch, NULL))
        return refuse(path, table, row, text, error);
    metrics->epoch = (guint)epoch;
    for (guint k = 0; k < G_N_ELEMENTS(fields); k++) {
        text = rh_table_cell(table, row, (guint)columns[k + 1]);
        if (!rh_number_parse(text, field(metrics, k)))
            return refuse(path, table, row, text, error);
    }
    return TRUE;
}

GArray *rh_metrics_read(const char *path, GError **error)
{
    const char *names[G_N_ELEMENTS(fields) + 1] = {"epoch"};
    int columns[G_N_ELEMENTS(names)];
    for (guint k = 0; k < G_N_ELEMENTS(fields); k++)
        names[k + 1] = fields[k].name;
    g_autoptr(GError) reason = NULL;
    g_autoptr(RhTable) table = open_table(path, names, G_N_ELEMENTS(names), columns, &reason);
    g_autoptr(GArray) metrics = g_array_new(FALSE, TRUE, sizeof(RhEpochMetrics));
    if (reason != NULL) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    for (guint row = 0; table != NULL && row < rh_table_rows(table); row++) {
        RhEpochMetrics one = {0};
        if (!read_metrics_row(path, table, columns, row, &one, error))
            return NULL;
        g_array_append_val(metrics, one);
    }
    return g_steal_pointer(&metrics);
}

char *rh_test_text(const RhTestRow *rows, guint count)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint k = 0; k < N_TEST; k++)
        g_string_append_printf(out, "%s%s", k > 0 ? "," : "", test_columns[k]);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < count; i++) {
        const RhTestRow *row = &rows[i];
        rh_cell_append(out, row->id);
        g_string_append_printf(out, ",%u,", row->label);
        if (row->conflicting != RH_UNKNOWN)
            g_string_append_printf(out, "%u", row->conflicting);
        for (guint k = 0; k < 2; k++) {
            char text[RH_NUMBER_SIZE];
            /* Nine digits give a single-precision number back exactly. */
            g_string_append_printf(out, ",%s", g_ascii_formatd(text, sizeof text, "%.9g", row->logits[k]));
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean parse_flag(const char *text, guint8 *value)
{
    *value = (guint8)(text[0] - '0');
    return (text[0] == '0' || text[0] == '1') && text[1] == '\0';
}

static gboolean read_test_row(const char *path, const RhTable *table, const int *columns, guint row,
                              RhScored *scored, GError **error)
{
    const char *cells[N_TEST];
    for (guint k = 0; k < N_TEST; k++)
        cells[k] = rh_table_cell(table, row, (guint)columns[k]);
    if (!parse_flag(cells[TEST_LABEL], &scored->label))
        return refuse(path, table, row, cells[TEST_LABEL], error);
    if (cells[TEST_CONFLICTING][0] == '\0')
        scored->conflicting = RH_UNKNOWN;
    else if (!parse_flag(cells[TEST_CONFLICTING], &scored->conflicting))
        return refuse(path, table, row, cells[TEST_CONFLICTING], error);
    for (guint k = 0; k < 2; k++) {
        double logit;
        if (!rh_number_parse(cells[TEST_LOGIT0 + k], &logit))
            return refuse(path, table, row, cells[TEST_LOGIT0 + k], error);
        scored->logits[k] = (float)logit;
    }
    return TRUE;
}

GArray *rh_test_read(const char *path, RhClusters *clusters, GError **error)
{
    int columns[N_TEST];
    g_autoptr(GError) reason = NULL;
    g_autoptr(RhTable) table = open_table(path, test_columns, N_TEST, columns, &reason);
    g_autoptr(GArray) scored = g_array_new(FALSE, TRUE, sizeof(RhScored));
    if (reason != NULL) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    for (guint row = 0; table != NULL && row < rh_table_rows(table); row++) {
        RhScored one = {0};
        if (!read_test_row(path, table, columns, row, &one, error))
            return NULL;
        if (clusters != NULL)
            one.cluster = rh_clusters_number(clusters, rh_table_cell(table, row, (guint)columns[TEST_ID]));
        g_array_append_val(scored, one);
    }
    return g_steal_pointer(&scored);
}
