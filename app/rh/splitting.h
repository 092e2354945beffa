/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/study.h"

/* What rh new and rh split share: the options of a split, and how it came out. */
typedef struct {
    char *kind, *validation; /* NULL: as it is */
    double ratio;            /* −1: as it is */
    gint64 seed;             /* −1: as it is */
} RhSplitOptions;

#define RH_SPLIT_OPTIONS_NONE                                                                                \
    {                                                                                                        \
        .ratio = -1, .seed = -1                                                                              \
    }

/* For a table of GOptionEntry; `options` is a variable of type RhSplitOptions. */
#define RH_SPLIT_OPTION_ENTRIES(options)                                                                     \
    {"split",                                                                                                \
     0,                                                                                                      \
     0,                                                                                                      \
     G_OPTION_ARG_STRING,                                                                                    \
     &(options).kind,                                                                                        \
     "How images are divided: curve (default; shows the whole shift curve), paper or given",                 \
     "KIND"},                                                                                                \
        {"ratio",                                                                                            \
         0,                                                                                                  \
         0,                                                                                                  \
         G_OPTION_ARG_DOUBLE,                                                                                \
         &(options).ratio,                                                                                   \
         "Share of training images whose confounder goes with the label, 0.5 to 1 (1)",                      \
         "R"},                                                                                               \
        {"validation",                                                                                       \
         0,                                                                                                  \
         0,                                                                                                  \
         G_OPTION_ARG_STRING,                                                                                \
         &(options).validation,                                                                              \
         "Validation set: shifted (default), like-training or balanced",                                     \
         "KIND"},                                                                                            \
    {                                                                                                        \
        "split-seed", 0, 0, G_OPTION_ARG_INT64, &(options).seed, "Random seed of the split", "N"             \
    }

gboolean rh_split_options_apply(const RhSplitOptions *options, RhSplitSettings *settings, GError **error);
void rh_split_options_clear(RhSplitOptions *options);

/* The 2×2 table, label × confounder; nothing if the study has no confounder column. */
void rh_print_cells(const RhStudy *study, const guint cells[2][2]);
/* How many images lie in each split. */
void rh_print_splits(const RhStudy *study);
