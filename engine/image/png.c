/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "image/reader-private.h"

/* Deflate cannot shrink anything below 1/1032 of its size: a file shorter than that is cut off, whatever it
 * says. */
#define DEFLATE_RATIO_MAX 1032
/* Compressed bytes taken at a time: few, so that the row at which a file is cut off is told closely. */
#define INPUT_BYTES 512

/* What of the file becomes the image. */
typedef enum { PLANE_GREY, PLANE_ALPHA, PLANE_LABELS } Plane;

typedef struct {
    const RhImageSource *source;
    gsize offset;
    png_structp png;
    png_infop info;
    char reason[128];
    guint width, height, depth, channels, passes;
    guint row;       /* row of the image that is being read, for messages */
    gboolean wide;   /* 16 bits a sample */
    guint8 *samples; /* one row as libpng hands it out */
    RhImage *image;
    RhLabelImage *labels; /* of PLANE_LABELS; its colours are listed as they occur */
    gboolean too_many;    /* of them, to be labels */
    /* What the rows so far held; alpha tells whether it, and not the grey, is the picture. */
    guint grey_low, grey_high, alpha_low, alpha_high;
} PngReader;

G_NORETURN static void on_error(png_structp png, png_const_charp message)
{
    PngReader *reader = png_get_error_ptr(png);
    g_strlcpy(reader->reason, message, sizeof reader->reason);
    longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
}

static void read_bytes(png_structp png, png_bytep out, size_t count)
{
    PngReader *reader = png_get_io_ptr(png);
    if (count > reader->source->length - reader->offset)
        png_error(png, _("the file ends too early"));
    memcpy(out, reader->source->bytes + reader->offset, count);
    reader->offset += count;
}

static void open_reader(PngReader *reader, const RhImageSource *source)
{
    *reader = (PngReader){.source = source, .grey_low = G_MAXUINT, .alpha_low = G_MAXUINT};
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
    g_assert(reader->png != NULL);
    reader->info = png_create_info_struct(reader->png);
    g_assert(reader->info != NULL);
    png_set_read_fn(reader->png, reader, read_bytes);
    png_set_user_limits(reader->png, G_MAXINT32, G_MAXINT32); /* rh_image_size_is_accepted says it better */
    png_set_compression_buffer_size(reader->png, INPUT_BYTES);
    /* What is not needed for the pixels (texts, profiles, palettes to choose from) is passed over without
     * being held: libpng takes the memory that such a chunk says it needs before its bytes are there. */
    png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_benign_errors(reader->png, TRUE);
}

static void close_reader(PngReader *reader)
{
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    g_clear_pointer(&reader->samples, g_free);
    g_clear_pointer(&reader->image, rh_image_unref);
}

static gboolean fail(const PngReader *reader, GError **error)
{
    return rh_image_refuse_broken(reader->source, "PNG", reader->image, reader->row, reader->reason, error);
}

static gboolean read_header(PngReader *reader, GError **error)
{
    if (setjmp(png_jmpbuf(reader->png)) != 0)
        return fail(reader, error);
    png_read_info(reader->png, reader->info);
    reader->width = png_get_image_width(reader->png, reader->info);
    reader->height = png_get_image_height(reader->png, reader->info);
    reader->depth = png_get_bit_depth(reader->png, reader->info);
    return TRUE;
}

/* Grey of 8 or 16 bits, colours of either; labels keep grey values and places in the palette as they are
 * stored, and of colours eight bits are enough to tell them apart. */
static void choose_samples(PngReader *reader, Plane plane)
{
    const guint8 colour = png_get_color_type(reader->png, reader->info);
    if (plane == PLANE_LABELS) {
        png_set_packing(reader->png);
        if (colour != PNG_COLOR_TYPE_GRAY && colour != PNG_COLOR_TYPE_PALETTE)
            png_set_strip_16(reader->png);
    } else {
        png_set_expand_gray_1_2_4_to_8(reader->png);
        png_set_palette_to_rgb(reader->png);
    }
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
        png_set_swap(reader->png);
}

/* Refuses what is too large or cannot be in so short a file, then asks libpng for 8- or 16-bit samples. */
static gboolean begin_rows(PngReader *reader, Plane plane, GError **error)
{
    if (!rh_image_size_is_accepted(reader->source->name, reader->width, reader->height, error))
        return FALSE;
    guint64 bits =
        (guint64)reader->width * reader->height * png_get_channels(reader->png, reader->info) * reader->depth;
    if (!rh_image_length_is_enough(reader->source, "PNG", bits / 8 / DEFLATE_RATIO_MAX, reader->width,
                                   reader->height, error))
        return FALSE;
    if (setjmp(png_jmpbuf(reader->png)) != 0)
        return fail(reader, error);
    choose_samples(reader, plane);
    gboolean interlaced = png_get_interlace_type(reader->png, reader->info) == PNG_INTERLACE_ADAM7;
    reader->passes = interlaced ? PNG_INTERLACE_ADAM7_PASSES : 0;
    png_read_update_info(reader->png, reader->info);
    reader->channels = png_get_channels(reader->png, reader->info);
    reader->wide = png_get_bit_depth(reader->png, reader->info) == 16;
    return TRUE;
}

/* The place of a colour in the list, to which it is added if it is new. Neighbours are mostly alike. */
static guint place_of_colour(PngReader *reader, guint32 colour, guint before)
{
    RhLabelImage *labels = reader->labels;
    if (before < labels->n_colours && labels->colours[before] == colour)
        return before;
    for (guint i = 0; i < labels->n_colours; i++)
        if (labels->colours[i] == colour)
            return i;
    if (labels->n_colours == RH_LABEL_COLOURS_MAX) {
        reader->too_many = TRUE;
        return 0;
    }
    labels->colours[labels->n_colours] = colour;
    return labels->n_colours++;
}

/* A row of samples of several channels of 8 bits as places in the list of colours. */
static void take_colours(PngReader *reader, guint y, guint start, guint step, guint count)
{
    const guint channels = reader->channels;
    const guint8 *sample = reader->samples;
    guint8 *pixel = (guint8 *)reader->image->pixels + (gsize)y * reader->width + start;
    guint place = 0;
    for (guint i = 0; i < count && !reader->too_many; i++, sample += channels, pixel += step) {
        const gboolean coloured = channels >= 3, clear = channels % 2 == 0 && sample[channels - 1] < 128;
        const guint32 red = sample[0], green = sample[coloured ? 1 : 0], blue = sample[coloured ? 2 : 0];
        place = place_of_colour(reader, (clear ? 0 : RH_LABEL_OPAQUE) | red << 16 | green << 8 | blue, place);
        *pixel = (guint8)place;
    }
}

/* One row of samples into every step-th pixel of row y, from `start`. */
static void take_row(PngReader *reader, Plane plane, guint y, guint start, guint step, guint count)
{
    const guint8 *narrow = reader->samples;
    const guint16 *wide = (const guint16 *)(const void *)reader->samples;
    const guint channels = reader->channels;
    const gboolean coloured = channels >= 3, clear = channels % 2 == 0;
    if (plane == PLANE_LABELS && channels > 1) {
        take_colours(reader, y, start, step, count);
        return;
    }
    gsize place = (gsize)y * reader->width + start;
    for (guint i = 0; i < count; i++, place += step) {
        guint pixel[4];
        for (guint c = 0; c < channels; c++)
            pixel[c] = reader->wide ? wide[(gsize)i * channels + c] : narrow[(gsize)i * channels + c];
        guint grey = coloured ? rh_luminance(pixel[0], pixel[1], pixel[2]) : pixel[0];
        guint alpha = clear ? pixel[channels - 1] : 0;
        guint value = plane == PLANE_ALPHA ? alpha : grey;
        reader->grey_low = MIN(reader->grey_low, grey);
        reader->grey_high = MAX(reader->grey_high, grey);
        reader->alpha_low = MIN(reader->alpha_low, alpha);
        reader->alpha_high = MAX(reader->alpha_high, alpha);
        if (reader->wide)
            ((guint16 *)reader->image->pixels)[place] = (guint16)value;
        else
            ((guint8 *)reader->image->pixels)[place] = (guint8)value;
    }
}

/* The passes of an interlaced file are taken as they come, so that a row of samples is all that is held. */
static gboolean read_rows(PngReader *reader, Plane plane, GError **error)
{
    if (setjmp(png_jmpbuf(reader->png)) != 0)
        return fail(reader, error);
    if (reader->passes == 0)
        for (reader->row = 0; reader->row < reader->height; reader->row++) {
            png_read_row(reader->png, reader->samples, NULL);
            take_row(reader, plane, reader->row, 0, 1, reader->width);
        }
    for (guint pass = 0; pass < reader->passes; pass++) {
        guint rows = PNG_PASS_ROWS(reader->height, pass), columns = PNG_PASS_COLS(reader->width, pass);
        for (guint i = 0; columns > 0 && i < rows; i++) {
            reader->row = PNG_ROW_FROM_PASS_ROW(i, pass);
            png_read_row(reader->png, reader->samples, NULL);
            take_row(reader, plane, reader->row, PNG_PASS_START_COL(pass), PNG_PASS_COL_OFFSET(pass),
                     columns);
        }
    }
    png_read_end(reader->png, NULL);
    return TRUE;
}

/* What is to be known of the values of a map of labels: their range and, of places in a palette, its colours.
 */
static void describe_labels(PngReader *reader)
{
    RhLabelImage *labels = reader->labels;
    const guint8 colour = png_get_color_type(reader->png, reader->info);
    labels->exact = !reader->too_many;
    labels->coding = colour == PNG_COLOR_TYPE_GRAY      ? RH_LABELS_GREY
                     : colour == PNG_COLOR_TYPE_PALETTE ? RH_LABELS_PALETTE
                                                        : RH_LABELS_COLOUR;
    labels->white = labels->coding == RH_LABELS_GREY ? (1u << reader->depth) - 1 : 255;
    if (labels->coding != RH_LABELS_PALETTE)
        return;
    png_colorp palette = NULL;
    png_bytep alpha = NULL;
    int n_colours = 0, n_alpha = 0;
    png_get_PLTE(reader->png, reader->info, &palette, &n_colours);
    png_get_tRNS(reader->png, reader->info, &alpha, &n_alpha, NULL);
    labels->n_colours = MIN((guint)n_colours, RH_LABEL_COLOURS_MAX);
    for (guint i = 0; i < labels->n_colours; i++) {
        const gboolean clear = i < (guint)n_alpha && alpha[i] < 128;
        labels->colours[i] = (clear ? 0 : RH_LABEL_OPAQUE) | (guint32)palette[i].red << 16 |
                             (guint32)palette[i].green << 8 | palette[i].blue;
    }
}

/* `alone`, if not NULL, is set where alpha is all there is to see; `labels` is filled for PLANE_LABELS. */
static RhImage *decode(const RhImageSource *source, Plane plane, RhLabelImage *labels, gboolean *alone,
                       GError **error)
{
    PngReader reader;
    RhImage *image = NULL;
    open_reader(&reader, source);
    reader.labels = labels;
    if (read_header(&reader, error) && begin_rows(&reader, plane, error)) {
        reader.samples = g_malloc0(png_get_rowbytes(reader.png, reader.info));
        reader.image = rh_image_try_new(source->name, reader.width, reader.height,
                                        reader.wide ? RH_PIXEL_U16 : RH_PIXEL_U8, error);
        if (reader.image != NULL && read_rows(&reader, plane, error))
            image = g_steal_pointer(&reader.image);
        if (image != NULL && labels != NULL)
            describe_labels(&reader);
    }
    if (alone != NULL)
        *alone = reader.grey_low == reader.grey_high && reader.alpha_low < reader.alpha_high;
    close_reader(&reader);
    return image;
}

static RhImage *load(const RhImageSource *source, GError **error)
{
    gboolean alone;
    RhImage *image = decode(source, PLANE_GREY, NULL, &alone, error);
    if (image == NULL || !alone)
        return image;
    rh_image_unref(image);
    return decode(source, PLANE_ALPHA, NULL, NULL, error);
}

static gboolean load_labels(const RhImageSource *source, RhLabelImage *labels, GError **error)
{
    labels->image = decode(source, PLANE_LABELS, labels, NULL, error);
    if (labels->image == NULL)
        return FALSE;
    if (!labels->exact)
        g_clear_pointer(&labels->image, rh_image_unref);
    return TRUE;
}

static gboolean size(const RhImageSource *source, guint *width, guint *height, GError **error)
{
    PngReader reader;
    open_reader(&reader, source);
    gboolean ok = read_header(&reader, error);
    *width = reader.width;
    *height = reader.height;
    close_reader(&reader);
    return ok;
}

const RhImageReader rh_image_reader_png = {
    .title = "PNG",
    .signature = "\x89PNG\r\n\x1a\n",
    .signature_length = 8,
    .size = size,
    .load = load,
    .load_labels = load_labels,
};

static void write_bytes(png_structp png, png_bytep bytes, size_t count)
{
    g_byte_array_append(png_get_io_ptr(png), bytes, (guint)count);
}

static void flush_bytes(png_structp png)
{
}

/* The row to be written: as it is stored, or a float row brought to 16 bits in `scratch`. */
static png_const_bytep row_to_write(const RhImage *image, guint y, guint16 *scratch)
{
    const gsize place = (gsize)y * image->width;
    if (image->type == RH_PIXEL_U8)
        return (const guint8 *)image->pixels + place;
    if (image->type == RH_PIXEL_U16)
        return (png_const_bytep)((const guint16 *)image->pixels + place);
    for (guint x = 0; x < image->width; x++) {
        float value = rh_image_value(image, x, y);
        scratch[x] = (guint16)(value > 0 ? MIN(value, 1) * 65535 + 0.5f : 0); /* not a number: 0 */
    }
    return (png_const_bytep)scratch;
}

static GBytes *encode(const RhImage *image, int filters)
{
    GByteArray *bytes = g_byte_array_new();
    g_autofree guint16 *scratch = g_new(guint16, image->width);
    /* Writing to memory cannot fail in a way that is not a mistake of ours: libpng's own handler aborts. */
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    g_assert(png != NULL);
    png_infop info = png_create_info_struct(png);
    g_assert(info != NULL);
    png_set_write_fn(png, bytes, write_bytes, flush_bytes);
    png_set_IHDR(png, info, image->width, image->height, image->type == RH_PIXEL_U8 ? 8 : 16,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, filters);
    png_write_info(png, info);
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN && image->type != RH_PIXEL_U8)
        png_set_swap(png);
    for (guint y = 0; y < image->height; y++)
        png_write_row(png, row_to_write(image, y, scratch));
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return g_byte_array_free_to_bytes(bytes);
}

GBytes *rh_image_encode_png(const RhImage *image)
{
    return encode(image, PNG_ALL_FILTERS);
}

static gboolean save(const RhImage *image, int filters, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = encode(image, filters);
    gsize length = 0;
    const void *data = g_bytes_get_data(bytes, &length);
    return rh_file_replace(path, data, length, error);
}

gboolean rh_image_save_png(const RhImage *image, const char *path, GError **error)
{
    return save(image, PNG_ALL_FILTERS, path, error);
}

gboolean rh_image_save_regions_png(const RhImage *image, const char *path, GError **error)
{
    return save(image, PNG_FILTER_NONE, path, error);
}
