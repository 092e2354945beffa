/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/study.h"

#include <glib/gstdio.h>

#include "study-support.h"
#include "study/study-private.h"

static const char ini[] = "[study]\nformat=1\nname=Two\nclasses=well;ill\nheight=16\nwidth=16\n"
                          "[confounder]\nkind=column\nname=site\nvalues=A;B\n"
                          "[split]\nkind=given\nratio=1\nvalidation=shifted\nseed=7\n";

static char *new_study(const char *table)
{
    char *folder = rh_test_folder();
    put_text(folder, "study.ini", ini);
    put_text(folder, "images.csv", table);
    put_image(folder, "images/one.png", 16, 16);
    put_image(folder, "images/two.png", 32, 16);
    put_image(folder, "masks/two.png", 32, 16);
    return folder;
}

static const char table[] = "path,label,confounder,split,group\n"
                            "images/one.png,well,A,training,p1\n"
                            "images/two.png,1,,test,\"p,2\"\n";

static void assert_same(const RhStudy *a, const RhStudy *b)
{
    g_assert_cmpstr(a->folder, ==, b->folder);
    g_assert_cmpstr(a->name, ==, b->name);
    g_assert_cmpstr(a->image_folder, ==, b->image_folder);
    g_assert_cmpstr(a->confounder_name, ==, b->confounder_name);
    g_assert_cmpint(a->confounder_kind, ==, b->confounder_kind);
    g_assert_cmpuint(a->height, ==, b->height);
    g_assert_cmpuint(a->width, ==, b->width);
    g_assert_cmpmem(&a->split, sizeof a->split, &b->split, sizeof b->split);
    for (guint i = 0; i < 2; i++) {
        g_assert_cmpstr(a->class_names[i], ==, b->class_names[i]);
        g_assert_cmpstr(a->confounder_values[i], ==, b->confounder_values[i]);
    }
    g_assert_cmpuint(a->cases->len, ==, b->cases->len);
    for (guint i = 0; i < a->cases->len; i++) {
        const RhCase *x = g_ptr_array_index(a->cases, i), *y = g_ptr_array_index(b->cases, i);
        g_assert_cmpstr(x->id, ==, y->id);
        g_assert_cmpstr(x->path, ==, y->path);
        g_assert_cmpstr(x->group, ==, y->group);
        g_assert_cmpuint(x->label, ==, y->label);
        g_assert_cmpuint(x->confounder, ==, y->confounder);
        g_assert_cmpint(x->split, ==, y->split);
        g_assert_cmpint(x->has_mask, ==, y->has_mask);
    }
}

static void test_round_trip(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    const RhCase *one = g_ptr_array_index(study->cases, 0), *two = g_ptr_array_index(study->cases, 1);
    g_assert_cmpstr(one->id, ==, "one");
    g_assert_cmpuint(one->label, ==, 0);
    g_assert_cmpuint(one->confounder, ==, 0);
    g_assert_false(one->has_mask);
    g_assert_cmpstr(two->group, ==, "p,2");
    g_assert_cmpuint(two->label, ==, 1);
    g_assert_cmpuint(two->confounder, ==, RH_UNKNOWN);
    g_assert_true(two->has_mask);
    g_assert_true(rh_study_find_case(study, "two") == two);
    g_assert_null(rh_study_find_case(study, "three"));

    g_assert_true(rh_study_save(study, &error));
    g_autoptr(RhStudy) again = rh_study_open(folder, &error);
    g_assert_no_error(error);
    assert_same(study, again);
    g_autoptr(RhStudy) copy = rh_study_copy(study);
    assert_same(study, copy);
}

static char *content_of(const char *folder, const char *file)
{
    char *content = NULL;
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_file_get_contents(path, &content, NULL, NULL);
    return content;
}

/* A study of before has no reading.csv; what is said of an image is a row of it, written and read back. */
static void test_readings(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    RhCase *one = g_ptr_array_index(study->cases, 0), *two = g_ptr_array_index(study->cases, 1);
    g_assert_false(rh_case_is_marked(one));
    g_assert_true(rh_case_is_marked(two));
    g_assert_cmpstr(one->note, ==, "");
    g_assert_true(rh_study_save(study, &error)); /* nothing to say: no file */
    g_assert_null(content_of(folder, "reading.csv"));

    one->nothing_to_mark = TRUE;
    one->said = 1769860800;
    one->seconds = 12.25;
    g_free(two->note);
    two->note = g_strdup("left base, \"ask\"\nagain");
    two->black = 1023.5; /* a negative */
    two->white = -12;
    g_assert_true(rh_study_save(study, &error));
    g_autofree char *written = content_of(folder, "reading.csv");
    g_assert_cmpstr(
        written, ==,
        "id,answer,note,seconds,black,white,time\none,nothing to mark,,12.2,,,2026-01-31T12:00:00Z\n"
        "two,,\"left base, \"\"ask\"\"\nagain\",0.0,1023.5,-12,\n");
    g_autofree char *before = content_of(folder, "images.csv");
    g_assert_cmpstr(before, ==, table); /* not touched */

    g_autoptr(RhStudy) again = rh_study_open(folder, &error);
    g_assert_no_error(error);
    const RhCase *read = g_ptr_array_index(again->cases, 0);
    g_assert_true(read->nothing_to_mark);
    g_assert_cmpint(read->said, ==, 1769860800);
    g_assert_true(rh_case_is_marked(read));
    g_assert_cmpfloat(read->seconds, ==, 12.2);
    g_assert_cmpfloat(read->black, ==, read->white); /* none is known */
    read = g_ptr_array_index(again->cases, 1);
    g_assert_cmpfloat(read->black, ==, 1023.5);
    g_assert_cmpfloat(read->white, ==, -12);
    g_assert_cmpstr(((const RhCase *)g_ptr_array_index(again->cases, 1))->note, ==, two->note);
    g_autoptr(RhStudy) copy = rh_study_copy(again);
    g_assert_cmpstr(((const RhCase *)g_ptr_array_index(copy->cases, 1))->note, ==, two->note);

    one->nothing_to_mark = FALSE;
    one->seconds = 0;
    g_free(two->note);
    two->note = g_strdup("");
    two->black = two->white = 0;
    g_assert_true(rh_study_save(study, &error)); /* all taken back */
    g_assert_null(content_of(folder, "reading.csv"));
}

static RhCase *case_of(RhStudy *study, const char *id)
{
    RhCase *item = rh_study_find_case(study, id);
    g_assert_nonnull(item);
    return item;
}

static void write_note(RhStudy *study, const char *id, const char *note, gint64 said)
{
    RhCase *item = case_of(study, id);
    g_free(item->note);
    item->note = g_strdup(note);
    item->said = said;
}

/* A mask outweighs the answer, and what was said of an image that is not listed now is kept, as is everything
 * that another program has written in its own way. */
static void test_readings_of_others(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(GError) error = NULL;
    put_text(folder, "reading.csv",
             "note;id;age;answer\nlater;three;61;nothing to mark\n;two;62;nothing to mark\nsee;one;63;\n");
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    g_assert_false(case_of(study, "two")->nothing_to_mark);
    g_assert_cmpstr(case_of(study, "one")->note, ==, "see");
    write_note(study, "one", "seen", 0);
    g_assert_true(rh_study_save(study, &error));
    g_autofree char *written = content_of(folder, "reading.csv");
    g_assert_cmpstr(written, ==,
                    "note;id;age;answer;seconds;black;white;time\n"
                    "later;three;61;nothing to mark;;;;\n;two;62;nothing to mark;;;;\nseen;one;63;;0.0;;;\n");
}

/* Two that have the same study open: what both say, and what a third corrects by hand, is kept. */
static void test_two_programs_lose_nothing(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) here = rh_study_open(folder, &error), there = rh_study_open(folder, &error);
    const RhCase *one = case_of(here, "one");
    put_text(folder, "images.csv",
             "path,label,confounder,split,group\nimages/one.png,ill,A,training,p1\n"
             "images/two.png,1,,test,\"p,2\"\nimages/three.png,well,B,test,p3\n");
    g_assert_true(rh_study_is_changed_elsewhere(folder, here->known));
    write_note(there, "two", "of there", 0);
    g_assert_true(rh_study_save(there, &error));
    case_of(here, "one")->has_mask = TRUE;
    write_note(here, "one", "of here", 0);
    g_assert_true(rh_study_save(here, &error));
    g_assert_no_error(error);

    g_autofree char *images = content_of(folder, "images.csv");
    g_assert_cmpstr(images, ==,
                    "path,label,confounder,split,group,id,mask\n"
                    "images/one.png,ill,A,training,p1,one,masks/one.png\n"
                    "images/two.png,1,,test,\"p,2\",two,masks/two.png\n"
                    "images/three.png,well,B,test,p3,three,\n");
    g_assert_true(one == case_of(here, "one")); /* whoever knows the case still does */
    g_assert_cmpuint(one->label, ==, 1);
    g_assert_cmpstr(case_of(here, "two")->note, ==, "of there");
    g_assert_cmpuint(case_of(here, "three")->label, ==, 0);
    g_assert_false(rh_study_is_changed_elsewhere(folder, here->known));
    g_assert_cmpuint(here->clashes->len, ==, 0);

    g_assert_true(rh_study_save(there, &error)); /* nothing to write, and all of it comes in */
    g_assert_cmpstr(case_of(there, "one")->note, ==, "of here");
    g_assert_null(content_of(folder, "conflicts.csv"));
}

/* A program that was killed between a mask and the table leaves them at odds: the next save of anything sets
 * the table right. */
static void test_the_table_follows_the_masks(void)
{
    TEMPORARY folder = new_study("path,label,confounder,split,group,id,mask\n"
                                 "images/one.png,well,A,training,p1,one,masks/one.png\n"
                                 "images/two.png,ill,B,test,p2,two,\n");
    g_autoptr(GError) error = NULL;
    put_text(folder, "reading.csv", "id,answer,note\none,nothing to mark,\ntwo,nothing to mark,\n");
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    g_assert_true(!case_of(study, "one")->has_mask && case_of(study, "one")->nothing_to_mark);
    g_assert_true(case_of(study, "two")->has_mask && !case_of(study, "two")->nothing_to_mark);
    write_note(study, "one", "seen", 0);
    g_assert_true(rh_study_save(study, &error));
    g_autofree char *images = content_of(folder, "images.csv");
    g_assert_cmpstr(images, ==,
                    "path,label,confounder,split,group,id,mask\n"
                    "images/one.png,well,A,training,p1,one,\n"
                    "images/two.png,ill,B,test,p2,two,masks/two.png\n");
    g_autoptr(RhStudy) again = rh_study_open(folder, &error);
    g_assert_no_error(error);
    g_assert_true(case_of(again, "one")->nothing_to_mark);
    g_assert_cmpstr(case_of(again, "one")->note, ==, "seen");
}

/* One cell changed by both: the newer answer is in the table, the other one beside it, and it is told. */
static void test_the_newer_answer_wins(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) here = rh_study_open(folder, &error), there = rh_study_open(folder, &error);
    write_note(there, "one", "newer", 1769860801);
    write_note(here, "one", "older", 1769860800);
    g_assert_true(rh_study_save(there, &error));
    g_assert_true(rh_study_save(here, &error));
    g_assert_cmpstr(case_of(here, "one")->note, ==, "newer");
    g_assert_cmpuint(here->clashes->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(here->clashes, 0), "conflicts.csv"));
    g_autofree char *kept = content_of(folder, "conflicts.csv");
    g_assert_true(g_str_has_suffix(kept, ",reading.csv,one,note,newer,older\n"));
}

/* study.ini by key; a new division is not undone by a window that knew the old one. */
static void test_a_new_division_stays(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) window = rh_study_open(folder, &error), line = rh_study_open(folder, &error);
    line->split.seed = 77;
    case_of(line, "one")->split = RH_SPLIT_TEST;
    case_of(line, "two")->split = RH_SPLIT_TRAINING;
    g_assert_true(rh_study_save(line, &error));
    g_free(window->name);
    window->name = g_strdup("Renamed");
    case_of(window, "one")->has_mask = TRUE;
    g_assert_true(rh_study_save(window, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(window->split.seed, ==, 77);
    g_autoptr(RhStudy) again = rh_study_open(folder, &error);
    g_assert_cmpstr(again->name, ==, "Renamed");
    g_assert_cmpuint(again->split.seed, ==, 77);
    g_assert_cmpint(case_of(again, "one")->split, ==, RH_SPLIT_TEST);
    g_assert_cmpint(case_of(again, "two")->split, ==, RH_SPLIT_TRAINING);
}

#define WRITERS 4
#define ROUNDS  25

typedef struct {
    const char *folder;
    guint number;
} Writer;

/* Says something of an image of its own, and of one that is everybody's, again and again. */
static gpointer write_again_and_again(gpointer data)
{
    const Writer *writer = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(writer->folder, &error);
    g_assert_no_error(error);
    g_autofree char *own = g_strdup_printf("i%u", writer->number);
    for (guint round = 1; round <= ROUNDS; round++) {
        g_autofree char *note = g_strdup_printf("round %u", round);
        write_note(study, own, note, 0);
        case_of(study, "shared")->seconds += 1;
        g_assert_true(rh_study_save(study, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(case_of(study, own)->note, ==, note);
    }
    return NULL;
}

static void test_many_writers_lose_nothing(void)
{
    TEMPORARY folder = new_study("id,path,label,split\ni0,a,0,test\ni1,b,1,test\ni2,c,0,test\ni3,d,1,test\n"
                                 "shared,e,0,test\n");
    put_text(folder, "study.ini",
             "[study]\nformat=1\nname=Two\nclasses=well;ill\nheight=16\nwidth=16\n[confounder]\nkind=none\n"
             "[split]\nkind=given\nratio=1\nvalidation=shifted\nseed=7\n");
    Writer writers[WRITERS];
    GThread *threads[WRITERS];
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < WRITERS; i++) {
        writers[i] = (Writer){folder, i};
        threads[i] = g_thread_new("writer", write_again_and_again, &writers[i]);
    }
    for (guint i = 0; i < WRITERS; i++)
        g_thread_join(threads[i]);
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < WRITERS; i++) {
        g_autofree char *id = g_strdup_printf("i%u", i), *last = g_strdup_printf("round %u", ROUNDS);
        g_assert_cmpstr(case_of(study, id)->note, ==, last);
    }
    g_assert_cmpfloat(case_of(study, "shared")->seconds, ==, WRITERS * ROUNDS);
}

/* The folder of the images renamed: one sentence that names it and study.ini. Moved together with the study:
 * they are found. */
static void test_images_that_moved(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GError) error = NULL;
    g_autofree char *study_folder = g_build_filename(folder, "a", "study", NULL);
    g_autofree char *images = g_build_filename(folder, "a", "films", NULL);
    put_image(images, "no/one.png", 16, 16);
    put_image(images, "yes/two.png", 18, 16);
    RhImportSettings settings = rh_import_settings_default();
    g_autoptr(RhStudy) study = rh_study_new_from_folder(study_folder, images, &settings, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *here = g_build_filename(folder, "a", NULL), *there = g_build_filename(folder, "b", NULL);
    g_assert_cmpint(g_rename(here, there), ==, 0);
    g_autofree char *moved = g_build_filename(there, "study", NULL);
    g_autofree char *moved_images = g_build_filename(there, "films", NULL);
    g_autoptr(RhStudy) together = rh_study_open(moved, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(together->image_folder, ==, moved_images);
    g_assert_true(rh_study_check_images(together, &error));

    g_autofree char *away = g_build_filename(folder, "away", NULL);
    g_assert_cmpint(g_rename(moved_images, away), ==, 0);
    g_assert_false(rh_study_check_images(together, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, moved_images));
    g_assert_nonnull(strstr(error->message, "images="));
    g_clear_error(&error);
    for (guint i = 0; i < together->cases->len; i++)
        ((RhCase *)g_ptr_array_index(together->cases, i))->split = RH_SPLIT_TEST;
    g_assert_null(rh_study_load_samples(together, NULL, NULL, NULL, NULL, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISSING);
}

static void test_bad_readings(void)
{
    static const struct {
        const char *text, *place, *word;
    } bad[] = {
        {"answer,note\n,\n", "reading.csv", "no column “id”"},
        {"id,answer\none,no idea\n", "line 2", "“no idea” is no answer"},
        {"id,seconds\none,-1\n", "line 2", "“-1” is no number"},
        {"id,seconds\none,nan\n", "line 2", "“nan” is no number"},
        {"id,seconds\none,4s\n", "line 2", "“4s” is no number"},
        {"id,black,white\none,0,dark\n", "line 2", "“dark” is no value"},
        {"id,black,white\none,inf,1\n", "line 2", "is no value"},
        {"id,black,white\none,3,\n", "line 2", "“” is no value"},
        {"id,black\none,3\n", "line 2", "“” is no value"},
        {"id\none\none\n", "line 3", "“one” is there a second time"},
    };
    TEMPORARY folder = new_study(table);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        put_text(folder, "reading.csv", bad[i].text);
        g_assert_null(rh_study_open(folder, &error));
        assert_sentence(error, bad[i].place, bad[i].word);
    }
}

/* Training takes an image of which it is said that there is nothing to mark as one without mask: a mask that
 * is empty for one class alone would give the class away. */
static void test_nothing_to_mark_in_training(void)
{
    TEMPORARY folder = new_study(table);
    put_text(folder, "reading.csv", "id,answer\none,nothing to mark\n");
    g_autoptr(RhStudy) study = rh_study_open(folder, NULL);
    g_assert_true(((const RhCase *)g_ptr_array_index(study->cases, 0))->nothing_to_mark);
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, NULL);
    g_assert_cmpstr(samples->ids[0], ==, "one");
    g_assert_cmpuint(samples->has_mask[0], ==, 0);
    for (guint i = 0; i < 256; i++)
        g_assert_cmpuint(samples->masks[i], ==, 1);
}

static void test_samples(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(RhStudy) study = rh_study_open(folder, NULL);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, notes, NULL, NULL, NULL, NULL);
    g_assert_cmpuint(samples->count, ==, 2);
    g_assert_cmpuint(notes->len, ==, 0);
    g_assert_cmpuint(samples->conflicting[0], ==, 0);
    g_assert_cmpuint(samples->conflicting[1], ==, RH_UNKNOWN);
    g_assert_cmpuint(samples->has_mask[0], ==, 0);
    g_assert_cmpuint(samples->has_mask[1], ==, 1);
    for (guint i = 0; i < 256; i++) {
        const gboolean bright = i % 16 < 8 && i / 16 < 8;
        g_assert_cmpuint(samples->masks[i], ==, 1);
        g_assert_cmpuint(samples->masks[256 + i], ==, bright);
        g_assert_cmpfloat_with_epsilon(samples->images[256 + i], bright, 1e-6);
    }
}

/* What has gone since is noted, and the rest goes on. */
static void test_vanished(void)
{
    TEMPORARY folder = new_study(table);
    g_autofree char *gone = g_build_filename(folder, "images", "one.png", NULL);
    g_assert_cmpint(g_unlink(gone), ==, 0);
    put_image(folder, "masks/two.png", 16, 16);
    g_autoptr(RhStudy) study = rh_study_open(folder, NULL);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, notes, NULL, NULL, NULL, NULL);
    g_assert_cmpuint(samples->count, ==, 1);
    g_assert_cmpstr(samples->ids[0], ==, "two");
    g_assert_null(samples->ids[1]);
    g_assert_cmpuint(samples->has_mask[0], ==, 0);
    g_assert_cmpuint(samples->masks[0] + samples->masks[255], ==, 2);
    g_assert_cmpuint(notes->len, ==, 2);
    g_assert_true(any_note_has(notes, "one.png", "left out"));
    g_assert_true(any_note_has(notes, "two.png", "16×16"));

    put_text(folder, "images/two.png", "no image");
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error));
    assert_sentence(error, folder, "(2 tried)");
}

static void test_cancelled(void)
{
    TEMPORARY folder = new_study(table);
    g_autoptr(RhStudy) study = rh_study_open(folder, NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancellable);
    g_assert_null(rh_study_load_samples(study, NULL, NULL, NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_bad_tables(void)
{
    static const struct {
        const char *text, *place, *word;
    } bad[] = {
        {"path,confounder,split\nimages/one.png,A,test\n", "images.csv", "no column “label”"},
        {"label,confounder,split\nill,A,test\n", "images.csv", "no column “path”"},
        {"path,label,split\nimages/one.png,ill,test\n", "images.csv", "no column “confounder”"},
        {"path,label,confounder\nimages/one.png,ill,A\n", "images.csv", "no column “split”"},
        {"path,label,confounder,split\nimages/one.png,well,A,test\nimages/two.png,maybe,A,test\n", "line 3",
         "“maybe” is no class"},
        {"path,label,confounder,split\nimages/one.png,well,C,test\n", "line 2", "confounder “C”"},
        {"path,label,confounder,split\nimages/one.png,well,A,tset\n", "line 2", "split “tset”"},
        {"path,label,confounder,split\nimages/one.png,well,A,test\nother/one.png,ill,A,test\n", "line 3",
         "id “one” is there a second time"},
        {"path,label,confounder,split\n../one.png,well,A,test\n", "line 2", "leads outside"},
        {"path,label,confounder,split\n/etc/hostname,well,A,test\n", "line 2", "leads outside"},
        {"path,label,confounder,split\n,well,A,test\n", "line 2", "path of the image is empty"},
        {"id,path,label,confounder,split\n../x,images/one.png,well,A,test\n", "line 2",
         "“../x” cannot be an id"},
        {"id,path,label,confounder,split\nx\u202ey,images/one.png,well,A,test\n", "line 2",
         "cannot be an id"},
        {"id,path,label,confounder,split\nx\302\2332J,images/one.png,well,A,test\n", "line 2",
         "cannot be an id"},
    };
    TEMPORARY folder = new_study(table);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        put_text(folder, "images.csv", bad[i].text);
        g_assert_null(rh_study_open(folder, &error));
        assert_sentence(error, bad[i].place, bad[i].word);
        g_assert_nonnull(strstr(error->message, folder));
    }
}

static void test_bad_ini(void)
{
    static const struct {
        const char *find, *put, *word;
    } bad[] = {
        {"height=16", "height=4", "“4” is no value for “height”"},
        {"height=16", "height=100000000", "“height”"},
        {"width=16", "", "no readable “width”"},
        {"classes=well;ill", "classes=well", "“classes”"},
        {"classes=well;ill", "classes=ill;ill", "“classes”"},
        {"kind=column", "kind=colour", "“colour”"},
        {"ratio=1", "ratio=nan", "“nan”"},
        {"validation=shifted", "validation=none", "“none”"},
        {"format=1", "format=2", "“format”"},
        {"[study]", "study", "cannot be read"},
        {"[study]", "st\x85udy", "cannot be read"}, /* no UTF-8, and quoted */
    };
    TEMPORARY folder = new_study(table);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GString) text = g_string_new(ini);
        g_autoptr(GError) error = NULL;
        g_assert_cmpuint(g_string_replace(text, bad[i].find, bad[i].put, 1), ==, 1);
        put_text(folder, "study.ini", text->str);
        g_assert_null(rh_study_open(folder, &error));
        assert_sentence(error, "study.ini", bad[i].word);
    }
}

/* What could not be opened again is not published, and the message names it as it would have been called. */
static void test_read_back_before_it_is_published(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "latin1", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(path, &error);
    g_assert_no_error(error);
    put_text(draft->path, "study.ini", ini);
    put_text(draft->path, "images.csv", "path,label,confounder,split\nM\xfcller.png,ill,A,test\n");
    g_assert_null(rh_study_publish(draft, &error));
    assert_sentence(error, "latin1/images.csv", "UTF-8");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_clear_error(&error);
    put_text(draft->path, "images.csv", "path,label,confounder,split\none.png,ill,A,test\n");
    g_autoptr(RhStudy) study = rh_study_publish(draft, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(study->folder, ==, path);
}

static void test_no_study(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_study_open(folder, &error));
    assert_sentence(error, folder, "no study.ini");
}

/* A table by another program need not divide the images. */
static void test_divided_on_opening(void)
{
    g_autoptr(GString) curve = g_string_new(ini);
    g_string_replace(curve, "kind=given", "kind=curve", 1);
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GString) rows = g_string_new("path,label,confounder\n");
    for (guint i = 0; i < 96; i++)
        g_string_append_printf(rows, "%u.png,%u,%u\n", i, i & 1, i / 2 & 1);
    put_text(folder, "study.ini", curve->str);
    put_text(folder, "images.csv", rows->str);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(folder, &error);
    g_assert_no_error(error);
    guint counts[RH_N_SPLITS] = {0};
    for (guint i = 0; i < study->cases->len; i++)
        counts[((const RhCase *)g_ptr_array_index(study->cases, i))->split]++;
    g_assert_cmpuint(counts[RH_SPLIT_TEST], ==, 32);
    g_assert_cmpuint(counts[RH_SPLIT_VALIDATION], ==, 16);
    g_assert_cmpuint(counts[RH_SPLIT_TRAINING], ==, 24);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/study/round-trip", test_round_trip);
    g_test_add_func("/study/readings", test_readings);
    g_test_add_func("/study/readings-of-others", test_readings_of_others);
    g_test_add_func("/study/two-programs-lose-nothing", test_two_programs_lose_nothing);
    g_test_add_func("/study/the-table-follows-the-masks", test_the_table_follows_the_masks);
    g_test_add_func("/study/the-newer-answer-wins", test_the_newer_answer_wins);
    g_test_add_func("/study/a-new-division-stays", test_a_new_division_stays);
    g_test_add_func("/study/many-writers-lose-nothing", test_many_writers_lose_nothing);
    g_test_add_func("/study/images-that-moved", test_images_that_moved);
    g_test_add_func("/study/bad-readings", test_bad_readings);
    g_test_add_func("/study/nothing-to-mark-in-training", test_nothing_to_mark_in_training);
    g_test_add_func("/study/samples", test_samples);
    g_test_add_func("/study/vanished", test_vanished);
    g_test_add_func("/study/cancelled", test_cancelled);
    g_test_add_func("/study/bad-tables", test_bad_tables);
    g_test_add_func("/study/bad-ini", test_bad_ini);
    g_test_add_func("/study/read-back-before-it-is-published", test_read_back_before_it_is_published);
    g_test_add_func("/study/no-study", test_no_study);
    g_test_add_func("/study/divided-on-opening", test_divided_on_opening);
    return g_test_run();
}
