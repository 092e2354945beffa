/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* PyTorch loads our weights as they are and comes to the same logits. */
#include <gio/gio.h>
#include <math.h>

#include "nn/evaluator.h"
#include "nn/weights.h"
#include "support.h"

#define IMAGES 3
#define SIDE   16
#define PIXELS (SIDE * SIDE)
#define ABSENT 77 /* exit status of the script */

/* Weights as drawn, running statistics unlike those at the start. */
static RhNetwork *make_network(const char *kind)
{
    RhNetwork *network = rh_network_new(rh_network_kind_find(kind, NULL), 4, RH_SINGLE);
    rh_network_initialise(network, 6);
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        RhTensor *tensor = rh_parameters_get(network->parameters, i);
        gsize count = rh_shape_count(tensor->shape);
        for (gsize k = 0; !tensor->trainable && k < count; k++)
            ((float *)tensor->data)[k] += (float)(0.2 * sin(k + i) + 0.3);
    }
    return network;
}

static char *run_script(const char *kind, const char *weights, const char *input)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *script = g_build_filename(g_getenv("G_TEST_SRCDIR"), "nn", "read-weights.py", NULL);
    g_autofree char *python = g_find_program_in_path("/usr/bin/python3");
    if (python == NULL) {
        g_test_skip("there is no /usr/bin/python3");
        return NULL;
    }
    const char *arguments[] = {python, script, kind, weights, input, NULL};
    char *output = NULL;
    int status = 0;
    g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
    g_assert_no_error(error);
    if (g_spawn_check_wait_status(status, &error))
        return output;
    g_free(output);
    if (error->domain == G_SPAWN_EXIT_ERROR && error->code == ABSENT)
        g_test_skip("PyTorch is not here");
    else
        g_test_fail_printf("the script failed: %s", error->message);
    return NULL;
}

static void compare(const char *output, const float *logits)
{
    g_auto(GStrv) words = g_strsplit_set(g_strstrip((char *)output), " \n", -1);
    g_assert_cmpuint(g_strv_length(words), ==, 2 * IMAGES);
    for (guint i = 0; i < 2 * IMAGES; i++)
        g_assert_cmpfloat_with_epsilon(g_ascii_strtod(words[i], NULL), (double)logits[i], 1e-4);
}

static void test_kind(gconstpointer kind)
{
    if (g_getenv("G_TEST_SRCDIR") == NULL) {
        g_test_skip("G_TEST_SRCDIR does not say where the script is");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder();
    g_autofree char *weights = g_build_filename(folder, "weights.safetensors", NULL);
    g_autofree char *input = g_build_filename(folder, "input.safetensors", NULL);
    g_autoptr(RhNetwork) network = make_network(kind);
    const RhTensorGroup group = {"", network->parameters};
    const char *const metadata[] = {"note", "for PyTorch", NULL};
    g_assert_true(rh_weights_write(weights, &group, 1, 12, metadata, &error));

    /* N×1×H×W in the file is H×W×1×N in memory, as for any tensor of rank four. */
    g_autoptr(RhParameters) images = rh_parameters_new(RH_SINGLE);
    RhTensor *x = rh_parameters_add(images, "x", RH_SHAPE(SIDE, SIDE, 1, IMAGES), FALSE);
    const RhTensorGroup input_group = {"", images};
    float pixels[IMAGES * PIXELS], logits[2 * IMAGES];
    for (guint i = 0; i < IMAGES * PIXELS; i++) {
        pixels[i] = (float)(0.5 + 0.5 * sin(0.31 * i * (1 + i % 5)));
        ((float *)x->data)[i % PIXELS * IMAGES + i / PIXELS] = pixels[i];
    }
    g_assert_true(rh_weights_write(input, &input_group, 1, -1, NULL, &error));
    g_autoptr(RhEvaluator) evaluator = rh_evaluator_new(network->kind, 4, SIDE, SIDE, IMAGES, NULL, NULL);
    rh_evaluator_set_parameters(evaluator, network->parameters);
    rh_evaluator_logits(evaluator, pixels, IMAGES, logits);

    g_autofree char *output = run_script(kind, weights, input);
    if (output != NULL)
        compare(output, logits);
    g_remove(weights);
    g_remove(input);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/pytorch/small", "small", test_kind);
    g_test_add_data_func("/pytorch/resnet18", "resnet18", test_kind);
    return g_test_run();
}
