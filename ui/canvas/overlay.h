/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* How plainly what lies over a picture is drawn: more so where the desktop is in high contrast. */
typedef struct {
    double thickness;    /* of strokes, times their usual width */
    double rim, rim_ink; /* the dark edge on either side of a stroke: GTK pixels, and alpha */
    double mask_line;    /* width of a mask's outline, GTK pixels */
    guint grid;          /* alpha of the lines between pixels, of 256 */
} RhOverlay;

const RhOverlay *rh_overlay(void);
/* Calls changed (widget) whenever it is another, as long as the widget lives. */
void rh_overlay_follow(GtkWidget *widget, GCallback changed);
/* Strokes the path dark below and in the colour above, so that it is seen on any film. width: usually, in GTK
 * pixels; scale: units of the path a GTK pixel. */
void rh_overlay_stroke(cairo_t *cr, double scale, double width, double red, double green, double blue);
