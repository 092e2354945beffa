/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom-private.h"
#include "mask/operation.h"
#include "mask/pieces.h"

#define LUNG   0.2 /* share of the ray's way that is lung where a reader takes it for one */
#define SLIVER 10u /* a piece smaller than the largest by more than this factor is not worth drawing */

static gboolean is_lung(const RhPhantomField *field, double x, double y)
{
    const double side = field->size;
    return x >= 0 && y >= 0 && x < 1 && y < 1 &&
           field->air[(gsize)(y * side) * field->size + (gsize)(x * side)] > LUNG;
}

/* What shows of a lung between heart and spine is a few pixels, which nobody draws. */
static void remove_slivers(RhMask *mask)
{
    g_autoptr(RhMaskPieces) islands = rh_mask_pieces_new(mask, TRUE);
    const RhMaskPiece *pieces = (const RhMaskPiece *)(void *)islands->pieces->data;
    gsize largest = 0;
    for (guint i = 0; i < islands->pieces->len; i++)
        largest = MAX(largest, pieces[i].area);
    for (guint i = 0; i < islands->runs->len; i++) {
        const RhMaskRun *run = &g_array_index(islands->runs, RhMaskRun, i);
        if (pieces[run->piece].area * SLIVER < largest)
            for (guint x = run->first; x < run->end; x++)
                mask->pixels[(gsize)run->row * mask->width + x] = 0;
    }
}

void rh_phantom_lungs(const RhPhantomSettings *settings, guint32 patient, const RhPhantomFrame *frame,
                      const RhPhantomField *field, guint8 *mask)
{
    const double pixel = 1.0 / field->size;
    RhRandom random;
    rh_phantom_random(&random, settings, RH_PHANTOM_READER, patient);
    /* In a hurry each lung is drawn a little beside itself, and both too large. */
    double across[2], down[2];
    for (guint lung = 0; lung < 2; lung++) {
        across[lung] = settings->imprecision * rh_draw(&random, -0.02, 0.02);
        down[lung] = settings->imprecision * rh_draw(&random, -0.02, 0.02);
    }
    const double wider = settings->imprecision * rh_draw(&random, 0, 0.03);
    for (guint y = 0; y < field->size; y++)
        for (guint x = 0; x < field->size; x++) {
            const double px = (x + 0.5) * pixel, py = (y + 0.5) * pixel;
            const guint lung = px > frame->centre;
            mask[(gsize)y * field->size + x] = is_lung(field, px - across[lung], py - down[lung]) ? 255 : 0;
        }
    RhMask drawn = {field->size, field->size, mask};
    remove_slivers(&drawn);
    rh_mask_grow(&drawn, (guint)(wider * field->size + 0.5));
}
