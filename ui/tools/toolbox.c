/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tools/toolbox.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "tools/tool.h"

struct _RhToolbox {
    GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE(RhToolbox, rh_toolbox, GTK_TYPE_WIDGET)

static GtkWidget *make_button(const RhTool *tool)
{
    GtkWidget *button = gtk_toggle_button_new();
    g_autofree char *number =
        tool->number != 0 ? g_strdup_printf(", %u", tool->number - GDK_KEY_0) : g_strdup("");
    g_autofree char *hint = g_strdup_printf("%s (%s%s)", _(tool->hint), tool->key_name, number);
    gtk_button_set_icon_name(GTK_BUTTON(button), tool->icon_name);
    gtk_widget_set_tooltip_text(button, hint);
    gtk_widget_add_css_class(button, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(tool->title), -1);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.tool");
    gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", tool->name);
    return button;
}

static void rh_toolbox_dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_toolbox_parent_class)->dispose(object);
}

static void rh_toolbox_class_init(RhToolboxClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = rh_toolbox_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "toolbox");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
}

static void rh_toolbox_init(RhToolbox *toolbox)
{
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(toolbox));
    gtk_orientable_set_orientation(GTK_ORIENTABLE(layout), GTK_ORIENTATION_VERTICAL);
    gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(layout), 2);
    gtk_accessible_update_property(GTK_ACCESSIBLE(toolbox), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Tools"), -1);
    for (guint i = 0; i < RH_CANVAS_N_TOOLS; i++)
        gtk_widget_set_parent(make_button(rh_tool(i)), GTK_WIDGET(toolbox));
}
