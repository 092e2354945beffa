/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Steps give the same bits on any number of threads and after saving and loading. */
#include <string.h>

#include "base/error.h"
#include "samples.h"
#include "support.h"

#define SIDE   12
#define WIDTH  4
#define HIDDEN 16
#define STEPS  6

static const RhMethodSettings settings = {
    .learning_rate = 1e-2, .lambda = 0.5, .discriminator_learning_rate = 1e-2, .discriminator_period = 2};

static RhNetwork *make_network(void)
{
    RhNetwork *network = rh_network_new(rh_network_kind_find("small", NULL), WIDTH, RH_SINGLE);
    rh_network_initialise(network, 31);
    return network;
}

/* Steps `from` to `to` of a fixed sequence; every third batch is a smaller one. */
static void take_steps(RhStepper *stepper, guint from, guint to)
{
    for (guint step = from; step < to; step++) {
        Samples samples = samples_make(step % 3 == 2 ? 3 : 8, SIDE, step);
        RhBatch batch = samples_batch(&samples);
        RhLosses losses;
        rh_stepper_run(stepper, &batch, &losses);
        g_assert_true(isfinite(losses.classification + losses.penalty + losses.discriminator));
        samples_clear(&samples);
    }
}

static void assert_same(const RhParameters *a, const RhParameters *b)
{
    for (guint i = 0; i < rh_parameters_count(a); i++) {
        const RhTensor *left = rh_parameters_get(a, i), *right = rh_parameters_get(b, i);
        g_assert_cmpmem(left->data, rh_shape_count(left->shape) * sizeof(float), right->data,
                        rh_shape_count(right->shape) * sizeof(float));
    }
}

static RhStepper *trained(RhNetwork *network, const RhMethod *method, RhPool *pool)
{
    RhStepper *stepper = rh_stepper_new(network, method, &settings, SIDE, SIDE, 5, HIDDEN, NULL, pool);
    take_steps(stepper, 0, STEPS);
    return stepper;
}

static void test_threads(gconstpointer data)
{
    const RhMethod *method = data;
    g_autoptr(RhNetwork) alone = make_network(), start = make_network();
    g_autoptr(RhStepper) stepper = trained(alone, method, NULL);
    const RhTensor *before = rh_parameters_find(start->parameters, "conv1.weight");
    const RhTensor *after = rh_parameters_find(alone->parameters, "conv1.weight");
    g_assert_cmpint(memcmp(before->data, after->data, 36 * sizeof(float)), !=, 0);
    for (guint threads = 1; threads <= 3; threads++) {
        g_autoptr(RhPool) pool = rh_pool_new(threads);
        g_autoptr(RhNetwork) network = make_network();
        g_autoptr(RhStepper) other = trained(network, method, pool);
        assert_same(alone->parameters, network->parameters);
        if (rh_stepper_discriminator(stepper) != NULL)
            assert_same(rh_stepper_discriminator(stepper)->parameters,
                        rh_stepper_discriminator(other)->parameters);
    }
}

/* Three steps, save, load into fresh objects, three more: as six in a row. Three is odd: with period 2 the
 * discriminator has moved and the encoder is due. */
static void test_resume(gconstpointer data)
{
    const RhMethod *method = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "state.safetensors", NULL);
    g_autoptr(RhNetwork) whole = make_network(), first = make_network();
    g_autoptr(RhNetwork) second = rh_network_new(rh_network_kind_find("small", NULL), WIDTH, RH_SINGLE);
    g_autoptr(RhStepper) in_a_row = trained(whole, method, NULL);
    g_autoptr(RhStepper) before = rh_stepper_new(first, method, &settings, SIDE, SIDE, 5, HIDDEN, NULL, NULL);
    take_steps(before, 0, 3);
    const char *const metadata[] = {"epoch", "7", NULL};
    g_assert_true(rh_stepper_save(before, path, metadata, &error));

    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(rh_tensor_file_metadata(file, "epoch"), ==, "7");
    g_autoptr(RhStepper) after =
        rh_stepper_new(second, method, &settings, SIDE, SIDE, 99, HIDDEN, NULL, NULL);
    g_assert_true(rh_stepper_load(after, file, &error));
    g_assert_cmpuint(rh_stepper_steps(after), ==, 3);
    take_steps(after, 3, STEPS);
    assert_same(whole->parameters, second->parameters);
    if (rh_stepper_discriminator(after) != NULL)
        assert_same(rh_stepper_discriminator(in_a_row)->parameters,
                    rh_stepper_discriminator(after)->parameters);
    g_remove(path);
    g_rmdir(folder);
}

/* A file of weights alone is no saved state. */
static void test_no_state(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "weights.safetensors", NULL);
    g_autoptr(RhNetwork) network = make_network();
    const RhTensorGroup group = {"network/", network->parameters};
    const char *const metadata[] = {"steps", "12", NULL};
    const RhMethod *method = rh_method_find("baseline", NULL);
    g_autoptr(RhStepper) stepper = rh_stepper_new(network, method, &settings, SIDE, SIDE, 5, 0, NULL, NULL);
    for (guint with_steps = 0; with_steps < 2; with_steps++) {
        g_assert_true(rh_weights_write(path, &group, 1, -1, with_steps ? metadata : NULL, &error));
        g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
        g_assert_no_error(error);
        g_assert_false(rh_stepper_load(stepper, file, &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_MISSING);
        g_clear_error(&error);
    }
    g_remove(path);
    g_rmdir(folder);
}

/* Parameters that move while the gradients come end with the same bits as those that move at the end. */
static void test_keeping(gconstpointer data)
{
    const RhMethod *method = data;
    g_autoptr(RhNetwork) first = make_network(), second = make_network();
    g_autoptr(RhStepper) moving = rh_stepper_new(first, method, &settings, SIDE, SIDE, 5, HIDDEN, NULL, NULL);
    g_autoptr(RhStepper) keeping =
        rh_stepper_new(second, method, &settings, SIDE, SIDE, 5, HIDDEN, NULL, NULL);
    rh_stepper_keep_gradients(keeping);
    take_steps(moving, 0, 4);
    take_steps(keeping, 0, 4);
    assert_same(first->parameters, second->parameters);
    g_assert_cmpuint(rh_stepper_bytes(moving), <=, rh_stepper_bytes(keeping));
}

/* The encoder moves on every second batch only, the discriminator on every one; the gradient can be asked for
 * all the same. */
static void test_period(void)
{
    g_autoptr(RhNetwork) network = make_network(), start = make_network();
    const RhMethod *method = rh_method_find("adversarial", NULL);
    g_autoptr(RhStepper) stepper =
        rh_stepper_new(network, method, &settings, SIDE, SIDE, 5, HIDDEN, NULL, NULL);
    rh_stepper_keep_gradients(stepper);
    const RhTensor *weight = rh_parameters_find(network->parameters, "fc.weight");
    const RhTensor *initial = rh_parameters_find(start->parameters, "fc.weight");
    gsize bytes = rh_shape_count(weight->shape) * sizeof(float);
    g_autoptr(RhParameters) discriminator = rh_parameters_copy(rh_stepper_discriminator(stepper)->parameters);
    take_steps(stepper, 0, 1);
    g_assert_cmpmem(weight->data, bytes, initial->data, bytes);
    g_assert_cmpint(
        memcmp(rh_parameters_find(discriminator, "fc.weight")->data,
               rh_parameters_find(rh_stepper_discriminator(stepper)->parameters, "fc.weight")->data,
               HIDDEN * sizeof(float)),
        !=, 0);
    g_autofree double *gradient = rh_stepper_gradient(stepper, "fc.weight");
    g_assert_cmpfloat(fabs(gradient[0]), >, 0);
    take_steps(stepper, 1, 2);
    g_assert_cmpint(memcmp(weight->data, initial->data, bytes), !=, 0);
    g_assert_null(rh_stepper_gradient(stepper, "bn1.running_mean"));
    g_assert_cmpuint(rh_stepper_bytes(stepper), >, bytes);
}

/* The convolutions of `small` and its linear layer, worked by hand for eight images: two operations for every
 * product; filters' and images' gradients cost what the forward pass does, but nobody asks for that of x. */
static void test_operations(void)
{
    const double first = 2.0 * 8 * 144 * 9 * WIDTH, second = 2.0 * 8 * 36 * 9 * WIDTH * 2 * WIDTH;
    const double third = 2.0 * 8 * 9 * 9 * 2 * WIDTH * 4 * WIDTH, last = 2.0 * 8 * 9 * 9 * 16 * WIDTH * WIDTH;
    const double linear = 2.0 * 8 * 4 * WIDTH * 2;
    g_autoptr(RhNetwork) network = make_network();
    const RhMethod *method = rh_method_find("baseline", NULL);
    g_autoptr(RhStepper) stepper = rh_stepper_new(network, method, &settings, SIDE, SIDE, 5, 0, NULL, NULL);
    g_assert_cmpfloat(rh_stepper_operations(stepper), ==, 0);
    take_steps(stepper, 0, 2);
    g_assert_cmpfloat(rh_stepper_operations(stepper), ==, 2 * first + 3 * (second + third + last + linear));

    method = rh_method_find("adversarial", NULL);
    g_autoptr(RhStepper) two = rh_stepper_new(network, method, &settings, SIDE, SIDE, 5, HIDDEN, NULL, NULL);
    take_steps(two, 0, 1);
    double discriminator_alone = rh_stepper_operations(two);
    take_steps(two, 1, 2);
    /* Both batches pass through the encoder in every step, and back when it moves. */
    g_assert_cmpfloat(discriminator_alone, >, 2 * (first + second + third + last + linear / 2));
    g_assert_cmpfloat(rh_stepper_operations(two) - discriminator_alone, >,
                      2 * first + 4 * (second + third + last));
}

/* What no computer has the memory for is refused with the number of bytes, and smaller steps can still be
 * taken. */
static void test_too_large_for_memory(void)
{
    g_autoptr(RhNetwork) network = make_network();
    const RhMethod *method = rh_method_find("actdiff", NULL);
    g_autoptr(RhStepper) stepper = rh_stepper_new(network, method, &settings, SIDE, SIDE, 5, 0, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(rh_stepper_reserve(stepper, 1u << 31, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_LIMIT);
    g_assert_nonnull(strstr(error->message, " bytes) of memory"));
    g_assert_nonnull(strstr(error->message, "smaller batch"));
    g_clear_error(&error);
    g_assert_true(rh_stepper_reserve(stepper, 8, &error));
    g_assert_no_error(error);
    take_steps(stepper, 0, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++) {
        g_autofree char *threads = g_strdup_printf("/step/threads/%s", (*method)->id);
        g_autofree char *keeping = g_strdup_printf("/step/keeping/%s", (*method)->id);
        g_autofree char *resume = g_strdup_printf("/step/resume/%s", (*method)->id);
        g_test_add_data_func(threads, *method, test_threads);
        g_test_add_data_func(resume, *method, test_resume);
        g_test_add_data_func(keeping, *method, test_keeping);
    }
    g_test_add_func("/step/no-state", test_no_state);
    g_test_add_func("/step/too-large-for-memory", test_too_large_for_memory);
    g_test_add_func("/step/period", test_period);
    g_test_add_func("/step/operations", test_operations);
    return g_test_run();
}
