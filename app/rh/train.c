/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh train: trains a method on a study, one run for each seed. */
#include "base/error.h"
#include "command.h"
#include "selection.h"
#include "study/run-presets.h"
#include "study/run-settings.h"
#include "train-job.h"

/* As they come from the command line; what is NULL was not given. */
typedef struct {
    char *method, *network, *preset, *seeds, *name, *kernels;
    char **settings; /* a text for each of rh_settings() */
    int threads;
    gboolean published, profile, quiet, as_json;
} Options;

static guint count_settings(void)
{
    guint count;
    rh_settings(&count);
    return count;
}

static void clear_options(Options *options)
{
    g_free(options->method);
    g_free(options->network);
    g_free(options->preset);
    g_free(options->seeds);
    g_free(options->name);
    g_free(options->kernels);
    for (guint i = 0; i < count_settings(); i++)
        g_free(options->settings[i]);
    g_free(options->settings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* What is accepted: "1 to 4096". Free with g_free. */
static char *describe_range(const RhSetting *setting)
{
    if (setting->kind == RH_SETTING_VALIDATION)
        return g_strdup_printf("%s, %s or %s", rh_validation_name(RH_VALIDATION_SHIFTED),
                               rh_validation_name(RH_VALIDATION_LIKE_TRAINING),
                               rh_validation_name(RH_VALIDATION_BALANCED));
    return g_strdup_printf("%.7g to %.7g", setting->low, setting->high);
}

static char *describe_option(const RhSetting *setting)
{
    g_autofree char *range = describe_range(setting);
    return g_strdup_printf("%s: %s", setting->title, range);
}

/* An option for each setting that has one. The texts are the pool's. */
static GArray *setting_options(const Options *given, GPtrArray *pool)
{
    guint count;
    const RhSetting *settings = rh_settings(&count);
    GArray *options = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (guint i = 0; i < count; i++) {
        if (settings[i].option == NULL)
            continue;
        char *description = describe_option(&settings[i]);
        g_ptr_array_add(pool, description);
        const GOptionEntry option = {settings[i].option,
                                     0,
                                     0,
                                     G_OPTION_ARG_STRING,
                                     &given->settings[i],
                                     description,
                                     settings[i].kind == RH_SETTING_WHOLE  ? "N"
                                     : settings[i].kind == RH_SETTING_REAL ? "X"
                                                                           : "KIND"};
        g_array_append_val(options, option);
    }
    return options;
}

static gboolean parse(const RhCommand *command, GStrv *arguments, Options *given, GError **error)
{
    const GOptionEntry first[] = {
        {"method", 'm', 0, G_OPTION_ARG_STRING, &given->method,
         "Training method (baseline); see “rh methods”", "NAME"},
        {"network", 'n', 0, G_OPTION_ARG_STRING, &given->network, "Network (small); see “rh networks”",
         "NAME"},
        {"preset", 0, 0, G_OPTION_ARG_STRING, &given->preset,
         "Start from the paper's settings: synthetic, two-site, two-site-even, two-view, two-view-even",
         "NAME"},
        {"seed", 's', 0, G_OPTION_ARG_STRING, &given->seeds,
         "Seed (1234), or several: 1,2,3 makes a run of each; “paper”: the paper's ten", "N"},
    };
    const GOptionEntry last[] = {
        {"published", 0, 0, G_OPTION_ARG_NONE, &given->published,
         "As the authors' code: actdiff's penalty unweighted, class 0 without a mask has an empty one", NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &given->threads,
         "Threads; 0 (default): one for each processor. The result is the same", "N"},
        RH_OPTION_KERNELS(&given->kernels),
        {"profile", 0, 0, G_OPTION_ARG_NONE, &given->profile, "Tell where the time of a step goes", NULL},
        {"name", 0, 0, G_OPTION_ARG_STRING, &given->name, "Name of the run (METHOD-NETWORK-SEED)", "NAME"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &given->quiet, "No progress", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given->as_json, "Print the results as a JSON array", NULL},
    };
    g_autoptr(GPtrArray) pool = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) options = setting_options(given, pool);
    g_array_prepend_vals(options, first, G_N_ELEMENTS(first));
    g_array_append_vals(options, last, G_N_ELEMENTS(last));
    return rh_command_parse(command, (const GOptionEntry *)(void *)options->data, arguments, 1, 1, error);
}

/* What has no meaning for the method is refused rather than ignored. */
static gboolean take_setting(const RhSetting *setting, const char *text, RhRunSettings *settings,
                             GError **error)
{
    if (!rh_setting_applies(setting, settings->method)) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s has no meaning for the method %s.",
                    setting->option, settings->method->id);
        return FALSE;
    }
    if (rh_setting_parse(setting, text, settings))
        return TRUE;
    g_autofree char *range = describe_range(setting);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s is %s, not “%s”.", setting->option, range, text);
    return FALSE;
}

static gboolean take_settings(const Options *given, const RhStudy *study, RhRunSettings *settings,
                              GError **error)
{
    const RhMethod *method = rh_method_find(given->method != NULL ? given->method : "baseline", error);
    if (method == NULL)
        return FALSE;
    const RhRunPreset *preset = NULL;
    if (given->preset != NULL && (preset = rh_run_preset_find(given->preset, error)) == NULL)
        return FALSE;
    const char *usual = preset != NULL ? "resnet18" : "small";
    const RhNetworkKind *network =
        rh_network_kind_find(given->network != NULL ? given->network : usual, error);
    if (network == NULL)
        return FALSE;
    *settings = preset != NULL ? rh_run_preset_settings(preset, method)
                               : rh_run_settings_default(method, network, study);
    settings->network = network;
    settings->width = network->default_width;
    if (given->published)
        settings->empty_negatives = settings->method_settings.published = TRUE;
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++)
        if (given->settings[i] != NULL && !take_setting(&table[i], given->settings[i], settings, error))
            return FALSE;
    return TRUE;
}

/* An unfinished run with these settings (and this name, if one was given), to go on with, or a new one. */
static RhRun *find_or_create(const RhStudy *study, const RhRunSettings *settings, const char *name,
                             GError **error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) runs = rh_run_list(study, notes);
    rh_warn_notes(notes);
    for (guint i = 0; i < runs->len; i++) {
        const RhRun *run = g_ptr_array_index(runs, i);
        if (run->state != RH_RUN_FINISHED && run->settings.seed == settings->seed &&
            rh_run_settings_alike(&run->settings, settings) && (name == NULL || g_str_equal(run->name, name)))
            return g_ptr_array_steal_index(runs, i);
    }
    return rh_run_create(study, settings, name, error);
}

static GArray *take_seeds(const char *text, GError **error)
{
    if (!g_str_equal(text, "paper"))
        return rh_option_numbers("seed", text, error);
    guint count;
    const guint64 *seeds = rh_paper_seeds(&count);
    GArray *array = g_array_new(FALSE, FALSE, sizeof(guint64));
    return g_array_append_vals(array, seeds, count);
}

static gboolean train_seeds(const Options *given, const RhStudy *study, GError **error)
{
    RhRunSettings settings;
    g_autoptr(GArray) seeds = take_seeds(given->seeds != NULL ? given->seeds : "1234", error);
    if (seeds == NULL || !take_settings(given, study, &settings, error))
        return FALSE;
    g_autoptr(RhTrainJob) job =
        rh_train_job_new(study, (guint)given->threads, given->quiet, given->as_json, given->profile);
    for (guint i = 0; i < seeds->len; i++) {
        settings.seed = g_array_index(seeds, guint64, i);
        g_autofree char *name = given->name == NULL || seeds->len == 1
                                    ? g_strdup(given->name)
                                    : g_strdup_printf("%s-%" G_GUINT64_FORMAT, given->name, settings.seed);
        g_autoptr(RhRun) run = find_or_create(study, &settings, name, error);
        if (run == NULL || !rh_train_job_run(job, run, error))
            return FALSE;
    }
    rh_train_job_print(job);
    return TRUE;
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    g_auto(Options) given = {.settings = g_new0(char *, count_settings())};
    if (!parse(command, arguments, &given, error) ||
        !rh_option_in_range("threads", given.threads, 0, 1024, error) ||
        !rh_option_kernels(given.kernels, error))
        return FALSE;
    g_autoptr(RhStudy) study = rh_command_open_study((*arguments)[1], error);
    return study != NULL && train_seeds(&given, study, error);
}

const RhCommand rh_command_train = {
    .name = "train",
    .arguments = "STUDY",
    .summary = "Train a method on a study",
    .description =
        "What is not given is the method's default (“rh methods”). A run that was interrupted, by Ctrl-C "
        "or\n"
        "otherwise, goes on from its last finished epoch when the same command is given again, with the\n"
        "same result as if nothing had happened.",
    .run = run,
};
