/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/pool.h"
#include "study/import-private.h"
#include "study/study-private.h"

#define ROUND        64u /* images between two looks at cancellation */
#define SIZE_DEFAULT 64u
#define SIZE_SMALL   28u /* kept for images that have it */

typedef struct {
    const RhImportSettings *settings;
    RhImportListing *listing;
    RhImportSummary *summary;
    RhStudy *study;                     /* in its temporary folder; cases by row */
    char **image_faults, **mask_faults; /* by row */
    GError **write_errors;              /* by row */
    RhImportImages *images;
    RhImportMasks *masks;
    guint *sides; /* by row: 28 for an image of 28×28 */
    guint first;  /* row of the running round */
    RhTwoSides labels, confounders;
    RhPseudonyms *pseudonyms; /* NULL: there are none */
} Import;

RhImportSettings rh_import_settings_default(void)
{
    return (RhImportSettings){
        .confounder_above = NAN,
        .split = {.kind = RH_SPLIT_CURVE, .ratio = 1, .validation = RH_VALIDATION_SHIFTED, .seed = 1}};
}

/* The file's name; with its folder's or a number where two images share it. */
static char *unique_id(const char *path, GHashTable *ids)
{
    g_autofree char *name = rh_study_id_of_path(path);
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_autofree char *plain = rh_study_id_is_fit(valid) ? g_strdup(valid) : g_strdup("image");
    if (!g_hash_table_contains(ids, plain))
        return g_steal_pointer(&plain);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *folder_name = g_path_get_basename(folder);
    g_autofree char *longer = g_strconcat(folder_name, "-", plain, NULL);
    if (rh_study_id_is_fit(longer) && !g_hash_table_contains(ids, longer))
        return g_steal_pointer(&longer);
    for (guint number = 2;; number++) {
        g_autofree char *numbered = g_strdup_printf("%s-%u", plain, number);
        if (!g_hash_table_contains(ids, numbered))
            return g_steal_pointer(&numbered);
    }
}

static void add_cases(Import *import)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < import->listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(import->listing->rows, i);
        g_autofree char *id = unique_id(row->file->path, ids);
        RhCase *item = rh_case_new(id, row->file->path);
        g_hash_table_add(ids, item->id);
        g_free(item->group);
        item->group = g_strdup(row->group);
        item->label = rh_two_sides_place(&import->labels, row->label);
        item->confounder = rh_two_sides_place(&import->confounders, row->confounder);
        item->split = row->place;
        item->line = row->line;
        g_ptr_array_add(import->study->cases, item);
    }
}

static void take_mask(Import *import, guint place, const RhImage *image)
{
    RhCase *item = g_ptr_array_index(import->study->cases, place);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhMask) mask = rh_import_masks_take(
        import->masks, place, image, rh_import_images_orientation(import->images, place), &error);
    if (mask == NULL)
        import->mask_faults[place] = g_strdup(error->message);
    else if (!rh_mask_is_empty(mask)) /* an empty mask says no more than none */
        item->has_mask = rh_study_put_png(import->study->folder, "masks", item->id, mask->width, mask->height,
                                          mask->pixels, &import->write_errors[place]);
}

/* As bare pixels: no text, date or profile of the file comes along. */
static void put_image(Import *import, guint place, const RhImage *image)
{
    const RhCase *item = g_ptr_array_index(import->study->cases, place);
    g_autofree char *path = g_build_filename(import->study->folder, item->path, NULL);
    g_autoptr(GBytes) bytes = rh_image_encode_png(image);
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    rh_file_put(path, data, length, &import->write_errors[place]);
}

static void take_one(guint piece, gpointer data)
{
    Import *import = data;
    const guint place = import->first + piece;
    const RhImportRow *row = g_ptr_array_index(import->listing->rows, place);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhImage) image = rh_import_images_load(import->images, place, &error);
    if (image == NULL) {
        import->image_faults[place] = g_strdup(error->message);
        return;
    }
    import->sides[place] =
        image->width == SIZE_SMALL && image->height == SIZE_SMALL ? SIZE_SMALL : SIZE_DEFAULT;
    if (import->pseudonyms != NULL)
        put_image(import, place, image);
    if (row->mask != NULL && import->write_errors[place] == NULL)
        take_mask(import, place, image);
}

/* Opens every image and mask once, so that what is broken is known now and not in the midst of training. */
static gboolean take_all(Import *import, GCancellable *cancellable, GError **error)
{
    g_autofree char *masks = g_build_filename(import->study->folder, "masks", NULL);
    g_autofree char *images = g_build_filename(import->study->folder, "images", NULL);
    if (!rh_folder_make(masks, error) || (import->pseudonyms != NULL && !rh_folder_make(images, error)))
        return FALSE;
    import->images = rh_import_images_new(import->listing);
    import->masks =
        rh_import_masks_new(import->listing, import->settings, import->summary, cancellable, error);
    if (import->masks == NULL)
        return FALSE;
    g_autoptr(RhPool) pool = rh_pool_new(0);
    const guint total = import->listing->rows->len;
    for (import->first = 0; import->first < total; import->first += ROUND) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        const guint count = MIN(ROUND, total - import->first);
        rh_pool_run(pool, count, take_one, import);
        for (guint i = import->first; i < import->first + count; i++)
            if (import->write_errors[i] != NULL) {
                g_propagate_error(error, g_steal_pointer(&import->write_errors[i]));
                return FALSE;
            }
    }
    rh_import_images_settle(import->images, &import->study->reading, import->summary);
    if (import->pseudonyms != NULL) /* what was copied is upright already */
        import->study->reading.upright = FALSE;
    rh_import_masks_tell(import->masks, import->summary);
    return TRUE;
}

/* What became of the mask file of a row. */
static void tell_mask(const Import *import, guint i)
{
    const RhImportRow *row = g_ptr_array_index(import->listing->rows, i);
    const RhCase *item = g_ptr_array_index(import->study->cases, i);
    if (row->mask == NULL)
        return;
    if (import->image_faults[i] != NULL)
        rh_import_tell(import->summary, RH_IMPORT_MASKS, N_("image left out"),
                       _("The mask “%s” is left out with its image."), row->mask->path);
    else if (import->mask_faults[i] != NULL)
        rh_import_tell(import->summary, RH_IMPORT_MASKS, N_("cannot be used"),
                       _("%s The image counts as one without mask."), import->mask_faults[i]);
    else if (!item->has_mask && rh_import_masks_wait_for_choice(import->masks))
        rh_import_tell(import->summary, RH_IMPORT_MASKS, N_("no label chosen"),
                       _("The mask “%s” is not taken, for none of its labels is chosen."), row->mask->path);
    else if (!item->has_mask)
        rh_import_tell(import->summary, RH_IMPORT_MASKS, N_("nothing inside"),
                       _("Nothing is inside the mask “%s”; the image counts as one without mask."),
                       row->mask->path);
}

static void tell_image(const Import *import, guint i)
{
    const RhImportRow *row = g_ptr_array_index(import->listing->rows, i);
    if (row->file->size == 0)
        rh_import_tell(import->summary, RH_IMPORT_IMAGES, N_("empty"),
                       _("“%s” is empty; the image is left out."), row->file->path);
    else
        rh_import_tell(import->summary, RH_IMPORT_IMAGES, N_("broken"), _("%s The image is left out."),
                       import->image_faults[i]);
}

/* Drops what could not be read and says so. */
static gboolean close_up(Import *import, GError **error)
{
    guint side = SIZE_SMALL;
    const guint all = import->study->cases->len;
    const char *first = NULL;
    for (guint i = 0; i < all; i++) {
        tell_mask(import, i);
        if (import->image_faults[i] != NULL)
            tell_image(import, i);
        else
            side = MAX(side, import->sides[i]);
        first = first != NULL ? first : import->image_faults[i];
    }
    for (guint i = all; i-- > 0;)
        if (import->image_faults[i] != NULL)
            g_ptr_array_remove_index(import->study->cases, i);
    import->study->height = import->study->width =
        import->settings->size != 0 ? import->settings->size : side;
    if (import->study->cases->len > 0)
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_EMPTY, _("No image of “%s” can be used (%u tried). %s"),
                import->listing->files->source, all, first);
    return FALSE;
}

/* What a column of names calls the class, if it has one name for it. */
static const char *given_name(const Import *import, guint8 k)
{
    const char *name = NULL;
    for (guint i = 0; i < import->listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(import->listing->rows, i);
        if (row->label_name[0] == '\0' || rh_two_sides_place(&import->labels, row->label) != k)
            continue;
        if (name != NULL && !g_str_equal(name, row->label_name))
            return NULL;
        name = row->label_name;
    }
    return name;
}

static void name_classes(Import *import)
{
    static const char *const unknown[] = {"class 0", "class 1"};
    const char *given[2] = {given_name(import, 0), given_name(import, 1)};
    const gboolean told_apart = given[0] != NULL && given[1] != NULL && !g_str_equal(given[0], given[1]);
    for (guint8 k = 0; k < 2; k++) {
        const char *name = told_apart ? given[k] : import->labels.names[k];
        import->study->class_names[k] = g_strdup(name != NULL ? name : unknown[k]);
    }
}

/* The confounder value that is more often with class 1 counts as going with it. */
static void pair_confounder(Import *import)
{
    RhStudy *study = import->study;
    guint together = 0, crossed = 0;
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        together += rh_case_is_aligned(item);
        crossed += rh_case_is_conflicting(item);
    }
    const guint swap = crossed > together;
    for (guint i = 0; swap && i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->confounder != RH_UNKNOWN)
            item->confounder ^= 1;
    }
    for (guint i = 0; i < 2; i++)
        study->confounder_values[i] = g_strdup(import->confounders.names[i ^ swap]);
}

/* What the folders are called is told where they have names that could be classes. */
static void tell_no_labels(Import *import, const GError *reason)
{
    const gboolean unnamed = g_error_matches(reason, RH_ERROR, RH_ERROR_EMPTY);
    g_autofree char *sentence = g_strdup_printf(
        _("No labels: “%s” has no two folders of images and no table; the images can be looked "
          "at and drawn on, but not trained with."),
        import->listing->files->source);
    rh_import_tell(import->summary, RH_IMPORT_WORD, "no labels", "%s%s%s", sentence, unnamed ? "" : " ",
                   unnamed ? "" : reason->message);
}

static gboolean find_values(Import *import, GError **error)
{
    const RhImportListing *listing = import->listing;
    const RhImportSettings *settings = import->settings;
    RhImportSummary *summary = import->summary;
    g_autoptr(GError) reason = NULL;
    if (!rh_import_find_labels(listing, settings, &import->labels, summary, &reason)) {
        if (listing->table_path != NULL || settings->positive != NULL || settings->negative != NULL) {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
        rh_two_sides_clear(&import->labels);
        tell_no_labels(import, reason);
    }
    g_clear_error(&reason);
    if (!listing->has_confounder)
        return TRUE;
    if (rh_import_find_confounders(listing, settings, &import->confounders, summary, &reason)) {
        import->study->confounder_kind = RH_CONFOUNDER_COLUMN;
        import->study->confounder_name = g_strdup(listing->confounder_name);
        return TRUE;
    }
    if (settings->confounder_column != NULL || settings->confounder_values != NULL ||
        !isnan(settings->confounder_above)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    rh_two_sides_clear(&import->confounders);
    rh_import_tell(summary, RH_IMPORT_WORD, "no confounder",
                   _("The column “%s” is not used as confounder. %s"), listing->confounder_name,
                   reason->message);
    return TRUE;
}

/* A given split that cannot be used is not used at all. */
static void divide(Import *import)
{
    RhStudy *study = import->study;
    g_autoptr(GError) reason = NULL;
    if (rh_split_cases(study->cases, &study->split, &reason))
        return;
    for (guint i = 0; i < study->cases->len; i++)
        ((RhCase *)g_ptr_array_index(study->cases, i))->split = RH_SPLIT_NONE;
    rh_import_tell(import->summary, RH_IMPORT_WORD, "undivided",
                   _("The images are not divided into training, validation and test: %s"), reason->message);
}

static void count(Import *import)
{
    RhImportSummary *summary = import->summary;
    summary->images = import->study->cases->len;
    for (guint i = 0; i < import->study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(import->study->cases, i);
        summary->masks += item->has_mask;
        summary->splits[item->split]++;
        summary->unlabelled += item->label == RH_UNKNOWN;
        if (item->label != RH_UNKNOWN && item->confounder != RH_UNKNOWN)
            summary->cells[item->label][item->confounder]++;
    }
}

/* The split the source brings is used unless another was asked for. */
static void choose_split(Import *import)
{
    const RhImportSettings *settings = import->settings;
    RhStudy *study = import->study;
    const gboolean asked_given = settings->split.kind == RH_SPLIT_GIVEN || settings->split_column != NULL;
    study->split = settings->split;
    if (!import->listing->has_split)
        return;
    if (settings->split_asked && !asked_given) {
        rh_import_tell(import->summary, RH_IMPORT_WORD, "other split",
                       _("“%s” says how to divide the images; that is not used, since another split was "
                         "asked for."),
                       import->listing->table_path != NULL ? import->listing->table_path
                                                           : import->listing->files->source);
        return;
    }
    if (rh_import_read_splits(import->listing, asked_given, import->summary))
        study->split.kind = RH_SPLIT_GIVEN;
}

/* What values there are was seen with them all. */
static void drop_known(Import *import)
{
    GPtrArray *rows = import->listing->rows;
    for (guint i = rows->len; i-- > 0;) {
        const RhImportRow *row = g_ptr_array_index(rows, i);
        if (g_hash_table_contains(import->settings->known, row->file->path))
            g_ptr_array_remove_index(rows, i);
    }
}

static void take_pseudonyms(Import *import)
{
    RhStudy *study = import->study;
    for (guint i = 0; i < study->cases->len; i++)
        rh_pseudonyms_give(import->pseudonyms, g_ptr_array_index(study->cases, i));
    g_free(study->image_folder);
    study->image_folder = g_strdup(study->folder);
}

static gboolean fill(Import *import, const char *folder, GCancellable *cancellable, GError **error)
{
    RhStudy *study = import->study;
    g_free(study->name);
    g_autofree char *name = g_path_get_basename(folder);
    study->name = g_filename_display_name(name);
    study->image_folder = g_strdup(import->listing->files->source);
    choose_split(import);
    if (!find_values(import, error))
        return FALSE;
    if (import->settings->known != NULL)
        drop_known(import);
    add_cases(import);
    if (import->pseudonyms != NULL)
        take_pseudonyms(import);
    if (!take_all(import, cancellable, error) || !close_up(import, error))
        return FALSE;
    name_classes(import);
    if (study->confounder_kind == RH_CONFOUNDER_COLUMN)
        pair_confounder(import);
    if (import->settings->known == NULL)
        divide(import);
    count(import);
    if (import->pseudonyms != NULL)
        rh_pseudonyms_hide(import->pseudonyms, import->summary);
    rh_import_summary_close(import->summary);
    return rh_import_keep_labels(study, error) &&
           rh_import_keep_options(study, import->settings,
                                  import->confounders.is_cut ? import->confounders.cut : NAN, error) &&
           rh_study_save(study, error);
}

static gboolean run(Import *import, const char *folder, GCancellable *cancellable, GError **error)
{
    const guint rows = import->listing->rows->len;
    import->image_faults = g_new0(char *, rows);
    import->mask_faults = g_new0(char *, rows);
    import->write_errors = g_new0(GError *, rows);
    import->sides = g_new0(guint, rows);
    gboolean ok = fill(import, folder, cancellable, error);
    for (guint i = 0; i < rows; i++) {
        g_free(import->image_faults[i]);
        g_free(import->mask_faults[i]);
        g_clear_error(&import->write_errors[i]);
    }
    g_free(import->image_faults);
    g_free(import->mask_faults);
    g_free(import->write_errors);
    g_free(import->sides);
    rh_import_images_free(import->images);
    rh_import_masks_free(import->masks);
    return ok;
}

static gboolean check_settings(const RhImportSettings *settings, GError **error)
{
    if (settings->size == 0 || (settings->size >= RH_STUDY_SIDE_MIN && settings->size <= RH_STUDY_SIDE_MAX))
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                _("The network's images have a side of %u to %u pixels, not %u."), RH_STUDY_SIDE_MIN,
                RH_STUDY_SIDE_MAX, settings->size);
    return FALSE;
}

/* The key comes before the study, for without it nobody would know any more which image is which. */
static RhStudy *publish(const Import *import, RhFolderDraft *draft, GError **error)
{
    if (import->pseudonyms == NULL)
        return rh_study_publish(draft, error);
    if (!rh_pseudonyms_save(import->pseudonyms, error))
        return NULL;
    RhStudy *study = rh_study_publish(draft, error);
    const char *key = rh_pseudonyms_path(import->pseudonyms);
    if (study == NULL)
        rh_file_remove(key, NULL); /* the key of no study */
    import->summary->key = g_strdup(key);
    return study;
}

RhStudy *rh_study_new_from_folder(const char *folder, const char *source, const RhImportSettings *settings,
                                  RhImportSummary **summary, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    if (!check_settings(settings, error))
        return NULL;
    g_autoptr(RhImportListing) listing = rh_import_list(source, settings, told, cancellable, error);
    if (listing == NULL)
        return NULL;
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    g_autoptr(RhPseudonyms) pseudonyms =
        settings->pseudonyms ? rh_pseudonyms_begin(path, listing->files->source, settings, error) : NULL;
    if (settings->pseudonyms && pseudonyms == NULL)
        return NULL;
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(path, error);
    if (draft == NULL)
        return NULL;

    g_autoptr(RhStudy) filled = rh_study_new(draft->path);
    Import import = {
        .settings = settings, .listing = listing, .summary = told, .study = filled, .pseudonyms = pseudonyms};
    RhStudy *study = run(&import, path, cancellable, error) ? publish(&import, draft, error) : NULL;
    rh_two_sides_clear(&import.labels);
    rh_two_sides_clear(&import.confounders);
    if (study != NULL && summary != NULL)
        *summary = g_steal_pointer(&told);
    return study;
}
