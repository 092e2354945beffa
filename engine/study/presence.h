/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Who has a study open: each program that has it open keeps a file of its own in “.open” of the study, renews
 * it while it is open, and removes it at the end. One that was not renewed for minutes, or whose program is
 * no longer running on this computer, counts as gone. In a study that may only be read nothing is written. */
typedef struct _RhPresence RhPresence;

RhPresence *rh_presence_new(const char *study_folder); /* nothing is written yet */
/* Renews one's own file. Gives one line for people for each other program that has the study open, or ""
 * (transfer full). Slow where the folder is slow. */
char *rh_presence_look(RhPresence *presence);
void rh_presence_free(RhPresence *presence); /* removes one's own file */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhPresence, rh_presence_free)
