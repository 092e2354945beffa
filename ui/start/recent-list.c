/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "start/recent-list.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "common/children.h"

struct _RhRecentList {
    GtkWidget parent_instance;
    GtkListBox *rows;
    GListModel *studies;
};

G_DEFINE_FINAL_TYPE(RhRecentList, rh_recent_list, GTK_TYPE_WIDGET)

static GtkWidget *removing_button(RhRecentStudy *study)
{
    GtkWidget *button = gtk_button_new_from_icon_name("list-remove-symbolic");
    g_autofree char *label = g_strdup_printf(_("Remove %s from the list"), rh_recent_study_get_name(study));
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    gtk_widget_set_tooltip_text(button, _("Remove from the list; the study itself stays"));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.forget-study");
    gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", rh_recent_study_get_folder(study));
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(button, "flat");
    return button;
}

static GtkWidget *row_of(gpointer item, gpointer data)
{
    RhRecentStudy *study = item;
    gboolean missing = rh_recent_study_is_missing(study);
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), rh_recent_study_get_name(study));
    g_autofree char *place = missing ? g_strdup_printf(_("Missing: %s"), rh_recent_study_get_folder(study))
                                     : g_strdup(rh_recent_study_get_folder(study));
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), place);
    adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), removing_button(study));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), !missing);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(row), "win.open-recent");
    gtk_actionable_set_action_target(GTK_ACTIONABLE(row), "s", rh_recent_study_get_folder(study));
    if (missing)
        gtk_widget_add_css_class(row, "dim-label");
    return row;
}

static void show_if_any(RhRecentList *list)
{
    gtk_widget_set_visible(GTK_WIDGET(list), g_list_model_get_n_items(list->studies) > 0);
}

void rh_recent_list_set_studies(RhRecentList *list, RhRecentStudies *studies)
{
    g_return_if_fail(list->studies == NULL);
    list->studies = g_object_ref(rh_recent_studies_get_list(studies));
    gtk_list_box_bind_model(list->rows, list->studies, row_of, NULL, NULL);
    g_signal_connect_object(list->studies, "items-changed", G_CALLBACK(show_if_any), list, G_CONNECT_SWAPPED);
    show_if_any(list);
}

static void dispose(GObject *object)
{
    RhRecentList *list = RH_RECENT_LIST(object);
    if (list->rows != NULL)
        gtk_list_box_bind_model(list->rows, NULL, NULL, NULL, NULL);
    list->rows = NULL;
    g_clear_object(&list->studies);
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_recent_list_parent_class)->dispose(object);
}

static void rh_recent_list_class_init(RhRecentListClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/recent-list.ui");
    gtk_widget_class_bind_template_child(widget_class, RhRecentList, rows);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_recent_list_init(RhRecentList *list)
{
    gtk_widget_init_template(GTK_WIDGET(list));
}
