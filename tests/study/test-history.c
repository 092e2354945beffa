/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/history.h"

#include "study-support.h"

/* However many epochs and however large the network, the weights stay below the limit, and no more epochs
 * could be kept at even distances. */
static void test_bounded(void)
{
    static const gsize sizes[] = {1000, 500u << 10, 4u << 20, 44700000, 85000000, 200u << 20};
    static const guint epochs[] = {1, 2, 7, 40, 400, 5000};
    for (guint s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (guint e = 0; e < G_N_ELEMENTS(epochs); e++) {
            guint64 kept = 0;
            for (guint epoch = 1; epoch <= epochs[e]; epoch++)
                kept += rh_history_keeps_weights(epochs[e], sizes[s], epoch) ? 1 : 0;
            g_assert_cmpuint(kept, >=, 1);
            g_assert_cmpuint(kept * sizes[s], <=, RH_HISTORY_BYTES);
            g_assert_true(rh_history_keeps_weights(epochs[e], sizes[s], 1));
            const guint interval = rh_history_interval(epochs[e], sizes[s]);
            if (interval > 1) {
                const guint64 denser = (epochs[e] + interval - 2) / (interval - 1);
                g_assert_cmpuint(denser * sizes[s], >, RH_HISTORY_BYTES);
            }
        }
    g_assert_cmpuint(rh_history_interval(40, 500u << 10), ==, 1); /* the small network: every epoch */
    g_assert_cmpuint(rh_history_interval(40, 44700000), ==, 7);   /* ResNet-18 */
    g_assert_cmpuint(rh_history_interval(40, RH_HISTORY_BYTES + 1), ==, 0);
    g_assert_false(rh_history_keeps_weights(40, RH_HISTORY_BYTES + 1, 1));
}

static RhTensorFile *write_scores(const char *path, guint rows, gboolean weights)
{
    g_autoptr(RhParameters) scores = rh_parameters_new(RH_SINGLE), network = rh_parameters_new(RH_SINGLE);
    float *logits = rh_parameters_add(scores, "scores.test", RH_SHAPE(rows, 2), FALSE)->data;
    for (guint i = 0; i < 2 * rows; i++)
        logits[i] = (float)i / 4;
    rh_parameters_add(network, "fc.weight", RH_SHAPE(2, 3), TRUE);
    const RhTensorGroup groups[] = {{"", scores}, {"", network}};
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_weights_write(path, groups, weights ? 2 : 1, -1, NULL, &error));
    g_assert_no_error(error);
    RhTensorFile *file = rh_tensor_file_open(path, &error);
    g_assert_no_error(error);
    return file;
}

/* The rows by hand: one an image, or two where every image is scored mirrored too. */
static void test_logits(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "0001.safetensors", NULL);
    g_autoptr(RhTensorFile) plain = write_scores(path, 6, FALSE);
    float logits[2];
    g_assert_true(rh_history_logits(plain, RH_SPLIT_TEST, 2, 6, logits));
    g_assert_cmpfloat(logits[0], ==, 1);
    g_assert_cmpfloat(logits[1], ==, 1.25);
    g_assert_true(rh_history_logits(plain, RH_SPLIT_TEST, 2, 3, logits));
    g_assert_cmpfloat(logits[0], ==, 2);
    g_assert_false(rh_history_logits(plain, RH_SPLIT_TEST, 6, 6, logits));
    g_assert_false(rh_history_logits(plain, RH_SPLIT_TEST, 0, 5, logits)); /* the study has changed */
    g_assert_false(rh_history_logits(plain, RH_SPLIT_TEST, 0, 0, logits));
    g_assert_false(rh_history_logits(plain, RH_SPLIT_VALIDATION, 0, 6, logits));
    g_assert_false(rh_history_logits(plain, RH_SPLIT_TRAINING, 0, 6, logits));
    g_assert_false(rh_history_has_weights(plain));
    g_autoptr(RhTensorFile) full = write_scores(path, 6, TRUE);
    g_assert_true(rh_history_has_weights(full));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/bounded", test_bounded);
    g_test_add_func("/history/logits", test_logits);
    return g_test_run();
}
