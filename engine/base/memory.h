/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Bytes that this process can still take without the system ending a program for it: what the computer has
 * free or can free at once, and not more than a limit set on the process's group (as by a cluster or a
 * container) leaves. G_MAXUINT64 where the system does not tell. */
guint64 rh_memory_available(void);

/* Memory set to 0, or NULL if there is not so much left. Aligned to `alignment`, of which `bytes` is a
 * multiple. Free with free(). */
gpointer rh_memory_take(gsize alignment, gsize bytes);

/* “160.7 GB (160,744,614,528 bytes)”; free with g_free. */
char *rh_memory_text(guint64 bytes);
