/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-picture.h"

#include <math.h>
#include <string.h>

/* Halved no further than this: a canvas is hardly smaller. */
#define SMALLEST_MASK 128

/* Seen on film and on every colour map: a bright line inside the edge, a dark one outside. */
static const guint32 mask_colours[RH_N_MASK_COLOURS] = {
    [RH_MASK_CYAN] = 0x33d6ff,  [RH_MASK_YELLOW] = 0xffe234, [RH_MASK_MAGENTA] = 0xff5cf4,
    [RH_MASK_GREEN] = 0x4dff6a, [RH_MASK_ORANGE] = 0xff9a2e,
};
#define SHADE_COLOUR 0x001828u
#define SHADE_ALPHA  150u

RhCanvasDisplay rh_canvas_display_default(void)
{
    return (RhCanvasDisplay){
        .white = 1, .grid = TRUE, .minimap = TRUE, .mask_opacity = 0.35, .heat_opacity = 0.7};
}

guint32 rh_mask_colour_rgb(RhMaskColour colour)
{
    return mask_colours[colour];
}

static void drop_mask(RhCanvasPicture *picture)
{
    picture->mask = NULL;
    for (guint level = 0; level < RH_PYRAMID_LEVELS; level++)
        g_clear_pointer(&picture->halved_masks[level], rh_mask_free);
}

void rh_canvas_picture_clear(RhCanvasPicture *picture)
{
    drop_mask(picture);
    g_clear_pointer(&picture->image, rh_image_unref);
    g_clear_pointer(&picture->halved, g_ptr_array_unref);
    g_clear_pointer(&picture->heat, g_free);
}

void rh_canvas_picture_set_image(RhCanvasPicture *picture, RhImage *image)
{
    RhImage *kept = image != NULL ? rh_image_ref(image) : NULL;
    rh_canvas_picture_clear(picture);
    picture->image = kept;
}

void rh_canvas_picture_take_halved(RhCanvasPicture *picture, GPtrArray *halved)
{
    g_clear_pointer(&picture->halved, g_ptr_array_unref);
    picture->halved = halved;
}

void rh_canvas_picture_set_mask(RhCanvasPicture *picture, const RhMask *mask)
{
    drop_mask(picture);
    picture->mask = mask;
    if (mask == NULL)
        return;
    const RhMask *level = mask;
    for (guint i = 1; i < RH_PYRAMID_LEVELS && MAX(level->width, level->height) > SMALLEST_MASK; i++)
        level = picture->halved_masks[i] = rh_pyramid_half_mask(level);
    rh_canvas_picture_mask_changed(picture, (RhRectangle){0, 0, (int)mask->width, (int)mask->height});
}

void rh_canvas_picture_mask_changed(RhCanvasPicture *picture, RhRectangle area)
{
    const RhMask *from = picture->mask;
    for (guint level = 1; level < RH_PYRAMID_LEVELS && picture->halved_masks[level] != NULL; level++) {
        area = rh_pyramid_halve_mask(from, picture->halved_masks[level], area);
        from = picture->halved_masks[level];
    }
}

void rh_canvas_picture_set_heat(RhCanvasPicture *picture, const float *values, guint height, guint width,
                                const RhColormap *colormap)
{
    g_clear_pointer(&picture->heat, g_free);
    if (values == NULL)
        return;
    picture->heat = g_memdup2(values, sizeof *values * height * width);
    picture->heat_height = height;
    picture->heat_width = width;
    picture->colormap = colormap;
}

/* Where one row or column of the screen looks: two source pixels and the share of the second. */
typedef struct {
    guint first, second;
    float share;
} Tap;

/* scale: source pixels a screen pixel. Smooth between the middles of source pixels, or the nearest one. */
static void place_taps(Tap *taps, double from, int count, double scale, guint size, gboolean smooth)
{
    for (int i = 0; i < count; i++) {
        double at = (from + i + 0.5) * scale - (smooth ? 0.5 : 0);
        double whole = floor(at);
        taps[i].first = (guint)CLAMP(whole, 0, size - 1.0);
        taps[i].second = smooth ? (guint)CLAMP(whole + 1, 0, size - 1.0) : taps[i].first;
        taps[i].share = smooth ? (float)(at - whole) : 0;
    }
}

/* Values to shades of grey: what is shown as black, and shades a unit of value. */
typedef struct {
    float black, scale;
} Shown;

static Shown shown_range(const RhCanvasPicture *picture)
{
    const RhImage *image = picture->image;
    const RhCanvasDisplay *display = &picture->display;
    double range = MAX(image->white - image->black, 1e-30);
    double black = image->black + display->black * range, white = image->black + display->white * range;
    double width = MAX(white - black, 1e-30);
    return display->inverted ? (Shown){(float)white, (float)(-255 / width)}
                             : (Shown){(float)black, (float)(255 / width)};
}

#define GREY_ROW(name, Value)                                                                                \
    static void name(const RhImage *image, Shown shown, const Tap *row, const Tap *columns, int count,       \
                     guint32 *out)                                                                           \
    {                                                                                                        \
        const Value *above = (const Value *)image->pixels + (gsize)row->first * image->width;                \
        const Value *below = (const Value *)image->pixels + (gsize)row->second * image->width;               \
        for (int i = 0; i < count; i++) {                                                                    \
            const Tap *tap = &columns[i];                                                                    \
            float top = (float)above[tap->first], bottom = (float)below[tap->first];                         \
            top += ((float)above[tap->second] - top) * tap->share;                                           \
            bottom += ((float)below[tap->second] - bottom) * tap->share;                                     \
            float value = (top + (bottom - top) * row->share - shown.black) * shown.scale + 0.5f;            \
            guint32 grey = value >= 255 ? 255 : value > 0 ? (guint32)value : 0;                              \
            out[i] = 0xff000000u | grey * 0x010101u;                                                         \
        }                                                                                                    \
    }
GREY_ROW(grey_row_u8, guint8)
GREY_ROW(grey_row_u16, guint16)
GREY_ROW(grey_row_f32, float)

typedef struct {
    double zoom, x, y;
    int width, height;
} Tile;

static void paint_image(const RhCanvasPicture *picture, const Tile *tile, guint32 *out)
{
    static void (*const grey_row[])(const RhImage *, Shown, const Tap *, const Tap *, int, guint32 *) = {
        [RH_PIXEL_U8] = grey_row_u8,
        [RH_PIXEL_U16] = grey_row_u16,
        [RH_PIXEL_F32] = grey_row_f32,
    };
    guint level = rh_pyramid_level(tile->zoom, picture->halved != NULL ? picture->halved->len + 1 : 1);
    const RhImage *image = level == 0 ? picture->image : g_ptr_array_index(picture->halved, level - 1);
    double scale = ldexp(1 / tile->zoom, -(int)level);
    gboolean smooth = tile->zoom < 1;
    Shown shown = shown_range(picture);
    Tap columns[RH_CANVAS_TILE], rows[RH_CANVAS_TILE];
    place_taps(columns, tile->x, tile->width, scale, image->width, smooth);
    place_taps(rows, tile->y, tile->height, scale, image->height, smooth);
    for (int y = 0; y < tile->height; y++) {
        guint32 *row = out + y * tile->width;
        if (!smooth && y > 0 && rows[y].first == rows[y - 1].first)
            memcpy(row, row - tile->width, sizeof *row * (gsize)tile->width);
        else
            grey_row[image->type](image, shown, &rows[y], columns, tile->width, row);
    }
}

/* alpha: 0 … 256. Red and blue are worked on together, with room between them. */
static inline guint32 blend(guint32 under, guint32 over, guint32 alpha)
{
    guint32 red_blue = (under & 0xff00ff) * (256 - alpha) + (over & 0xff00ff) * alpha + 0x800080;
    guint32 green = (under & 0x00ff00) * (256 - alpha) + (over & 0x00ff00) * alpha + 0x008000;
    return 0xff000000u | (red_blue >> 8 & 0xff00ff) | (green >> 8 & 0x00ff00);
}

/* The first screen pixel of each image pixel; not of the image's first, where there is no line to draw. */
static gboolean begins_pixel(double at, double scale)
{
    double here = floor((at + 0.5) * scale);
    return here > 0 && here != floor((at - 0.5) * scale);
}

/* Light on dark and dark on light. */
static void mark_grid(guint32 *pixel, guint32 alpha)
{
    *pixel = blend(*pixel, (*pixel & 0xff) < 128 ? 0xffffff : 0x000000, alpha);
}

static void paint_grid(const Tile *tile, guint32 alpha, guint32 *out)
{
    double scale = 1 / tile->zoom;
    gboolean line[RH_CANVAS_TILE];
    for (int x = 0; x < tile->width; x++)
        line[x] = begins_pixel(tile->x + x, scale);
    for (int y = 0; y < tile->height; y++) {
        gboolean across = begins_pixel(tile->y + y, scale);
        for (int x = 0; x < tile->width; x++, out++)
            if (across || line[x])
                mark_grid(out, alpha);
    }
}

static guint32 alpha_of(double opacity)
{
    return (guint32)(CLAMP(opacity, 0, 1) * 256 + 0.5);
}

/* A row of the heatmap at the columns of the screen. */
static void stretch_heat_row(const RhCanvasPicture *picture, guint row, const Tap *columns, int count,
                             float *out)
{
    const float *values = picture->heat + (gsize)row * picture->heat_width;
    for (int i = 0; i < count; i++) {
        float left = values[columns[i].first], right = values[columns[i].second];
        out[i] = left + (right - left) * columns[i].share;
    }
}

typedef struct {
    guint32 colours[256], alphas[256];
} Shades;

/* Opacity grows with the value, so that where the model does not look the film stays as it is. */
static void make_shades(const RhCanvasPicture *picture, Shades *shades)
{
    for (guint i = 0; i < 256; i++) {
        const guint8 *colour = picture->colormap->colours[i];
        shades->colours[i] = (guint32)colour[0] << 16 | (guint32)colour[1] << 8 | colour[2];
        shades->alphas[i] = alpha_of(picture->display.heat_opacity * i / 255);
    }
}

/* A map of the image's own size is drawn pixel on pixel; a coarser one is smooth. */
static void paint_heat(const RhCanvasPicture *picture, const Tile *tile, guint32 *out)
{
    guint width = picture->heat_width, height = picture->heat_height;
    gboolean smooth = width < picture->image->width || height < picture->image->height;
    Tap columns[RH_CANVAS_TILE], rows[RH_CANVAS_TILE];
    float above[RH_CANVAS_TILE], below[RH_CANVAS_TILE];
    Shades shades;
    make_shades(picture, &shades);
    place_taps(columns, tile->x, tile->width, width / (tile->zoom * picture->image->width), width, smooth);
    place_taps(rows, tile->y, tile->height, height / (tile->zoom * picture->image->height), height, smooth);
    for (int y = 0; y < tile->height; y++) {
        if (y == 0 || rows[y].first != rows[y - 1].first)
            stretch_heat_row(picture, rows[y].first, columns, tile->width, above);
        if (y == 0 || rows[y].second != rows[y - 1].second)
            stretch_heat_row(picture, rows[y].second, columns, tile->width, below);
        for (int x = 0; x < tile->width; x++, out++) {
            float value = above[x] + (below[x] - above[x]) * rows[y].share;
            guint step = value >= 1 ? 255 : value > 0 ? (guint)(value * 255 + 0.5f) : 0;
            *out = blend(*out, shades.colours[step], shades.alphas[step]);
        }
    }
}

/* A tile of the mask with a border as wide as the outline. */
#define BORDERED (RH_CANVAS_TILE + 2 * RH_CANVAS_LINE_MAX)
typedef struct {
    guint8 pixels[BORDERED][BORDERED];
    gboolean any;
} Inside;

/* First and last mask pixel under each screen pixel: the one under its middle when enlarged, else all it
 * covers. Outside the mask: last < first. */
typedef struct {
    int first, last;
} Span;

static void place_spans(Span *spans, double from, int count, double scale, guint size, gboolean all)
{
    for (int i = 0; i < count; i++) {
        double start = (from + i) * scale, middle = start + scale / 2;
        int first = (int)floor(all ? start : middle);
        int last = all ? (int)ceil(start + scale) - 1 : first;
        spans[i] = (Span){MAX(first, 0), MIN(last, (int)size - 1)};
    }
}

static guint8 any_inside(const RhMask *mask, Span row, Span column)
{
    guint8 any = 0;
    for (int y = row.first; y <= row.last; y++)
        for (int x = column.first; x <= column.last; x++)
            any |= mask->pixels[(gsize)y * mask->width + (gsize)x];
    return any;
}

static void look_inside(const RhCanvasPicture *picture, const Tile *tile, Inside *inside)
{
    guint levels = 1;
    while (levels < RH_PYRAMID_LEVELS && picture->halved_masks[levels] != NULL)
        levels++;
    guint level = rh_pyramid_level(tile->zoom, levels);
    const RhMask *mask = level == 0 ? picture->mask : picture->halved_masks[level];
    double scale = ldexp(1 / tile->zoom, -(int)level);
    int line = (int)picture->line, width = tile->width + 2 * line, height = tile->height + 2 * line;
    Span columns[BORDERED], rows[BORDERED];
    place_spans(columns, tile->x - line, width, scale, mask->width, tile->zoom < 1);
    place_spans(rows, tile->y - line, height, scale, mask->height, tile->zoom < 1);
    inside->any = FALSE;
    for (int y = 0; y < height; y++) {
        guint8 any = 0, *out = inside->pixels[y];
        if (y > 0 && rows[y].first == rows[y - 1].first && rows[y].last == rows[y - 1].last) {
            memcpy(out, inside->pixels[y - 1], (gsize)width);
            continue;
        }
        for (int x = 0; x < width; x++)
            any |= out[x] = any_inside(mask, rows[y], columns[x]);
        inside->any |= any != 0;
    }
}

/* What of a mask is drawn, 0 … 256: its inside, its edge, and the shade around it. Without a fill the opacity
 * is the edge's, which is solid from the middle of the scale on, for a thin line needs more of it. */
typedef struct {
    guint32 fill, edge, shade;
} MaskAlphas;

static MaskAlphas mask_alphas(const RhCanvasDisplay *display)
{
    guint32 fill = alpha_of(display->mask_opacity), edge = alpha_of(2 * display->mask_opacity);
    switch (display->mask_style) {
    case RH_MASK_FILL_ONLY:
        return (MaskAlphas){fill, fill, 0};
    case RH_MASK_OUTLINED:
        return (MaskAlphas){0, edge, SHADE_ALPHA * edge / 256};
    default:
        return (MaskAlphas){fill, 256, SHADE_ALPHA};
    }
}

static void paint_mask(const RhCanvasPicture *picture, const Tile *tile, guint32 *out)
{
    Inside inside;
    MaskAlphas alphas = mask_alphas(&picture->display);
    guint32 colour = mask_colours[picture->display.mask_colour];
    look_inside(picture, tile, &inside);
    if (!inside.any)
        return;
    int line = (int)picture->line;
    for (int y = line; y < tile->height + line; y++) {
        for (int x = line; x < tile->width + line; x++, out++) {
            guint8 above = inside.pixels[y - line][x], below = inside.pixels[y + line][x];
            guint8 left = inside.pixels[y][x - line], right = inside.pixels[y][x + line];
            if (inside.pixels[y][x])
                *out = blend(*out, colour, (above & below & left & right) != 0 ? alphas.fill : alphas.edge);
            else if ((above | below | left | right) != 0)
                *out = blend(*out, SHADE_COLOUR, alphas.shade);
        }
    }
}

void rh_canvas_picture_paint(const RhCanvasPicture *picture, double zoom, double x, double y, int width,
                             int height, guint32 *out)
{
    g_assert(picture->image != NULL && width <= RH_CANVAS_TILE && height <= RH_CANVAS_TILE);
    g_assert(picture->line >= 1 && picture->line <= RH_CANVAS_LINE_MAX);
    Tile tile = {zoom, x, y, width, height};
    paint_image(picture, &tile, out);
    if (picture->grid > 0 && zoom >= RH_CANVAS_GRID_ZOOM)
        paint_grid(&tile, picture->grid, out);
    if (picture->heat != NULL && picture->display.heat_opacity > 0)
        paint_heat(picture, &tile, out);
    if (picture->mask != NULL && picture->display.mask_opacity > 0)
        paint_mask(picture, &tile, out);
}

void rh_canvas_picture_paint_whole(const RhCanvasPicture *picture, double zoom, int width, int height,
                                   guint32 *out, gsize stride)
{
    guint32 tile[RH_CANVAS_TILE * RH_CANVAS_TILE];
    for (int top = 0; top < height; top += RH_CANVAS_TILE)
        for (int left = 0; left < width; left += RH_CANVAS_TILE) {
            const int across = MIN(RH_CANVAS_TILE, width - left), down = MIN(RH_CANVAS_TILE, height - top);
            rh_canvas_picture_paint(picture, zoom, left, top, across, down, tile);
            for (int row = 0; row < down; row++)
                memcpy(out + (gsize)(top + row) * stride + left, tile + row * across,
                       sizeof *tile * (gsize)across);
        }
}
