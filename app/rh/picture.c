/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture.h"

#include <cairo.h>

#include "base/error.h"
#include "base/files.h"
#include "image/colormap.h"

#define SIDE_LEAST 512u  /* the longer side of a panel is at least about this … */
#define SIDE_MOST  1024u /* … and at most this */
#define GAP        8u

typedef struct {
    const RhPicture *picture;
    guint width, height; /* of a panel */
    float *grey;         /* the image at the panel's size */
    double strongest;    /* of the heat */
    const RhColormap *colours;
} Panel;

static void panel_size(const RhImage *image, guint *width, guint *height)
{
    guint side = MAX(image->width, image->height);
    double scale = side > SIDE_MOST ? (double)SIDE_MOST / side : side < SIDE_LEAST ? SIDE_LEAST / side : 1;
    *width = MAX(1, (guint)(image->width * scale + 0.5));
    *height = MAX(1, (guint)(image->height * scale + 0.5));
}

/* Enlarged by whole pixels, reduced by area. */
static float *panel_grey(const RhImage *image, guint width, guint height)
{
    float *grey = g_new(float, (gsize)width *height);
    if (width <= image->width) {
        rh_image_resize(image, width, height, grey);
        return grey;
    }
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            grey[(gsize)y * width + x] =
                rh_image_value(image, x * image->width / width, y * image->height / height);
    return grey;
}

/* The heat at a panel's pixel: the map's own pixels where it has the image's size, else linear between them.
 */
static double heat_at(const Panel *panel, guint x, guint y)
{
    const RhPicture *picture = panel->picture;
    guint width = picture->width, height = picture->height;
    if (width == picture->image->width && height == picture->image->height)
        return picture->heat[(gsize)(y * height / panel->height) * width + x * width / panel->width];
    double u = CLAMP((x + 0.5) * width / panel->width - 0.5, 0, width - 1.0);
    double v = CLAMP((y + 0.5) * height / panel->height - 0.5, 0, height - 1.0);
    guint left = (guint)u, top = (guint)v;
    guint right = MIN(left + 1, width - 1), bottom = MIN(top + 1, height - 1);
    const double *upper = &picture->heat[(gsize)top * width], *lower = &picture->heat[(gsize)bottom * width];
    double a = upper[left] + (u - left) * (upper[right] - upper[left]);
    double b = lower[left] + (u - left) * (lower[right] - lower[left]);
    return a + (v - top) * (b - a);
}

static gboolean inside(const Panel *panel, guint x, guint y)
{
    const RhMask *mask = panel->picture->mask;
    guint column = (guint)((guint64)x * mask->width / panel->width);
    guint row = (guint)((guint64)y * mask->height / panel->height);
    if (panel->picture->mirrored)
        column = mask->width - 1 - column;
    return mask->pixels[(gsize)row * mask->width + column] != 0;
}

/* Inside the mask with an outside pixel within two pixels to a side. */
static gboolean on_outline(const Panel *panel, guint x, guint y)
{
    if (panel->picture->mask == NULL || !inside(panel, x, y))
        return FALSE;
    for (guint step = 1; step <= 2; step++)
        if (x < step || y < step || x + step >= panel->width || y + step >= panel->height ||
            !inside(panel, x - step, y) || !inside(panel, x + step, y) || !inside(panel, x, y - step) ||
            !inside(panel, x, y + step))
            return TRUE;
    return FALSE;
}

static guint32 pixel_at(const Panel *panel, guint x, guint y, gboolean with_heat)
{
    static const guint8 outline[3] = {0x33, 0xd1, 0x7a};
    guint column = panel->picture->mirrored ? panel->width - 1 - x : x;
    double grey = 255 * CLAMP(panel->grey[(gsize)y * panel->width + column], 0, 1);
    double heat = with_heat && panel->strongest > 0 ? heat_at(panel, x, y) / panel->strongest : 0;
    double share = panel->picture->opacity * heat;
    const guint8 *colour = rh_colormap_at(panel->colours, heat);
    guint32 pixel = 0;
    for (guint i = 0; i < 3; i++)
        pixel = pixel << 8 | (guint32)(grey + share * (colour[i] - grey) + 0.5);
    if (on_outline(panel, x, y))
        pixel = (guint32)outline[0] << 16 | (guint32)outline[1] << 8 | outline[2];
    return pixel;
}

static void draw_panel(const Panel *panel, cairo_surface_t *surface, guint left, gboolean with_heat)
{
    guint8 *rows = cairo_image_surface_get_data(surface);
    gsize stride = (gsize)cairo_image_surface_get_stride(surface);
    for (guint y = 0; y < panel->height; y++) {
        guint32 *row = (guint32 *)(gpointer)(rows + y * stride) + left;
        for (guint x = 0; x < panel->width; x++)
            row[x] = pixel_at(panel, x, y, with_heat);
    }
}

static cairo_status_t keep(void *bytes, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static gboolean write_page(cairo_surface_t *surface, const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, keep, bytes);
    if (status == CAIRO_STATUS_SUCCESS)
        return rh_file_replace(path, bytes->data, bytes->len, error);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "The picture for “%s” cannot be drawn: %s. Close other "
                "programs and try again.",
                path, cairo_status_to_string(status));
    return FALSE;
}

gboolean rh_picture_write(const RhPicture *picture, const char *path, GError **error)
{
    Panel panel = {.picture = picture, .colours = rh_colormaps()[0]};
    panel_size(picture->image, &panel.width, &panel.height);
    for (gsize i = 0; i < (gsize)picture->height * picture->width; i++)
        panel.strongest = MAX(panel.strongest, picture->heat[i]);
    panel.grey = panel_grey(picture->image, panel.width, panel.height);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(2 * panel.width + GAP), (int)panel.height);
    cairo_surface_flush(surface);
    memset(cairo_image_surface_get_data(surface), 0xff,
           (gsize)cairo_image_surface_get_stride(surface) * panel.height);
    draw_panel(&panel, surface, 0, FALSE);
    draw_panel(&panel, surface, panel.width + GAP, TRUE);
    cairo_surface_mark_dirty(surface);
    const gboolean written = write_page(surface, path, error);
    cairo_surface_destroy(surface);
    g_free(panel.grey);
    return written;
}
