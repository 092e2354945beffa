/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/clusters.h"
#include "study/run.h"

/* A run that is not on disk yet, or will never be: nothing is read or written. */
RhRun *rh_run_new(const RhStudy *study, const RhRunSettings *settings, const char *folder);

/* The first of "actdiff-small-1234", "actdiff-small-1234-2" … that is not taken. Free with g_free. */
char *rh_run_next_name(const RhStudy *study, const RhRunSettings *settings);

/* STUDY/runs/NAME as the study's own: STUDY/./runs/NAME (base/paths.h). */
char *rh_run_own_folder(const char *folder);

/* run.ini in and out. */
gboolean rh_run_read_ini(RhRun *run, GError **error);
gboolean rh_run_write(const RhRun *run, GError **error);
/* metrics.csv and test.csv, compared with what run.ini says of them. */
gboolean rh_run_read_results(RhRun *run, RhClusters *clusters, GError **error);
gboolean rh_run_check_settings(const RhRunSettings *settings, GError **error);

/* A run of this folder is set aside and may come back to it. */
gboolean rh_run_is_aside(const char *folder);

/* metrics.csv and test.csv. A file that is not there is an empty array. clusters: which images hang together;
 * NULL: not asked. */
GArray *rh_metrics_read(const char *path, GError **error);
char *rh_metrics_text(const GArray *metrics);
GArray *rh_test_read(const char *path, RhClusters *clusters, GError **error);

/* One scored test image as test.csv has it. */
typedef struct {
    const char *id;
    guint8 label, conflicting;
    float logits[2];
    guint32 cluster; /* as in RhScored; not in the file */
} RhTestRow;
char *rh_test_text(const RhTestRow *rows, guint count);
/* What run.ini is to say of a table. */
void rh_run_table_set(RhRunTable *table, guint rows, const char *text);

/* A lock on the run's folder against all other programs, on this computer and, where the folder is shared, on
 * others. It ends with the process; NULL with G_IO_ERROR_BUSY if another trainer has it. */
typedef struct _RhRunLock RhRunLock;
RhRunLock *rh_run_lock(const char *folder, GError **error);
void rh_run_unlock(RhRunLock *lock);
/* One that is held, or was left by a program that was killed. */
gboolean rh_run_has_lock_file(const char *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhRunLock, rh_run_unlock)
