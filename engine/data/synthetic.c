/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/synthetic.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"

static const RhSyntheticVariant variants[] = {
    {.id = "hard", .arm_low = 1, .arm_high = 3, .border = 3},
    {.id = "easy", .arm_low = 3, .arm_high = 5, .border = 5},
};

const RhSyntheticVariant *rh_synthetic_variants(guint *count)
{
    *count = G_N_ELEMENTS(variants);
    return variants;
}

const RhSyntheticVariant *rh_synthetic_variant_find(const char *id, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(variants); i++) {
        if (g_strcmp0(variants[i].id, id) == 0)
            return &variants[i];
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", variants[i].id);
    }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("There is no synthetic variant “%s”; choose one of %s."),
                id, known->str);
    return NULL;
}

/* Mersenne Twister (Matsumoto and Nishimura 1998), one 32-bit word a draw, as the authors drew. The engine's
 * own counter-based numbers (base/random.h) serve everything else. */
#define TWISTER_WORDS 624

typedef struct {
    guint32 words[TWISTER_WORDS];
    guint used;
} Twister;

static void twister_init(Twister *twister, guint32 seed)
{
    twister->words[0] = seed;
    for (guint32 i = 1; i < TWISTER_WORDS; i++)
        twister->words[i] = 1812433253u * (twister->words[i - 1] ^ twister->words[i - 1] >> 30) + i;
    twister->used = TWISTER_WORDS;
}

static void twister_refill(Twister *twister)
{
    guint32 *words = twister->words;
    for (guint i = 0; i < TWISTER_WORDS; i++) {
        guint32 joined = (words[i] & 0x80000000u) | (words[(i + 1) % TWISTER_WORDS] & 0x7fffffffu);
        words[i] = words[(i + 397) % TWISTER_WORDS] ^ joined >> 1 ^ ((joined & 1) != 0 ? 0x9908b0dfu : 0);
    }
    twister->used = 0;
}

static guint32 twister_next(Twister *twister)
{
    if (twister->used == TWISTER_WORDS)
        twister_refill(twister);
    guint32 word = twister->words[twister->used++];
    word ^= word >> 11;
    word ^= word << 7 & 0x9d2c5680u;
    word ^= word << 15 & 0xefc60000u;
    return word ^ word >> 18;
}

/* Uniform on 0 … highest: words cut to as many bits as `highest` has, until one is not above it. */
static guint draw_up_to(Twister *twister, guint highest)
{
    if (highest == 0)
        return 0;
    const guint bits = (1u << g_bit_storage(highest)) - 1;
    for (;;) {
        guint drawn = twister_next(twister) & bits;
        if (drawn <= highest)
            return drawn;
    }
}

/* The first `count` of low … high−1 in random order. values: high−low words. */
static void draw_distinct(Twister *twister, guint low, guint high, guint count, guint *values)
{
    const guint length = high - low;
    g_assert(count <= length);
    for (guint i = 0; i < length; i++)
        values[i] = low + i;
    for (guint i = length - 1; i > 0; i--) {
        guint j = draw_up_to(twister, i), kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}

static void draw_cross(guint8 *mask, guint size, guint row, guint column, guint arm)
{
    for (guint i = 0; i <= 2 * arm; i++) {
        mask[(gsize)(row - arm + i) * size + column] = 255;
        mask[(gsize)row * size + (column - arm + i)] = 255;
    }
}

/* The tag: two rows of three pixels in the lower left corner for class 0, lower right for class 1. */
static void draw_tag(guint8 *image, guint size, guint border, guint label)
{
    const guint column = label == 0 ? border : size - border - 3;
    for (guint row = size - border - 2; row < size - border; row++)
        memset(image + (gsize)row * size + column, 255, 3);
}

void rh_synthetic_generate(const RhSyntheticVariant *variant, guint32 seed, guint count, guint size,
                           guint8 *images, guint8 *masks, guint8 *labels)
{
    g_assert(size >= 4 * variant->arm_high + 2);
    const gsize pixels = (gsize)size * size;
    g_autofree guint *rows = g_new(guint, size), *columns = g_new(guint, size);
    Twister twister;
    twister_init(&twister, seed);
    memset(masks, 0, count * pixels);
    for (guint i = 0; i < count; i++) {
        const guint label = i >= count / 2, crosses = label + 1;
        guint8 *mask = masks + i * pixels, *image = images + i * pixels;
        guint arm = variant->arm_low + draw_up_to(&twister, variant->arm_high - 1 - variant->arm_low);
        draw_distinct(&twister, arm, size - arm, crosses, rows);
        draw_distinct(&twister, arm, size - arm, crosses, columns);
        for (guint k = 0; k < crosses; k++)
            draw_cross(mask, size, rows[k], columns[k], arm);
        memcpy(image, mask, pixels);
        draw_tag(image, size, variant->border, label);
        labels[i] = (guint8)label;
    }
}
