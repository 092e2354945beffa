/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "masks/queue-panel.h"

#include <glib/gi18n.h>

#include "base/duration.h"
#include "common/children.h"
#include "common/text.h"

struct _RhQueuePanel {
    GtkWidget parent_instance;
    GtkEditable *note;
    GtkLabel *time;
    gboolean showing; /* the note is another image's, not written by hand */
};

enum { NOTED, LEFT, N_SIGNALS };
/* Filled once when the class is made. */
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(RhQueuePanel, rh_queue_panel, GTK_TYPE_WIDGET)

static void note_changed(RhQueuePanel *panel)
{
    if (!panel->showing)
        g_signal_emit(panel, signals[NOTED], 0, gtk_editable_get_text(panel->note));
}

static void note_written(RhQueuePanel *panel)
{
    g_signal_emit(panel, signals[LEFT], 0);
}

void rh_queue_panel_show(RhQueuePanel *panel, const RhCase *item)
{
    g_return_if_fail(RH_IS_QUEUE_PANEL(panel));
    const char *note = item != NULL ? item->note : "";
    panel->showing = TRUE;
    if (g_strcmp0(gtk_editable_get_text(panel->note), note) != 0)
        gtk_editable_set_text(panel->note, note);
    panel->showing = FALSE;
    gtk_editable_set_editable(panel->note, item != NULL);
    if (item == NULL)
        rh_text_show_value(panel->time, _("Time on this image"), "");
}

void rh_queue_panel_show_time(RhQueuePanel *panel, double seconds)
{
    g_return_if_fail(RH_IS_QUEUE_PANEL(panel));
    g_autofree char *time = rh_duration_text(seconds);
    g_autofree char *text = g_strdup_printf(_("%s on this image"), time);
    rh_text_show_value(panel->time, _("Time on this image"), text);
}

void rh_queue_panel_edit_note(RhQueuePanel *panel)
{
    g_return_if_fail(RH_IS_QUEUE_PANEL(panel));
    gtk_widget_grab_focus(GTK_WIDGET(panel->note));
}

static void rh_queue_panel_dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_queue_panel_parent_class)->dispose(object);
}

static void rh_queue_panel_class_init(RhQueuePanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = rh_queue_panel_dispose;
    signals[NOTED] = g_signal_new("noted", RH_TYPE_QUEUE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[LEFT] = g_signal_new("left", RH_TYPE_QUEUE_PANEL, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_add_binding_signal(widget_class, GDK_KEY_Escape, 0, "left", NULL);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/queue-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhQueuePanel, note);
    gtk_widget_class_bind_template_child(widget_class, RhQueuePanel, time);
    gtk_widget_class_bind_template_callback(widget_class, note_changed);
    gtk_widget_class_bind_template_callback(widget_class, note_written);
}

static void rh_queue_panel_init(RhQueuePanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(panel));
    gtk_orientable_set_orientation(GTK_ORIENTABLE(layout), GTK_ORIENTATION_VERTICAL);
    gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(layout), 6);
}
