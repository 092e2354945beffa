/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare/history-frame.h"

#include <pango/pangocairo.h>

/* The longer side of the image is about this long at least, and at most. */
#define SIDE_LEAST 512u
#define SIDE_MOST  1024u
#define TEXT_SIZE  13
#define LINE       20
#define MARGIN     8
/* Lines are not narrower than this, whatever the image. */
#define WIDTH_LEAST 512u

struct _RhHistoryFrame {
    RhCanvasPicture picture;
    RhMask *mask;
    double zoom;
    guint image_width, image_height, width, height;
};

RhHistoryFrame *rh_history_frame_new(RhImage *image, const RhMask *mask, double mask_opacity,
                                     double heat_opacity)
{
    RhHistoryFrame *frame = g_new0(RhHistoryFrame, 1);
    const guint side = MAX(image->width, image->height);
    frame->zoom = side > SIDE_MOST ? (double)SIDE_MOST / side : side < SIDE_LEAST ? SIDE_LEAST / side : 1;
    frame->image_width = MAX(1, (guint)(image->width * frame->zoom));
    frame->image_height = MAX(1, (guint)(image->height * frame->zoom));
    frame->width = MAX(frame->image_width, WIDTH_LEAST);
    frame->height = frame->image_height + RH_HISTORY_FRAME_LINES * LINE + 2 * MARGIN;
    frame->picture.display = rh_canvas_display_default();
    frame->picture.display.mask_opacity = mask_opacity;
    frame->picture.display.heat_opacity = heat_opacity;
    frame->picture.line = 2;
    rh_canvas_picture_set_image(&frame->picture, image);
    rh_canvas_picture_take_halved(&frame->picture, rh_pyramid_of_image(image, RH_CANVAS_TILE));
    frame->mask = mask != NULL ? rh_mask_copy(mask) : NULL;
    rh_canvas_picture_set_mask(&frame->picture, frame->mask);
    return frame;
}

void rh_history_frame_free(RhHistoryFrame *frame)
{
    rh_canvas_picture_clear(&frame->picture);
    g_clear_pointer(&frame->mask, rh_mask_free);
    g_free(frame);
}

guint rh_history_frame_width(const RhHistoryFrame *frame)
{
    return frame->width;
}

guint rh_history_frame_height(const RhHistoryFrame *frame)
{
    return frame->height;
}

static void write_lines(const RhHistoryFrame *frame, cairo_t *cr, const char *const *lines)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "Cantarell, Sans");
    pango_font_description_set_absolute_size(font, TEXT_SIZE * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(frame->width - 2 * MARGIN) * PANGO_SCALE);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
    for (guint i = 0; lines[i] != NULL && i < RH_HISTORY_FRAME_LINES; i++) {
        pango_layout_set_text(layout, lines[i], -1);
        cairo_move_to(cr, MARGIN, frame->image_height + MARGIN + i * LINE);
        pango_cairo_show_layout(cr, layout);
    }
    pango_font_description_free(font);
    g_object_unref(layout);
}

guint32 *rh_history_frame_paint(RhHistoryFrame *frame, const RhSaliencyResult *result,
                                const char *const *lines)
{
    const gsize count = (gsize)frame->width * frame->height;
    guint32 *pixels = g_new(guint32, count);
    memset(pixels, 0xff, count * sizeof *pixels);
    rh_canvas_picture_set_heat(&frame->picture, result->values, result->height, result->width,
                               rh_colormaps()[0]);
    const guint left = (frame->width - frame->image_width) / 2;
    rh_canvas_picture_paint_whole(&frame->picture, frame->zoom, (int)frame->image_width,
                                  (int)frame->image_height, pixels + left, frame->width);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (guchar *)pixels, CAIRO_FORMAT_RGB24, (int)frame->width, (int)frame->height, (int)frame->width * 4);
    cairo_t *cr = cairo_create(surface);
    write_lines(frame, cr, lines);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return pixels;
}
