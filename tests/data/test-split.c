/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/split.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "data/table.h"
#include "support.h"

/* Images by side, label and confounder. */
typedef struct {
    guint of[RH_N_SPLITS][2][2];
} Tally;

static GPtrArray *new_cases(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
}

static void add_case(GPtrArray *cases, guint label, guint confounder, const char *group)
{
    g_autofree char *id = g_strdup_printf("case-%u", cases->len);
    g_autofree char *path = g_strconcat(id, ".png", NULL);
    RhCase *item = rh_case_new(id, path);
    item->label = (guint8)label;
    item->confounder = (guint8)confounder;
    g_free(item->group);
    item->group = g_strdup(group);
    g_ptr_array_add(cases, item);
}

static Tally tally(GPtrArray *cases)
{
    Tally tally = {0};
    for (guint i = 0; i < cases->len; i++) {
        const RhCase *item = g_ptr_array_index(cases, i);
        if (item->label <= 1)
            tally.of[item->split][item->label][item->confounder & 1]++;
    }
    return tally;
}

static void assert_groups_whole(GPtrArray *cases)
{
    g_autoptr(GHashTable) sides = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < cases->len; i++) {
        const RhCase *item = g_ptr_array_index(cases, i);
        if (*item->group == '\0' || item->split == RH_SPLIT_NONE)
            continue;
        guint side = GPOINTER_TO_UINT(g_hash_table_lookup(sides, item->group));
        g_assert_true(side == 0 || side == item->split);
        g_hash_table_insert(sides, item->group, GUINT_TO_POINTER(item->split));
    }
}

static gboolean cells_are(const Tally *t, RhSplit side, guint aligned, guint conflicting)
{
    return t->of[side][0][0] == aligned && t->of[side][1][1] == aligned && t->of[side][0][1] == conflicting &&
           t->of[side][1][0] == conflicting;
}

static void say(const Tally *t, const char *what)
{
    for (RhSplit side = RH_SPLIT_TRAINING; side < RH_N_SPLITS; side++)
        g_test_message("%s %s: class 0 %u aligned %u conflicting, class 1 %u aligned %u conflicting", what,
                       rh_split_name(side), t->of[side][0][0], t->of[side][0][1], t->of[side][1][1],
                       t->of[side][1][0]);
}

static GPtrArray *chest_films(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = rh_test_shared("data/cxr/rsna_nih_mini/metadata.csv");
    if (path == NULL)
        return NULL;
    g_autoptr(RhTable) table = rh_table_load(path, &error);
    g_assert_no_error(error);
    guint label = (guint)rh_table_find_column(table, "label"),
          view = (guint)rh_table_find_column(table, "view");
    guint patient = (guint)rh_table_find_column(table, "patient_id");
    GPtrArray *cases = new_cases();
    for (guint row = 0; row < rh_table_rows(table); row++)
        add_case(cases, rh_table_cell(table, row, label)[0] == '1', rh_table_cell(table, row, view)[0] == 'A',
                 rh_table_cell(table, row, patient));
    return cases;
}

static void split(GPtrArray *cases, RhSplitKind kind, double ratio, RhValidation validation, guint64 seed)
{
    g_autoptr(GError) error = NULL;
    const RhSplitSettings settings = {kind, ratio, validation, seed};
    g_assert_true(rh_split_cases(cases, &settings, &error));
    g_assert_no_error(error);
}

/* The real table: 339 films of 275 patients, the smallest cell 42. */
static void test_chest_films_curve(void)
{
    g_autoptr(GPtrArray) cases = chest_films();
    const double ratios[] = {0.5, 0.9, 1};
    for (guint64 seed = 0; cases != NULL && seed < 30; seed++)
        for (gsize i = 0; i < G_N_ELEMENTS(ratios); i++) {
            split(cases, RH_SPLIT_CURVE, ratios[i], RH_VALIDATION_SHIFTED, seed);
            Tally t = tally(cases);
            assert_groups_whole(cases);
            g_assert_true(cells_are(&t, RH_SPLIT_TEST, 14, 14));
            g_assert_true(cells_are(&t, RH_SPLIT_VALIDATION, 7, 7));
            guint aligned = t.of[RH_SPLIT_TRAINING][0][0], conflicting = t.of[RH_SPLIT_TRAINING][0][1];
            g_assert_true(cells_are(&t, RH_SPLIT_TRAINING, aligned, conflicting));
            g_assert_cmpfloat(fabs(aligned - ratios[i] * (aligned + conflicting)), <=, 0.5);
            if (ratios[i] == 1)
                g_assert_cmpuint(conflicting, ==, 0);
            if (ratios[i] == 0.5)
                g_assert_cmpuint(conflicting, ==, aligned);
            /* As many as there can be: an image of one of the cells would be too many. */
            g_assert_cmpuint(aligned + conflicting, >=, ratios[i] == 0.5 ? 38 : 56);
            if (seed == 0) {
                g_autofree char *what = g_strdup_printf("curve r=%.1f", ratios[i]);
                say(&t, what);
            }
        }
}

static void test_chest_films_paper(void)
{
    g_autoptr(GPtrArray) cases = chest_films();
    /* n = 42: training n·r and n·(1−r), validation n/2·(1−r) and n/2·r, test what is left of n. */
    static const struct {
        double ratio;
        RhValidation validation;
        guint expected[3][2];
    } runs[] = {
        {0.5, RH_VALIDATION_SHIFTED, {{21, 21}, {11, 11}, {10, 10}}},
        {0.9, RH_VALIDATION_SHIFTED, {{38, 4}, {2, 19}, {2, 19}}},
        {1, RH_VALIDATION_SHIFTED, {{42, 0}, {0, 21}, {0, 21}}},
        {0.9, RH_VALIDATION_LIKE_TRAINING, {{38, 4}, {19, 2}, {2, 19}}},
        {0.9, RH_VALIDATION_BALANCED, {{38, 4}, {11, 11}, {2, 19}}},
    };
    for (gsize i = 0; cases != NULL && i < G_N_ELEMENTS(runs); i++) {
        split(cases, RH_SPLIT_PAPER, runs[i].ratio, runs[i].validation, 1234);
        Tally t = tally(cases);
        assert_groups_whole(cases);
        g_autofree char *what =
            g_strdup_printf("paper r=%.1f %s", runs[i].ratio, rh_validation_name(runs[i].validation));
        say(&t, what);
        for (guint side = 0; side < 3; side++)
            g_assert_true(cells_are(&t, (RhSplit)(RH_SPLIT_TRAINING + side), runs[i].expected[side][0],
                                    runs[i].expected[side][1]));
    }
}

static GPtrArray *random_cases(RhRandom *random)
{
    GPtrArray *cases = new_cases();
    const guint count = 60 + rh_random_below(random, 300), patients = 20 + rh_random_below(random, 400);
    const guint positives = 2 + rh_random_below(random, 7), seconds = 2 + rh_random_below(random, 7);
    for (guint i = 0; i < count; i++) {
        g_autofree char *group = g_strdup_printf("p%u", rh_random_below(random, patients));
        guint label = rh_random_below(random, 10) < positives,
              confounder = rh_random_below(random, 10) < seconds;
        gboolean unlabelled = rh_random_below(random, 20) == 0, unknown = rh_random_below(random, 20) == 0;
        add_case(cases, unlabelled ? RH_UNKNOWN : label, unknown ? RH_UNKNOWN : confounder,
                 rh_random_below(random, 3) == 0 ? "" : group);
    }
    return cases;
}

/* Whatever the cases: groups whole, test and validation cells equal, classes in training equal and in the
 * ratio, nothing unknown used, the same seed the same split, and the test images the same at any ratio. */
static void test_random_cases(void)
{
    RhRandom random;
    guint refused = 0;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 400; trial++) {
        g_autoptr(GPtrArray) cases = random_cases(&random);
        g_autoptr(GError) error = NULL;
        RhSplitSettings settings = {(RhSplitKind)(trial % 2), 0.5 + 0.05 * rh_random_below(&random, 11),
                                    (RhValidation)(trial % 3), trial};
        if (!rh_split_cases(cases, &settings, &error)) {
            g_assert_error(error, RH_ERROR, RH_ERROR_EMPTY);
            refused++;
            continue;
        }
        g_autofree guint8 *sides = g_malloc(cases->len);
        for (guint i = 0; i < cases->len; i++) {
            const RhCase *item = g_ptr_array_index(cases, i);
            sides[i] = (guint8)item->split;
            if (item->label == RH_UNKNOWN || item->confounder == RH_UNKNOWN)
                g_assert_cmpint(item->split, ==, RH_SPLIT_NONE);
        }
        assert_groups_whole(cases);
        Tally t = tally(cases);
        guint aligned = t.of[RH_SPLIT_TRAINING][0][0], conflicting = t.of[RH_SPLIT_TRAINING][0][1];
        g_assert_true(cells_are(&t, RH_SPLIT_TRAINING, aligned, conflicting));
        g_assert_cmpfloat(fabs(aligned - settings.ratio * (aligned + conflicting)), <=, 0.5 + 1e-9);
        if (settings.kind == RH_SPLIT_CURVE) {
            g_assert_true(cells_are(&t, RH_SPLIT_TEST, t.of[RH_SPLIT_TEST][0][0], t.of[RH_SPLIT_TEST][0][0]));
            g_assert_true(cells_are(&t, RH_SPLIT_VALIDATION, t.of[RH_SPLIT_VALIDATION][0][0],
                                    t.of[RH_SPLIT_VALIDATION][0][0]));
        }
        g_assert_true(rh_split_cases(cases, &settings, NULL));
        for (guint i = 0; i < cases->len; i++)
            g_assert_cmpint(((RhCase *)g_ptr_array_index(cases, i))->split, ==, sides[i]);
        settings.ratio = 0.5;
        if (settings.kind != RH_SPLIT_CURVE || !rh_split_cases(cases, &settings, NULL))
            continue;
        for (guint i = 0; i < cases->len; i++)
            g_assert_cmpint(((RhCase *)g_ptr_array_index(cases, i))->split == RH_SPLIT_TEST, ==,
                            sides[i] == RH_SPLIT_TEST);
    }
    g_assert_cmpuint(refused, <, 100);
}

static void test_seed_matters(void)
{
    g_autoptr(GPtrArray) cases = new_cases();
    guint differing = 0;
    for (guint i = 0; i < 200; i++)
        add_case(cases, i % 2, i / 2 % 2, "");
    split(cases, RH_SPLIT_CURVE, 1, RH_VALIDATION_SHIFTED, 1);
    g_autofree guint8 *first = g_malloc(200);
    for (guint i = 0; i < 200; i++)
        first[i] = (guint8)((RhCase *)g_ptr_array_index(cases, i))->split;
    split(cases, RH_SPLIT_CURVE, 1, RH_VALIDATION_SHIFTED, 2);
    for (guint i = 0; i < 200; i++)
        differing += first[i] != ((RhCase *)g_ptr_array_index(cases, i))->split;
    g_assert_cmpuint(differing, >, 50);
}

/* Without confounder, or with one of a single value: by label alone. */
static void test_by_label(void)
{
    for (guint confounder = 0; confounder < 2; confounder++) {
        g_autoptr(GPtrArray) cases = new_cases();
        for (guint i = 0; i < 90; i++)
            add_case(cases, i < 60, confounder == 0 ? RH_UNKNOWN : 1, "");
        split(cases, RH_SPLIT_CURVE, 0.9, RH_VALIDATION_SHIFTED, 5);
        Tally t = tally(cases);
        g_assert_cmpuint(t.of[RH_SPLIT_TEST][0][1], ==, 10);
        g_assert_cmpuint(t.of[RH_SPLIT_TEST][1][1], ==, 20);
        g_assert_cmpuint(t.of[RH_SPLIT_VALIDATION][0][1], ==, 5);
        g_assert_cmpuint(t.of[RH_SPLIT_VALIDATION][1][1], ==, 10);
        g_assert_cmpuint(t.of[RH_SPLIT_TRAINING][0][1], ==, 15);
        g_assert_cmpuint(t.of[RH_SPLIT_TRAINING][1][1], ==, 30);
    }
}

static void test_given(void)
{
    static const RhSplit sides[] = {RH_SPLIT_TRAINING, RH_SPLIT_VALIDATION, RH_SPLIT_TEST};
    const RhSplitSettings settings = {.kind = RH_SPLIT_GIVEN};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) cases = new_cases();
    for (guint i = 0; i < 12; i++) {
        g_autofree char *group = g_strdup_printf("p%u", i);
        add_case(cases, i % 2, i % 2, group);
        ((RhCase *)g_ptr_array_index(cases, i))->split = sides[i / 4];
    }
    g_assert_true(rh_split_cases(cases, &settings, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < 12; i++)
        g_assert_cmpint(((RhCase *)g_ptr_array_index(cases, i))->split, ==, sides[i / 4]);

    add_case(cases, 0, 0, "p1");
    ((RhCase *)g_ptr_array_index(cases, 12))->split = RH_SPLIT_TEST;
    g_assert_false(rh_split_cases(cases, &settings, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISMATCH);
    g_assert_nonnull(strstr(error->message, "The group “p1” is in two sets, in “training” with"));
}

/* A refusal leaves the split as it was. */
static void test_refusals(void)
{
    g_autoptr(GPtrArray) cases = new_cases();
    g_autoptr(GError) error = NULL;
    RhSplitSettings settings = {RH_SPLIT_CURVE, 0.4, RH_VALIDATION_SHIFTED, 1};
    for (guint i = 0; i < 40; i++)
        add_case(cases, i % 2, i % 2, ""); /* no conflicting image */
    ((RhCase *)g_ptr_array_index(cases, 7))->split = RH_SPLIT_TEST;
    g_assert_false(rh_split_cases(cases, &settings, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    g_clear_error(&error);
    settings.ratio = 1;
    g_assert_false(rh_split_cases(cases, &settings, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_EMPTY);
    g_assert_nonnull(strstr(error->message, "with confounder value 0: 20, with 1: 0"));
    g_assert_cmpint(((RhCase *)g_ptr_array_index(cases, 7))->split, ==, RH_SPLIT_TEST);
    g_clear_error(&error);

    g_autoptr(GPtrArray) none = new_cases();
    g_assert_false(rh_split_cases(none, &settings, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_EMPTY);
}

static void test_names(void)
{
    RhSplitKind kind;
    RhValidation validation;
    RhSplit side;
    for (guint i = 0; i <= RH_SPLIT_GIVEN; i++) {
        g_assert_true(rh_split_kind_parse(rh_split_kind_name((RhSplitKind)i), &kind));
        g_assert_cmpint(kind, ==, i);
        g_assert_true(rh_validation_parse(rh_validation_name((RhValidation)i), &validation));
        g_assert_cmpint(validation, ==, i);
    }
    for (guint i = 0; i < RH_N_SPLITS; i++) {
        g_assert_true(rh_split_parse(rh_split_name((RhSplit)i), &side));
        g_assert_cmpint(side, ==, i);
    }
    g_assert_false(rh_split_kind_parse("half", &kind));
    g_assert_false(rh_validation_parse("", &validation));
    g_assert_false(rh_split_parse("train", &side));
}

static void test_case(void)
{
    RhCase *item = rh_case_new("a", "b/a.png");
    g_assert_cmpuint(item->label, ==, RH_UNKNOWN);
    g_assert_false(rh_case_is_aligned(item) || rh_case_is_conflicting(item));
    item->label = item->confounder = 1;
    RhCase *copy = rh_case_copy(item);
    rh_case_free(item);
    g_assert_cmpstr(copy->path, ==, "b/a.png");
    g_assert_true(rh_case_is_aligned(copy) && !rh_case_is_conflicting(copy));
    copy->confounder = 0;
    g_assert_true(!rh_case_is_aligned(copy) && rh_case_is_conflicting(copy));
    rh_case_free(copy);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/split/chest-films-curve", test_chest_films_curve);
    g_test_add_func("/split/chest-films-paper", test_chest_films_paper);
    g_test_add_func("/split/random-cases", test_random_cases);
    g_test_add_func("/split/seed-matters", test_seed_matters);
    g_test_add_func("/split/by-label", test_by_label);
    g_test_add_func("/split/given", test_given);
    g_test_add_func("/split/refusals", test_refusals);
    g_test_add_func("/split/names", test_names);
    g_test_add_func("/split/case", test_case);
    return g_test_run();
}
