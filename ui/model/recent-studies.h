/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* The studies that were open, the latest first. They are kept in the settings; one whose folder is not there
 * (a disk that is not plugged in, say) stays in the list until it is taken out. */

#define RH_RECENT_STUDIES_MAX 10 /* no more are kept */

#define RH_TYPE_RECENT_STUDY (rh_recent_study_get_type())
G_DECLARE_FINAL_TYPE(RhRecentStudy, rh_recent_study, RH, RECENT_STUDY, GObject)

const char *rh_recent_study_get_folder(RhRecentStudy *study);
const char *rh_recent_study_get_name(RhRecentStudy *study);
/* As it was when they were looked for last. */
gboolean rh_recent_study_is_missing(RhRecentStudy *study);

#define RH_TYPE_RECENT_STUDIES (rh_recent_studies_get_type())
G_DECLARE_FINAL_TYPE(RhRecentStudies, rh_recent_studies, RH, RECENT_STUDIES, GObject)

/* With NULL for settings nothing is kept. */
RhRecentStudies *rh_recent_studies_new(GSettings *settings);
/* RhRecentStudy; the object's own. */
GListModel *rh_recent_studies_get_list(RhRecentStudies *recent);
/* Puts a study at the head. */
void rh_recent_studies_note(RhRecentStudies *recent, const char *folder, const char *name);
void rh_recent_studies_forget(RhRecentStudies *recent, const char *folder);
/* Finds out on a worker which ones are missing; the list changes where that has changed. */
void rh_recent_studies_look(RhRecentStudies *recent);
