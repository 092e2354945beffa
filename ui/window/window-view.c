/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "common/focus.h"
#include "common/text.h"

/* How the image is looked at, and what is under the pointer. */

static char *describe_point(const RhCanvasPoint *point)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, _("Column %u, row %u · value %.6g"), point->column + 1, point->row + 1,
                           point->value);
    if (point->has_mask)
        g_string_append(text, point->inside ? _(" · in the mask") : _(" · outside the mask"));
    if (point->has_heat)
        g_string_append_printf(text, _(" · saliency %.2f"), point->heat);
    return g_string_free(text, FALSE);
}

static void point_changed(RhCanvas *canvas, RhWindow *self)
{
    RhCanvasPoint point;
    g_autofree char *text = rh_canvas_get_point(canvas, &point) ? describe_point(&point) : g_strdup("");
    rh_text_show_value(self->point, _("Under the pointer"), text);
}

static void keyboard_drawing(RhCanvas *canvas, gboolean on, RhWindow *self)
{
    rh_window_toast(self, on ? _("Drawing by keyboard: arrows move, Space paints, K ends it")
                             : _("Arrows go from image to image again"));
}

static void step(RhCanvas *canvas, int step, RhWindow *self)
{
    rh_image_list_select_next(self->images, step);
}

void rh_window_view_init(RhWindow *self)
{
    static const char *const properties[] = {"inverted",      "pixel-grid", "minimap",
                                             "window-preset", "mask-style", "mask-colour"};
    for (guint i = 0; i < G_N_ELEMENTS(properties); i++) {
        g_autoptr(GPropertyAction) action = g_property_action_new(properties[i], self->canvas, properties[i]);
        g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
    }
    rh_focus_hand_on_keys(GTK_WINDOW(self), GTK_WIDGET(self->canvas));
    rh_minimap_set_canvas(self->minimap, self->canvas);
    rh_display_panel_set_canvas(self->display, self->canvas);
    g_signal_connect_object(self->canvas, "point-changed", G_CALLBACK(point_changed), self, 0);
    g_signal_connect_object(self->canvas, "keyboard-drawing", G_CALLBACK(keyboard_drawing), self, 0);
    g_signal_connect_object(self->canvas, "step", G_CALLBACK(step), self, 0);
    point_changed(self->canvas, self);
}
