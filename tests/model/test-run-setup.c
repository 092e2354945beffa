/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-setup.h"

#include <locale.h>
#include <string.h>

#include "base/files.h"

#include "study/run-private.h"
#include "study/seeds.h"
#include "support.h"

static const RhMethod *method(const char *id)
{
    return rh_method_find(id, NULL);
}

static void assert_reads(RhRunSetup *setup, const char *key, const char *expected)
{
    g_autofree char *text = rh_form_read(RH_FORM(setup), rh_setting_find(key));
    g_assert_cmpstr(text, ==, expected);
}

/* A wrong text stays to be seen, the value before it stays in force. */
static void test_wrong(void)
{
    g_autoptr(RhRunSetup) setup = rh_run_setup_new();
    const RhSetting *batch = rh_setting_find("batch");
    rh_form_write(RH_FORM(setup), batch, "1");
    assert_reads(setup, "batch", "1");
    g_autofree char *complaint = rh_form_complain(RH_FORM(setup), batch);
    g_assert_cmpstr(complaint, ==, "Write a whole number from 2 to 4096.");
    g_assert_false(rh_run_setup_is_right(setup));
    g_assert_cmpuint(rh_run_setup_get_settings(setup)->batch, ==, 16);
    rh_form_write(RH_FORM(setup), batch, "2");
    g_assert_null(rh_form_complain(RH_FORM(setup), batch));
    g_assert_true(rh_run_setup_is_right(setup));
    /* What means nothing to the method stands in nobody's way. */
    rh_run_setup_set_method(setup, method("actdiff"));
    rh_form_write(RH_FORM(setup), rh_setting_find("mask_fraction"), "2");
    g_assert_false(rh_run_setup_is_right(setup));
    rh_run_setup_set_method(setup, method("baseline"));
    g_assert_true(rh_run_setup_is_right(setup));
}

/* Makes the locale, for it need not be installed, and writes numbers as it does. Gives the folder it lies in.
 */
static char *begin_comma(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = rh_test_folder();
    g_autofree char *place = g_build_filename(folder, "de_DE.UTF-8", NULL);
    const char *const command[] = {"localedef", "-i", "de_DE", "-f", "UTF-8", place, NULL};
    g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_setenv("LOCPATH", folder, TRUE);
    g_assert_nonnull(setlocale(LC_NUMERIC, "de_DE.UTF-8"));
    g_assert_cmpstr(localeconv()->decimal_point, ==, ",");
    return folder;
}

static void end_comma(char *folder)
{
    setlocale(LC_NUMERIC, "C");
    g_unsetenv("LOCPATH");
    g_assert_true(rh_folder_remove(folder, NULL));
    g_free(folder);
}

/* The limits are told as they are to be written, even where numbers have a comma. */
static void test_limits(void)
{
    g_autoptr(RhRunSetup) setup = rh_run_setup_new();
    const RhSetting *rate = rh_setting_find("learning_rate");
    char *locale = begin_comma();
    rh_form_write(RH_FORM(setup), rate, "0,5");
    g_autofree char *complaint = rh_form_complain(RH_FORM(setup), rate);
    g_assert_cmpstr(complaint, ==, "Write a number from 1e-09 to 10, with a point and no comma.");
    RhSetting tenths = *rate;
    tenths.low = 0.5;
    rh_form_write(RH_FORM(setup), &tenths, "0,5");
    g_autofree char *of_tenths = rh_form_complain(RH_FORM(setup), &tenths);
    g_assert_cmpstr(of_tenths, ==, "Write a number from 0.5 to 10, with a point and no comma.");
    end_comma(locale);
}

/* The method brings what is its own; what was set beside it stays. */
static void test_method(void)
{
    g_autoptr(RhRunSetup) setup = rh_run_setup_new();
    rh_form_write(RH_FORM(setup), rh_setting_find("batch"), "8");
    rh_run_setup_set_method(setup, method("adversarial"));
    assert_reads(setup, "batch", "8");
    assert_reads(setup, "lambda", "10");
    assert_reads(setup, "discriminator_period", "5");
    rh_form_write(RH_FORM(setup), rh_setting_find("lambda"), "3");
    rh_run_setup_set_method(setup, method("rrr"));
    g_assert_cmpfloat(rh_run_setup_get_settings(setup)->method_settings.lambda, ==,
                      method("rrr")->defaults.lambda);
    rh_run_setup_set_method(setup, method("baseline"));
    assert_reads(setup, "discriminator_period", "0");
    rh_run_setup_set_network(setup, rh_network_kind_find("resnet18", NULL));
    assert_reads(setup, "width", "64");
    assert_reads(setup, "batch", "8");
}

/* Values from the paper's table. */
static void test_presets(void)
{
    static const struct {
        const char *preset, *method, *key, *text;
    } cases[] = {
        {"synthetic", "baseline", "learning_rate", "0.000311"},
        {"synthetic", "actdiff", "mask_blur", "0.818"},
        {"synthetic", "actdiff", "published", "true"},
        {"synthetic", "gradmask", "lambda", "0.2034"},
        {"two-site", "adversarial", "lambda", "0.01937"},
        {"two-site", "adversarial", "discriminator_period", "2"},
        {"two-site-even", "adversarial", "discriminator_learning_rate", "0.004269"},
        {"two-view", "rrr", "lambda", "0.0001"},
        {"two-view-even", "rrr", "learning_rate", "0.009887"},
        {"two-view", "shuffled", "epochs", "100"},
    };
    g_autoptr(RhRunSetup) setup = rh_run_setup_new();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        rh_run_setup_set_method(setup, method(cases[i].method));
        rh_run_setup_set_preset(setup, rh_run_preset_find(cases[i].preset, NULL));
        assert_reads(setup, cases[i].key, cases[i].text);
        g_assert_cmpstr(rh_run_setup_get_settings(setup)->network->id, ==, "resnet18");
    }
    for (guint p = 0; rh_run_presets()[p] != NULL; p++)
        for (guint m = 0; rh_methods()[m] != NULL; m++) {
            const RhRunSettings settings = rh_run_preset_settings(rh_run_presets()[p], rh_methods()[m]);
            g_autoptr(GError) error = NULL;
            g_assert_true(rh_run_check_settings(&settings, &error));
        }
}

static void test_seeds(void)
{
    static const struct {
        const char *text, *seeds; /* NULL: wrong */
    } cases[] = {
        {"7", "7"},      {"1, 2,3", "1 2 3"}, {"1 2", "1 2"}, {"3-5", "3 4 5"},        {"1,5-6", "1 5 6"},
        {"", NULL},      {"a", NULL},         {"1,1", NULL},  {"5-3", NULL},           {"-1", NULL},
        {"1-100", "1…"}, {"1-101", NULL},     {"1.5", NULL},  {"0-99999999999", NULL},
    };
    g_autoptr(RhRunSetup) setup = rh_run_setup_new();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        rh_run_setup_write_seeds(setup, cases[i].text);
        g_autofree char *complaint = rh_run_setup_complain_of_seeds(setup);
        g_assert_cmpstr(rh_run_setup_read_seeds(setup), ==, cases[i].text);
        g_assert_cmpint(complaint == NULL, ==, cases[i].seeds != NULL);
        if (cases[i].seeds == NULL)
            continue;
        g_autoptr(GArray) seeds = rh_run_setup_get_seeds(setup);
        g_autoptr(GString) all = g_string_new(NULL);
        for (guint k = 0; k < seeds->len; k++)
            g_string_append_printf(all, "%s%u", k > 0 ? " " : "", (guint)g_array_index(seeds, guint64, k));
        if (g_str_has_suffix(cases[i].seeds, "…"))
            g_assert_cmpuint(seeds->len, ==, RH_SEEDS_MAX);
        else
            g_assert_cmpstr(all->str, ==, cases[i].seeds);
    }
}

static void test_kept(void)
{
    g_autoptr(RhRunSetup) setup = rh_run_setup_new(), again = rh_run_setup_new();
    g_autoptr(GKeyFile) file = g_key_file_new();
    rh_run_setup_set_preset(setup, rh_run_preset_find("two-view", NULL));
    rh_run_setup_set_method(setup, method("rrr"));
    rh_form_write(RH_FORM(setup), rh_setting_find("patience"), "7");
    rh_run_setup_write_seeds(setup, "4-6");
    rh_run_setup_save(setup, file, "study");
    rh_run_setup_restore(again, file, "study");
    const RhRunSettings *a = rh_run_setup_get_settings(setup), *b = rh_run_setup_get_settings(again);
    g_assert_true(rh_run_settings_alike(a, b));
    g_assert_cmpuint(b->seed, ==, 4);
    g_assert_cmpstr(rh_run_setup_get_preset(again)->id, ==, "two-view");
    g_assert_false(rh_run_setup_is_usual(again, rh_setting_find("patience")));
    g_assert_true(rh_run_setup_is_usual(again, rh_setting_find("lambda")));
    /* A file that knows nothing, or nonsense. */
    rh_run_setup_restore(again, file, "another study");
    g_assert_cmpuint(rh_run_setup_get_settings(again)->patience, ==, 100);
    g_key_file_set_string(file, "study", "method", "magic");
    g_key_file_set_string(file, "study", "batch", "many");
    rh_run_setup_restore(again, file, "study");
    g_assert_cmpstr(rh_run_setup_get_settings(again)->method->id, ==, "baseline");
    g_assert_true(rh_run_setup_is_right(again));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run-setup/wrong", test_wrong);
    g_test_add_func("/run-setup/limits", test_limits);
    g_test_add_func("/run-setup/method", test_method);
    g_test_add_func("/run-setup/presets", test_presets);
    g_test_add_func("/run-setup/seeds", test_seeds);
    g_test_add_func("/run-setup/kept", test_kept);
    return g_test_run();
}
