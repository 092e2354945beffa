/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "data/split.h"
#include "saliency/result.h"

/* Maps of one image by several networks, one after the other, on the calling thread. */

/* What is looked at. */
typedef struct {
    guint height, width; /* the network's */
    float *image;        /* height×width, 0 … 1; NULL: nothing */
    RhMask *mask;        /* of any size; NULL: none */
    const RhMapKind *map;
} RhMapSubject;

void rh_map_subject_copy(RhMapSubject *to, const RhMapSubject *from); /* what `to` had is freed */
void rh_map_subject_clear(RhMapSubject *subject);

/* Who looks at it. */
typedef struct {
    char *key; /* names the network and the state it was in */
    const RhNetworkKind *network;
    guint network_width;
    RhParameters *parameters; /* weights in memory, never changed; or */
    char *path;               /* their file, */
    char *otherwise;          /* or, if that one has none, another; NULL */
    /* Without weights: what `path` says of the image's scores, as rh_history_logits takes it. */
    RhSplit split;
    guint place, images;
} RhMapWish;

void rh_map_wish_free(RhMapWish *wish);
/* A map can be made, and not a score alone be told. Reads a file's header. */
gboolean rh_map_wish_has_weights(const RhMapWish *wish);

/* A map and what it was made from. */
typedef struct {
    RhSaliencyResult result; /* values NULL: there are no weights, only scores */
    float *map;              /* as computed; NULL likewise */
} RhMadeMap;

void rh_made_map_free(RhMadeMap *made);

typedef struct _RhMapMaker RhMapMaker;

/* The pool, which may be NULL, outlives it. */
RhMapMaker *rh_map_maker_new(RhPool *pool);
void rh_map_maker_free(RhMapMaker *maker);
/* The full map. NULL with G_IO_ERROR_CANCELLED if cancelled, else with a sentence. */
RhMadeMap *rh_map_maker_make(RhMapMaker *maker, const RhMapSubject *subject, const RhMapWish *wish,
                             GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMapMaker, rh_map_maker_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMapWish, rh_map_wish_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMadeMap, rh_made_map_free)
