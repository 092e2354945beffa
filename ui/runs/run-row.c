/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/run-row.h"

#include <glib/gi18n.h>

#include "charts/chart-theme.h"
#include "common/menu-tooltips.h"

struct _RhRunRow {
    GtkListBoxRow parent_instance;
    GtkCheckButton *visible;
    GtkDrawingArea *swatch;
    GtkLabel *name, *state;
    GtkButton *pause, *resume, *stop, *remove;
    GtkMenuButton *more;
    RhRunItem *item;
};

G_DEFINE_FINAL_TYPE(RhRunRow, rh_run_row, GTK_TYPE_LIST_BOX_ROW)

static void draw_swatch(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    RhRunRow *row = data;
    double rgb[3];
    rh_chart_colour(rh_run_item_get_style(row->item), rh_chart_theme(), rgb);
    cairo_set_source_rgb(cr, rgb[0], rgb[1], rgb[2]);
    cairo_arc(cr, width / 2.0, height / 2.0, MIN(width, height) / 2.0, 0, 2 * G_PI);
    cairo_fill(cr);
}

/* What can be done with a run, by what is done with it already. */
static void show_buttons(RhRunRow *row)
{
    RhRunActivity activity = rh_run_item_get_activity(row->item);
    gboolean goes = activity == RH_RUN_TRAINING || activity == RH_RUN_WAITING;
    gboolean stands = activity == RH_RUN_PAUSED || activity == RH_RUN_HELD;
    gtk_widget_set_visible(GTK_WIDGET(row->pause), goes);
    gtk_widget_set_visible(GTK_WIDGET(row->resume), stands || rh_run_item_is_unfinished(row->item));
    gtk_widget_set_visible(GTK_WIDGET(row->stop), goes || stands);
    gtk_widget_set_visible(GTK_WIDGET(row->remove), !goes && !stands);
}

/* Takes the text. */
static void name_control(GtkWidget *widget, char *name)
{
    g_autofree char *text = name;
    gtk_widget_set_tooltip_text(widget, text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void name_controls(RhRunRow *row)
{
    const char *name = rh_run_item_get_name(row->item);
    gtk_label_set_text(row->name, name);
    name_control(GTK_WIDGET(row->visible), g_strdup_printf(_("Show %s in the charts"), name));
    name_control(GTK_WIDGET(row->pause), g_strdup_printf(_("Pause %s"), name));
    name_control(GTK_WIDGET(row->resume), g_strdup_printf(_("Resume %s"), name));
    name_control(GTK_WIDGET(row->stop), g_strdup_printf(_("Stop %s"), name));
    name_control(GTK_WIDGET(row->more), g_strdup_printf(_("More for %s"), name));
    name_control(GTK_WIDGET(row->remove), g_strdup_printf(_("Delete %s"), name));
}

static void refresh(RhRunRow *row)
{
    const char *name = rh_run_item_get_name(row->item);
    g_autofree char *state = rh_run_item_describe(row->item);
    gboolean failed =
        rh_run_item_get_activity(row->item) == RH_RUN_IDLE && rh_run_item_get_trouble(row->item) != NULL;
    if (!g_str_equal(gtk_label_get_text(row->name), name))
        name_controls(row);
    gtk_label_set_text(row->state, state);
    const char *doubt =
        rh_run_item_get_activity(row->item) == RH_RUN_IDLE ? rh_run_item_get_doubt(row->item) : NULL;
    gtk_widget_set_tooltip_text(GTK_WIDGET(row->state), failed ? rh_run_item_get_trouble(row->item) : doubt);
    static const char *const usual[] = {"caption", "dim-label", NULL}, *const wrong[] = {"caption", "error",
                                                                                         NULL};
    static const char *const doubtful[] = {"caption", "warning", NULL};
    gtk_widget_set_css_classes(GTK_WIDGET(row->state), (const char **)(failed          ? wrong
                                                                       : doubt != NULL ? doubtful
                                                                                       : usual));
    show_buttons(row);
    g_autofree char *label = g_strdup_printf("%s, %s", name, state);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void add_menu(RhRunRow *row)
{
    static const struct {
        const char *label, *action;
    } entries[] = {
        {N_("_Rename…"), "win.rename-run"},
        {N_("_Duplicate With Other Settings…"), "win.duplicate-run"},
    };
    g_autoptr(GMenu) menu = g_menu_new();
    for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_autoptr(GMenuItem) entry = g_menu_item_new(_(entries[i].label), NULL);
        g_menu_item_set_action_and_target(entry, entries[i].action, "s", rh_run_item_get_id(row->item));
        g_menu_append_item(menu, entry);
    }
    gtk_menu_button_set_menu_model(row->more, G_MENU_MODEL(menu));
}

GtkWidget *rh_run_row_new(RhRunItem *item)
{
    RhRunRow *row = g_object_new(RH_TYPE_RUN_ROW, NULL);
    GtkActionable *const controls[] = {GTK_ACTIONABLE(row->pause), GTK_ACTIONABLE(row->resume),
                                       GTK_ACTIONABLE(row->stop), GTK_ACTIONABLE(row->remove)};
    row->item = g_object_ref(item);
    for (guint i = 0; i < G_N_ELEMENTS(controls); i++)
        gtk_actionable_set_action_target(controls[i], "s", rh_run_item_get_id(item));
    g_object_bind_property(item, "visible", row->visible, "active",
                           G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
    g_signal_connect_object(item, "changed", G_CALLBACK(refresh), row, G_CONNECT_SWAPPED);
    gtk_drawing_area_set_draw_func(row->swatch, draw_swatch, row, NULL);
    rh_chart_theme_follow(GTK_WIDGET(row->swatch), G_CALLBACK(gtk_widget_queue_draw));
    add_menu(row);
    name_controls(row);
    rh_menu_tooltips_make_way(GTK_WIDGET(row->more));
    refresh(row);
    return GTK_WIDGET(row);
}

RhRunItem *rh_run_row_get_item(RhRunRow *row)
{
    return row->item;
}

static gboolean delete (GtkWidget *widget, GVariant *arguments, gpointer data)
{
    const char *id = rh_run_item_get_id(RH_RUN_ROW(widget)->item);
    return gtk_widget_activate_action(widget, "win.delete-run", "s", id);
}

static void finalize(GObject *object)
{
    g_clear_object(&RH_RUN_ROW(object)->item);
    G_OBJECT_CLASS(rh_run_row_parent_class)->finalize(object);
}

static void rh_run_row_class_init(RhRunRowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->finalize = finalize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/run-row.ui");
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, visible);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, swatch);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, name);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, state);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, pause);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, resume);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, stop);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, remove);
    gtk_widget_class_bind_template_child(widget_class, RhRunRow, more);
    gtk_widget_class_add_binding(widget_class, GDK_KEY_Delete, 0, delete, NULL);
}

static void rh_run_row_init(RhRunRow *row)
{
    gtk_widget_init_template(GTK_WIDGET(row));
}
