/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-groups.h"

#include "nn/network.h"

static RhRun new_run(const char *method, guint64 seed, double lambda)
{
    const RhStudy study = {0};
    RhRun run = {.data_hash = (char *)"images", .mask_hash = (char *)"masks"};
    run.settings =
        rh_run_settings_default(rh_method_find(method, NULL), rh_network_kind_find("small", NULL), &study);
    run.settings.seed = seed;
    run.settings.method_settings.lambda = lambda;
    return run;
}

static void check_group(const RhRunGroup *group, const char *label, guint members)
{
    g_assert_cmpstr(group->label, ==, label);
    g_assert_cmpuint(group->members->len, ==, members);
}

/* Seeds of one setting belong together, whatever lies between them; what differs in more does not. */
static void test_seeds_of_a_setting(void)
{
    RhRun a = new_run("baseline", 1, 0), b = new_run("actdiff", 1, 1), c = new_run("baseline", 2, 0),
          d = new_run("actdiff", 2, 1), e = new_run("actdiff", 3, 1);
    const RhRun *const runs[] = {&a, &b, &c, &d, &e};
    g_autoptr(GPtrArray) groups = rh_run_groups(runs, 5);
    g_assert_cmpuint(groups->len, ==, 2);
    check_group(groups->pdata[0], "baseline-small", 2);
    check_group(groups->pdata[1], "actdiff-small", 3);
    const RhRunGroup *second = groups->pdata[1];
    g_assert_cmpuint(g_array_index(second->members, guint, 0), ==, 1);
    g_assert_cmpuint(g_array_index(second->members, guint, 2), ==, 4);
}

/* Labels say what sets groups apart, and nothing that does not. */
static void test_what_sets_apart(void)
{
    RhRun a = new_run("actdiff", 1, 1), b = new_run("actdiff", 1, 10), c = new_run("actdiff", 2, 10),
          d = new_run("gradmask", 1, 1);
    b.settings.epochs = c.settings.epochs = 7;
    a.settings.epochs = 40;
    const RhRun *const runs[] = {&a, &b, &c, &d};
    g_autoptr(GPtrArray) groups = rh_run_groups(runs, 4);
    g_assert_cmpuint(groups->len, ==, 3);
    check_group(groups->pdata[0], "actdiff-small, Weight λ 1, Epochs 40", 1);
    check_group(groups->pdata[1], "actdiff-small, Weight λ 10, Epochs 7", 2);
    check_group(groups->pdata[2], "gradmask-small", 1);
}

/* A weight that the method does not use makes no difference. */
static void test_settings_without_meaning(void)
{
    RhRun a = new_run("baseline", 1, 1), b = new_run("baseline", 2, 10);
    const RhRun *const runs[] = {&a, &b};
    g_autoptr(GPtrArray) groups = rh_run_groups(runs, 2);
    g_assert_cmpuint(groups->len, ==, 1);
}

/* Other masks are another experiment for a method that uses them, and none for one that does not. */
static void test_other_masks(void)
{
    RhRun a = new_run("baseline", 1, 0), b = new_run("baseline", 2, 0), c = new_run("actdiff", 1, 1),
          d = new_run("actdiff", 2, 1), e = new_run("baseline", 3, 0);
    b.mask_hash = d.mask_hash = (char *)"masks drawn since";
    e.data_hash = (char *)"other images";
    const RhRun *const runs[] = {&a, &b, &c, &d, &e};
    g_autoptr(GPtrArray) groups = rh_run_groups(runs, 5);
    g_assert_cmpuint(groups->len, ==, 4);
    check_group(groups->pdata[0], "baseline-small", 2);
    check_group(groups->pdata[1], "actdiff-small", 1);
    check_group(groups->pdata[2], "actdiff-small, other data 2", 1);
    check_group(groups->pdata[3], "baseline-small, other data 2", 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run-groups/seeds-of-a-setting", test_seeds_of_a_setting);
    g_test_add_func("/run-groups/what-sets-apart", test_what_sets_apart);
    g_test_add_func("/run-groups/settings-without-meaning", test_settings_without_meaning);
    g_test_add_func("/run-groups/other-masks", test_other_masks);
    return g_test_run();
}
