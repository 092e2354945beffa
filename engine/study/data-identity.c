/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/data-identity.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/files.h"
#include "study/data-hash.h"
#include "study/study-private.h"

#define KEPT_BYTES_MAX 1024u

static void add_text(GChecksum *sum, const char *text)
{
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void add_numbers(GChecksum *sum, const gint64 *numbers, gsize count)
{
    g_checksum_update(sum, (const guchar *)numbers, (gssize)(count * sizeof *numbers));
}

/* Of everything the hash depends on, without reading an image: rows, and the files' sizes and times. */
static char *fingerprint(const RhStudy *study)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_numbers(sum, (const gint64[]){study->height, study->width, study->confounder_kind}, 3);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->label == RH_UNKNOWN || item->split == RH_SPLIT_NONE)
            continue;
        g_autofree char *path = rh_study_image_path(study, item);
        GStatBuf status = {0};
        const gboolean there = g_stat(path, &status) == 0;
        add_text(sum, path);
        add_numbers(sum,
                    (const gint64[]){item->label, item->confounder, item->split, there, status.st_size,
                                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec},
                    7);
    }
    return g_strdup(g_checksum_get_string(sum));
}

/* A file for each study, outside of it: the study may be one that can only be read. */
static char *kept_path(const RhStudy *study)
{
    g_autofree char *name = g_compute_checksum_for_string(G_CHECKSUM_SHA256, study->folder, -1);
    return g_build_filename(g_get_user_cache_dir(), "redherring", "data", name, NULL);
}

static char *read_kept(const RhStudy *study, const char *print)
{
    g_autofree char *path = kept_path(study), *text = NULL;
    if (!rh_file_read(path, KEPT_BYTES_MAX, &text, NULL, NULL))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const gboolean fits = g_strv_length(lines) >= 2 && g_str_equal(lines[0], print);
    return fits ? g_strdup(lines[1]) : NULL;
}

/* What cannot be kept is worked out again. */
static void keep(const RhStudy *study, const char *print, const char *hash)
{
    g_autofree char *path = kept_path(study), *folder = g_path_get_dirname(path),
                    *text = g_strdup_printf("%s\n%s\n", print, hash);
    if (g_mkdir_with_parents(folder, 0700) == 0)
        rh_file_replace(path, text, strlen(text), NULL);
}

char *rh_study_keep_images_hash(const RhStudy *study, const RhSamples *samples)
{
    g_autofree char *print = fingerprint(study);
    char *hash = rh_hash_images(samples);
    keep(study, print, hash);
    return hash;
}

char *rh_study_images_hash(const RhStudy *study, RhStudyProgress progress, gpointer progress_data,
                           GCancellable *cancellable, GError **error)
{
    g_autofree char *print = fingerprint(study);
    char *hash = read_kept(study, print);
    if (hash != NULL)
        return hash;
    g_autoptr(RhSamples) samples =
        rh_study_load_samples(study, NULL, progress, progress_data, cancellable, error);
    if (samples == NULL)
        return NULL;
    hash = rh_hash_images(samples);
    keep(study, print, hash);
    return hash;
}

RhDataIdentity rh_run_data_identity(const RhRun *run, const char *images_hash)
{
    if (images_hash == NULL || run->data_hash[0] == '\0')
        return RH_DATA_UNKNOWN;
    return g_str_equal(images_hash, run->data_hash) ? RH_DATA_SAME : RH_DATA_OTHER;
}

const char *rh_data_identity_name(RhDataIdentity identity)
{
    static const char *const names[] = {"same", "other", "unknown"};
    return names[identity];
}
