/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The processors that the calling thread may use, counted from 0. */
typedef struct _RhProcessors RhProcessors;

RhProcessors *rh_processors_new(void);
void rh_processors_free(RhProcessors *processors);
guint rh_processors_count(const RhProcessors *processors); /* 1 or more */
/* Which of them the calling thread is on just now. */
guint rh_processors_here(const RhProcessors *processors);
/* Keeps the calling thread on one of them, if the system lets us. Left to the kernel, two busy threads can
 * come to share a processor for milliseconds. */
void rh_processors_stay_on(const RhProcessors *processors, guint which);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhProcessors, rh_processors_free)
