/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "base/error.h"
#include "image/reader-private.h"

#ifdef RH_HAVE_JPEG

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

/* A progressive file of a few kilobytes may ask for any number of passes over all its pixels. */
#define SCANS_MAX 200
/* A block of 8×8 pixels takes a bit at the least: the Huffman code of its mean. */
#define PIXELS_A_BYTE_MAX 512

typedef struct {
    struct jpeg_decompress_struct jpeg; /* `client_data` points back here */
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    const RhImageSource *source;
    char reason[JMSG_LENGTH_MAX];
    RhImage *image;
} JpegReader;

G_NORETURN static void on_error(j_common_ptr jpeg)
{
    JpegReader *reader = jpeg->client_data;
    jpeg->err->format_message(jpeg, reader->reason);
    longjmp(reader->jump, 1);
}

/* Warnings about pixels that were made up are errors here: nobody shall train on them. */
static void on_message(j_common_ptr jpeg, int level)
{
    static const int harmless[] = {JWRN_ADOBE_XFORM, JWRN_BOGUS_PROGRESSION, JWRN_EXTRANEOUS_DATA,
                                   JWRN_JFIF_MAJOR};
    if (level >= 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(harmless); i++)
        if (jpeg->err->msg_code == harmless[i])
            return;
    on_error(jpeg);
}

static void on_progress(j_common_ptr jpeg)
{
    JpegReader *reader = jpeg->client_data;
    if (reader->jpeg.input_scan_number > SCANS_MAX) {
        g_strlcpy(reader->reason, _("it has too many scans"), sizeof reader->reason);
        longjmp(reader->jump, 1);
    }
}

static gboolean fail(const JpegReader *reader, GError **error)
{
    return rh_image_refuse_broken(reader->source, "JPEG", reader->image, reader->jpeg.output_scanline,
                                  reader->reason, error);
}

static gboolean read_header(JpegReader *reader, GError **error)
{
    if (setjmp(reader->jump) != 0)
        return fail(reader, error);
    jpeg_create_decompress(&reader->jpeg);
    jpeg_mem_src(&reader->jpeg, reader->source->bytes, reader->source->length);
    jpeg_read_header(&reader->jpeg, TRUE);
    return TRUE;
}

static gboolean open_reader(JpegReader *reader, const RhImageSource *source, GError **error)
{
    *reader = (JpegReader){.source = source};
    reader->jpeg.err = jpeg_std_error(&reader->errors);
    reader->jpeg.client_data = reader;
    reader->errors.error_exit = on_error;
    reader->errors.emit_message = on_message;
    reader->progress.progress_monitor = on_progress;
    return read_header(reader, error);
}

static void close_reader(JpegReader *reader)
{
    jpeg_destroy_decompress(&reader->jpeg);
    g_clear_pointer(&reader->image, rh_image_unref);
}

static gboolean is_accepted(const JpegReader *reader, GError **error)
{
    if (reader->jpeg.jpeg_color_space == JCS_CMYK || reader->jpeg.jpeg_color_space == JCS_YCCK) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is a JPEG in printing inks (CMYK), which is not read; save it as RGB or grey."),
                    reader->source->name);
        return FALSE;
    }
    const guint width = reader->jpeg.image_width, height = reader->jpeg.image_height;
    return rh_image_size_is_accepted(reader->source->name, width, height, error) &&
           rh_image_length_is_enough(reader->source, "JPEG", (guint64)width * height / PIXELS_A_BYTE_MAX,
                                     width, height, error);
}

static gboolean read_rows(JpegReader *reader, GError **error)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (setjmp(reader->jump) != 0)
        return fail(reader, error);
    jpeg->progress = &reader->progress;
    jpeg->out_color_space = JCS_GRAYSCALE;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(jpeg);
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = (guint8 *)reader->image->pixels + (gsize)jpeg->output_scanline * jpeg->output_width;
        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
    return TRUE;
}

static RhImage *load(const RhImageSource *source, GError **error)
{
    JpegReader reader;
    RhImage *image = NULL;
    if (open_reader(&reader, source, error) && is_accepted(&reader, error)) {
        reader.image = rh_image_try_new(source->name, reader.jpeg.image_width, reader.jpeg.image_height,
                                        RH_PIXEL_U8, error);
        if (reader.image != NULL && read_rows(&reader, error))
            image = g_steal_pointer(&reader.image);
    }
    close_reader(&reader);
    return image;
}

static gboolean size(const RhImageSource *source, guint *width, guint *height, GError **error)
{
    JpegReader reader;
    gboolean ok = open_reader(&reader, source, error);
    *width = reader.jpeg.image_width;
    *height = reader.jpeg.image_height;
    close_reader(&reader);
    return ok;
}

#else

static gboolean refuse(const RhImageSource *source, GError **error)
{
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                _("“%s” is a JPEG, and this program was built without libjpeg; convert the file to PNG."),
                source->name);
    return FALSE;
}

static RhImage *load(const RhImageSource *source, GError **error)
{
    refuse(source, error);
    return NULL;
}

static gboolean size(const RhImageSource *source, guint *width, guint *height, GError **error)
{
    return refuse(source, error);
}

#endif

const RhImageReader rh_image_reader_jpeg = {
    .title = "JPEG",
    .signature = "\xff\xd8\xff",
    .signature_length = 3,
    .size = size,
    .load = load,
};
