/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Which runs of a study wait to be trained, in their order: queue.ini of its folder, which is there only
 * while some do. They are named by their folders in runs/. */
#define RH_QUEUE_MAX 1024u /* names; of more the first are kept */

char *rh_queue_path(const char *study_folder); /* free with g_free */
/* What the file says when these wait; NULL: none does, and there is to be no file. Free with g_free. */
char *rh_queue_text(const char *const *runs);
/* The names, none if there is no file; free with g_strfreev. Whether they are of runs is for the caller to
 * see. NULL with an error for a file that cannot be read or has more than RH_QUEUE_MAX. */
char **rh_queue_read(const char *study_folder, GError **error);
