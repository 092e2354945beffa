/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/live-bar.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "common/text.h"

struct _RhLiveBar {
    GtkWidget parent_instance;
    GtkSwitch *toggle;
    GtkLabel *status;
    char *text, *obstacle;
};

G_DEFINE_FINAL_TYPE(RhLiveBar, rh_live_bar, GTK_TYPE_WIDGET)

enum { PROP_ACTIVE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static void refresh(RhLiveBar *bar)
{
    gtk_widget_set_sensitive(GTK_WIDGET(bar->toggle), bar->obstacle == NULL);
    rh_text_show_value(bar->status, _("Live training"), bar->obstacle != NULL ? bar->obstacle : bar->text);
}

gboolean rh_live_bar_get_active(RhLiveBar *bar)
{
    return gtk_switch_get_active(bar->toggle);
}

void rh_live_bar_show_status(RhLiveBar *bar, const char *status)
{
    g_free(bar->text);
    bar->text = g_strdup(status);
    refresh(bar);
}

void rh_live_bar_set_obstacle(RhLiveBar *bar, const char *reason)
{
    g_free(bar->obstacle);
    bar->obstacle = g_strdup(reason);
    refresh(bar);
}

static void toggled(RhLiveBar *bar)
{
    g_object_notify_by_pspec(G_OBJECT(bar), properties[PROP_ACTIVE]);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_ACTIVE)
        g_value_set_boolean(value, rh_live_bar_get_active(RH_LIVE_BAR(object)));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_ACTIVE)
        gtk_switch_set_active(RH_LIVE_BAR(object)->toggle, g_value_get_boolean(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_live_bar_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhLiveBar *bar = RH_LIVE_BAR(object);
    g_free(bar->text);
    g_free(bar->obstacle);
    G_OBJECT_CLASS(rh_live_bar_parent_class)->finalize(object);
}

static void rh_live_bar_class_init(RhLiveBarClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    properties[PROP_ACTIVE] = g_param_spec_boolean(
        "active", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, N_PROPERTIES, properties);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/live-bar.ui");
    gtk_widget_class_bind_template_child(widget_class, RhLiveBar, toggle);
    gtk_widget_class_bind_template_child(widget_class, RhLiveBar, status);
    gtk_widget_class_bind_template_callback(widget_class, toggled);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_live_bar_init(RhLiveBar *bar)
{
    gtk_widget_init_template(GTK_WIDGET(bar));
    bar->text = g_strdup("");
    refresh(bar);
}
