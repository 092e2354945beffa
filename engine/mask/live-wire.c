/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/live-wire.h"

#include <math.h>

/* A step into a cell costs from 1, on the steepest edge of the window, to COST_FLAT; diagonal steps cost √2
 * times as much (in the same whole numbers: ×5 and ×7). */
#define COST_FLAT 40
#define STRAIGHT  5
#define DIAGONAL  7
#define BUCKETS   512 /* more than a step can cost */
#define MARGIN    1.25

struct _RhLiveWire {
    int left, top, side; /* of the window: image pixels; side: of a cell */
    int columns, rows;
    guint8 *costs;  /* of a step into a cell */
    guint32 *ahead; /* cells: the one before on the way from the start; the start itself there */
};

/* The mean of a cell's pixels, of large cells of some 4×4 of them. */
static float cell_value(const RhImage *image, const RhLiveWire *wire, int column, int row)
{
    const guint left = (guint)(wire->left + column * wire->side), top = (guint)(wire->top + row * wire->side);
    const guint right = MIN(left + (guint)wire->side, image->width);
    const guint bottom = MIN(top + (guint)wire->side, image->height);
    const guint step = MAX(1, (guint)wire->side / 4);
    double sum = 0;
    guint count = 0;
    for (guint y = top; y < bottom; y += step)
        for (guint x = left; x < right; x += step, count++)
            sum += rh_image_stored(image, (gsize)y * image->width + x);
    return (float)(sum / count);
}

static float *read_cells(const RhImage *image, const RhLiveWire *wire)
{
    float *values = g_new(float, (gsize)wire->columns *(gsize)wire->rows);
    for (int row = 0; row < wire->rows; row++)
        for (int column = 0; column < wire->columns; column++)
            values[row * wire->columns + column] = cell_value(image, wire, column, row);
    return values;
}

/* How steep the values are at a cell, by Sobel's filter; beyond the window they go on as at its edge. */
static float slope_at(const float *values, const RhLiveWire *wire, int column, int row)
{
    float near[3][3];
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            near[dy + 1][dx + 1] = values[CLAMP(row + dy, 0, wire->rows - 1) * wire->columns +
                                          CLAMP(column + dx, 0, wire->columns - 1)];
    const float across = near[0][2] + 2 * near[1][2] + near[2][2] - near[0][0] - 2 * near[1][0] - near[2][0];
    const float down = near[2][0] + 2 * near[2][1] + near[2][2] - near[0][0] - 2 * near[0][1] - near[0][2];
    const float slope = hypotf(across, down);
    return isfinite(slope) ? slope : 0;
}

static void measure_costs(const RhImage *image, RhLiveWire *wire)
{
    const int cells = wire->columns * wire->rows;
    g_autofree float *values = read_cells(image, wire), *slopes = g_new(float, (gsize)cells);
    float steepest = 0;
    for (int row = 0; row < wire->rows; row++)
        for (int column = 0; column < wire->columns; column++) {
            float slope = slope_at(values, wire, column, row);
            slopes[row * wire->columns + column] = slope;
            steepest = MAX(steepest, slope);
        }
    wire->costs = g_new(guint8, (gsize)cells);
    for (int i = 0; i < cells; i++) {
        const float flat = steepest > 0 ? 1 - slopes[i] / steepest : 1;
        wire->costs[i] = (guint8)(1 + flat * (COST_FLAT - 1) + 0.5f);
    }
}

/* Cells waiting at their distances, which never differ by more than a step costs: a ring of buckets. */
typedef struct {
    GArray *buckets[BUCKETS]; /* guint32 */
    guint *distances;
    guint waiting;
} Front;

static void wait_at(Front *front, guint32 cell, guint distance)
{
    front->distances[cell] = distance;
    g_array_append_val(front->buckets[distance % BUCKETS], cell);
    front->waiting++;
}

static void leave_cell(RhLiveWire *wire, Front *front, guint32 cell, guint distance)
{
    const int column = (int)cell % wire->columns, row = (int)cell / wire->columns;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            const int x = column + dx, y = row + dy;
            if ((dx == 0 && dy == 0) || x < 0 || y < 0 || x >= wire->columns || y >= wire->rows)
                continue;
            const guint32 next = (guint32)(y * wire->columns + x);
            const guint there = distance + wire->costs[next] * (dx != 0 && dy != 0 ? DIAGONAL : STRAIGHT);
            if (there >= front->distances[next])
                continue;
            wire->ahead[next] = cell;
            wait_at(front, next, there);
        }
}

/* Dijkstra's walk over the whole window. */
static void walk(RhLiveWire *wire, guint32 start)
{
    const gsize cells = (gsize)wire->columns * (gsize)wire->rows;
    g_autofree guint *distances = g_new(guint, cells);
    Front front = {.distances = distances};
    for (gsize i = 0; i < cells; i++)
        distances[i] = G_MAXUINT;
    for (guint i = 0; i < BUCKETS; i++)
        front.buckets[i] = g_array_new(FALSE, FALSE, sizeof(guint32));
    wire->ahead = g_new(guint32, cells);
    wire->ahead[start] = start;
    wait_at(&front, start, 0);
    for (guint distance = 0; front.waiting > 0; distance++) {
        GArray *bucket = front.buckets[distance % BUCKETS];
        for (guint i = 0; i < bucket->len; i++) {
            const guint32 cell = g_array_index(bucket, guint32, i);
            if (distances[cell] == distance) /* else it was reached cheaper meanwhile */
                leave_cell(wire, &front, cell, distance);
        }
        front.waiting -= bucket->len;
        g_array_set_size(bucket, 0);
    }
    for (guint i = 0; i < BUCKETS; i++)
        g_array_unref(front.buckets[i]);
}

static int clamp_place(double place, guint size)
{
    return (int)CLAMP(floor(place), 0, size - 1.0);
}

/* Cells of `side` pixels, as many of them around the start as are allowed and the image has. */
static void place_window(RhLiveWire *wire, const RhImage *image, RhPoint from)
{
    const int x = clamp_place(from.x, image->width), y = clamp_place(from.y, image->height);
    const int half = RH_LIVE_WIRE_CELLS / 2 * wire->side;
    wire->left = MAX(x - half, 0);
    wire->top = MAX(y - half, 0);
    const int right = MIN(x + half, (int)image->width), bottom = MIN(y + half, (int)image->height);
    wire->columns = (right - wire->left + wire->side - 1) / wire->side;
    wire->rows = (bottom - wire->top + wire->side - 1) / wire->side;
}

static gboolean find_cell(const RhLiveWire *wire, RhPoint point, guint32 *cell)
{
    const double column = floor((point.x - wire->left) / wire->side);
    const double row = floor((point.y - wire->top) / wire->side);
    if (!(column >= 0 && row >= 0 && column < wire->columns && row < wire->rows))
        return FALSE;
    *cell = (guint32)((int)row * wire->columns + (int)column);
    return TRUE;
}

RhLiveWire *rh_live_wire_new(const RhImage *image, RhPoint from, RhPoint toward)
{
    RhLiveWire *wire = g_new0(RhLiveWire, 1);
    const RhPoint start = {clamp_place(from.x, image->width) + 0.5, clamp_place(from.y, image->height) + 0.5};
    const double reach = MAX(fabs(clamp_place(toward.x, image->width) + 0.5 - start.x),
                             fabs(clamp_place(toward.y, image->height) + 0.5 - start.y));
    guint32 cell = 0;
    wire->side = MAX(1, (int)ceil((reach * MARGIN + 1) / (RH_LIVE_WIRE_CELLS / 2)));
    place_window(wire, image, start);
    measure_costs(image, wire);
    const gboolean found = find_cell(wire, start, &cell);
    g_assert(found);
    walk(wire, cell);
    return wire;
}

void rh_live_wire_free(RhLiveWire *wire)
{
    if (wire == NULL)
        return;
    g_free(wire->costs);
    g_free(wire->ahead);
    g_free(wire);
}

gboolean rh_live_wire_reaches(const RhLiveWire *wire, RhPoint point)
{
    guint32 cell;
    return find_cell(wire, point, &cell);
}

void rh_live_wire_add_path(const RhLiveWire *wire, RhPoint to, GArray *points)
{
    guint32 cell = 0;
    const gboolean found = find_cell(wire, to, &cell);
    const guint start = points->len;
    g_assert(found);
    g_array_append_val(points, to);
    for (cell = wire->ahead[cell]; wire->ahead[cell] != cell; cell = wire->ahead[cell]) {
        const int column = (int)cell % wire->columns, row = (int)cell / wire->columns;
        const RhPoint middle = {wire->left + (column + 0.5) * wire->side,
                                wire->top + (row + 0.5) * wire->side};
        g_array_append_val(points, middle);
    }
    for (guint one = start, other = points->len - 1; one < other; one++, other--) {
        const RhPoint point = g_array_index(points, RhPoint, one);
        g_array_index(points, RhPoint, one) = g_array_index(points, RhPoint, other);
        g_array_index(points, RhPoint, other) = point;
    }
}
