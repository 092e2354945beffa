/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/check-private.h"
#include "study/queue.h"
#include "study/study-private.h"

static void finding_free(gpointer data)
{
    RhFinding *finding = data;
    g_free(finding->file);
    g_free(finding->reason);
    g_free(finding);
}

void rh_check_add(RhCheck *check, const char *file, gboolean repaired, const char *reason)
{
    RhFinding *finding = g_new(RhFinding, 1);
    *finding = (RhFinding){g_strdup(file), g_strdup(reason), repaired};
    g_ptr_array_add(check->findings, finding);
}

void rh_check_add_format(RhCheck *check, const char *file, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    rh_check_add(check, file, FALSE, reason);
}

/* Links inside the study that lead out of it. Of a folder that is a link nothing within is looked at. */
static void check_links(RhCheck *check, const char *inside, const char *relative)
{
    g_autofree char *path = g_build_filename(check->folder, relative, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *below = *relative != '\0' ? g_build_filename(relative, name, NULL) : g_strdup(name);
        g_autofree char *full = g_build_filename(check->folder, below, NULL);
        if (!g_file_test(full, G_FILE_TEST_IS_SYMLINK)) {
            if (g_file_test(full, G_FILE_TEST_IS_DIR))
                check_links(check, inside, below);
            continue;
        }
        char *target = realpath(full, NULL);
        const gsize length = strlen(inside);
        if (target == NULL)
            rh_check_add(check, below, FALSE, _("The link leads nowhere."));
        else if (strncmp(target, inside, length) != 0 || (target[length] != '/' && target[length] != '\0'))
            rh_check_add_format(check, below, _("The link leads out of the study, to “%s”."), target);
        free(target);
    }
}

/* One picture in two sets under two names. What the table alone shows of a split is among the study's notes.
 */
static void check_pictures(RhCheck *check)
{
    g_autoptr(GError) leak = NULL;
    if (rh_split_check(check->study->cases, NULL) && !rh_study_check_split(check->study, &leak))
        rh_check_add(check, "images.csv", FALSE, leak->message);
}

static void check_queue(RhCheck *check)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) runs = rh_queue_read(check->folder, &error);
    if (runs == NULL)
        rh_check_add(check, "queue.ini", FALSE, error->message);
}

static void check_study(RhCheck *check)
{
    for (guint i = 0; i < check->study->notes->len; i++)
        rh_check_add(check, "images.csv", FALSE, g_ptr_array_index(check->study->notes, i));
    check_pictures(check);
    check_queue(check);
    rh_check_images(check);
    rh_check_runs(check);
}

GPtrArray *rh_study_check(const char *folder, gboolean repair, GError **error)
{
    if (!rh_study_is_one(folder)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("“%s” is no study: it has no study.ini; make a study of the images first."), folder);
        return NULL;
    }
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(finding_free);
    RhCheck check = {.folder = folder, .repair = repair, .findings = findings};
    g_autoptr(GError) reason = NULL;
    char *inside = realpath(folder, NULL);
    rh_check_leftovers(&check);
    if (inside != NULL)
        check_links(&check, inside, "");
    free(inside);
    g_autoptr(RhStudy) study = rh_study_read(folder, &reason);
    check.study = study;
    if (study != NULL)
        check_study(&check);
    else
        rh_check_add(&check, ".", FALSE, reason->message);
    return g_steal_pointer(&findings);
}
