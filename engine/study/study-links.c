/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <unistd.h>

#include "base/files.h"
#include "base/paths.h"
#include "study/study-private.h"

#define NAMED 3 /* links told by name */

/* The links found, relative to the study. */
static void find_links(GPtrArray *links, const char *study, const char *folder)
{
    g_autofree char *path = g_build_filename(study, folder, NULL);
    g_autoptr(GPtrArray) names = rh_folder_names(path, NULL);
    const int descriptor = names != NULL ? rh_path_open_folder(path) : -1;
    for (guint i = 0; descriptor >= 0 && i < names->len; i++)
        if (rh_path_is_link(descriptor, names->pdata[i]))
            g_ptr_array_add(links, g_build_filename(folder, names->pdata[i], NULL));
    if (descriptor >= 0)
        close(descriptor);
}

static GPtrArray *find_own_links(const char *study)
{
    static const char *const files[] = {"study.ini", "images.csv", "reading.csv",
                                        "queue.ini", "masks",      "runs"};
    GPtrArray *links = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(study, files[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            g_ptr_array_add(links, g_strdup(files[i]));
    }
    find_links(links, study, "masks");
    find_links(links, study, "runs");
    g_autofree char *runs = g_build_filename(study, "runs", NULL);
    g_autoptr(GPtrArray) names = rh_folder_names(runs, NULL);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autofree char *run = g_build_filename("runs", names->pdata[i], NULL);
        find_links(links, study, run);
    }
    return links;
}

void rh_study_note_links(const RhStudy *study)
{
    g_autoptr(GPtrArray) links = find_own_links(study->folder);
    if (links->len == 0)
        return;
    g_autoptr(GString) named = g_string_new(NULL);
    for (guint i = 0; i < MIN(links->len, NAMED); i++) {
        g_autofree char *shown = g_filename_display_name(links->pdata[i]);
        g_string_append_printf(named, "%s“%s”", i > 0 ? ", " : "", shown);
    }
    rh_note(
        study->notes,
        ngettext("%u symbolic link is where the study's own files belong (%s). It is read, but nothing is "
                 "changed through it; put the file or folder itself there to go on with it.",
                 "%u symbolic links are where the study's own files belong (%s, …). They are read, but "
                 "nothing is changed through them; put the files or folders themselves there to go on "
                 "with them.",
                 links->len),
        links->len, named->str);
}
