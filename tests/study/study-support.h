/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/run.h"
#include "study/study.h"
#include "support.h"

/* A folder that is removed with all in it when it goes out of scope. */
static inline void clear_folder(char **folder)
{
    if (*folder != NULL)
        g_assert_true(rh_folder_remove(*folder, NULL));
    g_clear_pointer(folder, g_free);
}

#define TEMPORARY __attribute__((cleanup(clear_folder))) char *

static inline void put_text(const char *folder, const char *file, const char *text)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(parent, 0777), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* A grey image whose upper left quarter is bright. */
static inline void put_image(const char *folder, const char *file, guint width, guint height)
{
    put_text(folder, file, "");
    g_autoptr(RhImage) image = rh_image_new(width, height, RH_PIXEL_U8);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            ((guint8 *)image->pixels)[y * width + x] = x < width / 2 && y < height / 2 ? 255 : 0;
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_assert_true(rh_image_save_png(image, path, NULL));
}

/* Likewise, but of a content that only a file of that name has. */
static inline void put_film(const char *folder, const char *file, guint width, guint height)
{
    put_text(folder, file, "");
    const guint name = g_str_hash(file);
    g_autoptr(RhImage) image = rh_image_new(width, height, RH_PIXEL_U8);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            ((guint8 *)image->pixels)[y * width + x] =
                x < width / 2 && y < height / 2 ? 255 : (guint8)(name >> (x + y) % 24) & 63;
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_assert_true(rh_image_save_png(image, path, NULL));
}

/* The same, cut off in the middle of its pixels. */
static inline void put_truncated_image(const char *folder, const char *file)
{
    put_image(folder, file, 64, 64);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)(length * 2 / 3), NULL));
}

static inline gboolean any_note_has(const GPtrArray *notes, const char *a, const char *b)
{
    for (guint i = 0; i < notes->len; i++)
        if (strstr(g_ptr_array_index(notes, i), a) != NULL && strstr(g_ptr_array_index(notes, i), b) != NULL)
            return TRUE;
    return FALSE;
}

/* A message for a person: one sentence or two, with the names that matter, and an end. */
static inline void assert_sentence(const GError *error, const char *a, const char *b)
{
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, a));
    g_assert_nonnull(strstr(error->message, b));
    g_assert_true(g_str_has_suffix(error->message, "."));
    g_assert_null(strchr(error->message, '\n'));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* A study of few, small images, so that an epoch takes milliseconds. */
static inline RhStudy *small_study(char **folder)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    settings.size = 14;
    settings.count[0] = 70;
    settings.count[1] = settings.count[2] = 16;
    *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(*folder, "demo", NULL);
    g_autoptr(GError) error = NULL;
    RhStudy *study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    return study;
}

static inline RhSamples *small_samples(const RhStudy *study)
{
    g_autoptr(GError) error = NULL;
    RhSamples *samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return samples;
}

static inline RhRunSettings small_run_settings(const RhStudy *study, const char *method, guint epochs)
{
    RhRunSettings settings =
        rh_run_settings_default(rh_method_find(method, NULL), rh_network_kind_find("small", NULL), study);
    settings.epochs = epochs;
    settings.width = 4;
    return settings;
}
