/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/pool.h"
#include "study/clusters.h"
#include "study/study-private.h"

#define BYTES_MAX (G_GUINT64_CONSTANT(16) << 30)
#define ROUND     64u /* images between two looks at progress and cancellation */

/* Images are decoded by all processors, each into the place it will have if none is left out. */
typedef struct {
    const RhStudy *study;
    GPtrArray *cases; /* RhCase, those wanted; not owned */
    RhSamples *samples;
    char **image_faults, **mask_faults; /* a sentence each, by case */
    guint first;                        /* of the running round */
} Loader;

/* Brings the mask of an image of width×height to the study's size; without one all is inside. *has_mask
 * tells which. Returns what is wrong with it, a sentence, or NULL; free with g_free. */
static char *read_mask(const RhStudy *study, const RhCase *item, guint width, guint height, guint8 *inside,
                       guint8 *has_mask)
{
    const gsize pixels = (gsize)study->height * study->width;
    *has_mask = 0;
    memset(inside, 1, pixels);
    if (!item->has_mask)
        return NULL;

    g_autofree char *path = rh_study_mask_path(study, item);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhMask) mask = rh_mask_load(path, width, height, &error);
    if (mask == NULL)
        return g_strdup(error->message);
    if (rh_mask_is_empty(mask))
        return NULL; /* nothing drawn in it: the same as none */
    rh_mask_resize(mask, study->width, study->height, inside);
    *has_mask = memchr(inside, 1, pixels) != NULL;
    if (*has_mask)
        return NULL;
    memset(inside, 1, pixels);
    return g_strdup_printf(_("“%s” has less than half a pixel inside at %u×%u; it counts as no mask, draw it "
                             "larger or train at a larger size."),
                           path, study->width, study->height);
}

static void load_one(guint piece, gpointer data)
{
    Loader *loader = data;
    const guint place = loader->first + piece;
    const RhStudy *study = loader->study;
    const RhCase *item = g_ptr_array_index(loader->cases, place);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhImage) image = rh_study_load_image(study, item, &error);
    if (image == NULL) {
        loader->image_faults[place] = g_strdup(error->message);
        return;
    }
    rh_image_resize(image, study->width, study->height,
                    loader->samples->images + (gsize)place * study->height * study->width);
    loader->mask_faults[place] =
        read_mask(study, item, image->width, image->height,
                  loader->samples->masks + (gsize)place * study->height * study->width,
                  &loader->samples->has_mask[place]);
}

static guint8 conflicting(const RhStudy *study, const RhCase *item)
{
    if (study->confounder_kind == RH_CONFOUNDER_NONE)
        return RH_UNKNOWN;
    if (rh_case_is_conflicting(item))
        return 1;
    if (rh_case_is_aligned(item))
        return 0;
    /* As drawn goes with the label unless the table says otherwise. */
    return study->confounder_kind == RH_CONFOUNDER_MIRROR ? 0 : RH_UNKNOWN;
}

static void describe(Loader *loader)
{
    RhSamples *samples = loader->samples;
    g_autoptr(RhClusters) clusters = rh_clusters_new(loader->study);
    for (guint i = 0; i < samples->count; i++) {
        const RhCase *item = g_ptr_array_index(loader->cases, i);
        samples->clusters[i] = rh_clusters_number(clusters, item->id);
        samples->labels[i] = item->label;
        samples->splits[i] = (guint8)item->split;
        samples->conflicting[i] = conflicting(loader->study, item);
        samples->ids[i] = g_strdup(item->id);
    }
    samples->mirrored = loader->study->confounder_kind == RH_CONFOUNDER_MIRROR;
}

/* Closes up over the images that could not be read. */
static void leave_out(Loader *loader)
{
    RhSamples *samples = loader->samples;
    const gsize pixels = (gsize)samples->height * samples->width;
    guint kept = 0;
    for (guint i = 0; i < samples->count; i++) {
        if (loader->image_faults[i] != NULL) {
            g_free(samples->ids[i]);
            continue;
        }
        if (kept != i) {
            memmove(samples->images + kept * pixels, samples->images + i * pixels, pixels * sizeof(float));
            memmove(samples->masks + kept * pixels, samples->masks + i * pixels, pixels);
            samples->has_mask[kept] = samples->has_mask[i];
            samples->labels[kept] = samples->labels[i];
            samples->conflicting[kept] = samples->conflicting[i];
            samples->splits[kept] = samples->splits[i];
            samples->clusters[kept] = samples->clusters[i];
            samples->ids[kept] = samples->ids[i];
        }
        kept++;
    }
    for (guint i = kept; i < samples->count; i++)
        samples->ids[i] = NULL;
    samples->count = kept;
}

static void report(const Loader *loader, GPtrArray *notes)
{
    for (guint i = 0; i < loader->cases->len; i++) {
        if (loader->image_faults[i] != NULL)
            rh_note(notes, _("%s The image is left out."), loader->image_faults[i]);
        if (loader->mask_faults[i] != NULL)
            rh_note(notes, _("%s The image counts as one without mask."), loader->mask_faults[i]);
    }
}

static GPtrArray *wanted_cases(const RhStudy *study)
{
    GPtrArray *wanted = g_ptr_array_new();
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->label != RH_UNKNOWN && item->split != RH_SPLIT_NONE)
            g_ptr_array_add(wanted, item);
    }
    return wanted;
}

static gboolean decode(Loader *loader, RhStudyProgress progress, gpointer progress_data,
                       GCancellable *cancellable, GError **error)
{
    g_autoptr(RhPool) pool = rh_pool_new(0);
    const guint total = loader->cases->len;
    for (loader->first = 0; loader->first < total; loader->first += ROUND) {
        if (progress != NULL)
            progress(loader->first, total, progress_data);
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        rh_pool_run(pool, MIN(ROUND, total - loader->first), load_one, loader);
    }
    if (progress != NULL)
        progress(total, total, progress_data);
    return TRUE;
}

static gboolean check_amount(const RhStudy *study, guint count, GError **error)
{
    if (count == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” has no image with a label in training, validation or test; give images labels "
                      "and divide them."),
                    study->folder);
        return FALSE;
    }
    const guint64 bytes = (guint64)count * study->height * study->width * (sizeof(float) + 1);
    if (bytes <= BYTES_MAX)
        return TRUE;
    g_autofree char *needed = g_format_size(bytes);
    g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                _("%u images at %u×%u take %s of memory, more than the program uses; choose a smaller size."),
                count, study->width, study->height, needed);
    return FALSE;
}

/* One message for all, where it is the folder that is missing. */
static gboolean check_folder(const RhStudy *study, const GPtrArray *cases, GError **error)
{
    gboolean needed = FALSE;
    for (guint i = 0; i < cases->len; i++)
        needed |= !g_path_is_absolute(((const RhCase *)g_ptr_array_index(cases, i))->path);
    return !needed || rh_study_check_images(study, error);
}

RhSamples *rh_study_load_samples(const RhStudy *study, GPtrArray *notes, RhStudyProgress progress,
                                 gpointer progress_data, GCancellable *cancellable, GError **error)
{
    g_autoptr(GPtrArray) cases = wanted_cases(study);
    if (!check_amount(study, cases->len, error) || !rh_study_check_split(study, error) ||
        !check_folder(study, cases, error))
        return NULL;
    g_autoptr(RhSamples) samples = rh_samples_new(cases->len, study->height, study->width);
    Loader loader = {.study = study,
                     .cases = cases,
                     .samples = samples,
                     .image_faults = g_new0(char *, cases->len),
                     .mask_faults = g_new0(char *, cases->len)};
    gboolean ok = decode(&loader, progress, progress_data, cancellable, error);
    if (ok) {
        describe(&loader);
        report(&loader, notes);
        leave_out(&loader);
        ok = samples->count > 0;
        if (!ok)
            g_set_error(error, RH_ERROR, RH_ERROR_EMPTY, _("No image of “%s” can be read (%u tried). %s"),
                        study->folder, cases->len, loader.image_faults[0]);
    }
    for (guint i = 0; i < cases->len; i++) {
        g_free(loader.image_faults[i]);
        g_free(loader.mask_faults[i]);
    }
    g_free(loader.image_faults);
    g_free(loader.mask_faults);
    return ok ? g_steal_pointer(&samples) : NULL;
}

gboolean rh_study_reload_mask(const RhStudy *study, RhSamples *samples, guint place, GPtrArray *notes)
{
    const gsize pixels = (gsize)study->height * study->width;
    RhCase item = *rh_study_find_case(study, samples->ids[place]);
    g_autofree char *image = rh_study_image_path(study, &item), *mask = rh_study_mask_path(study, &item);
    g_autofree guint8 *inside = g_malloc(pixels);
    guint width = 0, height = 0;
    guint8 has_mask = 0;
    g_autoptr(GError) error = NULL;
    item.has_mask = g_file_test(mask, G_FILE_TEST_EXISTS);
    if (!rh_image_size_as(image, &study->reading, &width, &height, &error)) {
        rh_note(notes, _("%s The mask is left as it was."), error->message);
        return FALSE;
    }
    g_autofree char *fault = read_mask(study, &item, width, height, inside, &has_mask);
    if (fault != NULL)
        rh_note(notes, _("%s The image counts as one without mask."), fault);
    guint8 *old = samples->masks + place * pixels;
    const gboolean changed = samples->has_mask[place] != has_mask || memcmp(old, inside, pixels) != 0;
    memcpy(old, inside, pixels);
    samples->has_mask[place] = has_mask;
    return changed;
}
