/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/operation.h"

#include <string.h>

#include "base/random.h"
#include "mask/pieces.h"

/* Every operation against the plain sentence it states, pixel by pixel. */

static gboolean at(const RhMask *mask, int x, int y)
{
    return mask->pixels[(gsize)y * mask->width + (gsize)x] != 0;
}

static gboolean in_image(const RhMask *mask, int x, int y)
{
    return x >= 0 && y >= 0 && x < (int)mask->width && y < (int)mask->height;
}

static void assert_same(const RhMask *found, const RhMask *expected)
{
    g_assert_cmpmem(found->pixels, (gsize)found->width * found->height, expected->pixels,
                    (gsize)expected->width * expected->height);
}

/* Discs and noise in all proportions, also nothing, everything and a line of pixels. */
static RhMask *random_mask(RhRandom *random, guint trial)
{
    static const guint sizes[][2] = {{37, 29}, {64, 64}, {1, 40}, {53, 1}, {70, 31}, {2, 2}};
    const guint *size = sizes[trial % G_N_ELEMENTS(sizes)];
    RhMask *mask = rh_mask_new(size[0], size[1]);
    guint discs = rh_random_below(random, 7), noise = rh_random_below(random, 4);
    for (guint i = 0; i < discs; i++) {
        int cx = (int)rh_random_below(random, size[0]), cy = (int)rh_random_below(random, size[1]);
        int radius = (int)rh_random_below(random, 12), value = rh_random_below(random, 3) > 0 ? 255 : 0;
        for (int y = 0; y < (int)size[1]; y++)
            for (int x = 0; x < (int)size[0]; x++)
                if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius)
                    mask->pixels[y * (int)size[0] + x] = (guint8)value;
    }
    for (guint i = 0; i < size[0] * size[1]; i++)
        if (rh_random_below(random, 20) < noise)
            mask->pixels[i] ^= 255;
    return mask;
}

/* The pixels of the piece around (x, y), by walking from pixel to pixel; at_edge: whether it touches an edge.
 */
static gsize walk_piece(const RhMask *mask, guint8 *seen, int x, int y, guint8 number, gboolean *at_edge)
{
    gboolean inside = at(mask, x, y);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(int));
    gsize area = 0;
    int place = y * (int)mask->width + x;
    seen[place] = number;
    g_array_append_val(stack, place);
    while (stack->len > 0) {
        place = g_array_index(stack, int, stack->len - 1);
        g_array_set_size(stack, stack->len - 1);
        area++;
        for (int dy = -1; dy <= 1; dy++)
            for (int dx = -1; dx <= 1; dx++) {
                int to_x = place % (int)mask->width + dx, to_y = place / (int)mask->width + dy;
                if (!in_image(mask, to_x, to_y)) {
                    *at_edge = TRUE;
                    continue;
                }
                int next = to_y * (int)mask->width + to_x;
                if ((dx != 0 && dy != 0 && !inside) || seen[next] != 0 || at(mask, to_x, to_y) != inside)
                    continue;
                seen[next] = number;
                g_array_append_val(stack, next);
            }
    }
    return area;
}

typedef struct {
    gboolean inside, at_edge;
    gsize area;
    int x, y; /* first pixel */
} Piece;

static GArray *walk_pieces(const RhMask *mask)
{
    GArray *pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
    g_autofree guint8 *seen = g_malloc0((gsize)mask->width * mask->height);
    for (int y = 0; y < (int)mask->height; y++)
        for (int x = 0; x < (int)mask->width; x++)
            if (seen[y * (int)mask->width + x] == 0) {
                Piece piece = {at(mask, x, y), FALSE, 0, x, y};
                piece.area = walk_piece(mask, seen, x, y, 1, &piece.at_edge);
                g_array_append_val(pieces, piece);
            }
    return pieces;
}

static gsize walk_limit(const GArray *pieces)
{
    gsize limit = 1;
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        while (piece->inside && limit < 20 && limit <= piece->area / 4)
            limit++;
    }
    return limit;
}

static void paint_piece(RhMask *out, const RhMask *mask, const Piece *piece, guint8 value)
{
    g_autofree guint8 *seen = g_malloc0((gsize)mask->width * mask->height);
    gboolean unused = FALSE;
    walk_piece(mask, seen, piece->x, piece->y, 1, &unused);
    for (gsize i = 0; i < (gsize)mask->width * mask->height; i++)
        if (seen[i] != 0)
            out->pixels[i] = value;
}

static RhMask *expect_pieces(const char *name, const RhMask *mask, gsize limit)
{
    RhMask *out = rh_mask_copy(mask);
    g_autoptr(GArray) pieces = walk_pieces(mask);
    const Piece *largest = NULL;
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        if (piece->inside && (largest == NULL || piece->area > largest->area))
            largest = piece;
    }
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        if (g_str_equal(name, "fill-holes") && !piece->inside && !piece->at_edge)
            paint_piece(out, mask, piece, 255);
        if (g_str_equal(name, "keep-largest") && piece->inside && piece != largest)
            paint_piece(out, mask, piece, 0);
        if (g_str_equal(name, "islands") && piece->inside && piece->area < limit)
            paint_piece(out, mask, piece, 0);
        if (g_str_equal(name, "holes") && !piece->inside && !piece->at_edge && piece->area < limit)
            paint_piece(out, mask, piece, 255);
    }
    return out;
}

/* Pixels of the image within the disc around (x, y): all, and those inside. */
static void count_disc(const RhMask *mask, int x, int y, int radius, guint *all, guint *inside)
{
    *all = *inside = 0;
    for (int dy = -radius; dy <= radius; dy++)
        for (int dx = -radius; dx <= radius; dx++)
            if (dx * dx + dy * dy <= radius * radius && in_image(mask, x + dx, y + dy)) {
                ++*all;
                *inside += at(mask, x + dx, y + dy);
            }
}

static gboolean expect_disc(const char *name, const RhMask *mask, int x, int y, int radius)
{
    guint all, inside;
    count_disc(mask, x, y, radius, &all, &inside);
    if (g_str_equal(name, "grow"))
        return inside > 0;
    if (g_str_equal(name, "shrink"))
        return inside == all;
    return 2 * inside == all ? at(mask, x, y) : 2 * inside > all;
}

static gboolean expect_pixel(const char *name, const RhMask *mask, const RhMask *other, int x, int y)
{
    if (g_str_equal(name, "invert"))
        return !at(mask, x, y);
    if (g_str_equal(name, "clear"))
        return FALSE;
    if (g_str_equal(name, "mirror-sideways"))
        return at(mask, (int)mask->width - 1 - x, y);
    if (g_str_equal(name, "mirror-upright"))
        return at(mask, x, (int)mask->height - 1 - y);
    if (g_str_equal(name, "copy"))
        return at(other, x, y);
    if (g_str_equal(name, "unite"))
        return at(mask, x, y) || at(other, x, y);
    if (g_str_equal(name, "intersect"))
        return at(mask, x, y) && at(other, x, y);
    g_assert_cmpstr(name, ==, "subtract");
    return at(mask, x, y) && !at(other, x, y);
}

static RhMask *expect(const RhMaskOperation *operation, const RhMask *mask, const RhMaskOperand *operand)
{
    if (g_str_equal(operation->name, "fill-holes") || g_str_equal(operation->name, "keep-largest"))
        return expect_pieces(operation->name, mask, 0);
    if (g_str_equal(operation->name, "remove-specks")) {
        g_autoptr(GArray) pieces = walk_pieces(mask);
        gsize limit = walk_limit(pieces);
        g_autoptr(RhMask) cleaned = expect_pieces("islands", mask, limit);
        return expect_pieces("holes", cleaned, limit);
    }
    RhMask *out = rh_mask_new(mask->width, mask->height);
    for (int y = 0; y < (int)mask->height; y++)
        for (int x = 0; x < (int)mask->width; x++)
            out->pixels[y * (int)mask->width + x] =
                (operation->takes_amount ? expect_disc(operation->name, mask, x, y, (int)operand->amount)
                                         : expect_pixel(operation->name, mask, operand->other, x, y))
                    ? 255
                    : 0;
    return out;
}

static void test_operations(void)
{
    RhRandom random;
    rh_random_init(&random, 11, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 240; trial++) {
        g_autoptr(RhMask) mask = random_mask(&random, trial), other = random_mask(&random, trial);
        const RhMaskOperand operand = {1 + rh_random_below(&random, trial % 10 == 0 ? RH_MASK_AMOUNT_MAX : 9),
                                       other};
        for (guint i = 0; i < rh_mask_n_operations; i++) {
            g_autoptr(RhMask) found = rh_mask_copy(mask);
            g_autoptr(RhMask) expected = expect(&rh_mask_operations[i], mask, &operand);
            rh_mask_operations[i].run(found, &operand);
            g_test_message("%s, trial %u, by %u", rh_mask_operations[i].name, trial, operand.amount);
            assert_same(found, expected);
        }
    }
}

static void test_table(void)
{
    for (guint i = 0; i < rh_mask_n_operations; i++)
        g_assert_true(rh_mask_operation_find(rh_mask_operations[i].name) == &rh_mask_operations[i]);
    g_assert_null(rh_mask_operation_find("none"));
}

/* A mask that is nothing but a few pixels is no slip; two pixels beside it are. */
static void test_small_mask(void)
{
    g_autoptr(RhMask) mask = rh_mask_new(28, 28);
    for (guint i = 0; i < 9; i++)
        mask->pixels[100 + i] = 255;
    g_autoptr(GArray) none = rh_mask_find_specks(mask);
    g_assert_cmpuint(none->len, ==, 0);
    mask->pixels[300] = mask->pixels[301] = 255;
    g_autoptr(GArray) one = rh_mask_find_specks(mask);
    g_assert_cmpuint(one->len, ==, 1);
}

static void test_specks(void)
{
    RhRandom random;
    rh_random_init(&random, 12, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 120; trial++) {
        g_autoptr(RhMask) mask = random_mask(&random, trial);
        g_autoptr(GArray) found = rh_mask_find_specks(mask);
        g_autoptr(GArray) pieces = walk_pieces(mask);
        gsize islands = 0, holes = 0, area = 0, limit = walk_limit(pieces);
        for (guint i = 0; i < pieces->len; i++) {
            const Piece *piece = &g_array_index(pieces, Piece, i);
            if (piece->area >= limit || (!piece->inside && piece->at_edge))
                continue;
            islands += piece->inside;
            holes += !piece->inside;
            area += piece->area;
        }
        for (guint i = 0; i < found->len; i++) {
            const RhMaskSpeck *speck = &g_array_index(found, RhMaskSpeck, i);
            (*(speck->hole ? &holes : &islands))--;
            area -= speck->area;
            g_assert_cmpuint(speck->area, <=, (gsize)speck->bounds.width * (gsize)speck->bounds.height);
            g_assert_true(in_image(mask, speck->bounds.x, speck->bounds.y));
        }
        g_assert_cmpuint(islands, ==, 0);
        g_assert_cmpuint(holes, ==, 0);
        g_assert_cmpuint(area, ==, 0);
    }
}

/* By hand: corners join islands and do not join holes. */
static void test_corners(void)
{
    static const char drawn[] = "......"
                                ".##..#"
                                ".#.#.."
                                "..##..";
    g_autoptr(RhMask) mask = rh_mask_new(6, 4);
    for (guint i = 0; i < 24; i++)
        mask->pixels[i] = drawn[i] == '#' ? 255 : 0;
    g_autoptr(RhMaskPieces) islands = rh_mask_pieces_new(mask, TRUE), holes = rh_mask_pieces_new(mask, FALSE);
    g_assert_cmpuint(islands->pieces->len, ==, 2);
    g_assert_cmpuint(g_array_index(islands->pieces, RhMaskPiece, 0).area, ==, 6);
    g_assert_cmpuint(holes->pieces->len, ==, 2);
    const RhMaskPiece *hole = &g_array_index(holes->pieces, RhMaskPiece, 1);
    g_assert_true(hole->area == 1 && !hole->at_edge && hole->bounds.x == 2 && hole->bounds.y == 2);
}

/* A whole film in a time that a person does not notice; what it took is told. */
static void test_time(void)
{
    const guint side = 4096;
    g_autoptr(RhMask) mask = rh_mask_new(side, side), other = rh_mask_new(side, side);
    RhRandom random;
    rh_random_init(&random, 13, RH_PURPOSE_TEST, 0, 0);
    for (gsize y = 0; y < side; y++)
        for (gsize x = 0; x < side; x++)
            mask->pixels[y * side + x] =
                (x / 97 + y / 61) % 2 == 0 || rh_random_below(&random, 500) == 0 ? 255 : 0;
    for (guint i = 0; i < rh_mask_n_operations; i++) {
        g_autoptr(RhMask) changed = rh_mask_copy(mask);
        const RhMaskOperand operand = {3, other};
        gint64 start = g_get_monotonic_time();
        rh_mask_operations[i].run(changed, &operand);
        g_test_message("%s: %.1f ms", rh_mask_operations[i].name,
                       (double)(g_get_monotonic_time() - start) / 1e3);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/operation/all", test_operations);
    g_test_add_func("/operation/table", test_table);
    g_test_add_func("/operation/specks", test_specks);
    g_test_add_func("/operation/small-mask", test_small_mask);
    g_test_add_func("/operation/corners", test_corners);
    g_test_add_func("/operation/time", test_time);
    return g_test_run();
}
