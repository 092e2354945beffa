/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "model/run-item.h"
#include "present/present-slides.h"

/* The slider of shift: the accuracy of one model falls, that of the other may not. */
typedef struct {
    RhPresentShow *show;
    GtkWidget *chart, *values[RH_PRESENT_N_MODELS], *names[RH_PRESENT_N_MODELS], *meaning;
    GtkAdjustment *level;
    const RhPresentRun *drawn[RH_PRESENT_N_MODELS];
} Shift;

static void add_curve(RhChart *chart, const RhPresentRun *run, const char *label, guint style)
{
    double levels[RH_SHIFT_LEVELS], values[RH_SHIFT_LEVELS], low[RH_SHIFT_LEVELS], high[RH_SHIFT_LEVELS];
    const RhShift *shift = run->shift;
    for (guint i = 0; i < RH_SHIFT_LEVELS; i++) {
        const RhShiftPoint point = rh_shift_read(&shift, 1, i / (RH_SHIFT_LEVELS - 1.0));
        levels[i] = point.level;
        values[i] = point.accuracy;
        low[i] = point.accuracy_low;
        high[i] = point.accuracy_high;
    }
    rh_chart_add_series(chart, label, style, levels, values, low, high, RH_SHIFT_LEVELS);
}

/* What the bands are over: each is of one training. */
static const char *bands_of(const Shift *shift)
{
    gboolean patients = FALSE, any = FALSE;
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        any |= shift->drawn[i] != NULL;
        patients |= shift->drawn[i] != NULL && rh_shift_has_patients(shift->drawn[i]->shift);
    }
    return any ? rh_shift_bands(patients, TRUE, FALSE) : "";
}

static const char *meaning_of(const RhStudy *study, double level)
{
    if (study != NULL && study->confounder_kind == RH_CONFOUNDER_NONE)
        return _("This study names no confounder, so there is nothing to turn around.");
    return level < 0.25   ? _("Nearly as in training")
           : level < 0.45 ? _("Less and less as in training")
           : level < 0.55 ? _("What misled now says nothing")
           : level < 0.8  ? _("It now says the opposite more often than not")
                          : _("It now says the opposite of what it said in training");
}

static void read_off(GtkWidget *slide)
{
    Shift *shift = rh_present_slide_state(slide);
    const double level = gtk_adjustment_get_value(shift->level);
    g_autoptr(GString) spoken = g_string_new(NULL);
    g_string_append_printf(spoken, _("shift level %.2f"), level);
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        const RhPresentRun *run = rh_present_show_model(shift->show, i);
        g_autofree char *value = rh_present_percent(rh_present_run_accuracy(run, level));
        rh_present_set_text(shift->values[i], run != NULL ? value : "…");
        if (run != NULL)
            g_string_append_printf(spoken, "; %s %s", _(run->run->settings.method->title), value);
    }
    rh_present_set_text(shift->meaning, meaning_of(rh_present_show_study(shift->show), level));
    rh_chart_set_cursor(rh_present_chart_get(shift->chart), level);
    const char *bands = bands_of(shift);
    g_string_append_printf(spoken, "%s%s", *bands != '\0' ? "; " : "", bands);
    rh_present_chart_changed(shift->chart, spoken->str);
}

static void refresh(GtkWidget *slide)
{
    Shift *shift = rh_present_slide_state(slide);
    static const char *const kinds[] = {N_("Without masks"), N_("With masks")};
    gboolean same = TRUE;
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++)
        same &= shift->drawn[i] == rh_present_show_model(shift->show, i);
    if (!same) {
        RhChart *chart = rh_present_chart_get(shift->chart);
        rh_chart_clear(chart);
        for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
            shift->drawn[i] = rh_present_show_model(shift->show, i);
            if (shift->drawn[i] != NULL)
                add_curve(chart, shift->drawn[i], _(kinds[i]), i);
        }
        rh_chart_set_note(chart, bands_of(shift));
    }
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        const RhPresentRun *run = shift->drawn[i];
        g_autofree char *name =
            run != NULL ? g_strdup_printf("%s · %s", _(kinds[i]), _(run->run->settings.method->title))
                        : g_strdup(_(kinds[i]));
        rh_present_set_text(shift->names[i], name);
    }
    read_off(slide);
}

static void turn(GtkWidget *slide, int by)
{
    Shift *shift = rh_present_slide_state(slide);
    gtk_adjustment_set_value(shift->level, gtk_adjustment_get_value(shift->level) + by * 0.1);
}

static GtkWidget *build_values(Shift *shift)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    gtk_widget_set_valign(column, GTK_ALIGN_CENTER);
    gtk_widget_set_size_request(column, 340, -1);
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        shift->names[i] = rh_present_text("", "caption");
        shift->values[i] = rh_present_text("", "huge");
        gtk_box_append(GTK_BOX(column), shift->names[i]);
        gtk_box_append(GTK_BOX(column), shift->values[i]);
    }
    shift->meaning = rh_present_text("", "big");
    gtk_box_append(GTK_BOX(column), shift->meaning);
    return column;
}

static GtkWidget *build_slider(Shift *shift)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
    GtkWidget *scale = gtk_scale_new(GTK_ORIENTATION_HORIZONTAL, shift->level);
    gtk_widget_set_hexpand(scale, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(scale), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Shift level"),
                                   -1);
    gtk_box_append(GTK_BOX(row), rh_present_text(_("As in training"), "caption"));
    gtk_box_append(GTK_BOX(row), scale);
    gtk_box_append(GTK_BOX(row), rh_present_text(_("Turned around"), "caption"));
    return row;
}

GtkWidget *rh_present_slide_shift(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("Another hospital: what misled is turned around"));
    Shift *shift = g_new0(Shift, 1);
    shift->show = show;
    shift->level = gtk_adjustment_new(0, 0, 1, 0.05, 0.1, 0);
    shift->chart = rh_present_chart_new(_("Accuracy at every shift level"));
    const RhChartAxis across = {.title = _("shift level"), .low = 0, .high = 1};
    const RhChartAxis up = {.title = _("accuracy"), .low = 0, .high = 1};
    rh_chart_set_axes(rh_present_chart_get(shift->chart), &across, &up);
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 36);
    gtk_box_append(GTK_BOX(row), shift->chart);
    gtk_box_append(GTK_BOX(row), build_values(shift));
    gtk_box_append(GTK_BOX(slide), row);
    gtk_box_append(GTK_BOX(slide), build_slider(shift));
    rh_present_slide_follow(slide, show, shift, refresh);
    g_signal_connect_object(shift->level, "value-changed", G_CALLBACK(read_off), slide, G_CONNECT_SWAPPED);
    rh_present_slide_set_turn(slide, turn);
    return slide;
}
