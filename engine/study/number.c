/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/number-private.h"

#include <math.h>
#include <string.h>

const char *rh_number_text(double value, char buffer[RH_NUMBER_SIZE])
{
    static const char *const formats[] = {"%.6g", "%.9g", "%.15g", "%.16g", "%.17g"};
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(buffer, RH_NUMBER_SIZE, formats[i], value);
        if (g_ascii_strtod(buffer, NULL) == value)
            break;
    }
    return buffer;
}

gboolean rh_number_parse(const char *text, double *value)
{
    char *end = NULL;
    *value = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && !g_ascii_isspace(text[0]);
}
