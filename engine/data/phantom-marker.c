/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom-private.h"

#include <string.h>

/* Letters of five by seven dots, a row a byte, the leftmost dot in bit 4. */
#define LETTER_WIDTH  5
#define LETTER_HEIGHT 7
#define ADVANCE       6    /* dots from letter to letter */
#define INK           0.45 /* how far a letter is from white: read at ease, not glaring */

static const struct {
    char letter;
    guint8 rows[LETTER_HEIGHT];
} letters[] = {
    {'A', {0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11}}, {'B', {0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e}},
    {'E', {0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f}}, {'L', {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f}},
    {'O', {0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, {'P', {0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10}},
    {'R', {0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11}}, {'T', {0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04}},
};

static const guint8 *rows_of(char letter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++)
        if (letters[i].letter == letter)
            return letters[i].rows;
    g_assert_not_reached();
}

/* Length of what two intervals share. */
static double shared(double a, double b, double c, double d)
{
    const double low = MAX(a, c), high = MIN(b, d);
    return high > low ? high - low : 0;
}

/* Adds to each pixel the share of it that a square dot covers. */
static void add_dot(double *covered, guint size, double x, double y, double dot)
{
    for (guint py = (guint)y; py < size && py < y + dot; py++)
        for (guint px = (guint)x; px < size && px < x + dot; px++)
            covered[(gsize)py * size + px] +=
                shared(px, px + 1.0, x, x + dot) * shared(py, py + 1.0, y, y + dot);
}

void rh_phantom_stamp(RhRandom *random, const char *text, gboolean right, double dot, guint size,
                      double *grey)
{
    const gsize pixels = (gsize)size * size;
    g_autofree double *covered = g_new0(double, pixels);
    const double length = dot * (ADVANCE * (double)strlen(text) - 1), side = size;
    const double margin = side * rh_draw(random, 0.015, 0.035);
    /* From a whole pixel on: where a dot is a pixel, letters stay sharp. */
    const double x = floor(right ? side - margin - length : margin);
    const double y = floor(side * rh_draw(random, 0.015, 0.035));
    for (guint k = 0; text[k] != '\0'; k++) {
        const guint8 *rows = rows_of(text[k]);
        for (guint row = 0; row < LETTER_HEIGHT; row++)
            for (guint column = 0; column < LETTER_WIDTH; column++)
                if ((rows[row] >> (LETTER_WIDTH - 1 - column) & 1) != 0)
                    add_dot(covered, size, x + (k * ADVANCE + column) * dot, y + row * dot, dot);
    }
    for (gsize i = 0; i < pixels; i++)
        grey[i] += INK * rh_clamp01(covered[i]) * (1 - grey[i]);
}
