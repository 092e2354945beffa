/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an import asks, and what a folder says when it is opened again. */
#include "folder-support.h"

static const RhCase *find(const RhStudy *study, const char *id)
{
    const RhCase *item = rh_study_find_case(study, id);
    g_assert_nonnull(item);
    return item;
}

/* New images, a label corrected there, one here, one in both alike and one in both otherwise. */
static void same_folder_again(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 12);
    masks(&import, "masks/p#.png", 12, 4);
    table(&import, "images.csv", "image,label\n", "p#.png,@\n", 12);
    take_well(&import, 12, 12);
    const RhSplit split = find(import.study, "p003")->split;
    ((RhCase *)find(import.study, "p001"))->label = 0; /* here alone */
    ((RhCase *)find(import.study, "p005"))->label = 0; /* in both, alike */
    ((RhCase *)find(import.study, "p007"))->label = 0; /* in both, otherwise */
    g_assert_true(rh_study_save(import.study, NULL));
    films(&import, "q#.png", 2);
    masks(&import, "masks/q#.png", 2, 8);
    g_autofree char *film = g_build_filename(import.source, "p002.png", NULL), *pixels = NULL;
    g_autofree char *copy = g_build_filename(import.source, "copy.png", NULL);
    gsize length;
    g_assert_true(g_file_get_contents(film, &pixels, &length, NULL));
    g_assert_true(g_file_set_contents(copy, pixels, (gssize)length, NULL));
    put_text(import.source, "broken.png", "none");
    put_text(import.source, "images.csv",
             "image,label\nbroken.png,1\ncopy.png,0\np000.png,0\np001.png,1\np002.png,0\np003.png,0\n"
             "p004.png,0\np005.png,0\np006.png,0\np007.png,\np008.png,0\np009.png,1\np010.png,0\n"
             "p011.png,1\nq000.png,0\nq001.png,1\n");
    RhImportChanges changes;
    g_assert_true(rh_study_import_again(import.study, import.source, &import.settings, RH_IMPORT_TAKE_NOTHING,
                                        &changes, NULL, NULL, &import.error));
    g_assert_no_error(import.error);
    g_assert_cmpuint(changes.images, ==, 2);
    g_assert_cmpuint(changes.labels, ==, 1);
    g_assert_cmpuint(changes.kept_labels, ==, 1);
    g_assert_cmpuint(import.study->cases->len, ==, 12); /* nothing is done unasked */
    g_assert_cmpuint(find(import.study, "p003")->label, ==, 1);
    g_assert_true(rh_study_import_again(import.study, import.source, &import.settings,
                                        RH_IMPORT_TAKE_IMAGES | RH_IMPORT_TAKE_LABELS, &changes, NULL, NULL,
                                        &import.error));
    g_assert_no_error(import.error);
    g_autoptr(RhStudy) again = rh_study_open(import.study->folder, &import.error);
    g_assert_no_error(import.error);
    g_assert_cmpuint(again->cases->len, ==, 14);
    g_assert_cmpuint(find(again, "p003")->label, ==, 0);
    g_assert_true(find(again, "p003")->split == split);  /* nothing moves from set to set */
    g_assert_cmpuint(find(again, "p001")->label, ==, 0); /* the corrections made here */
    g_assert_cmpuint(find(again, "p007")->label, ==, 0);
    g_assert_cmpuint(find(again, "q001")->label, ==, 1);
    g_assert_true(find(again, "q001")->split == RH_SPLIT_NONE);
    g_assert_true(find(again, "q001")->has_mask);
    g_assert_true(rh_study_import_again(again, import.source, &import.settings, RH_IMPORT_TAKE_NOTHING,
                                        &changes, NULL, NULL, &import.error));
    g_assert_no_error(import.error);
    g_assert_cmpuint(changes.images + changes.labels, ==, 0); /* it is offered once */
}

/* A study that was told which class is positive, looked at again without being told. */
static void same_folder_told_otherwise(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 12);
    table(&import, "images.csv", "image,label\n", "p#.png,@\n", 12);
    import.settings.positive = "0";
    import.settings.negative = "1";
    take_well(&import, 12, 0);
    g_assert_cmpstr(import.study->class_names[1], ==, "0");
    films(&import, "q#.png", 1);
    put_text(import.source, "images.csv",
             "image,label\np000.png,0\np001.png,1\np002.png,0\np003.png,0\np004.png,0\np005.png,1\n"
             "p006.png,0\np007.png,1\np008.png,0\np009.png,1\np010.png,0\np011.png,1\nq000.png,1\n");
    const RhImportSettings untold = rh_import_settings_default();
    RhImportChanges changes;
    g_assert_true(rh_study_import_again(import.study, import.source, &untold,
                                        RH_IMPORT_TAKE_IMAGES | RH_IMPORT_TAKE_LABELS, &changes, NULL, NULL,
                                        &import.error));
    g_assert_no_error(import.error);
    g_assert_cmpuint(changes.images, ==, 1);
    g_assert_cmpuint(changes.labels, ==, 1);
    g_assert_cmpuint(find(import.study, "p000")->label, ==, 1);
    g_assert_cmpuint(find(import.study, "p003")->label, ==, 1);
    g_assert_cmpuint(find(import.study, "p001")->label, ==, 0);
    g_assert_cmpuint(find(import.study, "q000")->label, ==, 0);
}

/* What was said when the study was made holds when its folder is opened again, though nothing is said then.
 */
static void same_folder_means_the_same(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 9);
    put_text(import.source, "images.csv",
             "image,label,age\np000.png,a,30\np001.png,b,40\np002.png,c,50\np003.png,a,60\np004.png,b,70\n"
             "p005.png,c,80\np006.png,a,35\np007.png,b,45\np008.png,c,55\n");
    import.settings.positive = "b";
    import.settings.confounder_column = "age";
    take_well(&import, 9, 0);
    g_assert_cmpstr(import.study->class_names[1], ==, "b");
    g_autofree char *young = g_strdup(import.study->confounder_values[0]),
                    *old = g_strdup(import.study->confounder_values[1]);
    films(&import, "q#.png", 2);
    put_text(import.source, "images.csv",
             "image,label,age\np000.png,b,30\np001.png,b,40\np002.png,a,50\np003.png,a,60\np004.png,b,70\n"
             "p005.png,c,80\np006.png,a,35\np007.png,b,45\np008.png,c,55\nq000.png,b,91\nq001.png,c,92\n");
    const RhImportSettings untold = rh_import_settings_default();
    RhImportChanges changes;
    g_assert_true(rh_study_import_again(import.study, import.source, &untold, RH_IMPORT_TAKE_LABELS, &changes,
                                        NULL, NULL, &import.error));
    g_assert_no_error(import.error);
    g_assert_cmpuint(changes.images, ==, 2);
    g_assert_cmpuint(changes.labels, ==, 1); /* from a to b; from c to a it is “not b” still */
    g_assert_cmpuint(find(import.study, "p000")->label, ==, 1);
    g_free(import.study->class_names[0]); /* as in a study made in another language */
    import.study->class_names[0] = g_strdup("nicht b");
    g_assert_true(rh_study_import_again(import.study, import.source, &untold, RH_IMPORT_TAKE_IMAGES, &changes,
                                        NULL, NULL, &import.error));
    g_assert_no_error(import.error);
    g_assert_cmpuint(find(import.study, "q000")->label, ==, 1);
    g_assert_cmpuint(find(import.study, "q001")->label, ==, 0);
    const guint8 side =
        find(import.study, "q000")->confounder; /* the cut is that of then, not the new median */
    g_assert_cmpuint(side, <, 2);
    g_assert_true(g_str_has_prefix(side == 0 ? young : old, ">"));
    RhImportSettings otherwise = rh_import_settings_default();
    otherwise.positive = "nothing like it";
    g_assert_true(rh_study_import_again(import.study, import.source, &otherwise, RH_IMPORT_TAKE_NOTHING,
                                        &changes, NULL, NULL, &import.error));
    g_assert_cmpuint(changes.labels + changes.kept_labels, ==, 0); /* what is said anew is what holds */
}

static GPtrArray *ask(Import *import)
{
    GPtrArray *questions = rh_import_questions(import->source, &import->settings, NULL, &import->error);
    g_assert_no_error(import->error);
    for (guint i = 0; i < questions->len; i++)
        g_test_message("%s", ((const RhImportQuestion *)g_ptr_array_index(questions, i))->reason);
    return questions;
}

static void answer(Import *import, const GPtrArray *questions, const char *option, const char *value)
{
    for (guint i = 0; i < questions->len; i++) {
        const RhImportQuestion *question = g_ptr_array_index(questions, i);
        g_assert_cmpuint(question->answers->len, ==, question->values->len);
        if (!g_str_equal(question->option, option))
            continue;
        for (guint k = 0; k < question->values->len; k++)
            if (g_str_equal(g_ptr_array_index(question->values, k), value)) {
                rh_import_answer(&import->settings, option, g_ptr_array_index(question->values, k));
                return;
            }
    }
    g_error("no question of “%s” has the answer “%s”", option, value);
}

/* What cannot be known is asked, and each answer is one that the import takes. */
static void what_cannot_be_known_is_asked(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 12);
    put_text(import.source, "images.csv",
             "image,label,view,patient,split\np000.png,a,AP,x,train\np001.png,b,PA,x,test\n"
             "p002.png,c,LL,y,val\np003.png,a,PA,z,train\np004.png,b,AP,,test\np005.png,c,LL,,val\n"
             "p006.png,a,AP,,train\np007.png,b,PA,,test\np008.png,c,LL,,val\np009.png,a,AP,,train\n"
             "p010.png,b,PA,,test\np011.png,a,LL,,train\n");
    g_autoptr(GPtrArray) questions = ask(&import);
    g_assert_cmpuint(questions->len, ==, 3);
    answer(&import, questions, "positive", "b");
    answer(&import, questions, "confounder-values", "AP,PA");
    answer(&import, questions, "split", "curve");
    g_autoptr(GPtrArray) left = ask(&import);
    g_assert_cmpuint(left->len, ==, 0);
    take_well(&import, 12, 0);
    g_assert_cmpstr(import.study->class_names[1], ==, "b");
    g_assert_cmpuint(import.summary->unlabelled, ==, 0);
    g_assert_cmpuint(import.study->confounder_kind, ==, RH_CONFOUNDER_COLUMN);
    g_assert_cmpint(import.study->split.kind, ==, RH_SPLIT_CURVE);
}

/* Two values of which no word says which is the ill: that alone is a question, and each answer is taken. */
static void which_of_two_is_positive_is_asked(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 12);
    put_text(import.source, "images.csv",
             "image,label\np000.png,effusion\np001.png,edema\np002.png,effusion\np003.png,edema\n"
             "p004.png,effusion\np005.png,edema\np006.png,effusion\np007.png,edema\np008.png,effusion\n"
             "p009.png,edema\np010.png,effusion\np011.png,edema\n");
    g_autoptr(GPtrArray) questions = ask(&import);
    g_assert_cmpuint(questions->len, ==, 1);
    const RhImportQuestion *question = g_ptr_array_index(questions, 0);
    g_assert_cmpstr(g_ptr_array_index(question->answers, 0), ==, "effusion"); /* what is done unasked */
    answer(&import, questions, "positive", "edema");
    g_autoptr(GPtrArray) left = ask(&import);
    g_assert_cmpuint(left->len, ==, 0);
    take_well(&import, 12, 0);
    g_assert_cmpstr(import.study->class_names[0], ==, "effusion");
    g_assert_cmpstr(import.study->class_names[1], ==, "edema");
}

static void known_words_leave_nothing_to_ask(void)
{
    IMPORT import;
    begin(&import);
    films(&import, "p#.png", 12);
    table(&import, "images.csv", "image,label\n", "p#.png,@\n", 12);
    g_autoptr(GPtrArray) questions = ask(&import);
    g_assert_cmpuint(questions->len, ==, 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        GTestFunc test;
    } tests[] = {
        {"same-folder-again", same_folder_again},
        {"same-folder-told-otherwise", same_folder_told_otherwise},
        {"same-folder-means-the-same", same_folder_means_the_same},
        {"what-cannot-be-known-is-asked", what_cannot_be_known_is_asked},
        {"which-of-two-is-positive-is-asked", which_of_two_is_positive_is_asked},
        {"known-words-leave-nothing-to-ask", known_words_leave_nothing_to_ask},
    };
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/import-again/", tests[i].name, NULL);
        g_test_add_func(path, tests[i].test);
    }
    return g_test_run();
}
