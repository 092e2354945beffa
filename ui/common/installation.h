/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Where the things lie that are installed beside the program. They are found from where the program itself
 * lies, so that it runs as well from its build folder or from a folder it was moved to. */

/* The folder of the translations; free with g_free. */
char *rh_installation_translations(void);

/* What the settings are called and what values they take: the installed schema, in which the computer's
 * administrator may have chosen other defaults, or, where none is installed that has all of our keys, the one
 * the program itself contains. NULL with error if that could not be unpacked. */
GSettingsSchema *rh_installation_schema(GError **error);

/* The program's settings. Without a schema they are NULL, and a sentence on standard error says why. */
GSettings *rh_installation_settings(void);
