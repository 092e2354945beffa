/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-tiles.h"

#include <string.h>

/* What a sample of the brush costs to show, counted: tiles painted anew, pixels of the smaller masks that are
 * looked at. It is the same on an image of any size. */

#define WIDTH  1280
#define HEIGHT 800

typedef struct {
    RhImage *image;
    RhMask *mask;
    RhCanvasPicture picture;
    RhCanvasView view;
    RhCanvasTiles *tiles;
} Shown;

static Shown *show(guint side)
{
    Shown *shown = g_new0(Shown, 1);
    shown->image = rh_image_new(side, side, RH_PIXEL_U8);
    shown->image->white = 255;
    shown->mask = rh_mask_new(side, side);
    shown->picture = (RhCanvasPicture){.display = rh_canvas_display_default(), .line = 1};
    rh_canvas_picture_set_image(&shown->picture, shown->image);
    rh_canvas_picture_take_halved(&shown->picture, rh_pyramid_of_image(shown->image, 16));
    rh_canvas_picture_set_mask(&shown->picture, shown->mask);
    rh_canvas_view_set_size(&shown->view, WIDTH, HEIGHT);
    rh_canvas_view_set_image(&shown->view, side, side);
    shown->tiles = rh_canvas_tiles_new();
    return shown;
}

static void shown_free(Shown *shown)
{
    rh_canvas_tiles_free(shown->tiles);
    rh_canvas_picture_clear(&shown->picture);
    rh_mask_free(shown->mask);
    rh_image_unref(shown->image);
    g_free(shown);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shown, shown_free)

static void add_tiles(GskRenderNode *node, GHashTable *found)
{
    if (gsk_render_node_get_node_type(node) == GSK_CONTAINER_NODE)
        for (guint i = 0; i < gsk_container_node_get_n_children(node); i++)
            add_tiles(gsk_container_node_get_child(node, i), found);
    else if (gsk_render_node_get_node_type(node) == GSK_TRANSFORM_NODE)
        add_tiles(gsk_transform_node_get_child(node), found);
    else
        g_hash_table_add(found, gsk_render_node_ref(node));
}

/* The painted tiles of a frame, which GTK draws again only where they are others than before. */
static GHashTable *frame(Shown *shown)
{
    GHashTable *found = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)gsk_render_node_unref, NULL);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    rh_canvas_tiles_snapshot(shown->tiles, &shown->picture, &shown->view, 1, snapshot);
    g_autoptr(GskRenderNode) node = gtk_snapshot_free_to_node(snapshot);
    add_tiles(node, found);
    return found;
}

/* Marks a square of the image around the middle of the view, as a sample of the brush does. */
static RhRectangle mark(Shown *shown, int side)
{
    const RhRectangle area = {(int)shown->view.x - side / 2, (int)shown->view.y - side / 2, side, side};
    const double zoom = shown->view.zoom;
    double x, y;
    for (int row = area.y; row < area.y + side; row++)
        memset(shown->mask->pixels + (gsize)row * shown->mask->width + area.x, 255, (gsize)side);
    rh_canvas_picture_mask_changed(&shown->picture, area);
    x = area.x * zoom;
    y = area.y * zoom;
    rh_canvas_tiles_forget_area(
        shown->tiles, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)(side * zoom), (float)(side * zoom)));
    return area;
}

static guint count_new(GHashTable *before, GHashTable *after)
{
    guint count = 0;
    GHashTableIter iterator;
    gpointer node;
    g_hash_table_iter_init(&iterator, after);
    while (g_hash_table_iter_next(&iterator, &node, NULL))
        count += !g_hash_table_contains(before, node);
    return count;
}

static const guint sides[] = {1024, 2048, 4096};

/* A brush of 40 pixels of the screen, at the same zoom and with the whole image in view. */
static void test_no_lag_that_grows_with_the_image(void)
{
    for (guint fit = 0; fit < 2; fit++) {
        guint painted[G_N_ELEMENTS(sides)];
        for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
            g_autoptr(Shown) shown = show(sides[i]);
            if (!fit)
                rh_canvas_view_zoom(&shown->view, 1 / shown->view.zoom, WIDTH / 2, HEIGHT / 2);
            g_autoptr(GHashTable) before = frame(shown), idle = frame(shown);
            g_assert_cmpuint(count_new(before, idle), ==, 0); /* nothing has changed */
            mark(shown, (int)(40 / shown->view.zoom));
            g_autoptr(GHashTable) after = frame(shown);
            painted[i] = count_new(before, after);
            g_assert_cmpuint(g_hash_table_size(after), >, 8 * painted[i]);
        }
        g_test_message("%s: %u tiles painted", fit ? "whole image" : "one to one", painted[0]);
        g_assert_cmpuint(painted[0], >, 0);
        g_assert_cmpuint(painted[0], <=, 4);
        for (guint i = 1; i < G_N_ELEMENTS(sides); i++)
            g_assert_cmpuint(painted[i], ==, painted[0]);
    }
}

/* Beyond what a sample touched the mask is not looked at: what changes there without a word is not seen. */
static void test_smaller_masks_follow_the_brush_alone(void)
{
    guint changed[G_N_ELEMENTS(sides)];
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(Shown) shown = show(sides[i]);
        memset(shown->mask->pixels, 255, (gsize)sides[i] * sides[i]);
        mark(shown, 40);
        changed[i] = 0;
        for (guint level = 1; level < RH_PYRAMID_LEVELS && level <= 2; level++) {
            const RhMask *half = shown->picture.halved_masks[level];
            for (gsize p = 0; p < (gsize)half->width * half->height; p++)
                changed[i] += half->pixels[p] != 0;
        }
    }
    g_test_message("a mark of 40 by 40 pixels: %u pixels of two smaller masks", changed[0]);
    g_assert_cmpuint(changed[0], >=, 20 * 20 + 10 * 10);
    g_assert_cmpuint(changed[0], <=, 22 * 22 + 12 * 12);
    for (guint i = 1; i < G_N_ELEMENTS(sides); i++)
        g_assert_cmpuint(changed[i], ==, changed[0]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gtk_init();
    g_test_add_func("/canvas-tiles/no-lag-that-grows-with-the-image", test_no_lag_that_grows_with_the_image);
    g_test_add_func("/canvas-tiles/smaller-masks-follow-the-brush-alone",
                    test_smaller_masks_follow_the_brush_alone);
    return g_test_run();
}
