/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "model/live-saliency.h"
#include "present/present-picture.h"
#include "present/present-slides.h"

/* ── Two models, each good where it was trained ── */

typedef struct {
    RhPresentShow *show;
    GtkWidget *names[RH_PRESENT_N_MODELS], *values[RH_PRESENT_N_MODELS], *notes[RH_PRESENT_N_MODELS];
} Models;

static const char *waiting_for(RhPresentShow *show, RhPresentModel model)
{
    if (model == RH_PRESENT_GUIDED && rh_present_show_samples(show) != NULL &&
        !rh_present_show_has_masks(show))
        return _("No training image has a mask: draw some, then come back.");
    return _("In training: the bar below tells how long it takes.");
}

static void refresh_models(GtkWidget *slide)
{
    Models *models = rh_present_slide_state(slide);
    static const char *const kinds[] = {N_("Without masks"), N_("With an expert's masks")};
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        const RhPresentRun *run = rh_present_show_model(models->show, i);
        g_autofree char *value = rh_present_percent(rh_present_run_accuracy(run, 0));
        g_autofree char *name =
            run != NULL ? g_strdup_printf("%s · %s", _(kinds[i]), _(run->run->settings.method->title))
                        : g_strdup(_(kinds[i]));
        rh_present_set_text(models->names[i], name);
        rh_present_set_text(models->values[i], run != NULL ? value : "…");
        rh_present_set_text(models->notes[i], run != NULL ? _(run->run->settings.method->summary)
                                                          : waiting_for(models->show, i));
    }
}

GtkWidget *rh_present_slide_models(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("Two models, each tested in its own hospital"));
    Models *models = g_new0(Models, 1);
    models->show = show;
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 36);
    gtk_box_set_homogeneous(GTK_BOX(row), TRUE);
    gtk_widget_set_vexpand(row, TRUE);
    gtk_widget_set_valign(row, GTK_ALIGN_CENTER);
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
        gtk_widget_add_css_class(card, "card");
        models->names[i] = rh_present_text("", "big");
        models->values[i] = rh_present_text("", "huge");
        models->notes[i] = rh_present_text("", "caption");
        gtk_box_append(GTK_BOX(card), models->names[i]);
        gtk_box_append(GTK_BOX(card), models->values[i]);
        gtk_box_append(GTK_BOX(card), rh_present_text(_("right, where all is as it was in training"), "big"));
        gtk_box_append(GTK_BOX(card), models->notes[i]);
        gtk_box_append(GTK_BOX(row), card);
    }
    gtk_box_append(GTK_BOX(slide), row);
    rh_present_slide_follow(slide, show, models, refresh_models);
    return slide;
}

/* ── Where each looks ── */

typedef struct {
    RhPresentShow *show;
    GtkWidget *pictures[RH_PRESENT_N_MODELS], *names[RH_PRESENT_N_MODELS], *notes[RH_PRESENT_N_MODELS], *text;
    RhLiveSaliency *maps[RH_PRESENT_N_MODELS];
    const RhRun *shown[RH_PRESENT_N_MODELS];
    guint turned, showing; /* which image; G_MAXUINT: none yet */
} Gaze;

/* The place among the samples of the nth test image of class 1 that is as in training and, if any is, masked.
 */
static int find_sample(const RhSamples *samples, guint nth)
{
    for (guint pass = 0; pass < 2; pass++) {
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
        for (guint i = 0; i < samples->count; i++)
            if (samples->splits[i] == RH_SPLIT_TEST && samples->labels[i] == 1 &&
                samples->conflicting[i] != 1 && (samples->has_mask[i] || pass == 1))
                g_array_append_val(places, i);
        if (places->len > 0)
            return (int)g_array_index(places, guint, nth % places->len);
    }
    return -1;
}

static void show_image(Gaze *gaze)
{
    const RhSamples *samples = rh_present_show_samples(gaze->show);
    const RhStudy *study = rh_present_show_study(gaze->show);
    const int place =
        samples != NULL && gaze->showing != gaze->turned ? find_sample(samples, gaze->turned) : -1;
    if (place < 0)
        return;
    gaze->showing = gaze->turned;
    const gsize pixels = (gsize)samples->height * samples->width;
    const RhCase *item = rh_study_find_case(study, samples->ids[place]);
    g_autoptr(RhMask) mask = rh_mask_new(samples->width, samples->height);
    for (gsize i = 0; i < pixels; i++)
        mask->pixels[i] = samples->masks[(gsize)place * pixels + i] != 0 ? 255 : 0;
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        rh_present_picture_show(RH_PRESENT_PICTURE(gaze->pictures[i]), study, item,
                                i == RH_PRESENT_PLAIN ? _("Heatmap without masks") : _("Heatmap with masks"));
        rh_live_saliency_set_image(gaze->maps[i], samples->images + (gsize)place * pixels, samples->height,
                                   samples->width);
        rh_live_saliency_set_mask(gaze->maps[i], samples->has_mask[place] ? mask : NULL);
    }
}

static void refresh_gaze(GtkWidget *slide)
{
    Gaze *gaze = rh_present_slide_state(slide);
    static const char *const kinds[] = {N_("Without masks"), N_("With masks")};
    show_image(gaze);
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        const RhPresentRun *model = rh_present_show_model(gaze->show, i);
        const RhRun *run = model != NULL ? model->run : NULL;
        g_autofree char *name = run != NULL
                                    ? g_strdup_printf("%s · %s", _(kinds[i]), _(run->settings.method->title))
                                    : g_strdup(_(kinds[i]));
        rh_present_set_text(gaze->names[i], name);
        if (run == NULL)
            rh_present_set_text(gaze->notes[i], waiting_for(gaze->show, i));
        if (run != gaze->shown[i])
            rh_live_saliency_show(gaze->maps[i], run);
        gaze->shown[i] = run;
    }
}

static void turn_gaze(GtkWidget *slide, int by)
{
    Gaze *gaze = rh_present_slide_state(slide);
    if (by < 0 && gaze->turned == 0)
        return;
    gaze->turned = (guint)((int)gaze->turned + by);
    refresh_gaze(slide);
}

static void show_result(Gaze *gaze, guint i, const RhSaliencyResult *result)
{
    const RhStudy *study = rh_present_show_study(gaze->show);
    rh_present_picture_set_heat(RH_PRESENT_PICTURE(gaze->pictures[i]), result->values, result->height,
                                result->width);
    g_autofree char *probability = rh_present_percent(result->probability);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, _("“%s” with %s"), study->class_names[1], probability);
    if (result->has_localisation)
        g_string_append_printf(text, _(" · heatmap and mask overlap by %s, by chance %s"),
                               rh_overlap_text(result->localisation.iou).text,
                               rh_overlap_text(result->localisation.iou_chance).text);
    rh_present_set_text(gaze->notes[i], text->str);
}

static void result_plain(RhLiveSaliency *live, const RhSaliencyResult *result, GtkWidget *slide)
{
    show_result(rh_present_slide_state(slide), RH_PRESENT_PLAIN, result);
}

static void result_guided(RhLiveSaliency *live, const RhSaliencyResult *result, GtkWidget *slide)
{
    show_result(rh_present_slide_state(slide), RH_PRESENT_GUIDED, result);
}

static void failed(RhLiveSaliency *live, const char *message, GtkWidget *slide)
{
    Gaze *gaze = rh_present_slide_state(slide);
    rh_present_set_text(gaze->text, message);
}

static void drop_maps(GtkWidget *slide, Gaze *gaze)
{
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++)
        g_clear_object(&gaze->maps[i]);
}

GtkWidget *rh_present_slide_gaze(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("Where does each of them look?"));
    Gaze *gaze = g_new0(Gaze, 1);
    gaze->show = show;
    gaze->showing = G_MAXUINT;
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
    gtk_box_set_homogeneous(GTK_BOX(row), TRUE);
    gtk_widget_set_vexpand(row, TRUE);
    for (guint i = 0; i < RH_PRESENT_N_MODELS; i++) {
        GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
        gaze->pictures[i] = rh_present_picture_new();
        gaze->names[i] = rh_present_text("", "big");
        gaze->notes[i] = rh_present_text("", "caption");
        gtk_label_set_xalign(GTK_LABEL(gaze->names[i]), 0.5);
        gtk_label_set_xalign(GTK_LABEL(gaze->notes[i]), 0.5);
        gtk_box_append(GTK_BOX(column), gaze->names[i]);
        gtk_box_append(GTK_BOX(column), gaze->pictures[i]);
        gtk_box_append(GTK_BOX(column), gaze->notes[i]);
        gtk_box_append(GTK_BOX(row), column);
        gaze->maps[i] = rh_live_saliency_new();
        rh_live_saliency_set_map(gaze->maps[i], rh_map_kind_find("gradient", NULL));
        g_signal_connect_object(gaze->maps[i], "result",
                                i == RH_PRESENT_PLAIN ? G_CALLBACK(result_plain) : G_CALLBACK(result_guided),
                                slide, 0);
        g_signal_connect_object(gaze->maps[i], "failed", G_CALLBACK(failed), slide, 0);
    }
    gtk_box_append(GTK_BOX(slide), row);
    gaze->text =
        rh_present_text(_("Bright is where a little more light or dark would sway the model most. The mask "
                          "is outlined. Up and Down show other images."),
                        "caption");
    gtk_box_append(GTK_BOX(slide), gaze->text);
    g_signal_connect(slide, "destroy", G_CALLBACK(drop_maps), gaze);
    rh_present_slide_follow(slide, show, gaze, refresh_gaze);
    rh_present_slide_set_turn(slide, turn_gaze);
    return slide;
}
