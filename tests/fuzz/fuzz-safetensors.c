/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz/targets.h"
#include "nn/network.h"
#include "nn/weights.h"

/* Opens, lists and reads everything a file offers, and tries it as weights of a network. */
int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhTensorFile) file = rh_tensor_file_open_bytes(bytes, "input", &error);
    g_assert((file == NULL) == (error != NULL));
    if (file == NULL)
        return 0;
    for (const char *const *name = rh_tensor_file_names(file); *name != NULL; name++) {
        gsize count = 0;
        RhShape shape;
        g_autofree double *values = rh_tensor_file_read(file, *name, &count, NULL);
        g_assert(values != NULL && rh_tensor_file_has(file, *name));
        if (rh_tensor_file_shape(file, *name, &shape, NULL))
            g_assert(rh_shape_count(shape) == count);
    }
    g_autoptr(RhNetwork) network = rh_network_new(rh_network_kind_find("small", NULL), 1, RH_SINGLE);
    rh_tensor_file_read_parameters(file, "", network->parameters, NULL);
    return 0;
}
