/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Coloured pictures in memory as PNG, and several as one animated PNG (acTL, fcTL and fdAT chunks; a program
 * that does not know them shows the first). Pixels are 0x00RRGGBB, rows without gaps. */
GBytes *rh_png_encode(const guint32 *pixels, guint width, guint height);

typedef struct _RhAnimation RhAnimation;

/* Of so many pictures, played over and over. */
RhAnimation *rh_animation_new(guint width, guint height, guint pictures);
void rh_animation_free(RhAnimation *animation);
/* The next picture; it is shown for so long. */
void rh_animation_add(RhAnimation *animation, const guint32 *pixels, guint16 milliseconds);
/* The file's content, once all pictures are there. */
GBytes *rh_animation_finish(RhAnimation *animation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhAnimation, rh_animation_free)
