/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh train: trains a method on a study, one run for each seed. */
#include "base/error.h"
#include "command.h"
#include "selection.h"
#include "setting-options.h"
#include "study/data-hash.h"
#include "study/data-identity.h"
#include "study/run-presets.h"
#include "study/run-settings.h"
#include "study/seeds.h"
#include "train-list.h"

/* As they come from the command line; what is NULL was not given. */
typedef struct {
    char *method, *network, *preset, *seeds, *name, *kernels;
    RhSettingOptions settings;
    int threads;
    gboolean published, again, profile, quiet, as_json;
} Options;

static void clear_options(Options *options)
{
    g_free(options->method);
    g_free(options->network);
    g_free(options->preset);
    g_free(options->seeds);
    g_free(options->name);
    g_free(options->kernels);
    rh_setting_options_clear(&options->settings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

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
         "Seed (1234), or several: 1,2,3 or 1-5 makes a run of each; “paper”: the paper's ten", "N"},
    };
    const GOptionEntry last[] = {
        {"published", 0, 0, G_OPTION_ARG_NONE, &given->published,
         "As the authors' code: actdiff's penalty unweighted, class 0 without a mask has an empty one", NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &given->threads,
         "Threads; 0 (default): one for each processor. The result is the same", "N"},
        RH_OPTION_KERNELS(&given->kernels),
        {"profile", 0, 0, G_OPTION_ARG_NONE, &given->profile, "Tell where the time of a step goes", NULL},
        {"name", 0, 0, G_OPTION_ARG_STRING, &given->name, "Name of the run (METHOD-NETWORK-SEED)", "NAME"},
        {"again", 0, 0, G_OPTION_ARG_NONE, &given->again, "Train anew what is finished already", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &given->quiet, "No progress", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given->as_json, "Print a line of JSON for each run as it ends",
         NULL},
    };
    g_autoptr(GArray) options = rh_setting_options_entries(&given->settings, NULL);
    g_array_prepend_vals(options, first, G_N_ELEMENTS(first));
    g_array_append_vals(options, last, G_N_ELEMENTS(last));
    return rh_command_parse(command, (const GOptionEntry *)(void *)options->data, arguments, 1, 1, error);
}

/* What has no meaning for the method is refused rather than ignored. */
static gboolean check_meaning(const RhSettingOptions *options, const RhMethod *method, GError **error)
{
    for (guint i = 0; i < options->count; i++)
        if (options->given[i] != NULL && !rh_setting_applies(&options->table[i], method)) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s has no meaning for the method %s.",
                        options->table[i].option, method->id);
            return FALSE;
        }
    return TRUE;
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
    return check_meaning(&given->settings, method, error) &&
           rh_setting_options_take(&given->settings, settings, error);
}

static GArray *take_seeds(const char *text, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    if (!g_str_equal(text, "paper")) {
        GArray *written = rh_seeds_parse(text, &wrong);
        if (written == NULL)
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--seed does not understand “%s”: %s", text,
                        wrong->message);
        return written;
    }
    guint count;
    const guint64 *seeds = rh_paper_seeds(&count);
    GArray *array = g_array_new(FALSE, FALSE, sizeof(guint64));
    return g_array_append_vals(array, seeds, count);
}

static gboolean train_seeds(const Options *given, const RhStudy *study, GError **error)
{
    RhRunSettings settings;
    const RhKernels *named;
    g_autoptr(GArray) seeds = take_seeds(given->seeds != NULL ? given->seeds : "1234", error);
    if (seeds == NULL || !take_settings(given, study, &settings, error) ||
        !rh_option_kernels(given->kernels, &named, error))
        return FALSE;
    g_autofree char *advice = rh_run_settings_advise(&settings, study);
    if (advice != NULL)
        rh_warn("%s", advice);
    g_autoptr(RhTrainJob) job =
        rh_train_job_new(study, given->kernels, (guint)given->threads, given->quiet, given->profile, error);
    if (job == NULL)
        return FALSE;
    g_autofree char *images = rh_study_keep_images_hash(study, rh_train_job_samples(job));
    g_autofree char *masks = rh_hash_masks(rh_train_job_samples(job));
    const gboolean any_kernels = given->kernels == NULL || g_str_equal(given->kernels, "auto");
    RhTrainList list = {.study = study,
                        .job = job,
                        .wish = {.settings = &settings,
                                 .kernels = any_kernels ? NULL : given->kernels,
                                 .data_hash = images,
                                 .mask_hash = masks,
                                 .again = given->again},
                        .name = given->name,
                        .seeds = seeds,
                        .as_json = given->as_json};
    return rh_train_list_run(&list, error);
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    g_auto(Options) given = {.settings = rh_setting_options(table, count)};
    if (!parse(command, arguments, &given, error) ||
        !rh_option_in_range("threads", given.threads, 0, 1024, error))
        return FALSE;
    g_autoptr(RhStudy) study = rh_command_open_study((*arguments)[1], error);
    return study != NULL && train_seeds(&given, study, error);
}

const RhCommand rh_command_train = {
    .name = "train",
    .arguments = "STUDY",
    .summary = "Train a method on a study",
    .description = "What is not given is the method's default (“rh methods”).\n\n"
                   "The same command goes on, and does nothing twice. A run that was interrupted, by Ctrl-C "
                   "or otherwise,\n"
                   "goes on from its last finished epoch with the same result as if nothing had happened. A "
                   "finished run of\n"
                   "the same settings, images and, if they are named, kernels is passed over. A run that "
                   "another program\n"
                   "trains at the time comes last, and counts as done if it is finished there.\n\n"
                   "Exit status: 0 all runs are done, 1 one failed, 2 wrong usage, 75 interrupted: the same "
                   "command goes on.",
    .run = run,
};
