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

/* Every pixel whose middle lies in a square swept along the segment, where a square owns its left and upper
 * side: `side` pixels wide wherever it stands. */
static void sweep_square(RhMaskEditor *editor, const Sweep *s, gboolean inside, RhRectangle *touched)
{
    gint64 top = rh_mask_editor_clip(MIN(s->y0, s->y1) - s->radius, s->height);
    gint64 bottom = rh_mask_editor_clip(MAX(s->y0, s->y1) + s->radius, s->height);
    for (gint64 y = top; y <= bottom; y++) {
        const double middle = (double)y + 0.5;
        Interval passed = segment_between(s->x0, s->y0, s->x1, s->y1, middle - s->radius, middle + s->radius);
        if (passed.low > passed.high || MAX(s->y0, s->y1) + s->radius <= middle)
            continue;
        rh_mask_editor_paint_span(
            editor, y, rh_mask_editor_clip(ceil(passed.low - s->radius - 0.5), s->width),
            rh_mask_editor_clip(ceil(passed.high + s->radius - 0.5) - 1, s->width), inside, touched);
    }
}

/* Places farther away than any image are no places. */
static gboolean is_place(double x, double y)
{
    return fabs(x) < 1e9 && fabs(y) < 1e9;
}

void rh_mask_brush_sweep(RhMaskEditor *editor, gboolean square, double x0, double y0, double x1, double y1,
                         double diameter, gboolean inside, RhRectangle *touched)
{
    const RhMask *mask = rh_mask_editor_mask(editor);
    const Sweep s = {x0, y0, x1, y1, diameter / 2, mask->width, mask->height};
    if (!is_place(x0, y0) || !is_place(x1, y1) || !(diameter > 0 && diameter < 1e9))
        return;
    /* A tip of less than √2 can pass between pixel centres; the line through its middle cannot. */
    if (diameter < G_SQRT2)
        sweep_point(editor, &s, inside, touched);
    if (diameter > 1 && square)
        sweep_square(editor, &s, inside, touched);
    else if (diameter > 1)
        sweep_disc(editor, &s, inside, touched);
}

/* ── The rim of a soft brush ── */

/* Dabs follow each other at an eighth of the diameter. Each leaves RIM_DAB·(1 − u²)² on a pixel, u being its
 * distance in radii; RIM_MARK marks it. One straight pass leaves (16/15)·4·RIM_DAB·(1 − u²)^2.5, which is
 * RIM_MARK at u = ½: as far as the core reaches, and what goes beyond takes more passes. */
#define RIM_SPACING 8.0
#define RIM_DAB     90.0
#define RIM_MARK    187.0

/* What a dab leaves at u² radii from its middle. */
static double rim_left(double square)
{
    return square < 1 ? RIM_DAB * (1 - square) * (1 - square) : 0;
}

/* Part of one row of a dab, within one tile: the pixels that come to RIM_MARK are painted. */
static void rim_part(RhMaskEditor *editor, gboolean square, const RhMaskDab *dab, guint y, guint first,
                     guint end, gboolean inside, RhRectangle *touched)
{
    const double radius = dab->diameter / 2, dy = (y + 0.5 - dab->y) / radius;
    guint8 *rim = rh_mask_editor_rim(editor, first / RH_MASK_TILE, y / RH_MASK_TILE) +
                  y % RH_MASK_TILE * RH_MASK_TILE + first % RH_MASK_TILE;
    for (guint x = first; x < end; x++, rim++) {
        const double dx = (x + 0.5 - dab->x) / radius;
        const double left = *rim + rim_left(square ? MAX(dx * dx, dy * dy) : dx * dx + dy * dy);
        *rim = (guint8)MIN(left, 255);
        if (left >= RIM_MARK)
            rh_mask_editor_paint_span(editor, y, x, x, inside, touched);
    }
}

static void rim_row(RhMaskEditor *editor, gboolean square, const RhMaskDab *dab, guint y, guint first,
                    guint last, gboolean inside, RhRectangle *touched)
{
    while (first <= last) {
        const guint end = MIN(last + 1, (first / RH_MASK_TILE + 1) * RH_MASK_TILE);
        rim_part(editor, square, dab, y, first, end, inside, touched);
        first = end;
    }
}

static void rim_dab(RhMaskEditor *editor, gboolean square, const RhMaskDab *dab, gboolean inside,
                    RhRectangle *touched)
{
    const RhMask *mask = rh_mask_editor_mask(editor);
    const double radius = dab->diameter / 2;
    gint64 left = MAX(rh_mask_editor_clip(dab->x - radius, mask->width), 0);
    gint64 right = MIN(rh_mask_editor_clip(dab->x + radius, mask->width), (gint64)mask->width - 1);
    gint64 top = MAX(rh_mask_editor_clip(dab->y - radius, mask->height), 0);
    gint64 bottom = MIN(rh_mask_editor_clip(dab->y + radius, mask->height), (gint64)mask->height - 1);
    for (gint64 y = top; y <= bottom && left <= right; y++)
        rim_row(editor, square, dab, (guint)y, (guint)left, (guint)right, inside, touched);
}

void rh_mask_brush_rim(RhMaskEditor *editor, gboolean square, RhMaskDab from, RhMaskDab to, gboolean inside,
                       double *carried, RhRectangle *touched)
{
    if (!is_place(from.x, from.y) || !is_place(to.x, to.y) || !(from.diameter >= 2 && from.diameter < 1e9) ||
        !(to.diameter >= 2 && to.diameter < 1e9))
        return;
    const double length = hypot(to.x - from.x, to.y - from.y), spacing = to.diameter / RIM_SPACING;
    double along = *carried < 0 ? 0 : MAX(spacing - *carried, 0);
    if (along > length) {
        *carried += length;
        return;
    }
    for (; along <= length; along += spacing) {
        const double share = length > 0 ? along / length : 0;
        const RhMaskDab dab = {from.x + share * (to.x - from.x), from.y + share * (to.y - from.y),
                               from.diameter + share * (to.diameter - from.diameter)};
        rim_dab(editor, square, &dab, inside, touched);
        if (length == 0)
            break;
    }
    *carried = length > 0 ? length - (along - spacing) : 0;
}
