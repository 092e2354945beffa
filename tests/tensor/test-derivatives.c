/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "derivative-check.h"

/* Every operation's first and second derivatives against finite differences in double precision. */

#define UNARY(name, expression)                                                                              \
    static RhNode *build_##name(RhNode *const *in)                                                           \
    {                                                                                                        \
        RhNode *x = in[0];                                                                                   \
        return expression;                                                                                   \
    }
#define BINARY(name, expression)                                                                             \
    static RhNode *build_##name(RhNode *const *in)                                                           \
    {                                                                                                        \
        RhNode *a = in[0], *b = in[1];                                                                       \
        return expression;                                                                                   \
    }

BINARY(add, rh_multiply(rh_add(a, b), a))
BINARY(subtract, rh_multiply(rh_subtract(a, b), a))
BINARY(multiply, rh_multiply(a, b))
BINARY(divide, rh_divide(a, b))
UNARY(scale, rh_square(rh_scale(x, -2.5)))
UNARY(offset, rh_square(rh_offset(x, 0.7)))
UNARY(square, rh_square(x))
UNARY(square_root, rh_square_root(x))
UNARY(reciprocal, rh_reciprocal(x))
UNARY(absolute, rh_multiply(rh_absolute(x), x))
UNARY(relu, rh_multiply(rh_relu(x), x))
UNARY(relu_squared, rh_square(rh_relu(x)))
UNARY(sign_and_step, rh_multiply(rh_add(rh_sign(x), rh_step(x)), rh_square(x)))
UNARY(exponential, rh_exponential(x))
UNARY(logarithm, rh_logarithm(x))
UNARY(sigmoid, rh_sigmoid(x))
UNARY(softplus, rh_softplus(x))
UNARY(broadcast, rh_square(rh_broadcast(x, RH_SHAPE(4, 5, 2, 3))))
UNARY(sum_to_channels, rh_square(rh_sum_to(x, RH_SHAPE(3))))
UNARY(sum_over_pixels, rh_square(rh_reshape(rh_sum_to(x, RH_SHAPE(2, 1, 1, 3)), RH_SHAPE(2, 3))))
UNARY(sum_all, rh_square(rh_sum_all(x)))
UNARY(mean_all, rh_square(rh_mean_all(x)))
UNARY(reshape, rh_matrix_product(rh_reshape(x, RH_SHAPE(8, 15)), FALSE, rh_reshape(x, RH_SHAPE(8, 15)), TRUE))
UNARY(softmax, rh_softmax(x))
UNARY(log_softmax, rh_log_softmax(x))
UNARY(column, rh_square(rh_column(x, 1)))
UNARY(batch_mean, rh_exponential(rh_batch_mean(x)))
BINARY(cross_entropy, rh_mean_all(rh_multiply(rh_log_softmax(a), b)))
BINARY(product_nn, rh_matrix_product(a, FALSE, b, FALSE))
BINARY(product_nt, rh_matrix_product(a, FALSE, b, TRUE))
BINARY(product_tn, rh_matrix_product(a, TRUE, b, FALSE))
BINARY(product_tt, rh_matrix_product(a, TRUE, b, TRUE))
BINARY(convolution, rh_convolution(a, b, 1, 1))
BINARY(convolution_stride, rh_convolution(a, b, 2, 1))
BINARY(convolution_pixel, rh_convolution(a, b, 2, 0))
BINARY(convolution_plain, rh_convolution(a, b, 1, 0))
BINARY(convolution_wide, rh_convolution(a, b, 1, 2))
BINARY(input_gradient, rh_convolution_input_gradient(a, b, RH_SHAPE(2, 5, 6, 3), 2, 1))
BINARY(input_gradient_dense, rh_convolution_input_gradient(a, b, RH_SHAPE(2, 5, 4, 3), 1, 1))
BINARY(filter_gradient_dense, rh_convolution_filter_gradient(a, b, RH_SHAPE(3, 3, 3, 4), 1, 1))
BINARY(filter_gradient, rh_convolution_filter_gradient(a, b, RH_SHAPE(3, 3, 3, 4), 2, 1))

static RhNode *build_variance(RhNode *const *in)
{
    return rh_batch_variance(in[0]);
}

static RhNode *build_batch_norm(RhNode *const *in)
{
    RhNode *mean = rh_batch_mean(in[0]);
    return rh_batch_norm(in[0], mean, rh_batch_variance(in[0]), in[1], in[2], 1e-5);
}

static RhNode *build_evaluation_norm(RhNode *const *in)
{
    return rh_batch_norm(in[0], in[1], in[2], in[3], in[1], 1e-5);
}

/* Three scaled images, which are merged, one of them twice. */
static RhNode *build_combination(RhNode *const *in)
{
    RhNode *factor = in[3], *other = rh_exponential(factor);
    RhNode *sum = rh_add(rh_channel_affine(in[0], factor, other), rh_channel_affine(in[1], other, factor));
    sum = rh_add(sum, rh_channel_affine(in[2], factor, factor));
    return rh_add(sum, rh_channel_affine(in[0], other, other));
}

static RhNode *build_channel_affine(RhNode *const *in)
{
    return rh_channel_affine(rh_square(in[0]), in[1], in[2]);
}

/* A block as in a residual network, with all that is merged there. */
static RhNode *build_block(RhNode *const *in)
{
    RhNode *x = rh_convolution(in[0], in[1], 1, 1);
    RhNode *mean = rh_batch_mean(x);
    x = rh_batch_norm(x, mean, rh_batch_variance(x), in[2], in[3], 1e-5);
    return rh_softplus(rh_add(x, in[0]));
}

#define IMAGES                                                                                               \
    {                                                                                                        \
        .rank = 4, .size = { 2, 5, 4, 3 }                                                                    \
    }
#define MATRIX                                                                                               \
    {                                                                                                        \
        .rank = 2, .size = { 5, 4 }                                                                          \
    }
#define CHANNEL                                                                                              \
    {                                                                                                        \
        .rank = 1, .size = { 3 }                                                                             \
    }

static const RhDerivativeCase cases[] = {
    {"add", build_add, 2, {IMAGES, CHANNEL}, -1, 1},
    {"subtract", build_subtract, 2, {IMAGES, CHANNEL}, -1, 1},
    {"multiply", build_multiply, 2, {IMAGES, {.rank = 4, .size = {2, 1, 1, 3}}}, -1, 1},
    {"divide", build_divide, 2, {MATRIX, {.rank = 2, .size = {5, 1}}}, 0.5, 2},
    {"scale", build_scale, 1, {IMAGES}, -1, 1},
    {"offset", build_offset, 1, {IMAGES}, -1, 1},
    {"square", build_square, 1, {IMAGES}, -1, 1},
    {"square-root", build_square_root, 1, {IMAGES}, 0.5, 2},
    {"reciprocal", build_reciprocal, 1, {IMAGES}, 0.5, 2},
    {"absolute", build_absolute, 1, {IMAGES}, -1, 1},
    {"relu", build_relu, 1, {IMAGES}, -1, 1},
    {"relu-squared", build_relu_squared, 1, {IMAGES}, -1, 1},
    {"sign-and-step", build_sign_and_step, 1, {IMAGES}, -1, 1},
    {"exponential", build_exponential, 1, {IMAGES}, -1, 1},
    {"logarithm", build_logarithm, 1, {IMAGES}, 0.5, 2},
    {"sigmoid", build_sigmoid, 1, {IMAGES}, -3, 3},
    {"softplus", build_softplus, 1, {IMAGES}, -3, 3},
    {"broadcast", build_broadcast, 1, {{.rank = 4, .size = {4, 1, 2, 1}}}, -1, 1},
    {"sum-to-channels", build_sum_to_channels, 1, {IMAGES}, -1, 1},
    {"sum-over-pixels", build_sum_over_pixels, 1, {IMAGES}, -1, 1},
    {"sum-all", build_sum_all, 1, {IMAGES}, -1, 1},
    {"mean-all", build_mean_all, 1, {IMAGES}, -1, 1},
    {"reshape", build_reshape, 1, {IMAGES}, -1, 1},
    {"softmax", build_softmax, 1, {MATRIX}, -2, 2},
    {"log-softmax", build_log_softmax, 1, {MATRIX}, -2, 2},
    {"column", build_column, 1, {MATRIX}, -1, 1},
    {"batch-mean", build_batch_mean, 1, {IMAGES}, -1, 1},
    {"cross-entropy", build_cross_entropy, 2, {MATRIX, MATRIX}, -2, 2},
    {"product-nn", build_product_nn, 2, {{.rank = 2, .size = {5, 4}}, {.rank = 2, .size = {4, 3}}}, -1, 1},
    {"product-nt", build_product_nt, 2, {{.rank = 2, .size = {5, 4}}, {.rank = 2, .size = {3, 4}}}, -1, 1},
    {"product-tn", build_product_tn, 2, {{.rank = 2, .size = {4, 5}}, {.rank = 2, .size = {4, 3}}}, -1, 1},
    {"product-tt", build_product_tt, 2, {{.rank = 2, .size = {4, 5}}, {.rank = 2, .size = {3, 4}}}, -1, 1},
    {"convolution", build_convolution, 2, {IMAGES, {.rank = 4, .size = {3, 3, 3, 4}}}, -1, 1},
    {"convolution-stride", build_convolution_stride, 2, {IMAGES, {.rank = 4, .size = {3, 3, 3, 4}}}, -1, 1},
    {"convolution-pixel", build_convolution_pixel, 2, {IMAGES, {.rank = 4, .size = {1, 1, 3, 4}}}, -1, 1},
    {"convolution-plain", build_convolution_plain, 2, {IMAGES, {.rank = 4, .size = {1, 1, 3, 4}}}, -1, 1},
    {"convolution-wide", build_convolution_wide, 2, {IMAGES, {.rank = 4, .size = {5, 5, 3, 2}}}, -1, 1},
    {"input-gradient-dense",
     build_input_gradient_dense,
     2,
     {{.rank = 4, .size = {2, 5, 4, 4}}, {.rank = 4, .size = {3, 3, 3, 4}}},
     -1,
     1},
    {"filter-gradient-dense",
     build_filter_gradient_dense,
     2,
     {IMAGES, {.rank = 4, .size = {2, 5, 4, 4}}},
     -1,
     1},
    {"input-gradient",
     build_input_gradient,
     2,
     {{.rank = 4, .size = {2, 3, 3, 4}}, {.rank = 4, .size = {3, 3, 3, 4}}},
     -1,
     1},
    {"filter-gradient",
     build_filter_gradient,
     2,
     {{.rank = 4, .size = {2, 5, 6, 3}}, {.rank = 4, .size = {2, 3, 3, 4}}},
     -1,
     1},
    {"variance", build_variance, 1, {IMAGES}, -1, 3},
    {"batch-norm", build_batch_norm, 3, {IMAGES, CHANNEL, CHANNEL}, 0.2, 3},
    {"batch-norm-evaluation", build_evaluation_norm, 4, {IMAGES, CHANNEL, CHANNEL, CHANNEL}, 0.2, 3},
    {"combination", build_combination, 4, {IMAGES, IMAGES, IMAGES, CHANNEL}, -1, 1},
    {"channel-affine", build_channel_affine, 3, {IMAGES, CHANNEL, CHANNEL}, -1, 1},
    {"block", build_block, 4, {IMAGES, {.rank = 4, .size = {3, 3, 3, 3}}, CHANNEL, CHANNEL}, -1, 1},
};

static void test_case(gconstpointer data)
{
    rh_check_derivatives(data);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/derivatives/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    return g_test_run();
}
