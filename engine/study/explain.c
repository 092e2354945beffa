/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/explain.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "nn/weights.h"
#include "score/interval.h"
#include "study/scoring-private.h"

#define N_FIELDS (sizeof(RhLocalisation) / sizeof(double))

RhEvaluator *rh_run_evaluator(const RhRun *run, guint epoch, const RhKernels *kernels, RhPool *pool,
                              GError **error)
{
    g_autofree char *path =
        epoch == 0 ? rh_run_path(run, "best.safetensors") : rh_run_history_path(run, epoch);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("The run “%s” has no weights yet, “%s” is not there; train it first."), run->name,
                    path);
        return NULL;
    }
    const RhRunSettings *settings = &run->settings;
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, error);
    g_autoptr(RhNetwork) network = rh_network_new(settings->network, settings->width, RH_SINGLE);
    if (file == NULL || !rh_tensor_file_read_parameters(file, "", network->parameters, error))
        return NULL;
    RhEvaluator *evaluator =
        rh_evaluator_new(settings->network, settings->width, run->image_height, run->image_width,
                         rh_scoring_chunk(run->image_height, run->image_width), kernels, pool);
    rh_evaluator_set_parameters(evaluator, network->parameters);
    return evaluator;
}

/* A sample as it is scored: image and mask, mirrored if the confounder is position. */
typedef struct {
    float *image;
    guint8 *mask;
} View;

static void show(const RhSamples *samples, guint place, View *view)
{
    const guint height = samples->height, width = samples->width;
    const gsize pixels = (gsize)height * width;
    const float *image = samples->images + place * pixels;
    const guint8 *mask = samples->masks + place * pixels;
    if (!samples->mirrored) {
        memcpy(view->image, image, pixels * sizeof(float));
        memcpy(view->mask, mask, pixels);
        return;
    }
    rh_mirror(image, height, width, view->image);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            view->mask[y * width + x] = mask[y * width + width - 1 - x];
}

static GArray *images_to_score(const RhSamples *samples)
{
    g_autoptr(GArray) test = rh_samples_of_split(samples, RH_SPLIT_TEST);
    GArray *places = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < test->len; i++) {
        const guint place = g_array_index(test, guint, i);
        if (samples->labels[place] == 1 && samples->has_mask[place])
            g_array_append_val(places, place);
    }
    return places;
}

/* Of each field the mean with its interval over the images, or over the patients. */
static void summarise(const RhLocalisation *scores, const guint32 *clusters, guint count,
                      RhLocalisationSummary *summary)
{
    double *mean = (double *)&summary->mean, *low = (double *)&summary->low, *high = (double *)&summary->high;
    g_autofree double *values = g_new(double, MAX(count, 1));
    summary->images = count;
    for (gsize k = 0; k < N_FIELDS; k++) {
        for (guint i = 0; i < count; i++)
            values[i] = ((const double *)&scores[i])[k];
        const RhInterval interval = rh_clustered_mean_interval(values, clusters, count);
        mean[k] = interval.mean;
        low[k] = interval.low;
        high[k] = interval.high;
    }
}

gboolean rh_run_localisation(RhEvaluator *evaluator, const RhSamples *samples, const RhMapKind *map,
                             const RhMapSettings *settings, RhMapProgress progress, gpointer progress_data,
                             GCancellable *cancellable, RhLocalisationSummary *summary, GError **error)
{
    const gsize pixels = (gsize)samples->height * samples->width;
    g_autoptr(GArray) places = images_to_score(samples);
    g_autofree RhLocalisation *scores = g_new0(RhLocalisation, MAX(places->len, 1));
    g_autofree float *values = g_new(float, pixels), *image = g_new(float, pixels);
    g_autofree guint8 *mask = g_malloc(pixels);
    g_autofree guint32 *clusters = g_new0(guint32, MAX(places->len, 1));
    View view = {image, mask};
    for (guint i = 0; i < places->len; i++) {
        clusters[i] = samples->clusters[g_array_index(places, guint, i)];
        show(samples, g_array_index(places, guint, i), &view);
        const RhMapRequest request = {
            .evaluator = evaluator, .image = view.image, .settings = *settings, .cancellable = cancellable};
        if (!map->compute(&request, values, error))
            return FALSE;
        rh_localisation(values, map->smoothed, view.mask, samples->height, samples->width, &scores[i]);
        if (progress != NULL)
            progress((i + 1.0) / places->len, progress_data);
    }
    summarise(scores, clusters, places->len, summary);
    return TRUE;
}
