/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Paths of what belongs to a folder. In “FOLDER/./runs/NAME” the folder before “/./” may lie behind links,
 * like any path a person gives. What stands behind it is that folder's own: whatever is written, made,
 * renamed or removed through such a path never goes through a symbolic link, so that a study somebody sent
 * cannot reach out of itself. The notation is rsync's; to whoever only reads, the dot makes no difference. */

/* “FOLDER/./BELOW”; free with g_free. */
char *rh_path_own(const char *folder, const char *below);
/* A path as UTF-8 for people, without the dot and fit to be shown (text.h); free with g_free. */
char *rh_path_shown(const char *path);
gboolean rh_path_is_own(const char *path);

/* The folder that a path lies in, as a descriptor; −1 with errno, ELOOP where an own path leads through a
 * link. `name` takes the last part of the path (free with g_free). */
int rh_path_open_parent(const char *path, char **name);
/* The same, for changing what has that name: ELOOP if it is itself a link in an own path. */
int rh_path_open_to_change(const char *path, char **name);
/* The descriptor of the folder that the path itself is. */
int rh_path_open_folder(const char *path);
/* Whether a name within an open folder is a symbolic link. */
gboolean rh_path_is_link(int folder, const char *name);

/* `relative` below `folder`, refused (RH_ERROR_USAGE) if it is absolute or leads outside through "..". */
char *rh_path_inside(const char *folder, const char *relative, GError **error);
