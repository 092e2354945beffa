/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* A grey image, immutable once made, at the depth it was stored in. Colour is brought to luminance on
 * loading. */
typedef enum { RH_PIXEL_U8, RH_PIXEL_U16, RH_PIXEL_F32 } RhPixelType;

typedef struct {
    gatomicrefcount references;
    guint width, height;
    RhPixelType type;
    double black,
        white; /* stored values shown as 0 and 1: 0 … 255, 0 … 65535, or the range of a float image */
    gpointer pixels; /* height rows of width values, no padding */
} RhImage;

/* What the program accepts, in one place. */
#define RH_IMAGE_PIXELS_MAX G_GUINT64_CONSTANT(200000000)
#define RH_IMAGE_SIDE_MAX   65535u
#define RH_IMAGE_BYTES_MAX  (1u << 30) /* of a file */

RhImage *rh_image_new(guint width, guint height,
                      RhPixelType type); /* pixels zero, to be filled before it is shared */
RhImage *rh_image_ref(RhImage *image);
void rh_image_unref(RhImage *image);

/* One file a format behind one load: chosen by content, never by suffix. PNG and JPEG. Errors name the file.
 * Transparency is left aside (a clear pixel keeps its grey value), except where it alone is the picture: all
 * pixels of one grey and transparency that varies; then the opacity is what is read. */
RhImage *rh_image_load(const char *path, GError **error);
RhImage *rh_image_load_bytes(GBytes *bytes, const char *name, GError **error);
/* Size without decoding. */
gboolean rh_image_size(const char *path, guint *width, guint *height, GError **error);
/* 8 or 16 bits as stored; a float image as 16 bits from black to white. Whole or not at all. */
GBytes *rh_image_encode_png(const RhImage *image);
gboolean rh_image_save_png(const RhImage *image, const char *path, GError **error);
/* The same of regions of few values, as a mask has: in a third of the time and no more bytes. */
gboolean rh_image_save_regions_png(const RhImage *image, const char *path, GError **error);

/* The value at (x, y) brought to 0 … 1 by black and white. */
float rh_image_value(const RhImage *image, guint x, guint y);
/* The value as it is stored, of a pixel counted row by row. */
static inline double rh_image_stored(const RhImage *image, gsize place)
{
    switch (image->type) {
    case RH_PIXEL_U8:
        return ((const guint8 *)image->pixels)[place];
    case RH_PIXEL_U16:
        return ((const guint16 *)image->pixels)[place];
    default:
        return (double)((const float *)image->pixels)[place];
    }
}
/* The whole image resized by area average (bilinear when enlarged) to width×height values of 0 … 1. */
void rh_image_resize(const RhImage *image, guint width, guint height, float *out);
/* An 8-bit thumbnail that fits a square of `side` pixels, aspect kept; never larger than the image. */
RhImage *rh_image_thumbnail(const RhImage *image, guint side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImage, rh_image_unref)
