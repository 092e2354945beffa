/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "study/import-private.h"
#include "study/number-private.h"

RhSplit rh_import_split_word(const char *text)
{
    static const struct {
        const char *word;
        RhSplit split;
    } words[] = {
        {"training", RH_SPLIT_TRAINING},     {"train", RH_SPLIT_TRAINING},   {"tr", RH_SPLIT_TRAINING},
        {"validation", RH_SPLIT_VALIDATION}, {"valid", RH_SPLIT_VALIDATION}, {"val", RH_SPLIT_VALIDATION},
        {"dev", RH_SPLIT_VALIDATION},        {"test", RH_SPLIT_TEST},        {"testing", RH_SPLIT_TEST},
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(text, words[i].word) == 0)
            return words[i].split;
    return RH_SPLIT_NONE;
}

/* Numbers instead of words: 0, 1 and 2 are training, validation and test; of more (folds), the highest is for
 * testing, the one below it for validation, and the rest for training. */
typedef struct {
    gboolean numbers;
    double validation, test;
} Folds;

static Folds find_folds(const RhImportListing *listing)
{
    Folds folds = {.validation = -G_MAXDOUBLE, .test = -G_MAXDOUBLE};
    double least = G_MAXDOUBLE;
    for (guint i = 0; i < listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        double value;
        if (row->split[0] == '\0')
            continue;
        if (!rh_number_parse(row->split, &value))
            return (Folds){.numbers = FALSE};
        folds.numbers = TRUE;
        least = MIN(least, value);
        if (value > folds.test) {
            folds.validation = folds.test;
            folds.test = value;
        } else if (value < folds.test) {
            folds.validation = MAX(folds.validation, value);
        }
    }
    if (folds.numbers && least >= 0 && folds.test <= 2)
        folds = (Folds){.numbers = TRUE, .validation = 1, .test = 2};
    return folds;
}

static RhSplit split_of(const Folds *folds, const char *text)
{
    double value;
    if (!folds->numbers)
        return rh_import_split_word(text);
    if (!rh_number_parse(text, &value))
        return RH_SPLIT_NONE;
    return value == folds->test         ? RH_SPLIT_TEST
           : value == folds->validation ? RH_SPLIT_VALIDATION
                                        : RH_SPLIT_TRAINING;
}

gboolean rh_import_read_splits(RhImportListing *listing, gboolean asked, RhImportSummary *summary)
{
    const Folds folds = find_folds(listing);
    guint known = 0;
    for (guint i = 0; i < listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(listing->rows, i);
        row->place = split_of(&folds, row->split);
        known += row->place != RH_SPLIT_NONE;
    }
    if (known == 0 && !asked)
        return FALSE;
    if (folds.numbers)
        rh_import_tell(summary, RH_IMPORT_WORD, "folds",
                       _("The split is given as numbers: %g is for testing, %g for validation, and the rest "
                         "for training."),
                       folds.test, folds.validation);
    for (guint i = 0; i < listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        if (row->split[0] != '\0' && row->place == RH_SPLIT_NONE)
            rh_import_tell(summary, RH_IMPORT_WORD, "split",
                           _("“%s”, line %u: the split “%s” is none of training, validation and test; the "
                             "image is in none."),
                           listing->table_path, row->line, row->split);
    }
    return TRUE;
}
