/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/files.h"
#include "data/table.h"
#include "study/study.h"

#define RH_STUDY_SIDE_MIN 8u
#define RH_STUDY_SIDE_MAX 1024u

/* Beside images.csv in a study that was imported: the label of each image as its folder had it. */
#define RH_IMPORTED_TABLE "imported.csv"
/* And what was said of the folder, as options of “rh new folder”; missing where nothing was. */
#define RH_IMPORTED_OPTIONS "imported.ini"

/* An empty study of that folder, made absolute; the name is the folder's. */
RhStudy *rh_study_new(const char *folder);
/* The three files, each into the study and out of it in the program's own manner (g_free). Reading images.csv
 * fills cases and notes, and divides them if there is no split column; it comes after study.ini and before
 * reading.csv. */
gboolean rh_study_parse_ini(RhStudy *study, const char *path, const char *text, gsize length, GError **error);
gboolean rh_study_parse_images(RhStudy *study, const RhTable *table, const char *path, GError **error);
/* Which cases have a mask by what is in masks/, and no longer by the table's word. */
void rh_study_find_masks(RhStudy *study);
gboolean rh_study_parse_readings(RhStudy *study, const RhTable *table, const char *path, GError **error);
/* As if nothing had been said of any image. */
void rh_study_forget_readings(RhStudy *study);
char *rh_study_ini_text(const RhStudy *study);
char *rh_study_images_text(const RhStudy *study);
char *rh_study_readings_text(const RhStudy *study);
/* A note on links where the study's own files and folders belong, if there are any. */
void rh_study_note_links(const RhStudy *study);
/* Whether `id` can be a file name in masks/. */
gboolean rh_study_id_is_fit(const char *id);
/* "one.two.png" → "one.two" */
char *rh_study_id_of_path(const char *path);
/* Writes KIND/ID.png of a study that is not published yet, unsynced: publishing syncs once for all. */
gboolean rh_study_put_png(const char *folder, const char *kind, const char *id, guint width, guint height,
                          const guint8 *pixels, GError **error);
/* Opens a study and leaves everything in it as it is. */
RhStudy *rh_study_read(const char *folder, GError **error);
/* Publishes a study that was filled in a draft, once it has been read back, and opens it. */
RhStudy *rh_study_publish(RhFolderDraft *draft, GError **error);
/* One or more sentences for people. */
void rh_note(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);
