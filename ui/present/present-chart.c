/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "charts/chart-theme.h"
#include "present/present-slides.h"

/* Charts to be read from the last row. */
#define FONT_SIZE  17
#define LINE_WIDTH 3.5

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer chart)
{
    RhChartStyle style = rh_chart_style_default();
    style.theme = rh_chart_theme();
    style.font_size = FONT_SIZE;
    style.line_width = LINE_WIDTH;
    rh_chart_draw(chart, cr, width, height, &style);
}

GtkWidget *rh_present_chart_new(const char *name)
{
    GtkWidget *area = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG,
                                   "hexpand", TRUE, "vexpand", TRUE, NULL);
    RhChart *chart = rh_chart_new("");
    g_object_set_data_full(G_OBJECT(area), "chart", chart, (GDestroyNotify)rh_chart_free);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, chart, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(area), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    rh_chart_theme_follow(area, G_CALLBACK(gtk_widget_queue_draw));
    return area;
}

RhChart *rh_present_chart_get(GtkWidget *area)
{
    return g_object_get_data(G_OBJECT(area), "chart");
}

void rh_present_chart_changed(GtkWidget *area, const char *description)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(area), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description,
                                   -1);
    gtk_widget_queue_draw(area);
}
