/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/files.h"
#include "study/study.h"

#define RH_STUDY_SIDE_MIN 8u
#define RH_STUDY_SIDE_MAX 1024u

/* An empty study of that folder, made absolute; the name is the folder's. */
RhStudy *rh_study_new(const char *folder);
/* images.csv in and out. Reading fills cases and notes, and divides them if there is no split column. */
gboolean rh_study_read_images(RhStudy *study, GError **error);
gboolean rh_study_write_images(const RhStudy *study, GError **error);
/* reading.csv, if it is there, into the cases. */
gboolean rh_study_read_readings(RhStudy *study, GError **error);
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
