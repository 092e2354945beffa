/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/runs-list.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "runs/run-row.h"

struct _RhRunsList {
    GtkWidget parent_instance;
    GtkListBox *rows;
    GListModel *runs;
    gboolean replace; /* the chosen run, which has the focus, goes: its neighbour takes its place */
};

G_DEFINE_FINAL_TYPE(RhRunsList, rh_runs_list, GTK_TYPE_WIDGET)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static GtkWidget *create_row(gpointer item, gpointer data)
{
    return rh_run_row_new(item);
}

/* ── Groups: runs that differ in their seed only stand together, under a line that says what they share ── */

static int compare_groups(gconstpointer a, gconstpointer b, gpointer data)
{
    const guint x = rh_run_item_get_group((RhRunItem *)a), y = rh_run_item_get_group((RhRunItem *)b);
    return (x > y) - (x < y); /* within a group as they were made */
}

static guint group_of(GtkListBoxRow *row)
{
    return rh_run_item_get_group(rh_run_row_get_item(RH_RUN_ROW(row)));
}

/* How many seeds the runs of a group have. */
static guint count_seeds(GListModel *runs, guint group)
{
    g_autoptr(GHashTable) seeds = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < g_list_model_get_n_items(runs); i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(runs, i);
        if (rh_run_item_get_group(item) == group)
            g_hash_table_add(seeds, (gpointer)&rh_run_item_get_run(item)->settings.seed);
    }
    return g_hash_table_size(seeds);
}

static GtkWidget *create_header(void)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
    gtk_widget_add_css_class(label, "run-group");
    gtk_widget_add_css_class(label, "caption-heading");
    return label;
}

static void update_header(GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
    RhRunsList *list = data;
    if (before != NULL && group_of(before) == group_of(row)) {
        gtk_list_box_row_set_header(row, NULL);
        return;
    }
    GtkWidget *header = gtk_list_box_row_get_header(row);
    if (header == NULL)
        gtk_list_box_row_set_header(row, header = create_header());
    g_autofree char *shared = rh_run_item_describe_group(rh_run_row_get_item(RH_RUN_ROW(row)));
    const guint seeds = count_seeds(list->runs, group_of(row));
    g_autofree char *text =
        g_strdup_printf(g_dngettext(NULL, "%s · %u seed", "%s · %u seeds", seeds), shared, seeds);
    gtk_label_set_text(GTK_LABEL(header), text);
    gtk_widget_set_tooltip_text(header, text);
}

/* ── A chosen run that goes ── */

/* Before the rows follow the change. */
static void look_who_goes(RhRunsList *list, guint position, guint removed, guint added)
{
    GtkListBoxRow *chosen = gtk_list_box_get_selected_row(list->rows);
    list->replace = added == 0 && chosen != NULL &&
                    gtk_widget_get_focus_child(GTK_WIDGET(list->rows)) != NULL &&
                    gtk_list_box_row_get_index(chosen) >= (int)position &&
                    gtk_list_box_row_get_index(chosen) < (int)(position + removed);
}

/* After they did. */
static void choose_neighbour(RhRunsList *list, guint position, guint removed, guint added)
{
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(list->rows, (int)position);
    if (row == NULL && position > 0)
        row = gtk_list_box_get_row_at_index(list->rows, (int)position - 1);
    if (!list->replace || row == NULL)
        return;
    gtk_list_box_select_row(list->rows, row);
    gtk_widget_grab_focus(GTK_WIDGET(row));
}

void rh_runs_list_set_runs(RhRunsList *list, GListModel *runs)
{
    GtkSorter *sorter = GTK_SORTER(gtk_custom_sorter_new(compare_groups, NULL, NULL));
    g_set_object(&list->runs, runs);
    g_autoptr(GtkSortListModel) sorted = gtk_sort_list_model_new(g_object_ref(runs), sorter);
    g_signal_connect_object(sorted, "items-changed", G_CALLBACK(look_who_goes), list, G_CONNECT_SWAPPED);
    gtk_list_box_bind_model(list->rows, G_LIST_MODEL(sorted), create_row, NULL, NULL);
    gtk_list_box_set_header_func(list->rows, update_header, list, NULL);
    g_signal_connect_object(sorted, "items-changed", G_CALLBACK(gtk_list_box_invalidate_headers), list->rows,
                            G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    g_signal_connect_object(sorted, "items-changed", G_CALLBACK(choose_neighbour), list,
                            G_CONNECT_SWAPPED | G_CONNECT_AFTER);
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
    rh_drop_children(GTK_WIDGET(object));
    g_clear_object(&RH_RUNS_LIST(object)->runs);
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
