/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/form.h"

#include <glib/gi18n.h>

typedef struct {
    GHashTable *wrong; /* RhSetting → text that is no value */
} RhFormPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(RhForm, rh_form, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static GHashTable *wrong_of(RhForm *form)
{
    RhFormPrivate *private = rh_form_get_instance_private(form);
    return private->wrong;
}

static gpointer values_of(RhForm *form)
{
    return RH_FORM_GET_CLASS(form)->values(form);
}

void rh_form_changed(RhForm *form)
{
    g_signal_emit(form, signals[CHANGED], 0);
}

void rh_form_write(RhForm *form, const RhSetting *setting, const char *text)
{
    g_autofree char *present = rh_form_read(form, setting);
    if (g_str_equal(present, text))
        return;
    if (rh_setting_parse(setting, text, values_of(form)))
        rh_form_forget(form, setting);
    else
        g_hash_table_replace(wrong_of(form), (gpointer)setting, g_strdup(text));
    rh_form_changed(form);
}

char *rh_form_read(RhForm *form, const RhSetting *setting)
{
    const char *wrong = g_hash_table_lookup(wrong_of(form), setting);
    return wrong != NULL ? g_strdup(wrong) : rh_setting_text(setting, values_of(form));
}

static char *complain_of_whole(const RhSetting *setting)
{
    if (setting->multiple != 0)
        return g_strdup_printf(_("Write a multiple of %u from %.0f to %.0f."), setting->multiple,
                               setting->low, setting->high);
    return g_strdup_printf(_("Write a whole number from %.0f to %.0f."), setting->low, setting->high);
}

char *rh_form_complain(RhForm *form, const RhSetting *setting)
{
    if (!g_hash_table_contains(wrong_of(form), setting))
        return NULL;
    if (setting->kind == RH_SETTING_WHOLE)
        return complain_of_whole(setting);
    if (setting->kind == RH_SETTING_SEED)
        return g_strdup(_("Write a whole number, 0 or above."));
    /* The limits too have a point, whatever the language. */
    char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup_printf(_("Write a number from %s to %s, with a point and no comma."),
                           g_ascii_formatd(low, sizeof(low), "%.7g", setting->low),
                           g_ascii_formatd(high, sizeof(high), "%.7g", setting->high));
}

gboolean rh_form_says(RhForm *form, const RhSetting *setting, const char *text)
{
    g_autofree gpointer read = g_memdup2(values_of(form), RH_FORM_GET_CLASS(form)->size);
    return rh_setting_parse(setting, text, read) && rh_setting_equal(setting, read, values_of(form));
}

gboolean rh_form_applies(RhForm *form, const RhSetting *setting)
{
    const RhFormClass *class = RH_FORM_GET_CLASS(form);
    return class->applies == NULL || class->applies(form, setting);
}

gboolean rh_form_is_right(RhForm *form)
{
    GHashTableIter iter;
    gpointer setting;
    g_hash_table_iter_init(&iter, wrong_of(form));
    while (g_hash_table_iter_next(&iter, &setting, NULL))
        if (rh_form_applies(form, setting))
            return FALSE;
    return TRUE;
}

void rh_form_forget(RhForm *form, const RhSetting *setting)
{
    if (setting != NULL)
        g_hash_table_remove(wrong_of(form), setting);
    else
        g_hash_table_remove_all(wrong_of(form));
}

static void finalize(GObject *object)
{
    g_hash_table_unref(wrong_of(RH_FORM(object)));
    G_OBJECT_CLASS(rh_form_parent_class)->finalize(object);
}

static void rh_form_class_init(RhFormClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[CHANGED] =
        g_signal_new("changed", RH_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void rh_form_init(RhForm *form)
{
    RhFormPrivate *private = rh_form_get_instance_private(form);
    private->wrong = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}
