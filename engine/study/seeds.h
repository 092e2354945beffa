/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Seeds as a person writes them, in the window and on the command line: "1234", "1, 2, 3", "1-5", "1-5 9"; a
 * run is made of each. No more than so many, and none twice: */
#define RH_SEEDS_MAX 100

/* The seeds in the order they are written in, guint64 up to G_MAXINT64; NULL with a sentence that says how to
 * write them. Unref them. */
GArray *rh_seeds_parse(const char *text, GError **error);
