/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A step allocates nothing once its batch size has been met: this program counts its own allocations. Those
 * that OpenBLAS makes inside a small product are not ours to avoid and are left out. */
#include <dlfcn.h>
#include <string.h>

#include "samples.h"
#include "support.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define COUNTING 0 /* the sanitizers have an allocator of their own */
#else
#define COUNTING 1
#endif

static gint allocations;

#if COUNTING
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void *__libc_realloc(void *block, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);

static void count(const void *caller)
{
    Dl_info info;
    if (dladdr(caller, &info) == 0 || info.dli_fname == NULL || strstr(info.dli_fname, "openblas") == NULL)
        g_atomic_int_inc(&allocations);
}

void *malloc(size_t size)
{
    count(__builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    count(__builtin_return_address(0));
    *block = __libc_memalign(alignment, size);
    return *block == NULL;
}
#endif

static void test_steps(gconstpointer data)
{
    if (!COUNTING) {
        g_test_skip("allocations cannot be counted in this build");
        return;
    }
    const RhMethod *method = data;
    g_autoptr(RhPool) pool = rh_pool_new(2);
    g_autoptr(RhNetwork) network = rh_network_new(rh_network_kind_find("small", NULL), 4, RH_SINGLE);
    rh_network_initialise(network, 1);
    RhMethodSettings settings = method->defaults;
    settings.discriminator_period = 2;
    g_autoptr(RhStepper) stepper = rh_stepper_new(network, method, &settings, 12, 12, 1, 8, pool);
    Samples full = samples_make(8, 12, 1), rest = samples_make(3, 12, 2);
    const RhBatch batches[] = {samples_batch(&full), samples_batch(&rest)};
    RhLosses losses;
    gint before = 0;
    for (guint step = 0; step < 8; step++) {
        if (step == 4) /* by now both sizes have been met, with and without an update of the encoder */
            before = g_atomic_int_get(&allocations);
        rh_stepper_run(stepper, &batches[step / 2 % 2], &losses);
    }
    g_assert_cmpint(g_atomic_int_get(&allocations), ==, before);
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
