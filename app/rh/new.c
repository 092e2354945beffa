/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh new: studies out of nothing (synthetic, phantom) and out of a folder of images. */
#include <math.h>

#include "base/error.h"
#include "command.h"
#include "progress.h"
#include "setting-options.h"
#include "splitting.h"
#include "study/phantom-settings.h"

/* Three whole numbers, "500,128,128". */
static gboolean parse_counts(const char *text, guint count[3], GError **error)
{
    g_autoptr(GArray) numbers = rh_option_numbers("count", text, error);
    if (numbers == NULL)
        return FALSE;
    if (numbers->len != 3) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    "--count takes three numbers, for training, validation and test, not “%s”.", text);
        return FALSE;
    }
    for (guint i = 0; i < 3; i++) {
        guint64 number = g_array_index(numbers, guint64, i);
        if (!rh_option_in_range("count", (double)number, 4, 1e6, error))
            return FALSE;
        count[i] = (guint)number;
    }
    return TRUE;
}

static gboolean new_synthetic(const RhCommand *command, GStrv *arguments, GError **error)
{
    g_autofree char *variant = NULL, *count = NULL;
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    int size = (int)settings.size;
    gint64 seed = settings.seed;
    const GOptionEntry options[] = {
        {"variant", 0, 0, G_OPTION_ARG_STRING, &variant, "hard (default) or easy", "NAME"},
        {"count", 0, 0, G_OPTION_ARG_STRING, &count, "Training, validation and test images (500,128,128)",
         "A,B,C"},
        {"size", 0, 0, G_OPTION_ARG_INT, &size, "Height and width of the images (28)", "PIXELS"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Random seed; 1 (default) gives the authors' images", "N"},
        {NULL},
    };
    if (!rh_command_parse(command, options, arguments, 1, 1, error) ||
        !rh_option_in_range("size", size, 4, 4096, error) ||
        !rh_option_in_range("seed", (double)seed, 0, 4294967293.0, error) ||
        (count != NULL && !parse_counts(count, settings.count, error)))
        return FALSE;
    settings.size = (guint)size;
    settings.seed = (guint32)seed;
    settings.variant = rh_synthetic_variant_find(variant != NULL ? variant : "hard", error);
    if (settings.variant == NULL)
        return FALSE;
    g_autoptr(RhStudy) study = rh_study_new_synthetic((*arguments)[1], &settings, error);
    if (study == NULL)
        return FALSE;
    g_print("%s: %u images of %u×%u pixels with masks\n", (*arguments)[1], study->cases->len, study->width,
            study->height);
    rh_print_splits(study);
    return TRUE;
}

static void show_films(guint done, guint total, gpointer progress)
{
    rh_progress_show(progress, "Drawing films: %u of %u", done, total);
}

static gboolean new_phantom(const RhCommand *command, GStrv *arguments, GError **error)
{
    RhPhantomStudySettings settings = rh_phantom_study_settings_default();
    guint count;
    const RhSetting *table = rh_phantom_settings(&count);
    g_auto(RhSettingOptions) options = rh_setting_options(table, count);
    g_autoptr(GArray) entries = rh_setting_options_entries(&options, &settings);
    if (!rh_command_parse(command, (const GOptionEntry *)(void *)entries->data, arguments, 1, 1, error) ||
        !rh_setting_options_take(&options, &settings, error))
        return FALSE;
    RhProgress progress = rh_progress_start(FALSE);
    g_autoptr(RhStudy) study =
        rh_study_new_phantom((*arguments)[1], &settings, show_films, &progress, NULL, error);
    rh_progress_clear(&progress);
    if (study == NULL)
        return FALSE;
    g_print("%s: %u films of %u×%u pixels, masks of the %s\n", (*arguments)[1], study->cases->len,
            study->width, study->height, rh_phantom_mask_name(settings.film.mask));
    rh_print_splits(study);
    return TRUE;
}

/* "  12 mask files: 10 taken, 2 left out (no image: 1, fits several: 1)" */
static void print_fate(const RhImportSummary *summary, const char *what, guint found, guint taken,
                       RhImportSubject subject)
{
    g_autofree char *reasons = rh_import_summary_reasons(summary, subject);
    g_print("%s: %u taken, %u left out", what, taken, found - taken);
    if (found > taken)
        g_print(" (%s)", reasons);
    g_print("\n");
}

static void print_notes(const RhImportSummary *summary, gboolean verbose)
{
    if (summary->notes->len > 0)
        g_print("Left out or changed:\n");
    for (guint i = 0; i < summary->notes->len && !verbose; i++)
        g_print("  %s\n", (const char *)g_ptr_array_index(summary->notes, i));
    for (guint i = 0; i < summary->reasons->len && verbose; i++) {
        const RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        for (guint k = 0; k < reason->sentences->len; k++)
            if (*(const char *)g_ptr_array_index(reason->sentences, k) != '\0')
                g_print("  %s\n", (const char *)g_ptr_array_index(reason->sentences, k));
    }
}

static void print_summary(const RhStudy *study, const RhImportSummary *summary, gboolean verbose)
{
    g_autofree char *images = g_strdup_printf("%s: %u image files", study->folder, summary->found);
    g_autofree char *masks = g_strdup_printf("  %u mask files", summary->mask_files);
    const guint rows = rh_import_summary_count(summary, RH_IMPORT_ROWS);
    print_fate(summary, images, summary->found, summary->images, RH_IMPORT_IMAGES);
    print_fate(summary, masks, summary->mask_files, summary->masks, RH_IMPORT_MASKS);
    if (rows > 0)
        g_print("  rows of the table that name no image: %u\n", rows);
    if (summary->unlabelled > 0)
        g_print("  images without a label: %u\n", summary->unlabelled);
    if (summary->unlabelled < summary->images)
        g_print("  classes: 0 is “%s”, 1 (positive) is “%s”\n", study->class_names[0], study->class_names[1]);
    rh_print_cells(study, summary->cells);
    rh_print_splits(study);
    if (summary->key != NULL)
        g_print("  key of the pseudonyms, to be kept apart from the study: %s\n", summary->key);
    print_notes(summary, verbose);
}

/* "3 new images and 1 changed label" */
static char *describe_changes(const RhImportChanges *changes)
{
    return g_strdup_printf("%u new image%s and %u changed label%s", changes->images,
                           changes->images == 1 ? "" : "s", changes->labels, changes->labels == 1 ? "" : "s");
}

/* The study is there already: what its folder has since, and what was asked for of that is taken. */
static gboolean update(const char *source, const char *folder, const RhImportSettings *settings,
                       RhImportTake take, GError **error)
{
    g_autoptr(RhStudy) study = rh_study_open(folder, error);
    RhImportChanges changes;
    if (study == NULL || !rh_study_import_again(study, source, settings, take, &changes, NULL, NULL, error))
        return FALSE;
    if (take == RH_IMPORT_TAKE_NOTHING) {
        g_autofree char *what = describe_changes(&changes);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "“%s” exists already, and “%s” has %s since; %s",
                    folder, source, what,
                    changes.images + changes.labels > 0
                        ? "give the same command with --add-images or --take-labels, or choose another name."
                        : "choose another name to make a second study.");
        return FALSE;
    }
    const guint added = take & RH_IMPORT_TAKE_IMAGES ? changes.images : 0,
                taken = take & RH_IMPORT_TAKE_LABELS ? changes.labels : 0;
    g_print("%s: %u images added, %u labels taken\n", folder, added, taken);
    if (changes.kept_labels > 0)
        g_print("  labels that differ and are kept as the study has them: %u\n", changes.kept_labels);
    rh_print_splits(study);
    if (added > 0 && study->split.kind != RH_SPLIT_GIVEN)
        g_print("  The new images lie in no set; “rh split” divides all images anew.\n");
    return TRUE;
}

static gboolean new_folder(const RhCommand *command, GStrv *arguments, GError **error)
{
    RhImportSettings settings = rh_import_settings_default();
    g_autofree char *table = NULL, *image = NULL, *label = NULL, *confounder = NULL, *group = NULL,
                    *mask = NULL, *region = NULL;
    g_autofree char *column = NULL, *positive = NULL, *negative = NULL, *confounder_values = NULL;
    double above = NAN;
    RhSplitOptions split = RH_SPLIT_OPTIONS_NONE;
    int size = 0;
    gboolean verbose = FALSE, pseudonyms = FALSE, add_images = FALSE, take_labels = FALSE;
    g_autofree char *key = NULL;
    const GOptionEntry options[] = {
        {"size", 0, 0, G_OPTION_ARG_INT, &size,
         "Height and width the network sees (28 for such images, else 64)", "PIXELS"},
        {"table", 0, 0, G_OPTION_ARG_FILENAME, &table, "The table, where the folder has several", "FILE"},
        {"image", 0, 0, G_OPTION_ARG_STRING, &image, "Column of the image files", "COLUMN"},
        {"label", 0, 0, G_OPTION_ARG_STRING, &label, "Column of the label", "COLUMN"},
        {"confounder", 0, 0, G_OPTION_ARG_STRING, &confounder, "Column of the confounder: site, view, …",
         "COLUMN"},
        {"positive", 0, 0, G_OPTION_ARG_STRING, &positive,
         "Which values of the label are class 1 (the ill); all others are class 0", "A,B"},
        {"negative", 0, 0, G_OPTION_ARG_STRING, &negative,
         "Which values of the label are class 0; with both, what is neither is not used", "A,B"},
        {"confounder-values", 0, 0, G_OPTION_ARG_STRING, &confounder_values,
         "Which two values of the confounder are used; “A|B,C” joins A and B", "A,B"},
        {"confounder-above", 0, 0, G_OPTION_ARG_DOUBLE, &above,
         "Where a confounder that is a number is cut (its median)", "NUMBER"},
        {"group", 0, 0, G_OPTION_ARG_STRING, &group, "Column of what must not be torn apart: the patient",
         "COLUMN"},
        {"mask", 0, 0, G_OPTION_ARG_STRING, &mask, "Column of the mask files", "COLUMN"},
        {"region", 0, 0, G_OPTION_ARG_STRING, &region,
         "Labels of the masks that are the region of interest: 1,2 or 3-5 or red,#00ff80 or all", "LABELS"},
        {"split-column", 0, 0, G_OPTION_ARG_STRING, &column, "Column of the split, for --split given",
         "COLUMN"},
        RH_SPLIT_OPTION_ENTRIES(split),
        {"pseudonyms", 0, 0, G_OPTION_ARG_NONE, &pseudonyms,
         "Number images and patients, and copy the images as bare pixels; names go into a key outside the "
         "study",
         NULL},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Where --pseudonyms keeps the key (STUDY-key.csv)",
         "FILE"},
        {"add-images", 0, 0, G_OPTION_ARG_NONE, &add_images,
         "Of a study that is there already: add the images that are new in SOURCE", NULL},
        {"take-labels", 0, 0, G_OPTION_ARG_NONE, &take_labels,
         "Likewise: take the labels that have changed in SOURCE and not in the study", NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose,
         "Tell of each file that was left out, not only the first of a kind", NULL},
        {NULL},
    };
    gboolean parsed = rh_command_parse(command, options, arguments, 2, 2, error) &&
                      rh_option_in_range("size", size, 0, 4096, error) &&
                      rh_split_options_apply(&split, &settings.split, error);
    settings.split_asked = split.kind != NULL;
    rh_split_options_clear(&split);
    if (!parsed)
        return FALSE;
    if (key != NULL && !pseudonyms) {
        g_set_error_literal(error, RH_ERROR, RH_ERROR_USAGE,
                            "--key says where --pseudonyms keeps the key; give both.");
        return FALSE;
    }
    settings.pseudonyms = pseudonyms;
    settings.key = key;
    settings.size = (guint)size;
    settings.table = table;
    settings.positive = positive;
    settings.negative = negative;
    settings.confounder_values = confounder_values;
    settings.confounder_above = above;
    settings.image_column = image;
    settings.label_column = label;
    settings.confounder_column = confounder;
    settings.group_column = group;
    settings.mask_column = mask;
    settings.region = region;
    settings.split_column = column;
    const RhImportTake take =
        (add_images ? RH_IMPORT_TAKE_IMAGES : 0) | (take_labels ? RH_IMPORT_TAKE_LABELS : 0);
    if (rh_study_is_one((*arguments)[2]))
        return update((*arguments)[1], (*arguments)[2], &settings, take, error);
    if (take != RH_IMPORT_TAKE_NOTHING) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    "--add-images and --take-labels are for a study that is there already; “%s” is none.",
                    (*arguments)[2]);
        return FALSE;
    }
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(RhStudy) study =
        rh_study_new_from_folder((*arguments)[2], (*arguments)[1], &settings, &summary, NULL, error);
    if (study == NULL)
        return FALSE;
    print_summary(study, summary, verbose);
    return TRUE;
}

static const RhCommand kinds[] = {
    {
        .name = "new synthetic",
        .arguments = "STUDY",
        .summary = "Make a study of the paper's synthetic images: one cross or two, and a tag that gives the "
                   "class away",
        .run = new_synthetic,
    },
    {
        .name = "new phantom",
        .arguments = "STUDY",
        .summary = "Make a study of made-up chest films: with or without a nodule, and a marker or a scanner "
                   "that gives the class away",
        .run = new_phantom,
    },
    {
        .name = "new folder",
        .arguments = "SOURCE STUDY",
        .summary = "Make a study of the images in SOURCE, which is only read",
        .description =
            "Without options the table (images.csv, metadata.csv or the only one in the folder) and its "
            "columns\n"
            "are found by their names; without a table the names of two sub-folders are the labels.",
        .run = new_folder,
    },
};

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    const char *kind = (*arguments)[1];
    for (guint i = 0; kind != NULL && i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kinds[i].name + strlen("new "), kind)) {
            char **rest = *arguments;
            g_free(rest[0]);
            memmove(rest, rest + 1, g_strv_length(rest) * sizeof *rest);
            return kinds[i].run(&kinds[i], arguments, error);
        }
    if (kind != NULL && kind[0] != '-') {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    "There is no “rh new %s”; there are synthetic, phantom and folder.", kind);
        return FALSE;
    }
    return rh_command_parse(command, NULL, arguments, 1, 1, error);
}

const RhCommand rh_command_new = {
    .name = "new",
    .arguments = "synthetic|phantom|folder …",
    .summary = "Make a study",
    .description = "rh new synthetic STUDY      the paper's synthetic images\n"
                   "rh new phantom STUDY        chest films of made-up patients\n"
                   "rh new folder SOURCE STUDY  the images of a folder\n\n"
                   "Each has options of its own: “rh new phantom --help”.",
    .run = run,
};
