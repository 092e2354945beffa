/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/editor.h"

#include <math.h>
#include <string.h>

#include "mask/editor-private.h"
#include "mask/steps-private.h"

struct _RhMaskEditor {
    RhMask *mask;
    guint64 revision;
    RhMaskHistory history;

    /* The stroke under way: tiles as they were before it, made when a pixel in them first changes. */
    char *name;      /* NULL between strokes */
    guint columns;   /* tiles in a row of tiles */
    guint8 **before; /* a tile each, NULL if untouched */
    GArray *kept;    /* guint: places in `before` */
    RhRectangle changed;
};

RhMaskEditor *rh_mask_editor_new(RhMask *mask, gsize undo_bytes)
{
    RhMaskEditor *editor = g_new0(RhMaskEditor, 1);
    editor->mask = mask;
    editor->columns = (mask->width + RH_MASK_TILE - 1) / RH_MASK_TILE;
    guint rows = (mask->height + RH_MASK_TILE - 1) / RH_MASK_TILE;
    editor->before = g_new0(guint8 *, (gsize)editor->columns * rows);
    editor->kept = g_array_new(FALSE, FALSE, sizeof(guint));
    rh_mask_history_init(&editor->history, undo_bytes);
    return editor;
}

static void forget_stroke(RhMaskEditor *editor)
{
    for (guint i = 0; i < editor->kept->len; i++)
        g_clear_pointer(&editor->before[g_array_index(editor->kept, guint, i)], g_free);
    g_array_set_size(editor->kept, 0);
    g_clear_pointer(&editor->name, g_free);
    editor->changed = (RhRectangle){0};
}

void rh_mask_editor_free(RhMaskEditor *editor)
{
    if (editor == NULL)
        return;
    forget_stroke(editor);
    rh_mask_history_clear(&editor->history);
    g_array_unref(editor->kept);
    g_free(editor->before);
    rh_mask_free(editor->mask);
    g_free(editor);
}

const RhMask *rh_mask_editor_mask(const RhMaskEditor *editor)
{
    return editor->mask;
}

guint64 rh_mask_editor_revision(const RhMaskEditor *editor)
{
    return editor->revision;
}

gboolean rh_mask_editor_drawing(const RhMaskEditor *editor)
{
    return editor->name != NULL;
}

guint rh_mask_editor_stroke_tiles(const RhMaskEditor *editor)
{
    return editor->kept->len;
}

gsize rh_mask_editor_history_bytes(const RhMaskEditor *editor)
{
    return editor->history.bytes;
}

static RhRectangle tile_bounds(const RhMaskEditor *editor, guint tile)
{
    int x = (int)(tile % editor->columns * RH_MASK_TILE), y = (int)(tile / editor->columns * RH_MASK_TILE);
    return (RhRectangle){x, y, MIN(RH_MASK_TILE, (int)editor->mask->width - x),
                         MIN(RH_MASK_TILE, (int)editor->mask->height - y)};
}

static guint8 *mask_row(const RhMaskEditor *editor, const RhRectangle *tile, int row)
{
    return editor->mask->pixels + (gsize)(tile->y + row) * editor->mask->width + (gsize)tile->x;
}

static void keep_tile(RhMaskEditor *editor, guint tile)
{
    if (editor->before[tile] != NULL)
        return;
    RhRectangle bounds = tile_bounds(editor, tile);
    guint8 *copy = g_malloc(RH_MASK_TILE * RH_MASK_TILE);
    for (int row = 0; row < bounds.height; row++)
        memcpy(copy + row * RH_MASK_TILE, mask_row(editor, &bounds, row), (gsize)bounds.width);
    editor->before[tile] = copy;
    g_array_append_val(editor->kept, tile);
}

void rh_mask_editor_paint_span(RhMaskEditor *editor, gint64 y, gint64 first, gint64 last, gboolean inside,
                               RhRectangle *touched)
{
    const guint8 value = inside ? 255 : 0;
    first = MAX(first, 0);
    last = MIN(last, (gint64)editor->mask->width - 1);
    if (y < 0 || y >= editor->mask->height)
        return;
    guint8 *row = editor->mask->pixels + (gsize)y * editor->mask->width;
    while (first <= last && row[first] == value)
        first++;
    while (first <= last && row[last] == value)
        last--;
    if (first > last)
        return;
    const guint tiles = (guint)(y / RH_MASK_TILE) * editor->columns;
    for (guint column = (guint)(first / RH_MASK_TILE); column <= (guint)(last / RH_MASK_TILE); column++)
        keep_tile(editor, tiles + column);
    memset(row + first, value, (gsize)(last - first + 1));
    rh_rectangle_add(touched, (int)first, (int)y, (int)(last - first + 1), 1);
}

gint64 rh_mask_editor_clip(double place, guint limit)
{
    return (gint64)CLAMP(floor(place), -1, (double)limit);
}

void rh_mask_editor_begin(RhMaskEditor *editor, const char *name)
{
    g_assert(!rh_mask_editor_drawing(editor));
    editor->name = g_strdup(name);
}

/* Tools report what they changed through here. */
static void account(RhMaskEditor *editor, const RhRectangle *changed, RhRectangle *touched)
{
    if (changed->width > 0)
        editor->revision++;
    rh_rectangle_add(&editor->changed, changed->x, changed->y, changed->width, changed->height);
    if (touched != NULL)
        *touched = *changed;
}

void rh_mask_editor_line(RhMaskEditor *editor, double x0, double y0, double x1, double y1, double diameter,
                         gboolean inside, RhRectangle *touched)
{
    RhRectangle changed = {0};
    g_assert(rh_mask_editor_drawing(editor));
    rh_mask_brush_sweep(editor, x0, y0, x1, y1, diameter, inside, &changed);
    account(editor, &changed, touched);
}

void rh_mask_editor_fill(RhMaskEditor *editor, gboolean inside, RhRectangle *touched)
{
    RhRectangle changed = {0};
    g_assert(rh_mask_editor_drawing(editor));
    for (guint y = 0; y < editor->mask->height; y++)
        rh_mask_editor_paint_span(editor, y, 0, editor->mask->width - 1, inside, &changed);
    account(editor, &changed, touched);
}

gboolean rh_mask_editor_end(RhMaskEditor *editor)
{
    g_assert(rh_mask_editor_drawing(editor));
    g_autoptr(RhMaskStep) step = rh_mask_step_new(editor->name, &editor->changed);
    for (guint i = 0; i < editor->kept->len; i++) {
        guint tile = g_array_index(editor->kept, guint, i);
        RhRectangle bounds = tile_bounds(editor, tile);
        rh_mask_step_add_tile(step, editor->mask, &bounds, editor->before[tile], RH_MASK_TILE);
    }
    forget_stroke(editor);
    if (step->runs->len == 0) /* whatever it changed, it changed back */
        return FALSE;
    rh_mask_history_push(&editor->history, g_steal_pointer(&step));
    return TRUE;
}

void rh_mask_editor_cancel(RhMaskEditor *editor, RhRectangle *touched)
{
    RhRectangle changed = editor->changed;
    for (guint i = 0; i < editor->kept->len; i++) {
        guint tile = g_array_index(editor->kept, guint, i);
        RhRectangle bounds = tile_bounds(editor, tile);
        for (int row = 0; row < bounds.height; row++)
            memcpy(mask_row(editor, &bounds, row), editor->before[tile] + row * RH_MASK_TILE,
                   (gsize)bounds.width);
    }
    forget_stroke(editor);
    account(editor, &changed, touched);
    editor->changed = (RhRectangle){0};
}

gboolean rh_mask_editor_can_undo(const RhMaskEditor *editor)
{
    return rh_mask_editor_undo_name(editor) != NULL;
}

gboolean rh_mask_editor_can_redo(const RhMaskEditor *editor)
{
    return rh_mask_editor_redo_name(editor) != NULL;
}

/* Flips the newest step of one side of the history and puts it on the other; nothing while a stroke is drawn.
 */
static gboolean move_step(RhMaskEditor *editor, GQueue *from, GQueue *to, RhRectangle *touched)
{
    if (touched != NULL)
        *touched = (RhRectangle){0};
    if (rh_mask_editor_drawing(editor) || g_queue_is_empty(from))
        return FALSE;
    RhMaskStep *step = g_queue_pop_tail(from);
    rh_mask_step_flip(step, editor->mask);
    g_queue_push_tail(to, step);
    editor->revision++;
    if (touched != NULL)
        *touched = step->bounds;
    return TRUE;
}

gboolean rh_mask_editor_undo(RhMaskEditor *editor, RhRectangle *touched)
{
    return move_step(editor, &editor->history.undo, &editor->history.redo, touched);
}

gboolean rh_mask_editor_redo(RhMaskEditor *editor, RhRectangle *touched)
{
    return move_step(editor, &editor->history.redo, &editor->history.undo, touched);
}

static const char *newest_name(const RhMaskEditor *editor, const GQueue *steps)
{
    const GList *tail = steps->tail;
    return tail != NULL && !rh_mask_editor_drawing(editor) ? ((const RhMaskStep *)tail->data)->name : NULL;
}

const char *rh_mask_editor_undo_name(const RhMaskEditor *editor)
{
    return newest_name(editor, &editor->history.undo);
}

const char *rh_mask_editor_redo_name(const RhMaskEditor *editor)
{
    return newest_name(editor, &editor->history.redo);
}
