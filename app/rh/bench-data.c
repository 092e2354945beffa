/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The task “data”: a batch read from PNG files. */
#include "base/files.h"
#include "base/random.h"
#include "bench-measure.h"
#include "image/image.h"

#define SEED 1

typedef struct {
    char *folder; /* a temporary one */
    char **paths;
    guint count, size;
    float *images; /* count×size×size */
    GError **errors;
    RhPool *pool;
} Reading;

/* Brighter to the lower right, with some grain, so that packing it takes about what a radiograph does. */
static RhImage *sample_image(guint size, guint number)
{
    RhImage *image = rh_image_new(size, size, RH_PIXEL_U8);
    guint8 *pixels = image->pixels;
    RhRandom random;
    rh_random_init(&random, SEED, RH_PURPOSE_TEST, 0, number);
    for (guint y = 0; y < size; y++)
        for (guint x = 0; x < size; x++)
            *pixels++ = (guint8)((x + y) * 120 / size + rh_random_below(&random, 16));
    return image;
}

static gboolean write_images(const Reading *reading, GError **error)
{
    for (guint i = 0; i < reading->count; i++) {
        g_autoptr(RhImage) image = sample_image(reading->size, i);
        if (!rh_image_save_png(image, reading->paths[i], error))
            return FALSE;
    }
    return TRUE;
}

static Reading *reading_new(const RhBenchRequest *request, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("rh-bench-XXXXXX", error);
    if (folder == NULL)
        return NULL;
    Reading *reading = g_new0(Reading, 1);
    reading->count = request->settings->batch;
    reading->size = request->settings->size;
    reading->pool = request->pool;
    reading->images = g_new(float, (gsize)reading->count * reading->size * reading->size);
    reading->errors = g_new0(GError *, reading->count);
    reading->paths = g_new0(char *, reading->count + 1);
    for (guint i = 0; i < reading->count; i++)
        reading->paths[i] = g_strdup_printf("%s/%u.png", folder, i);
    reading->folder = g_steal_pointer(&folder);
    return reading;
}

static void reading_free(Reading *reading)
{
    rh_folder_remove(reading->folder, NULL);
    g_free(reading->folder);
    g_strfreev(reading->paths);
    g_free(reading->images);
    g_free(reading->errors);
    g_free(reading);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

static void read_image(guint i, gpointer data)
{
    const Reading *reading = data;
    guint size = reading->size;
    g_autoptr(RhImage) image = rh_image_load(reading->paths[i], &reading->errors[i]);
    if (image != NULL)
        rh_image_resize(image, size, size, reading->images + (gsize)i * size * size);
}

static gboolean read_batch(gpointer data, GError **error)
{
    Reading *reading = data;
    rh_pool_run(reading->pool, reading->count, read_image, reading);
    for (guint i = 0; i < reading->count; i++)
        if (reading->errors[i] != NULL) {
            g_propagate_error(error, g_steal_pointer(&reading->errors[i]));
            for (; i < reading->count; i++)
                g_clear_error(&reading->errors[i]);
            return FALSE;
        }
    return TRUE;
}

static gboolean measure(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    g_autoptr(Reading) reading = reading_new(request, error);
    if (reading == NULL || !write_images(reading, error))
        return FALSE;
    const RhBenchUnit unit = {.data = reading, .run = read_batch, .images = reading->count};
    return rh_bench_time(request, &unit, result, error);
}

const RhBenchTask rh_bench_data = {
    .name = "data",
    .summary = "Reading one batch of PNG files: decoding, resizing, assembling",
    .uses = RH_BENCH_THREADS | RH_BENCH_BATCH | RH_BENCH_SIZE,
    .measure = measure,
};
