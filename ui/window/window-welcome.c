/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

/* The introduction: by itself at the first start, afterwards only when it is asked for. */

static void show_page(RhWindow *self)
{
    gtk_stack_set_visible_child_name(self->pages, "welcome");
    rh_window_set_enabled(self, "hide-welcome", self->study != NULL);
    gtk_widget_child_focus(gtk_stack_get_visible_child(self->pages), GTK_DIR_TAB_FORWARD);
}

gboolean rh_window_welcome(RhWindow *self)
{
    if (self->settings == NULL || g_settings_get_boolean(self->settings, "welcome-shown"))
        return FALSE;
    g_settings_set_boolean(self->settings, "welcome-shown", TRUE);
    rh_window_state_save(self);
    show_page(self);
    return TRUE;
}

static void show_welcome(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    show_page(data);
}

static void hide_welcome(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    gtk_stack_set_visible_child_name(self->pages, "work");
    gtk_widget_grab_focus(GTK_WIDGET(self->canvas));
}

const GActionEntry rh_window_welcome_actions[] = {
    {"show-welcome", show_welcome},
    {"hide-welcome", hide_welcome},
};
const guint rh_window_n_welcome_actions = G_N_ELEMENTS(rh_window_welcome_actions);
