/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-pyramid.h"

guint rh_pyramid_level(double zoom, guint levels)
{
    guint level = 0;
    for (double scale = zoom; scale <= 0.5 && level + 1 < levels; scale *= 2)
        level++;
    return level;
}

#define HALVE(name, Value, Sum, rounding)                                                                    \
    static void name(const RhImage *from, RhImage *to)                                                       \
    {                                                                                                        \
        for (gsize y = 0; y < to->height; y++) {                                                             \
            const Value *above = (const Value *)from->pixels + 2 * y * from->width;                          \
            const Value *below = 2 * y + 1 < from->height ? above + from->width : above;                     \
            Value *out = (Value *)to->pixels + y * to->width;                                                \
            for (gsize x = 0; x < to->width; x++) {                                                          \
                gsize left = 2 * x, right = MIN(left + 1, from->width - 1u);                                 \
                Sum sum = (Sum)above[left] + (Sum)above[right] + (Sum)below[left] + (Sum)below[right];       \
                out[x] = (Value)((sum + (Sum)(rounding)) / 4);                                               \
            }                                                                                                \
        }                                                                                                    \
    }
HALVE(halve_u8, guint8, guint32, 2)
HALVE(halve_u16, guint16, guint32, 2)
HALVE(halve_f32, float, float, 0)

static RhImage *halve_image(const RhImage *image)
{
    static void (*const halve[])(const RhImage *, RhImage *) = {
        [RH_PIXEL_U8] = halve_u8,
        [RH_PIXEL_U16] = halve_u16,
        [RH_PIXEL_F32] = halve_f32,
    };
    RhImage *half = rh_image_new((image->width + 1) / 2, (image->height + 1) / 2, image->type);
    half->black = image->black;
    half->white = image->white;
    halve[image->type](image, half);
    return half;
}

GPtrArray *rh_pyramid_of_image(RhImage *image, guint smallest)
{
    GPtrArray *levels = g_ptr_array_new_with_free_func((GDestroyNotify)rh_image_unref);
    for (RhImage *level = image;
         MAX(level->width, level->height) > smallest && levels->len + 1 < RH_PYRAMID_LEVELS;) {
        level = halve_image(level);
        g_ptr_array_add(levels, level);
    }
    return levels;
}

RhMask *rh_pyramid_half_mask(const RhMask *mask)
{
    return rh_mask_new((mask->width + 1) / 2, (mask->height + 1) / 2);
}

RhRectangle rh_pyramid_halve_mask(const RhMask *from, RhMask *to, RhRectangle area)
{
    if (area.width <= 0 || area.height <= 0)
        return (RhRectangle){0};
    guint left = (guint)area.x / 2, right = (guint)(area.x + area.width - 1) / 2;
    guint top = (guint)area.y / 2, bottom = (guint)(area.y + area.height - 1) / 2;
    guint whole = MIN(right + 1, from->width / 2); /* columns before this one have two below them */
    for (gsize y = top; y <= bottom; y++) {
        const guint8 *above = from->pixels + 2 * y * from->width;
        const guint8 *below = 2 * y + 1 < from->height ? above + from->width : above;
        guint8 *out = to->pixels + y * to->width;
        for (gsize x = left; x < whole; x++)
            out[x] = above[2 * x] | above[2 * x + 1] | below[2 * x] | below[2 * x + 1];
        for (gsize x = MAX(left, whole); x <= right; x++)
            out[x] = above[2 * x] | below[2 * x];
    }
    return (RhRectangle){(int)left, (int)top, (int)(right - left + 1), (int)(bottom - top + 1)};
}
