/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary.h"
#include "base/text.h"

#define OWN "/./"

char *rh_path_own(const char *folder, const char *below)
{
    return g_strconcat(folder, OWN, below, NULL);
}

gboolean rh_path_is_own(const char *path)
{
    return strstr(path, OWN) != NULL;
}

char *rh_path_shown(const char *path)
{
    const char *own = strstr(path, OWN);
    g_autofree char *whole =
        own == NULL ? g_strdup(path) : g_strdup_printf("%.*s/%s", (int)(own - path), path, own + strlen(OWN));
    g_autofree char *name = rh_temporary_display_path(whole);
    return rh_text_plain(name);
}

gboolean rh_path_is_link(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

/* The folder `name` within an open one, which is closed. A link instead of the folder is ELOOP. */
static int step_into(int folder, const char *name)
{
    const int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const int code = below < 0 && rh_path_is_link(folder, name) ? ELOOP : errno;
    close(folder);
    errno = code;
    return below;
}

/* Of the parts of an own path all but the last `leave`. */
static int walk(const char *path, const char *own, guint leave)
{
    g_autofree char *root = own > path ? g_strndup(path, (gsize)(own - path)) : g_strdup("/");
    g_auto(GStrv) parts = g_strsplit(own + strlen(OWN), "/", -1);
    int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (guint i = 0; folder >= 0 && i + leave < g_strv_length(parts); i++)
        folder = step_into(folder, parts[i]);
    return folder;
}

int rh_path_open_parent(const char *path, char **name)
{
    const char *own = strstr(path, OWN);
    *name = g_path_get_basename(path);
    if (own != NULL)
        return walk(path, own, 1);
    g_autofree char *parent = g_path_get_dirname(path);
    return open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int rh_path_open_folder(const char *path)
{
    const char *own = strstr(path, OWN);
    return own != NULL ? walk(path, own, 0) : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int rh_path_open_to_change(const char *path, char **name)
{
    const int folder = rh_path_open_parent(path, name);
    if (folder < 0 || !rh_path_is_own(path) || !rh_path_is_link(folder, *name))
        return folder;
    close(folder);
    errno = ELOOP;
    return -1;
}

char *rh_path_inside(const char *folder, const char *relative, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(relative, "/", -1);
    gboolean outside = g_path_is_absolute(relative) || *relative == '\0';
    for (char **part = parts; *part != NULL; part++)
        outside |= strcmp(*part, "..") == 0;
    if (outside) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            _("The path “%s” leads outside the folder it should be in; give a path below that folder."),
            relative);
        return NULL;
    }
    return g_build_filename(folder, relative, NULL);
}
