/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/form.h"
#include "study/phantom-settings.h"

/* Made-up chest films while a person chooses them: the settings of the form, and where they are to lie. */
#define RH_TYPE_FILMS_FORM (rh_films_form_get_type())
G_DECLARE_FINAL_TYPE(RhFilmsForm, rh_films_form, RH, FILMS_FORM, RhForm)

/* parent: the folder studies are made in; it need not be there yet. The name is one that is free in it. */
RhFilmsForm *rh_films_form_new(const char *parent);
const RhPhantomStudySettings *rh_films_form_get_settings(RhFilmsForm *form);
void rh_films_form_write_name(RhFilmsForm *form, const char *name);
const char *rh_films_form_get_name(RhFilmsForm *form);
void rh_films_form_set_parent(RhFilmsForm *form, const char *parent);
const char *rh_films_form_get_parent(RhFilmsForm *form);
char *rh_films_form_folder(RhFilmsForm *form); /* of the study; free with g_free */
/* What is wrong with the name; NULL: nothing. Free with g_free. */
char *rh_films_form_complain_of_name(RhFilmsForm *form);
gboolean rh_films_form_is_right(RhFilmsForm *form); /* nothing is complained of, the name included */
