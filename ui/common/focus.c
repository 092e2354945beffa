/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/focus.h"

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

static gboolean is_for_the_focus(guint key)
{
    static const guint keys[] = {GDK_KEY_Tab,      GDK_KEY_ISO_Left_Tab, GDK_KEY_space,   GDK_KEY_Return,
                                 GDK_KEY_KP_Enter, GDK_KEY_Escape,       GDK_KEY_Left,    GDK_KEY_Right,
                                 GDK_KEY_Up,       GDK_KEY_Down,         GDK_KEY_KP_Left, GDK_KEY_KP_Right,
                                 GDK_KEY_KP_Up,    GDK_KEY_KP_Down};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i] == key)
            return TRUE;
    return FALSE;
}

/* What has the focus in a popover is none of the widget's business. */
static gboolean unused(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       GtkWidget *widget)
{
    GtkWidget *window = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller));
    GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(window));
    if (focus == widget || (focus != NULL && gtk_widget_get_native(focus) != GTK_NATIVE(window)) ||
        !gtk_widget_get_mapped(widget) || is_for_the_focus(key))
        return GDK_EVENT_PROPAGATE;
    return gtk_event_controller_key_forward(controller, widget);
}

void rh_focus_hand_on_keys(GtkWindow *window, GtkWidget *widget)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect_object(keys, "key-pressed", G_CALLBACK(unused), widget, 0);
    gtk_widget_add_controller(GTK_WIDGET(window), keys);
}

static void fetch_back(GtkWindow *window)
{
    GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(window));
    if (focus == NULL || gtk_widget_is_visible(focus) || !gtk_widget_is_visible(GTK_WIDGET(window)))
        return;
    do
        focus = gtk_widget_get_parent(focus);
    while (focus != NULL && !(gtk_widget_is_visible(focus) && gtk_widget_grab_focus(focus)));
}

void rh_focus_stay_in_sight(GtkWindow *window)
{
    g_signal_connect(window, "notify::focus-widget", G_CALLBACK(fetch_back), NULL);
}

void rh_focus_leave_with_tab(GtkWidget *list)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(pressed), NULL);
    gtk_widget_add_controller(list, keys);
}
