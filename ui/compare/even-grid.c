/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare/even-grid.h"

#include "common/children.h"

#define SPACING 8

struct _RhEvenGrid {
    GtkWidget parent_instance;
    int count; /* of the children */
};

G_DEFINE_FINAL_TYPE(RhEvenGrid, rh_even_grid, GTK_TYPE_WIDGET)

void rh_even_grid_append(RhEvenGrid *grid, GtkWidget *child)
{
    gtk_widget_set_parent(child, GTK_WIDGET(grid));
    grid->count++;
}

void rh_even_grid_remove_all(RhEvenGrid *grid)
{
    rh_drop_children(GTK_WIDGET(grid));
    grid->count = 0;
}

static int columns(const RhEvenGrid *grid)
{
    int columns = 1;
    while (columns * columns < grid->count)
        columns++;
    return columns;
}

static int rows(const RhEvenGrid *grid)
{
    return MAX(1, (grid->count + columns(grid) - 1) / columns(grid));
}

/* The side of a cell, if all of them have so much. */
static int share(int all, int cells)
{
    return MAX(0, (all - (cells - 1) * SPACING) / cells);
}

static GtkSizeRequestMode get_request_mode(GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
    const RhEvenGrid *grid = RH_EVEN_GRID(widget);
    const gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
    const int cells = across ? columns(grid) : rows(grid);
    const int for_cell = for_size < 0 ? -1 : share(for_size, across ? rows(grid) : columns(grid));
    int least = 0, wished = 0;
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        int child_least, child_wished;
        gtk_widget_measure(child, orientation, for_cell, &child_least, &child_wished, NULL, NULL);
        least = MAX(least, child_least);
        wished = MAX(wished, child_wished);
    }
    *minimum = cells * least + (cells - 1) * SPACING;
    *natural = cells * wished + (cells - 1) * SPACING;
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    const RhEvenGrid *grid = RH_EVEN_GRID(widget);
    const int across = columns(grid);
    const int cell_width = share(width, across), cell_height = share(height, rows(grid));
    const gboolean mirrored = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
    int place = 0;
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child), place++) {
        const int column = mirrored ? across - 1 - place % across : place % across;
        const GtkAllocation cell = {column * (cell_width + SPACING), place / across * (cell_height + SPACING),
                                    cell_width, cell_height};
        gtk_widget_size_allocate(child, &cell, -1);
    }
}

static void dispose(GObject *object)
{
    rh_even_grid_remove_all(RH_EVEN_GRID(object));
    G_OBJECT_CLASS(rh_even_grid_parent_class)->dispose(object);
}

static void rh_even_grid_class_init(RhEvenGridClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    widget_class->get_request_mode = get_request_mode;
    widget_class->measure = measure;
    widget_class->size_allocate = size_allocate;
}

static void rh_even_grid_init(RhEvenGrid *grid)
{
}
