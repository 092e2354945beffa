/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/postprocess.h"

#include <math.h>
#include <stdlib.h>

#include "nn/weights.h"
#include "support.h"

/* Maps and scores of a briefly trained network, computed by PyTorch in double precision. */
#define REFERENCE "reference/attribution.safetensors"
#define SCORES    3

static const char *const reference_maps[] = {
    "gradient",  "gradient-contrast", "gradient-times-input", "integrated-gradients",
    "occlusion", "guided-backprop"};

typedef struct {
    RhTensorFile *file;
    guint images, height, width;
    double *x, *mask;
} Reference;

static double *read_tensor(const RhTensorFile *file, const char *prefix, const char *name, gsize expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *full = g_strconcat(prefix, name, NULL);
    gsize count = 0;
    double *values = rh_tensor_file_read(file, full, &count, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count, ==, expected);
    return values;
}

static gboolean reference_open(Reference *reference)
{
    g_autofree char *path = rh_test_shared(REFERENCE);
    g_autoptr(GError) error = NULL;
    RhShape shape;
    if (path == NULL)
        return FALSE;
    reference->file = rh_tensor_file_open(path, &error);
    g_assert_no_error(error);
    g_assert_true(rh_tensor_file_shape(reference->file, "x", &shape, &error));
    reference->images = shape.size[0];
    reference->height = shape.size[2];
    reference->width = shape.size[3];
    gsize count = (gsize)reference->images * reference->height * reference->width;
    reference->x = read_tensor(reference->file, "", "x", count);
    reference->mask = read_tensor(reference->file, "", "mask", count);
    return TRUE;
}

static void reference_close(Reference *reference)
{
    rh_tensor_file_free(reference->file);
    g_free(reference->x);
    g_free(reference->mask);
}

/* The scores of `map` for one image against those in the file. */
static void compare_scores(const Reference *reference, const char *name, guint image, const float *map)
{
    gsize pixels = (gsize)reference->height * reference->width;
    g_autofree double *expected =
        read_tensor(reference->file, "expect/score/", name, (gsize)reference->images * SCORES);
    g_autofree guint8 *mask = g_new(guint8, pixels);
    RhLocalisation scores;
    for (gsize i = 0; i < pixels; i++)
        mask[i] = reference->mask[image * pixels + i] == 1;
    rh_localisation(map, !g_str_equal(name, "occlusion"), mask, reference->height, reference->width, &scores);
    g_assert_cmpfloat_with_epsilon(scores.iou, expected[image * SCORES], 0.02);
    g_assert_cmpfloat_with_epsilon(scores.iop, expected[image * SCORES + 1], 0.02);
    g_assert_cmpfloat_with_epsilon(scores.iot, expected[image * SCORES + 2], 0.02);
}

static void test_scores(void)
{
    Reference reference;
    if (!reference_open(&reference))
        return;
    gsize pixels = (gsize)reference.height * reference.width;
    g_autofree float *map = g_new(float, pixels);
    for (guint k = 0; k < G_N_ELEMENTS(reference_maps); k++) {
        g_autofree double *maps =
            read_tensor(reference.file, "expect/map/", reference_maps[k], reference.images * pixels);
        for (guint image = 0; image < reference.images; image++) {
            for (gsize i = 0; i < pixels; i++)
                map[i] = (float)maps[image * pixels + i];
            compare_scores(&reference, reference_maps[k], image, map);
        }
    }
    reference_close(&reference);
}

static RhEvaluator *reference_network(const Reference *reference)
{
    g_autoptr(GError) error = NULL;
    guint width = (guint)atoi(rh_tensor_file_metadata(reference->file, "width"));
    const RhNetworkKind *kind =
        rh_network_kind_find(rh_tensor_file_metadata(reference->file, "network"), &error);
    g_assert_no_error(error);
    g_autoptr(RhNetwork) network = rh_network_new(kind, width, RH_SINGLE);
    rh_tensor_file_read_parameters(reference->file, "param/", network->parameters, &error);
    g_assert_no_error(error);
    RhEvaluator *evaluator =
        rh_evaluator_new(kind, width, reference->height, reference->width, 16, NULL, NULL);
    rh_evaluator_set_parameters(evaluator, network->parameters);
    return evaluator;
}

static void compare_maps(const Reference *reference, const RhMapKind *kind, RhEvaluator *evaluator)
{
    gsize pixels = (gsize)reference->height * reference->width;
    g_autofree double *expected =
        read_tensor(reference->file, "expect/map/", kind->id, reference->images * pixels);
    g_autofree float *image = g_new(float, pixels), *map = g_new(float, pixels);
    double distance = 0, size = 0;
    for (guint k = 0; k < reference->images; k++) {
        g_autoptr(GError) error = NULL;
        RhMapRequest request = {
            .evaluator = evaluator, .image = image, .settings = rh_map_settings_default()};
        for (gsize i = 0; i < pixels; i++)
            image[i] = (float)reference->x[k * pixels + i];
        kind->compute(&request, map, &error);
        g_assert_no_error(error);
        for (gsize i = 0; i < pixels; i++) {
            distance += pow(map[i] - expected[k * pixels + i], 2);
            size += pow(expected[k * pixels + i], 2);
        }
        compare_scores(reference, kind->id, k, map);
    }
    g_test_message("%s: relative error %.2g", kind->id, sqrt(distance / size));
    g_assert_cmpfloat(sqrt(distance / size), <, 2e-3);
}

static void test_maps(void)
{
    Reference reference;
    if (!reference_open(&reference))
        return;
    g_autoptr(RhEvaluator) evaluator = reference_network(&reference);
    for (const RhMapKind *const *kind = rh_map_kinds(); *kind != NULL; kind++) {
        g_autofree char *name = g_strconcat("expect/map/", (*kind)->id, NULL);
        if (rh_tensor_file_has(reference.file, name))
            compare_maps(&reference, *kind, evaluator);
    }
    reference_close(&reference);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reference/scores", test_scores);
    g_test_add_func("/reference/maps", test_maps);
    return g_test_run();
}
