/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Places in one block of memory that is not there yet: takes the first gap that is large enough. */
#define RH_ARENA_ALIGNMENT 64

typedef struct _RhArena RhArena;

RhArena *rh_arena_new(void);
void rh_arena_free(RhArena *arena);
gsize rh_arena_take(RhArena *arena, gsize bytes); /* offset */
void rh_arena_give_back(RhArena *arena, gsize offset, gsize bytes);
gsize rh_arena_bytes(const RhArena *arena); /* the most that was needed at a time */
