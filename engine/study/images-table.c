/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "base/text.h"
#include "data/table.h"
#include "study/study-private.h"

#define ID_BYTES_MAX 200u

/* The columns of images.csv, in the order they are written. */
enum { ID, PATH, LABEL, CONFOUNDER, SPLIT, GROUP, MASK, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = {"id",    "path",  "label", "confounder",
                                                    "split", "group", "mask"};

typedef struct {
    RhStudy *study;
    const char *path; /* of the table */
    const RhTable *table;
    int columns[N_COLUMNS];
    GHashTable *ids;   /* char*, of the cases */
    GHashTable *masks; /* char*, owned: names of the files in masks/; NULL: the table is believed */
} Reader;

gboolean rh_study_id_is_fit(const char *id)
{
    if (id[0] == '\0' || id[0] == '.' || strlen(id) > ID_BYTES_MAX || strchr(id, '/') != NULL)
        return FALSE;
    g_autofree char *line = rh_text_line(id, ID_BYTES_MAX);
    return g_str_equal(line, id);
}

char *rh_study_id_of_path(const char *path)
{
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name)
        *dot = '\0';
    return name;
}

static const char *cell(const Reader *reader, guint row, guint column)
{
    return reader->columns[column] < 0 ? ""
                                       : rh_table_cell(reader->table, row, (guint)reader->columns[column]);
}

/* A value as one of two names, or 0 and 1; empty is unknown. */
/* Names were read the same way (ini.c). */
static gboolean parse_value(const char *cell, char *const names[2], guint8 *value)
{
    g_autofree char *text = rh_text_line(cell, RH_TEXT_NAME_MAX);
    static const char *const digits[] = {"0", "1"};
    *value = RH_UNKNOWN;
    if (text[0] == '\0')
        return TRUE;
    for (guint8 i = 0; i < 2; i++)
        if (g_str_equal(text, names[i])) {
            *value = i;
            return TRUE;
        }
    for (guint8 i = 0; i < 2; i++)
        if (g_str_equal(text, digits[i])) {
            *value = i;
            return TRUE;
        }
    return FALSE;
}

static gboolean read_values(const Reader *reader, guint row, RhCase *item, GError **error)
{
    const RhStudy *study = reader->study;
    const char *label = cell(reader, row, LABEL), *confounder = cell(reader, row, CONFOUNDER),
               *split = cell(reader, row, SPLIT);
    const guint line = rh_table_line(reader->table, row);
    if (!parse_value(label, study->class_names, &item->label))
        return rh_table_refuse(
            error, RH_ERROR_FORMAT, reader->path, line,
            _("the label “%s” is no class of the study (“%s” or “%s”); correct it or leave it empty"), label,
            study->class_names[0], study->class_names[1]);
    if (study->confounder_kind != RH_CONFOUNDER_NONE &&
        !parse_value(confounder, study->confounder_values, &item->confounder))
        return rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                               _("the confounder “%s” is none of the two of the study (“%s” or “%s”); "
                                 "correct it or leave it empty"),
                               confounder, study->confounder_values[0], study->confounder_values[1]);
    if (!rh_split_parse(split, &item->split))
        return rh_table_refuse(
            error, RH_ERROR_FORMAT, reader->path, line,
            _("the split “%s” is none of training, validation and test; correct it or leave it empty"),
            split);
    return TRUE;
}

static RhCase *read_row(const Reader *reader, guint row, GError **error)
{
    const char *path = cell(reader, row, PATH);
    const guint line = rh_table_line(reader->table, row);
    if (path[0] == '\0') {
        rh_table_refuse(error, RH_ERROR_MISSING, reader->path, line,
                        _("the path of the image is empty; fill it in"));
        return NULL;
    }
    g_autofree char *full = rh_path_inside(reader->study->image_folder, path, NULL);
    if (full == NULL) {
        rh_table_refuse(error, RH_ERROR_USAGE, reader->path, line,
                        _("the path “%s” leads outside the folder of the images; write it relative to “%s”"),
                        path, reader->study->image_folder);
        return NULL;
    }
    const char *given = cell(reader, row, ID);
    g_autofree char *id = given[0] != '\0' ? g_strdup(given) : rh_study_id_of_path(path);
    if (!rh_study_id_is_fit(id)) {
        rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                        _("“%s” cannot be an id, for masks are files of that name"), id);
        return NULL;
    }
    if (g_hash_table_contains(reader->ids, id)) {
        rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                        _("the id “%s” is there a second time; give each image its own in the column “id”"),
                        id);
        return NULL;
    }
    RhCase *item = rh_case_new(id, path);
    if (!read_values(reader, row, item, error)) {
        rh_case_free(item);
        return NULL;
    }
    item->line = line;
    g_free(item->group);
    item->group = g_strdup(cell(reader, row, GROUP));
    return item;
}

/* By the table's word; where it has no column for it, by what is there. */
static void read_mask(const Reader *reader, guint row, RhCase *item)
{
    g_autofree char *file = g_strconcat(item->id, ".png", NULL);
    const char *promised = cell(reader, row, MASK);
    const gboolean is_there = g_hash_table_contains(reader->masks, file);
    item->has_mask = reader->columns[MASK] >= 0 ? *promised != '\0' : is_there;
    if (promised[0] != '\0' && !is_there)
        rh_note(
            reader->study->notes,
            _("“%s”, line %u: the mask “%s” is not there as masks/%s; the image counts as one without mask."),
            reader->path, rh_table_line(reader->table, row), promised, file);
}

static GHashTable *list_masks(const RhStudy *study)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *path = g_build_filename(study->folder, "masks", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;)
        g_hash_table_add(names, g_strdup(name));
    return names;
}

void rh_study_find_masks(RhStudy *study)
{
    g_autoptr(GHashTable) masks = list_masks(study);
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        g_autofree char *file = g_strconcat(item->id, ".png", NULL);
        item->has_mask = g_hash_table_contains(masks, file);
    }
}

static gboolean find_columns(Reader *reader, GError **error)
{
    for (guint i = 0; i < N_COLUMNS; i++)
        reader->columns[i] = rh_table_find_column(reader->table, column_names[i]);
    const gboolean needed[N_COLUMNS] = {
        [PATH] = TRUE,
        [LABEL] = TRUE,
        [CONFOUNDER] = reader->study->confounder_kind == RH_CONFOUNDER_COLUMN,
        [SPLIT] = reader->study->split.kind == RH_SPLIT_GIVEN,
    };
    for (guint i = 0; i < N_COLUMNS; i++)
        if (needed[i] && reader->columns[i] < 0) {
            g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                        _("“%s” has no column “%s”; add it to the first line."), reader->path,
                        column_names[i]);
            return FALSE;
        }
    return TRUE;
}

static gboolean read_rows(Reader *reader, GError **error)
{
    for (guint row = 0; row < rh_table_rows(reader->table); row++) {
        RhCase *item = read_row(reader, row, error);
        if (item == NULL)
            return FALSE;
        read_mask(reader, row, item);
        g_ptr_array_add(reader->study->cases, item);
        g_hash_table_add(reader->ids, item->id);
    }
    return TRUE;
}

gboolean rh_study_parse_images(RhStudy *study, const RhTable *table, const char *path, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) masks = list_masks(study);
    Reader reader = {.study = study, .path = path, .table = table, .ids = ids, .masks = masks};
    if (!find_columns(&reader, error) || !read_rows(&reader, error))
        return FALSE;
    g_autoptr(GError) reason = NULL, leak = NULL;
    if (!rh_split_check(study->cases, &leak))
        rh_note(study->notes, _("“%s”: %s Nothing is trained until then."), path, leak->message);
    if (reader.columns[SPLIT] < 0 && !rh_split_cases(study->cases, &study->split, &reason))
        rh_note(study->notes, _("The images are not divided into training, validation and test: %s"),
                reason->message);
    return TRUE;
}

static void append_row(GString *out, const char *const cells[N_COLUMNS])
{
    for (guint i = 0; i < N_COLUMNS; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        rh_cell_append(out, cells[i]);
    }
    g_string_append_c(out, '\n');
}

char *rh_study_images_text(const RhStudy *study)
{
    GString *out = g_string_new(NULL);
    append_row(out, column_names);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        g_autofree char *mask = item->has_mask ? g_strconcat("masks/", item->id, ".png", NULL) : g_strdup("");
        append_row(out,
                   (const char *const[N_COLUMNS]){
                       [ID] = item->id,
                       [PATH] = item->path,
                       [LABEL] = item->label < 2 ? study->class_names[item->label] : "",
                       [CONFOUNDER] = item->confounder < 2 ? study->confounder_values[item->confounder] : "",
                       [SPLIT] = rh_split_name(item->split),
                       [GROUP] = item->group,
                       [MASK] = mask,
                   });
    }
    return g_string_free(out, FALSE);
}
