/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/kernels-private.h"

#include "base/error.h"

static gboolean anywhere(void)
{
    return TRUE;
}

static const RhKernels exact = {"exact", "Plain sums of products", anywhere};

static const RhKernels *const all[] = {&exact, NULL};

static const RhKernels *in_use; /* NULL: not asked for yet */

const RhKernels *const *rh_kernels(void)
{
    return all;
}

const char *rh_kernels_id(const RhKernels *kernels)
{
    return kernels->id;
}

const char *rh_kernels_description(const RhKernels *kernels)
{
    return kernels->description;
}

gboolean rh_kernels_available(const RhKernels *kernels)
{
    return kernels->available();
}

static const RhKernels *fastest(void)
{
    guint i = 0;
    while (!rh_kernels_available(all[i]))
        i++;
    return all[i];
}

static void refuse(const char *id, GError **error)
{
    g_autoptr(GString) names = g_string_new("auto");
    for (guint i = 0; all[i] != NULL; i++)
        if (rh_kernels_available(all[i]))
            g_string_append_printf(names, ", %s", all[i]->id);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "This processor has no kernels “%s”; it has %s.", id,
                names->str);
}

const RhKernels *rh_kernels_find(const char *id, GError **error)
{
    if (g_str_equal(id, "auto"))
        return fastest();
    for (guint i = 0; all[i] != NULL; i++)
        if (g_str_equal(all[i]->id, id) && rh_kernels_available(all[i]))
            return all[i];
    refuse(id, error);
    return NULL;
}

const RhKernels *rh_kernels_in_use(void)
{
    const RhKernels *kernels = g_atomic_pointer_get(&in_use);
    return kernels != NULL ? kernels : fastest();
}

void rh_kernels_use(const RhKernels *kernels)
{
    g_atomic_pointer_set(&in_use, kernels);
}
