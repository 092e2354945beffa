/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "plot/chart-private.h"

/* In heights of the font. */
#define MARGIN        0.7
#define TICK_LENGTH   0.35
#define SIDE_LEGEND   44.0 /* from this width on the legend stands beside the plot instead of above it */
#define Y_TICK_ROOM   2.0
#define X_TICK_ROOM   1.6
#define LEGEND_HEIGHT 0.34 /* share of the whole a legend above the plot may take */
#define LEGEND_WIDTH  0.36 /* share of the whole a legend beside the plot may take */
#define PLOT_LEAST    6.0  /* on screen a legend above the plot may take what the plot does not need … */
#define WISH_MOST     24.0 /* … of no more than that */
#define RANGE_MARGIN  0.04
#define CORNER        2.4  /* side of the upper right corner that is kept free for a button on screen */
#define PANEL_WIDTH   15.0 /* a panel beside others has at least so much … */
#define PANEL_HEIGHT  10.0 /* … and wishes so much */
#define PANEL_GAP     0.6
#define ABOVE         0.7 /* lines of text above a panel: half a label of its axis, and air */

static void add_lines(const RhChart *chart, guint panel, RhExtent *x, RhExtent *y)
{
    for (guint i = 0; i < chart->series->len; i++) {
        const RhSeries *line = chart->series->pdata[i];
        if (line->visible && line->panel == panel)
            rh_series_extent(line, &chart->x.settings, &chart->y[panel].settings, x, y);
    }
}

static void find_ranges(const RhChart *chart, RhLayout *layout)
{
    RhExtent x = RH_EXTENT_EMPTY;
    layout->n_panels = chart->n_panels;
    for (guint i = 0; i < chart->n_panels; i++) {
        RhExtent y = RH_EXTENT_EMPTY;
        add_lines(chart, i, &x, &y);
        layout->panels[i].empty = x.low > x.high || y.low > y.high;
        layout->panels[i].area.y = rh_axis_resolve(&chart->y[i].settings, &y, RANGE_MARGIN);
    }
    for (guint i = 0; i < chart->n_panels; i++)
        layout->panels[i].area.x = rh_axis_resolve(&chart->x.settings, &x, RANGE_MARGIN / 2);
}

static double widest_label(RhPen *pen, const RhTicks *ticks)
{
    double widest = 0;
    for (guint i = 0; i < ticks->count; i++) {
        g_autofree char *label = rh_axis_tick_label(ticks, i);
        widest = MAX(widest, rh_pen_measure(pen, RH_TEXT_MUTED, label).width);
    }
    return widest;
}

/* As many ticks as fit without their labels touching. */
static RhTicks fit_x_ticks(RhPen *pen, const RhPlotArea *area)
{
    guint most = (guint)CLAMP(area->width / (2 * pen->em), 2, 12);
    RhTicks ticks = rh_axis_ticks(&area->x, most);
    while (most > 2 &&
           ticks.count * (widest_label(pen, &ticks) + X_TICK_ROOM * pen->em) > area->width + 2 * pen->em)
        ticks = rh_axis_ticks(&area->x, --most);
    return ticks;
}

/* Room for a value as it is read off at the cursor. */
static double value_room(RhPen *pen, const RhAxisRange *range)
{
    g_autofree char *low = rh_axis_read_off(range, range->low, RH_DIGITS_Y),
                    *high = rh_axis_read_off(range, range->high, RH_DIGITS_Y);
    return MAX(rh_pen_measure(pen, RH_TEXT_LABEL, low).width, rh_pen_measure(pen, RH_TEXT_LABEL, high).width);
}

typedef struct {
    double left, top, width, height;
} Box;

/* No more than fit, and no more than fill the rows. */
static guint columns_of(guint n_panels, double em, double width)
{
    guint most = (guint)CLAMP((width + PANEL_GAP * em) / ((PANEL_WIDTH + PANEL_GAP) * em), 1, n_panels);
    guint rows = (n_panels + most - 1) / most;
    return (n_panels + rows - 1) / rows;
}

/* Where a panel stands with all that is written around it. */
static Box cell_of(guint panel, guint n_panels, double em, Box grid)
{
    guint columns = columns_of(n_panels, em, grid.width), rows = (n_panels + columns - 1) / columns;
    double width = (grid.width - (columns - 1) * PANEL_GAP * em) / columns;
    double height = (grid.height - (rows - 1) * PANEL_GAP * em) / rows;
    return (Box){grid.left + panel % columns * (width + PANEL_GAP * em),
                 grid.top + panel / columns * (height + PANEL_GAP * em), width, height};
}

/* All leave the same room for the labels beside them, so that they stand exactly below each other. */
static void place_panels(RhLayout *layout, RhPen *pen, Box grid, double above, double beside, double below)
{
    double labels = 0;
    for (guint i = 0; i < layout->n_panels; i++) {
        RhPanel *panel = &layout->panels[i];
        Box cell = cell_of(i, layout->n_panels, pen->em, grid);
        panel->area.top = cell.top + above;
        panel->area.height = MAX(1, cell.height - above - below);
        panel->y_ticks = rh_axis_ticks(&panel->area.y, (guint)(panel->area.height / (Y_TICK_ROOM * pen->em)));
        labels = MAX(labels, widest_label(pen, &panel->y_ticks));
    }
    for (guint i = 0; i < layout->n_panels; i++) {
        RhPanel *panel = &layout->panels[i];
        Box cell = cell_of(i, layout->n_panels, pen->em, grid);
        double left = beside + labels + TICK_LENGTH * pen->em;
        panel->area.left = cell.left + left;
        panel->area.width = MAX(1, cell.width - left);
        panel->x_ticks = fit_x_ticks(pen, &panel->area);
    }
}

/* Title and note; gives where they end. */
static double place_heading(const RhChart *chart, RhPen *pen, RhChartPlace place, double width, double line,
                            RhLayout *layout)
{
    double margin = MARGIN * pen->em, top = 0.6 * margin;
    g_autofree char *note = rh_chart_full_note(chart);
    layout->title_top = layout->note_top = top;
    layout->title_room = width - pen->em - (place == RH_CHART_ON_SCREEN ? CORNER * pen->em : 0);
    if (*rh_chart_shown_title(chart, place) != '\0')
        top = layout->note_top = top + rh_pen_measure(pen, RH_TEXT_TITLE, chart->title).height + 0.1 * margin;
    if (*note != '\0')
        top += line;
    if (top > layout->title_top)
        top += 0.3 * margin;
    return place == RH_CHART_ON_SCREEN ? MAX(top, CORNER * pen->em) : top;
}

/* Beside the panels where all is wide, else in the place that they leave over, else above them. Takes its
 * room from the grid. */
static void place_legend(RhLayout *layout, RhPen *pen, const GPtrArray *entries, double width, double height,
                         double most, double values, Box *grid)
{
    RhLegend *legend = &layout->legend;
    guint n = layout->n_panels;
    double margin = MARGIN * pen->em, line = rh_pen_measure(pen, RH_TEXT_LABEL, "0").height;
    Box full = *grid;
    grid->width -= 0.6 * pen->em;
    if (width >= SIDE_LEGEND * pen->em) {
        *legend =
            rh_legend_arrange(pen, entries, LEGEND_WIDTH * width, height - grid->top - 4 * line, 1, values);
        if (entries->len > 0)
            grid->width = full.width - rh_legend_width(legend) - 2 * margin;
        legend->x = grid->left + grid->width + 2 * margin;
        legend->y = grid->top + 0.3 * line;
    } else if (n % columns_of(n, pen->em, grid->width) != 0) {
        Box cell = cell_of(n, n, pen->em, *grid);
        *legend = rh_legend_arrange(pen, entries, cell.width - margin, cell.height, 1, values);
        legend->x = cell.left + margin;
        legend->y = cell.top + ABOVE * line;
    } else {
        *legend = rh_legend_arrange(pen, entries, full.width, most, entries->len, values);
        legend->x = grid->left;
        legend->y = grid->top;
        grid->top += rh_legend_height(legend);
        grid->height -= rh_legend_height(legend);
    }
}

RhLayout rh_chart_arrange(const RhChart *chart, RhPen *pen, const GPtrArray *entries, RhChartPlace place,
                          double width, double height)
{
    RhLayout layout = {0};
    double margin = MARGIN * pen->em, line = rh_pen_measure(pen, RH_TEXT_LABEL, "0").height;
    gboolean several = chart->n_panels > 1;
    g_autofree char *x_title = rh_chart_side_title(&chart->x), *y_title = rh_chart_side_title(&chart->y[0]);
    find_ranges(chart, &layout);
    double top = place_heading(chart, pen, place, width, line, &layout);
    double bottom = height - 0.6 * margin - (*x_title != '\0' ? line : 0);
    gboolean values = !several && (place == RH_CHART_ON_SCREEN || !isnan(chart->cursor));
    Box grid = {margin, top, width - 2 * margin, bottom - top};
    double above = (several ? 1 + ABOVE : ABOVE) * line, below = line + TICK_LENGTH * pen->em;
    double most = LEGEND_HEIGHT * height;
    if (place == RH_CHART_ON_SCREEN)
        most = MAX(most, grid.height - above - PLOT_LEAST * pen->em - below);
    place_legend(&layout, pen, entries, width, height, most,
                 values ? value_room(pen, &layout.panels[0].area.y) : 0, &grid);
    place_panels(&layout, pen, grid, above, !several && *y_title != '\0' ? 1.2 * line : 0, below);
    return layout;
}

/* What is written around the plot, the legend included, and the least of a plot. */
static double height_with_legend(const RhChart *chart, double width, const RhChartStyle *style)
{
    cairo_surface_t *nowhere = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *cr = cairo_create(nowhere);
    g_autoptr(GPtrArray) entries = rh_chart_entries(chart, RH_CHART_ON_SCREEN);
    RhPen pen;
    rh_pen_init(&pen, cr, style);
    double most = WISH_MOST * pen.em;
    RhLayout layout = rh_chart_arrange(chart, &pen, entries, RH_CHART_ON_SCREEN, width, most);
    double wished = most - layout.panels[0].area.height + PLOT_LEAST * pen.em;
    rh_pen_clear(&pen);
    cairo_destroy(cr);
    cairo_surface_destroy(nowhere);
    return wished;
}

double rh_chart_wished_height(const RhChart *chart, double width, const RhChartStyle *style)
{
    double em = style->font_size * 96 / 72;
    if (chart->n_panels == 1)
        return height_with_legend(chart, width, style);
    guint columns = columns_of(chart->n_panels, em, width - (2 * MARGIN + 0.6) * em);
    guint rows = (chart->n_panels + columns - 1) / columns;
    return (CORNER + 2 * X_TICK_ROOM + rows * (PANEL_HEIGHT + PANEL_GAP)) * em;
}
