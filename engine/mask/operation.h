/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* What can be done to a mask as a whole. One table; menu, history and tests read it. They take time that
 * grows with the mask: for a worker thread. */
typedef struct {
    guint amount;        /* pixels; 1 … RH_MASK_AMOUNT_MAX */
    const RhMask *other; /* of the same size */
} RhMaskOperand;

#define RH_MASK_AMOUNT_MAX 100u

typedef struct {
    const char *name;                                        /* "fill-holes" */
    const char *title;                                       /* in the history: "Fill holes" */
    gboolean takes_amount, takes_other;                      /* what it needs of the operand */
    void (*run)(RhMask *mask, const RhMaskOperand *operand); /* in place */
} RhMaskOperation;

extern const RhMaskOperation rh_mask_operations[];
extern const guint rh_mask_n_operations;
const RhMaskOperation *rh_mask_operation_find(const char *name); /* NULL: there is none of that name */

/* Discs: a pixel is within `radius` of another if their middles are. */
void rh_mask_grow(RhMask *mask, guint radius);   /* every pixel within the radius of one inside */
void rh_mask_shrink(RhMask *mask, guint radius); /* without those within the radius of one outside; the
                                                    image's edge is no outside */
void rh_mask_smooth(RhMask *mask, guint radius); /* the side of most pixels of the image within the radius; as
                                                    it was if they are as many */
