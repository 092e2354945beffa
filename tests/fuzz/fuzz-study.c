/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "base/files.h"
#include "fuzz/targets.h"
#include "nn/weights.h"
#include "study/history.h"
#include "study/queue.h"
#include "study/run.h"
#include "study/study-private.h"

/* A whole study in one input: its files in this order, with a byte 0 between one and the next; an empty one
 * is not there, and the last may hold any bytes. Set TMPDIR to a folder in memory, as the files are written
 * anew for each input. */
static const char *const files[] = {
    "study.ini",        "images.csv",           "reading.csv",       "queue.ini",
    "runs/run/run.ini", "runs/run/metrics.csv", "runs/run/test.csv", "runs/run/history/0001.safetensors"};

static char *folder;

static void remove_folder(void)
{
    rh_folder_remove(folder, NULL);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    folder = g_dir_make_tmp("rh-fuzz-XXXXXX", NULL);
    g_assert_nonnull(folder);
    atexit(remove_folder);
    return 0;
}

static void put(const char *file, const guint8 *data, gsize size)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    g_unlink(path); /* GLib would write over the file and leave its end as it was */
    if (size > 0)
        g_assert_true(g_file_set_contents_full(path, (const char *)data, (gssize)size,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void put_all(const guint8 *data, gsize size)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        const guint8 *end = i + 1 < G_N_ELEMENTS(files) ? memchr(data, 0, size) : NULL;
        const gsize length = end != NULL ? (gsize)(end - data) : size;
        put(files[i], data, length);
        data += MIN(length + 1, size);
        size -= MIN(length + 1, size);
    }
}

static void assert_sentence(const GError *error)
{
    g_assert_nonnull(error);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static char *(*const texts_of[RH_N_STUDY_FILES])(const RhStudy *) = {rh_study_ini_text, rh_study_images_text,
                                                                     rh_study_readings_text};

static void assert_says_the_same(const RhStudy *one, const RhStudy *other)
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        g_autofree char *text = texts_of[i](one), *other_text = texts_of[i](other);
        g_assert_cmpstr(text, ==, other_text);
    }
}

static RhStudy *open_again(void)
{
    g_autoptr(GError) error = NULL;
    RhStudy *study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    return study;
}

/* What was opened and written in the program's own manner is opened as the same; so is what is changed and
 * joined with it. */
static void check_round_trip(RhStudy *study)
{
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        g_autofree char *text = texts_of[i](study);
        put(files[i], (const guint8 *)text, strlen(text));
    }
    g_autoptr(RhStudy) written = open_again();
    assert_says_the_same(study, written);
    RhCase *first = study->cases->len > 0 ? study->cases->pdata[0] : NULL;
    if (first != NULL) {
        g_free(first->note);
        first->note = g_strdup("changed");
        first->label = first->label == 0;
    }
    rh_study_save(study, &error);
    g_assert_no_error(error);
    g_autoptr(RhStudy) saved = open_again();
    assert_says_the_same(study, saved);
}

static void use_history(const RhRun *run)
{
    g_autofree char *path = rh_run_history_path(run, 1);
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, NULL);
    float logits[2];
    if (file != NULL)
        rh_history_logits(file, RH_SPLIT_TEST, 0, MAX(run->test->len, 1), logits);
}

static void use_runs(const RhStudy *study)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) runs = rh_run_list(study, notes);
    for (guint i = 0; i < runs->len; i++) {
        const RhRun *run = g_ptr_array_index(runs, i);
        g_assert_true(run->fault == NULL || run->test->len == 0);
        use_history(run);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    put_all(data, size);
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    if (study == NULL) {
        assert_sentence(error);
        return 0;
    }
    g_auto(GStrv) waiting = rh_queue_read(folder, &error);
    if (waiting == NULL)
        assert_sentence(error);
    use_runs(study);
    check_round_trip(study);
    return 0;
}
