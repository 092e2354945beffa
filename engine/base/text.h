/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Texts from outside (names in a study somebody sent, file names) before they are shown. */

/* Without what would steer a terminal or turn the rest of a line around: escape sequences, control characters
 * (U+0000–1F but tab and line feed, U+007F–9F) and the overrides of the direction of writing (U+202A–E,
 * U+2066–9). Bytes that are no UTF-8 become U+FFFD. Free with g_free. */
char *rh_text_plain(const char *text);
/* The same on one line of at most `most` characters, the last an ellipsis where some are left out. */
char *rh_text_line(const char *text, guint most);

#define RH_TEXT_NAME_MAX 120u /* characters of a name for people: of a study, a run, a class */
