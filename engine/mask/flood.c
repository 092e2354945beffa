/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/flood.h"

#include <math.h>
#include <string.h>

#define SPANS_BETWEEN_LOOKS 4096 /* at whether it is cancelled */

typedef struct {
    const RhImage *image;
    double low, high;
    guint8 *seen;            /* a byte a pixel */
    GArray *spans, *waiting; /* RhMaskSpan; those whose neighbours are still to be looked at */
} Flood;

static inline gboolean belongs(const Flood *flood, gsize place)
{
    if (flood->seen[place])
        return FALSE;
    const double value = rh_image_stored(flood->image, place);
    return value >= flood->low && value <= flood->high;
}

/* The whole run around a pixel that belongs to the region; gives its end. */
static guint take_run(Flood *flood, guint row, guint x)
{
    const gsize start = (gsize)row * flood->image->width;
    RhMaskSpan span = {row, x, x + 1};
    while (span.first > 0 && belongs(flood, start + span.first - 1))
        span.first--;
    while (span.end < flood->image->width && belongs(flood, start + span.end))
        span.end++;
    memset(flood->seen + start + span.first, 1, span.end - span.first);
    g_array_append_val(flood->spans, span);
    g_array_append_val(flood->waiting, span);
    return span.end;
}

static void look_beside(Flood *flood, guint row, guint first, guint end)
{
    const gsize start = (gsize)row * flood->image->width;
    for (guint x = first; x < end; x++)
        if (belongs(flood, start + x))
            x = take_run(flood, row, x);
}

/* FALSE if it was cancelled. */
static gboolean spread(Flood *flood, GCancellable *cancellable)
{
    for (guint count = 0; flood->waiting->len > 0; count++) {
        const RhMaskSpan span = g_array_index(flood->waiting, RhMaskSpan, flood->waiting->len - 1);
        g_array_set_size(flood->waiting, flood->waiting->len - 1);
        if (count % SPANS_BETWEEN_LOOKS == 0 && g_cancellable_is_cancelled(cancellable))
            return FALSE;
        if (span.row > 0)
            look_beside(flood, span.row - 1, span.first, span.end);
        if (span.row + 1 < flood->image->height)
            look_beside(flood, span.row + 1, span.first, span.end);
    }
    return TRUE;
}

GArray *rh_flood(const RhImage *image, guint x, guint y, double tolerance, GCancellable *cancellable)
{
    g_assert(x < image->width && y < image->height && tolerance >= 0);
    const double value = rh_image_stored(image, (gsize)y * image->width + x);
    g_autofree guint8 *seen = g_malloc0((gsize)image->width * image->height);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(RhMaskSpan));
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(RhMaskSpan));
    Flood flood = {image, value - tolerance, value + tolerance, seen, spans, waiting};
    if (belongs(&flood, (gsize)y * image->width + x)) /* not where the value is no number */
        take_run(&flood, y, x);
    return spread(&flood, cancellable) ? g_steal_pointer(&spans) : NULL;
}
