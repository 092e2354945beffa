/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A case: one row of a data set, an image with what is known of it. */
#define RH_UNKNOWN 255 /* a label or confounder that is not known */

typedef enum {
    RH_SPLIT_NONE, /* not used */
    RH_SPLIT_TRAINING,
    RH_SPLIT_VALIDATION,
    RH_SPLIT_TEST,
    RH_N_SPLITS,
} RhSplit;

typedef struct {
    char *id;          /* unique in the study, a file name without suffix; masks are masks/ID.png */
    char *path;        /* of the image: relative to the image folder, or absolute */
    char *group;       /* patient; "" if none: a group of its own */
    guint8 label;      /* 0, 1 or RH_UNKNOWN */
    guint8 confounder; /* 0: the value that goes with class 0 in training, 1: with class 1, or RH_UNKNOWN */
    RhSplit split;
    guint line;        /* of the table it was read from, for messages; 0: of none */
    gboolean has_mask; /* masks/ID.png is there */

    /* What the expert said of it. */
    gboolean nothing_to_mark; /* looked at, and there is nothing to mark: never beside a mask */
    char *note;               /* "" if none */
    gint64 said;         /* when the answer or the note was given last, seconds of Unix time; 0: not known */
    double seconds;      /* spent on it */
    double black, white; /* stored values shown as such when that, or the mask, was given; equal: not known */
} RhCase;

RhCase *rh_case_new(const char *id, const char *path);
RhCase *rh_case_copy(const RhCase *item);
void rh_case_free(RhCase *item);
/* It has a mask, or the answer that there is nothing to mark. */
gboolean rh_case_is_marked(const RhCase *item);
/* Whether any of them lies in a set: then those that lie in none are not used. */
gboolean rh_cases_are_divided(const GPtrArray *cases);
/* "training", "validation", "test", "" */
const char *rh_split_name(RhSplit split);
/* The same for people; "not used" for none. */
const char *rh_split_title(RhSplit split);
gboolean rh_split_parse(const char *name, RhSplit *split);
/* Aligned: the confounder goes with the label. FALSE if either is unknown. */
gboolean rh_case_is_aligned(const RhCase *item);
gboolean rh_case_is_conflicting(const RhCase *item);
