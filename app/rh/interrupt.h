/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Work that can be ended: FALSE with G_IO_ERROR_CANCELLED soon after `cancellable` is cancelled. */
typedef gboolean (*RhWork)(gpointer data, GCancellable *cancellable, GError **error);

/* Does the work on a thread of its own while this one waits for it or for Ctrl-C, which cancels it; a second
 * Ctrl-C ends the program at once. */
gboolean rh_run_interruptibly(RhWork work, gpointer data, GError **error);
