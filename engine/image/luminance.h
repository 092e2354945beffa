/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* ITU-R BT.601 luma of values of 8 or 16 bits, as in JPEG's Y; the weights sum to 65536, so grey stays as it
 * is. */
static inline guint rh_luminance(guint red, guint green, guint blue)
{
    return (guint)(((guint64)red * 19595 + (guint64)green * 38470 + (guint64)blue * 7471 + 32768) >> 16);
}
