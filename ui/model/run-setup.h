/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/form.h"
#include "study/run-presets.h"
#include "study/run-settings.h"

/* What is to be trained, while a person chooses it: method, network, the settings of the form, seeds. Signal
 * "estimated": how long it takes is known anew. */
#define RH_TYPE_RUN_SETUP (rh_run_setup_get_type())
G_DECLARE_FINAL_TYPE(RhRunSetup, rh_run_setup, RH, RUN_SETUP, RhForm)

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

/* The setting is what the chosen method, network and preset usually have. */
gboolean rh_run_setup_is_usual(RhRunSetup *setup, const RhSetting *setting);

/* Seeds, a run for each; study/seeds.h says how they are written. */
void rh_run_setup_write_seeds(RhRunSetup *setup, const char *text);
const char *rh_run_setup_read_seeds(RhRunSetup *setup);
char *rh_run_setup_complain_of_seeds(RhRunSetup *setup);
GArray *rh_run_setup_get_seeds(RhRunSetup *setup); /* guint64; of the last right text; unref it */

/* Nothing is complained of, seeds included. */
gboolean rh_run_setup_is_right(RhRunSetup *setup);
/* How long it would take to train, in words, as the window has measured it; NULL: that is not known. */
void rh_run_setup_set_duration(RhRunSetup *setup, const char *duration);
/* What stands on a button that trains: "Train · about 3:20". Free with g_free. */
char *rh_run_setup_describe_train(RhRunSetup *setup);
/* As keys of a group. */
void rh_run_setup_save(RhRunSetup *setup, GKeyFile *file, const char *group);
void rh_run_setup_restore(RhRunSetup *setup, GKeyFile *file, const char *group);
