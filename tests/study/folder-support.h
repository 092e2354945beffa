/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A folder of films as people have them, and what its import gives. */
#include "import-support.h"
#include "study/study.h"

typedef struct {
    char *source, *folder;
    RhImportSettings settings;
    RhStudy *study;
    RhImportSummary *summary;
    GError *error;
} Import;

static inline void begin(Import *import)
{
    *import = (Import){.source = rh_test_folder(), .folder = rh_test_folder()};
    import->settings = rh_import_settings_default();
}

/* Imports what was put into the source. */
static inline void take(Import *import)
{
    g_autofree char *path = g_build_filename(import->folder, "study", NULL);
    import->study = rh_study_new_from_folder(path, import->source, &import->settings, &import->summary, NULL,
                                             &import->error);
    if (import->study == NULL)
        return;
    const RhImportSummary *summary = import->summary;
    for (guint i = 0; i < summary->notes->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(summary->notes, i));
    assert_adds_up(summary);
}

static inline void clear(Import *import)
{
    clear_folder(&import->source);
    clear_folder(&import->folder);
    g_clear_pointer(&import->study, rh_study_free);
    g_clear_pointer(&import->summary, rh_import_summary_free);
    g_clear_error(&import->error);
}

static inline void take_well(Import *import, guint images, guint masks)
{
    take(import);
    g_assert_no_error(import->error);
    g_assert_cmpuint(import->summary->images, ==, images);
    g_assert_cmpuint(import->summary->masks, ==, masks);
}

static inline void films(const Import *import, const char *pattern, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_autofree char *number = g_strdup_printf("%03u", i);
        g_autoptr(GString) file = g_string_new(pattern);
        g_string_replace(file, "#", number, 0);
        put_film(import->source, file->str, 32, 32);
    }
}

/* Masks of a square whose place is `inset`. */
static inline void masks(const Import *import, const char *pattern, guint count, guint inset)
{
    for (guint i = 0; i < count; i++) {
        g_autofree char *number = g_strdup_printf("%03u", i);
        g_autoptr(GString) file = g_string_new(pattern);
        g_string_replace(file, "#", number, 0);
        put_text(import->source, file->str, "");
        g_autofree char *path = g_build_filename(import->source, file->str, NULL);
        g_autoptr(RhMask) mask = rh_mask_new(32, 32);
        for (guint y = inset; y < inset + 4; y++)
            memset(mask->pixels + y * 32 + inset, 255, 4);
        g_assert_true(rh_mask_save(mask, path, NULL));
    }
}

static inline gboolean is_inside(const Import *import, const char *path, guint x, guint y)
{
    const RhCase *found = NULL;
    for (guint i = 0; i < import->study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(import->study->cases, i);
        found = g_str_equal(item->path, path) ? item : found;
    }
    g_assert_nonnull(found);
    g_autofree char *file = rh_study_mask_path(import->study, found);
    g_autoptr(RhMask) mask = rh_mask_load(file, 32, 32, NULL);
    g_assert_nonnull(mask);
    return mask->pixels[y * 32 + x] != 0;
}

/* A table of `count` rows, "#" being the number and "@" the class. */
static inline void table(const Import *import, const char *name, const char *header, const char *row,
                         guint count)
{
    g_autoptr(GString) text = g_string_new(header);
    for (guint i = 0; i < count; i++) {
        g_autofree char *number = g_strdup_printf("%03u", i);
        g_autoptr(GString) line = g_string_new(row);
        g_string_replace(line, "#", number, 0);
        g_string_replace(line, "@", i % 2 == 0 ? "0" : "1", 0);
        g_string_append(text, line->str);
    }
    put_text(import->source, name, text->str);
}

#define IMPORT __attribute__((cleanup(clear))) Import
