/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-tiles.h"

#include <math.h>

#define SIDE RH_CANVAS_TILE

struct _RhCanvasTiles {
    double zoom, phase_x,
        phase_y;       /* of the nodes; phase: how far the image's corner is into its screen pixel */
    GHashTable *nodes; /* gint64 made of column and row → GskRenderNode */
};

typedef struct {
    int left, top, right, bottom; /* columns and rows of tiles; right and bottom are not in it */
} Range;

static gint64 key_of(int column, int row)
{
    return (gint64)row << 32 | (guint32)column;
}

static gboolean in_range(gint64 key, const Range *range)
{
    int column = (int)(guint32)key, row = (int)(key >> 32);
    return column >= range->left && column < range->right && row >= range->top && row < range->bottom;
}

RhCanvasTiles *rh_canvas_tiles_new(void)
{
    RhCanvasTiles *tiles = g_new0(RhCanvasTiles, 1);
    tiles->nodes =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)gsk_render_node_unref);
    return tiles;
}

void rh_canvas_tiles_free(RhCanvasTiles *tiles)
{
    g_hash_table_unref(tiles->nodes);
    g_free(tiles);
}

void rh_canvas_tiles_forget(RhCanvasTiles *tiles)
{
    g_hash_table_remove_all(tiles->nodes);
}

static gboolean is_inside(gpointer key, gpointer node, gpointer range)
{
    return in_range(*(gint64 *)key, range);
}

static gboolean is_outside(gpointer key, gpointer node, gpointer range)
{
    return !in_range(*(gint64 *)key, range);
}

/* Tiles that a part of the screen touches. */
static Range range_of(double left, double top, double right, double bottom)
{
    return (Range){(int)floor(left / SIDE), (int)floor(top / SIDE), (int)ceil(right / SIDE),
                   (int)ceil(bottom / SIDE)};
}

void rh_canvas_tiles_forget_area(RhCanvasTiles *tiles, const graphene_rect_t *area)
{
    Range range = range_of(area->origin.x - 1, area->origin.y - 1, area->origin.x + area->size.width + 1,
                           area->origin.y + area->size.height + 1);
    g_hash_table_foreach_remove(tiles->nodes, is_inside, &range);
}

static void free_pixels(gpointer pixels)
{
    g_free(pixels);
}

/* A cairo node and not a texture: the software renderer copies every texture in every frame, seen or not. */
static GskRenderNode *paint_tile(const RhCanvasTiles *tiles, const RhCanvasPicture *picture, double scale,
                                 int x, int y, int width, int height)
{
    static const cairo_user_data_key_t pixels_key;
    guint32 *pixels = g_new(guint32, width * height);
    rh_canvas_picture_paint(picture, tiles->zoom, x - tiles->phase_x, y - tiles->phase_y, width, height,
                            pixels);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (guchar *)pixels, CAIRO_FORMAT_RGB24, width, height, width * (int)sizeof *pixels);
    cairo_surface_set_user_data(surface, &pixels_key, pixels, free_pixels);
    cairo_surface_set_device_scale(surface, scale, scale);
    GskRenderNode *node = gsk_cairo_node_new(&GRAPHENE_RECT_INIT(
        (float)(x / scale), (float)(y / scale), (float)(width / scale), (float)(height / scale)));
    cairo_t *cr = gsk_cairo_node_get_draw_context(node);
    cairo_set_source_surface(cr, surface, x / scale, y / scale);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return node;
}

/* The whole pixel in which the image's corner lies; what was painted for another zoom or phase is of no use.
 */
static void place(RhCanvasTiles *tiles, const RhCanvasView *view, double *x, double *y)
{
    rh_canvas_view_origin(view, x, y);
    double phase_x = *x - floor(*x), phase_y = *y - floor(*y);
    if (view->zoom != tiles->zoom || phase_x != tiles->phase_x || phase_y != tiles->phase_y)
        rh_canvas_tiles_forget(tiles);
    tiles->zoom = view->zoom;
    tiles->phase_x = phase_x;
    tiles->phase_y = phase_y;
    *x = floor(*x);
    *y = floor(*y);
}

void rh_canvas_tiles_snapshot(RhCanvasTiles *tiles, const RhCanvasPicture *picture, const RhCanvasView *view,
                              double scale, GtkSnapshot *snapshot)
{
    double x, y;
    place(tiles, view, &x, &y);
    int width = (int)MAX(floor(view->image_width * view->zoom + tiles->phase_x + 0.5), 1);
    int height = (int)MAX(floor(view->image_height * view->zoom + tiles->phase_y + 0.5), 1);
    Range range =
        range_of(MAX(-x, 0), MAX(-y, 0), MIN(view->width - x, width), MIN(view->height - y, height));
    g_hash_table_foreach_remove(tiles->nodes, is_outside, &range);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)(x / scale), (float)(y / scale)));
    for (int row = range.top; row < range.bottom; row++) {
        for (int column = range.left; column < range.right; column++) {
            gint64 key = key_of(column, row);
            GskRenderNode *node = g_hash_table_lookup(tiles->nodes, &key);
            if (node == NULL) {
                int left = column * SIDE, top = row * SIDE;
                node = paint_tile(tiles, picture, scale, left, top, MIN(SIDE, width - left),
                                  MIN(SIDE, height - top));
                g_hash_table_insert(tiles->nodes, g_memdup2(&key, sizeof key), node);
            }
            gtk_snapshot_append_node(snapshot, node);
        }
    }
    gtk_snapshot_restore(snapshot);
}
