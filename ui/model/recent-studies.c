/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/recent-studies.h"

#include "study/study.h"

#define KEY "recent-studies"

struct _RhRecentStudy {
    GObject parent_instance;
    char *folder, *name;
    gboolean missing;
};

G_DEFINE_FINAL_TYPE(RhRecentStudy, rh_recent_study, G_TYPE_OBJECT)

struct _RhRecentStudies {
    GObject parent_instance;
    GSettings *settings;
    GListStore *list;
};

G_DEFINE_FINAL_TYPE(RhRecentStudies, rh_recent_studies, G_TYPE_OBJECT)

/* ── One study ── */

static RhRecentStudy *study_new(const char *folder, const char *name, gboolean missing)
{
    RhRecentStudy *study = g_object_new(RH_TYPE_RECENT_STUDY, NULL);
    study->folder = g_strdup(folder);
    study->name = g_strdup(name);
    study->missing = missing;
    return study;
}

const char *rh_recent_study_get_folder(RhRecentStudy *study)
{
    return study->folder;
}

const char *rh_recent_study_get_name(RhRecentStudy *study)
{
    return study->name;
}

gboolean rh_recent_study_is_missing(RhRecentStudy *study)
{
    return study->missing;
}

static void study_finalize(GObject *object)
{
    RhRecentStudy *study = RH_RECENT_STUDY(object);
    g_free(study->folder);
    g_free(study->name);
    G_OBJECT_CLASS(rh_recent_study_parent_class)->finalize(object);
}

static void rh_recent_study_class_init(RhRecentStudyClass *class)
{
    G_OBJECT_CLASS(class)->finalize = study_finalize;
}

static void rh_recent_study_init(RhRecentStudy *study)
{
}

/* ── The list ── */

GListModel *rh_recent_studies_get_list(RhRecentStudies *recent)
{
    return G_LIST_MODEL(recent->list);
}

static RhRecentStudy *find(RhRecentStudies *recent, const char *folder, guint *place)
{
    guint n = g_list_model_get_n_items(G_LIST_MODEL(recent->list));
    for (*place = 0; *place < n; ++*place) {
        g_autoptr(RhRecentStudy) study = g_list_model_get_item(G_LIST_MODEL(recent->list), *place);
        if (g_str_equal(study->folder, folder))
            return study; /* the list holds it */
    }
    return NULL;
}

static void keep(RhRecentStudies *recent)
{
    if (recent->settings == NULL)
        return;
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a(ss)"));
    guint n = g_list_model_get_n_items(G_LIST_MODEL(recent->list));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRecentStudy) study = g_list_model_get_item(G_LIST_MODEL(recent->list), i);
        g_variant_builder_add(&builder, "(ss)", study->folder, study->name);
    }
    g_settings_set_value(recent->settings, KEY, g_variant_builder_end(&builder));
}

void rh_recent_studies_forget(RhRecentStudies *recent, const char *folder)
{
    guint place;
    if (find(recent, folder, &place) == NULL)
        return;
    g_list_store_remove(recent->list, place);
    keep(recent);
}

void rh_recent_studies_note(RhRecentStudies *recent, const char *folder, const char *name)
{
    guint place;
    RhRecentStudy *known = find(recent, folder, &place);
    if (known != NULL && place == 0 && g_str_equal(known->name, name))
        return;
    if (known != NULL)
        g_list_store_remove(recent->list, place);
    g_autoptr(RhRecentStudy) study = study_new(folder, name, FALSE);
    g_list_store_insert(recent->list, 0, study);
    guint n = g_list_model_get_n_items(G_LIST_MODEL(recent->list));
    if (n > RH_RECENT_STUDIES_MAX)
        g_list_store_splice(recent->list, RH_RECENT_STUDIES_MAX, n - RH_RECENT_STUDIES_MAX, NULL, 0);
    keep(recent);
}

static void load(RhRecentStudies *recent)
{
    g_autoptr(GVariant) kept = g_settings_get_value(recent->settings, KEY);
    GVariantIter iter;
    const char *folder, *name;
    g_variant_iter_init(&iter, kept);
    while (g_variant_iter_next(&iter, "(&s&s)", &folder, &name)) {
        if (!g_path_is_absolute(folder) || *name == '\0')
            continue; /* the settings may have been edited */
        g_autoptr(RhRecentStudy) study = study_new(folder, name, FALSE);
        g_list_store_append(recent->list, study);
    }
}

/* ── Which ones are missing ── */

static void look_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const char *const *folders = task_data;
    GHashTable *missing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (; *folders != NULL; folders++)
        if (!rh_study_is_one(*folders))
            g_hash_table_add(missing, g_strdup(*folders));
    g_task_return_pointer(task, missing, (GDestroyNotify)g_hash_table_unref);
}

static void looked(GObject *source, GAsyncResult *result, gpointer data)
{
    RhRecentStudies *recent = RH_RECENT_STUDIES(source);
    g_auto(GStrv) folders = g_strdupv(g_task_get_task_data(G_TASK(result)));
    g_autoptr(GHashTable) missing = g_task_propagate_pointer(G_TASK(result), NULL);
    for (guint i = 0; folders[i] != NULL; i++) {
        guint place;
        RhRecentStudy *study = find(recent, folders[i], &place);
        gboolean is_missing = g_hash_table_contains(missing, folders[i]);
        if (study == NULL || study->missing == is_missing)
            continue;
        gpointer changed = study_new(study->folder, study->name, is_missing);
        g_list_store_splice(recent->list, place, 1, &changed, 1);
        g_object_unref(changed);
    }
}

void rh_recent_studies_look(RhRecentStudies *recent)
{
    g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
    guint n = g_list_model_get_n_items(G_LIST_MODEL(recent->list));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRecentStudy) study = g_list_model_get_item(G_LIST_MODEL(recent->list), i);
        g_strv_builder_add(folders, study->folder);
    }
    g_autoptr(GTask) task = g_task_new(recent, NULL, looked, NULL);
    g_task_set_task_data(task, g_strv_builder_end(folders), (GDestroyNotify)g_strfreev);
    g_task_run_in_thread(task, look_in_thread);
}

/* ── The object ── */

RhRecentStudies *rh_recent_studies_new(GSettings *settings)
{
    RhRecentStudies *recent = g_object_new(RH_TYPE_RECENT_STUDIES, NULL);
    if (settings != NULL) {
        recent->settings = g_object_ref(settings);
        load(recent);
    }
    return recent;
}

static void dispose(GObject *object)
{
    RhRecentStudies *recent = RH_RECENT_STUDIES(object);
    g_clear_object(&recent->settings);
    g_clear_object(&recent->list);
    G_OBJECT_CLASS(rh_recent_studies_parent_class)->dispose(object);
}

static void rh_recent_studies_class_init(RhRecentStudiesClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
}

static void rh_recent_studies_init(RhRecentStudies *recent)
{
    recent->list = g_list_store_new(RH_TYPE_RECENT_STUDY);
}
