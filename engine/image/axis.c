/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/axis.h"

/* In units of 1/to of a source pixel, source pixel x covers [x·to, (x+1)·to) and pixel i [i·from,
 * (i+1)·from). */
static guint area_weights(guint from, guint to, guint i, guint *first, guint32 *weights)
{
    const guint64 begin = (guint64)i * from, end = begin + from;
    guint count = 0;
    *first = (guint)(begin / to);
    for (guint64 x = *first; x * to < end; x++)
        weights[count++] = (guint32)(MIN((x + 1) * to, end) - MAX(x * to, begin));
    return count;
}

/* The centre of pixel i lies at ((2i+1)·from − to) / 2to between the centres of source pixels. */
static guint bilinear_weights(guint from, guint to, guint i, guint *first, guint32 *weights)
{
    const gint64 unit = 2 * (gint64)to, place = (2 * (gint64)i + 1) * from - to;
    const gint64 last = (gint64)from - 1;
    gboolean between = place > 0 && place < last * unit;
    *first = (guint)CLAMP(place / unit, 0, last);
    weights[0] = (guint32)(between ? unit - place % unit : unit);
    weights[1] = (guint32)(between ? place % unit : 0);
    return weights[1] > 0 ? 2 : 1;
}

static guint nearest_weights(guint from, guint to, guint i, guint *first, guint32 *weights)
{
    *first = (guint)((2 * (guint64)i + 1) * from / (2 * (guint64)to));
    weights[0] = 1;
    return 1;
}

RhAxis *rh_axis_new(guint from, guint to, RhEnlarge enlarge)
{
    g_assert(from > 0 && to > 0 && from < G_MAXINT32 / 2 && to < G_MAXINT32 / 2);
    const gboolean shrinks = to <= from, bilinear = enlarge == RH_ENLARGE_BILINEAR;
    RhAxis *axis = g_new0(RhAxis, 1);
    axis->from = from;
    axis->to = to;
    axis->total = shrinks ? from : bilinear ? 2 * to : 1;
    axis->pixels = g_new0(RhAxisPixel, to);
    axis->weights = g_new0(guint32, shrinks ? (gsize)from + to : 2 * (gsize)to);
    guint32 *weights = axis->weights;
    for (guint i = 0; i < to; i++) {
        RhAxisPixel *pixel = &axis->pixels[i];
        pixel->weights = weights;
        pixel->count = shrinks    ? area_weights(from, to, i, &pixel->first, weights)
                       : bilinear ? bilinear_weights(from, to, i, &pixel->first, weights)
                                  : nearest_weights(from, to, i, &pixel->first, weights);
        weights += pixel->count;
    }
    return axis;
}

void rh_axis_free(RhAxis *axis)
{
    if (axis == NULL)
        return;
    g_free(axis->pixels);
    g_free(axis->weights);
    g_free(axis);
}
