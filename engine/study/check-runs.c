/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>

#include "base/temporary.h"
#include "nn/weights.h"
#include "study/check-private.h"
#include "study/data-hash.h"
#include "study/run-private.h"

/* Whether the file can be opened and holds numbers alone. */
static void check_weights(RhCheck *check, const char *path, const char *relative)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
    const char *const *name = file != NULL ? rh_tensor_file_names(file) : NULL;
    for (; name != NULL && *name != NULL; name++) {
        gsize count = 0, wrong = 0;
        g_autofree double *values = rh_tensor_file_read(file, *name, &count, &error);
        if (values == NULL)
            break;
        for (gsize i = 0; i < count; i++)
            wrong += !isfinite(values[i]);
        if (wrong > 0) {
            rh_check_add_format(check, relative,
                                _("The tensor “%s” has %zu of %zu values that are no numbers: the training "
                                  "diverged, or the file is damaged."),
                                *name, wrong, count);
            return;
        }
    }
    if (error != NULL)
        rh_check_add(check, relative, FALSE, error->message);
}

static void check_weights_of(RhCheck *check, const RhRun *run, const char *file, gboolean needed)
{
    g_autofree char *path = rh_run_path(run, file);
    g_autofree char *relative = g_build_filename("runs", run->name, file, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        check_weights(check, path, relative);
    else if (needed)
        rh_check_add(check, relative, FALSE, _("The file is missing."));
}

/* Every epoch has left its scores there; runs of the earliest versions have no such folder. */
static void check_history(RhCheck *check, const RhRun *run)
{
    g_autofree char *folder = rh_run_path(run, "history");
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR) || g_file_test(folder, G_FILE_TEST_IS_SYMLINK))
        return;
    for (guint i = 0; i < run->metrics->len; i++) {
        const guint epoch = g_array_index(run->metrics, RhEpochMetrics, i).epoch;
        g_autofree char *file = g_strdup_printf("history/%04u.safetensors", epoch);
        check_weights_of(check, run, file, run->state == RH_RUN_FINISHED);
    }
}

/* What the study is now, as training would be given it; NULL where it cannot be. */
typedef struct {
    char *images, *masks;
} Hashes;

static Hashes hash_study(const RhCheck *check)
{
    g_autoptr(RhSamples) samples = rh_study_load_samples(check->study, NULL, NULL, NULL, NULL, NULL);
    if (samples == NULL)
        return (Hashes){NULL, NULL};
    return (Hashes){rh_hash_images(samples), rh_hash_masks(samples)};
}

static void check_data(RhCheck *check, const RhRun *run, const Hashes *now)
{
    g_autofree char *relative = g_build_filename("runs", run->name, "run.ini", NULL);
    if (run->state == RH_RUN_NEW || now->images == NULL)
        return;
    if (!g_str_equal(run->data_hash, now->images))
        rh_check_add(
            check, relative, FALSE,
            _("The images, labels or splits of the study have changed since it was trained: its results are "
              "of other data."));
    else if (rh_method_uses_masks(run->settings.method) && !g_str_equal(run->mask_hash, now->masks))
        rh_check_add(check, relative, FALSE, _("The masks of the study have changed since it was trained."));
}

static void check_run(RhCheck *check, const RhRun *run, const Hashes *now)
{
    g_autofree char *test = g_build_filename("runs", run->name, "test.csv", NULL);
    if (run->fault != NULL)
        rh_check_add(check, test, FALSE, run->fault);
    check_data(check, run, now);
    check_weights_of(check, run, "best.safetensors", run->state == RH_RUN_FINISHED);
    if (run->state == RH_RUN_UNFINISHED)
        check_weights_of(check, run, "state.safetensors", FALSE);
    check_history(check, run);
}

void rh_check_runs(RhCheck *check)
{
    g_autofree char *path = g_build_filename(check->folder, "runs", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    Hashes now = hash_study(check);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        g_autofree char *relative = g_build_filename("runs", name, NULL);
        g_autofree char *ini = g_build_filename(below, "run.ini", NULL);
        g_autoptr(GError) error = NULL;
        if (*name == '.' || rh_temporary_is_name(name) || !g_file_test(ini, G_FILE_TEST_EXISTS))
            continue;
        g_autoptr(RhRun) run = rh_run_open(below, &error);
        if (run != NULL)
            check_run(check, run, &now);
        else
            rh_check_add(check, relative, FALSE, error->message);
    }
    g_free(now.images);
    g_free(now.masks);
}
