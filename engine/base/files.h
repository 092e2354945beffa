/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* What could not be done to a file or folder. */
typedef enum {
    RH_FILE_OPEN,
    RH_FILE_READ,
    RH_FILE_WRITE,
    RH_FILE_CREATE,
    RH_FILE_REPLACE,
    RH_FILE_REMOVE,
    RH_FILE_RENAME,
} RhFileDeed;

/* "Could not open “PATH”: REASON. ADVICE", a G_FILE_ERROR; the reason is that of errno. Always FALSE. */
gboolean rh_file_fail(GError **error, RhFileDeed deed, const char *path);

/* Writes a file whole or not at all: temporary name in the same folder, sync, rename, sync of the folder.
 * On failure (full disk, read-only folder) the old file is untouched and the temporary one removed. A file
 * that is there keeps its permissions. What a person names is followed: a link leads to the file that is
 * replaced, and a device or pipe is written to. What is a study's own (paths.h) is never written through a
 * link. */
gboolean rh_file_replace(const char *path, const void *data, gsize length, GError **error);
/* The same; a new file can be read by its owner alone. */
gboolean rh_file_replace_private(const char *path, const void *data, gsize length, GError **error);
/* Whether a path a person named is a device, a pipe or a socket, which takes any format. */
gboolean rh_file_is_device(const char *path);

/* Writes a file of a folder that nobody knows yet, unsynced: publishing it syncs once for all. */
gboolean rh_file_put(const char *path, const void *data, gsize length, GError **error);

/* Reads a file of at most `limit` bytes; larger is RH_ERROR_LIMIT, before memory is taken. NUL-terminated. */
gboolean rh_file_read(const char *path, gsize limit, char **content, gsize *length, GError **error);

/* The SHA-256 of a file's content, in hexadecimal; free with g_free. NULL with an error. */
char *rh_file_checksum(const char *path, GError **error);

/* Removes a file; one that is not there is no error. */
gboolean rh_file_remove(const char *path, GError **error);

/* Which file it is and when it was written, to see whether another program has written it since. Its content
 * is not looked at. All 0: there is none. */
typedef struct {
    guint64 inode;
    gint64 size, seconds, nanoseconds;
} RhFileStamp;
RhFileStamp rh_file_stamp(const char *path); /* of a link: the link's own */
gboolean rh_file_stamp_equal(const RhFileStamp *one, const RhFileStamp *other);

/* Waits until no other program holds the lock of that folder, and holds it: the file “.lock” in it, which
 * stays. `lock` is a descriptor to close(), which lets go, or −1 where nothing can be locked: the folder may
 * only be read, or its file system has no locks. FALSE (G_IO_ERROR_BUSY): another program holds it for half a
 * minute. */
gboolean rh_folder_lock(const char *folder, int *lock, GError **error);

/* Renames a file or folder; a file that has the new name is replaced. */
gboolean rh_file_rename(const char *from, const char *to, GError **error);

/* Renames what is broken, so that another can be written in its place and nothing is lost: to “PATH.broken”,
 * or with a number if there is one already. Gives the new path (free with g_free); NULL with an error. */
char *rh_file_put_aside(const char *path, GError **error);

/* Makes one folder; G_FILE_ERROR_EXIST if something is there. */
gboolean rh_folder_make(const char *path, GError **error);
/* The same, content with a folder that is there. */
gboolean rh_folder_ensure(const char *path, GError **error);
/* What is in a folder, in no order: char*, owned by the array (transfer full). */
GPtrArray *rh_folder_names(const char *path, GError **error);

/* A folder that appears whole: it is made beside the place it is to have, under a temporary name
 * (base/temporary.h), filled, and published. What was not published is removed when the draft is freed. */
typedef struct {
    char *path;   /* where it is filled; NULL once it has its name */
    char *target; /* where it will be */
    int lock;
} RhFolderDraft;

/* Makes the folders above, and is refused (G_IO_ERROR_EXISTS) if something is there already. Clears away the
 * drafts of the same folder that killed programs left. */
RhFolderDraft *rh_folder_begin(const char *target, GError **error);
/* Syncs the file system once and renames. Where all within was written by rh_file_replace, `synced`, it is on
 * the disk already. A draft that was published is still to be freed. */
gboolean rh_folder_publish(RhFolderDraft *draft, gboolean synced, GError **error);
void rh_folder_draft_free(RhFolderDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhFolderDraft, rh_folder_draft_free)

/* Removes a folder and all in it. Does not follow symbolic links. */
gboolean rh_folder_remove(const char *path, GError **error);
/* Removes a folder if it is there and nothing is in it. */
void rh_folder_remove_empty(const char *path);
