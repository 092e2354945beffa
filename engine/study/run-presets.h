/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* The settings the paper published, found there by a search, for each of its experiments and methods. */
typedef struct _RhRunPreset RhRunPreset;

struct _RhRunPreset {
    const char *id;    /* "two-site" */
    const char *title; /* for people */
};

const RhRunPreset *const *rh_run_presets(void); /* NULL-terminated */
const RhRunPreset *rh_run_preset_find(const char *id, GError **error);
/* With ResNet-18, which the paper trained; another network may be put in its place. seed: 1234. */
RhRunSettings rh_run_preset_settings(const RhRunPreset *preset, const RhMethod *method);
/* The ten seeds of the paper. */
const guint64 *rh_paper_seeds(guint *count);
