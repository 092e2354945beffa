/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh train: trains a method on a study, one run for each seed. */
#include "base/error.h"
#include "command.h"
#include "selection.h"
#include "train-job.h"

/* As they come from the command line; what is −1, REAL_NOT_GIVEN or NULL was not given. */
#define REAL_NOT_GIVEN (-G_MAXDOUBLE)
typedef struct {
    char *method, *network, *seeds, *name, *validation, *kernels;
    int threads, epochs, batch, patience, width, discriminator_period;
    double learning_rate, lambda, discriminator_learning_rate, mask_fraction, mask_blur;
    gboolean published, profile, quiet, as_json;
} Options;

static void clear_options(Options *options)
{
    g_free(options->method);
    g_free(options->network);
    g_free(options->seeds);
    g_free(options->name);
    g_free(options->validation);
    g_free(options->kernels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean parse(const RhCommand *command, GStrv *arguments, Options *given, GError **error)
{
    const GOptionEntry options[] = {
        {"method", 'm', 0, G_OPTION_ARG_STRING, &given->method,
         "Training method (baseline); see “rh methods”", "NAME"},
        {"network", 'n', 0, G_OPTION_ARG_STRING, &given->network, "Network (small); see “rh networks”",
         "NAME"},
        {"seed", 's', 0, G_OPTION_ARG_STRING, &given->seeds,
         "Seed (1234), or several: 1,2,3 makes a run of each", "N"},
        {"epochs", 0, 0, G_OPTION_ARG_INT, &given->epochs, "Passes over the training images", "N"},
        {"lr", 0, 0, G_OPTION_ARG_DOUBLE, &given->learning_rate, "Learning rate", "X"},
        {"lambda", 0, 0, G_OPTION_ARG_DOUBLE, &given->lambda, "Weight of the method's penalty", "X"},
        {"disc-lr", 0, 0, G_OPTION_ARG_DOUBLE, &given->discriminator_learning_rate,
         "Learning rate of the discriminator (adversarial)", "X"},
        {"disc-iter", 0, 0, G_OPTION_ARG_INT, &given->discriminator_period,
         "The encoder moves on every N-th batch (adversarial)", "N"},
        {"batch", 0, 0, G_OPTION_ARG_INT, &given->batch, "Images a step (16)", "N"},
        {"patience", 0, 0, G_OPTION_ARG_INT, &given->patience,
         "Epochs without a new best after which it ends (100)", "N"},
        {"width", 0, 0, G_OPTION_ARG_INT, &given->width, "Channels of the network's first stage", "N"},
        {"mask-fraction", 0, 0, G_OPTION_ARG_DOUBLE, &given->mask_fraction,
         "Share of the training images whose mask is used (1)", "X"},
        {"mask-blur", 0, 0, G_OPTION_ARG_DOUBLE, &given->mask_blur,
         "Widen the training masks by this blur (0)", "X"},
        {"validation", 0, 0, G_OPTION_ARG_STRING, &given->validation,
         "Validation set that selects the model: shifted, like-training, balanced", "KIND"},
        {"published", 0, 0, G_OPTION_ARG_NONE, &given->published,
         "As the authors' code: actdiff's penalty unweighted, class 0 without a mask has an empty one", NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &given->threads,
         "Threads; 0 (default): one for each processor. The result is the same", "N"},
        RH_OPTION_KERNELS(&given->kernels),
        {"profile", 0, 0, G_OPTION_ARG_NONE, &given->profile, "Tell where the time of a step goes", NULL},
        {"name", 0, 0, G_OPTION_ARG_STRING, &given->name, "Name of the run (METHOD-NETWORK-SEED)", "NAME"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &given->quiet, "No progress", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given->as_json, "Print the results as a JSON array", NULL},
        {NULL},
    };
    return rh_command_parse(command, options, arguments, 1, 1, error);
}

static gboolean take_whole(const char *option, int given, int low, int high, guint *setting, GError **error)
{
    if (given == -1)
        return TRUE;
    if (!rh_option_in_range(option, given, low, high, error))
        return FALSE;
    *setting = (guint)given;
    return TRUE;
}

static gboolean take_real(const char *option, double given, double low, double high, double *setting,
                          GError **error)
{
    if (given == REAL_NOT_GIVEN)
        return TRUE;
    if (!rh_option_in_range(option, given, low, high, error))
        return FALSE;
    *setting = given;
    return TRUE;
}

/* What has no meaning for the method is refused rather than ignored. */
static gboolean check_meaning(const Options *given, const RhMethod *method, GError **error)
{
    const struct {
        const char *option;
        gboolean given;
        RhMethodNeeds needs;
    } options[] = {
        {"lambda", given->lambda != REAL_NOT_GIVEN, RH_METHOD_WEIGHTED},
        {"disc-lr", given->discriminator_learning_rate != REAL_NOT_GIVEN, RH_METHOD_DISCRIMINATOR},
        {"disc-iter", given->discriminator_period != -1, RH_METHOD_DISCRIMINATOR},
    };
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        if (options[i].given && (method->needs & options[i].needs) == 0) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s has no meaning for the method %s.",
                        options[i].option, method->id);
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
    const RhNetworkKind *network =
        rh_network_kind_find(given->network != NULL ? given->network : "small", error);
    if (network == NULL || !check_meaning(given, method, error))
        return FALSE;
    *settings = rh_run_settings_default(method, network, study);
    RhMethodSettings *own = &settings->method_settings;
    settings->empty_negatives = own->published = given->published;
    if (given->validation != NULL && !rh_validation_parse(given->validation, &settings->validation)) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    "--validation is shifted, like-training or balanced, not “%s”.", given->validation);
        return FALSE;
    }
    return take_whole("epochs", given->epochs, 1, 100000, &settings->epochs, error) &&
           take_whole("batch", given->batch, 2, 4096, &settings->batch, error) &&
           take_whole("patience", given->patience, 1, 100000, &settings->patience, error) &&
           take_whole("width", given->width, 1, 1024, &settings->width, error) &&
           take_whole("disc-iter", given->discriminator_period, 1, 1000, &own->discriminator_period, error) &&
           take_real("lr", given->learning_rate, 1e-9, 10, &own->learning_rate, error) &&
           take_real("lambda", given->lambda, 0, 1e6, &own->lambda, error) &&
           take_real("disc-lr", given->discriminator_learning_rate, 1e-9, 10,
                     &own->discriminator_learning_rate, error) &&
           take_real("mask-fraction", given->mask_fraction, 0, 1, &settings->mask_fraction, error) &&
           take_real("mask-blur", given->mask_blur, 0, 100, &settings->mask_blur, error);
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
            rh_settings_alike(&run->settings, settings) && (name == NULL || g_str_equal(run->name, name)))
            return g_ptr_array_steal_index(runs, i);
    }
    return rh_run_create(study, settings, name, error);
}

static gboolean train_seeds(const Options *given, const RhStudy *study, GError **error)
{
    RhRunSettings settings;
    g_autoptr(GArray) seeds = rh_option_numbers("seed", given->seeds != NULL ? given->seeds : "1234", error);
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
    g_auto(Options) given = {
        .threads = 0,
        .epochs = -1,
        .batch = -1,
        .patience = -1,
        .width = -1,
        .discriminator_period = -1,
        .learning_rate = REAL_NOT_GIVEN,
        .lambda = REAL_NOT_GIVEN,
        .discriminator_learning_rate = REAL_NOT_GIVEN,
        .mask_fraction = REAL_NOT_GIVEN,
        .mask_blur = REAL_NOT_GIVEN,
    };
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
