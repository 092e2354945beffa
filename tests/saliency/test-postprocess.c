/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/postprocess.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "base/files.h"
#include "base/random.h"
#include "support.h"

#define PYTHON "/usr/bin/python3"

/* Reads the case from a folder and writes back what numpy and scipy make of it. */
static const char script[] =
    "import sys, numpy as np\n"
    "from scipy.ndimage import gaussian_filter\n"
    "folder, height, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])\n"
    "value = np.fromfile(folder + '/map', np.float32).reshape(height, width)\n"
    "mask = np.fromfile(folder + '/mask', np.uint8).reshape(height, width).astype(float)\n"
    "out = []\n"
    "for smoothed in (0, 1):\n"
    "    s = np.abs(value).astype(np.float64)\n"
    "    s = gaussian_filter(s, 1, mode='constant', truncate=3.5) if smoothed else s\n"
    "    kept = s * (s > np.percentile(s, 100 - mask.sum() / mask.size * 100)) > 0\n"
    "    inside = mask > 0\n"
    "    both = (kept & inside).sum()\n"
    "    scores = [both / ((kept | inside).sum() + 1e-15), both / (kept.sum() + 1e-15), both / (inside.sum() "
    "+ 1e-15)]\n"
    "    out += [s.ravel(), kept.ravel().astype(float), np.array(scores)]\n"
    "np.concatenate(out).tofile(folder + '/out')\n";

/* s, kept and three scores of numpy and scipy, without and with the blur; NULL after skipping. */
static double *ask_python(const float *map, const guint8 *mask, guint height, guint width)
{
    gsize count = (gsize)height * width, length = 0;
    g_autofree char *folder = rh_test_folder(), *out = g_build_filename(folder, "out", NULL);
    g_autofree char *map_path = g_build_filename(folder, "map", NULL);
    g_autofree char *mask_path = g_build_filename(folder, "mask", NULL);
    g_autofree char *h = g_strdup_printf("%u", height), *w = g_strdup_printf("%u", width);
    g_assert_true(rh_file_replace(map_path, map, count * sizeof *map, NULL));
    g_assert_true(rh_file_replace(mask_path, mask, count, NULL));
    g_autoptr(GSubprocess) python =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, PYTHON, "-c", script, folder, h, w, NULL);
    char *answer = NULL;
    if (python != NULL && g_subprocess_wait_check(python, NULL, NULL)) {
        g_assert_true(rh_file_read(out, 1 << 26, &answer, &length, NULL));
        g_assert_cmpuint(length, ==, 2 * (2 * count + 3) * sizeof(double));
    } else {
        g_test_skip(PYTHON " with numpy and scipy is not here");
    }
    rh_folder_remove(folder, NULL);
    return (double *)answer;
}

static void compare_with_python(const float *map, const guint8 *mask, guint height, guint width)
{
    gsize count = (gsize)height * width, mask_pixels = 0;
    g_autofree double *expected = ask_python(map, mask, height, width), *smooth = g_new(double, count);
    g_autofree guint8 *kept = g_new(guint8, count);
    if (expected == NULL)
        return;
    for (gsize i = 0; i < count; i++)
        mask_pixels += mask[i];
    for (guint smoothed = 0; smoothed < 2; smoothed++) {
        const double *answer = expected + smoothed * (2 * count + 3);
        RhLocalisation scores;
        rh_map_smooth(map, height, width, smoothed, smooth);
        rh_map_threshold(smooth, count, mask_pixels, kept);
        for (gsize i = 0; i < count; i++) {
            g_assert_cmpfloat_with_epsilon(smooth[i], answer[i], 1e-15);
            g_assert_cmpfloat(kept[i], ==, answer[count + i]);
        }
        rh_localisation(map, smoothed, mask, height, width, &scores);
        g_assert_cmpfloat_with_epsilon(scores.iou, answer[2 * count], 1e-14);
        g_assert_cmpfloat_with_epsilon(scores.iop, answer[2 * count + 1], 1e-14);
        g_assert_cmpfloat_with_epsilon(scores.iot, answer[2 * count + 2], 1e-14);
    }
}

/* Maps of several sizes: continuous ones, and ones with many ties and zeros as occlusion gives. */
static void test_against_scipy(void)
{
    const guint sizes[][2] = {{28, 28}, {5, 31}, {1, 3}, {64, 48}};
    for (guint trial = 0; trial < 2 * G_N_ELEMENTS(sizes); trial++) {
        guint height = sizes[trial / 2][0], width = sizes[trial / 2][1];
        g_autofree float *map = g_new(float, height *width);
        g_autofree guint8 *mask = g_new(guint8, height * width);
        RhRandom random;
        rh_random_init(&random, 9, RH_PURPOSE_TEST, trial, 0);
        for (guint i = 0; i < height * width; i++) {
            double value = rh_random_normal(&random);
            map[i] = (float)(trial % 2 ? fmax(0, round(value * 2)) : value);
            mask[i] = rh_random_uniform(&random) < (trial % 2 ? 0.05 : 0.5);
        }
        compare_with_python(map, mask, height, width);
    }
}

/* A single bright pixel: the blur is the product of two kernels, cut off at the border without being made up.
 */
static void test_blur_by_hand(void)
{
    float map[11 * 11] = {0};
    double smooth[11 * 11], kernel[5], sum = 0;
    map[5 * 11 + 1] = -2;
    for (int k = -4; k <= 4; k++)
        sum += exp(-k * k / 2.0);
    for (int k = 0; k <= 4; k++)
        kernel[k] = exp(-k * k / 2.0) / sum;
    rh_map_smooth(map, 11, 11, TRUE, smooth);
    for (int y = 0; y < 11; y++)
        for (int x = 0; x < 11; x++) {
            int dy = abs(y - 5), dx = abs(x - 1);
            double expected = dy <= 4 && dx <= 4 ? 2 * kernel[dy] * kernel[dx] : 0;
            g_assert_cmpfloat_with_epsilon(smooth[y * 11 + x], expected, 1e-15);
        }
    rh_map_smooth(map, 11, 11, FALSE, smooth);
    g_assert_cmpfloat(smooth[5 * 11 + 1], ==, 2);
}

static void assert_kept(const double *values, gsize count, gsize mask_pixels, const char *expected)
{
    guint8 kept[16];
    char text[17] = "";
    rh_map_threshold(values, count, mask_pixels, kept);
    for (gsize i = 0; i < count; i++)
        text[i] = kept[i] ? '#' : '.';
    g_assert_cmpstr(text, ==, expected);
}

static void test_threshold_by_hand(void)
{
    const double rising[] = {0, 1, 2, 3, 4}, tied[] = {1, 3, 3, 3, 0, 2}, flat[] = {2, 2, 2, 2},
                 zero[] = {0, 0, 0}, broken[] = {1, NAN, 3};
    assert_kept(rising, 5, 2, "...##"); /* 60th percentile: 2.4 */
    assert_kept(rising, 5, 0, ".....");
    assert_kept(rising, 5, 5, ".####"); /* strictly above the smallest */
    assert_kept(tied, 6, 2, "......");  /* the 66.7th percentile is 3 and nothing lies above it */
    assert_kept(tied, 6, 4, ".###.#");  /* 33.3rd: 1 + 2/3 */
    assert_kept(tied, 6, 5, "####.#");  /* 16.7th: 5/6 */
    assert_kept(flat, 4, 3, "....");
    assert_kept(zero, 3, 3, "...");
    assert_kept(broken, 3, 2, "...");
}

static void test_scores_by_hand(void)
{
    /* The top 4 of 10 pixels; 2 of them lie in the mask of 4. */
    const float map[10] = {-9, 8, -7, 6, 1, 1, 1, 0.5f, 0.5f, 0.25f};
    const guint8 mask[10] = {1, 1, 0, 0, 1, 1, 0, 0, 0, 0};
    RhLocalisation scores;
    rh_localisation(map, FALSE, mask, 1, 10, &scores);
    g_assert_cmpfloat(scores.iou, ==, 2.0 / 6);
    g_assert_cmpfloat(scores.iop, ==, 0.5);
    g_assert_cmpfloat(scores.iot, ==, 0.5);
    g_assert_cmpfloat(scores.iop_chance, ==, 0.4);
    g_assert_cmpfloat(scores.iou_chance, ==, 0.4 / 1.6);
    g_assert_cmpfloat(scores.iot_chance, ==, 0.4);
    g_assert_cmpfloat_with_epsilon(rh_chance_corrected(scores.iop, scores.iop_chance), 1.0 / 6, 1e-15);
    g_assert_cmpfloat(rh_chance_corrected(1, 0.3), ==, 1);
    g_assert_true(isnan(rh_chance_corrected(1, 1)));
}

/* Random maps score what is called chance, at the two-site ellipse's share of the image: IoU 0.336. (The blur
 * with zeros outside darkens the border, which moves even a random map towards a mask in the middle.) */
static void test_chance(void)
{
    enum { SIDE = 40, MAPS = 400 };
    float map[SIDE * SIDE];
    guint8 mask[SIDE * SIDE];
    double iou = 0, iop = 0;
    RhLocalisation scores;
    RhRandom random;
    rh_random_init(&random, 10, RH_PURPOSE_TEST, 0, 0);
    for (guint i = 0; i < SIDE * SIDE; i++)
        mask[i] = pow((i / SIDE + 0.5 - SIDE / 2) / (SIDE / 2.5), 2) +
                      pow((i % SIDE + 0.5 - SIDE / 2) / (SIDE / 2.5), 2) <=
                  1;
    for (guint trial = 0; trial < MAPS; trial++) {
        for (guint i = 0; i < SIDE * SIDE; i++)
            map[i] = (float)rh_random_normal(&random);
        rh_localisation(map, FALSE, mask, SIDE, SIDE, &scores);
        iou += scores.iou / MAPS;
        iop += scores.iop / MAPS;
    }
    g_assert_cmpfloat_with_epsilon(scores.iou_chance, 0.336, 0.005);
    g_assert_cmpfloat_with_epsilon(iou, scores.iou_chance, 0.01);
    g_assert_cmpfloat_with_epsilon(iop, scores.iop_chance, 0.01);
}

static void test_overlap_text(void)
{
    static const struct {
        double score;
        const char *text;
    } cases[] = {{0, "0.00"},       {1, "1.00"},        {0.5, "0.50"},      {0.104, "0.10"},
                 {0.0342, "0.034"}, {0.0027, "0.0027"}, {0.0099, "0.0099"}, {1e-9, "0.000000"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(rh_overlap_text(cases[i].score).text, ==, cases[i].text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/postprocess/blur-by-hand", test_blur_by_hand);
    g_test_add_func("/postprocess/threshold-by-hand", test_threshold_by_hand);
    g_test_add_func("/postprocess/scores-by-hand", test_scores_by_hand);
    g_test_add_func("/postprocess/against-scipy", test_against_scipy);
    g_test_add_func("/postprocess/chance", test_chance);
    g_test_add_func("/postprocess/overlap-text", test_overlap_text);
    return g_test_run();
}
