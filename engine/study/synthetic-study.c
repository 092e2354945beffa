/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/study-private.h"

#define SETS            3u
#define COUNT_MAX       20000u /* images a set */
#define LEAST_GENERATED 512u   /* the authors' sets; fewer images are the first of these */

static const RhSplit split_of_set[SETS] = {RH_SPLIT_TRAINING, RH_SPLIT_VALIDATION, RH_SPLIT_TEST};

RhSyntheticSettings rh_synthetic_settings_default(void)
{
    return (RhSyntheticSettings){
        .variant = rh_synthetic_variant_find("hard", NULL), .count = {500, 128, 128}, .seed = 1, .size = 28};
}

static gboolean check_settings(const RhSyntheticSettings *settings, GError **error)
{
    guint least = MAX(RH_STUDY_SIDE_MIN, 4 * settings->variant->arm_high + 2);
    if (settings->size < least || settings->size > RH_STUDY_SIDE_MAX) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("Synthetic images have a side of %u to %u pixels, not %u."), least, RH_STUDY_SIDE_MAX,
                    settings->size);
        return FALSE;
    }
    for (guint i = 0; i < SETS; i++)
        if (settings->count[i] < 2 || settings->count[i] > COUNT_MAX || settings->count[i] % 2 != 0) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                        _("The synthetic set “%s” has an even number of 2 to %u images, for its classes are "
                          "equal, not %u."),
                        rh_split_title(split_of_set[i]), COUNT_MAX, settings->count[i]);
            return FALSE;
        }
    return TRUE;
}

static RhCase *new_case(RhSplit split, guint number, guint8 label)
{
    g_autofree char *id = g_strdup_printf("%s-%04u", rh_split_name(split), number);
    g_autofree char *path = g_strdup_printf("images/%s.png", id);
    RhCase *item = rh_case_new(id, path);
    item->label = item->confounder = label;
    item->split = split;
    item->has_mask = TRUE;
    return item;
}

/* The first of each class of the set drawn from the seed. */
static gboolean add_set(RhStudy *study, const RhSyntheticSettings *settings, guint set, GError **error)
{
    const guint wanted = settings->count[set], drawn = MAX(wanted, LEAST_GENERATED), size = settings->size;
    const gsize pixels = (gsize)size * size;
    g_autofree guint8 *images = g_malloc(drawn * pixels);
    g_autofree guint8 *masks = g_malloc(drawn * pixels);
    g_autofree guint8 *labels = g_malloc(drawn);
    rh_synthetic_generate(settings->variant, settings->seed + set, drawn, size, images, masks, labels);

    guint taken[2] = {0, 0}, number = 0;
    for (guint i = 0; i < drawn; i++) {
        if (taken[labels[i]] == wanted / 2)
            continue;
        taken[labels[i]]++;
        RhCase *item = new_case(split_of_set[set], ++number, labels[i]);
        g_ptr_array_add(study->cases, item);
        if (!rh_study_put_png(study->folder, "images", item->id, size, size, images + i * pixels, error) ||
            !rh_study_put_png(study->folder, "masks", item->id, size, size, masks + i * pixels, error))
            return FALSE;
    }
    return TRUE;
}

static void describe(RhStudy *study, const RhSyntheticSettings *settings, const char *folder)
{
    g_free(study->name);
    study->name = g_path_get_basename(folder);
    study->class_names[0] = g_strdup("one cross");
    study->class_names[1] = g_strdup("two crosses");
    study->confounder_kind = RH_CONFOUNDER_MIRROR;
    study->confounder_name = g_strdup("tag");
    study->confounder_values[0] = g_strdup("left");
    study->confounder_values[1] = g_strdup("right");
    study->image_folder = g_strdup(study->folder);
    study->height = study->width = settings->size;
    study->split = (RhSplitSettings){
        .kind = RH_SPLIT_GIVEN, .ratio = 1, .validation = RH_VALIDATION_SHIFTED, .seed = settings->seed};
}

static gboolean fill(const char *temporary, const char *folder, const RhSyntheticSettings *settings,
                     GError **error)
{
    g_autoptr(RhStudy) study = rh_study_new(temporary);
    describe(study, settings, folder);
    static const char *const folders[] = {"images", "masks"};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(temporary, folders[i], NULL);
        if (g_mkdir_with_parents(path, 0777) != 0)
            return rh_file_fail(error, RH_FILE_CREATE, path);
    }
    for (guint set = 0; set < SETS; set++)
        if (!add_set(study, settings, set, error))
            return FALSE;
    return rh_study_save(study, error);
}

RhStudy *rh_study_new_synthetic(const char *folder, const RhSyntheticSettings *settings, GError **error)
{
    if (!check_settings(settings, error))
        return NULL;
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(path, error);
    return draft != NULL && fill(draft->path, path, settings, error) ? rh_study_publish(draft, error) : NULL;
}
