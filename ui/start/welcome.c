/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "start/welcome.h"

#include "common/children.h"

struct _RhWelcome {
    GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE(RhWelcome, rh_welcome, GTK_TYPE_WIDGET)

static void dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_welcome_parent_class)->dispose(object);
}

static void rh_welcome_class_init(RhWelcomeClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
                                                "/org/redherring/RedHerring/ui/welcome.ui");
}

static void rh_welcome_init(RhWelcome *welcome)
{
    gtk_widget_init_template(GTK_WIDGET(welcome));
}
