/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Counts a program's own allocations by standing in for the C library's allocator, for tests that nothing is
 * allocated; included by one source file of a program. */
#include <glib.h>

#include "base/pool.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define RH_COUNTS_ALLOCATIONS 0 /* the sanitizers have an allocator of their own */
#else
#define RH_COUNTS_ALLOCATIONS 1
#endif

static gint allocation_count; /* of the whole program so far; read with g_atomic_int_get */

#if RH_COUNTS_ALLOCATIONS
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void *__libc_realloc(void *block, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);

static void count_allocation(void)
{
    g_atomic_int_inc(&allocation_count);
}

void *malloc(size_t size)
{
    count_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count_allocation();
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size)
{
    count_allocation();
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count_allocation();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    count_allocation();
    *block = __libc_memalign(alignment, size);
    return *block == NULL;
}
#endif

static void wait_for_all(guint piece, gpointer data)
{
    gint *missing = data;
    g_atomic_int_add(missing, -1);
    while (g_atomic_int_get(missing) > 0)
        g_thread_yield();
}

/* Returns when all threads of the pool have begun: what a thread allocates for itself lies behind. */
static inline void allocations_begin_threads(RhPool *pool)
{
    gint missing = (gint)rh_pool_threads(pool);
    rh_pool_run(pool, (guint)missing, wait_for_all, &missing);
}
