/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "data/phantom.h"

/* Four films of one made-up patient: with and without a nodule, with either value of what misleads; masks are
 * outlined. They are drawn on a thread, the newest wish next. */
#define RH_TYPE_FILMS_PREVIEW (rh_films_preview_get_type())
G_DECLARE_FINAL_TYPE(RhFilmsPreview, rh_films_preview, RH, FILMS_PREVIEW, GtkWidget)

void rh_films_preview_show(RhFilmsPreview *preview, const RhPhantomSettings *settings);
