/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "study/study.h"

/* The images of a study as thumbnails with label, split and mask badge; thumbnails are decoded in the
 * background. Property "selected-id" (string, notify). */
#define RH_TYPE_IMAGE_LIST (rh_image_list_get_type())
G_DECLARE_FINAL_TYPE(RhImageList, rh_image_list, RH, IMAGE_LIST, GtkWidget)

GtkWidget *rh_image_list_new(void);
/* The study stays the caller's and outlives its being shown; NULL empties the list. */
void rh_image_list_set_study(RhImageList *list, RhStudy *study);
const char *rh_image_list_get_selected(RhImageList *list);
void rh_image_list_select(RhImageList *list, const char *id);
void rh_image_list_select_next(RhImageList *list, int step); /* +1, −1 */
/* The id of the image so many places further in the list as it is shown; NULL: there is none. */
char *rh_image_list_find_next(RhImageList *list, int step);
/* To the next image that has neither a mask nor the answer that there is nothing to mark, among those of the
 * split that is listed, and from the last on to the first; images that the split leaves aside are passed
 * over. FALSE if there is no other. */
gboolean rh_image_list_select_next_to_mark(RhImageList *list);
guint rh_image_list_count_to_mark(RhImageList *list); /* of the split that is listed */
/* The study says something else than before: rows follow, images that are new or gone included, and the one
 * that is selected stays so while it is there. */
void rh_image_list_study_changed(RhImageList *list);
/* The badge of a case follows its mask and the answer again. */
void rh_image_list_case_changed(RhImageList *list, const char *id);
