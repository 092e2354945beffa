/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "study/study-private.h"

/* What another program has made of a study's tables comes into the study in memory. */

static void swap_strings(char **one, char **other)
{
    char *kept = *one;
    *one = *other;
    *other = kept;
}

static gboolean is_same_case(const RhCase *a, const RhCase *b)
{
    return g_str_equal(a->path, b->path) && g_str_equal(a->group, b->group) &&
           g_str_equal(a->note, b->note) && a->label == b->label && a->confounder == b->confounder &&
           a->split == b->split && a->has_mask == b->has_mask && a->nothing_to_mark == b->nothing_to_mark &&
           a->said == b->said && a->seconds == b->seconds && a->black == b->black && a->white == b->white;
}

/* All but the id, by whose address others may know the case. */
static void swap_cases(RhCase *one, RhCase *other)
{
    const RhCase kept = *one;
    *one = *other;
    *other = kept;
    swap_strings(&one->id, &other->id);
}

static GHashTable *index_cases(const RhStudy *study)
{
    GHashTable *cases = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        g_hash_table_insert(cases, item->id, item);
    }
    return cases;
}

static gboolean take_cases(RhStudy *study, RhStudy *fresh)
{
    g_autoptr(GHashTable) left = index_cases(study);
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
    gboolean changed = study->cases->len != fresh->cases->len;
    for (guint i = 0; i < fresh->cases->len; i++) {
        RhCase *read = g_ptr_array_index(fresh->cases, i), *item = g_hash_table_lookup(left, read->id);
        if (item == NULL) {
            item = g_steal_pointer(&g_ptr_array_index(fresh->cases, i));
            changed = TRUE;
        } else {
            changed |= !is_same_case(item, read) ||
                       (i < study->cases->len && g_ptr_array_index(study->cases, i) != item);
            g_hash_table_remove(left, item->id);
            swap_cases(item, read);
        }
        g_ptr_array_add(cases, item);
    }
    GHashTableIter each;
    gpointer item;
    g_hash_table_iter_init(&each, left);
    while (g_hash_table_iter_next(&each, NULL, &item))
        g_ptr_array_add(study->gone, item);
    g_ptr_array_set_free_func(study->cases, NULL);
    g_ptr_array_unref(study->cases);
    study->cases = g_steal_pointer(&cases);
    return changed;
}

static gboolean take_settings(RhStudy *study, RhStudy *fresh)
{
    g_autofree char *before = rh_study_ini_text(study);
    char **strings[][2] = {
        {&study->name, &fresh->name},
        {&study->confounder_name, &fresh->confounder_name},
        {&study->class_names[0], &fresh->class_names[0]},
        {&study->class_names[1], &fresh->class_names[1]},
        {&study->confounder_values[0], &fresh->confounder_values[0]},
        {&study->confounder_values[1], &fresh->confounder_values[1]},
        {&study->image_folder, &fresh->image_folder},
    };
    for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
        swap_strings(strings[i][0], strings[i][1]);
    study->confounder_kind = fresh->confounder_kind;
    study->height = fresh->height;
    study->width = fresh->width;
    study->split = fresh->split;
    study->reading = fresh->reading;
    g_autofree char *after = rh_study_ini_text(study);
    return !g_str_equal(before, after);
}

void rh_study_take_known(RhStudy *study, RhStudy *from)
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        g_clear_pointer(&study->known[i].text, g_bytes_unref);
        study->known[i] = from->known[i];
        from->known[i] = (RhStudyKnown){0};
    }
}

gboolean rh_study_take(RhStudy *study, RhStudy *fresh)
{
    gboolean changed = take_settings(study, fresh);
    changed |= take_cases(study, fresh);
    rh_study_take_known(study, fresh);
    for (guint i = 0; i < fresh->clashes->len; i++)
        g_ptr_array_add(study->clashes, g_strdup(g_ptr_array_index(fresh->clashes, i)));
    rh_study_free(fresh);
    return changed;
}
