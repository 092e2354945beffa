/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "import-support.h"
#include "study/study.h"

static RhStudy *import(const char *folder, const char *source, const RhImportSettings *settings,
                       RhImportSummary **summary, GError **error)
{
    const RhImportSettings usual = rh_import_settings_default();
    g_autofree char *path = g_build_filename(folder, "study", NULL);
    return rh_study_new_from_folder(path, source, settings != NULL ? settings : &usual, summary, NULL, error);
}

static GPtrArray *all_sentences(const RhImportSummary *summary)
{
    GPtrArray *all = g_ptr_array_new();
    for (guint i = 0; i < summary->reasons->len; i++) {
        const RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        g_ptr_array_extend(all, reason->sentences, NULL, NULL);
    }
    return all;
}

/* 24 images, six of each label and site, two of a patient; a mask for every ill one. */
static char *new_source(void)
{
    char *folder = rh_test_folder();
    g_autoptr(GString) rows = g_string_new("image,label,site,patient_id,mask\n");
    for (guint i = 0; i < 24; i++) {
        const guint label = i % 2, site = i / 2 % 2;
        g_autofree char *image = g_strdup_printf("images/%02u.png", i);
        g_autofree char *mask = g_strdup_printf("masks/%02u.png", i);
        put_film(folder, image, 32, 24);
        if (label == 1)
            put_image(folder, mask, 32, 24);
        g_string_append_printf(rows, "%s,%s,%s,%u,%s\n", image, label == 1 ? "ill" : "normal",
                               site == 1 ? "Kiel" : "Aalen", i, label == 1 ? mask : "");
    }
    put_text(folder, "metadata.csv", rows->str);
    return folder;
}

static void replace(const char *folder, const char *find, const char *put)
{
    g_autofree char *path = g_build_filename(folder, "metadata.csv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autoptr(GString) changed = g_string_new(text);
    g_assert_cmpuint(g_string_replace(changed, find, put, 1), ==, 1);
    put_text(folder, "metadata.csv", changed->str);
}

static void test_table(void)
{
    TEMPORARY source = new_source();
    TEMPORARY folder = rh_test_folder();
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, NULL, &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary->images, ==, 24);
    g_assert_cmpuint(summary->masks, ==, 12);
    g_assert_cmpuint(summary->found - summary->images + summary->unlabelled + summary->notes->len, ==, 0);
    for (guint i = 0; i < 4; i++)
        g_assert_cmpuint(summary->cells[i / 2][i % 2], ==, 6);
    g_assert_cmpstr(study->class_names[0], ==, "normal");
    g_assert_cmpstr(study->class_names[1], ==, "ill");
    g_assert_cmpstr(study->confounder_name, ==, "site");
    g_assert_cmpstr(study->confounder_values[0], ==, "Aalen");
    g_assert_cmpuint(study->height, ==, 64);
    g_assert_cmpstr(study->image_folder, ==, source);
    const RhCase *second = g_ptr_array_index(study->cases, 1);
    g_assert_cmpstr(second->group, ==, "1");
    g_assert_true(second->has_mask);
    g_autofree char *path = rh_study_mask_path(study, second);
    g_autoptr(RhMask) mask = rh_mask_load(path, 32, 24, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rh_mask_count(mask), ==, 16 * 12);
}

/* One after another everything a folder can have wrong, in one import: each is noted, the rest goes on. */
static void test_faults(void)
{
    TEMPORARY source = new_source();
    TEMPORARY folder = rh_test_folder();
    put_text(source, "images/00.png", "this is no image");
    put_truncated_image(source, "images/02.png");
    put_image(source, "masks/05.png", 31, 24);
    put_text(source, "masks/07.png", "this is no mask");
    replace(source, "images/09.png,ill", "images/09.png,NA");
    replace(source, "images/10.png,normal,Kiel", "images/10.png,normal,");
    replace(source, "images/12.png", "images/missing.png");
    replace(source, "images/14.png", "../../etc/hostname");
    replace(source, "masks/17.png", "masks/none.png");

    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, NULL, &summary, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < summary->notes->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(summary->notes, i));
    g_assert_cmpuint(summary->images, ==, 20);
    g_assert_cmpuint(summary->masks, ==, 9);
    g_assert_cmpuint(summary->unlabelled, ==, 1);
    assert_reasons(summary, RH_IMPORT_IMAGES, "not in the table: 2, broken: 2");
    assert_reasons(summary, RH_IMPORT_MASKS, "not in the table: 1, cannot be used: 2");
    assert_reasons(summary, RH_IMPORT_ROWS, "no such file: 2");
    g_autoptr(GPtrArray) notes = all_sentences(summary);
    g_assert_true(any_note_has(notes, "images/00.png", "left out"));
    g_assert_true(any_note_has(notes, "images/02.png", "left out"));
    g_assert_true(any_note_has(notes, "masks/05.png", "31×24"));
    g_assert_true(any_note_has(notes, "masks/07.png", "without mask"));
    g_assert_true(any_note_has(notes, "line 14", "images/missing.png"));
    g_assert_true(any_note_has(notes, "line 16", "../../etc/hostname"));
    g_assert_true(any_note_has(notes, "line 19", "masks/none.png"));
    g_assert_null(rh_study_find_case(study, "00"));
    g_assert_cmpuint(rh_study_find_case(study, "09")->label, ==, RH_UNKNOWN);
    g_assert_cmpuint(rh_study_find_case(study, "10")->confounder, ==, RH_UNKNOWN);
}

/* The value that is more often with class 1 goes with it, whatever its name. */
static void test_pairing(void)
{
    TEMPORARY source = rh_test_folder();
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GString) rows = g_string_new("file;class;view\n");
    for (guint i = 0; i < 12; i++) {
        g_autofree char *file = g_strdup_printf("%u.png", i);
        put_film(source, file, 28, 28);
        g_string_append_printf(rows, "%s;%u;%s\n", file, i % 2, i % 2 == (i < 9) ? "AP" : "PA");
    }
    put_text(source, "list.csv", rows->str);
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, NULL, &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(study->confounder_values[0], ==, "PA");
    g_assert_cmpstr(study->confounder_values[1], ==, "AP");
    g_assert_cmpuint(study->height, ==, 28);
    g_assert_cmpuint(summary->cells[0][0] + summary->cells[1][1], ==, 9);
    g_assert_cmpuint(summary->cells[0][1] + summary->cells[1][0], ==, 3);
}

static void test_folders(void)
{
    TEMPORARY source = rh_test_folder();
    TEMPORARY folder = rh_test_folder();
    for (guint i = 0; i < 12; i++) {
        g_autofree char *well = g_strdup_printf("No finding/%u.png", i);
        g_autofree char *ill = g_strdup_printf("Effusion/%u.png", i);
        put_film(source, well, 40, 40);
        put_film(source, ill, 40, 40);
    }
    put_text(source, "notes.txt", "not an image");
    put_text(source, "Effusion/broken.png", "not an image");
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, NULL, &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary->images, ==, 24);
    assert_reasons(summary, RH_IMPORT_IMAGES, "broken: 1");
    g_assert_cmpuint(summary->notes->len, ==, 1);
    g_assert_true(any_note_has(summary->notes, "Effusion/broken.png", "left out"));
    g_assert_cmpstr(study->class_names[0], ==, "No finding");
    g_assert_cmpint(study->confounder_kind, ==, RH_CONFOUNDER_NONE);
    g_assert_nonnull(rh_study_find_case(study, "3"));
    g_assert_nonnull(rh_study_find_case(study, "No finding-3"));
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(samples->count, >, 20);
}

static void test_images_alone(void)
{
    TEMPORARY source = rh_test_folder();
    TEMPORARY folder = rh_test_folder();
    put_film(source, "a.png", 40, 40);
    put_film(source, "b.png", 40, 40);
    put_image(source, "masks/b.png", 40, 40);
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, NULL, &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary->images, ==, 2);
    g_assert_cmpuint(summary->unlabelled, ==, 2);
    g_assert_cmpuint(summary->masks, ==, 1);
    g_assert_true(any_note_has(summary->notes, "No labels", source));
    g_assert_false(any_note_has(summary->notes, "has 0", "")); /* no list of no values */
    g_assert_null(rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error));
    assert_sentence(error, study->folder, "no image with a label");
}

static void assert_refused(const char *folder, const char *source, const RhImportSettings *settings,
                           const char *a, const char *b)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(import(folder, source, settings, NULL, &error));
    assert_sentence(error, a, b);
    g_autoptr(GDir) left = g_dir_open(folder, 0, NULL);
    g_assert_null(g_dir_read_name(left)); /* nothing half made */
}

static void test_refused(void)
{
    TEMPORARY source = new_source();
    TEMPORARY folder = rh_test_folder();
    TEMPORARY empty = rh_test_folder();
    TEMPORARY cut = rh_test_folder();
    RhImportSettings settings = rh_import_settings_default();
    assert_refused(folder, empty, NULL, empty, "neither images");
    put_truncated_image(cut, "cut.png");
    assert_refused(folder, cut, NULL, "(1 tried)", "cut.png” is a broken PNG");
    assert_refused(folder, "/nowhere/at/all", NULL, "/nowhere/at/all", "no folder");

    settings.label_column = "diagnosis";
    assert_refused(folder, source, &settings, "metadata.csv", "no column “diagnosis”");
    settings.label_column = "patient_id";
    assert_refused(folder, source, &settings, "metadata.csv", "must have two values");
    settings = rh_import_settings_default();
    settings.split.kind = RH_SPLIT_GIVEN;
    assert_refused(folder, source, &settings, "metadata.csv", "no column for the split");
    settings = rh_import_settings_default();
    settings.size = 5000;
    assert_refused(folder, source, &settings, "5000", "side");

    replace(source, "label", "l");
    assert_refused(folder, source, NULL, "metadata.csv", "no column for labels");
    replace(source, "image,", "i,");
    assert_refused(folder, source, NULL, "metadata.csv", "no column for images");
    put_text(source, "metadata.csv", "image,label\n");
    assert_refused(folder, source, NULL, "metadata.csv", "no row");
    put_text(source, "metadata.csv", "image,label\na.png,0\nb.png,1\n");
    assert_refused(folder, source, NULL, source, "(2 rows)");
}

static void test_read_only(void)
{
    TEMPORARY source = new_source();
    TEMPORARY folder = rh_test_folder();
    const RhImportSettings settings = rh_import_settings_default();
    put_text(folder, "file", "x");
    g_autofree char *below = g_build_filename(folder, "file", "study", NULL);
    const char *const targets[] = {below, "/proc/study"};
    for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_study_new_from_folder(targets[i], source, &settings, NULL, NULL, &error));
        assert_sentence(error, i == 0 ? "file" : "/proc/study", "Could not create");
    }
}

static void test_cancelled(void)
{
    TEMPORARY source = new_source();
    TEMPORARY folder = rh_test_folder();
    const RhImportSettings settings = rh_import_settings_default();
    g_autofree char *path = g_build_filename(folder, "study", NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancellable);
    g_assert_null(rh_study_new_from_folder(path, source, &settings, NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_autoptr(GDir) left = g_dir_open(folder, 0, NULL);
    g_assert_null(g_dir_read_name(left));
}

/* The split column is read when it is asked for. */
static void test_given_split(void)
{
    TEMPORARY source = rh_test_folder();
    TEMPORARY folder = rh_test_folder();
    static const char *const splits[] = {"train", "VAL", "test", "weird"};
    g_autoptr(GString) rows = g_string_new("path,target,split\n");
    for (guint i = 0; i < 14; i++) {
        g_autofree char *file = g_strdup_printf("%u.png", i);
        put_film(source, file, 32, 32);
        g_string_append_printf(rows, "%s,%u,%s\n", file, i % 2, i == 13 ? splits[3] : splits[i / 2 % 3]);
    }
    put_text(source, "images.csv", rows->str);
    RhImportSettings settings = rh_import_settings_default();
    settings.split.kind = RH_SPLIT_GIVEN;
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, &settings, &summary, &error);
    g_assert_no_error(error);
    g_assert_true(any_note_has(summary->notes, "line 15", "“weird”"));
    g_assert_cmpint(rh_study_find_case(study, "2")->split, ==, RH_SPLIT_VALIDATION);
    g_assert_cmpint(rh_study_find_case(study, "5")->split, ==, RH_SPLIT_TEST);
    g_assert_cmpint(rh_study_find_case(study, "13")->split, ==, RH_SPLIT_NONE);
}

/* A real data set as it lies there. */
static void test_chest_radiographs(void)
{
    g_autofree char *source = rh_test_shared("data/cxr/rsna_nih_mini");
    if (source == NULL)
        return;
    TEMPORARY folder = rh_test_folder();
    g_autoptr(RhImportSummary) summary = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = import(folder, source, NULL, &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary->images, ==, 339);
    g_assert_cmpuint(summary->masks, ==, 129);
    g_assert_cmpuint(summary->found - summary->images + summary->unlabelled + summary->notes->len, ==, 0);
    g_assert_cmpuint(summary->cells[0][0] + summary->cells[0][1], ==, 210);
    g_assert_cmpuint(summary->cells[1][0] + summary->cells[1][1], ==, 129);
    g_assert_cmpstr(study->class_names[0], ==, "no_opacity");
    g_assert_cmpstr(study->class_names[1], ==, "pneumonia_opacity");
    g_assert_cmpstr(study->confounder_name, ==, "view");
    g_assert_cmpstr(study->confounder_values[0], ==, "PA");
    g_assert_cmpstr(study->confounder_values[1], ==, "AP");
    g_autoptr(GHashTable) side_of = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        gpointer side = NULL;
        g_assert_cmpstr(item->group, !=, "");
        if (item->split == RH_SPLIT_NONE)
            continue;
        if (g_hash_table_lookup_extended(side_of, item->group, NULL, &side))
            g_assert_cmpint(GPOINTER_TO_INT(side), ==, item->split);
        g_hash_table_insert(side_of, item->group, GINT_TO_POINTER(item->split));
    }
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(samples->height, ==, 64);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import/table", test_table);
    g_test_add_func("/import/faults", test_faults);
    g_test_add_func("/import/pairing", test_pairing);
    g_test_add_func("/import/folders", test_folders);
    g_test_add_func("/import/images-alone", test_images_alone);
    g_test_add_func("/import/refused", test_refused);
    g_test_add_func("/import/read-only", test_read_only);
    g_test_add_func("/import/cancelled", test_cancelled);
    g_test_add_func("/import/given-split", test_given_split);
    g_test_add_func("/import/chest-radiographs", test_chest_radiographs);
    return g_test_run();
}
