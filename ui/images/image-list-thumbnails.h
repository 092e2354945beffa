/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "image/reading.h"

/* Decodes thumbnails on one or two worker threads, what was asked for last first. All calls are made, and all
 * answers come, on the main loop. */
typedef struct _RhThumbnails RhThumbnails;

/* texture: the receiver's; NULL if the file cannot be decoded. key as in the request. */
typedef void (*RhThumbnailReady)(gpointer key, GdkTexture *texture, gpointer data);

RhThumbnails *rh_thumbnails_new(RhThumbnailReady ready, gpointer data);
/* What is not answered yet never will be. Does not wait. */
void rh_thumbnails_free(RhThumbnails *thumbnails);
/* side: pixels of the screen; takes the path. Each request is answered once unless it is withdrawn. */
void rh_thumbnails_request(RhThumbnails *thumbnails, gpointer key, char *path, const RhImageReading *reading,
                           guint side);
/* FALSE if it is being decoded already: then the answer still comes. */
gboolean rh_thumbnails_withdraw(RhThumbnails *thumbnails, gpointer key);
