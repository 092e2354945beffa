/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "masks/history-menu.h"

#include <glib/gi18n.h>

#include "common/children.h"

#define LONGEST 320 /* pixels of the screen, before the list scrolls */

struct _RhHistoryMenu {
    GtkWidget parent_instance;
    RhCanvas *canvas;
    GtkWidget *button, *popover;
    GtkStringList *names;
    GtkSingleSelection *selection;
    GtkWidget *list;
};

enum { PROP_CANVAS = 1 };

G_DEFINE_FINAL_TYPE(RhHistoryMenu, rh_history_menu, GTK_TYPE_WIDGET)

/* Row 0 is the mask as it was opened, row n the n-th step. */
static void fill_list(RhHistoryMenu *menu)
{
    const RhMaskEditor *editor = rh_canvas_get_editor(menu->canvas);
    const guint steps = editor != NULL ? rh_mask_editor_steps(editor) : 0;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_ptr_array_add(names, (gpointer)_("As it was"));
    for (guint i = 0; i < steps; i++)
        g_ptr_array_add(names, (gpointer)_(rh_mask_editor_step_name(editor, i)));
    g_ptr_array_add(names, NULL);
    gtk_string_list_splice(menu->names, 0, g_list_model_get_n_items(G_LIST_MODEL(menu->names)),
                           (const char *const *)names->pdata);
    const guint done = editor != NULL ? rh_mask_editor_steps_done(editor) : 0;
    gtk_single_selection_set_selected(menu->selection, done);
}

static void about_to_show(GtkMenuButton *button, gpointer data)
{
    RhHistoryMenu *menu = data;
    if (menu->canvas != NULL)
        fill_list(menu);
}

/* The step the mask is at, in sight. */
static void list_shown(RhHistoryMenu *menu)
{
    gtk_widget_activate_action(menu->list, "list.scroll-to-item", "u",
                               gtk_single_selection_get_selected(menu->selection));
    gtk_widget_grab_focus(menu->list);
}

static void row_chosen(GtkListView *list, guint position, RhHistoryMenu *menu)
{
    rh_canvas_go_to_step(menu->canvas, position);
    gtk_popover_popdown(GTK_POPOVER(menu->popover));
}

static void set_up_row(GtkSignalListItemFactory *factory, GtkListItem *item, RhHistoryMenu *menu)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_list_item_set_child(item, label);
}

/* Steps that were taken back are dim. */
static void show_row(GtkSignalListItemFactory *factory, GtkListItem *item, RhHistoryMenu *menu)
{
    GtkWidget *label = gtk_list_item_get_child(item);
    const RhMaskEditor *editor = rh_canvas_get_editor(menu->canvas);
    const guint position = gtk_list_item_get_position(item);
    g_autofree char *text =
        g_strdup_printf("%u  %s", position, gtk_string_object_get_string(gtk_list_item_get_item(item)));
    gtk_label_set_text(GTK_LABEL(label), text);
    if (editor != NULL && position > rh_mask_editor_steps_done(editor))
        gtk_widget_add_css_class(label, "dim-label");
    else
        gtk_widget_remove_css_class(label, "dim-label");
}

static void rh_history_menu_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_CANVAS)
        g_value_set_object(value, RH_HISTORY_MENU(object)->canvas);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rh_history_menu_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_CANVAS)
        RH_HISTORY_MENU(object)->canvas = g_value_get_object(value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rh_history_menu_dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    RH_HISTORY_MENU(object)->canvas = NULL;
    G_OBJECT_CLASS(rh_history_menu_parent_class)->dispose(object);
}

static void rh_history_menu_class_init(RhHistoryMenuClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = rh_history_menu_get_property;
    object_class->set_property = rh_history_menu_set_property;
    object_class->dispose = rh_history_menu_dispose;
    g_object_class_install_property(object_class, PROP_CANVAS,
                                    g_param_spec_object("canvas", NULL, NULL, RH_TYPE_CANVAS,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void make_list(RhHistoryMenu *menu)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    g_signal_connect(factory, "setup", G_CALLBACK(set_up_row), menu);
    g_signal_connect(factory, "bind", G_CALLBACK(show_row), menu);
    menu->names = gtk_string_list_new(NULL);
    menu->selection = gtk_single_selection_new(G_LIST_MODEL(menu->names));
    menu->list = gtk_list_view_new(GTK_SELECTION_MODEL(menu->selection), factory);
    gtk_list_view_set_single_click_activate(GTK_LIST_VIEW(menu->list), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(menu->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Steps"), -1);
    g_signal_connect(menu->list, "activate", G_CALLBACK(row_chosen), menu);
    g_signal_connect_swapped(menu->list, "map", G_CALLBACK(list_shown), menu);
}

static void rh_history_menu_init(RhHistoryMenu *menu)
{
    GtkWidget *scrolled = gtk_scrolled_window_new();
    make_list(menu);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), menu->list);
    gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
    gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), LONGEST);
    gtk_widget_set_size_request(scrolled, 220, -1);
    menu->popover = gtk_popover_new();
    gtk_popover_set_child(GTK_POPOVER(menu->popover), scrolled);
    menu->button = gtk_menu_button_new();
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(menu->button), "rh-history-symbolic");
    gtk_menu_button_set_popover(GTK_MENU_BUTTON(menu->button), menu->popover);
    gtk_menu_button_set_create_popup_func(GTK_MENU_BUTTON(menu->button), about_to_show, menu, NULL);
    gtk_widget_set_tooltip_text(menu->button, _("Go back to any step of this mask"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(menu->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("History of the mask"), -1);
    gtk_widget_set_parent(menu->button, GTK_WIDGET(menu));
}
