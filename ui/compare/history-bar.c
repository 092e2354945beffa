/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare/history-bar.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "common/text.h"

struct _RhHistoryBar {
    GtkWidget parent_instance;
    GtkAdjustment *adjustment;
    GtkToggleButton *play;
    GtkLabel *scores;
    gboolean told; /* what changes is not the person's doing */
};

G_DEFINE_FINAL_TYPE(RhHistoryBar, rh_history_bar, GTK_TYPE_WIDGET)

enum { MOVED, PLAYING, N_SIGNALS };
static guint signals[N_SIGNALS];

static void slider_moved(GtkAdjustment *adjustment, RhHistoryBar *bar)
{
    if (!bar->told)
        g_signal_emit(bar, signals[MOVED], 0, (guint)(gtk_adjustment_get_value(adjustment) + 0.5));
}

static void play_toggled(RhHistoryBar *bar)
{
    gboolean playing = gtk_toggle_button_get_active(bar->play);
    gtk_button_set_icon_name(GTK_BUTTON(bar->play),
                             playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
    if (!bar->told)
        g_signal_emit(bar, signals[PLAYING], 0, playing);
}

void rh_history_bar_show(RhHistoryBar *bar, guint epochs, guint epoch, const char *scores)
{
    bar->told = TRUE;
    gtk_adjustment_set_upper(bar->adjustment, MAX(epochs, 1));
    gtk_adjustment_set_value(bar->adjustment, epoch);
    bar->told = FALSE;
    rh_text_show_value(bar->scores, _("Scores of the epoch"), scores);
    gtk_widget_set_visible(GTK_WIDGET(bar), epochs > 0);
    gtk_widget_set_sensitive(GTK_WIDGET(bar), epochs > 1);
}

void rh_history_bar_set_playing(RhHistoryBar *bar, gboolean playing)
{
    bar->told = TRUE;
    gtk_toggle_button_set_active(bar->play, playing);
    bar->told = FALSE;
}

static void dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_history_bar_parent_class)->dispose(object);
}

static void rh_history_bar_class_init(RhHistoryBarClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/history-bar.ui");
    gtk_widget_class_bind_template_child(widget_class, RhHistoryBar, adjustment);
    gtk_widget_class_bind_template_child(widget_class, RhHistoryBar, play);
    gtk_widget_class_bind_template_child(widget_class, RhHistoryBar, scores);
    gtk_widget_class_bind_template_callback(widget_class, slider_moved);
    gtk_widget_class_bind_template_callback(widget_class, play_toggled);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    signals[MOVED] = g_signal_new("moved", RH_TYPE_HISTORY_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[PLAYING] = g_signal_new("playing", RH_TYPE_HISTORY_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void rh_history_bar_init(RhHistoryBar *bar)
{
    gtk_widget_init_template(GTK_WIDGET(bar));
    rh_history_bar_show(bar, 0, 0, "");
}
