/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "study/run-presets.h"
#include "study/run-settings.h"

/* What is to be trained, while a person chooses it: method, network, settings, seeds. Fields write texts into
 * it; one that is no value is kept as it was written and complained of, and the last right value stays.
 * Signal "changed". */
#define RH_TYPE_RUN_SETUP (rh_run_setup_get_type())
G_DECLARE_FINAL_TYPE(RhRunSetup, rh_run_setup, RH, RUN_SETUP, GObject)

RhRunSetup *rh_run_setup_new(void);
/* Settings of the study's own: which validation images are the usual ones. */
void rh_run_setup_set_validation(RhRunSetup *setup, RhValidation validation);
const RhRunSettings *rh_run_setup_get_settings(RhRunSetup *setup);
/* All right values at once, as those of another run; its seed is the one seed. */
void rh_run_setup_take(RhRunSetup *setup, const RhRunSettings *settings);

/* What the other method, network or preset has otherwise than the one before changes; the rest stays as it
 * was set. preset NULL: this program's defaults. */
void rh_run_setup_set_method(RhRunSetup *setup, const RhMethod *method);
void rh_run_setup_set_network(RhRunSetup *setup, const RhNetworkKind *network);
const RhRunPreset *rh_run_setup_get_preset(RhRunSetup *setup);
/* Everything becomes what the preset says, network included. */
void rh_run_setup_set_preset(RhRunSetup *setup, const RhRunPreset *preset);

void rh_run_setup_write(RhRunSetup *setup, const RhSetting *setting, const char *text);
char *rh_run_setup_read(RhRunSetup *setup, const RhSetting *setting); /* free with g_free */
/* What is wrong with what was written: "A whole number from 2 to 4096"; NULL: nothing. Free with g_free. */
char *rh_run_setup_complain(RhRunSetup *setup, const RhSetting *setting);
/* The setting is what the chosen method, network and preset usually have. */
gboolean rh_run_setup_is_usual(RhRunSetup *setup, const RhSetting *setting);

/* Seeds: "1234" or "1, 2, 3" or "1-5", a run for each. */
#define RH_SEEDS_MAX 100
void rh_run_setup_write_seeds(RhRunSetup *setup, const char *text);
const char *rh_run_setup_read_seeds(RhRunSetup *setup);
char *rh_run_setup_complain_of_seeds(RhRunSetup *setup);
GArray *rh_run_setup_get_seeds(RhRunSetup *setup); /* guint64; of the last right text; unref it */

/* Nothing is complained of, but for settings that mean nothing to the method. */
gboolean rh_run_setup_is_right(RhRunSetup *setup);
/* As keys of a group. */
void rh_run_setup_save(RhRunSetup *setup, GKeyFile *file, const char *group);
void rh_run_setup_restore(RhRunSetup *setup, GKeyFile *file, const char *group);
