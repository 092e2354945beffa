/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "mask/pieces.h"
#include "support.h"

#define SIDE   96
#define PIXELS (SIDE * SIDE)

static RhPhantomSettings settings_of(const char *confounder)
{
    return (RhPhantomSettings){
        .confounder = rh_phantom_confounder_find(confounder, NULL), .seed = 7, .size = SIDE, .contrast = 1};
}

/* Films and masks of every confounder, label and value: what any machine must draw. */
static void test_checksum(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    static guint8 image[PIXELS], mask[PIXELS];
    guint kinds;
    const RhPhantomConfounder *kind = rh_phantom_confounders(&kinds);
    for (guint k = 0; k < kinds; k++) {
        RhPhantomSettings settings = settings_of(kind[k].id);
        for (guint32 patient = 0; patient < 64; patient++) {
            settings.mask = patient / 4 % 2 == 0 ? RH_PHANTOM_MASK_NODULE : RH_PHANTOM_MASK_LUNGS;
            settings.imprecision = patient % 8 / 7.0;
            rh_phantom_film(&settings, patient, patient % 2, patient / 2 % 2, image, mask);
            g_checksum_update(sum, image, PIXELS);
            g_checksum_update(sum, mask, PIXELS);
        }
    }
    g_assert_cmpstr(g_checksum_get_string(sum), ==,
                    "b54154f5026ada713e693f5beacf1aabb673d69bb8d967bd1ba2e2829b8a2cc2");
}

/* The nodule is all that the label changes, and the mask is where. */
static void test_nodule(void)
{
    static guint8 without[PIXELS], with[PIXELS], mask[PIXELS], none[PIXELS];
    const RhPhantomSettings settings = settings_of("marker");
    for (guint32 patient = 0; patient < 60; patient++) {
        rh_phantom_film(&settings, patient, 0, 0, without, none);
        rh_phantom_film(&settings, patient, 1, 0, with, mask);
        guint inside = 0, brighter = 0;
        for (guint i = 0; i < PIXELS; i++) {
            g_assert_cmpuint(none[i], ==, 0);
            g_assert_true(mask[i] == 0 || mask[i] == 255);
            if (mask[i] == 0)
                g_assert_cmpuint(with[i], ==, without[i]);
            inside += mask[i] != 0;
            brighter += mask[i] != 0 && with[i] > without[i];
        }
        /* 3 to 5 % of the film's side in radius. */
        g_assert_cmpuint(inside, >, 20);
        g_assert_cmpuint(inside, <, 160);
        g_assert_cmpuint(brighter * 10, >, inside * 8);
    }
}

/* What is stamped, read back from the film; a dot is a pixel at this size. */
static void test_marker(void)
{
    static const char *const text[] = {
        "####. .###. ####. ##### .###. ####. #.... #####", "#...# #...# #...# ..#.. #...# #...# #.... #....",
        "#...# #...# #...# ..#.. #...# #...# #.... #....", "####. #...# ####. ..#.. ##### ####. #.... ####.",
        "#.... #...# #.#.. ..#.. #...# #...# #.... #....", "#.... #...# #..#. ..#.. #...# #...# #.... #....",
        "#.... .###. #...# ..#.. #...# ####. ##### #####",
    };
    static guint8 plain[PIXELS], stamped[PIXELS], mask[PIXELS];
    const RhPhantomSettings settings = settings_of("marker");
    for (guint32 patient = 0; patient < 20; patient++) {
        rh_phantom_film(&settings, patient, 0, 0, plain, mask);
        rh_phantom_film(&settings, patient, 0, 1, stamped, mask);
        guint left = SIDE, top = SIDE, changed = 0, dots = 0;
        for (guint i = 0; i < PIXELS; i++)
            if (stamped[i] != plain[i]) {
                left = MIN(left, i % SIDE);
                top = MIN(top, i / SIDE);
                changed++;
            }
        g_assert_cmpuint(left, <=, 6);
        g_assert_cmpuint(top, <=, 6);
        for (guint y = 0; y < G_N_ELEMENTS(text); y++)
            for (guint x = 0; text[y][x] != '\0'; x++)
                if (text[y][x] == '#') {
                    g_assert_cmpuint(stamped[(top + y) * SIDE + left + x], >=, 110);
                    dots++;
                }
        g_assert_cmpuint(changed, ==, dots);
    }
}

/* An L on the right of the film and an R on the left, neither anywhere else. */
static void test_letter(void)
{
    static guint8 bare[PIXELS], film[PIXELS], mask[PIXELS];
    const RhPhantomSettings none = settings_of("marker"), settings = settings_of("letter");
    rh_phantom_film(&none, 3, 1, 0, bare, mask);
    for (guint value = 0; value < 2; value++) {
        rh_phantom_film(&settings, 3, 1, value, film, mask);
        guint changed = 0;
        for (guint i = 0; i < PIXELS; i++)
            if (film[i] != bare[i]) {
                guint x = i % SIDE, y = i / SIDE;
                g_assert_true(value == 0 ? x > SIDE * 3 / 4 : x < SIDE / 4);
                g_assert_cmpuint(y, <, SIDE / 4);
                changed++;
            }
        g_assert_cmpuint(changed, >, 10);
    }
}

static void moments(const guint8 *film, guint x0, guint y0, guint side, double *mean, double *spread)
{
    double sum = 0, squares = 0;
    for (guint y = y0; y < y0 + side; y++)
        for (guint x = x0; x < x0 + side; x++) {
            sum += film[y * SIDE + x];
            squares += (double)film[y * SIDE + x] * film[y * SIDE + x];
        }
    *mean = sum / (side * side);
    *spread = sqrt(squares / (side * side) - *mean * *mean);
}

/* The other scanner changes every region, nodule included. */
static void test_scanner(void)
{
    static guint8 a[PIXELS], b[PIXELS], mask[PIXELS];
    const RhPhantomSettings settings = settings_of("scanner");
    double grain[2] = {0, 0}, tone[2] = {0, 0};
    guint differ = 0, inside = 0;
    for (guint32 patient = 0; patient < 20; patient++) {
        rh_phantom_film(&settings, patient, 1, 0, a, mask);
        rh_phantom_film(&settings, patient, 1, 1, b, mask);
        for (guint i = 0; i < PIXELS; i++) {
            inside += mask[i] != 0;
            differ += mask[i] != 0 && a[i] != b[i];
        }
        for (guint v = 0; v < 2; v++) {
            double mean, spread;
            moments(v == 0 ? a : b, 28, 84, 8, &mean, &spread); /* liver */
            grain[v] += spread;
            tone[v] += mean;
        }
    }
    g_assert_cmpuint(differ * 10, >, inside * 9);
    g_assert_cmpfloat(grain[1], >, 1.3 * grain[0]);
    g_assert_cmpfloat(tone[1], <, tone[0]);
}

/* What a reader expects where: lungs dark, the middle and what lies under the diaphragm bright, the heart on
 * the film's right, air beside the neck black. */
static void test_anatomy(void)
{
    static guint8 film[PIXELS], mask[PIXELS];
    const RhPhantomSettings settings = settings_of("marker");
    for (guint32 patient = 0; patient < 40; patient++) {
        double right_lung, left_lung, middle, liver, corner, heart, opposite, spread;
        rh_phantom_film(&settings, patient, 0, 0, film, mask);
        moments(film, 20, 44, 8, &right_lung, &spread);
        moments(film, 72, 44, 8, &left_lung, &spread);
        moments(film, 44, 64, 8, &middle, &spread);
        moments(film, 28, 86, 8, &liver, &spread);
        moments(film, 0, 0, 8, &corner, &spread);
        moments(film, 58, 62, 6, &heart, &spread);
        moments(film, 32, 62, 6, &opposite, &spread);
        g_assert_cmpfloat(right_lung, <, 110);
        g_assert_cmpfloat(left_lung, <, 110);
        g_assert_cmpfloat(right_lung, >, 20);
        g_assert_cmpfloat(middle, >, 180);
        g_assert_cmpfloat(liver, >, 140);
        g_assert_cmpfloat(corner, <, 25);
        g_assert_cmpfloat(heart, >, opposite + 20);
    }
}

static double correlation(const double *a, const double *b, guint count)
{
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (guint i = 0; i < count; i++) {
        ma += a[i] / count;
        mb += b[i] / count;
    }
    for (guint i = 0; i < count; i++) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / sqrt(aa * bb);
}

/* The same patient at any size; another patient is another. */
static void test_sizes(void)
{
    static double small[PIXELS], brought[PIXELS], other[PIXELS];
    static guint8 film[4 * PIXELS], mask[4 * PIXELS];
    RhPhantomSettings settings = settings_of("marker");
    for (guint32 patient = 0; patient < 5; patient++) {
        rh_phantom_film(&settings, patient, 1, 0, film, mask);
        for (guint i = 0; i < PIXELS; i++)
            small[i] = film[i];
        rh_phantom_film(&settings, patient + 1, 1, 0, film, mask);
        for (guint i = 0; i < PIXELS; i++)
            other[i] = film[i];
        settings.size = 2 * SIDE;
        rh_phantom_film(&settings, patient, 1, 0, film, mask);
        settings.size = SIDE;
        for (guint i = 0; i < PIXELS; i++) {
            const guint8 *corner = film + 4 * SIDE * (i / SIDE) + 2 * (i % SIDE);
            brought[i] = (corner[0] + corner[1] + corner[2 * SIDE] + corner[2 * SIDE + 1]) / 4.0;
        }
        double same = correlation(small, brought, PIXELS), strange = correlation(small, other, PIXELS);
        g_assert_cmpfloat(same, >, 0.99);
        g_assert_cmpfloat(strange, <, same);
    }
}

/* A hurried reader's masks lie on the nodule, but are not it. */
static void test_reader(void)
{
    static guint8 film[PIXELS], exact[PIXELS], drawn[PIXELS];
    RhPhantomSettings settings = settings_of("marker");
    for (guint32 patient = 0; patient < 60; patient++) {
        settings.imprecision = 0;
        rh_phantom_film(&settings, patient, 1, 0, film, exact);
        settings.imprecision = 1;
        rh_phantom_film(&settings, patient, 1, 0, film, drawn);
        guint both = 0, either = 0;
        for (guint i = 0; i < PIXELS; i++) {
            both += exact[i] != 0 && drawn[i] != 0;
            either += exact[i] != 0 || drawn[i] != 0;
        }
        g_assert_cmpuint(both, <, either);
        g_assert_cmpuint(both * 4, >, either);
    }
}

/* The mask of the lungs is the same with and without a nodule, which lies in it, and leaves out marker and
 * letter; it is two pieces, whole. A reader in a hurry draws almost the same. */
static void test_lungs(void)
{
    static guint8 film[PIXELS], stamped[PIXELS], lungs[PIXELS], nodule[PIXELS], again[PIXELS], drawn[PIXELS];
    RhPhantomSettings settings = settings_of("marker");
    for (guint32 patient = 0; patient < 60; patient++) {
        settings.mask = RH_PHANTOM_MASK_NODULE;
        rh_phantom_film(&settings, patient, 1, 0, film, nodule);
        settings.mask = RH_PHANTOM_MASK_LUNGS;
        rh_phantom_film(&settings, patient, 1, 1, stamped, lungs);
        rh_phantom_film(&settings, patient, 0, 0, drawn, again);
        g_assert_cmpmem(lungs, PIXELS, again, PIXELS);
        guint inside = 0, of_nodule = 0, of_both = 0, both = 0;
        settings.imprecision = 1;
        rh_phantom_film(&settings, patient, 1, 1, again, drawn);
        settings.imprecision = 0;
        for (guint i = 0; i < PIXELS; i++) {
            inside += lungs[i] != 0;
            of_nodule += nodule[i] != 0;
            of_both += nodule[i] != 0 && lungs[i] != 0;
            both += drawn[i] != 0 && lungs[i] != 0;
            if (lungs[i] != 0)
                g_assert_cmpuint(film[i], ==, stamped[i]);
        }
        /* A fifth to a half of the film. */
        g_assert_cmpuint(inside * 5, >, PIXELS);
        g_assert_cmpuint(inside * 2, <, PIXELS);
        g_assert_cmpuint(of_both * 10, >=, of_nodule * 9);
        g_assert_cmpuint(both * 10, >, inside * 9);
        const RhMask mask = {SIDE, SIDE, lungs};
        g_autoptr(RhMaskPieces) pieces = rh_mask_pieces_new(&mask, TRUE);
        g_assert_cmpuint(pieces->pieces->len, ==, 2);
    }
}

static void test_find(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_phantom_confounder_find("smudge", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "marker, letter, scanner"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phantom/nodule", test_nodule);
    g_test_add_func("/phantom/marker", test_marker);
    g_test_add_func("/phantom/letter", test_letter);
    g_test_add_func("/phantom/scanner", test_scanner);
    g_test_add_func("/phantom/anatomy", test_anatomy);
    g_test_add_func("/phantom/sizes", test_sizes);
    g_test_add_func("/phantom/reader", test_reader);
    g_test_add_func("/phantom/lungs", test_lungs);
    g_test_add_func("/phantom/find", test_find);
    g_test_add_func("/phantom/checksum", test_checksum);
    return g_test_run();
}
