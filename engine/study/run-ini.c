/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "base/error.h"
#include "base/files.h"
#include "config.h"
#include "study/ini-private.h"
#include "study/number-private.h"
#include "study/run-private.h"
#include "study/study-private.h"

#define FORMAT 1

/* The settings that are numbers: where they are, what run.ini calls them, what is accepted. */
typedef enum { WHOLE, REAL } Kind;

static const struct {
    const char *key;
    Kind kind;
    gsize offset; /* of a guint or a double in RhRunSettings */
    double low, high;
} numbers[] = {
    {"width", WHOLE, G_STRUCT_OFFSET(RhRunSettings, width), 1, 1024},
    {"epochs", WHOLE, G_STRUCT_OFFSET(RhRunSettings, epochs), 1, 100000},
    {"batch", WHOLE, G_STRUCT_OFFSET(RhRunSettings, batch), 2, 4096},
    {"patience", WHOLE, G_STRUCT_OFFSET(RhRunSettings, patience), 1, 100000},
    {"first_best_epoch", WHOLE, G_STRUCT_OFFSET(RhRunSettings, first_best_epoch), 1, 100000},
    {"learning_rate", REAL, G_STRUCT_OFFSET(RhRunSettings, method_settings.learning_rate), 1e-9, 10},
    {"lambda", REAL, G_STRUCT_OFFSET(RhRunSettings, method_settings.lambda), 0, 1e9},
    {"discriminator_learning_rate", REAL,
     G_STRUCT_OFFSET(RhRunSettings, method_settings.discriminator_learning_rate), 0, 10},
    {"discriminator_period", WHOLE, G_STRUCT_OFFSET(RhRunSettings, method_settings.discriminator_period), 0,
     100000},
    {"mask_fraction", REAL, G_STRUCT_OFFSET(RhRunSettings, mask_fraction), 0, 1},
    {"mask_blur", REAL, G_STRUCT_OFFSET(RhRunSettings, mask_blur), 0, 100},
};

static const struct {
    const char *key;
    gsize offset;
} flags[] = {
    {"published", G_STRUCT_OFFSET(RhRunSettings, method_settings.published)},
    {"empty_negatives", G_STRUCT_OFFSET(RhRunSettings, empty_negatives)},
};

static gpointer at(const RhRunSettings *settings, gsize offset)
{
    return (char *)settings + offset;
}

static double number_of(const RhRunSettings *settings, guint i)
{
    gconstpointer place = at(settings, numbers[i].offset);
    return numbers[i].kind == WHOLE ? *(const guint *)place : *(const double *)place;
}

gboolean rh_run_check_settings(const RhRunSettings *settings, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const double value = number_of(settings, i);
        const gboolean default_width = i == 0 && value == 0;
        if (default_width || (value >= numbers[i].low && value <= numbers[i].high))
            continue;
        char low[RH_NUMBER_SIZE], high[RH_NUMBER_SIZE], text[RH_NUMBER_SIZE];
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "%s is %s to %s, not %s.", numbers[i].key,
                    rh_number_text(numbers[i].low, low), rh_number_text(numbers[i].high, high),
                    rh_number_text(value, text));
        return FALSE;
    }
    return TRUE;
}

static void read_numbers(RhRunSettings *settings, RhIni *ini)
{
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        gpointer place = at(settings, numbers[i].offset);
        if (numbers[i].kind == WHOLE)
            *(guint *)place = (guint)rh_ini_integer(ini, "run", numbers[i].key, (guint64)numbers[i].low,
                                                    (guint64)numbers[i].high);
        else
            *(double *)place = rh_ini_number(ini, "run", numbers[i].key, numbers[i].low, numbers[i].high);
    }
    for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
        *(gboolean *)at(settings, flags[i].offset) = rh_ini_boolean(ini, "run", flags[i].key);
    settings->seed = rh_ini_integer(ini, "run", "seed", 0, G_MAXUINT64);
}

static void read_names(RhRun *run, RhIni *ini)
{
    g_autofree char *method = rh_ini_string(ini, "run", "method");
    run->settings.method = rh_method_find(method, NULL);
    if (run->settings.method == NULL)
        rh_ini_refuse(ini, "run", "method", method);
    g_autofree char *network = rh_ini_string(ini, "run", "network");
    run->settings.network = rh_network_kind_find(network, NULL);
    if (run->settings.network == NULL)
        rh_ini_refuse(ini, "run", "network", network);
    g_autofree char *validation = rh_ini_string(ini, "run", "validation");
    if (!rh_validation_parse(validation, &run->settings.validation))
        rh_ini_refuse(ini, "run", "validation", validation);
    g_autofree char *state = rh_ini_string(ini, "result", "state");
    for (run->state = RH_RUN_NEW; run->state <= RH_RUN_FINISHED; run->state++)
        if (g_str_equal(state, rh_run_state_name(run->state)))
            return;
    rh_ini_refuse(ini, "result", "state", state);
}

static void read_data(RhRun *run, RhIni *ini)
{
    g_autofree char *confounder = rh_ini_string(ini, "data", "confounder");
    g_autofree char *split = rh_ini_string(ini, "data", "split");
    g_autofree char *validation = rh_ini_string(ini, "data", "split_validation");
    if (!rh_confounder_kind_parse(confounder, &run->confounder_kind))
        rh_ini_refuse(ini, "data", "confounder", confounder);
    if (!rh_split_kind_parse(split, &run->split.kind))
        rh_ini_refuse(ini, "data", "split", split);
    if (!rh_validation_parse(validation, &run->split.validation))
        rh_ini_refuse(ini, "data", "split_validation", validation);
    run->split.ratio = rh_ini_number(ini, "data", "split_ratio", 0, 1);
    run->split.seed = rh_ini_integer(ini, "data", "split_seed", 0, G_MAXUINT64);
    run->image_height = (guint)rh_ini_integer(ini, "data", "height", RH_STUDY_SIDE_MIN, RH_STUDY_SIDE_MAX);
    run->image_width = (guint)rh_ini_integer(ini, "data", "width", RH_STUDY_SIDE_MIN, RH_STUDY_SIDE_MAX);
    g_free(run->data_hash);
    g_free(run->mask_hash);
    run->data_hash = rh_ini_string(ini, "data", "images_sha256");
    run->mask_hash = rh_ini_string(ini, "data", "masks_sha256");
}

/* A time as text, to the microsecond: 2026-11-24T22:10:00.123456Z. */
static char *time_text(gint64 microseconds)
{
    g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc(microseconds / G_USEC_PER_SEC);
    g_autoptr(GDateTime) time = g_date_time_add(seconds, microseconds % G_USEC_PER_SEC);
    return g_date_time_format_iso8601(time);
}

static gint64 read_time(RhIni *ini, const char *key)
{
    g_autofree char *text = rh_ini_has(ini, "run", key) ? rh_ini_string(ini, "run", key) : NULL;
    g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    if (text != NULL && time == NULL)
        rh_ini_refuse(ini, "run", key, text);
    if (time == NULL)
        return 0;
    return g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
}

gboolean rh_run_read_ini(RhRun *run, GError **error)
{
    g_autofree char *path = rh_run_path(run, "run.ini");
    g_autoptr(RhIni) ini = rh_ini_open(path, error);
    if (ini == NULL)
        return FALSE;
    rh_ini_integer(ini, "run", "format", FORMAT, FORMAT);
    run->created = read_time(ini, "created");
    if (rh_ini_has(ini, "run", "kernels")) {
        g_free(run->kernels);
        run->kernels = rh_ini_string(ini, "run", "kernels");
    }
    read_names(run, ini);
    read_numbers(&run->settings, ini);
    read_data(run, ini);
    return rh_ini_check(ini, error);
}

static void set_run(GKeyFile *keys, const RhRun *run)
{
    const RhRunSettings *settings = &run->settings;
    g_autofree char *created = time_text(run->created);
    g_key_file_set_integer(keys, "run", "format", FORMAT);
    g_key_file_set_string(keys, "run", "program", "Red Herring " RH_VERSION);
    g_key_file_set_string(keys, "run", "created", created);
    g_key_file_set_string(keys, "run", "kernels", run->kernels);
    g_key_file_set_string(keys, "run", "method", settings->method->id);
    g_key_file_set_string(keys, "run", "network", settings->network->id);
    g_key_file_set_uint64(keys, "run", "seed", settings->seed);
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        rh_ini_set_number(keys, "run", numbers[i].key, number_of(settings, i));
    for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
        g_key_file_set_boolean(keys, "run", flags[i].key, *(const gboolean *)at(settings, flags[i].offset));
    g_key_file_set_string(keys, "run", "validation", rh_validation_name(settings->validation));
}

static void set_data(GKeyFile *keys, const RhRun *run)
{
    g_key_file_set_string(keys, "data", "confounder", rh_confounder_kind_name(run->confounder_kind));
    g_key_file_set_uint64(keys, "data", "height", run->image_height);
    g_key_file_set_uint64(keys, "data", "width", run->image_width);
    g_key_file_set_string(keys, "data", "split", rh_split_kind_name(run->split.kind));
    rh_ini_set_number(keys, "data", "split_ratio", run->split.ratio);
    g_key_file_set_string(keys, "data", "split_validation", rh_validation_name(run->split.validation));
    g_key_file_set_uint64(keys, "data", "split_seed", run->split.seed);
    g_key_file_set_string(keys, "data", "images_sha256", run->data_hash);
    g_key_file_set_string(keys, "data", "masks_sha256", run->mask_hash);
}

gboolean rh_run_write(const RhRun *run, GError **error)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    set_run(keys, run);
    set_data(keys, run);
    g_key_file_set_string(keys, "result", "state", rh_run_state_name(run->state));
    g_key_file_set_uint64(keys, "result", "epochs", run->metrics->len);
    g_key_file_set_uint64(keys, "result", "best_epoch", run->best_epoch);
    gsize length = 0;
    g_autofree char *text = g_key_file_to_data(keys, &length, NULL);
    g_autofree char *path = rh_run_path(run, "run.ini");
    return rh_file_replace(path, text, length, error);
}
