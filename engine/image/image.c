/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "image/reader-private.h"

static const RhImageReader *const readers[] = {&rh_image_reader_png, &rh_image_reader_jpeg};

static gsize bytes_per_pixel(RhPixelType type)
{
    static const gsize sizes[] = {[RH_PIXEL_U8] = 1, [RH_PIXEL_U16] = 2, [RH_PIXEL_F32] = 4};
    return sizes[type];
}

static RhImage *wrap_pixels(guint width, guint height, RhPixelType type, gpointer pixels)
{
    static const double whites[] = {[RH_PIXEL_U8] = 255, [RH_PIXEL_U16] = 65535, [RH_PIXEL_F32] = 1};
    RhImage *image = g_new0(RhImage, 1);
    g_atomic_ref_count_init(&image->references);
    image->width = width;
    image->height = height;
    image->type = type;
    image->white = whites[type];
    image->pixels = pixels;
    return image;
}

RhImage *rh_image_new(guint width, guint height, RhPixelType type)
{
    g_assert(width > 0 && height > 0);
    return wrap_pixels(width, height, type, g_malloc0_n((gsize)width * height, bytes_per_pixel(type)));
}

RhImage *rh_image_try_new(const char *name, guint width, guint height, RhPixelType type, GError **error)
{
    if (!rh_image_size_is_accepted(name, width, height, error))
        return NULL;
    gpointer pixels = g_try_malloc0_n((gsize)width * height, bytes_per_pixel(type));
    if (pixels != NULL)
        return wrap_pixels(width, height, type, pixels);
    g_set_error(
        error, RH_ERROR, RH_ERROR_LIMIT,
        _("“%s”: there is not enough memory for its %u×%u pixels; close other programs and try again."), name,
        width, height);
    return NULL;
}

RhImage *rh_image_ref(RhImage *image)
{
    g_atomic_ref_count_inc(&image->references);
    return image;
}

void rh_image_unref(RhImage *image)
{
    if (image == NULL || !g_atomic_ref_count_dec(&image->references))
        return;
    g_free(image->pixels);
    g_free(image);
}

gboolean rh_image_size_is_accepted(const char *name, guint width, guint height, GError **error)
{
    if (width == 0 || height == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” says it has no pixels; get or export the file again."), name);
        return FALSE;
    }
    if (width <= RH_IMAGE_SIDE_MAX && height <= RH_IMAGE_SIDE_MAX &&
        (guint64)width * height <= RH_IMAGE_PIXELS_MAX)
        return TRUE;
    g_set_error(
        error, RH_ERROR, RH_ERROR_LIMIT,
        _("“%s” has %u×%u pixels, more than the %u in all and %u a side that are read; scale it down first."),
        name, width, height, (guint)RH_IMAGE_PIXELS_MAX, RH_IMAGE_SIDE_MAX);
    return FALSE;
}

gboolean rh_image_refuse_broken(const RhImageSource *source, const char *format, const RhImage *image,
                                guint row, const char *reason, GError **error)
{
    if (image == NULL)
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is a broken %s: header: %s; get or export the file again."), source->name, format,
                    reason);
    else
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is a broken %s: row %u of %u: %s; get or export the file again."), source->name,
                    format, row + 1, image->height, reason);
    return FALSE;
}

gboolean rh_image_length_is_enough(const RhImageSource *source, const char *format, guint64 needed,
                                   guint width, guint height, GError **error)
{
    if (source->length >= needed)
        return TRUE;
    g_set_error(
        error, RH_ERROR, RH_ERROR_FORMAT,
        _("“%s” is a broken %s: so short a file cannot hold the %u×%u pixels it promises; get or export "
          "the file again."),
        source->name, format, width, height);
    return FALSE;
}

const RhImageReader *rh_image_find_reader(GBytes *bytes, const char *name, RhImageSource *source,
                                          GError **error)
{
    *source = (RhImageSource){.name = name};
    source->bytes = g_bytes_get_data(bytes, &source->length);
    if (source->length == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is empty: it has no bytes at all; get or export the file again."), name);
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        if (source->length >= readers[i]->signature_length &&
            memcmp(source->bytes, readers[i]->signature, readers[i]->signature_length) == 0)
            return readers[i];
    g_autoptr(GString) titles = g_string_new(readers[0]->title);
    for (gsize i = 1; i < G_N_ELEMENTS(readers); i++)
        g_string_append_printf(titles, ", %s", readers[i]->title);
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                _("“%s” is no image that can be read: its content is none of %s; convert it to PNG."),
                source->name, titles->str);
    return NULL;
}

RhImage *rh_image_load_bytes(GBytes *bytes, const char *name, GError **error)
{
    RhImageSource source;
    const RhImageReader *reader = rh_image_find_reader(bytes, name, &source, error);
    return reader != NULL ? reader->load(&source, error) : NULL;
}

GBytes *rh_image_read_file(const char *path, GError **error)
{
    char *content;
    gsize length;
    if (!rh_file_read(path, RH_IMAGE_BYTES_MAX, &content, &length, error))
        return NULL;
    return g_bytes_new_take(content, length);
}

RhImage *rh_image_load(const char *path, GError **error)
{
    g_autofree char *name = rh_path_shown(path);
    g_autoptr(GBytes) bytes = rh_image_read_file(path, error);
    return bytes != NULL ? rh_image_load_bytes(bytes, name, error) : NULL;
}

static gboolean size_of_bytes(GBytes *bytes, const char *name, guint *width, guint *height, GError **error)
{
    RhImageSource source;
    const RhImageReader *reader = rh_image_find_reader(bytes, name, &source, error);
    return reader != NULL && reader->size(&source, width, height, error) &&
           rh_image_size_is_accepted(name, *width, *height, error);
}

GBytes *rh_image_read_head(const char *path, GError **error)
{
    /* O_NONBLOCK: opening a named pipe must not wait for somebody to write into it. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    g_autofree guint8 *head = g_malloc(RH_IMAGE_HEAD_BYTES);
    gsize length = 0;
    gssize got = descriptor < 0 ? -1 : 1;
    while (got > 0 && length < RH_IMAGE_HEAD_BYTES) {
        got = read(descriptor, head + length, RH_IMAGE_HEAD_BYTES - length);
        length += got > 0 ? (gsize)got : 0;
    }
    int code = errno;
    if (descriptor >= 0)
        close(descriptor);
    if (got >= 0)
        return g_bytes_new_take(g_steal_pointer(&head), length);
    errno = code;
    rh_file_fail(error, RH_FILE_READ, path);
    return NULL;
}

gboolean rh_image_size(const char *path, guint *width, guint *height, GError **error)
{
    g_autofree char *name = rh_path_shown(path);
    g_autoptr(GBytes) head = rh_image_read_head(path, error);
    if (head == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    if (size_of_bytes(head, name, width, height, &failure))
        return TRUE;
    if (g_bytes_get_size(head) < RH_IMAGE_HEAD_BYTES ||
        !g_error_matches(failure, RH_ERROR, RH_ERROR_FORMAT)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    g_autoptr(GBytes) whole = rh_image_read_file(path, error);
    return whole != NULL && size_of_bytes(whole, name, width, height, error);
}

static float scaled(const RhImage *image, double value)
{
    return (float)((value - image->black) / (image->white - image->black));
}

void rh_image_values(const RhImage *image, gsize first, gsize count, float *out)
{
    const guint8 *narrow = (const guint8 *)image->pixels + first;
    const guint16 *wide = (const guint16 *)image->pixels + first;
    const float *real = (const float *)image->pixels + first;
    switch (image->type) {
    case RH_PIXEL_U8:
        for (gsize i = 0; i < count; i++)
            out[i] = scaled(image, narrow[i]);
        break;
    case RH_PIXEL_U16:
        for (gsize i = 0; i < count; i++)
            out[i] = scaled(image, wide[i]);
        break;
    case RH_PIXEL_F32:
        for (gsize i = 0; i < count; i++)
            out[i] = scaled(image, real[i]);
        break;
    }
}

float rh_image_value(const RhImage *image, guint x, guint y)
{
    float value;
    g_assert(x < image->width && y < image->height);
    rh_image_values(image, (gsize)y * image->width + x, 1, &value);
    return value;
}
