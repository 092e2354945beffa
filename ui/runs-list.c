/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs-list.h"

#include "run-row.h"

struct _RhRunsList {
    GtkWidget parent_instance;
    GtkListBox *rows;
};

G_DEFINE_FINAL_TYPE(RhRunsList, rh_runs_list, GTK_TYPE_WIDGET)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static GtkWidget *create_row(gpointer item, gpointer data)
{
    return rh_run_row_new(item);
}

void rh_runs_list_set_runs(RhRunsList *list, GListModel *runs)
{
    gtk_list_box_bind_model(list->rows, runs, create_row, NULL, NULL);
}

RhRunItem *rh_runs_list_get_chosen(RhRunsList *list)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row(list->rows);
    return row != NULL ? rh_run_row_get_item(RH_RUN_ROW(row)) : NULL;
}

void rh_runs_list_choose(RhRunsList *list, RhRunItem *item)
{
    GtkListBoxRow *row;
    for (int i = 0; (row = gtk_list_box_get_row_at_index(list->rows, i)) != NULL; i++)
        if (rh_run_row_get_item(RH_RUN_ROW(row)) == item)
            gtk_list_box_select_row(list->rows, row);
}

static void row_selected(GtkListBox *rows, GtkListBoxRow *row, RhRunsList *list)
{
    g_signal_emit(list, signals[CHOSEN], 0, row != NULL ? rh_run_row_get_item(RH_RUN_ROW(row)) : NULL);
}

static void dispose(GObject *object)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
        gtk_widget_unparent(child);
    G_OBJECT_CLASS(rh_runs_list_parent_class)->dispose(object);
}

static void rh_runs_list_class_init(RhRunsListClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    signals[CHOSEN] = g_signal_new("chosen", RH_TYPE_RUNS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, RH_TYPE_RUN_ITEM);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/runs-list.ui");
    gtk_widget_class_bind_template_child(widget_class, RhRunsList, rows);
    gtk_widget_class_bind_template_callback(widget_class, row_selected);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void rh_runs_list_init(RhRunsList *list)
{
    gtk_widget_init_template(GTK_WIDGET(list));
}
