/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/labels-private.h"

#include "image/luminance.h"

/* More values than that are shades. */
#define LABELS_MAX 32u
/* So few values between outside and the brightest are never taken for soft edges. */
#define EDGE_SHADES_MIN 3u
/* Nothing is marked by what is darker than this part of white. */
#define DARKEST_PART 8u

static guint code_at(const RhImage *image, gsize place)
{
    return image->type == RH_PIXEL_U8 ? ((const guint8 *)image->pixels)[place]
                                      : ((const guint16 *)image->pixels)[place];
}

static void count_codes(RhLabelCodes *codes)
{
    const gsize pixels = (gsize)codes->image->width * codes->image->height;
    for (gsize i = 0; i < pixels; i++)
        codes->counts[code_at(codes->image, i)]++;
}

static guint count_used(const RhLabelCodes *codes)
{
    guint used = 0;
    for (guint i = 0; i < codes->codes; i++)
        used += codes->counts[i] > 0;
    return used;
}

/* What is transparent lies outside, if anything is opaque. TRUE if that is so of a pixel. */
static gboolean leave_clear_out(RhLabelCodes *codes, const RhLabelImage *picture)
{
    guint opaque = 0, clear = 0;
    for (guint i = 0; picture->coding != RH_LABELS_GREY && i < codes->codes; i++)
        if (codes->counts[i] > 0)
            *((picture->colours[i] & RH_LABEL_OPAQUE) != 0 ? &opaque : &clear) += 1;
    for (guint i = 0; opaque > 0 && clear > 0 && i < codes->codes; i++)
        codes->outside[i] = (picture->colours[i] & RH_LABEL_OPAQUE) == 0;
    return opaque > 0 && clear > 0;
}

/* Whether colours are but shades of grey, each of its own: a grey picture in another coat. */
static gboolean are_greys(const RhLabelCodes *codes, const RhLabelImage *picture)
{
    gboolean seen[256] = {FALSE};
    for (guint i = 0; i < codes->codes; i++) {
        const guint32 colour = picture->colours[i] & ~RH_LABEL_OPAQUE, grey = colour & 0xff;
        if (codes->counts[i] == 0 || codes->outside[i])
            continue;
        if (colour != grey * 0x010101u || seen[grey])
            return FALSE;
        seen[grey] = TRUE;
    }
    return TRUE;
}

static void name_codes(RhLabelCodes *codes, const RhLabelImage *picture, gboolean greys)
{
    for (guint i = 0; i < codes->codes; i++) {
        codes->values[i] = codes->shades[i] = i;
        if (picture->coding == RH_LABELS_GREY)
            continue;
        const guint32 colour = picture->colours[i] & ~RH_LABEL_OPAQUE;
        codes->shades[i] = rh_luminance(colour >> 16, colour >> 8 & 0xff, colour & 0xff);
        if (greys)
            codes->values[i] = colour & 0xff;
        else if (picture->coding == RH_LABELS_COLOUR)
            codes->values[i] = colour;
    }
    codes->kind = picture->coding == RH_LABELS_COLOUR && !greys ? RH_LABEL_COLOUR : RH_LABEL_NUMBER;
}

/* Zero and black lie outside, and of a coloured palette without black its first place. TRUE if that is so of
 * a pixel. */
static gboolean leave_black_out(RhLabelCodes *codes, const RhLabelImage *picture, gboolean palette)
{
    const guint32 *colours = picture->colours;
    gboolean black = FALSE, found = FALSE;
    for (guint i = 0; palette && i < codes->codes; i++)
        black |= codes->counts[i] > 0 && (colours[i] & ~RH_LABEL_OPAQUE) == 0;
    const gboolean by_place = palette && ((colours[0] & ~RH_LABEL_OPAQUE) == 0 || !black);
    for (guint i = 0; i < codes->codes; i++) {
        codes->outside[i] |= by_place  ? i == 0
                             : palette ? (colours[i] & ~RH_LABEL_OPAQUE) == 0
                                       : codes->values[i] == 0;
        found |= codes->outside[i] && codes->counts[i] > 0;
    }
    return found;
}

/* Where nothing is black, of two greys the darker one lies outside, and of one grey all, unless it is full.
 */
static void leave_dark_out(RhLabelCodes *codes, guint white)
{
    const guint used = count_used(codes);
    guint darkest = 0;
    while (codes->counts[darkest] == 0)
        darkest++;
    for (guint i = darkest; i < codes->codes; i++)
        if (codes->counts[i] > 0 && codes->values[i] < codes->values[darkest])
            darkest = i;
    const guint value = codes->values[darkest];
    if (used == 2 || (used == 1 && value != 1 && value < (white + 1) / 2))
        codes->outside[darkest] = TRUE;
}

/* Whether most pixels between the darkest and the brightest lie where it gets brighter, as in soft edges: a
 * darker and a brighter one beside them. Labels fill areas. */
static gboolean has_soft_edges(const RhLabelCodes *codes, guint brightest)
{
    const RhImage *image = codes->image;
    gsize between = 0, edges = 0;
    for (guint y = 0; y < image->height; y++)
        for (guint x = 0; x < image->width; x++) {
            const guint shade = codes->shades[code_at(image, (gsize)y * image->width + x)];
            gboolean darker = FALSE, brighter = FALSE;
            if (shade == 0 || shade == brightest)
                continue;
            for (guint v = y - (y > 0); v <= MIN(y + 1, image->height - 1); v++)
                for (guint u = x - (x > 0); u <= MIN(x + 1, image->width - 1); u++) {
                    const guint other = codes->shades[code_at(image, (gsize)v * image->width + u)];
                    darker |= other < shade;
                    brighter |= other > shade;
                }
            between++;
            edges += darker && brighter;
        }
    return 2 * edges > between;
}

static void find_border(RhLabelCodes *codes, const RhLabelImage *picture, gboolean palette)
{
    const guint white = picture->white, used = count_used(codes);
    const gboolean numbers = codes->kind == RH_LABEL_NUMBER && !palette;
    guint brightest = 0;
    for (guint i = 0; i < codes->codes; i++)
        brightest = codes->counts[i] > 0 ? MAX(brightest, codes->shades[i]) : brightest;
    const gboolean dark = brightest < MAX(white / DARKEST_PART, 1);
    codes->shaded = !picture->exact || (numbers && used > LABELS_MAX + 1) ||
                    (!palette && !dark && used >= EDGE_SHADES_MIN + 2 && has_soft_edges(codes, brightest));
    codes->faint = codes->shaded && !dark && brightest < (white + 1) / 2;
    codes->border = codes->faint ? (brightest + 1) / 2 : (white + 1) / 2;
}

RhLabelCodes *rh_label_codes_new(const RhLabelImage *picture)
{
    RhLabelCodes *codes = g_new0(RhLabelCodes, 1);
    codes->image = picture->image;
    codes->codes = picture->image->type == RH_PIXEL_U8 ? 256 : 65536;
    codes->counts = g_new0(guint64, codes->codes);
    codes->values = g_new0(guint32, codes->codes);
    codes->shades = g_new0(guint, codes->codes);
    codes->outside = g_new0(guint8, codes->codes);
    count_codes(codes);
    const gboolean clear = leave_clear_out(codes, picture);
    const gboolean greys = picture->coding != RH_LABELS_GREY && are_greys(codes, picture);
    const gboolean palette = picture->coding == RH_LABELS_PALETTE && !greys;
    name_codes(codes, picture, greys);
    find_border(codes, picture, palette);
    const gboolean black = leave_black_out(codes, picture, palette);
    if (!clear && !black && codes->kind == RH_LABEL_NUMBER && !palette)
        leave_dark_out(codes, picture->white);
    return codes;
}

void rh_label_codes_free(RhLabelCodes *codes)
{
    if (codes == NULL)
        return;
    g_free(codes->counts);
    g_free(codes->values);
    g_free(codes->shades);
    g_free(codes->outside);
    g_free(codes);
}
