/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "study/setting.h"

/* Settings while a person fills them in. Fields write texts into it; one that is no value is kept as it was
 * written and complained of, and the last right value stays. Signal "changed". */
#define RH_TYPE_FORM (rh_form_get_type())
G_DECLARE_DERIVABLE_TYPE(RhForm, rh_form, RH, FORM, GObject)

struct _RhFormClass {
    GObjectClass parent_class;
    gpointer (*values)(RhForm *form); /* the struct the settings lie in: the last right values, */
    gsize size;                       /* so many bytes */
    /* Whether a setting means anything beside the other values; NULL: each always does. */
    gboolean (*applies)(RhForm *form, const RhSetting *setting);
};

void rh_form_write(RhForm *form, const RhSetting *setting, const char *text);
char *rh_form_read(RhForm *form, const RhSetting *setting); /* free with g_free */
/* What is wrong with what was written: "Write a whole number from 2 to 4096."; NULL: nothing. Free with
 * g_free. */
char *rh_form_complain(RhForm *form, const RhSetting *setting);
/* Whether a text means the value that is set, in these or in other digits. */
gboolean rh_form_says(RhForm *form, const RhSetting *setting, const char *text);
gboolean rh_form_applies(RhForm *form, const RhSetting *setting);
/* Nothing is complained of, but for settings that do not apply. */
gboolean rh_form_is_right(RhForm *form);

/* For the forms themselves: the value was set otherwise, and what was written does not count any more
 * (setting NULL: nothing that was written). Does not emit. */
void rh_form_forget(RhForm *form, const RhSetting *setting);
void rh_form_changed(RhForm *form);
