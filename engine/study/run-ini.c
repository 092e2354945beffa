/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "config.h"
#include "study/ini-private.h"
#include "study/number-private.h"
#include "study/run-private.h"
#include "study/run-settings.h"
#include "study/study-private.h"

#define FORMAT 1
#define TITLE  "title"

/* What stands in a file for a setting that has no meaning for the method may be 0. */
static RhSetting as_kept(const RhSetting *setting, const RhMethod *method)
{
    RhSetting own = *setting;
    if (!rh_setting_applies(setting, method))
        own.low = 0;
    return own;
}

gboolean rh_run_check_settings(const RhRunSettings *settings, GError **error)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    RhRunSettings scratch = *settings;
    for (guint i = 0; i < count; i++) {
        const RhSetting setting = as_kept(&table[i], settings->method);
        g_autofree char *text = rh_setting_text(&setting, settings);
        const gboolean default_width =
            setting.offset == G_STRUCT_OFFSET(RhRunSettings, width) && settings->width == 0;
        if (default_width || rh_setting_parse(&setting, text, &scratch))
            continue;
        char low[RH_NUMBER_SIZE], high[RH_NUMBER_SIZE];
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("The setting “%s” must be %s to %s, not %s."),
                    setting.key, rh_number_text(setting.low, low), rh_number_text(setting.high, high), text);
        return FALSE;
    }
    return TRUE;
}

static void read_settings(RhRunSettings *settings, RhIni *ini)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count && settings->method != NULL; i++) {
        const RhSetting setting = as_kept(&table[i], settings->method);
        g_autofree char *text = rh_ini_string(ini, "run", setting.key);
        if (!rh_setting_parse(&setting, text, settings))
            rh_ini_refuse(ini, "run", setting.key, text);
    }
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

/* What is said of a table, as runs of earlier versions do not. */
static void read_table(RhIni *ini, const char *rows, const char *sha256, RhRunTable *table)
{
    if (rh_ini_has(ini, "result", rows))
        table->rows = (guint)rh_ini_integer(ini, "result", rows, 0, G_MAXUINT);
    g_clear_pointer(&table->sha256, g_free);
    if (rh_ini_has(ini, "result", sha256))
        table->sha256 = rh_ini_string(ini, "result", sha256);
}

/* A text that may be missing. */
static void read_text(RhIni *ini, const char *group, const char *key, char **place)
{
    if (!rh_ini_has(ini, group, key))
        return;
    g_free(*place);
    *place = rh_ini_string(ini, group, key);
}

gboolean rh_run_read_ini(RhRun *run, GError **error)
{
    g_autofree char *path = rh_run_path(run, "run.ini");
    g_autoptr(RhIni) ini = rh_ini_open(path, error);
    if (ini == NULL)
        return FALSE;
    rh_ini_integer(ini, "run", "format", FORMAT, FORMAT);
    run->created = read_time(ini, "created");
    read_text(ini, "run", "kernels", &run->kernels);
    read_text(ini, "run", "computed", &run->computed);
    if (rh_ini_has(ini, "run", TITLE)) {
        g_free(run->title);
        run->title = rh_ini_name(ini, "run", TITLE);
    }
    read_text(ini, "result", "trouble", &run->trouble);
    read_names(run, ini);
    read_settings(&run->settings, ini);
    read_data(run, ini);
    read_table(ini, "metrics_rows", "metrics_sha256", &run->metrics_table);
    read_table(ini, "test_rows", "test_sha256", &run->test_table);
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
    if (run->computed != NULL)
        g_key_file_set_string(keys, "run", "computed", run->computed);
    g_key_file_set_string(keys, "run", "method", settings->method->id);
    g_key_file_set_string(keys, "run", "network", settings->network->id);
    g_key_file_set_uint64(keys, "run", "seed", settings->seed);
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++) {
        g_autofree char *text = rh_setting_text(&table[i], settings);
        g_key_file_set_string(keys, "run", table[i].key, text);
    }
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

static void set_table(GKeyFile *keys, const char *rows, const char *sha256, const RhRunTable *table)
{
    if (table->rows > 0)
        g_key_file_set_uint64(keys, "result", rows, table->rows);
    if (table->sha256 != NULL)
        g_key_file_set_string(keys, "result", sha256, table->sha256);
}

static gboolean replace_ini(const char *path, GKeyFile *keys, GError **error)
{
    gsize length = 0;
    g_autofree char *text = g_key_file_to_data(keys, &length, NULL);
    return rh_file_replace(path, text, length, error);
}

/* A run may be renamed while a training, perhaps another program's, keeps the rest of run.ini: both read and
 * write it under a lock on the folder of runs. Where the file system has no locks it is done without. */
static int lock_runs(const RhRun *run)
{
    g_autofree char *folder = rh_run_own_folder(run->folder);
    g_autofree char *runs = g_path_get_dirname(folder);
    const int descriptor = rh_path_open_folder(runs);
    if (descriptor >= 0)
        flock(descriptor, LOCK_EX);
    return descriptor;
}

static void unlock_runs(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}

/* The title is the file's; everything else is the run's. */
static void keep_title(GKeyFile *keys, const char *path)
{
    g_autoptr(RhIni) present = rh_ini_open(path, NULL);
    g_autofree char *title =
        present != NULL ? g_key_file_get_string(present->keys, "run", TITLE, NULL) : NULL;
    if (title != NULL)
        g_key_file_set_string(keys, "run", TITLE, title);
}

gboolean rh_run_write(const RhRun *run, GError **error)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_autofree char *path = rh_run_path(run, "run.ini");
    set_run(keys, run);
    set_data(keys, run);
    g_key_file_set_string(keys, "result", "state", rh_run_state_name(run->state));
    g_key_file_set_uint64(keys, "result", "epochs", run->metrics->len);
    g_key_file_set_uint64(keys, "result", "best_epoch", run->best_epoch);
    set_table(keys, "metrics_rows", "metrics_sha256", &run->metrics_table);
    set_table(keys, "test_rows", "test_sha256", &run->test_table);
    if (run->trouble != NULL)
        g_key_file_set_string(keys, "result", "trouble", run->trouble);
    const int lock = lock_runs(run);
    keep_title(keys, path);
    const gboolean ok = replace_ini(path, keys, error);
    unlock_runs(lock);
    return ok;
}

/* Changes one text of run.ini and leaves all else as it is; NULL takes it out. */
static gboolean change_text(const RhRun *run, const char *group, const char *key, const char *text,
                            GError **error)
{
    g_autofree char *path = rh_run_path(run, "run.ini");
    const int lock = lock_runs(run);
    g_autoptr(RhIni) ini = rh_ini_open(path, error);
    if (ini != NULL && text != NULL)
        g_key_file_set_string(ini->keys, group, key, text);
    else if (ini != NULL)
        g_key_file_remove_key(ini->keys, group, key, NULL);
    const gboolean ok = ini != NULL && replace_ini(path, ini->keys, error);
    unlock_runs(lock);
    return ok;
}

gboolean rh_run_rename(RhRun *run, const char *title, GError **error)
{
    const gboolean own = title != NULL && *title != '\0' && !g_str_equal(title, run->name);
    if (!change_text(run, "run", TITLE, own ? title : NULL, error))
        return FALSE;
    g_free(run->title);
    run->title = g_strdup(own ? title : run->name);
    return TRUE;
}

gboolean rh_run_note_trouble(RhRun *run, const char *trouble, GError **error)
{
    if (!change_text(run, "result", "trouble", trouble, error))
        return FALSE;
    g_free(run->trouble);
    run->trouble = g_strdup(trouble);
    return TRUE;
}
