/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-setup.h"

#include <glib/gi18n.h>

#include "study/seeds.h"

struct _RhRunSetup {
    RhForm parent_instance;
    RhRunSettings settings;
    const RhRunPreset *preset;
    RhValidation validation;
    char *seeds_text;
    GArray *seeds;       /* guint64 */
    char *duration;      /* of the training; NULL: not known */
    GError *seeds_error; /* what is wrong with the text; NULL: nothing */
};

G_DEFINE_FINAL_TYPE(RhRunSetup, rh_run_setup, RH_TYPE_FORM)

enum { ESTIMATED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void changed(RhRunSetup *setup)
{
    rh_form_changed(RH_FORM(setup));
}

RhRunSetup *rh_run_setup_new(void)
{
    return g_object_new(RH_TYPE_RUN_SETUP, NULL);
}

const RhRunSettings *rh_run_setup_get_settings(RhRunSetup *setup)
{
    return &setup->settings;
}

const RhRunPreset *rh_run_setup_get_preset(RhRunSetup *setup)
{
    return setup->preset;
}

/* ── What is usual, and changing from one usual to another ── */

static RhRunSettings usual(RhRunSetup *setup, const RhRunPreset *preset, const RhMethod *method,
                           const RhNetworkKind *network)
{
    RhRunSettings settings =
        preset != NULL ? rh_run_preset_settings(preset, method) : rh_run_settings_usual(method, network);
    settings.network = network;
    settings.width = network->default_width;
    if (preset == NULL)
        settings.validation = setup->validation;
    return settings;
}

static RhRunSettings present_usual(RhRunSetup *setup)
{
    return usual(setup, setup->preset, setup->settings.method, setup->settings.network);
}

gboolean rh_run_setup_is_usual(RhRunSetup *setup, const RhSetting *setting)
{
    const RhRunSettings settings = present_usual(setup);
    g_autofree char *complaint = rh_form_complain(RH_FORM(setup), setting);
    return rh_setting_equal(setting, &settings, &setup->settings) && complaint == NULL;
}

static void copy_setting(const RhSetting *setting, const RhRunSettings *from, RhRunSettings *to)
{
    g_autofree char *text = rh_setting_text(setting, from);
    RhSetting any = *setting;
    any.low = 0; /* where it has no meaning it may be 0 */
    rh_setting_parse(&any, text, to);
}

/* Settings that the two have in common stay as they are. */
static void change_usual(RhRunSetup *setup, const RhRunSettings *before, const RhRunSettings *after)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    setup->settings.method = after->method;
    setup->settings.network = after->network;
    for (guint i = 0; i < count; i++) {
        if (rh_setting_equal(&table[i], before, after))
            continue;
        copy_setting(&table[i], after, &setup->settings);
        rh_form_forget(RH_FORM(setup), &table[i]);
    }
    changed(setup);
}

void rh_run_setup_set_method(RhRunSetup *setup, const RhMethod *method)
{
    if (method == setup->settings.method)
        return;
    const RhRunSettings before = present_usual(setup),
                        after = usual(setup, setup->preset, method, setup->settings.network);
    change_usual(setup, &before, &after);
}

void rh_run_setup_set_network(RhRunSetup *setup, const RhNetworkKind *network)
{
    if (network == setup->settings.network)
        return;
    const RhRunSettings before = present_usual(setup),
                        after = usual(setup, setup->preset, setup->settings.method, network);
    change_usual(setup, &before, &after);
}

void rh_run_setup_set_validation(RhRunSetup *setup, RhValidation validation)
{
    const RhRunSettings before = present_usual(setup);
    setup->validation = validation;
    const RhRunSettings after = present_usual(setup);
    change_usual(setup, &before, &after);
}

void rh_run_setup_set_preset(RhRunSetup *setup, const RhRunPreset *preset)
{
    setup->preset = preset;
    const RhNetworkKind *network = rh_network_kind_find(preset != NULL ? "resnet18" : "small", NULL);
    setup->settings = usual(setup, preset, setup->settings.method, network);
    rh_form_forget(RH_FORM(setup), NULL);
    changed(setup);
}

void rh_run_setup_take(RhRunSetup *setup, const RhRunSettings *settings)
{
    setup->preset = NULL;
    setup->settings = *settings;
    rh_form_forget(RH_FORM(setup), NULL);
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, settings->seed);
    rh_run_setup_write_seeds(setup, seed);
}

static gpointer values(RhForm *form)
{
    return &RH_RUN_SETUP(form)->settings;
}

static gboolean applies(RhForm *form, const RhSetting *setting)
{
    return rh_setting_applies(setting, RH_RUN_SETUP(form)->settings.method);
}

/* ── Seeds ── */

void rh_run_setup_write_seeds(RhRunSetup *setup, const char *text)
{
    g_autofree char *own = g_strdup(text);
    g_clear_error(&setup->seeds_error);
    GArray *seeds = rh_seeds_parse(own, &setup->seeds_error);
    g_free(setup->seeds_text);
    setup->seeds_text = g_steal_pointer(&own);
    if (seeds != NULL) {
        g_array_unref(setup->seeds);
        setup->seeds = seeds;
        setup->settings.seed = g_array_index(seeds, guint64, 0);
    }
    changed(setup);
}

const char *rh_run_setup_read_seeds(RhRunSetup *setup)
{
    return setup->seeds_text;
}

char *rh_run_setup_complain_of_seeds(RhRunSetup *setup)
{
    return setup->seeds_error != NULL ? g_strdup(setup->seeds_error->message) : NULL;
}

GArray *rh_run_setup_get_seeds(RhRunSetup *setup)
{
    return g_array_copy(setup->seeds);
}

gboolean rh_run_setup_is_right(RhRunSetup *setup)
{
    return rh_form_is_right(RH_FORM(setup)) && setup->seeds_error == NULL;
}

/* ── How long it takes ── */

void rh_run_setup_set_duration(RhRunSetup *setup, const char *duration)
{
    if (g_strcmp0(setup->duration, duration) == 0)
        return;
    g_free(setup->duration);
    setup->duration = g_strdup(duration);
    g_signal_emit(setup, signals[ESTIMATED], 0);
}

char *rh_run_setup_describe_train(RhRunSetup *setup)
{
    return setup->duration != NULL ? g_strdup_printf(_("Train · about %s"), setup->duration)
                                   : g_strdup(_("Train"));
}

/* ── Kept from one time to the next ── */

void rh_run_setup_save(RhRunSetup *setup, GKeyFile *file, const char *group)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    g_key_file_set_string(file, group, "method", setup->settings.method->id);
    g_key_file_set_string(file, group, "network", setup->settings.network->id);
    g_key_file_set_string(file, group, "preset", setup->preset != NULL ? setup->preset->id : "");
    g_key_file_set_string(file, group, "seeds", setup->seeds_text);
    for (guint i = 0; i < count; i++) {
        g_autofree char *text = rh_setting_text(&table[i], &setup->settings);
        g_key_file_set_string(file, group, table[i].key, text);
    }
}

/* What the file does not say, or no longer can, is as it usually is. */
void rh_run_setup_restore(RhRunSetup *setup, GKeyFile *file, const char *group)
{
    g_autofree char *preset = g_key_file_get_string(file, group, "preset", NULL);
    g_autofree char *method = g_key_file_get_string(file, group, "method", NULL);
    g_autofree char *network = g_key_file_get_string(file, group, "network", NULL);
    g_autofree char *seeds = g_key_file_get_string(file, group, "seeds", NULL);
    const RhMethod *known = method != NULL ? rh_method_find(method, NULL) : NULL;
    const RhNetworkKind *kind = network != NULL ? rh_network_kind_find(network, NULL) : NULL;
    setup->settings.method = known != NULL ? known : rh_methods()[0];
    rh_run_setup_set_preset(setup, preset != NULL ? rh_run_preset_find(preset, NULL) : NULL);
    if (kind != NULL)
        rh_run_setup_set_network(setup, kind);
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++) {
        g_autofree char *text = g_key_file_get_string(file, group, table[i].key, NULL);
        if (text != NULL)
            rh_setting_parse(&table[i], text, &setup->settings);
    }
    rh_run_setup_write_seeds(setup, seeds != NULL ? seeds : "1234");
}

static void finalize(GObject *object)
{
    RhRunSetup *setup = RH_RUN_SETUP(object);
    g_array_unref(setup->seeds);
    g_free(setup->seeds_text);
    g_clear_error(&setup->seeds_error);
    g_free(setup->duration);
    G_OBJECT_CLASS(rh_run_setup_parent_class)->finalize(object);
}

static void rh_run_setup_class_init(RhRunSetupClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[ESTIMATED] =
        g_signal_new("estimated", RH_TYPE_RUN_SETUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    RH_FORM_CLASS(class)->values = values;
    RH_FORM_CLASS(class)->size = sizeof(RhRunSettings);
    RH_FORM_CLASS(class)->applies = applies;
}

static void rh_run_setup_init(RhRunSetup *setup)
{
    setup->seeds = g_array_new(FALSE, FALSE, sizeof(guint64));
    setup->settings = rh_run_settings_usual(rh_methods()[0], rh_network_kinds()[0]);
    rh_run_setup_write_seeds(setup, "1234");
}
