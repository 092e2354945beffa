/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Goes through a study's folders, without following links, for what killed programs left in them: temporary
 * files, runs that were never named, and what a finished run went on from. Adds their paths, relative to the
 * study, to `found` (char *, owned; may be NULL), and removes them if asked to. What is in use is never
 * touched. */
void rh_study_find_leftovers(const char *folder, gboolean remove, GPtrArray *found);
