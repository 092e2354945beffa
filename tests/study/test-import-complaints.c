/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What people reported of imports that lie, each as a folder of the kind they had. */
#include <unistd.h>

#include "folder-support.h"

static void same_stem_masks(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "normal/#.png", 8);
    films(&import, "ill/#.png", 8);
    masks(&import, "masks/normal/#.png", 8, 4);
    masks(&import, "masks/ill/#.png", 8, 20);
    take_well(&import, 16, 16);
    g_assert_true(is_inside(&import, "ill/003.png", 21, 21));
    g_assert_false(is_inside(&import, "ill/003.png", 5, 5));
    g_assert_true(is_inside(&import, "normal/003.png", 5, 5));
}

static void one_mask_for_two(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "normal/#.png", 8);
    films(&import, "ill/#.png", 8);
    masks(&import, "masks/#.png", 8, 4);
    take_well(&import, 16, 0);
    assert_reasons(import.summary, RH_IMPORT_MASKS, "fits several: 8");
}

static void mask_named_as_image(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 24);
    masks(&import, "masks/p#.png", 24, 4);
    table(&import, "images.csv", "image,label,mask\n", "p#.png,@,p#.png\n", 24);
    take_well(&import, 24, 24);
    g_assert_true(is_inside(&import, "p003.png", 5, 5));
    g_assert_false(is_inside(&import, "p003.png", 1, 1)); /* the film is bright there */
}

static void mask_suffix(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "ill/ill#.png", 8);
    films(&import, "normal/normal#.png", 8);
    masks(&import, "masks/ill#_mask.png", 8, 4);
    masks(&import, "masks/other#_mask.png", 2, 4);
    take_well(&import, 16, 8);
    assert_reasons(import.summary, RH_IMPORT_MASKS, "no image: 2");
}

static void mask_beside_image(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "a/#.png", 6);
    films(&import, "b/x#.png", 6);
    masks(&import, "b/x#-mask.png", 6, 4);
    take_well(&import, 12, 6);
    g_assert_cmpuint(import.summary->found, ==, 12);
}

static void lung_masks_folder(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "images/p#.png", 8);
    masks(&import, "lung_masks/p#.png", 8, 4);
    take_well(&import, 8, 8);
    g_assert_cmpuint(import.summary->unlabelled, ==, 8);
    g_assert_true(any_note_has(import.summary->notes, "No labels", import.source));
}

static void with_mask_is_a_class(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "with_mask/w#.png", 8);
    films(&import, "without_mask/o#.png", 8);
    take_well(&import, 16, 0);
    g_assert_cmpuint(import.summary->unlabelled, ==, 0);
}

static void repeated_rows(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 24);
    table(&import, "images.csv", "image,label,x\n", "p#.png,@,1\np#.png,@,2\np#.png,@,3\n", 24);
    take_well(&import, 24, 0);
    g_assert_true(any_note_has(import.summary->notes, "p000.png” has several rows", "23 others"));
}

static void rows_that_disagree(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 24);
    table(&import, "images.csv", "image,label\np003.png,0\n", "p#.png,@\n", 24);
    take_well(&import, 23, 0);
    assert_reasons(import.summary, RH_IMPORT_IMAGES, "rows disagree: 1");
    g_assert_true(any_note_has(import.summary->notes, "lines 2 and 6", "p003.png” is “0” and “1”"));
}

static void copy_file(const Import *import, const char *from, const char *to)
{
    g_autofree char *a = g_build_filename(import->source, from, NULL);
    g_autofree char *b = g_build_filename(import->source, to, NULL);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(a, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(b, bytes, (gssize)length, NULL));
}

static void identical_copies(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "no/no#.png", 8);
    films(&import, "yes/yes#.png", 8);
    copy_file(&import, "no/no001.png", "no/again.png");
    copy_file(&import, "no/no002.png", "yes/both.png");
    take_well(&import, 15, 0);
    assert_reasons(import.summary, RH_IMPORT_IMAGES, "copy: 1, copies disagree: 2");
    g_assert_null(rh_study_find_case(import.study, "both"));
}

static void other_formats(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "ill/#.png", 8);
    films(&import, "normal/n#.png", 8);
    put_text(import.source, "ill/a.tif", "II*");
    put_text(import.source, "ill/b.dcm", "DICOM without its preamble");
    put_text(import.source, "normal/c.dcm", "x");
    put_text(import.source, "normal/zero.png", "");
    take_well(&import, 16, 0);
    assert_reasons(import.summary, RH_IMPORT_IMAGES, "TIFF: 1, DICOM: 2, empty: 1");
    g_assert_true(any_note_has(import.summary->notes, "ill/b.dcm", "The same goes for 1 other"));
    g_assert_true(any_note_has(import.summary->notes, "zero.png", "is empty"));
}

static void given_split_leak(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 24);
    g_autoptr(GString) text = g_string_new("image,label,split,patient\n");
    static const char *const splits[] = {"train", "val", "test"};
    for (guint i = 0; i < 24; i++)
        g_string_append_printf(text, "p%03u.png,%u,%s,pat%u\n", i, i % 2, splits[i / 2 % 3], i % 3);
    put_text(import.source, "images.csv", text->str);
    take_well(&import, 24, 0);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_NONE], ==, 24);
    g_assert_true(any_note_has(import.summary->notes, "not divided", "“pat0”"));
}

static void kaggle_layout(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "train/NORMAL/a#.png", 8);
    films(&import, "train/PNEUMONIA/b#.png", 8);
    films(&import, "val/NORMAL/c#.png", 4);
    films(&import, "val/PNEUMONIA/d#.png", 4);
    films(&import, "test/NORMAL/e#.png", 4);
    films(&import, "test/PNEUMONIA/f#.png", 4);
    take_well(&import, 32, 0);
    g_assert_cmpstr(import.study->class_names[0], ==, "NORMAL");
    g_assert_cmpint(import.study->split.kind, ==, RH_SPLIT_GIVEN);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_TRAINING], ==, 16);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_VALIDATION], ==, 8);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_TEST], ==, 8);
}

static void radiography_layout(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "COVID/images/COVID-#.png", 8);
    films(&import, "Normal/images/Normal-#.png", 8);
    masks(&import, "COVID/masks/COVID-#.png", 8, 4);
    masks(&import, "Normal/masks/Normal-#.png", 8, 4);
    take_well(&import, 16, 16);
    g_assert_cmpstr(import.study->class_names[0], ==, "Normal");
    g_assert_cmpstr(import.study->class_names[1], ==, "COVID");
}

/* Names as tables write them and names as disks have them. */
static void names(void)
{
    static const struct {
        const char *files, *row;
    } pairs[] = {
        {"p#.PNG", "p#.png,@\n"},
        {"img/p#.png", "img\\p#.png,@\n"},
        {"p#.png", "p#,@\n"},
        {"Bild_\xc3\xa4#.png", "Bild_a\xcc\x88#.png,@\n"},
        {"Bild_a\xcc\x88#.png", "Bild_\xc3\xa4#.png,@\n"},
        {"train/patient#/view1.png", "CheXpert-v1.0-small/train/patient#/view1.png,@\n"},
        {"deep/er/p#.png", "p#.jpg,@\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        IMPORT import;
        begin(&import);
        films(&import, pairs[i].files, 16);
        table(&import, "images.csv", "image,label\n", pairs[i].row, 16);
        take_well(&import, 16, 0);
        g_assert_cmpuint(import.summary->unlabelled, ==, 0);
    }
}

static void nearest_name(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 16);
    table(&import, "images.csv", "image,label\n", "pq#.png,@\n", 16);
    take(&import);
    assert_sentence(import.error, "the first is “pq000.png”", "nearest to it is “p000.png”");
}

static void one_name_two_folders(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "a/p#.png", 8);
    films(&import, "b/p#.png", 8);
    films(&import, "q#.png", 16);
    table(&import, "images.csv", "image,label\np000.png,1\n", "q#.png,@\n", 16);
    take_well(&import, 16, 0);
    assert_reasons(import.summary, RH_IMPORT_ROWS, "fits several files: 1");
}

static void latin1_name(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "ill/i#.png", 8);
    films(&import, "normal/n#.png", 8);
    g_autofree char *from = g_build_filename(import.source, "ill", "i000.png", NULL);
    g_autofree char *to = g_build_filename(import.source, "ill", "M\374ller.png", NULL);
    g_assert_cmpint(g_rename(from, to), ==, 0);
    take_well(&import, 15, 0);
    assert_reasons(import.summary, RH_IMPORT_IMAGES, "name is not UTF-8: 1");
    clear_folder(&import.folder); /* a second try, the file renamed */
    import.folder = rh_test_folder();
    g_clear_pointer(&import.study, rh_study_free);
    g_clear_pointer(&import.summary, rh_import_summary_free);
    g_assert_cmpint(g_rename(to, from), ==, 0);
    take_well(&import, 16, 0);
}

static void appledouble_table(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 12);
    table(&import, "labels.csv", "image,label\n", "p#.png,@\n", 12);
    put_text(import.source, "._labels.csv", "Mac OS X");
    put_text(import.source, "._p000.png", "Mac OS X");
    take_well(&import, 12, 0);
}

static void linked_folders(void)
{
    IMPORT import;
    begin(&import);
    TEMPORARY elsewhere = rh_test_folder();
    for (guint i = 0; i < 8; i++) {
        g_autofree char *ill = g_strdup_printf("ill/%u.png", i), *well = g_strdup_printf("normal/%u.png", i);
        put_film(elsewhere, ill, 32, 32);
        put_film(import.source, well, 32, 32);
    }
    g_autofree char *target = g_build_filename(elsewhere, "ill", NULL);
    g_autofree char *link = g_build_filename(import.source, "ill", NULL);
    g_autofree char *loop = g_build_filename(import.source, "normal", "loop", NULL);
    g_autofree char *dangling = g_build_filename(import.source, "nothing.png", NULL);
    g_assert_cmpint(symlink(target, link), ==, 0);
    g_assert_cmpint(symlink("..", loop), ==, 0);
    g_assert_cmpint(symlink("nowhere", dangling), ==, 0);
    take_well(&import, 16, 0);
    g_assert_cmpuint(import.summary->unlabelled, ==, 0);
    g_assert_true(any_note_has(import.summary->notes, "normal/loop", "passed over"));
    g_assert_true(any_note_has(import.summary->notes, "nothing.png", "leads nowhere"));
}

static void unreadable_folder(void)
{
    IMPORT import;
    begin(&import);
    if (geteuid() == 0) {
        g_test_skip("root may read every folder");
        return;
    }
    films(&import, "ill/#.png", 8);
    films(&import, "normal/n#.png", 8);
    films(&import, "lost+found/#.png", 1);
    g_autofree char *lost = g_build_filename(import.source, "lost+found", NULL);
    g_assert_cmpint(g_chmod(lost, 0), ==, 0);
    take_well(&import, 16, 0);
    g_assert_true(any_note_has(import.summary->notes, "lost+found", "passed over"));
    g_assert_cmpint(g_chmod(lost, 0700), ==, 0);
}

static void folds(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 30);
    g_autoptr(GString) text = g_string_new("image,label,fold\n");
    for (guint i = 0; i < 30; i++)
        g_string_append_printf(text, "p%03u.png,%u,%u\n", i, i % 2, i / 2 % 5);
    put_text(import.source, "images.csv", text->str);
    take_well(&import, 30, 0);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_TRAINING], ==, 18);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_VALIDATION], ==, 6);
    g_assert_cmpuint(import.summary->splits[RH_SPLIT_TEST], ==, 6);
    g_assert_true(any_note_has(import.summary->notes, "4 is for testing", "3 for validation"));
}

/* ── Values and classes ── */

/* A table of films whose labels are those given, so many of each. */
static void labelled(const Import *import, const char *const *values, const guint *counts, guint n)
{
    g_autoptr(GString) text = g_string_new("image,label\n");
    guint number = 0;
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < counts[i]; k++, number++)
            g_string_append_printf(text, "p%03u.png,\"%s\"\n", number, values[i]);
    films(import, "p#.png", number);
    put_text(import->source, "images.csv", text->str);
}

static void third_class(void)
{
    static const char *const values[] = {"Not Normal", "Opacity", "Normal"};
    static const guint counts[] = {14, 13, 8};
    IMPORT import;
    begin(&import);
    labelled(&import, values, counts, 3);
    take(&import);
    assert_sentence(import.error, "“Not Normal” (14), “Opacity” (13), “Normal” (8)", "positive");
    g_clear_error(&import.error);
    import.settings.positive = "Opacity";
    import.settings.negative = "normal,Not Normal";
    take_well(&import, 35, 0);
    g_assert_cmpuint(import.summary->unlabelled, ==, 0);
    g_assert_cmpstr(import.study->class_names[1], ==, "Opacity");
    g_assert_cmpuint(rh_study_find_case(import.study, "p030")->label, ==, 0);
    g_assert_cmpuint(rh_study_find_case(import.study, "p014")->label, ==, 1);
}

static void neither(void)
{
    static const char *const values[] = {"a", "b", "c"};
    static const guint counts[] = {10, 10, 3};
    IMPORT import;
    begin(&import);
    labelled(&import, values, counts, 3);
    import.settings.positive = "b";
    import.settings.negative = "a";
    take_well(&import, 23, 0);
    g_assert_cmpuint(import.summary->unlabelled, ==, 3);
    g_assert_true(any_note_has(import.summary->notes, "neither positive nor negative", "“c” (3)"));
}

static void several_findings(void)
{
    static const char *const values[] = {"Edema|Effusion", "No Finding", "Effusion",
                                         "['pneumonia', ' edema']"};
    static const guint counts[] = {6, 8, 6, 6};
    IMPORT import;
    begin(&import);
    labelled(&import, values, counts, 4);
    import.settings.positive = "Edema";
    take_well(&import, 26, 0);
    g_assert_cmpuint(rh_study_find_case(import.study, "p000")->label, ==, 1);
    g_assert_cmpuint(rh_study_find_case(import.study, "p007")->label, ==, 0);
    g_assert_cmpuint(rh_study_find_case(import.study, "p015")->label, ==, 0);
    g_assert_cmpuint(rh_study_find_case(import.study, "p021")->label, ==, 1);
    g_assert_cmpstr(import.study->class_names[0], ==, "not Edema");
}

static void one_value_many_spellings(void)
{
    static const char *const values[] = {"1", "1.0", " 1", "0", "0.0", "NA"};
    static const guint counts[] = {4, 4, 4, 6, 6, 2};
    IMPORT import;
    begin(&import);
    labelled(&import, values, counts, 6);
    take_well(&import, 26, 0);
    g_assert_cmpuint(import.summary->unlabelled, ==, 2);
    g_assert_cmpuint(rh_study_find_case(import.study, "p009")->label, ==, 1);
    g_assert_cmpuint(rh_study_find_case(import.study, "p020")->label, ==, 0);
}

/* Which is positive is told by words where they can tell, whatever the order. */
static void positive_class(void)
{
    static const char *const pairs[][2] = {
        {"kein", "Pneumonie"},      {"well", "sick"},
        {"survived", "died"},       {"non-covid", "covid"},
        {"nofinding", "cancer"},    {"clear", "PNEUMONIA"},
        {"nodisease", "disease"},   {"not_ill", "ill"},
        {"normal", "abnormal"},     {"NORMAL", "PNEUMONIA"},
        {"No Finding", "Effusion"}, {"benign", "malignant"},
        {"healthy", "sick"},        {"negative", "positive"},
        {"control", "patient"},     {"0", "1"},
        {"False", "True"},          {"no_opacity", "pneumonia_opacity"},
        {"Normal", "Not Normal"},
    };
    static const guint counts[] = {8, 8};
    for (guint i = 0; i < 2 * G_N_ELEMENTS(pairs); i++) {
        const char *const values[] = {pairs[i / 2][i % 2], pairs[i / 2][1 - i % 2]};
        IMPORT import;
        begin(&import);
        labelled(&import, values, counts, 2);
        take_well(&import, 16, 0);
        g_assert_cmpstr(import.study->class_names[0], ==, pairs[i / 2][0]);
        g_assert_false(any_note_has(import.summary->notes, "which class is positive", ""));
    }
}

static void undecided_class(void)
{
    static const char *const values[] = {"left", "right"};
    static const guint counts[] = {8, 8};
    IMPORT import;
    begin(&import);
    labelled(&import, values, counts, 2);
    take_well(&import, 16, 0);
    g_assert_true(any_note_has(import.summary->notes, "which class is positive", "“right”"));
}

/* 32 films with an age and one of four views. */
static void with_confounders(const Import *import)
{
    static const char *const views[] = {"PA", "AP", "AP Supine", "L"};
    g_autoptr(GString) text = g_string_new("image,label,view,age\n");
    films(import, "p#.png", 32);
    for (guint i = 0; i < 32; i++)
        g_string_append_printf(text, "p%03u.png,%u,%s,%u\n", i, i % 2, views[i / 2 % 4], 40 + i);
    put_text(import->source, "images.csv", text->str);
}

static void confounder_of_several_values(void)
{
    IMPORT import;
    begin(&import);
    with_confounders(&import);
    import.settings.confounder_column = "view";
    take(&import);
    assert_sentence(import.error, "“AP Supine” (8)", "two values, but has 4");
    g_clear_error(&import.error);
    import.settings.confounder_values = "AP|AP Supine,PA";
    take_well(&import, 32, 0);
    g_assert_cmpuint(rh_study_find_case(import.study, "p002")->confounder, ==,
                     rh_study_find_case(import.study, "p004")->confounder);
    g_assert_cmpuint(rh_study_find_case(import.study, "p006")->confounder, ==, RH_UNKNOWN);
    g_assert_true(any_note_has(import.summary->notes, "neither of the two values", "“L” (8)"));
}

static void confounder_by_a_cut(void)
{
    for (guint said = 0; said < 2; said++) {
        IMPORT import;
        begin(&import);
        with_confounders(&import);
        import.settings.confounder_column = "age";
        if (said)
            import.settings.confounder_above = 60;
        take_well(&import, 32, 0);
        g_assert_cmpint(import.study->confounder_kind, ==, RH_CONFOUNDER_COLUMN);
        const RhImportSummary *summary = import.summary;
        const guint low = g_str_equal(import.study->confounder_values[0], said ? "≤ 60" : "≤ 55") ? 0 : 1;
        g_assert_cmpuint(summary->cells[0][low] + summary->cells[1][low], ==, said ? 21 : 16);
    }
}

/* The confounder goes with the class of its name, whatever the order of the classes in study.ini. */
static void classes_reordered(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 32);
    g_autoptr(GString) text = g_string_new("image,label,view\n");
    for (guint i = 0; i < 32; i++)
        g_string_append_printf(text, "p%03u.png,%s,%s\n", i, i % 2 ? "ill" : "normal",
                               i % 2 == (i < 24) ? "AP" : "PA");
    put_text(import.source, "images.csv", text->str);
    take_well(&import, 32, 0);
    g_autofree char *path = g_build_filename(import.study->folder, "study.ini", NULL);
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_assert_true(g_key_file_load_from_file(keys, path, G_KEY_FILE_NONE, NULL));
    g_key_file_set_string_list(keys, "study", "classes", (const char *const[]){"ill", "normal"}, 2);
    g_assert_true(g_key_file_save_to_file(keys, path, NULL));
    g_autoptr(RhStudy) study = rh_study_open(import.study->folder, &import.error);
    g_assert_no_error(import.error);
    g_assert_cmpstr(study->class_names[1], ==, "normal");
    guint aligned = 0;
    for (guint i = 0; i < study->cases->len; i++)
        aligned += rh_case_is_aligned(g_ptr_array_index(study->cases, i));
    g_assert_cmpuint(aligned, ==, 24);
}

/* ── Splits that leak ── */

/* Opens the study after one text of its images.csv is replaced. */
static RhStudy *edited(Import *import, const char *find, const char *put)
{
    g_autofree char *path = g_build_filename(import->study->folder, "images.csv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autoptr(GString) changed = g_string_new(text);
    g_assert_cmpuint(g_string_replace(changed, find, put, 1), ==, 1);
    g_assert_true(g_file_set_contents(path, changed->str, -1, NULL));
    RhStudy *study = rh_study_open(import->study->folder, &import->error);
    g_assert_no_error(import->error);
    return study;
}

/* 24 films whose sets are right: patients are whole. */
static void divided(Import *import)
{
    static const char *const splits[] = {"train", "val", "test"};
    g_autoptr(GString) text = g_string_new("image,label,split,patient\n");
    films(import, "p#.png", 24);
    for (guint i = 0; i < 24; i++)
        g_string_append_printf(text, "p%03u.png,%u,%s,pat%u\n", i, i % 2, splits[i / 2 % 3], i / 2);
    put_text(import->source, "images.csv", text->str);
    take_well(import, 24, 0);
    g_assert_cmpuint(import->summary->splits[RH_SPLIT_NONE], ==, 0);
}

static void edited_split_leak(void)
{
    IMPORT import;
    begin(&import);
    divided(&import);
    g_autoptr(RhStudy) study = edited(&import, "p001.png,1,,training", "p001.png,1,,test");
    g_assert_true(any_note_has(study->notes, "“pat0”", "line 3"));
    g_assert_null(rh_study_load_samples(study, NULL, NULL, NULL, NULL, &import.error));
    assert_sentence(import.error, "“p000” (line 2)", "“p001” (line 3)");
}

static void one_content_in_two_sets(void)
{
    IMPORT import;
    begin(&import);
    divided(&import);
    g_assert_true(rh_study_check_split(import.study, NULL));
    copy_file(&import, "p000.png", "p003.png");
    g_assert_null(rh_study_load_samples(import.study, NULL, NULL, NULL, NULL, &import.error));
    assert_sentence(import.error, "One picture is in two sets", "“p003”");
}

/* ── Tables ── */

static void unquoted_comma(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 16);
    table(&import, "images.csv", "image,label,note,patient\n", "p#.png,@,big, bright,pat#\n", 16);
    take(&import);
    assert_sentence(import.error, "line 2: 5 cells, but the header has 4", "quotes");
}

static void sep_line(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 16);
    table(&import, "images.csv", "sep=;\r\nimage;label\n", "p#.png;@\n", 16);
    take_well(&import, 16, 0);
}

static void doubled_column(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 16);
    table(&import, "images.csv", "image,label,Label\n", "p#.png,@,1\n", 16);
    take(&import);
    assert_sentence(import.error, "“label” is there twice", "line 1");
}

/* The folders as they were sent, where they are. */
static void inputs(void)
{
    static const struct {
        const char *name;
        guint images, masks;
    } sent[] = {
        {"same-stem-masks", 16, 16},
        {"mask-named-as-image", 24, 24},
        {"mask-suffix", 16, 16},
        {"lung-masks-folder", 8, 8},
        {"repeated-rows", 24, 0},
        {"identical-copies", 8, 0},
        {"given-split-leak", 16, 0},
        {"kaggle-layout", 8, 0},
        /* the test images are those of training, byte for byte */ {"tiff-silent", 12, 0},
        {"dicom-silent", 10, 0},
        {"names-backslash", 16, 0},
        {"names-suffix-case", 16, 0},
        {"names-no-suffix", 16, 0},
        {"sep-line", 16, 0},
    };
    g_autofree char *place = rh_test_shared("findings/inputs");
    for (guint i = 0; place != NULL && i < G_N_ELEMENTS(sent); i++) {
        IMPORT import;
        begin(&import);
        g_autofree char *empty = import.source;
        g_rmdir(empty);
        g_autofree char *source = import.source = g_build_filename(place, sent[i].name, NULL);
        g_test_message("%s", sent[i].name);
        take_well(&import, sent[i].images, sent[i].masks);
        import.source = NULL;
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *complaint;
        GTestFunc test;
    } tests[] = {
        {"same-stem-masks", same_stem_masks},
        {"one-mask-for-two", one_mask_for_two},
        {"mask-named-as-image", mask_named_as_image},
        {"mask-suffix", mask_suffix},
        {"mask-beside-image", mask_beside_image},
        {"lung-masks-folder", lung_masks_folder},
        {"with-mask-is-a-class", with_mask_is_a_class},
        {"repeated-rows", repeated_rows},
        {"rows-that-disagree", rows_that_disagree},
        {"identical-copies", identical_copies},
        {"other-formats", other_formats},
        {"given-split-leak", given_split_leak},
        {"kaggle-layout", kaggle_layout},
        {"radiography-layout", radiography_layout},
        {"names", names},
        {"nearest-name", nearest_name},
        {"one-name-two-folders", one_name_two_folders},
        {"latin1-name", latin1_name},
        {"appledouble-table", appledouble_table},
        {"linked-folders", linked_folders},
        {"unreadable-folder", unreadable_folder},
        {"folds", folds},
        {"third-class", third_class},
        {"neither", neither},
        {"several-findings", several_findings},
        {"one-value-many-spellings", one_value_many_spellings},
        {"positive-class", positive_class},
        {"undecided-class", undecided_class},
        {"confounder-of-several-values", confounder_of_several_values},
        {"confounder-by-a-cut", confounder_by_a_cut},
        {"classes-reordered", classes_reordered},
        {"edited-split-leak", edited_split_leak},
        {"one-content-in-two-sets", one_content_in_two_sets},
        {"unquoted-comma", unquoted_comma},
        {"sep-line", sep_line},
        {"doubled-column", doubled_column},
        {"inputs", inputs},
    };
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/import/", tests[i].complaint, NULL);
        g_test_add_func(path, tests[i].test);
    }
    return g_test_run();
}
