/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "focus.h"

/* To what comes after the widget, or before it, nearest first; behind the last comes the first. */
static gboolean leave(GtkWidget *widget, GtkDirectionType direction)
{
    GtkRoot *root = gtk_widget_get_root(widget);
    for (; widget != NULL && !GTK_IS_ROOT(widget); widget = gtk_widget_get_parent(widget)) {
        GtkWidget *other = widget;
        while ((other = direction == GTK_DIR_TAB_FORWARD ? gtk_widget_get_next_sibling(other)
                                                         : gtk_widget_get_prev_sibling(other)) != NULL)
            if (gtk_widget_get_child_visible(other) && gtk_widget_child_focus(other, direction))
                return TRUE;
    }
    gtk_root_set_focus(root, NULL);
    return gtk_widget_child_focus(GTK_WIDGET(root), direction);
}

static gboolean pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                        gpointer data)
{
    GtkWidget *list = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller));
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
        return FALSE;
    if (key == GDK_KEY_ISO_Left_Tab || (key == GDK_KEY_Tab && (state & GDK_SHIFT_MASK)))
        return leave(list, GTK_DIR_TAB_BACKWARD);
    return key == GDK_KEY_Tab && leave(list, GTK_DIR_TAB_FORWARD);
}

void rh_focus_leave_with_tab(GtkWidget *list)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(pressed), NULL);
    gtk_widget_add_controller(list, keys);
}
