/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "present/present-slides.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

const RhPresentSlide rh_present_slides[] = {
    {"opening", N_("Start"), rh_present_slide_opening},
    {"images", N_("The images"), rh_present_slide_images},
    {"models", N_("Two models"), rh_present_slide_models},
    {"gaze", N_("Where each looks"), rh_present_slide_gaze},
    {"shift", N_("Another hospital"), rh_present_slide_shift},
    {"methods", N_("What masks do"), rh_present_slide_methods},
    {"scatter", N_("What heatmaps tell"), rh_present_slide_scatter},
    {"closing", N_("To take home"), rh_present_slide_closing},
};
const guint rh_present_n_slides = G_N_ELEMENTS(rh_present_slides);

/* ── Slides ── */

GtkWidget *rh_present_slide_new(RhPresentShow *show, const char *title)
{
    GtkWidget *slide = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    gtk_widget_add_css_class(slide, "slide");
    GtkWidget *heading = rh_present_text(title, "heading");
    gtk_accessible_update_property(GTK_ACCESSIBLE(heading), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    gtk_box_append(GTK_BOX(slide), heading);
    return slide;
}

void rh_present_slide_follow(GtkWidget *slide, RhPresentShow *show, gpointer state,
                             void (*refresh)(GtkWidget *slide))
{
    g_object_set_data_full(G_OBJECT(slide), "state", state, g_free);
    g_signal_connect_object(show, "changed", G_CALLBACK(refresh), slide, G_CONNECT_SWAPPED);
    refresh(slide);
}

gpointer rh_present_slide_state(GtkWidget *slide)
{
    return g_object_get_data(G_OBJECT(slide), "state");
}

void rh_present_slide_set_turn(GtkWidget *slide, RhPresentTurn turn)
{
    g_object_set_data(G_OBJECT(slide), "turn", (gpointer)turn);
}

void rh_present_slide_turn(GtkWidget *slide, int by)
{
    RhPresentTurn turn = (RhPresentTurn)g_object_get_data(G_OBJECT(slide), "turn");
    if (turn != NULL)
        turn(slide, by);
}

/* ── Words ── */

GtkWidget *rh_present_text(const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR); /* a name may be one long word */
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_add_css_class(label, style);
    return label;
}

void rh_present_set_text(GtkWidget *label, const char *text)
{
    if (g_strcmp0(gtk_label_get_text(GTK_LABEL(label)), text) != 0)
        gtk_label_set_text(GTK_LABEL(label), text);
}

char *rh_present_percent(double share)
{
    return isfinite(share) ? g_strdup_printf("%.0f %%", share * 100) : g_strdup("–");
}
