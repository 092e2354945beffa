/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "study-support.h"
#include "study/trainer.h"

/* A study that somebody sent, with symbolic links in it that lead to files of one's own. */
typedef struct {
    char *folder;
    RhStudy *study;
    char *victim, *thesis;
} Sent;

static void sent_clear(Sent *sent)
{
    g_autofree char *content = NULL;
    g_autoptr(GPtrArray) names = rh_folder_names(sent->victim, NULL);
    g_assert_cmpuint(names->len, ==, 1); /* nothing came, */
    g_assert_true(rh_file_read(sent->thesis, 100, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "years of work"); /* and nothing went */
    rh_study_free(sent->study);
    g_free(sent->victim);
    g_free(sent->thesis);
    clear_folder(&sent->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sent, sent_clear)

static Sent make_sent(void)
{
    Sent sent = {0};
    sent.study = small_study(&sent.folder);
    sent.victim = g_build_filename(sent.folder, "victim", NULL);
    sent.thesis = g_build_filename(sent.victim, "thesis.txt", NULL);
    put_text(sent.victim, "thesis.txt", "years of work");
    return sent;
}

static void put_link(const Sent *sent, const char *target, const char *name)
{
    g_autofree char *path = g_build_filename(sent->study->folder, name, NULL);
    rh_folder_remove(path, NULL);
    g_assert_cmpint(symlink(target, path), ==, 0);
}

static RhRun *new_run(const Sent *sent)
{
    const RhRunSettings settings = small_run_settings(sent->study, "baseline", 2);
    g_autoptr(GError) error = NULL;
    RhRun *run = rh_run_create(sent->study, &settings, "sent", &error);
    g_assert_no_error(error);
    return run;
}

static gboolean train(const Sent *sent, const RhRun *run, GError **error)
{
    g_autoptr(RhSamples) samples = small_samples(sent->study);
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, samples, NULL, 1, error);
    return trainer != NULL && rh_trainer_run(trainer, error);
}

static void assert_told_on_opening(const Sent *sent, const char *link)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(sent->study->folder, &error);
    g_assert_no_error(error);
    g_assert_true(any_note_has(study->notes, link, "symbolic link"));
}

static void test_resuming_deletes_nothing_outside(void)
{
    g_auto(Sent) sent = make_sent();
    g_autoptr(RhRun) run = new_run(&sent);
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 2; i++) {
        put_link(&sent, i == 0 ? "../../../victim" : sent.victim, "runs/sent/history");
        g_assert_false(train(&sent, run, &error));
        assert_sentence(error, "runs/sent/history", "symbolic link");
        g_clear_error(&error);
        assert_told_on_opening(&sent, "runs/sent/history");
    }
}

static void test_a_folder_of_runs_elsewhere_is_not_written_to(void)
{
    g_auto(Sent) sent = make_sent();
    const RhRunSettings settings = small_run_settings(sent.study, "baseline", 2);
    g_autoptr(GError) error = NULL;
    put_link(&sent, sent.victim, "runs");
    g_assert_null(rh_run_create(sent.study, &settings, NULL, &error));
    assert_sentence(error, "runs", "symbolic link");
    assert_told_on_opening(&sent, "“runs”");
}

static void test_a_run_elsewhere_is_neither_trained_nor_removed(void)
{
    g_auto(Sent) sent = make_sent();
    g_autoptr(RhRun) run = new_run(&sent);
    g_autoptr(GError) error = NULL;
    g_autofree char *away = g_build_filename(sent.folder, "away", NULL);
    g_assert_cmpint(g_rename(run->folder, away), ==, 0);
    put_link(&sent, away, "runs/sent");
    g_autoptr(GPtrArray) runs = rh_run_list(sent.study, NULL); /* it can be looked at */
    g_assert_cmpuint(runs->len, ==, 1);
    g_assert_false(train(&sent, run, &error));
    assert_sentence(error, "runs/sent", "symbolic link");
    g_clear_error(&error);
    g_assert_false(rh_run_delete(run, &error));
    assert_sentence(error, "runs/sent", "symbolic link");
    g_clear_error(&error);
    g_assert_false(rh_run_rename(run, "another", &error));
    assert_sentence(error, "runs/sent", "symbolic link");
    g_autofree char *ini = g_build_filename(away, "run.ini", NULL);
    g_assert_true(g_file_test(ini, G_FILE_TEST_EXISTS));
}

static void test_tables_elsewhere_are_read_and_not_written(void)
{
    static const char *const names[] = {"images.csv", "study.ini", "reading.csv"};
    g_auto(Sent) sent = make_sent();
    g_autoptr(GError) error = NULL;
    RhCase *item = g_ptr_array_index(sent.study->cases, 0);
    item->seconds = 1;
    g_assert_true(rh_study_save(sent.study, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *own = g_build_filename(sent.study->folder, names[i], NULL);
        g_autofree char *away = g_build_filename(sent.folder, names[i], NULL);
        g_assert_cmpint(g_rename(own, away), ==, 0);
        put_link(&sent, away, names[i]);
        item->confounder = i == 0 ? !item->confounder : item->confounder;
        item->seconds += i == 2 ? 1 : 0;
        g_free(sent.study->name);
        sent.study->name = g_strdup_printf("Changed %u", i);
        g_assert_false(rh_study_save(sent.study, &error));
        assert_sentence(error, names[i], "symbolic link");
        g_clear_error(&error);
        assert_told_on_opening(&sent, names[i]);
        g_assert_cmpint(g_unlink(own), ==, 0);
        g_assert_cmpint(g_rename(away, own), ==, 0);
    }
}

static void test_a_mask_elsewhere_is_shown_and_not_changed(void)
{
    g_auto(Sent) sent = make_sent();
    RhCase *item = g_ptr_array_index(sent.study->cases, 0);
    g_autofree char *path = rh_study_mask_path(sent.study, item);
    g_autofree char *away = g_build_filename(sent.folder, "mask.png", NULL), *before = NULL, *after = NULL;
    g_autofree char *name = g_strdup_printf("masks/%s.png", item->id);
    g_autoptr(GError) error = NULL;
    gsize length, length_after;
    g_assert_cmpint(g_rename(path, away), ==, 0);
    g_assert_true(g_file_get_contents(away, &before, &length, NULL));
    put_link(&sent, away, name);
    g_autoptr(RhMask) mask = rh_mask_load(path, 14, 14, &error);
    g_assert_no_error(error);
    g_assert_false(rh_mask_save(mask, path, &error));
    assert_sentence(error, name, "symbolic link");
    g_clear_error(&error);
    g_assert_false(rh_file_remove(path, &error));
    assert_sentence(error, name, "symbolic link");
    g_assert_true(g_file_get_contents(away, &after, &length_after, NULL));
    g_assert_cmpmem(before, length, after, length_after);
    assert_told_on_opening(&sent, name);
}

/* Only what the program writes is its own to remove. */
static void test_own_files_beside_the_history_stay(void)
{
    static const char *const kept[] = {"notes.txt", "12.safetensors.bak", "best.safetensors", "0001.png",
                                       "0009.safetensors.backup"};
    static const char *const removed[] = {"0009.safetensors", "0001.safetensors.AbCd12"};
    g_auto(Sent) sent = make_sent();
    g_autoptr(RhRun) run = new_run(&sent);
    g_autoptr(GError) error = NULL;
    g_autofree char *history = g_build_filename(run->folder, "history", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(kept); i++)
        put_text(history, kept[i], "mine");
    for (guint i = 0; i < G_N_ELEMENTS(removed); i++)
        put_text(history, removed[i], "left by a kill");
    train(&sent, run, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_autofree char *path = g_build_filename(history, kept[i], NULL);
        g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    for (guint i = 0; i < G_N_ELEMENTS(removed); i++) {
        g_autofree char *path = g_build_filename(history, removed[i], NULL);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
}

static void test_notes_are_for_their_author(void)
{
    g_auto(Sent) sent = make_sent();
    RhCase *item = g_ptr_array_index(sent.study->cases, 0);
    g_free(item->note);
    item->note = g_strdup("asked the patient");
    g_assert_true(rh_study_save(sent.study, NULL));
    g_autofree char *path = g_build_filename(sent.study->folder, "reading.csv", NULL);
    GStatBuf status;
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/resuming-deletes-nothing-outside", test_resuming_deletes_nothing_outside);
    g_test_add_func("/links/a-folder-of-runs-elsewhere-is-not-written-to",
                    test_a_folder_of_runs_elsewhere_is_not_written_to);
    g_test_add_func("/links/a-run-elsewhere-is-neither-trained-nor-removed",
                    test_a_run_elsewhere_is_neither_trained_nor_removed);
    g_test_add_func("/links/tables-elsewhere-are-read-and-not-written",
                    test_tables_elsewhere_are_read_and_not_written);
    g_test_add_func("/links/a-mask-elsewhere-is-shown-and-not-changed",
                    test_a_mask_elsewhere_is_shown_and_not_changed);
    g_test_add_func("/links/own-files-beside-the-history-stay", test_own_files_beside_the_history_stay);
    g_test_add_func("/links/notes-are-for-their-author", test_notes_are_for_their_author);
    return g_test_run();
}
