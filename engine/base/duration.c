/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/duration.h"

#include <glib.h>
#include <math.h>

char *rh_duration_text(double seconds)
{
    gint64 whole = isfinite(seconds) && seconds > 0 ? (gint64)ceil(seconds) : 0;
    int hours = (int)(whole / 3600), minutes = (int)(whole / 60 % 60), rest = (int)(whole % 60);
    return hours > 0 ? g_strdup_printf("%d:%02d:%02d", hours, minutes, rest)
                     : g_strdup_printf("%d:%02d", minutes, rest);
}
