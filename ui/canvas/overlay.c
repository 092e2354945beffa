/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/overlay.h"

#include <adwaita.h>

static const RhOverlay plain = {.thickness = 1, .rim = 1, .rim_ink = 0.6, .mask_line = 2, .grid = 56},
                       contrast = {.thickness = 2, .rim = 2, .rim_ink = 1, .mask_line = 4, .grid = 128};

const RhOverlay *rh_overlay(void)
{
    return adw_style_manager_get_high_contrast(adw_style_manager_get_default()) ? &contrast : &plain;
}

void rh_overlay_follow(GtkWidget *widget, GCallback changed)
{
    g_signal_connect_object(adw_style_manager_get_default(), "notify::high-contrast", changed, widget,
                            G_CONNECT_SWAPPED);
}

void rh_overlay_stroke(cairo_t *cr, double scale, double width, double red, double green, double blue)
{
    const RhOverlay *overlay = rh_overlay();
    cairo_set_line_width(cr, (width * overlay->thickness + 2 * overlay->rim) * scale);
    cairo_set_source_rgba(cr, 0, 0, 0, overlay->rim_ink);
    cairo_stroke_preserve(cr);
    cairo_set_line_width(cr, width * overlay->thickness * scale);
    cairo_set_source_rgb(cr, red, green, blue);
    cairo_stroke(cr);
}
