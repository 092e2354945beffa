/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "image/image.h"
#include "image/label-image.h"
#include "image/luminance.h"

/* The bytes of one image file and the name it goes by in messages. */
typedef struct {
    const char *name;
    const guint8 *bytes;
    gsize length;
} RhImageSource;

/* A format: how its files begin, and how size and pixels are read. A new format is one file and one line in
 * the table of image.c. `size` may be given the beginning of a file only. */
typedef struct {
    const char *title;
    const char *signature;
    gsize signature_length;
    gboolean (*size)(const RhImageSource *source, guint *width, guint *height, GError **error);
    RhImage *(*load)(const RhImageSource *source, GError **error);
    /* NULL: the format's pixels are shades only. TRUE without an image in `labels`: so are those of this
     * file.
     */
    gboolean (*load_labels)(const RhImageSource *source, RhLabelImage *labels, GError **error);
} RhImageReader;

extern const RhImageReader rh_image_reader_png, rh_image_reader_jpeg;

/* The reader for what the bytes are by their content, and the bytes as a source for it; NULL with an error if
 * there is none. `name` and the bytes stay the caller's. */
const RhImageReader *rh_image_find_reader(GBytes *bytes, const char *name, RhImageSource *source,
                                          GError **error);
/* Enough for the size of nearly every file; where it is not, the whole file is read. */
#define RH_IMAGE_HEAD_BYTES (64u << 10)
/* The first bytes of a file, as many as there are up to that. */
GBytes *rh_image_read_head(const char *path, GError **error);
/* The whole file, if it is not too large for an image. */
GBytes *rh_image_read_file(const char *path, GError **error);

/* RH_ERROR_LIMIT unless width×height is within what the program accepts. */
gboolean rh_image_size_is_accepted(const char *name, guint width, guint height, GError **error);
/* “NAME” is a broken FORMAT, at its `row` (from 0) or, without an image yet, in its header; the reason is the
 * decoder's, in English. Always FALSE. */
gboolean rh_image_refuse_broken(const RhImageSource *source, const char *format, const RhImage *image,
                                guint row, const char *reason, GError **error);
/* RH_ERROR_FORMAT if the file is shorter than `needed` bytes, without which a file of its format cannot hold
 * the pixels it promises however well they are packed: memory is taken for what may be there only. */
gboolean rh_image_length_is_enough(const RhImageSource *source, const char *format, guint64 needed,
                                   guint width, guint height, GError **error);
/* Like rh_image_new after rh_image_size_is_accepted; too little memory is an error and no abort. */
RhImage *rh_image_try_new(const char *name, guint width, guint height, RhPixelType type, GError **error);

/* The values of `count` pixels from place `first` on, row by row, as rh_image_value gives them. */
void rh_image_values(const RhImage *image, gsize first, gsize count, float *out);
