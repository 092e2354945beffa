/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "present/present-picture.h"
#include "present/present-slides.h"

#define CELLS 4u /* label × value of the confounder */

/* ── Which images stand for what ── */

/* The place in the study of the nth labelled case that fits, from training or, where that has none,
 * elsewhere; −1: there is none. value RH_UNKNOWN: any. */
static int find_case(const RhStudy *study, guint label, guint value, guint nth)
{
    for (guint pass = 0; pass < 2; pass++) {
        int found = -1;
        guint seen = 0;
        for (guint i = 0; i < study->cases->len; i++) {
            const RhCase *item = study->cases->pdata[i];
            if (item->label != label || (value != RH_UNKNOWN && item->confounder != value) ||
                (item->split == RH_SPLIT_TRAINING) != (pass == 0))
                continue;
            found = (int)i;
            if (seen++ == nth)
                break;
        }
        if (found >= 0)
            return found;
    }
    return -1;
}

static char *caption(const RhStudy *study, const RhCase *item)
{
    const char *class_name = study->class_names[item->label];
    if (study->confounder_name == NULL || item->confounder > 1)
        return g_strdup(class_name);
    /* Translators: what an image shows and what else is in it: "nodule · marker: PORTABLE" */
    return g_strdup_printf(_("%s · %s: %s"), class_name, study->confounder_name,
                           study->confounder_values[item->confounder]);
}

typedef struct {
    RhPresentShow *show;
    GtkWidget *row, *pictures[CELLS], *captions[CELLS], *text;
    guint turned;
    gboolean shown;
} Images;

/* The two aligned cells, then the two conflicting ones. */
static const struct {
    guint label, value;
} cells[CELLS] = {{0, 0}, {1, 1}, {0, 1}, {1, 0}};

static void show_cell(Images *images, const RhStudy *study, guint cell)
{
    const gboolean confounded = study->confounder_kind != RH_CONFOUNDER_NONE;
    const int place = find_case(study, cells[cell].label, confounded ? cells[cell].value : RH_UNKNOWN,
                                images->turned + (confounded ? 0 : cell / 2));
    gtk_widget_set_visible(images->captions[cell], place >= 0);
    gtk_widget_set_visible(images->pictures[cell], place >= 0);
    if (place < 0)
        return;
    const RhCase *item = study->cases->pdata[place];
    g_autofree char *words = caption(study, item);
    rh_present_picture_show(RH_PRESENT_PICTURE(images->pictures[cell]), study, item, words);
    rh_present_set_text(images->captions[cell], words);
}

static void show_cells(Images *images, guint count)
{
    const RhStudy *study = rh_present_show_study(images->show);
    if (study == NULL || images->shown)
        return;
    for (guint cell = 0; cell < count; cell++)
        show_cell(images, study, cell);
    images->shown = TRUE;
}

static void turn(GtkWidget *slide, int by)
{
    Images *images = rh_present_slide_state(slide);
    if (by < 0 && images->turned == 0)
        return;
    images->turned = (guint)((int)images->turned + by);
    images->shown = FALSE;
    show_cells(images, CELLS);
}

/* A grid, for pictures of one height where the captions above them are not. */
static void build_row(Images *images, guint count)
{
    images->row = gtk_grid_new();
    gtk_grid_set_column_homogeneous(GTK_GRID(images->row), TRUE);
    gtk_grid_set_column_spacing(GTK_GRID(images->row), 18);
    gtk_grid_set_row_spacing(GTK_GRID(images->row), 6);
    gtk_widget_set_vexpand(images->row, TRUE);
    for (guint i = 0; i < count; i++) {
        images->pictures[i] = rh_present_picture_new();
        images->captions[i] = rh_present_text("", "caption");
        gtk_label_set_xalign(GTK_LABEL(images->captions[i]), 0.5);
        gtk_label_set_justify(GTK_LABEL(images->captions[i]), GTK_JUSTIFY_CENTER);
        gtk_widget_set_valign(images->captions[i], GTK_ALIGN_END);
        gtk_grid_attach(GTK_GRID(images->row), images->captions[i], (int)i, 0, 1, 1);
        gtk_grid_attach(GTK_GRID(images->row), images->pictures[i], (int)i, 1, 1, 1);
    }
}

/* ── Start ── */

static void refresh_opening(GtkWidget *slide)
{
    Images *images = rh_present_slide_state(slide);
    const RhStudy *study = rh_present_show_study(images->show);
    show_cells(images, 2);
    if (study == NULL)
        return;
    g_autofree char *text =
        g_strdup_printf(_("%s: %u images, “%s” or “%s”. A network learns to tell them apart."), study->name,
                        study->cases->len, study->class_names[0], study->class_names[1]);
    rh_present_set_text(images->text, text);
}

GtkWidget *rh_present_slide_opening(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("Can a network be right for the wrong reason?"));
    Images *images = g_new0(Images, 1);
    images->show = show;
    images->text = rh_present_text(_("One moment: the images are being made ready."), "big");
    gtk_box_append(GTK_BOX(slide), images->text);
    build_row(images, 2);
    gtk_box_append(GTK_BOX(slide), images->row);
    rh_present_slide_follow(slide, show, images, refresh_opening);
    return slide;
}

/* ── The images and what is in them besides ── */

static void count_training(const RhStudy *study, guint counts[2][2])
{
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = study->cases->pdata[i];
        if (item->split == RH_SPLIT_TRAINING && item->label < 2 && item->confounder < 2)
            counts[item->label][item->confounder]++;
    }
}

static char *describe_images(const RhStudy *study)
{
    if (study->confounder_kind == RH_CONFOUNDER_NONE)
        return g_strdup(_("This study names nothing that might mislead: no confounder is known."));
    guint counts[2][2] = {{0}};
    count_training(study, counts);
    /* Translators: class, confounder and value, then how many: "“nodule”: marker PORTABLE in 200 of 200" */
    return g_strdup_printf(
        _("In training, “%s” comes with %s “%s” in %u of %u images, “%s” with “%s” in %u of %u. "
          "Nobody told the network which of the two to learn."),
        study->class_names[1], study->confounder_name, study->confounder_values[1], counts[1][1],
        counts[1][0] + counts[1][1], study->class_names[0], study->confounder_values[0], counts[0][0],
        counts[0][0] + counts[0][1]);
}

static void refresh_images(GtkWidget *slide)
{
    Images *images = rh_present_slide_state(slide);
    const RhStudy *study = rh_present_show_study(images->show);
    show_cells(images, CELLS);
    if (study == NULL)
        return;
    g_autofree char *text = describe_images(study);
    rh_present_set_text(images->text, text);
}

GtkWidget *rh_present_slide_images(RhPresentShow *show)
{
    GtkWidget *slide = rh_present_slide_new(show, _("The images, and what is burnt into them"));
    Images *images = g_new0(Images, 1);
    images->show = show;
    build_row(images, CELLS);
    gtk_box_append(GTK_BOX(slide), images->row);
    images->text = rh_present_text("", "big");
    gtk_box_append(GTK_BOX(slide), images->text);
    rh_present_slide_follow(slide, show, images, refresh_images);
    rh_present_slide_set_turn(slide, turn);
    return slide;
}
