/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values, gradients and second gradients are the same bits on any number of threads. */
#include "sample-step.h"
#include "tensor/kernels.h"

static void check(const RhSampleSize *size, const RhKernels *kernels, RhPrecision precision,
                  RhPool *const *pools)
{
    RhSampleStep step;
    rh_sample_step_open(&step, size, precision);
    g_autoptr(RhPlan) alone = rh_sample_step_plan(&step, kernels, NULL);
    g_autoptr(GBytes) expected = rh_sample_step_run(&step, alone);
    for (; *pools != NULL; pools++) {
        g_autoptr(RhPlan) together = rh_sample_step_plan(&step, kernels, *pools);
        g_autoptr(GBytes) found = rh_sample_step_run(&step, together);
        if (!g_bytes_equal(found, expected))
            g_error("%u×%u×%u×%u, filter %u×%u to %u, stride %u, kernels %s: %u threads give other bits",
                    size->images, size->height, size->width, size->channels, size->kernel, size->kernel,
                    size->outputs, size->stride, rh_kernels_id(kernels), rh_pool_threads(*pools));
    }
    rh_sample_step_close(&step);
}

static void check_all(const RhSampleSize *sizes, guint count)
{
    RhPool *pools[] = {rh_pool_new(1), rh_pool_new(2), rh_pool_new(3), NULL};
    for (guint i = 0; i < count; i++) {
        for (const RhKernels *const *kernels = rh_kernels(); *kernels != NULL; kernels++)
            if (rh_kernels_available(*kernels))
                check(&sizes[i], *kernels, RH_SINGLE, pools);
        check(&sizes[i], rh_kernels_find("exact", NULL), RH_DOUBLE, pools);
    }
    for (guint i = 0; pools[i] != NULL; i++)
        rh_pool_free(pools[i]);
}

/* Every odd size from 1 to 33, the batch from 1 to 19 along with it. */
static void test_sizes(gconstpointer data)
{
    const guint channels = GPOINTER_TO_UINT(data);
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(RhSampleSize));
    for (guint side = 1; side <= 33; side += 2)
        for (guint stride = 1; stride <= 2; stride++) {
            guint images = (side * 7 + stride * 5 + channels) % 19 + 1, outputs = channels == 17 ? 3 : 17;
            RhSampleSize size = {images, side, 34 - side, channels, outputs, 3, stride};
            g_array_append_val(sizes, size);
        }
    check_all((const RhSampleSize *)sizes->data, sizes->len);
}

/* Large filters are cut along channels and taps. */
static void test_large(void)
{
    const RhSampleSize sizes[] = {
        {3, 5, 7, 130, 130, 3, 1}, {2, 9, 9, 130, 130, 3, 2}, {19, 3, 3, 17, 330, 5, 1},
        {1, 33, 31, 17, 17, 5, 2}, {7, 1, 1, 17, 700, 1, 1},
    };
    check_all(sizes, G_N_ELEMENTS(sizes));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/threads/one-channel", GUINT_TO_POINTER(1), test_sizes);
    g_test_add_data_func("/threads/three-channels", GUINT_TO_POINTER(3), test_sizes);
    g_test_add_data_func("/threads/seventeen-channels", GUINT_TO_POINTER(17), test_sizes);
    g_test_add_func("/threads/large-filters", test_large);
    return g_test_run();
}
