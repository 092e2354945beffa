/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/arena-private.h"

typedef struct {
    gsize offset, bytes;
} Gap;

struct _RhArena {
    GArray *gaps; /* Gap, by offset, none touching another */
    gsize bytes;
};

/* A line more than is needed keeps rows of large buffers from meeting in the same places of the cache. */
static gsize rounded(gsize bytes)
{
    return (bytes / RH_ARENA_ALIGNMENT + 2) * RH_ARENA_ALIGNMENT;
}

RhArena *rh_arena_new(void)
{
    RhArena *arena = g_new0(RhArena, 1);
    arena->gaps = g_array_new(FALSE, FALSE, sizeof(Gap));
    return arena;
}

void rh_arena_free(RhArena *arena)
{
    g_array_unref(arena->gaps);
    g_free(arena);
}

gsize rh_arena_take(RhArena *arena, gsize bytes)
{
    if (bytes == 0)
        return 0;
    bytes = rounded(bytes);
    for (guint i = 0; i < arena->gaps->len; i++) {
        Gap *gap = &g_array_index(arena->gaps, Gap, i);
        if (gap->bytes < bytes)
            continue;
        gsize offset = gap->offset;
        gap->offset += bytes;
        gap->bytes -= bytes;
        if (gap->bytes == 0)
            g_array_remove_index(arena->gaps, i);
        return offset;
    }
    /* A gap at the end grows. */
    gsize offset = arena->bytes;
    guint last = arena->gaps->len;
    if (last > 0) {
        const Gap *gap = &g_array_index(arena->gaps, Gap, last - 1);
        if (gap->offset + gap->bytes == arena->bytes) {
            offset = gap->offset;
            g_array_remove_index(arena->gaps, last - 1);
        }
    }
    arena->bytes = offset + bytes;
    return offset;
}

void rh_arena_give_back(RhArena *arena, gsize offset, gsize bytes)
{
    if (bytes == 0)
        return;
    bytes = rounded(bytes);
    guint at = 0;
    while (at < arena->gaps->len && g_array_index(arena->gaps, Gap, at).offset < offset)
        at++;
    Gap gap = {offset, bytes};
    g_array_insert_val(arena->gaps, at, gap);
    for (guint i = at > 0 ? at - 1 : 0; i + 1 < arena->gaps->len && i <= at;) {
        Gap *left = &g_array_index(arena->gaps, Gap, i);
        const Gap *right = &g_array_index(arena->gaps, Gap, i + 1);
        if (left->offset + left->bytes == right->offset) {
            left->bytes += right->bytes;
            g_array_remove_index(arena->gaps, i + 1);
        } else {
            i++;
        }
    }
}

gsize rh_arena_bytes(const RhArena *arena)
{
    return arena->bytes;
}
