/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "present/present-slides.h"
#include "saliency/postprocess.h"

/* ── Every method that was trained, over its runs ── */

#define METHODS_MAX 16u

typedef struct {
    const RhMethod *method;
    guint runs;
    double home, turned, low, high; /* mean accuracy at level 0 and 1; lowest and highest at 1 */
} MethodRow;

/* In the order of the table of methods; gives how many have runs. */
static guint gather(RhPresentShow *show, MethodRow rows[METHODS_MAX])
{
    const GPtrArray *runs = rh_present_show_runs(show);
    guint count = 0;
    for (const RhMethod *const *method = rh_methods(); *method != NULL && count < METHODS_MAX; method++) {
        MethodRow row = {.method = *method, .low = INFINITY, .high = -INFINITY};
        for (guint i = 0; i < runs->len; i++) {
            const RhPresentRun *run = runs->pdata[i];
            const double turned = rh_present_run_accuracy(run, 1);
            if (run->run->settings.method != *method || !isfinite(turned))
                continue;
            row.runs++;
            row.home += rh_present_run_accuracy(run, 0);
            row.turned += turned;
            row.low = MIN(row.low, turned);
            row.high = MAX(row.high, turned);
        }
        if (row.runs == 0)
            continue;
        row.home /= row.runs;
        row.turned /= row.runs;
        rows[count++] = row;
    }
    return count;
}

typedef struct {
    RhPresentShow *show;
    GtkWidget *grid, *brackets, *text;
    guint runs; /* that are in the grid; G_MAXUINT: none were put there yet */
} Methods;

static void put(GtkWidget *grid, int column, int row, const char *text, const char *style)
{
    GtkWidget *label = rh_present_text(text, style);
    gtk_label_set_xalign(GTK_LABEL(label), column == 0 ? 0 : 0.5f);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_grid_attach(GTK_GRID(grid), label, column, row, 1, 1);
}

static void put_row(GtkWidget *grid, int place, const MethodRow *row)
{
    g_autofree char *home = rh_present_percent(row->home), *turned = rh_present_percent(row->turned);
    g_autofree char *low = rh_present_percent(row->low), *high = rh_present_percent(row->high);
    /* Translators: mean over several trainings, lowest and highest: "93 % (88 % – 97 %)" */
    g_autofree char *spread =
        row->runs > 1 ? g_strdup_printf(_("%s (%s – %s)"), turned, low, high) : g_strdup(turned);
    g_autofree char *count = g_strdup_printf("%u", row->runs);
    GtkWidget *bar = gtk_level_bar_new_for_interval(0, 1);
    gtk_level_bar_set_value(GTK_LEVEL_BAR(bar), row->turned);
    gtk_widget_set_size_request(bar, 220, 18);
    gtk_widget_set_valign(bar, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _(row->method->title),
                                   -1);
    put(grid, 0, place, _(row->method->title), "big");
    put(grid, 1, place, home, "big");
    put(grid, 2, place, spread, "big");
    gtk_grid_attach(GTK_GRID(grid), bar, 3, place, 1, 1);
    put(grid, 4, place, count, "big");
}

static void fill_grid(Methods *methods, const MethodRow *rows, guint count)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(methods->grid)) != NULL)
        gtk_grid_remove(GTK_GRID(methods->grid), child);
    const char *const heads[] = {_("Method"), _("right, as in training"), _("right, turned around"), "",
                                 _("trainings")};
    for (guint i = 0; i < G_N_ELEMENTS(heads); i++)
        put(methods->grid, (int)i, 0, heads[i], "caption");
    for (guint i = 0; i < count; i++)
        put_row(methods->grid, (int)i + 1, &rows[i]);
}

static void refresh_methods(GtkWidget *slide)
{
    Methods *methods = rh_present_slide_state(slide);
    const GPtrArray *runs = rh_present_show_runs(methods->show);
    MethodRow rows[METHODS_MAX];
    if (methods->runs == runs->len)
        return;
    methods->runs = runs->len;
    const guint count = gather(methods->show, rows);
    gboolean several = FALSE;
    for (guint i = 0; i < count; i++)
        several |= rows[i].runs > 1;
    fill_grid(methods, rows, count);
    gtk_widget_set_visible(methods->brackets, several);
    rh_present_set_text(methods->text,
                        count == 0
                            ? _("No training is finished yet.")
                            : _("A mask says where the evidence lies. It can keep a network from what lies "
                                "outside the mask, but not from what is everywhere, as the tone of another "
                                "scanner."));
}

GtkWidget *rh_present_slide_methods(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("What an expert's masks do, method by method"));
    Methods *methods = g_new0(Methods, 1);
    methods->show = show;
    methods->runs = G_MAXUINT;
    methods->grid = gtk_grid_new();
    gtk_grid_set_row_spacing(GTK_GRID(methods->grid), 14);
    gtk_grid_set_column_spacing(GTK_GRID(methods->grid), 24);
    gtk_widget_set_vexpand(methods->grid, TRUE);
    gtk_widget_set_valign(methods->grid, GTK_ALIGN_CENTER);
    methods->brackets = rh_present_text(
        _("In brackets the lowest and the highest of several trainings, all on the same test images."),
        "caption");
    methods->text = rh_present_text("", "big");
    gtk_box_append(GTK_BOX(slide), methods->grid);
    gtk_box_append(GTK_BOX(slide), methods->brackets);
    gtk_box_append(GTK_BOX(slide), methods->text);
    rh_present_slide_follow(slide, show, methods, refresh_methods);
    return slide;
}

/* ── Does a good heatmap tell a good model? ── */

typedef struct {
    RhPresentShow *show;
    GtkWidget *chart, *text;
    guint placed; /* points in the chart; G_MAXUINT: none were put there yet */
} Scatter;

static gboolean has_place(const RhPresentRun *run)
{
    return run->located && run->localisation.images > 0 && isfinite(rh_present_run_auc(run, 1));
}

/* A series a method: points that stand alone, with gaps between them. */
static void add_points(RhChart *chart, const GPtrArray *runs, const RhMethod *method, guint style)
{
    g_autoptr(GArray) x = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) y = g_array_new(FALSE, FALSE, sizeof(double));
    const double gap = NAN;
    for (guint i = 0; i < runs->len; i++) {
        const RhPresentRun *run = runs->pdata[i];
        if (run->run->settings.method != method || !has_place(run))
            continue;
        const double auc = rh_present_run_auc(run, 1);
        g_array_append_val(x, run->localisation.mean.iou);
        g_array_append_val(y, auc);
        g_array_append_val(x, gap);
        g_array_append_val(y, gap);
    }
    if (x->len > 0)
        rh_chart_add_series(chart, _(method->title), style, (const double *)(void *)x->data,
                            (const double *)(void *)y->data, NULL, NULL, x->len);
}

static void refresh_scatter(GtkWidget *slide)
{
    Scatter *scatter = rh_present_slide_state(slide);
    const GPtrArray *runs = rh_present_show_runs(scatter->show);
    RhChart *chart = rh_present_chart_get(scatter->chart);
    guint placed = 0;
    double chance = NAN;
    for (guint i = 0; i < runs->len; i++) {
        const RhPresentRun *run = runs->pdata[i];
        placed += has_place(run);
        if (has_place(run))
            chance = run->localisation.mean.iou_chance;
    }
    if (placed == scatter->placed)
        return;
    scatter->placed = placed;
    rh_chart_clear(chart);
    const RhMethod *const *methods = rh_methods();
    for (guint i = 0; methods[i] != NULL; i++)
        add_points(chart, runs, methods[i], i);
    g_autofree char *text =
        placed == 0
            ? g_strdup(_("Once trainings are finished each stands here as a point."))
            : g_strdup_printf(ngettext("%u training. By chance a heatmap would overlap with the mask by %s. "
                                       "If heatmaps told how a model holds, the points would rise from left "
                                       "to right.",
                                       "%u trainings. By chance a heatmap would overlap with the mask by %s. "
                                       "If heatmaps told how a model holds, the points would rise from left "
                                       "to right.",
                                       placed),
                              placed, rh_overlap_text(chance).text);
    rh_present_set_text(scatter->text, text);
    rh_present_chart_changed(scatter->chart, text);
}

GtkWidget *rh_present_slide_scatter(RhPresentShow *show)
{
    GtkWidget *slide =
        rh_present_slide_new(show, _("Does a heatmap on the right place mean a model that holds?"));
    Scatter *scatter = g_new0(Scatter, 1);
    scatter->show = show;
    scatter->placed = G_MAXUINT;
    scatter->chart = rh_present_chart_new(_("Localisation against AUC"));
    const RhChartAxis across = {.title = _("overlap of heatmap and mask (IoU), as in training")};
    const RhChartAxis up = {.title = _("AUC, turned around"), .low = 0, .high = 1};
    rh_chart_set_axes(rh_present_chart_get(scatter->chart), &across, &up);
    scatter->text = rh_present_text("", "big");
    gtk_box_append(GTK_BOX(slide), scatter->chart);
    gtk_box_append(GTK_BOX(slide), scatter->text);
    rh_present_slide_follow(slide, show, scatter, refresh_scatter);
    return slide;
}

/* ── To take home ── */

typedef struct {
    RhPresentShow *show;
    GtkWidget *text;
} Closing;

static void refresh_closing(GtkWidget *slide)
{
    Closing *closing = rh_present_slide_state(slide);
    const RhPresentRun *plain = rh_present_show_model(closing->show, RH_PRESENT_PLAIN);
    const RhPresentRun *guided = rh_present_show_model(closing->show, RH_PRESENT_GUIDED);
    g_autofree char *home = rh_present_percent(rh_present_run_accuracy(plain, 0));
    g_autofree char *turned = rh_present_percent(rh_present_run_accuracy(plain, 1));
    g_autofree char *held = rh_present_percent(rh_present_run_accuracy(guided, 1));
    g_autoptr(GString) text = g_string_new(NULL);
    if (plain != NULL)
        g_string_append_printf(
            text, _("Without masks: %s right at home, %s where what misled is turned around.\n\n"), home,
            turned);
    if (guided != NULL)
        g_string_append_printf(text, _("With masks (%s): %s there.\n\n"),
                               _(guided->run->settings.method->title), held);
    g_string_append(text,
                    _("Ask of any model: in which hospital was it tested? What else did its training images "
                      "have in common?"));
    rh_present_set_text(closing->text, text->str);
}

GtkWidget *rh_present_slide_closing(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("To take home"));
    Closing *closing = g_new0(Closing, 1);
    closing->show = show;
    closing->text = rh_present_text("", "large");
    gtk_widget_set_vexpand(closing->text, TRUE);
    gtk_box_append(GTK_BOX(slide), closing->text);
    rh_present_slide_follow(slide, show, closing, refresh_closing);
    return slide;
}
