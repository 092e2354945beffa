/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/mask-keeper.h"

#include <string.h>
#include <utime.h>

#include "base/error.h"
#include "base/files.h"
#include "support.h"

#define PATIENCE_MS 60000 /* for anything that is waited for, on however slow a machine */

typedef struct {
    char *folder;
    RhStudy *study;
    RhMaskKeeper *keeper;
    RhCase *item, *other;
    guint saved, failed;
} Fixture;

static void count_saved(RhMaskKeeper *keeper, const char *id, Fixture *fixture)
{
    fixture->saved += *id != '\0';
}

static void count_failed(RhMaskKeeper *keeper, const char *id, const char *message, Fixture *fixture)
{
    g_assert_cmpstr(message, !=, "");
    fixture->failed++;
}

static char *mask_path(Fixture *fixture)
{
    return rh_study_mask_path(fixture->study, fixture->item);
}

/* Two images, of which no one has a mask. */
static void set_up(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    fixture->folder = rh_test_folder();
    g_autofree char *path = g_build_filename(fixture->folder, "study", NULL);
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    for (guint i = 0; i < 3; i++)
        settings.count[i] = 4;
    fixture->study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    fixture->item = fixture->study->cases->pdata[0];
    fixture->other = fixture->study->cases->pdata[1];
    g_autofree char *mask = mask_path(fixture);
    g_unlink(mask);
    fixture->item->has_mask = FALSE;
    g_assert_true(rh_study_save(fixture->study, &error));
    fixture->keeper = rh_mask_keeper_new(fixture->study);
    g_signal_connect(fixture->keeper, "saved", G_CALLBACK(count_saved), fixture);
    g_signal_connect(fixture->keeper, "failed", G_CALLBACK(count_failed), fixture);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    if (fixture->keeper != NULL)
        g_object_run_dispose(G_OBJECT(fixture->keeper)); /* a thread that opened a mask may still know it */
    g_clear_object(&fixture->keeper);
    g_clear_pointer(&fixture->study, rh_study_free);
    g_assert_true(rh_folder_remove(fixture->folder, &error));
    g_free(fixture->folder);
}

static void stroke(RhMaskEditor *editor, double y, gboolean inside)
{
    rh_mask_editor_begin(editor, "Brush");
    rh_mask_editor_line(editor, 3, y, 20, y, 3, inside, NULL);
    rh_mask_editor_end(editor);
}

static RhMaskEditor *editor_of(Fixture *fixture, RhCase *item)
{
    g_autoptr(GError) error = NULL;
    RhMaskEditor *editor = rh_mask_keeper_editor(fixture->keeper, item, 28, 28, &error);
    g_assert_no_error(error);
    return editor;
}

static gboolean wake(gpointer data)
{
    return G_SOURCE_CONTINUE;
}

/* Runs the main loop until `count` masks were saved, or for so long. */
static gboolean wait_saved(Fixture *fixture, guint count, guint milliseconds)
{
    gint64 end = g_get_monotonic_time() + milliseconds * G_GINT64_CONSTANT(1000);
    guint source = g_timeout_add(10, wake, NULL);
    while (fixture->saved < count && g_get_monotonic_time() < end)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(source);
    return fixture->saved >= count;
}

static gboolean table_says_mask(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(fixture->study->folder, &error);
    g_assert_no_error(error);
    return rh_study_find_case(study, fixture->item->id)->has_mask;
}

static void assert_on_disk(Fixture *fixture, RhMaskEditor *editor)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = mask_path(fixture);
    g_autoptr(RhMask) mask = rh_mask_load(path, 28, 28, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(mask->pixels, 28 * 28, rh_mask_editor_mask(editor)->pixels, 28 * 28);
}

static void test_saves_by_itself(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    g_assert_false(rh_mask_keeper_has_unsaved(fixture->keeper));
    stroke(editor, 5, TRUE);
    rh_mask_keeper_changed(fixture->keeper, fixture->item->id);
    g_assert_true(rh_mask_keeper_has_unsaved(fixture->keeper));
    g_assert_true(wait_saved(fixture, 1, PATIENCE_MS));
    g_assert_true(fixture->item->has_mask);
    assert_on_disk(fixture, editor);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(table_says_mask(fixture));
}

/* A hand that never rests is saved all the same. */
static void test_saves_while_drawing_goes_on(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    for (guint i = 0; i < PATIENCE_MS / 60 && fixture->saved == 0; i++) {
        stroke(editor, i % 25, i / 25 % 2 == 0);
        rh_mask_keeper_changed(fixture->keeper, fixture->item->id);
        wait_saved(fixture, 1, 60);
    }
    g_assert_cmpuint(fixture->saved, >, 0);
}

/* Runs the main loop until the mask is on disk as the editor has it, or for so long. */
static gboolean wait_on_disk(Fixture *fixture, RhMaskEditor *editor, guint milliseconds)
{
    g_autofree char *path = mask_path(fixture);
    for (guint i = 0; i < milliseconds / 20; i++) {
        wait_saved(fixture, G_MAXUINT, 20);
        g_autoptr(RhMask) mask =
            g_file_test(path, G_FILE_TEST_EXISTS) ? rh_mask_load(path, 28, 28, NULL) : NULL;
        if (mask != NULL && memcmp(mask->pixels, rh_mask_editor_mask(editor)->pixels, 28 * 28) == 0)
            return TRUE;
    }
    return FALSE;
}

/* One that is killed in the middle of a long stroke loses no more of it than of many short ones; that it is
 * saved is told when it is done. */
static void test_a_long_stroke_is_saved_on_the_way(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    rh_mask_editor_begin(editor, "Brush");
    for (guint i = 0; i < 3; i++) {
        rh_mask_editor_line(editor, 3, 5 * i, 20, 5 * i, 3, TRUE, NULL);
        rh_mask_keeper_changed(fixture->keeper, fixture->item->id);
        g_assert_true(rh_mask_keeper_has_unsaved(fixture->keeper));
        g_assert_true(wait_on_disk(fixture, editor, PATIENCE_MS));
    }
    g_assert_cmpuint(fixture->saved, ==, 0);
    g_assert_false(fixture->item->has_mask);
    g_assert_true(rh_mask_editor_end(editor));
    rh_mask_keeper_changed(fixture->keeper, fixture->item->id);
    g_assert_true(wait_saved(fixture, 1, PATIENCE_MS));
    g_assert_true(fixture->item->has_mask);
    assert_on_disk(fixture, editor);
}

/* Of a stroke that is taken back nothing stays, and no answer is lost. */
static void test_a_stroke_given_up_leaves_nothing_on_disk(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture);
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    fixture->item->nothing_to_mark = TRUE;
    rh_mask_editor_begin(editor, "Brush");
    rh_mask_editor_line(editor, 3, 5, 20, 5, 3, TRUE, NULL);
    rh_mask_keeper_changed(fixture->keeper, fixture->item->id);
    g_assert_true(wait_on_disk(fixture, editor, PATIENCE_MS));
    rh_mask_editor_cancel(editor, NULL);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(fixture->item->nothing_to_mark && !fixture->item->has_mask);
}

/* A disk that was unplugged: nothing is written where nobody would look for it. */
static void test_a_study_that_is_gone_is_not_made_anew(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *away = g_strconcat(fixture->study->folder, "-away", NULL);
    g_autoptr(GError) error = NULL;
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    g_assert_cmpint(g_rename(fixture->study->folder, away), ==, 0);
    stroke(editor, 5, TRUE);
    g_assert_false(rh_mask_keeper_flush(fixture->keeper, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, fixture->study->folder));
    g_assert_false(g_file_test(fixture->study->folder, G_FILE_TEST_EXISTS));
    g_assert_cmpint(g_rename(away, fixture->study->folder), ==, 0);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    assert_on_disk(fixture, editor);
}

static void draw_elsewhere(Fixture *fixture, guint row, gboolean inside)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = mask_path(fixture);
    g_autoptr(RhMask) mask = rh_mask_load(path, 28, 28, &error);
    g_assert_no_error(error);
    memset(mask->pixels + row * 28, inside ? 255 : 0, 28);
    g_assert_true(rh_mask_save(mask, path, &error));
}

static void assert_rows(RhMaskEditor *editor, const char *inside)
{
    for (guint row = 0; inside[row] != '\0'; row++)
        g_assert_cmpint(rh_mask_editor_mask(editor)->pixels[row * 28 + 10] != 0, ==, inside[row] == '1');
}

/* Of two hands none takes away what the other has drawn. */
static void test_what_is_drawn_elsewhere_is_joined(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    stroke(editor, 1.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    assert_rows(editor, "1110000000");
    draw_elsewhere(fixture, 0, FALSE);
    draw_elsewhere(fixture, 8, TRUE);
    stroke(editor, 5.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    assert_rows(editor, "0110111010");
    assert_on_disk(fixture, editor);
    g_assert_cmpstr(rh_mask_editor_undo_name(editor), ==, "Changed elsewhere");
    g_assert_true(rh_mask_editor_undo(editor, NULL));
    assert_rows(editor, "1110111000");
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL)); /* which is no change elsewhere */
    assert_rows(editor, "1110111000");
    assert_on_disk(fixture, editor);
}

/* It is seen when the image is opened again. */
static void test_opening_again_looks_at_the_file(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    stroke(editor, 1.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    draw_elsewhere(fixture, 8, TRUE);
    g_assert_true(editor_of(fixture, fixture->item) == editor);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    assert_rows(editor, "1110000010");
    editor_of(fixture, fixture->item);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_cmpuint(rh_mask_editor_steps(editor), ==, 2);
}

static void make_old(const char *path)
{
    g_assert_cmpint(g_utime(path, &(struct utimbuf){1000000000, 1000000000}), ==, 0);
}

/* A file that has become something else, or a mask of another size, is waited for while it may still be being
 * written, and then put aside and kept; what is drawn is saved. */
static void test_what_cannot_be_joined_is_put_aside(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture), *content = NULL;
    g_autofree char *aside = g_strconcat(path, ".broken", NULL),
                    *second = g_strconcat(path, ".broken-2", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhMask) wide = rh_mask_new(30, 28);
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    stroke(editor, 1.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(g_file_set_contents(path, "no picture", -1, NULL));
    stroke(editor, 5.5, TRUE);
    g_assert_false(rh_mask_keeper_flush(fixture->keeper, &error));
    g_assert_nonnull(strstr(error->message, fixture->item->id));
    g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
    make_old(path);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(g_file_get_contents(aside, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "no picture");
    assert_rows(editor, "1110111000");
    assert_on_disk(fixture, editor);

    wide->pixels[0] = 255;
    g_assert_true(rh_mask_save(wide, path, NULL));
    make_old(path);
    stroke(editor, 8.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(g_file_test(second, G_FILE_TEST_EXISTS));
    assert_on_disk(fixture, editor);
}

/* However long a save takes, the next one begins when it would have had the save taken no time; a save that
 * takes longer than that is followed at once. Times in microseconds. */
static void test_drafts_are_counted_from_the_start_of_the_last(Fixture *fixture, gconstpointer unused)
{
    const gint64 begun = 1000 * G_TIME_SPAN_SECOND, one_millisecond = G_TIME_SPAN_MILLISECOND;
    const gint64 due = rh_mask_keeper_draft_due(begun, begun);
    g_assert_cmpint(due, >, begun);
    g_assert_cmpint(due, <=, begun + 600 * one_millisecond);
    g_assert_cmpint(rh_mask_keeper_draft_due(begun, begun + 100 * one_millisecond), ==, due);
    g_assert_cmpint(rh_mask_keeper_draft_due(begun, due + 900 * one_millisecond), ==,
                    due + 900 * one_millisecond);
}

static void replace_in(const char *folder, const char *file, const char *what, const char *by)
{
    g_autofree char *path = g_build_filename(folder, file, NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autoptr(GString) changed = g_string_new(text);
    g_assert_cmpuint(g_string_replace(changed, what, by, 1), ==, 1);
    g_assert_true(g_file_set_contents(path, changed->str, -1, NULL));
}

static void note_refreshed(RhMaskKeeper *keeper, gboolean *refreshed)
{
    *refreshed = TRUE;
}

static void wait_refreshed(Fixture *fixture)
{
    gboolean refreshed = FALSE;
    gulong handler = g_signal_connect(fixture->keeper, "refreshed", G_CALLBACK(note_refreshed), &refreshed);
    guint source = g_timeout_add(10, wake, NULL);
    for (gint64 end = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
         !refreshed && g_get_monotonic_time() < end;)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(source);
    g_signal_handler_disconnect(fixture->keeper, handler);
    g_assert_true(refreshed);
}

/* A label corrected with another program, while a mask is open: the case says so where it is, undo is intact,
 * and what is drawn then takes nothing of it back. */
static void test_tables_follow_other_programs(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    stroke(editor, 1.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    const guint8 before = fixture->item->label;
    g_autofree char *row = g_strdup_printf(",%s,", fixture->study->class_names[before]);
    g_autofree char *corrected = g_strdup_printf(",%s,", fixture->study->class_names[1 - before]);
    replace_in(fixture->study->folder, "images.csv", row, corrected);
    wait_refreshed(fixture);
    g_assert_cmpuint(fixture->item->label, ==, 1 - before);
    g_assert_true(rh_study_find_case(fixture->study, fixture->item->id) == fixture->item);
    g_assert_cmpuint(rh_mask_editor_steps(editor), ==, 1);
    stroke(editor_of(fixture, fixture->other), 5.5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_autoptr(RhStudy) study = rh_study_open(fixture->study->folder, NULL);
    g_assert_cmpuint(rh_study_find_case(study, fixture->item->id)->label, ==, 1 - before);
}

/* A colleague's answer in reading.csv, and then one's own. */
static void test_answers_of_others_are_kept(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = g_build_filename(fixture->study->folder, "reading.csv", NULL), *text = NULL;
    g_autofree char *row = g_strdup_printf("id,answer,note\n%s,,seen by Dr B\n", fixture->other->id);
    g_assert_true(g_file_set_contents(path, row, -1, NULL));
    fixture->item->nothing_to_mark = TRUE;
    rh_mask_keeper_readings_changed(fixture->keeper);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "seen by Dr B"));
    g_assert_nonnull(strstr(text, "nothing to mark"));
    g_assert_cmpstr(fixture->other->note, ==, "seen by Dr B");
    g_assert_true(fixture->item->nothing_to_mark);
}

static void test_erased_mask_is_no_mask(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture);
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    stroke(editor, 5, TRUE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS) && table_says_mask(fixture));
    stroke(editor, 5, FALSE);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_false(fixture->item->has_mask || table_says_mask(fixture));
    g_assert_true(rh_mask_editor_undo(editor, NULL)); /* and it comes back */
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    assert_on_disk(fixture, editor);
    g_assert_true(table_says_mask(fixture));
}

/* Neither garbage nor a mask of another size is ever replaced. */
static void test_refuses_what_it_cannot_read(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture), *content = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhMask) wide = rh_mask_new(30, 28);
    g_assert_true(g_file_set_contents(path, "no picture", -1, NULL));
    g_assert_null(rh_mask_keeper_editor(fixture->keeper, fixture->item, 28, 28, &error));
    g_assert_nonnull(strstr(error->message, fixture->item->id));
    g_clear_error(&error);
    rh_mask_keeper_changed(fixture->keeper, fixture->item->id);
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "no picture");
    g_assert_true(rh_mask_save(wide, path, NULL));
    g_assert_null(rh_mask_keeper_editor(fixture->keeper, fixture->item, 28, 28, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISMATCH);
}

/* Said once, kept in memory, tried again, and saved when the obstacle is gone. */
static void test_failure(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture), *masks = g_path_get_dirname(path);
    g_autoptr(GError) error = NULL;
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    g_assert_true(rh_folder_remove(masks, &error));
    g_assert_true(g_file_set_contents(masks, "in the way", -1, NULL));
    for (guint i = 0; i < 3; i++) {
        stroke(editor, 5 + i, TRUE);
        g_assert_false(rh_mask_keeper_flush(fixture->keeper, &error));
        g_assert_nonnull(strstr(error->message, "masks"));
        g_clear_error(&error);
    }
    g_assert_cmpuint(fixture->failed, ==, 1);
    g_assert_true(rh_mask_keeper_has_unsaved(fixture->keeper));
    g_assert_false(fixture->item->has_mask);
    g_unlink(masks);
    g_assert_true(wait_saved(fixture, 1, PATIENCE_MS));
    assert_on_disk(fixture, editor);
}

static void test_undo_is_not_lost_on_going_to_the_next_image(Fixture *fixture, gconstpointer unused)
{
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    stroke(editor, 5, TRUE);
    RhMaskEditor *other = editor_of(fixture, fixture->other);
    g_assert_true(other != editor);
    stroke(other, 9, TRUE);
    g_assert_true(editor_of(fixture, fixture->item) == editor);
    g_assert_true(rh_mask_editor_can_undo(editor));
    g_assert_true(rh_mask_editor_undo(editor, NULL));
    g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
}

typedef struct {
    gboolean done;
    RhMaskEditor *editor;
} Opened;

static void opened(GObject *source, GAsyncResult *result, gpointer data)
{
    Opened *answer = data;
    g_autoptr(GError) error = NULL;
    answer->editor = rh_mask_keeper_open_finish(RH_MASK_KEEPER(source), result, &error);
    g_assert_no_error(error);
    answer->done = TRUE;
}

/* What was drawn between asking and answer is not lost. */
static void test_opens_in_the_background(Fixture *fixture, gconstpointer unused)
{
    Opened first = {0}, second = {0};
    rh_mask_keeper_open(fixture->keeper, fixture->other, 28, 28, NULL, opened, &first);
    RhMaskEditor *editor = editor_of(fixture, fixture->other);
    while (!first.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(first.editor == editor);
    g_assert_false(rh_mask_is_empty(rh_mask_editor_mask(editor)));
    rh_mask_keeper_open(fixture->keeper, fixture->item, 28, 28, NULL, opened, &second);
    while (!second.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(second.editor == editor_of(fixture, fixture->item));
}

/* What the expert says is saved by itself, and images.csv is left alone. */
static void test_readings(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *images = g_build_filename(fixture->study->folder, "images.csv", NULL);
    g_autofree char *before = NULL;
    g_assert_true(g_file_get_contents(images, &before, NULL, NULL));
    g_assert_true(g_file_set_contents(images, "being edited", -1, NULL));
    fixture->item->nothing_to_mark = TRUE;
    rh_mask_keeper_readings_changed(fixture->keeper);
    g_assert_true(rh_mask_keeper_has_unsaved(fixture->keeper));
    for (guint i = 0; i < PATIENCE_MS / 10 && rh_mask_keeper_has_unsaved(fixture->keeper); i++)
        wait_saved(fixture, 1, 10);
    g_assert_false(rh_mask_keeper_has_unsaved(fixture->keeper));
    g_autofree char *path = g_build_filename(fixture->study->folder, "reading.csv", NULL);
    g_autofree char *content = NULL, *untouched = NULL;
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_nonnull(strstr(content, "nothing to mark"));
    g_assert_true(g_file_get_contents(images, &untouched, NULL, NULL));
    g_assert_cmpstr(untouched, ==, "being edited");

    g_assert_true(g_file_set_contents(images, before, -1, NULL));
    stroke(editor_of(fixture, fixture->item), 5, TRUE); /* a mask takes the answer back */
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
    g_assert_true(fixture->item->has_mask && !fixture->item->nothing_to_mark);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void let_go(RhMaskKeeper *keeper, const char *id, Fixture *fixture)
{
    if (rh_mask_keeper_has_unsaved(keeper))
        return;
    g_signal_handlers_disconnect_by_data(keeper, fixture); /* letting go saves, and tells it */
    rh_mask_keeper_readings_changed(keeper);               /* something is said at the last moment */
    g_object_run_dispose(G_OBJECT(keeper));
    g_clear_object(&fixture->keeper);
    g_clear_pointer(&fixture->study, rh_study_free);
}

/* As a window does that waits for the last save before it closes. */
static void test_can_be_let_go_when_all_is_saved(Fixture *fixture, gconstpointer unused)
{
    g_signal_connect(fixture->keeper, "saved", G_CALLBACK(let_go), fixture);
    fixture->item->nothing_to_mark = TRUE;
    rh_mask_keeper_readings_changed(fixture->keeper);
    for (guint i = 0; i < PATIENCE_MS / 10 && fixture->keeper != NULL; i++)
        wait_saved(fixture, 1, 10);
    g_assert_null(fixture->keeper);
    wait_saved(fixture, 1, 50);
}

/* A step whatever the mask held: a row of the mask, inside but for its ends. */
static void draw_row(RhMaskEditor *editor, guint row)
{
    const RhMaskSpan all = {row, 0, 28}, inner = {row, 1 + row % 3, 27};
    rh_mask_editor_begin(editor, "Row");
    rh_mask_editor_paint(editor, &all, 1, FALSE, NULL);
    rh_mask_editor_paint(editor, &inner, 1, TRUE, NULL);
    rh_mask_editor_end(editor);
}

/* With room for few masks, those of all images are packed and come back with all their steps. */
static void test_packed_masks_come_back(Fixture *fixture, gconstpointer unused)
{
    rh_mask_keeper_set_bytes(fixture->keeper, 14000);
    for (guint round = 0; round < 3; round++)
        for (guint i = 0; i < fixture->study->cases->len; i++) {
            /* The array is another one once a save has joined the tables. */
            RhCase *item = fixture->study->cases->pdata[i];
            RhMaskEditor *editor = editor_of(fixture, item);
            g_assert_cmpuint(rh_mask_editor_steps_done(editor), ==, round);
            for (guint step = 0; step < round; step++)
                g_assert_cmpint(rh_mask_editor_mask(editor)->pixels[(3 + 4 * step) * 28 + 10], ==, 255);
            draw_row(editor, 3 + 4 * round);
            rh_mask_keeper_changed(fixture->keeper, item->id);
            g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL));
        }
}

static void note_operated(RhMaskKeeper *keeper, const char *id, const RhRectangle *touched, guint *count)
{
    g_assert_cmpint(touched->width, >, 0);
    ++*count;
}

static void test_operates(Fixture *fixture, gconstpointer unused)
{
    guint count = 0;
    RhMaskEditor *editor = editor_of(fixture, fixture->item);
    const RhMaskOperation *invert = rh_mask_operation_find("invert"), *copy = rh_mask_operation_find("copy");
    const char *id = fixture->item->id;
    g_signal_connect(fixture->keeper, "operated", G_CALLBACK(note_operated), &count);
    rh_mask_editor_begin(editor, "Brush");
    g_assert_false(
        rh_mask_keeper_operate(fixture->keeper, id, invert, 1, NULL)); /* while a stroke is drawn */
    rh_mask_editor_end(editor);
    g_assert_true(rh_mask_keeper_operate(fixture->keeper, id, invert, 1, NULL));
    g_assert_true(rh_mask_editor_locked(editor));
    g_assert_true(rh_mask_keeper_has_unsaved(fixture->keeper));
    g_assert_false(rh_mask_keeper_operate(fixture->keeper, id, copy, 1, rh_mask_new(28, 28)));
    g_assert_true(rh_mask_keeper_flush(fixture->keeper, NULL)); /* waits for it, and saves what it made */
    g_assert_cmpuint(count, ==, 1);
    g_assert_cmpuint(rh_mask_count(rh_mask_editor_mask(editor)), ==, 28 * 28);
    assert_on_disk(fixture, editor);
    g_assert_cmpstr(rh_mask_editor_undo_name(editor), ==, "Invert");
    g_assert_true(rh_mask_editor_undo(editor, NULL));
    g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
}

/* What is under way when the keeper goes is finished and saved. */
static void test_closing_waits_for_operations(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture);
    editor_of(fixture, fixture->item);
    g_assert_true(rh_mask_keeper_operate(fixture->keeper, fixture->item->id, rh_mask_operation_find("invert"),
                                         1, NULL));
    g_clear_object(&fixture->keeper);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* Letting go of the keeper saves. */
static void test_closing_saves(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = mask_path(fixture);
    stroke(editor_of(fixture, fixture->item), 5, TRUE);
    g_clear_object(&fixture->keeper);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(table_says_mask(fixture));
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/mask-keeper/saves-by-itself", test_saves_by_itself);
    add("/mask-keeper/saves-while-drawing-goes-on", test_saves_while_drawing_goes_on);
    add("/mask-keeper/a-long-stroke-is-saved-on-the-way", test_a_long_stroke_is_saved_on_the_way);
    add("/mask-keeper/a-stroke-given-up-leaves-nothing-on-disk",
        test_a_stroke_given_up_leaves_nothing_on_disk);
    add("/mask-keeper/a-study-that-is-gone-is-not-made-anew", test_a_study_that_is_gone_is_not_made_anew);
    add("/mask-keeper/what-is-drawn-elsewhere-is-joined", test_what_is_drawn_elsewhere_is_joined);
    add("/mask-keeper/opening-again-looks-at-the-file", test_opening_again_looks_at_the_file);
    add("/mask-keeper/what-cannot-be-joined-is-put-aside", test_what_cannot_be_joined_is_put_aside);
    add("/mask-keeper/erased-mask-is-no-mask", test_erased_mask_is_no_mask);
    add("/mask-keeper/refuses-what-it-cannot-read", test_refuses_what_it_cannot_read);
    add("/mask-keeper/failure", test_failure);
    add("/mask-keeper/undo-is-not-lost-on-going-to-the-next-image",
        test_undo_is_not_lost_on_going_to_the_next_image);
    add("/mask-keeper/opens-in-the-background", test_opens_in_the_background);
    add("/mask-keeper/readings", test_readings);
    add("/mask-keeper/drafts-are-counted-from-the-start-of-the-last",
        test_drafts_are_counted_from_the_start_of_the_last);
    add("/mask-keeper/tables-follow-other-programs", test_tables_follow_other_programs);
    add("/mask-keeper/answers-of-others-are-kept", test_answers_of_others_are_kept);
    add("/mask-keeper/can-be-let-go-when-all-is-saved", test_can_be_let_go_when_all_is_saved);
    add("/mask-keeper/packed-masks-come-back", test_packed_masks_come_back);
    add("/mask-keeper/operates", test_operates);
    add("/mask-keeper/closing-waits-for-operations", test_closing_waits_for_operations);
    add("/mask-keeper/closing-saves", test_closing_saves);
    return g_test_run();
}
