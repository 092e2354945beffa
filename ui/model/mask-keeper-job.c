/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/mask-keeper-job.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"

#define BEING_WRITTEN 3 /* seconds: how long a file that was just written may be incomplete */

void rh_mask_file_clear(RhMaskFile *file)
{
    g_clear_pointer(&file->content, rh_mask_step_free);
    *file = (RhMaskFile){0};
}

void rh_mask_file_take(RhMaskFile *file, RhMaskFile *from)
{
    rh_mask_file_clear(file);
    *file = *from;
    *from = (RhMaskFile){0};
}

static RhMaskFile look_at_file(const char *path)
{
    return (RhMaskFile){.stamp = rh_file_stamp(path)};
}

static gboolean is_same_file(const RhMaskFile *one, const RhMaskFile *other)
{
    return rh_file_stamp_equal(&one->stamp, &other->stamp);
}

static RhMaskStep *content_of(const RhMask *mask)
{
    g_autoptr(RhMask) empty = rh_mask_new(mask->width, mask->height);
    return rh_mask_step_between("", empty, mask);
}

RhSaveJob *rh_save_job_of_mask(const char *id, const char *path, RhMask *mask, guint64 revision)
{
    RhSaveJob *job = g_new0(RhSaveJob, 1);
    job->id = g_strdup(id);
    job->path = g_strdup(path);
    job->mask = mask;
    job->revision = revision;
    return job;
}

RhSaveJob *rh_save_job_of_study(const RhStudy *study, guint64 revision)
{
    RhSaveJob *job = g_new0(RhSaveJob, 1);
    job->study = rh_study_copy(study);
    job->written = rh_study_copy(study);
    job->revision = revision;
    return job;
}

RhSaveJob *rh_save_job_of_look(const RhStudy *study, RhPresence *presence)
{
    RhSaveJob *job = g_new0(RhSaveJob, 1);
    job->folder = g_strdup(study->folder);
    job->presence = presence;
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        job->tables[i].stamp = study->known[i].stamp;
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
    g_free(job->aside);
    rh_mask_file_clear(&job->known);
    rh_mask_file_clear(&job->found);
    g_clear_pointer(&job->mask, rh_mask_free);
    g_clear_pointer(&job->study, rh_study_free);
    g_clear_pointer(&job->written, rh_study_free);
    g_free(job->folder);
    g_free(job->others);
    g_clear_error(&job->error);
    g_free(job);
}

/* The study's own folder is never made anew: it is gone with the disk it is on, and what is written in its
 * place would lie where nobody looks for it. */
static gboolean make_folder(const char *folder, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (rh_folder_ensure(folder, &reason))
        return TRUE;
    if (!g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    g_autofree char *study = g_path_get_dirname(folder);
    g_autofree char *name = rh_path_shown(study);
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

/* What they have drawn, and over it what was drawn here since the file was last known. */
static RhMask *join(const RhMask *theirs, const RhMask *known, const RhMask *ours)
{
    RhMask *joined = rh_mask_copy(theirs);
    for (gsize i = 0; i < (gsize)ours->width * ours->height; i++)
        if (ours->pixels[i] != known->pixels[i])
            joined->pixels[i] = ours->pixels[i];
    return joined;
}

/* A file that is no mask of this image, as one of another size, makes way for what is drawn; nothing of it is
 * lost. Not while it may still be being written, and only for that fault: a disk that cannot be read comes
 * back. */
static gboolean put_aside(RhSaveJob *job, const RhFileStamp *stamp)
{
    const gint64 age = g_get_real_time() / G_USEC_PER_SEC - stamp->seconds;
    if (job->only_looks || job->error->domain != RH_ERROR || ABS(age) < BEING_WRITTEN)
        return FALSE;
    job->aside = rh_file_put_aside(job->path, NULL);
    if (job->aside != NULL)
        g_clear_error(&job->error);
    return job->aside != NULL;
}

/* Whether another program has written the mask's file, or left it in a state that cannot be read: then
 * nothing is saved, and the job has a step that brings its mask up to what both have drawn. A file that is
 * missing was removed by nobody's hand that drew: it is written again. */
static gboolean is_changed_elsewhere(RhSaveJob *job)
{
    RhMaskFile now = look_at_file(job->path);
    if (now.stamp.inode == 0 || is_same_file(&now, &job->known))
        return FALSE;
    g_autoptr(RhMask) theirs = rh_mask_load(job->path, job->mask->width, job->mask->height, &job->error);
    if (theirs == NULL)
        return !put_aside(job, &now.stamp);
    g_autoptr(RhMask) known = rh_mask_new(theirs->width, theirs->height);
    if (job->known.content != NULL)
        rh_mask_step_flip(job->known.content, known);
    now.content = content_of(theirs);
    rh_mask_file_take(&job->found, &now);
    if (memcmp(theirs->pixels, known->pixels, (gsize)known->width * known->height) == 0)
        return FALSE;
    g_autoptr(RhMask) joined = join(theirs, known, job->mask);
    job->step = rh_mask_step_between(N_("Changed elsewhere"), job->mask, joined);
    return TRUE;
}

static void save(RhSaveJob *job)
{
    job->empty = rh_mask_is_empty(job->mask);
    if (is_changed_elsewhere(job) || job->only_looks || !save_mask(job->mask, job->path, &job->error))
        return;
    RhMaskFile now = look_at_file(job->path);
    now.content = content_of(job->mask);
    rh_mask_file_take(&job->found, &now);
}

static void look(RhSaveJob *job)
{
    job->tables_changed = rh_study_is_changed_elsewhere(job->folder, job->tables);
    job->others = rh_presence_look(job->presence);
}

static void save_tables(RhSaveJob *job)
{
    if (rh_study_save(job->study, &job->error))
        rh_study_rebase(job->written);
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
    if (job->folder != NULL)
        look(job);
    else if (job->study != NULL)
        save_tables(job);
    else
        save(job);
}

RhMask *rh_save_job_load(const char *path, guint width, guint height, RhMaskFile *file, GError **error)
{
    GStatBuf status;
    *file = look_at_file(path);
    RhMask *mask = g_lstat(path, &status) != 0 && errno == ENOENT ? rh_mask_new(width, height)
                                                                  : rh_mask_load(path, width, height, error);
    if (mask != NULL)
        file->content = content_of(mask);
    return mask;
}
