/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "mask/editor-private.h"

typedef struct {
    double x0, y0, x1, y1, radius;
    guint width, height; /* of the mask */
} Sweep;

typedef struct {
    double low, high; /* empty if low > high */
} Interval;

static void widen(Interval *interval, double low, double high)
{
    interval->low = MIN(interval->low, low);
    interval->high = MAX(interval->high, high);
}

/* The x a disc covers at height y. */
static void add_disc(Interval *interval, double x, double y, double radius, double at)
{
    double square = radius * radius - (at - y) * (at - y);
    if (square >= 0)
        widen(interval, x - sqrt(square), x + sqrt(square));
}

/* The part of a segment between two heights, as an interval of x. */
static Interval segment_between(double x0, double y0, double x1, double y1, double top, double bottom)
{
    Interval part = {INFINITY, -INFINITY};
    if (MAX(y0, y1) < top || MIN(y0, y1) > bottom)
        return part;
    double slope = y1 != y0 ? (x1 - x0) / (y1 - y0) : 0;
    double a = y0 < top ? x0 + slope * (top - y0) : y0 > bottom ? x0 + slope * (bottom - y0) : x0;
    double b = y1 < top ? x0 + slope * (top - y0) : y1 > bottom ? x0 + slope * (bottom - y0) : x1;
    widen(&part, MIN(a, b), MAX(a, b));
    return part;
}

/* What the swept disc covers at height y: its two ends, and the two long sides of the band between them. It
 * is convex, so these make one interval. */
static Interval capsule_at(const Sweep *s, double y)
{
    Interval covered = {INFINITY, -INFINITY};
    add_disc(&covered, s->x0, s->y0, s->radius, y);
    add_disc(&covered, s->x1, s->y1, s->radius, y);
    double length = hypot(s->x1 - s->x0, s->y1 - s->y0);
    for (int side = -1; length > 0 && side <= 1; side += 2) {
        double across = side * s->radius / length;
        double dx = -(s->y1 - s->y0) * across, dy = (s->x1 - s->x0) * across;
        Interval edge = segment_between(s->x0 + dx, s->y0 + dy, s->x1 + dx, s->y1 + dy, y, y);
        widen(&covered, edge.low, edge.high);
    }
    return covered;
}

/* Every pixel whose centre lies within the radius of the segment. */
static void sweep_disc(RhMaskEditor *editor, const Sweep *s, gboolean inside, RhRectangle *touched)
{
    gint64 top = rh_mask_editor_clip(MIN(s->y0, s->y1) - s->radius, s->height);
    gint64 bottom = rh_mask_editor_clip(MAX(s->y0, s->y1) + s->radius, s->height);
    for (gint64 y = top; y <= bottom; y++) {
        Interval covered = capsule_at(s, (double)y + 0.5);
        if (covered.low <= covered.high)
            rh_mask_editor_paint_span(editor, y, rh_mask_editor_clip(ceil(covered.low - 0.5), s->width),
                                      rh_mask_editor_clip(covered.high - 0.5, s->width), inside, touched);
    }
}

/* Every pixel the segment passes, where a pixel owns its left and upper edge. */
static void sweep_point(RhMaskEditor *editor, const Sweep *s, gboolean inside, RhRectangle *touched)
{
    gint64 top = rh_mask_editor_clip(MIN(s->y0, s->y1), s->height);
    gint64 bottom = rh_mask_editor_clip(MAX(s->y0, s->y1), s->height);
    const gboolean falls_right = (s->x1 - s->x0) * (s->y1 - s->y0) > 0;
    for (gint64 y = top; y <= bottom; y++) {
        Interval passed = segment_between(s->x0, s->y0, s->x1, s->y1, (double)y, (double)y + 1);
        if (passed.low > passed.high)
            continue;
        /* A segment that leaves the row to the lower right does so at a point of the row below. */
        gboolean leaves = falls_right && MAX(s->y0, s->y1) >= (double)y + 1 && passed.high > passed.low;
        double last = leaves ? ceil(passed.high) - 1 : passed.high;
        rh_mask_editor_paint_span(editor, y, rh_mask_editor_clip(passed.low, s->width),
                                  rh_mask_editor_clip(last, s->width), inside, touched);
    }
}

/* Places farther away than any image are no places. */
static gboolean is_place(double x, double y)
{
    return fabs(x) < 1e9 && fabs(y) < 1e9;
}

void rh_mask_brush_sweep(RhMaskEditor *editor, double x0, double y0, double x1, double y1, double diameter,
                         gboolean inside, RhRectangle *touched)
{
    const RhMask *mask = rh_mask_editor_mask(editor);
    const Sweep s = {x0, y0, x1, y1, diameter / 2, mask->width, mask->height};
    if (!is_place(x0, y0) || !is_place(x1, y1) || !(diameter > 0 && diameter < 1e9))
        return;
    /* A disc of less than √2 can pass between pixel centres; the line through its middle cannot. */
    if (diameter < G_SQRT2)
        sweep_point(editor, &s, inside, touched);
    if (diameter > 1)
        sweep_disc(editor, &s, inside, touched);
}
