/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/study.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/paths.h"
#include "base/text.h"
#include "study/ini-private.h"
#include "study/study-private.h"

#define FORMAT 1

static const char *const kind_names[] = {"none", "column", "mirror"};

const char *rh_confounder_kind_name(RhConfounderKind kind)
{
    return kind_names[kind];
}

gboolean rh_confounder_kind_parse(const char *name, RhConfounderKind *kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(kind_names); i++)
        if (g_str_equal(name, kind_names[i])) {
            *kind = (RhConfounderKind)i;
            return TRUE;
        }
    return FALSE;
}

void rh_note(GPtrArray *notes, const char *format, ...)
{
    if (notes == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

RhStudy *rh_study_new(const char *folder)
{
    RhStudy *study = g_new0(RhStudy, 1);
    study->folder = g_canonicalize_filename(folder, NULL);
    study->name = g_path_get_basename(study->folder);
    study->cases = g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
    study->notes = g_ptr_array_new_with_free_func(g_free);
    study->clashes = g_ptr_array_new_with_free_func(g_free);
    study->gone = g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
    return study;
}

void rh_study_free(RhStudy *study)
{
    if (study == NULL)
        return;
    g_free(study->folder);
    g_free(study->name);
    g_free(study->confounder_name);
    for (guint i = 0; i < 2; i++) {
        g_free(study->class_names[i]);
        g_free(study->confounder_values[i]);
    }
    g_free(study->image_folder);
    g_ptr_array_unref(study->cases);
    g_ptr_array_unref(study->notes);
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        g_clear_pointer(&study->known[i].text, g_bytes_unref);
    g_ptr_array_unref(study->clashes);
    g_ptr_array_unref(study->gone);
    g_free(study);
}

static gpointer copy_case(gconstpointer item, gpointer unused)
{
    return rh_case_copy(item);
}

static gpointer copy_text(gconstpointer text, gpointer unused)
{
    return g_strdup(text);
}

RhStudy *rh_study_copy(const RhStudy *study)
{
    RhStudy *copy = g_new(RhStudy, 1);
    *copy = *study;
    copy->folder = g_strdup(study->folder);
    copy->name = g_strdup(study->name);
    copy->confounder_name = g_strdup(study->confounder_name);
    for (guint i = 0; i < 2; i++) {
        copy->class_names[i] = g_strdup(study->class_names[i]);
        copy->confounder_values[i] = g_strdup(study->confounder_values[i]);
    }
    copy->image_folder = g_strdup(study->image_folder);
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        if (copy->known[i].text != NULL)
            g_bytes_ref(copy->known[i].text);
    copy->cases = g_ptr_array_copy(study->cases, copy_case, NULL);
    copy->notes = g_ptr_array_copy(study->notes, copy_text, NULL);
    copy->clashes = g_ptr_array_new_with_free_func(g_free);
    copy->gone = g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
    g_ptr_array_set_free_func(copy->cases, (GDestroyNotify)rh_case_free);
    g_ptr_array_set_free_func(copy->notes, g_free);
    return copy;
}

gboolean rh_study_is_one(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "study.ini", NULL);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* Which value goes with which class in training: by the names of the classes, so that their order can be
 * changed, or by position in files that do not say. */
static void pair_confounder(RhStudy *study, RhIni *ini)
{
    if (!rh_ini_has(ini, "confounder", "classes"))
        return;
    char *classes[2];
    rh_ini_pair(ini, "confounder", "classes", classes);
    const gboolean straight =
        g_str_equal(classes[0], study->class_names[0]) && g_str_equal(classes[1], study->class_names[1]);
    const gboolean crossed =
        g_str_equal(classes[0], study->class_names[1]) && g_str_equal(classes[1], study->class_names[0]);
    if (!straight && !crossed)
        rh_ini_refuse(ini, "confounder", "classes", classes[0]);
    if (crossed) {
        char *first = study->confounder_values[0];
        study->confounder_values[0] = study->confounder_values[1];
        study->confounder_values[1] = first;
    }
    g_free(classes[0]);
    g_free(classes[1]);
}

static void read_confounder(RhStudy *study, RhIni *ini)
{
    g_autofree char *kind = rh_ini_string(ini, "confounder", "kind");
    if (!rh_confounder_kind_parse(kind, &study->confounder_kind))
        rh_ini_refuse(ini, "confounder", "kind", kind);
    if (study->confounder_kind == RH_CONFOUNDER_NONE)
        return;
    study->confounder_name = rh_ini_name(ini, "confounder", "name");
    rh_ini_pair(ini, "confounder", "values", study->confounder_values);
    pair_confounder(study, ini);
}

static void read_split(RhSplitSettings *split, RhIni *ini)
{
    g_autofree char *kind = rh_ini_string(ini, "split", "kind");
    g_autofree char *validation = rh_ini_string(ini, "split", "validation");
    if (!rh_split_kind_parse(kind, &split->kind))
        rh_ini_refuse(ini, "split", "kind", kind);
    if (!rh_validation_parse(validation, &split->validation))
        rh_ini_refuse(ini, "split", "validation", validation);
    split->ratio = rh_ini_number(ini, "split", "ratio", 0, 1);
    split->seed = rh_ini_integer(ini, "split", "seed", 0, G_MAXUINT64);
}

/* Keys that are written only where they say something. */
static void read_reading(RhImageReading *reading, RhIni *ini)
{
    if (rh_ini_has(ini, "study", "orientation")) {
        g_autofree char *orientation = rh_ini_string(ini, "study", "orientation");
        reading->upright = g_str_equal(orientation, "exif");
        if (!reading->upright)
            rh_ini_refuse(ini, "study", "orientation", orientation);
    }
    if (rh_ini_has(ini, "study", "bits"))
        reading->bits = (guint)rh_ini_integer(ini, "study", "bits", 1, 16);
}

/* Where study and images have moved together, the images are where they were beside the study. */
static void find_moved_images(RhStudy *study, RhIni *ini)
{
    if (!rh_ini_has(ini, "study", "beside") || g_file_test(study->image_folder, G_FILE_TEST_IS_DIR))
        return;
    g_autofree char *relative = rh_ini_string(ini, "study", "beside");
    g_autofree char *beside = g_canonicalize_filename(relative, study->folder);
    if (g_file_test(beside, G_FILE_TEST_IS_DIR)) {
        g_free(study->image_folder);
        study->image_folder = g_steal_pointer(&beside);
    }
}

gboolean rh_study_parse_ini(RhStudy *study, const char *path, const char *text, gsize length, GError **error)
{
    g_autoptr(RhIni) ini = rh_ini_parse(path, text, length, error);
    if (ini == NULL)
        return FALSE;
    rh_ini_integer(ini, "study", "format", FORMAT, FORMAT);
    g_free(study->name);
    study->name = rh_ini_name(ini, "study", "name");
    rh_ini_pair(ini, "study", "classes", study->class_names);
    study->height = (guint)rh_ini_integer(ini, "study", "height", RH_STUDY_SIDE_MIN, RH_STUDY_SIDE_MAX);
    study->width = (guint)rh_ini_integer(ini, "study", "width", RH_STUDY_SIDE_MIN, RH_STUDY_SIDE_MAX);
    g_autofree char *images =
        rh_ini_has(ini, "study", "images") ? rh_ini_string(ini, "study", "images") : g_strdup(".");
    study->image_folder = g_canonicalize_filename(images, study->folder);
    read_reading(&study->reading, ini);
    find_moved_images(study, ini);
    read_confounder(study, ini);
    read_split(&study->split, ini);
    if (ini->shortened)
        rh_note(study->notes, _("“%s”: a name of more than %u characters is cut off; write a shorter one."),
                ini->path, RH_TEXT_NAME_MAX);
    return rh_ini_check(ini, error);
}

/* The way from one folder to another, both absolute: "../films". */
static char *relative_to(const char *path, const char *from)
{
    g_auto(GStrv) to = g_strsplit(path, G_DIR_SEPARATOR_S, -1);
    g_auto(GStrv) begin = g_strsplit(from, G_DIR_SEPARATOR_S, -1);
    guint shared = 0;
    while (to[shared] != NULL && g_strcmp0(to[shared], begin[shared]) == 0)
        shared++;
    g_autoptr(GString) way = g_string_new(NULL);
    for (guint i = shared; begin[i] != NULL; i++)
        g_string_append(way, "../");
    for (guint i = shared; to[i] != NULL; i++)
        g_string_append_printf(way, "%s%s", to[i], to[i + 1] != NULL ? "/" : "");
    return g_string_free(g_steal_pointer(&way), FALSE);
}

char *rh_study_ini_text(const RhStudy *study)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_key_file_set_integer(keys, "study", "format", FORMAT);
    g_key_file_set_string(keys, "study", "name", study->name);
    rh_ini_set_pair(keys, "study", "classes", study->class_names);
    g_key_file_set_uint64(keys, "study", "height", study->height);
    g_key_file_set_uint64(keys, "study", "width", study->width);
    if (!g_str_equal(study->image_folder, study->folder)) {
        g_autofree char *beside = relative_to(study->image_folder, study->folder);
        g_key_file_set_string(keys, "study", "images", study->image_folder);
        g_key_file_set_string(keys, "study", "beside", beside);
    }
    if (study->reading.upright)
        g_key_file_set_string(keys, "study", "orientation", "exif");
    if (study->reading.bits != 0)
        g_key_file_set_uint64(keys, "study", "bits", study->reading.bits);
    g_key_file_set_string(keys, "confounder", "kind", rh_confounder_kind_name(study->confounder_kind));
    if (study->confounder_kind != RH_CONFOUNDER_NONE) {
        g_key_file_set_string(keys, "confounder", "name", study->confounder_name);
        rh_ini_set_pair(keys, "confounder", "values", study->confounder_values);
        rh_ini_set_pair(keys, "confounder", "classes", study->class_names);
    }
    g_key_file_set_string(keys, "split", "kind", rh_split_kind_name(study->split.kind));
    rh_ini_set_number(keys, "split", "ratio", study->split.ratio);
    g_key_file_set_string(keys, "split", "validation", rh_validation_name(study->split.validation));
    g_key_file_set_uint64(keys, "split", "seed", study->split.seed);

    return g_key_file_to_data(keys, NULL, NULL);
}

/* What is written is read by what will read it before anybody can see it. */
static gboolean check_draft(const RhFolderDraft *draft, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(RhStudy) study = rh_study_open(draft->path, &reason);
    if (study != NULL)
        return TRUE;
    g_autoptr(GString) told = g_string_new(reason->message);
    g_string_replace(told, draft->path, draft->target, 0);
    g_set_error(error, reason->domain, reason->code,
                _("The study was not made, for it could not be opened again: %s"), told->str);
    return FALSE;
}

RhStudy *rh_study_publish(RhFolderDraft *draft, GError **error)
{
    return check_draft(draft, error) && rh_folder_publish(draft, FALSE, error)
               ? rh_study_open(draft->target, error)
               : NULL;
}

gboolean rh_study_check_images(const RhStudy *study, GError **error)
{
    if (g_file_test(study->image_folder, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_autofree char *folder = g_filename_display_name(study->image_folder);
    g_autofree char *ini = g_build_filename(study->folder, "study.ini", NULL);
    g_autofree char *name = g_filename_display_name(ini);
    g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                _("The folder of the images, “%s”, is not there; put it back, or write where it is now after "
                  "“images=” in “%s”."),
                folder, name);
    return FALSE;
}

char *rh_study_image_path(const RhStudy *study, const RhCase *item)
{
    return g_canonicalize_filename(item->path, study->image_folder);
}

RhImage *rh_study_load_image(const RhStudy *study, const RhCase *item, GError **error)
{
    g_autofree char *path = rh_study_image_path(study, item);
    return rh_image_load_as(path, &study->reading, error);
}

char *rh_study_mask_path(const RhStudy *study, const RhCase *item)
{
    g_autofree char *file = g_strconcat("masks/", item->id, ".png", NULL);
    return rh_path_own(study->folder, file);
}

RhCase *rh_study_find_case(const RhStudy *study, const char *id)
{
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        if (g_str_equal(item->id, id))
            return item;
    }
    return NULL;
}

gboolean rh_study_put_png(const char *folder, const char *kind, const char *id, guint width, guint height,
                          const guint8 *pixels, GError **error)
{
    g_autoptr(RhImage) image = rh_image_new(width, height, RH_PIXEL_U8);
    memcpy(image->pixels, pixels, (gsize)width * height);
    g_autoptr(GBytes) bytes = rh_image_encode_png(image);
    g_autofree char *file = g_strconcat(id, ".png", NULL);
    g_autofree char *path = g_build_filename(folder, kind, file, NULL);
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    return rh_file_put(path, data, length, error);
}
