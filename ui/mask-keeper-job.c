/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask-keeper-job.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/files.h"

RhSaveJob *rh_save_job_of_mask(const char *id, const char *path, const RhMask *mask, guint64 revision)
{
    RhSaveJob *job = g_new0(RhSaveJob, 1);
    job->id = g_strdup(id);
    job->path = g_strdup(path);
    job->mask = rh_mask_copy(mask);
    job->revision = revision;
    return job;
}

RhSaveJob *rh_save_job_of_study(const RhStudy *study, gboolean (*save)(const RhStudy *, GError **))
{
    RhSaveJob *job = g_new0(RhSaveJob, 1);
    job->save = save;
    job->study = rh_study_copy(study);
    return job;
}

RhSaveJob *rh_save_job_of_operation(const char *id, const RhMask *before, const RhMaskOperation *operation,
                                    guint amount, RhMask *other)
{
    RhSaveJob *job = g_new0(RhSaveJob, 1);
    job->id = g_strdup(id);
    job->before = before;
    job->operation = operation;
    job->amount = amount;
    job->other = other;
    return job;
}

void rh_save_job_free(RhSaveJob *job)
{
    g_clear_pointer(&job->other, rh_mask_free);
    g_clear_pointer(&job->step, rh_mask_step_free);
    g_free(job->id);
    g_free(job->path);
    g_clear_pointer(&job->mask, rh_mask_free);
    g_clear_pointer(&job->study, rh_study_free);
    g_clear_error(&job->error);
    g_free(job);
}

/* The study's own folder is never made anew: it is gone with the disk it is on, and what is written in its
 * place would lie where nobody looks for it. */
static gboolean make_folder(const char *folder, GError **error)
{
    if (g_mkdir(folder, 0777) == 0 || errno == EEXIST)
        return TRUE;
    if (errno != ENOENT)
        return rh_file_fail(error, RH_FILE_CREATE, folder);
    g_autofree char *study = g_path_get_dirname(folder);
    g_autofree char *name = g_filename_display_name(study);
    g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                _("The study's folder “%s” is gone; put it back, or connect the disk it is on."), name);
    return FALSE;
}

static gboolean save_mask(const RhMask *mask, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (!make_folder(folder, error))
        return FALSE;
    if (rh_mask_is_empty(mask))
        return rh_file_remove(path, error);
    return rh_mask_save(mask, path, error);
}

static void operate(RhSaveJob *job)
{
    g_autoptr(RhMask) after = rh_mask_copy(job->before);
    const RhMaskOperand operand = {job->amount, job->other};
    job->operation->run(after, &operand);
    job->step = rh_mask_step_between(job->operation->title, job->before, after);
}

void rh_save_job_run(RhSaveJob *job)
{
    if (job->operation != NULL) {
        operate(job);
        return;
    }
    if (job->study != NULL) {
        job->save(job->study, &job->error);
        return;
    }
    job->empty = rh_mask_is_empty(job->mask);
    save_mask(job->mask, job->path, &job->error);
}

RhMask *rh_save_job_load(const char *path, guint width, guint height, GError **error)
{
    GStatBuf status;
    if (g_lstat(path, &status) != 0 && errno == ENOENT)
        return rh_mask_new(width, height);
    return rh_mask_load(path, width, height, error);
}
