/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A step allocates nothing once its batch size has been met. */
#include "allocations.h"
#include "samples.h"
#include "support.h"

static void test_steps(gconstpointer data)
{
    if (!RH_COUNTS_ALLOCATIONS) {
        g_test_skip("allocations cannot be counted in this build");
        return;
    }
    const RhMethod *method = data;
    g_autoptr(RhPool) pool = rh_pool_new(2);
    allocations_begin_threads(pool);
    g_autoptr(RhNetwork) network = rh_network_new(rh_network_kind_find("small", NULL), 4, RH_SINGLE);
    rh_network_initialise(network, 1);
    RhMethodSettings settings = method->defaults;
    settings.discriminator_period = 2;
    g_autoptr(RhStepper) stepper = rh_stepper_new(network, method, &settings, 12, 12, 1, 8, NULL, pool);
    Samples full = samples_make(8, 12, 1), rest = samples_make(3, 12, 2);
    const RhBatch batches[] = {samples_batch(&full), samples_batch(&rest)};
    RhLosses losses;
    gint before = 0;
    for (guint step = 0; step < 8; step++) {
        if (step == 4) /* by now both sizes have been met, with and without an update of the encoder */
            before = g_atomic_int_get(&allocation_count);
        rh_stepper_run(stepper, &batches[step / 2 % 2], &losses);
    }
    g_assert_cmpint(g_atomic_int_get(&allocation_count), ==, before);
    g_assert_cmpint(before, >, 0);
    samples_clear(&full);
    samples_clear(&rest);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++) {
        g_autofree char *name = g_strdup_printf("/allocation/%s", (*method)->id);
        g_test_add_data_func(name, *method, test_steps);
    }
    return g_test_run();
}
