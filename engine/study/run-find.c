/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-find.h"

#include "study/run-private.h"
#include "study/run-settings.h"
#include "tensor/kernels.h"

static gboolean is_of_data(const RhRun *run, const RhRunWish *wish)
{
    if (*run->data_hash == '\0')
        return TRUE;
    return g_str_equal(run->data_hash, wish->data_hash) &&
           (!rh_method_uses_masks(run->settings.method) || g_str_equal(run->mask_hash, wish->mask_hash));
}

static gboolean is_of_kernels(const RhRun *run, const RhRunWish *wish)
{
    const gboolean lacking = run->state != RH_RUN_FINISHED && rh_kernels_find(run->kernels, NULL) == NULL;
    return wish->kernels == NULL || *run->kernels == '\0' || lacking ||
           g_str_equal(run->kernels, wish->kernels);
}

gboolean rh_run_is_wished(const RhRun *run, const RhRunWish *wish)
{
    return (run->state != RH_RUN_FINISHED || !wish->again) && run->settings.seed == wish->settings->seed &&
           rh_run_settings_alike(&run->settings, wish->settings) && is_of_data(run, wish) &&
           (wish->name == NULL || g_str_equal(run->name, wish->name)) && is_of_kernels(run, wish);
}

static RhRun *find(const RhStudy *study, const RhRunWish *wish, GPtrArray *notes)
{
    g_autoptr(GPtrArray) runs = rh_run_list(study, notes);
    const RhRun *found = NULL;
    guint place = 0;
    for (guint i = 0; i < runs->len; i++) {
        const RhRun *run = g_ptr_array_index(runs, i);
        if (rh_run_is_wished(run, wish) &&
            (found == NULL || (found->state != RH_RUN_FINISHED && run->state == RH_RUN_FINISHED))) {
            found = run;
            place = i;
        }
    }
    return found != NULL ? g_ptr_array_steal_index(runs, place) : NULL;
}

/* A new run is made under a name that was free before the search. If another program has taken it since, that
 * may be the run that is wanted, so the search begins anew. */
RhRun *rh_run_find_or_create(const RhStudy *study, const RhRunWish *wish, GPtrArray *notes, GError **error)
{
    while (TRUE) {
        g_autoptr(GError) reason = NULL;
        g_autofree char *name =
            wish->name != NULL ? g_strdup(wish->name) : rh_run_next_name(study, wish->settings);
        g_autofree char *folder = g_build_filename(study->folder, "runs", name, NULL);
        RhRun *run = find(study, wish, notes);
        if (run == NULL)
            run = rh_run_create(study, wish->settings, name, &reason);
        if (run == NULL && g_file_test(folder, G_FILE_TEST_EXISTS))
            run = find(study, wish, NULL);
        if (run != NULL)
            return run;
        if (wish->name != NULL || !g_file_test(folder, G_FILE_TEST_EXISTS)) {
            g_propagate_error(error, g_steal_pointer(&reason));
            return NULL;
        }
        notes = NULL; /* they are told once */
    }
}
