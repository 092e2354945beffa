/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/shapes.h"

#include <math.h>

/* Where an outline crosses the middle of a row: pixels from there on lie to the right. */
typedef struct {
    guint row;
    double x;
    int down; /* 1: it comes from above, −1: from below */
} Crossing;

static GArray *spans_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(RhMaskSpan));
}

/* Of pixels with their middles in [left, right). */
static void add_span(GArray *spans, guint row, double left, double right, guint width)
{
    const double first = CLAMP(ceil(left - 0.5), 0, width), end = CLAMP(ceil(right - 0.5), 0, width);
    const RhMaskSpan span = {row, (guint)first, (guint)end};
    if (span.first < span.end)
        g_array_append_val(spans, span);
}

static void add_crossings(GArray *crossings, RhPoint from, RhPoint to, guint height)
{
    const int down = from.y < to.y ? 1 : -1;
    const RhPoint upper = down == 1 ? from : to, lower = down == 1 ? to : from;
    const double first = CLAMP(ceil(upper.y - 0.5), 0, height), end = CLAMP(ceil(lower.y - 0.5), 0, height);
    for (guint row = (guint)first; row < (guint)end; row++) {
        const double share = (row + 0.5 - upper.y) / (lower.y - upper.y);
        const Crossing crossing = {row, upper.x + share * (lower.x - upper.x), down};
        g_array_append_val(crossings, crossing);
    }
}

static int compare_crossings(gconstpointer one, gconstpointer other)
{
    const Crossing *a = one, *b = other;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->x < b->x ? -1 : a->x > b->x;
}

static gboolean is_place(RhPoint point)
{
    return fabs(point.x) < 1e9 && fabs(point.y) < 1e9;
}

GArray *rh_shape_polygon(const RhPoint *points, guint count, guint width, guint height)
{
    GArray *spans = spans_new();
    g_autoptr(GArray) crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
    for (guint i = 0; i < count; i++)
        if (!is_place(points[i]))
            return spans;
    for (guint i = 0; i < count; i++)
        add_crossings(crossings, points[i], points[(i + 1) % count], height);
    g_array_sort(crossings, compare_crossings);
    int turns = 0;
    double left = 0;
    for (guint i = 0; i < crossings->len; i++) {
        const Crossing *crossing = &g_array_index(crossings, Crossing, i);
        if (turns == 0)
            left = crossing->x;
        turns += crossing->down;
        if (turns == 0)
            add_span(spans, crossing->row, left, crossing->x, width);
    }
    return spans;
}

void rh_shape_box(RhPoint corner, RhPoint opposite, double *left, double *top, double *right, double *bottom)
{
    *left = floor(MIN(corner.x, opposite.x));
    *top = floor(MIN(corner.y, opposite.y));
    *right = floor(MAX(corner.x, opposite.x)) + 1;
    *bottom = floor(MAX(corner.y, opposite.y)) + 1;
}

GArray *rh_shape_rectangle(RhPoint corner, RhPoint opposite, guint width, guint height)
{
    GArray *spans = spans_new();
    double left, top, right, bottom;
    if (!is_place(corner) || !is_place(opposite))
        return spans;
    rh_shape_box(corner, opposite, &left, &top, &right, &bottom);
    for (guint row = (guint)CLAMP(top, 0, height); row < (guint)CLAMP(bottom, 0, height); row++)
        add_span(spans, row, left, right, width);
    return spans;
}

GArray *rh_shape_ellipse(RhPoint corner, RhPoint opposite, guint width, guint height)
{
    GArray *spans = spans_new();
    double left, top, right, bottom;
    if (!is_place(corner) || !is_place(opposite))
        return spans;
    rh_shape_box(corner, opposite, &left, &top, &right, &bottom);
    const double across = (right - left) / 2, down = (bottom - top) / 2;
    for (guint row = (guint)CLAMP(top, 0, height); row < (guint)CLAMP(bottom, 0, height); row++) {
        const double dy = (row + 0.5 - (top + down)) / down;
        const double reach = across * sqrt(MAX(0, 1 - dy * dy));
        /* Symmetric: a middle on the outline is inside on the right too. */
        add_span(spans, row, left + across - reach, nextafter(left + across + reach, INFINITY), width);
    }
    return spans;
}
