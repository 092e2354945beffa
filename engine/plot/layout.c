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
#define RANGE_MARGIN  0.04
#define CORNER        2.4 /* side of the upper right corner that is kept free for a button on screen */

static void find_ranges(const RhChart *chart, RhLayout *layout)
{
    RhExtent x = RH_EXTENT_EMPTY, y = RH_EXTENT_EMPTY;
    for (guint i = 0; i < chart->series->len; i++) {
        const RhSeries *series = chart->series->pdata[i];
        if (series->visible)
            rh_series_extent(series, &chart->x.settings, &chart->y.settings, &x, &y);
    }
    layout->empty = x.low > x.high || y.low > y.high;
    layout->area.x = rh_axis_resolve(&chart->x.settings, &x, RANGE_MARGIN / 2);
    layout->area.y = rh_axis_resolve(&chart->y.settings, &y, RANGE_MARGIN);
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

RhLayout rh_chart_arrange(const RhChart *chart, RhPen *pen, const GPtrArray *entries, RhChartPlace place,
                          double width, double height)
{
    RhLayout layout = {0};
    RhPlotArea *area = &layout.area;
    double margin = MARGIN * pen->em, line = rh_pen_measure(pen, RH_TEXT_LABEL, "0").height;
    double left = margin, right = width - margin, top = 0.6 * margin, bottom = height - 0.6 * margin;
    gboolean beside = width >= SIDE_LEGEND * pen->em;
    find_ranges(chart, &layout);
    g_autofree char *note = rh_chart_full_note(chart), *x_title = rh_chart_side_title(&chart->x),
                    *y_title = rh_chart_side_title(&chart->y);
    layout.title_top = layout.note_top = top;
    layout.title_room = width - pen->em - (place == RH_CHART_ON_SCREEN ? CORNER * pen->em : 0);
    if (*rh_chart_shown_title(chart, place) != '\0')
        top = layout.note_top = top + rh_pen_measure(pen, RH_TEXT_TITLE, chart->title).height + 0.1 * margin;
    if (*note != '\0')
        top += line;
    if (top > layout.title_top)
        top += 0.3 * margin;
    if (place == RH_CHART_ON_SCREEN)
        top = MAX(top, CORNER * pen->em);
    double values = place == RH_CHART_ON_SCREEN || !isnan(chart->cursor) ? value_room(pen, &area->y) : 0;
    layout.legend =
        beside ? rh_legend_arrange(pen, entries, LEGEND_WIDTH * width, height - top - 4 * line, values)
               : rh_legend_arrange(pen, entries, right - left, LEGEND_HEIGHT * height, values);
    if (!beside)
        top += rh_legend_height(&layout.legend);
    top += 0.7 * line; /* half a tick label, and air */
    bottom -= line + TICK_LENGTH * pen->em + (*x_title != '\0' ? line : 0);
    area->top = top;
    area->height = MAX(1, bottom - top);
    layout.y_ticks = rh_axis_ticks(&area->y, (guint)(area->height / (Y_TICK_ROOM * pen->em)));
    left += widest_label(pen, &layout.y_ticks) + TICK_LENGTH * pen->em + (*y_title != '\0' ? 1.2 * line : 0);
    if (beside && entries->len > 0)
        right -= rh_legend_width(&layout.legend) + 2 * margin;
    else
        right -= 0.6 * pen->em;
    area->left = left;
    area->width = MAX(1, right - left);
    layout.x_ticks = fit_x_ticks(pen, area);
    layout.legend.x = beside ? right + 2 * margin : margin;
    layout.legend.y =
        beside ? area->top - 0.4 * line : area->top - 0.7 * line - rh_legend_height(&layout.legend);
    return layout;
}
