/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* A run that is not on disk yet, or will never be: nothing is read or written. */
RhRun *rh_run_new(const RhStudy *study, const RhRunSettings *settings, const char *folder);

/* run.ini in and out. */
gboolean rh_run_read_ini(RhRun *run, GError **error);
gboolean rh_run_write(const RhRun *run, GError **error);
gboolean rh_run_check_settings(const RhRunSettings *settings, GError **error);

/* A run of this folder is set aside and may come back to it. */
gboolean rh_run_is_aside(const char *folder);

/* metrics.csv and test.csv. A file that is not there is an empty array. */
GArray *rh_metrics_read(const char *path, GError **error);
char *rh_metrics_text(const GArray *metrics);
GArray *rh_test_read(const char *path, GError **error);

/* One scored test image as test.csv has it. */
typedef struct {
    const char *id;
    guint8 label, conflicting;
    float logits[2];
} RhTestRow;
char *rh_test_text(const RhTestRow *rows, guint count);

/* A lock on the run's folder that ends with the process, or −1 with an error if another trainer has it. On
 * file systems without locks it is given without protection. Close it to unlock. */
int rh_run_lock(const RhRun *run, GError **error);
