/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/installation.h"

#include <glib/gstdio.h>

#include "base/error.h"
#include "config.h"

#define SCHEMA   "org.redherring.RedHerring"
#define COMPILED "gschemas.compiled"

/* ── Translations ── */

static char *beside_program(const char *place)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program != NULL ? g_path_get_dirname(program) : g_strdup(".");
    return g_build_filename(folder, "..", place, NULL);
}

char *rh_installation_translations(void)
{
    static const char *const places[] = {"share/locale", "po"}; /* installed; in the build folder */
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *folder = beside_program(places[i]);
        if (g_file_test(folder, G_FILE_TEST_IS_DIR))
            return g_steal_pointer(&folder);
    }
    return g_strdup(RH_TRANSLATIONS);
}

/* ── Settings ── */

/* GSettings reads schemas from folders only; the file stays mapped when it is gone. */
static GSettingsSchema *unpack_schema(GError **error)
{
    g_autoptr(GBytes) compiled =
        g_resources_lookup_data("/org/redherring/RedHerring/" COMPILED, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    g_autofree char *folder = compiled != NULL ? g_dir_make_tmp("redherring-XXXXXX", error) : NULL;
    if (folder == NULL)
        return NULL;
    g_autofree char *path = g_build_filename(folder, COMPILED, NULL);
    g_autoptr(GSettingsSchemaSource) source = NULL;
    gsize length;
    const char *content = g_bytes_get_data(compiled, &length);
    if (g_file_set_contents(path, content, (gssize)length, error))
        source = g_settings_schema_source_new_from_directory(folder, NULL, TRUE, error);
    g_unlink(path);
    g_rmdir(folder);
    return source != NULL ? g_settings_schema_source_lookup(source, SCHEMA, FALSE) : NULL;
}

static gboolean has_all_keys(GSettingsSchema *schema, GSettingsSchema *wanted)
{
    g_auto(GStrv) keys = g_settings_schema_list_keys(wanted);
    for (guint i = 0; keys[i] != NULL; i++) {
        if (!g_settings_schema_has_key(schema, keys[i]))
            return FALSE;
        g_autoptr(GSettingsSchemaKey) key = g_settings_schema_get_key(schema, keys[i]);
        g_autoptr(GSettingsSchemaKey) other = g_settings_schema_get_key(wanted, keys[i]);
        if (!g_variant_type_equal(g_settings_schema_key_get_value_type(key),
                                  g_settings_schema_key_get_value_type(other)))
            return FALSE;
    }
    return TRUE;
}

GSettingsSchema *rh_installation_schema(GError **error)
{
    g_autoptr(GError) own_error = NULL;
    g_autoptr(GSettingsSchema) own = unpack_schema(&own_error);
    GSettingsSchemaSource *source = g_settings_schema_source_get_default(); /* NULL: none is installed */
    g_autoptr(GSettingsSchema) installed =
        source != NULL ? g_settings_schema_source_lookup(source, SCHEMA, TRUE) : NULL;
    if (own == NULL && installed == NULL)
        g_propagate_error(error, g_steal_pointer(&own_error));
    if (own != NULL && (installed == NULL || !has_all_keys(installed, own)))
        return g_steal_pointer(&own);
    return g_steal_pointer(&installed);
}

GSettings *rh_installation_settings(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSettingsSchema) schema = rh_installation_schema(&error);
    if (schema == NULL) {
        g_printerr(
            "redherring: %s; nothing about the window will be remembered. Make room there, or install the "
            "program with its settings schema.\n",
            error->message);
        return NULL;
    }
    return g_settings_new_full(schema, NULL, NULL);
}
