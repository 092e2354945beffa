/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/kernels-private.h"

#include <glib/gi18n.h>

#include "base/error.h"

static gboolean anywhere(void)
{
    return TRUE;
}

static const RhKernels plain = {"plain", "Fast convolutions, any processor", anywhere, &rh_fast_plain};
static const RhKernels exact = {"exact", "Plain sums of products", anywhere, NULL};

#if defined(__x86_64__)
static gboolean has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}

static gboolean has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static const RhKernels avx512 = {"avx512", "Fast convolutions, vectors of 512 bits", has_avx512,
                                 &rh_fast_avx512};
static const RhKernels avx2 = {"avx2", "Fast convolutions, vectors of 256 bits", has_avx2, &rh_fast_avx2};

static const RhKernels *const all[] = {&avx512, &avx2, &plain, &exact, NULL};
#else
static const RhKernels *const all[] = {&plain, &exact, NULL};
#endif

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

const RhKernels *rh_kernels_fastest(void)
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
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("This processor has no kernels “%s”; it has %s."), id,
                names->str);
}

const RhKernels *rh_kernels_find(const char *id, GError **error)
{
    if (g_str_equal(id, "auto"))
        return rh_kernels_fastest();
    for (guint i = 0; all[i] != NULL; i++)
        if (g_str_equal(all[i]->id, id) && rh_kernels_available(all[i]))
            return all[i];
    refuse(id, error);
    return NULL;
}
