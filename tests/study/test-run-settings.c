/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-settings.h"

#include "study-support.h"

static RhRunSettings settings_of(const char *method)
{
    return (RhRunSettings){.method = rh_method_find(method, NULL),
                           .network = rh_network_kind_find("small", NULL),
                           .seed = 1,
                           .epochs = 40,
                           .batch = 16,
                           .patience = 100,
                           .first_best_epoch = 5,
                           .mask_fraction = 1,
                           .method_settings = rh_method_find(method, NULL)->defaults};
}

/* What people may write into a field, and what it is taken for. */
static void test_parse(void)
{
    static const struct {
        const char *key, *text;
        gboolean right;
        const char *kept;
    } cases[] = {
        {"batch", "8", TRUE, "8"},
        {"batch", " 32 ", TRUE, "32"},
        {"batch", "1", FALSE, "16"},
        {"batch", "8.5", FALSE, "16"},
        {"batch", "-8", FALSE, "16"},
        {"batch", "", FALSE, "16"},
        {"batch", "4097", FALSE, "16"},
        {"learning_rate", "3e-4", TRUE, "0.0003"},
        {"learning_rate", "0", FALSE, "0.003"},
        {"learning_rate", "nan", FALSE, "0.003"},
        {"learning_rate", "1e-3 or so", FALSE, "0.003"},
        {"lambda", "0", TRUE, "0"},
        {"lambda", "-0.1", FALSE, "1"},
        {"lambda", "inf", FALSE, "1"},
        {"published", "true", TRUE, "true"},
        {"published", "yes", FALSE, "false"},
        {"validation", "balanced", TRUE, "balanced"},
        {"validation", "other", FALSE, "shifted"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const RhSetting *setting = rh_setting_find(cases[i].key);
        RhRunSettings settings = settings_of("actdiff");
        g_assert_cmpint(rh_setting_parse(setting, cases[i].text, &settings), ==, cases[i].right);
        g_autofree char *text = rh_setting_text(setting, &settings);
        g_assert_cmpstr(text, ==, cases[i].kept);
    }
    g_assert_null(rh_setting_find("seed"));
}

/* Every setting has its own place and name, words for people, and only one value changes with it. */
static void test_table(void)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++) {
        g_assert_cmpuint(strlen(table[i].help), >, 20);
        g_assert_cmpuint(strlen(table[i].title), >, 4);
        for (guint k = 0; k < i; k++) {
            g_assert_cmpstr(table[i].key, !=, table[k].key);
            g_assert_cmpuint(table[i].offset, !=, table[k].offset);
        }
        if (table[i].kind != RH_SETTING_WHOLE && table[i].kind != RH_SETTING_REAL)
            continue;
        const RhRunSettings before = settings_of("adversarial");
        RhRunSettings after = before;
        g_assert_true(rh_setting_parse(&table[i], "1", &after) || rh_setting_parse(&table[i], "3", &after));
        for (guint k = 0; k < count; k++)
            if (k != i)
                g_assert_true(rh_setting_equal(&table[k], &before, &after));
    }
}

static void test_applies(void)
{
    static const struct {
        const char *key, *with, *without;
    } cases[] = {
        {"lambda", "rrr", "baseline"},
        {"discriminator_period", "adversarial", "actdiff"},
        {"published", "actdiff", "gradmask"},
        {"mask_blur", "masked", "baseline"},
        {"mask_fraction", "actdiff", "baseline"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const RhSetting *setting = rh_setting_find(cases[i].key);
        g_assert_true(rh_setting_applies(setting, rh_method_find(cases[i].with, NULL)));
        g_assert_false(rh_setting_applies(setting, rh_method_find(cases[i].without, NULL)));
    }
    g_assert_true(rh_setting_applies(rh_setting_find("epochs"), rh_method_find("baseline", NULL)));
}

/* Runs are of one group if they differ in nothing that matters but the seed. */
static void test_alike(void)
{
    const RhRunSettings one = settings_of("baseline");
    RhRunSettings other = one;
    other.seed = 2;
    g_assert_true(rh_run_settings_alike(&one, &other));
    other.width = one.network->default_width; /* one has 0, which means this */
    g_assert_true(rh_run_settings_alike(&one, &other));
    other.mask_blur = 2; /* the baseline has no masks */
    g_assert_true(rh_run_settings_alike(&one, &other));
    other.patience = 20;
    g_assert_false(rh_run_settings_alike(&one, &other));
    RhRunSettings weighted = settings_of("actdiff"), heavier = weighted;
    heavier.method_settings.lambda = 2;
    g_assert_false(rh_run_settings_alike(&weighted, &heavier));
    g_assert_false(rh_run_settings_alike(&one, &weighted));
}

static void add_case(RhStudy *study, guint8 label, RhSplit split, gboolean has_mask)
{
    g_autofree char *id = g_strdup_printf("case-%u", study->cases->len);
    RhCase *item = rh_case_new(id, id);
    item->label = label;
    item->split = split;
    item->has_mask = has_mask;
    g_ptr_array_add(study->cases, item);
}

static char *advise(const RhStudy *study, const char *method, gboolean empty_negatives)
{
    RhRunSettings settings = settings_of(method);
    settings.empty_negatives = empty_negatives;
    return rh_run_settings_advise(&settings, study);
}

#define ASSERT_ADVICE(study, method, empty_negatives, part)                                                  \
    G_STMT_START                                                                                             \
    {                                                                                                        \
        g_autofree char *advice = advise(study, method, empty_negatives);                                    \
        g_assert_nonnull(advice);                                                                            \
        g_assert_nonnull(strstr(advice, part));                                                              \
    }                                                                                                        \
    G_STMT_END

/* A method that lacks masks says so, once it counts which training images have one. */
static void test_advice(void)
{
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
    RhStudy study = {.class_names = {(char *)"clear", (char *)"nodule"}, .cases = cases};
    add_case(&study, 0, RH_SPLIT_TRAINING, FALSE);
    add_case(&study, 1, RH_SPLIT_TRAINING, FALSE);
    add_case(&study, 0, RH_SPLIT_TEST, TRUE);
    add_case(&study, 1, RH_SPLIT_VALIDATION, TRUE);
    add_case(&study, RH_UNKNOWN, RH_SPLIT_TRAINING, TRUE);
    ASSERT_ADVICE(&study, "masked", FALSE, "No training image has a mask");
    ASSERT_ADVICE(&study, "actdiff", TRUE, "Only images of “clear” have masks");
    g_assert_null(advise(&study, "baseline", FALSE));
    add_case(&study, 1, RH_SPLIT_TRAINING, TRUE);
    ASSERT_ADVICE(&study, "rrr", FALSE, "Only images of “nodule” have masks");
    g_assert_null(advise(&study, "actdiff", TRUE));
    add_case(&study, 0, RH_SPLIT_TRAINING, TRUE);
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        g_assert_null(advise(&study, rh_methods()[i]->id, FALSE));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run-settings/parse", test_parse);
    g_test_add_func("/run-settings/table", test_table);
    g_test_add_func("/run-settings/applies", test_applies);
    g_test_add_func("/run-settings/alike", test_alike);
    g_test_add_func("/run-settings/advice", test_advice);
    return g_test_run();
}
