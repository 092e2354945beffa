/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/processors.h"

#include <pthread.h>
#include <sched.h>

struct _RhProcessors {
    guint count;
    int numbers[CPU_SETSIZE]; /* the kernel's */
};

RhProcessors *rh_processors_new(void)
{
    RhProcessors *processors = g_new0(RhProcessors, 1);
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        CPU_ZERO(&set);
    for (int number = 0; number < CPU_SETSIZE; number++)
        if (CPU_ISSET(number, &set))
            processors->numbers[processors->count++] = number;
    processors->count = MAX(processors->count, 1);
    return processors;
}

void rh_processors_free(RhProcessors *processors)
{
    g_free(processors);
}

guint rh_processors_count(const RhProcessors *processors)
{
    return processors->count;
}

guint rh_processors_here(const RhProcessors *processors)
{
    int here = sched_getcpu();
    for (guint i = 0; i < processors->count; i++)
        if (processors->numbers[i] == here)
            return i;
    return 0;
}

void rh_processors_stay_on(const RhProcessors *processors, guint which)
{
    cpu_set_t set;
    g_assert(which < processors->count);
    CPU_ZERO(&set);
    CPU_SET(processors->numbers[which], &set);
    pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}
