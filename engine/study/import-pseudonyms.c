/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "study/import-private.h"

/* Names of files and patients tell who somebody is, and would travel into every table of a study and onto
 * every screen. Here they are replaced by numbers; which number was which name is kept in one file elsewhere.
 */

/* Of the key. */
enum { ID, ORIGINAL, GROUP, ORIGINAL_GROUP, NOTE, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = {"id", "original image", "group", "original group",
                                                    "note"};

/* Originals and the names given for them, "image-0001" and so on. */
typedef struct {
    const char *kind;
    int digits;
    guint last;
    GHashTable *given; /* char* original → char* name */
} Numbers;

struct _RhPseudonyms {
    char *path;    /* of the key */
    GString *text; /* of the key */
    Numbers images, patients;
};

static Numbers numbers_new(const char *kind, int digits)
{
    return (Numbers){.kind = kind,
                     .digits = digits,
                     .given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
}

static RhPseudonyms *pseudonyms_new(const char *path)
{
    RhPseudonyms *pseudonyms = g_new0(RhPseudonyms, 1);
    pseudonyms->path = g_strdup(path);
    pseudonyms->text = g_string_new(NULL);
    pseudonyms->images = numbers_new("image", 4);
    pseudonyms->patients = numbers_new("patient", 3);
    return pseudonyms;
}

void rh_pseudonyms_free(RhPseudonyms *pseudonyms)
{
    if (pseudonyms == NULL)
        return;
    g_free(pseudonyms->path);
    g_string_free(pseudonyms->text, TRUE);
    g_hash_table_unref(pseudonyms->images.given);
    g_hash_table_unref(pseudonyms->patients.given);
    g_free(pseudonyms);
}

/* The name for an original, a new one if it has none yet. */
static const char *name_for(Numbers *numbers, const char *original)
{
    char *name = g_hash_table_lookup(numbers->given, original);
    if (name == NULL) {
        name = g_strdup_printf("%s-%0*u", numbers->kind, numbers->digits, ++numbers->last);
        g_hash_table_insert(numbers->given, g_strdup(original), name);
    }
    return name;
}

static void append_row(RhPseudonyms *pseudonyms, const char *const cells[N_COLUMNS])
{
    for (guint i = 0; i < N_COLUMNS; i++) {
        g_string_append(pseudonyms->text, i > 0 ? "," : "");
        rh_cell_append(pseudonyms->text, cells[i] != NULL ? cells[i] : "");
    }
    g_string_append_c(pseudonyms->text, '\n');
}

/* ── The key ── */

static gboolean is_below(const char *path, const char *folder)
{
    const gsize length = strlen(folder);
    return g_str_has_prefix(path, folder) && (path[length] == '/' || path[length] == '\0');
}

/* The key is never in the study, which may be handed on, and never in place of an older one. */
static gboolean check_key(const char *path, const char *study, GError **error)
{
    g_autofree char *shown = rh_path_shown(path);
    if (is_below(path, study)) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            _("The key “%s” would lie in the study, from which it is to be kept apart; choose another "
              "folder."),
            shown);
        return FALSE;
    }
    if (g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                    _("“%s” exists already; choose another name for the key, or the names in it are lost."),
                    shown);
        return FALSE;
    }
    return TRUE;
}

char *rh_pseudonyms_key_path(const char *study, const RhImportSettings *settings)
{
    return settings->key != NULL ? g_canonicalize_filename(settings->key, NULL)
                                 : g_strconcat(study, "-key.csv", NULL);
}

RhPseudonyms *rh_pseudonyms_begin(const char *study, const char *source, const RhImportSettings *settings,
                                  GError **error)
{
    g_autofree char *path = rh_pseudonyms_key_path(study, settings);
    if (!check_key(path, study, error))
        return NULL;
    RhPseudonyms *pseudonyms = pseudonyms_new(path);
    append_row(pseudonyms, column_names);
    g_autofree char *note = g_strdup_printf(_("The original images are in “%s”."), source);
    append_row(pseudonyms, (const char *const[N_COLUMNS]){[NOTE] = note});
    return pseudonyms;
}

const char *rh_pseudonyms_path(const RhPseudonyms *pseudonyms)
{
    return pseudonyms->path;
}

gboolean rh_pseudonyms_save(const RhPseudonyms *pseudonyms, GError **error)
{
    return rh_file_replace_private(pseudonyms->path, pseudonyms->text->str, pseudonyms->text->len, error);
}

GHashTable *rh_pseudonyms_read(const char *key, GError **error)
{
    g_autoptr(RhTable) table = rh_table_load(key, error);
    if (table == NULL)
        return NULL;
    const int id = rh_table_find_column(table, column_names[ID]),
              original = rh_table_find_column(table, column_names[ORIGINAL]);
    if (id < 0 || original < 0) {
        g_autofree char *shown = rh_path_shown(key);
        g_set_error(
            error, RH_ERROR, RH_ERROR_FORMAT,
            _("“%s” is no key of pseudonyms: it needs the columns “%s” and “%s”; choose the key of the "
              "study."),
            shown, column_names[ID], column_names[ORIGINAL]);
        return NULL;
    }
    return rh_table_pairs(table, (guint)id, (guint)original);
}

/* ── Names ── */

void rh_pseudonyms_give(RhPseudonyms *pseudonyms, RhCase *item)
{
    g_autofree char *original = item->path, *group = item->group;
    g_free(item->id);
    item->id = g_strdup(name_for(&pseudonyms->images, original));
    item->path = g_strdup_printf("images/%s.png", item->id);
    item->group = g_strdup(group[0] != '\0' ? name_for(&pseudonyms->patients, group) : "");
    append_row(pseudonyms, (const char *const[N_COLUMNS]){
                               [ID] = item->id,
                               [ORIGINAL] = original,
                               [GROUP] = item->group,
                               [ORIGINAL_GROUP] = group,
                           });
}

/* What can be told without naming a file, a folder or a patient. */
static gboolean is_nameless(const RhImportReason *reason)
{
    static const char *const kinds[] = {
        "label",  "confounder", "no confounder", "positive", "cut",    "folds", "labels",    "region chosen",
        "border", "turned",     "turned along",  "faint",    "shaded", "bits",  "undivided", NULL};
    return reason->subject == RH_IMPORT_WORD && g_strv_contains(kinds, reason->kind);
}

void rh_pseudonyms_hide(RhPseudonyms *pseudonyms, RhImportSummary *summary)
{
    guint hidden = 0;
    for (guint i = 0; i < summary->reasons->len; i++) {
        RhImportReason *reason = g_ptr_array_index(summary->reasons, i);
        for (guint k = 0; !is_nameless(reason) && k < reason->sentences->len; k++) {
            char **sentence = (char **)&g_ptr_array_index(reason->sentences, k);
            append_row(pseudonyms, (const char *const[N_COLUMNS]){[NOTE] = *sentence});
            (*sentence)[0] = '\0';
            hidden++;
        }
    }
    if (hidden > 0)
        rh_import_tell(
            summary, RH_IMPORT_WORD, "in the key",
            ngettext("What is said of %u file, row or folder by its name is in the key alone.",
                     "What is said of %u files, rows or folders by their names is in the key alone.", hidden),
            hidden);
}
