/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "splitting.h"

#include "base/error.h"
#include "command.h"

static gboolean unknown(const char *option, const char *value, const char *known, GError **error)
{
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s is %s, not “%s”.", option, known, value);
    return FALSE;
}

gboolean rh_split_options_apply(const RhSplitOptions *options, RhSplitSettings *settings, GError **error)
{
    if (options->kind != NULL && !rh_split_kind_parse(options->kind, &settings->kind))
        return unknown("split", options->kind, "curve, paper or given", error);
    if (options->validation != NULL && !rh_validation_parse(options->validation, &settings->validation))
        return unknown("validation", options->validation, "shifted, like-training or balanced", error);
    if (options->ratio != -1) {
        if (!rh_option_in_range("ratio", options->ratio, 0.5, 1, error))
            return FALSE;
        settings->ratio = options->ratio;
    }
    if (options->seed != -1) {
        if (!rh_option_in_range("split-seed", (double)options->seed, 0, (double)G_MAXINT64, error))
            return FALSE;
        settings->seed = (guint64)options->seed;
    }
    return TRUE;
}

void rh_split_options_clear(RhSplitOptions *options)
{
    g_clear_pointer(&options->kind, g_free);
    g_clear_pointer(&options->validation, g_free);
}

/* printf's width counts bytes; names of classes may be any text. */
static void print_padded(const char *text, int width)
{
    g_print("%*s%s", MAX(0, width - (int)g_utf8_strlen(text, -1)), "", text);
}

void rh_print_cells(const RhStudy *study, const guint cells[2][2])
{
    if (study->confounder_kind != RH_CONFOUNDER_COLUMN)
        return;
    int widest = 0, column[2];
    for (int i = 0; i < 2; i++) {
        widest = MAX(widest, (int)g_utf8_strlen(study->class_names[i], -1));
        column[i] = 2 + MAX(6, (int)g_utf8_strlen(study->confounder_values[i], -1));
    }
    g_print("  %*s", widest, "");
    for (int i = 0; i < 2; i++)
        print_padded(study->confounder_values[i], column[i]);
    g_print("   (%s)\n", study->confounder_name);
    for (int label = 0; label < 2; label++) {
        g_print("  ");
        print_padded(study->class_names[label], widest);
        for (int i = 0; i < 2; i++)
            g_print("%*u", column[i], cells[label][i]);
        g_print("\n");
    }
}

void rh_print_splits(const RhStudy *study)
{
    guint count[RH_N_SPLITS] = {0};
    for (guint i = 0; i < study->cases->len; i++)
        count[((const RhCase *)g_ptr_array_index(study->cases, i))->split]++;
    g_print("  %u training, %u validation, %u test", count[RH_SPLIT_TRAINING], count[RH_SPLIT_VALIDATION],
            count[RH_SPLIT_TEST]);
    if (count[RH_SPLIT_NONE] > 0)
        g_print(", %u not used", count[RH_SPLIT_NONE]);
    g_print(" (split %s", rh_split_kind_name(study->split.kind));
    if (study->split.kind != RH_SPLIT_GIVEN)
        g_print(", ratio %g, seed %" G_GUINT64_FORMAT, study->split.ratio, study->split.seed);
    g_print(")\n");
}
