/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/present-show.h"
#include "plot/chart.h"

/* The steps of a presentation. Each is a widget that follows the show by itself and takes all its words from
 * the study; one table, in order. */
typedef struct {
    const char *id;
    const char *title; /* for the list of steps; to be translated */
    GtkWidget *(*build)(RhPresentShow *show);
} RhPresentSlide;

extern const RhPresentSlide rh_present_slides[];
extern const guint rh_present_n_slides;

/* A slide that has something to turn (another image, the level) listens for this; Up and Down of the
 * keyboard. */
void rh_present_slide_turn(GtkWidget *slide, int by);
typedef void (*RhPresentTurn)(GtkWidget *slide, int by);
void rh_present_slide_set_turn(GtkWidget *slide, RhPresentTurn turn);

/* For the slides: */
GtkWidget *rh_present_slide_new(RhPresentShow *show, const char *title); /* a column under a large title */
/* Calls `refresh` with the slide now and whenever the show changes; `state` is the slide's, freed with it. */
void rh_present_slide_follow(GtkWidget *slide, RhPresentShow *show, gpointer state,
                             void (*refresh)(GtkWidget *slide));
gpointer rh_present_slide_state(GtkWidget *slide);
GtkWidget *rh_present_text(const char *text,
                           const char *style); /* a wrapping label; style "big", "huge", … */
/* Sets the text if it differs. */
void rh_present_set_text(GtkWidget *label, const char *text);
/* "97 %", or "–" for what is not a number; free with g_free. */
char *rh_present_percent(double share);

/* present-slides-images.c */
GtkWidget *rh_present_slide_opening(RhPresentShow *show);
GtkWidget *rh_present_slide_images(RhPresentShow *show);
/* present-slides-models.c */
GtkWidget *rh_present_slide_models(RhPresentShow *show);
GtkWidget *rh_present_slide_gaze(RhPresentShow *show);
/* present-slides-shift.c */
GtkWidget *rh_present_slide_shift(RhPresentShow *show);
/* present-slides-methods.c */
GtkWidget *rh_present_slide_methods(RhPresentShow *show);
GtkWidget *rh_present_slide_scatter(RhPresentShow *show);
GtkWidget *rh_present_slide_closing(RhPresentShow *show);

/* present-chart.c: a chart in the size of a slide. */
GtkWidget *rh_present_chart_new(const char *name);
RhChart *rh_present_chart_get(GtkWidget *chart);
/* After the chart was touched; what it says for a screen reader. */
void rh_present_chart_changed(GtkWidget *chart, const char *description);
