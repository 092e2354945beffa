/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/films-form.h"

#include <glib/gi18n.h>

struct _RhFilmsForm {
    RhForm parent_instance;
    RhPhantomStudySettings settings;
    char *parent, *name;
};

G_DEFINE_FINAL_TYPE(RhFilmsForm, rh_films_form, RH_TYPE_FORM)

const RhPhantomStudySettings *rh_films_form_get_settings(RhFilmsForm *form)
{
    return &form->settings;
}

void rh_films_form_write_name(RhFilmsForm *form, const char *name)
{
    if (g_str_equal(form->name, name))
        return;
    g_free(form->name);
    form->name = g_strdup(name);
    rh_form_changed(RH_FORM(form));
}

const char *rh_films_form_get_name(RhFilmsForm *form)
{
    return form->name;
}

void rh_films_form_set_parent(RhFilmsForm *form, const char *parent)
{
    g_free(form->parent);
    form->parent = g_strdup(parent);
    rh_form_changed(RH_FORM(form));
}

const char *rh_films_form_get_parent(RhFilmsForm *form)
{
    return form->parent;
}

char *rh_films_form_folder(RhFilmsForm *form)
{
    g_autofree char *name = g_strstrip(g_strdup(form->name));
    return g_build_filename(form->parent, name, NULL);
}

char *rh_films_form_complain_of_name(RhFilmsForm *form)
{
    g_autofree char *name = g_strstrip(g_strdup(form->name));
    g_autofree char *folder = rh_films_form_folder(form);
    if (*name == '\0')
        return g_strdup(_("Write a name."));
    if (*name == '.' || strchr(name, '/') != NULL)
        return g_strdup(_("A name does not begin with a point and has no slash."));
    if (g_file_test(folder, G_FILE_TEST_EXISTS))
        return g_strdup(_("There is something of that name already."));
    return NULL;
}

gboolean rh_films_form_is_right(RhFilmsForm *form)
{
    g_autofree char *of_name = rh_films_form_complain_of_name(form);
    return of_name == NULL && rh_form_is_right(RH_FORM(form));
}

static char *free_name(const char *parent)
{
    for (guint number = 1;; number++) {
        g_autofree char *name = g_strdup_printf("chest-films-%u", number);
        g_autofree char *folder = g_build_filename(parent, name, NULL);
        if (!g_file_test(folder, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&name);
    }
}

RhFilmsForm *rh_films_form_new(const char *parent)
{
    RhFilmsForm *form = g_object_new(RH_TYPE_FILMS_FORM, NULL);
    form->parent = g_strdup(parent);
    form->name = free_name(parent);
    return form;
}

static gpointer values(RhForm *form)
{
    return &RH_FILMS_FORM(form)->settings;
}

static void finalize(GObject *object)
{
    RhFilmsForm *form = RH_FILMS_FORM(object);
    g_free(form->parent);
    g_free(form->name);
    G_OBJECT_CLASS(rh_films_form_parent_class)->finalize(object);
}

static void rh_films_form_class_init(RhFilmsFormClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    RH_FORM_CLASS(class)->values = values;
    RH_FORM_CLASS(class)->size = sizeof(RhPhantomStudySettings);
}

static void rh_films_form_init(RhFilmsForm *form)
{
    form->settings = rh_phantom_study_settings_default();
}
