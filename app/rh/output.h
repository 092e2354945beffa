/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* Results on standard output: values for people, JSON for machines. */

/* Three decimals, or an en dash for a value that does not exist (NaN). */
typedef struct {
    char text[16];
} RhValueText;
RhValueText rh_value_text(double value);

/* Adds a member; NaN becomes null, NULL text too. */
void rh_json_value(JsonBuilder *builder, const char *name, double value);
void rh_json_text(JsonBuilder *builder, const char *name, const char *text);
void rh_json_whole(JsonBuilder *builder, const char *name, gint64 value);
void rh_json_flag(JsonBuilder *builder, const char *name, gboolean flag);
/* Prints what was built, and a line's end. */
void rh_json_print(JsonBuilder *builder);
/* The same on one line. */
void rh_json_print_line(JsonBuilder *builder);
