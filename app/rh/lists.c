/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh methods, rh maps, rh networks: what the program's tables hold. */
#include "command.h"
#include "method/method.h"
#include "output.h"
#include "saliency/map.h"
#include "study/run-settings.h"
#include "tensor/kernels.h"

static gboolean parse(const RhCommand *command, GStrv *arguments, gboolean *as_json, GError **error)
{
    *as_json = FALSE;
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, as_json, "Print a JSON array", NULL},
        {NULL},
    };
    return rh_command_parse(command, options, arguments, 0, 0, error);
}

static void method_as_json(const RhMethod *method, JsonBuilder *builder)
{
    const RhMethodSettings *defaults = &method->defaults;
    json_builder_begin_object(builder);
    rh_json_text(builder, "id", method->id);
    rh_json_text(builder, "title", method->title);
    rh_json_text(builder, "summary", method->summary);
    rh_json_whole(builder, "epochs", method->default_epochs);
    rh_json_value(builder, "lr", defaults->learning_rate);
    if (method->needs & RH_METHOD_WEIGHTED)
        rh_json_value(builder, "lambda", defaults->lambda);
    if (method->needs & RH_METHOD_DISCRIMINATOR) {
        rh_json_value(builder, "disc_lr", defaults->discriminator_learning_rate);
        rh_json_whole(builder, "disc_iter", defaults->discriminator_period);
    }
    json_builder_end_object(builder);
}

/* Each with all options it would take and their defaults. */
static void method_as_text(const RhMethod *method)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    const RhRunSettings usual = rh_run_settings_usual(method, rh_network_kind_find("small", NULL));
    g_print("%-12s %s\n%-12s", method->id, method->summary, "");
    for (guint i = 0; i < count; i++) {
        g_autofree char *value = rh_setting_text(&table[i], &usual);
        if (table[i].option != NULL && rh_setting_applies(&table[i], method))
            g_print(" --%s %s", table[i].option, value);
    }
    g_print("\n");
}

static gboolean list_methods(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean as_json;
    if (!parse(command, arguments, &as_json, error))
        return FALSE;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++)
        if (as_json)
            method_as_json(*method, builder);
        else
            method_as_text(*method);
    json_builder_end_array(builder);
    if (as_json)
        rh_json_print(builder);
    return TRUE;
}

/* Entries that have a name and a sentence. */
static void list_entry(gboolean as_json, JsonBuilder *builder, const char *id, const char *title,
                       const char *description)
{
    if (!as_json) {
        g_print("%-22s %s\n", id, description);
        return;
    }
    json_builder_begin_object(builder);
    rh_json_text(builder, "id", id);
    rh_json_text(builder, "title", title);
    rh_json_text(builder, "description", description);
    json_builder_end_object(builder);
}

static gboolean list_maps(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean as_json;
    if (!parse(command, arguments, &as_json, error))
        return FALSE;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (const RhMapKind *const *kind = rh_map_kinds(); *kind != NULL; kind++)
        list_entry(as_json, builder, (*kind)->id, (*kind)->title, (*kind)->description);
    json_builder_end_array(builder);
    if (as_json)
        rh_json_print(builder);
    return TRUE;
}

static gboolean list_networks(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean as_json;
    if (!parse(command, arguments, &as_json, error))
        return FALSE;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (const RhNetworkKind *const *kind = rh_network_kinds(); *kind != NULL; kind++)
        list_entry(as_json, builder, (*kind)->id, (*kind)->title, (*kind)->description);
    json_builder_end_array(builder);
    if (as_json)
        rh_json_print(builder);
    return TRUE;
}

static gboolean list_kernels(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean as_json;
    if (!parse(command, arguments, &as_json, error))
        return FALSE;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (const RhKernels *const *kernels = rh_kernels(); *kernels != NULL; kernels++)
        if (rh_kernels_available(*kernels))
            list_entry(as_json, builder, rh_kernels_id(*kernels), rh_kernels_id(*kernels),
                       rh_kernels_description(*kernels));
    json_builder_end_array(builder);
    if (as_json)
        rh_json_print(builder);
    return TRUE;
}

const RhCommand rh_command_methods = {
    .name = "methods",
    .summary = "List the training methods and their default settings",
    .run = list_methods,
};

const RhCommand rh_command_maps = {
    .name = "maps",
    .summary = "List the saliency maps",
    .run = list_maps,
};

const RhCommand rh_command_networks = {
    .name = "networks",
    .summary = "List the networks",
    .run = list_networks,
};

const RhCommand rh_command_kernels = {
    .name = "kernels",
    .summary = "List what this processor can compute with, the fastest first",
    .run = list_kernels,
};
