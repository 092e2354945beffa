/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* Which labels mask files have. A label is a grey value, a place in a palette or a colour that is not what
 * lies outside: not 0, black or transparent. A file with one label is a mask as it is; of one with several
 * somebody has to say which of them the mask is. */
typedef enum { RH_LABEL_NUMBER, RH_LABEL_COLOUR } RhLabelKind;

typedef struct {
    RhLabelKind kind;
    guint32 value;  /* 0xRRGGBB of a colour */
    guint64 pixels; /* in all files */
    guint files;    /* that have it */
} RhLabel;

typedef struct {
    GArray *labels; /* RhLabel, numbers before colours, by value */
    guint files;    /* looked at */
    guint several;  /* of them have more than one label */
    guint shaded;   /* have shades in place of labels (JPEG, soft edges): what is bright is inside */
    guint faint;    /* of those, have nothing as bright as half of white: half of their brightest it is */
} RhLabels;

RhLabels *rh_labels_new(void);
void rh_labels_free(RhLabels *labels);
RhLabels *rh_labels_of_file(const char *path, GError **error);
/* Adds what other files have. */
void rh_labels_add(RhLabels *labels, const RhLabels *more);
/* "1 (81 pixels), 2 (81 pixels)", the most frequent of very many; free with g_free. */
char *rh_labels_describe(const RhLabels *labels);

/* A choice among labels, as a person writes it: numbers, ranges, names of colours and "all", separated by
 * commas ("1,3-5", "red,#00ff80"). */
typedef struct _RhRegion RhRegion;
RhRegion *rh_region_new(void); /* that has no label */
RhRegion *rh_region_parse(const char *text, GError **error);
void rh_region_free(RhRegion *region);
gboolean rh_region_has(const RhRegion *region, RhLabelKind kind, guint32 value);
/* The written form; free with g_free. */
char *rh_region_text(const RhRegion *region);

/* What the labels leave no doubt of. TRUE: *region is NULL where every file is a mask as it is, or the one
 * label that is left when 255 beside small ones is taken as the border to be ignored. FALSE: it has to be
 * chosen. */
gboolean rh_labels_find_region(const RhLabels *labels, RhRegion **region);

/* The mask of the region in a file of labels, NULL: of the label that the file leaves no doubt of; else
 * RH_ERROR_USAGE names the labels. A file of shades is inside where it is bright, whatever the region. Sizes
 * as in rh_mask_load. */
RhMask *rh_mask_load_region(const char *path, guint width, guint height, const RhRegion *region,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhLabels, rh_labels_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhRegion, rh_region_free)
