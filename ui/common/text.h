/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

/* Words and values in widgets, for people. */

/* Shows `text` in a label that keeps `name` in the accessibility tree, so that a screen reader says what the
 * value is of and the value stays readable as the label's text. */
void rh_text_show_value(GtkLabel *label, const char *name, const char *text);
/* A toast that says the text as it is: a name with & or < in it is no markup. */
AdwToast *rh_text_toast(const char *text);
