/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/image.h"

#include "image/axis.h"
#include "image/reader-private.h"

/* One side after the other. A source row is brought to the new width when a row of the result first needs it;
 * neighbouring rows of the result share at most the last two, which are kept by their parity. */
typedef struct {
    const RhImage *image;
    const RhAxis *across;
    float *source;   /* one row of the image, 0 … 1 */
    double *kept[2]; /* rows at the new width */
    gint64 kept_row[2];
} Rows;

static const double *narrowed_row(Rows *rows, guint y)
{
    double *out = rows->kept[y & 1];
    if (rows->kept_row[y & 1] == y)
        return out;
    rows->kept_row[y & 1] = y;
    rh_image_values(rows->image, (gsize)y * rows->image->width, rows->image->width, rows->source);
    for (guint i = 0; i < rows->across->to; i++) {
        const RhAxisPixel *pixel = &rows->across->pixels[i];
        double sum = 0;
        for (guint k = 0; k < pixel->count; k++)
            sum += (double)pixel->weights[k] * rows->source[pixel->first + k];
        out[i] = sum / rows->across->total;
    }
    return out;
}

void rh_image_resize(const RhImage *image, guint width, guint height, float *out)
{
    g_autoptr(RhAxis) across = rh_axis_new(image->width, width, RH_ENLARGE_BILINEAR);
    g_autoptr(RhAxis) down = rh_axis_new(image->height, height, RH_ENLARGE_BILINEAR);
    g_autofree float *source = g_new(float, image->width);
    g_autofree double *buffer = g_new(double, 3 * (gsize)width);
    double *sum = buffer + 2 * (gsize)width;
    Rows rows = {image, across, source, {buffer, buffer + width}, {-1, -1}};
    for (guint y = 0; y < height; y++) {
        const RhAxisPixel *pixel = &down->pixels[y];
        for (guint x = 0; x < width; x++)
            sum[x] = 0;
        for (guint k = 0; k < pixel->count; k++) {
            const double *row = narrowed_row(&rows, pixel->first + k);
            for (guint x = 0; x < width; x++)
                sum[x] += pixel->weights[k] * row[x];
        }
        for (guint x = 0; x < width; x++)
            out[(gsize)y * width + x] = (float)(sum[x] / down->total);
    }
}

RhImage *rh_image_thumbnail(const RhImage *image, guint side)
{
    g_assert(side > 0);
    const guint64 longest = MAX(MAX(image->width, image->height), side);
    guint width = (guint)MAX(1, ((guint64)image->width * side + longest / 2) / longest);
    guint height = (guint)MAX(1, ((guint64)image->height * side + longest / 2) / longest);
    RhImage *thumbnail = rh_image_new(width, height, RH_PIXEL_U8);
    g_autofree float *values = g_new(float, (gsize)width *height);
    rh_image_resize(image, width, height, values);
    for (gsize i = 0; i < (gsize)width * height; i++)
        ((guint8 *)thumbnail->pixels)[i] = (guint8)(values[i] > 0 ? MIN(values[i], 1) * 255 + 0.5f : 0);
    return thumbnail;
}
