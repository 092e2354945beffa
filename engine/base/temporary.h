/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* The files and folders that carry a temporary name while they are made. Who makes one holds a lock on it,
 * which ends with the process: what nobody holds was left behind by a program that was killed. */
#define RH_TEMPORARY_MARK   ".rh-" /* behind the name it is to have */
#define RH_TEMPORARY_SUFFIX RH_TEMPORARY_MARK "XXXXXX"

/* Makes such a file or folder in an open folder; `name` ends in the suffix and gets the name taken. Returns
 * the descriptor that holds the lock until it is closed, or −1 with errno. Where the file system has no locks
 * it is made without. */
int rh_temporary_file(int folder, char *name, mode_t mode);
int rh_temporary_folder(int folder, char *name);

/* Whether a name is one that rh_temporary_file or rh_temporary_folder takes. */
gboolean rh_temporary_is_name(const char *name);

/* A path as people know it: with the names that its parts are to have. Free with g_free. */
char *rh_temporary_display_path(const char *path);

/* Goes through the folder `below` (“masks”, “runs/NAME”; NULL: itself) of `folder` without following links,
 * and adds what was left behind there to `found` (char *, relative to `folder`, owned; may be NULL). What
 * begins with `stem` alone, if that is not NULL. Removes it if it is asked to; what cannot be removed stays.
 */
void rh_temporary_find(const char *folder, const char *below, const char *stem, gboolean remove,
                       GPtrArray *found);
