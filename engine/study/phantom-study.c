/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/files.h"
#include "base/pool.h"
#include "study/phantom-settings.h"
#include "study/study-private.h"

#define SETS  3u
#define ROUND 32u /* films between two looks at progress and cancellation */

static const RhSplit split_of_set[SETS] = {RH_SPLIT_TRAINING, RH_SPLIT_VALIDATION, RH_SPLIT_TEST};

RhPhantomStudySettings rh_phantom_study_settings_default(void)
{
    return (RhPhantomStudySettings){
        .film = {.confounder = rh_phantom_confounder_find("marker", NULL),
                 .seed = 1,
                 .size = 96,
                 .contrast = 1},
        .count = {400, 160, 200},
        .agreement = {1, 0.5, 0.5},
    };
}

static gboolean check_settings(const RhPhantomStudySettings *settings, GError **error)
{
    RhPhantomStudySettings taken = *settings;
    guint count;
    const RhSetting *table = rh_phantom_settings(&count);
    for (guint i = 0; i < count; i++) {
        g_autofree char *text = rh_setting_text(&table[i], settings);
        if (!rh_setting_parse(&table[i], text, &taken)) {
            /* Translators: group, setting, value: "How Many Films, Test films: 6 is not possible; …" */
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                        _("%s, %s: %s is not possible; choose another value."),
                        _(rh_phantom_group_title(table[i].group)), _(table[i].title), text);
            return FALSE;
        }
    }
    return TRUE;
}

/* Of each class the first `aligned` of a set have the confounder that goes with it. */
static void add_set(RhStudy *study, const RhPhantomStudySettings *settings, guint set)
{
    const guint of_class = settings->count[set] / 2;
    const guint aligned = (guint)(settings->agreement[set] * of_class + 0.5);
    for (guint i = 0; i < settings->count[set]; i++) {
        g_autofree char *id = g_strdup_printf("%s-%04u", rh_split_name(split_of_set[set]), i + 1);
        g_autofree char *path = g_strdup_printf("images/%s.png", id);
        RhCase *item = rh_case_new(id, path);
        item->label = i % 2;
        item->confounder = i / 2 < aligned ? item->label : 1 - item->label;
        item->split = split_of_set[set];
        item->has_mask = rh_phantom_mask_has(settings->film.mask, item->label);
        g_ptr_array_add(study->cases, item);
    }
}

static void describe(RhStudy *study, const RhPhantomStudySettings *settings, const char *folder)
{
    const RhPhantomConfounder *confounder = settings->film.confounder;
    g_free(study->name);
    study->name = g_path_get_basename(folder);
    study->class_names[0] = g_strdup("no nodule");
    study->class_names[1] = g_strdup("nodule");
    study->confounder_kind = RH_CONFOUNDER_COLUMN;
    study->confounder_name = g_strdup(confounder->name);
    study->confounder_values[0] = g_strdup(confounder->values[0]);
    study->confounder_values[1] = g_strdup(confounder->values[1]);
    study->image_folder = g_strdup(study->folder);
    study->height = study->width = settings->film.size;
    study->split = (RhSplitSettings){.kind = RH_SPLIT_GIVEN,
                                     .ratio = 1,
                                     .validation = RH_VALIDATION_LIKE_TRAINING,
                                     .seed = settings->film.seed};
}

/* Films are drawn and packed by all processors; a patient is a case's place in the study. */
typedef struct {
    const RhStudy *study;
    const RhPhantomSettings *film;
    GCancellable *cancellable;
    guint first; /* of the running round */
    GError *errors[ROUND];
} Painter;

static void paint_one(guint piece, gpointer data)
{
    Painter *painter = data;
    const guint patient = painter->first + piece, size = painter->film->size;
    const RhCase *item = g_ptr_array_index(painter->study->cases, patient);
    const char *folder = painter->study->folder;
    GError **error = &painter->errors[piece];
    if (g_cancellable_is_cancelled(painter->cancellable))
        return;
    g_autofree guint8 *image = g_malloc((gsize)size * size), *mask = g_malloc((gsize)size * size);
    rh_phantom_film(painter->film, patient, item->label, item->confounder, image, mask);
    if (rh_study_put_png(folder, "images", item->id, size, size, image, error) && item->has_mask)
        rh_study_put_png(folder, "masks", item->id, size, size, mask, error);
}

/* Hands on the first of the round's errors, if there is one. */
static gboolean check_round(Painter *painter, GError **error)
{
    gboolean ok = TRUE;
    for (guint i = 0; i < ROUND; i++)
        if (painter->errors[i] != NULL && ok) {
            g_propagate_error(error, g_steal_pointer(&painter->errors[i]));
            ok = FALSE;
        } else {
            g_clear_error(&painter->errors[i]);
        }
    return ok;
}

static gboolean paint(const RhStudy *study, const RhPhantomSettings *film, RhStudyProgress progress,
                      gpointer progress_data, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhPool) pool = rh_pool_new(0);
    Painter painter = {.study = study, .film = film, .cancellable = cancellable};
    const guint total = study->cases->len;
    for (; painter.first < total; painter.first += ROUND) {
        if (progress != NULL)
            progress(painter.first, total, progress_data);
        rh_pool_run(pool, MIN(ROUND, total - painter.first), paint_one, &painter);
        if (!check_round(&painter, error) || g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
    }
    if (progress != NULL)
        progress(total, total, progress_data);
    return TRUE;
}

static gboolean make_folders(const char *folder, GError **error)
{
    static const char *const names[] = {"images", "masks"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        if (g_mkdir_with_parents(path, 0777) != 0)
            return rh_file_fail(error, RH_FILE_CREATE, path);
    }
    return TRUE;
}

RhStudy *rh_study_new_phantom(const char *folder, const RhPhantomStudySettings *settings,
                              RhStudyProgress progress, gpointer progress_data, GCancellable *cancellable,
                              GError **error)
{
    if (!check_settings(settings, error))
        return NULL;
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(path, error);
    if (draft == NULL)
        return NULL;
    g_autoptr(RhStudy) study = rh_study_new(draft->path);
    describe(study, settings, path);
    for (guint set = 0; set < SETS; set++)
        add_set(study, settings, set);
    return make_folders(draft->path, error) &&
                   paint(study, &settings->film, progress, progress_data, cancellable, error) &&
                   rh_study_save(study, error)
               ? rh_study_publish(draft, error)
               : NULL;
}
