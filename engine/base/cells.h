/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Cells of tables as RFC 4180 wants them, with commas between. */

/* Of a table that is read again: quoted if it must be, and else as it is. */
void rh_cell_append(GString *out, const char *text);
/* Of a table for other programs, which this one never reads: a text that a spreadsheet would take for a
 * formula, and run, has an apostrophe in front, which spreadsheets take for “this is text”. */
void rh_cell_append_result(GString *out, const char *text);
/* The shorter of two forms that reads back as the same number; nothing for what is none. */
void rh_cell_append_number(GString *out, double value);
