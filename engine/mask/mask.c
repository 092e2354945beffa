/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/mask.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "image/axis.h"
#include "mask/labels-private.h"

static gsize pixel_count(const RhMask *mask)
{
    return (gsize)mask->width * mask->height;
}

RhMask *rh_mask_new(guint width, guint height)
{
    g_assert(width > 0 && height > 0);
    RhMask *mask = g_atomic_rc_box_new0(RhMask);
    mask->width = width;
    mask->height = height;
    mask->pixels = g_malloc0((gsize)width * height);
    return mask;
}

RhMask *rh_mask_copy(const RhMask *mask)
{
    RhMask *copy = g_atomic_rc_box_new(RhMask);
    *copy = *mask;
    copy->pixels = g_memdup2(mask->pixels, pixel_count(mask));
    return copy;
}

RhMask *rh_mask_ref(RhMask *mask)
{
    return g_atomic_rc_box_acquire(mask);
}

static void free_pixels(gpointer mask)
{
    g_free(((RhMask *)mask)->pixels);
}

void rh_mask_free(RhMask *mask)
{
    if (mask != NULL)
        g_atomic_rc_box_release_full(mask, free_pixels);
}

gboolean rh_mask_is_empty(const RhMask *mask)
{
    return memchr(mask->pixels, 255, pixel_count(mask)) == NULL;
}

gsize rh_mask_count(const RhMask *mask)
{
    const gsize pixels = pixel_count(mask);
    gsize count = 0, i = 0;
    for (guint64 eight; i + sizeof eight <= pixels; i += sizeof eight) { /* the sum of their lowest bits */
        memcpy(&eight, mask->pixels + i, sizeof eight);
        count += (eight & 0x0101010101010101u) * 0x0101010101010101u >> 56;
    }
    for (; i < pixels; i++)
        count += mask->pixels[i] & 1;
    return count;
}

/* The first and last pixel inside in a row; FALSE if there is none. */
static gboolean row_bounds(const guint8 *row, guint width, int *first, int *last)
{
    const guint8 *left = memchr(row, 255, width), *right = memrchr(row, 255, width);
    if (left == NULL)
        return FALSE;
    *first = (int)(left - row);
    *last = (int)(right - row);
    return TRUE;
}

RhRectangle rh_mask_bounds(const RhMask *mask)
{
    RhRectangle bounds = {0};
    for (guint y = 0; y < mask->height; y++) {
        int first, last;
        if (row_bounds(mask->pixels + (gsize)y * mask->width, mask->width, &first, &last))
            rh_rectangle_add(&bounds, first, (int)y, last - first + 1, 1);
    }
    return bounds;
}

void rh_rectangle_add(RhRectangle *rectangle, int x, int y, int width, int height)
{
    if (width == 0 || height == 0)
        return;
    if (rectangle->width == 0 || rectangle->height == 0) {
        *rectangle = (RhRectangle){x, y, width, height};
        return;
    }
    int right = MAX(rectangle->x + rectangle->width, x + width);
    int bottom = MAX(rectangle->y + rectangle->height, y + height);
    rectangle->x = MIN(rectangle->x, x);
    rectangle->y = MIN(rectangle->y, y);
    rectangle->width = right - rectangle->x;
    rectangle->height = bottom - rectangle->y;
}

gboolean rh_mask_size_fits(const char *path, const RhImage *image, guint width, guint height, GError **error)
{
    if ((width == 0 || image->width == width) && (height == 0 || image->height == height))
        return TRUE;
    g_autofree char *name = g_filename_display_name(path);
    g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                _("The mask “%s” has %u×%u pixels, but its image has %u×%u; draw or export it at the "
                  "image's size."),
                name, image->width, image->height, width, height);
    return FALSE;
}

gboolean rh_mask_save(const RhMask *mask, const char *path, GError **error)
{
    const RhImage image = {
        .width = mask->width,
        .height = mask->height,
        .type = RH_PIXEL_U8,
        .white = 255,
        .pixels = mask->pixels,
    };
    return rh_image_save_regions_png(&image, path, error);
}

void rh_mask_resize(const RhMask *mask, guint width, guint height, guint8 *out)
{
    g_autoptr(RhAxis) across = rh_axis_new(mask->width, width, RH_ENLARGE_NEAREST);
    g_autoptr(RhAxis) down = rh_axis_new(mask->height, height, RH_ENLARGE_NEAREST);
    const guint64 total = (guint64)across->total * down->total;
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++) {
            const RhAxisPixel *column = &across->pixels[x], *row = &down->pixels[y];
            guint64 inside = 0;
            for (guint j = 0; j < row->count; j++) {
                const guint8 *pixels = mask->pixels + (gsize)(row->first + j) * mask->width + column->first;
                guint64 length = 0;
                for (guint i = 0; i < column->count; i++)
                    length += pixels[i] != 0 ? column->weights[i] : 0;
                inside += length * row->weights[j];
            }
            out[(gsize)y * width + x] = 2 * inside >= total;
        }
}

/* Every value within `radius` of a value above zero becomes 1, along one line of `count` values `step` apart.
 */
static void dilate_line(guint8 *line, gsize count, gsize step, gsize radius, guint8 *scratch)
{
    gsize reach = 0; /* places below it are within the radius of one before or ahead */
    for (gsize i = 0; i < count; i++)
        scratch[i] = line[i * step] != 0;
    memset(scratch + count, 0, radius);
    for (gsize i = 0; i < count + radius; i++) {
        if (scratch[i] != 0)
            reach = i + 2 * radius + 1;
        if (i >= radius)
            line[(i - radius) * step] = i < reach;
    }
}

void rh_mask_dilate(guint8 *inside, guint width, guint height, double sigma)
{
    g_assert(sigma >= 0);
    const gsize radius = (gsize)MIN(floor(4 * sigma + 0.5), MAX(width, height));
    g_autofree guint8 *scratch = g_malloc(MAX(width, height) + radius);
    for (guint y = 0; y < height; y++)
        dilate_line(inside + (gsize)y * width, width, 1, radius, scratch);
    for (guint x = 0; x < width; x++)
        dilate_line(inside + x, height, width, radius, scratch);
}
