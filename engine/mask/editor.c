/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/editor.h"

#include <math.h>
#include <string.h>

#include "mask/editor-private.h"
#include "mask/steps-private.h"

struct _RhMaskEditor {
    RhMask *mask;
    guint64 revision;
    RhMask *snapshot; /* of the mask as it was at that revision; NULL: nobody has asked for one */
    guint64 snapshot_revision;
    RhMaskHistory history;

    /* The stroke under way: tiles as they were before it, made when a pixel in them first changes. */
    char *name;      /* NULL between strokes */
    guint columns;   /* tiles in a row of tiles */
    guint8 **before; /* a tile each, NULL if untouched */
    GArray *kept;    /* guint: places in `before` */
    RhRectangle changed;
    guint8 **rims;        /* of a soft brush, a tile each as `before` */
    double carried;       /* by a soft brush since its last dab; below 0: there was none */
    const RhImage *image; /* only pixels with values from low to high change; NULL: all */
    double low, high;

    gboolean locked;
    RhMaskStep *packed; /* from an empty mask to this one; NULL: it has its pixels */
};

RhMaskEditor *rh_mask_editor_new(RhMask *mask, gsize undo_bytes)
{
    RhMaskEditor *editor = g_new0(RhMaskEditor, 1);
    editor->mask = mask;
    editor->columns = (mask->width + RH_MASK_TILE - 1) / RH_MASK_TILE;
    guint rows = (mask->height + RH_MASK_TILE - 1) / RH_MASK_TILE;
    editor->before = g_new0(guint8 *, (gsize)editor->columns * rows);
    editor->rims = g_new0(guint8 *, (gsize)editor->columns * rows);
    editor->carried = -1;
    editor->kept = g_array_new(FALSE, FALSE, sizeof(guint));
    rh_mask_history_init(&editor->history, undo_bytes);
    return editor;
}

static void forget_stroke(RhMaskEditor *editor)
{
    for (guint i = 0; i < editor->kept->len; i++) {
        g_clear_pointer(&editor->before[g_array_index(editor->kept, guint, i)], g_free);
        g_clear_pointer(&editor->rims[g_array_index(editor->kept, guint, i)], g_free);
    }
    g_array_set_size(editor->kept, 0);
    editor->carried = -1;
    editor->image = NULL;
    g_clear_pointer(&editor->name, g_free);
    editor->changed = (RhRectangle){0};
}

void rh_mask_editor_free(RhMaskEditor *editor)
{
    if (editor == NULL)
        return;
    forget_stroke(editor);
    rh_mask_history_clear(&editor->history);
    g_clear_pointer(&editor->packed, rh_mask_step_free);
    g_array_unref(editor->kept);
    g_free(editor->before);
    g_free(editor->rims);
    rh_mask_free(editor->snapshot);
    rh_mask_free(editor->mask);
    g_free(editor);
}

const RhMask *rh_mask_editor_mask(const RhMaskEditor *editor)
{
    return editor->mask;
}

RhMask *rh_mask_editor_snapshot(RhMaskEditor *editor)
{
    if (editor->snapshot == NULL || editor->snapshot_revision != editor->revision) {
        g_clear_pointer(&editor->snapshot, rh_mask_free);
        editor->snapshot = rh_mask_copy(editor->mask);
        editor->snapshot_revision = editor->revision;
    }
    return rh_mask_ref(editor->snapshot);
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

guint8 *rh_mask_editor_rim(RhMaskEditor *editor, guint column, guint row)
{
    const guint tile = row * editor->columns + column;
    keep_tile(editor, tile);
    if (editor->rims[tile] == NULL)
        editor->rims[tile] = g_malloc0(RH_MASK_TILE * RH_MASK_TILE);
    return editor->rims[tile];
}

/* Both ends lie in row y. */
static void paint_clipped(RhMaskEditor *editor, gint64 y, gint64 first, gint64 last, guint8 value,
                          RhRectangle *touched)
{
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

/* The parts of a span where the image's values are in the range. */
static void paint_in_range(RhMaskEditor *editor, gint64 y, gint64 first, gint64 last, guint8 value,
                           RhRectangle *touched)
{
    const gsize row = (gsize)y * editor->mask->width;
    for (gint64 x = first; x <= last; x++) {
        gint64 start = x;
        for (; x <= last; x++) {
            const double stored = rh_image_stored(editor->image, row + (gsize)x);
            if (!(stored >= editor->low && stored <= editor->high))
                break;
        }
        if (x > start)
            paint_clipped(editor, y, start, x - 1, value, touched);
    }
}

void rh_mask_editor_paint_span(RhMaskEditor *editor, gint64 y, gint64 first, gint64 last, gboolean inside,
                               RhRectangle *touched)
{
    first = MAX(first, 0);
    last = MIN(last, (gint64)editor->mask->width - 1);
    if (y < 0 || y >= editor->mask->height || first > last)
        return;
    if (editor->image != NULL)
        paint_in_range(editor, y, first, last, inside ? 255 : 0, touched);
    else
        paint_clipped(editor, y, first, last, inside ? 255 : 0, touched);
}

gint64 rh_mask_editor_clip(double place, guint limit)
{
    return (gint64)CLAMP(floor(place), -1, (double)limit);
}

void rh_mask_editor_begin(RhMaskEditor *editor, const char *name)
{
    g_assert(!rh_mask_editor_drawing(editor) && !editor->locked);
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
    rh_mask_editor_sweep(editor, &(const RhMaskBrush){0}, (RhMaskDab){x0, y0, diameter},
                         (RhMaskDab){x1, y1, diameter}, inside, touched);
}

/* Pieces of one width each, which is never off by more than half a pixel. */
static void sweep_pieces(RhMaskEditor *editor, gboolean square, RhMaskDab from, RhMaskDab to, gboolean inside,
                         RhRectangle *changed)
{
    const double difference = to.diameter - from.diameter;
    const guint pieces = (guint)CLAMP(ceil(fabs(difference)), 1, 1000);
    for (guint i = 0; i < pieces; i++) {
        const double start = (double)i / pieces, end = (i + 1.0) / pieces;
        rh_mask_brush_sweep(editor, square, from.x + start * (to.x - from.x),
                            from.y + start * (to.y - from.y), from.x + end * (to.x - from.x),
                            from.y + end * (to.y - from.y), from.diameter + (start + end) / 2 * difference,
                            inside, changed);
    }
}

void rh_mask_editor_sweep(RhMaskEditor *editor, const RhMaskBrush *brush, RhMaskDab from, RhMaskDab to,
                          gboolean inside, RhRectangle *touched)
{
    RhRectangle changed = {0};
    g_assert(rh_mask_editor_drawing(editor));
    if (brush->soft) {
        rh_mask_brush_rim(editor, brush->square, from, to, inside, &editor->carried, &changed);
        from.diameter = MAX(from.diameter / 2, 1);
        to.diameter = MAX(to.diameter / 2, 1);
    }
    sweep_pieces(editor, brush->square, from, to, inside, &changed);
    account(editor, &changed, touched);
}

void rh_mask_editor_paint(RhMaskEditor *editor, const RhMaskSpan *spans, gsize count, gboolean inside,
                          RhRectangle *touched)
{
    RhRectangle changed = {0};
    g_assert(rh_mask_editor_drawing(editor));
    for (gsize i = 0; i < count; i++)
        rh_mask_editor_paint_span(editor, spans[i].row, spans[i].first, (gint64)spans[i].end - 1, inside,
                                  &changed);
    account(editor, &changed, touched);
}

void rh_mask_editor_set_range(RhMaskEditor *editor, const RhImage *image, double low, double high)
{
    g_assert(rh_mask_editor_drawing(editor));
    g_assert(image->width == editor->mask->width && image->height == editor->mask->height);
    editor->image = image;
    editor->low = low;
    editor->high = high;
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
    if (rh_mask_step_is_empty(step)) /* whatever it changed, it changed back */
        return FALSE;
    rh_mask_history_push(&editor->history, g_steal_pointer(&step));
    return TRUE;
}

static void put_back(RhMaskEditor *editor)
{
    for (guint i = 0; i < editor->kept->len; i++) {
        guint tile = g_array_index(editor->kept, guint, i);
        RhRectangle bounds = tile_bounds(editor, tile);
        for (int row = 0; row < bounds.height; row++)
            memcpy(mask_row(editor, &bounds, row), editor->before[tile] + row * RH_MASK_TILE,
                   (gsize)bounds.width);
    }
}

void rh_mask_editor_cancel(RhMaskEditor *editor, RhRectangle *touched)
{
    RhRectangle changed = editor->changed;
    put_back(editor);
    forget_stroke(editor);
    account(editor, &changed, touched);
    editor->changed = (RhRectangle){0};
}

void rh_mask_editor_restart(RhMaskEditor *editor, RhRectangle *touched)
{
    g_assert(rh_mask_editor_drawing(editor));
    g_autofree char *name = g_strdup(editor->name);
    rh_mask_editor_cancel(editor, touched);
    rh_mask_editor_begin(editor, name);
}

void rh_mask_editor_lock(RhMaskEditor *editor)
{
    g_assert(!rh_mask_editor_drawing(editor) && !editor->locked);
    editor->locked = TRUE;
}

void rh_mask_editor_unlock(RhMaskEditor *editor)
{
    g_assert(editor->locked);
    editor->locked = FALSE;
}

gboolean rh_mask_editor_locked(const RhMaskEditor *editor)
{
    return editor->locked;
}

gboolean rh_mask_editor_apply(RhMaskEditor *editor, RhMaskStep *step, RhRectangle *touched)
{
    g_assert(!rh_mask_editor_drawing(editor) && !editor->locked);
    if (touched != NULL)
        *touched = step->bounds;
    if (rh_mask_step_is_empty(step)) {
        rh_mask_step_free(step);
        return FALSE;
    }
    rh_mask_step_flip(step, editor->mask);
    rh_mask_history_push(&editor->history, step);
    editor->revision++;
    return TRUE;
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
    if (rh_mask_editor_drawing(editor) || editor->locked || g_queue_is_empty(from))
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
    return tail != NULL && !rh_mask_editor_drawing(editor) && !editor->locked
               ? ((const RhMaskStep *)tail->data)->name
               : NULL;
}

const char *rh_mask_editor_undo_name(const RhMaskEditor *editor)
{
    return newest_name(editor, &editor->history.undo);
}

const char *rh_mask_editor_redo_name(const RhMaskEditor *editor)
{
    return newest_name(editor, &editor->history.redo);
}

guint rh_mask_editor_steps(const RhMaskEditor *editor)
{
    return editor->history.undo.length + editor->history.redo.length;
}

guint rh_mask_editor_steps_done(const RhMaskEditor *editor)
{
    return editor->history.undo.length;
}

const char *rh_mask_editor_step_name(const RhMaskEditor *editor, guint step)
{
    const GQueue *undo = &editor->history.undo, *redo = &editor->history.redo;
    g_assert(step < rh_mask_editor_steps(editor));
    const RhMaskStep *found =
        step < undo->length ? g_queue_peek_nth((GQueue *)undo, step)
                            : g_queue_peek_nth((GQueue *)redo, redo->length - 1 - (step - undo->length));
    return found->name;
}

void rh_mask_editor_pack(RhMaskEditor *editor)
{
    g_assert(!rh_mask_editor_drawing(editor) && !editor->locked);
    if (editor->packed != NULL)
        return;
    g_autoptr(RhMask) empty = rh_mask_new(editor->mask->width, editor->mask->height);
    editor->packed = rh_mask_step_between("", empty, editor->mask);
    g_clear_pointer(&editor->mask->pixels, g_free);
    g_clear_pointer(&editor->snapshot, rh_mask_free);
}

void rh_mask_editor_unpack(RhMaskEditor *editor)
{
    if (editor->packed == NULL)
        return;
    editor->mask->pixels = g_malloc0((gsize)editor->mask->width * editor->mask->height);
    rh_mask_step_flip(editor->packed, editor->mask);
    g_clear_pointer(&editor->packed, rh_mask_step_free);
}

gsize rh_mask_editor_bytes(const RhMaskEditor *editor)
{
    gsize pixels = (gsize)editor->mask->width * editor->mask->height;
    return editor->history.bytes + (editor->packed != NULL ? rh_mask_step_bytes(editor->packed) : pixels);
}
