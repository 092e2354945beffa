/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every operation that does in one pass what a composition of plainer ones does in several: the same value
 * and the same first and second derivatives. */
#include "composition-check.h"
#include "projection.h"

#define INPUTS_MAX 6

typedef struct _Case Case;

/* `values` takes the constant matrices that a composition needs. */
typedef RhNode *(*Build)(const Case *check, RhNode *const *in, RhParameters *values);

struct _Case {
    const char *name;
    Build fused, plain;
    guint n_inputs;
    RhShape shapes[INPUTS_MAX];
    double low, high;      /* inputs are drawn from [low, high) */
    guint stride, padding; /* of a convolution */
    RhShape result;        /* of a convolution's gradients */
};

#define BUILD(name, expression)                                                                              \
    static RhNode *name(const Case *check, RhNode *const *in, RhParameters *values)                          \
    {                                                                                                        \
        return expression;                                                                                   \
    }
#define PAIR(name, fused, plain) BUILD(fused_##name, fused) BUILD(plain_##name, plain)

static gsize size_of(RhNode *node, guint axis)
{
    return rh_node_shape(node).size[axis];
}

/* Σ along the rows, N×K → N×1. */
static RhNode *row_sums(RhNode *x)
{
    return rh_sum_to(x, RH_SHAPE(size_of(x, 0), 1));
}

static RhNode *filled(RhNode *like, RhShape shape, double value)
{
    return rh_constant(rh_node_graph(like), shape, value);
}

/* --- element by element --- */

PAIR(subtract, rh_subtract(in[0], in[1]), rh_add(in[0], rh_scale(in[1], -1)))
PAIR(divide, rh_divide(in[0], in[1]), rh_multiply(in[0], rh_reciprocal(in[1])))
PAIR(square_root, rh_square_root(in[0]), rh_exponential(rh_scale(rh_logarithm(in[0]), 0.5)))
PAIR(reciprocal, rh_reciprocal(in[0]), rh_exponential(rh_negate(rh_logarithm(in[0]))))
PAIR(absolute, rh_absolute(in[0]), rh_multiply(in[0], rh_sign(in[0])))
PAIR(relu, rh_relu(in[0]), rh_multiply(in[0], rh_step(in[0])))
PAIR(relu_of_square, rh_square(rh_relu(in[0])), rh_multiply(rh_square(in[0]), rh_step(in[0])))
PAIR(sigmoid, rh_sigmoid(in[0]), rh_reciprocal(rh_offset(rh_exponential(rh_negate(in[0])), 1)))
PAIR(softplus, rh_softplus(in[0]), rh_logarithm(rh_offset(rh_exponential(in[0]), 1)))

/* --- sums, rows --- */

PAIR(broadcast, rh_exponential(rh_broadcast(in[0], RH_SHAPE(2, 5, 4, 3))),
     rh_exponential(rh_reshape(rh_matrix_product(filled(in[0], RH_SHAPE(40, 1), 1), FALSE,
                                                 rh_reshape(in[0], RH_SHAPE(1, 3)), FALSE),
                               RH_SHAPE(2, 5, 4, 3))))
PAIR(sum_to, rh_exponential(rh_sum_to(in[0], RH_SHAPE(3))),
     rh_exponential(rh_reshape(rh_matrix_product(filled(in[0], RH_SHAPE(1, 40), 1), FALSE,
                                                 rh_reshape(in[0], RH_SHAPE(40, 3)), FALSE),
                               RH_SHAPE(3))))
PAIR(mean_all, rh_exponential(rh_mean_all(in[0])),
     rh_exponential(rh_reshape(rh_matrix_product(filled(in[0], RH_SHAPE(1, 120), 1.0 / 120), FALSE,
                                                 rh_reshape(in[0], RH_SHAPE(120, 1)), FALSE),
                               RH_SCALAR)))
PAIR(softmax, rh_softmax(in[0]), rh_divide(rh_exponential(in[0]), row_sums(rh_exponential(in[0]))))
PAIR(log_softmax, rh_log_softmax(in[0]), rh_subtract(in[0], rh_logarithm(row_sums(rh_exponential(in[0])))))

/* The column as a product with 0 … 0 1 0 … 0. */
static RhNode *plain_column(const Case *check, RhNode *const *in, RhParameters *values)
{
    gsize columns = size_of(in[0], 1);
    RhTensor *selection = rh_parameters_add(values, "selection", RH_SHAPE(columns, 1), FALSE);
    rh_tensor_set_value(selection, RH_DOUBLE, 2, 1);
    RhNode *product =
        rh_matrix_product(rh_square(in[0]), FALSE, rh_parameter(rh_node_graph(in[0]), selection), FALSE);
    return rh_reshape(product, RH_SHAPE(size_of(in[0], 0)));
}

BUILD(fused_column, rh_column(rh_square(in[0]), 2))

/* --- matrix products: all pairs are multiplied and summed; the transpose is a permutation of the values ---
 */

static RhNode *transposed(RhNode *x, RhParameters *values)
{
    gsize rows = size_of(x, 0), columns = size_of(x, 1), count = rows * columns;
    RhTensor *permutation = rh_parameters_add(values, "permutation", RH_SHAPE(count, count), FALSE);
    for (gsize i = 0; i < rows; i++)
        for (gsize j = 0; j < columns; j++)
            rh_tensor_set_value(permutation, RH_DOUBLE, (i * columns + j) * count + j * rows + i, 1);
    RhNode *all = rh_matrix_product(rh_reshape(x, RH_SHAPE(1, count)), FALSE,
                                    rh_parameter(rh_node_graph(x), permutation), FALSE);
    return rh_reshape(all, RH_SHAPE(columns, rows));
}

static RhNode *plain_product(RhNode *a, RhNode *b)
{
    gsize rows = size_of(a, 0), inner = size_of(a, 1), columns = size_of(b, 1);
    RhNode *all =
        rh_multiply(rh_reshape(a, RH_SHAPE(rows, inner, 1)), rh_reshape(b, RH_SHAPE(1, inner, columns)));
    return rh_reshape(rh_sum_to(all, RH_SHAPE(rows, 1, columns)), RH_SHAPE(rows, columns));
}

PAIR(product_nn, rh_matrix_product(in[0], FALSE, in[1], FALSE), plain_product(in[0], in[1]))
PAIR(product_nt, rh_matrix_product(in[0], FALSE, in[1], TRUE),
     plain_product(in[0], transposed(in[1], values)))
PAIR(product_tn, rh_matrix_product(in[0], TRUE, in[1], FALSE),
     plain_product(transposed(in[0], values), in[1]))
/* AᵀBᵀ = (BA)ᵀ */
PAIR(product_tt, rh_matrix_product(in[0], TRUE, in[1], TRUE), transposed(plain_product(in[1], in[0]), values))

/* --- convolution: the windows are the product of the image's values with a matrix of zeros and ones --- */

typedef struct {
    gsize images, height, width, channels, kernel, outputs, out_height, out_width;
} Geometry;

static Geometry geometry_of(const Case *check, RhShape x, RhShape filter)
{
    Geometry g = {x.size[0], x.size[1], x.size[2], x.size[3], filter.size[0], filter.size[3], 0, 0};
    g.out_height = (g.height + 2 * check->padding - g.kernel) / check->stride + 1;
    g.out_width = (g.width + 2 * check->padding - g.kernel) / check->stride + 1;
    return g;
}

static gsize window_size(const Geometry *g)
{
    return g->kernel * g->kernel * g->channels;
}

static gsize pixels_of(const Geometry *g)
{
    return g->out_height * g->out_width;
}

/* The place of one tap of an output pixel along one axis of x, or `size` outside of it. */
static gsize place_of(gsize out, gsize tap, gsize size, const Case *check)
{
    gsize place = out * check->stride + tap;
    return place >= check->padding && place - check->padding < size ? place - check->padding : size;
}

static void mark_window(RhTensor *selection, const Case *check, const Geometry *g, gsize pixel, gsize ky,
                        gsize kx)
{
    gsize y = place_of(pixel / g->out_width, ky, g->height, check);
    gsize x = place_of(pixel % g->out_width, kx, g->width, check);
    for (gsize c = 0; c < g->channels && y < g->height && x < g->width; c++) {
        gsize row = (y * g->width + x) * g->channels + c;
        gsize column = (pixel * g->kernel * g->kernel + ky * g->kernel + kx) * g->channels + c;
        rh_tensor_set_value(selection, RH_DOUBLE, row * selection->shape.size[1] + column, 1);
    }
}

/* HWC × (output pixels · K·K·C) */
static RhNode *window_selection(const Case *check, const Geometry *g, RhGraph *graph, RhParameters *values)
{
    RhShape shape = RH_SHAPE(g->height * g->width * g->channels, pixels_of(g) * window_size(g));
    RhTensor *selection = rh_parameters_add(values, "selection", shape, FALSE);
    for (gsize pixel = 0; pixel < pixels_of(g); pixel++)
        for (gsize ky = 0; ky < g->kernel; ky++)
            for (gsize kx = 0; kx < g->kernel; kx++)
                mark_window(selection, check, g, pixel, ky, kx);
    return rh_parameter(graph, selection);
}

static RhNode *windows_of(const Case *check, const Geometry *g, RhNode *x, RhParameters *values)
{
    RhNode *selection = window_selection(check, g, rh_node_graph(x), values);
    RhNode *images = rh_reshape(x, RH_SHAPE(g->images, g->height * g->width * g->channels));
    return rh_reshape(rh_matrix_product(images, FALSE, selection, FALSE),
                      RH_SHAPE(g->images * pixels_of(g), window_size(g)));
}

static RhNode *as_rows(RhNode *x)
{
    gsize channels = size_of(x, 3);
    return rh_reshape(x, RH_SHAPE(rh_shape_count(rh_node_shape(x)) / channels, channels));
}

BUILD(fused_convolution, rh_convolution(in[0], in[1], check->stride, check->padding))
BUILD(fused_input_gradient,
      rh_convolution_input_gradient(in[0], in[1], check->result, check->stride, check->padding))
BUILD(fused_filter_gradient,
      rh_convolution_filter_gradient(in[0], in[1], check->result, check->stride, check->padding))

static RhNode *plain_convolution(const Case *check, RhNode *const *in, RhParameters *values)
{
    Geometry g = geometry_of(check, rh_node_shape(in[0]), rh_node_shape(in[1]));
    RhNode *rows = rh_matrix_product(windows_of(check, &g, in[0], values), FALSE, as_rows(in[1]), FALSE);
    return rh_reshape(rows, RH_SHAPE(g.images, g.out_height, g.out_width, g.outputs));
}

static RhNode *plain_input_gradient(const Case *check, RhNode *const *in, RhParameters *values)
{
    Geometry g = geometry_of(check, check->result, rh_node_shape(in[1]));
    RhNode *windows = rh_matrix_product(as_rows(in[0]), FALSE, as_rows(in[1]), TRUE);
    windows = rh_reshape(windows, RH_SHAPE(g.images, pixels_of(&g) * window_size(&g)));
    RhNode *selection = window_selection(check, &g, rh_node_graph(in[0]), values);
    return rh_reshape(rh_matrix_product(windows, FALSE, selection, TRUE), check->result);
}

static RhNode *plain_filter_gradient(const Case *check, RhNode *const *in, RhParameters *values)
{
    Geometry g = geometry_of(check, rh_node_shape(in[0]), check->result);
    RhNode *windows = windows_of(check, &g, in[0], values);
    return rh_reshape(rh_matrix_product(windows, TRUE, as_rows(in[1]), FALSE), check->result);
}

/* --- normalisation --- */

static RhNode *mean_of(RhNode *x)
{
    gsize channels = size_of(x, 3), rows = rh_shape_count(rh_node_shape(x)) / channels;
    return rh_scale(rh_sum_to(x, RH_SHAPE(channels)), 1.0 / (double)rows);
}

static RhNode *variance_of(RhNode *x)
{
    return mean_of(rh_square(rh_subtract(x, mean_of(x))));
}

static RhNode *plain_norm(RhNode *x, RhNode *mean, RhNode *variance, RhNode *gamma, RhNode *beta)
{
    RhNode *deviation = rh_square_root(rh_offset(variance, 1e-5));
    return rh_add(rh_multiply(rh_divide(rh_subtract(x, mean), deviation), gamma), beta);
}

static RhNode *fused_training(RhNode *x, RhNode *gamma, RhNode *beta)
{
    RhNode *mean = rh_batch_mean(x);
    return rh_batch_norm(x, mean, rh_batch_variance(x), gamma, beta, 1e-5);
}

static RhNode *plain_training(RhNode *x, RhNode *gamma, RhNode *beta)
{
    return plain_norm(x, mean_of(x), variance_of(x), gamma, beta);
}

/* Sums stay apart: no operation that could be merged is the sum's direct operand. */
static RhNode *plain_affine(RhNode *x, RhNode *scale, RhNode *shift)
{
    return rh_add(rh_multiply(x, scale), shift);
}

PAIR(variance, rh_batch_variance(in[0]), variance_of(in[0]))
PAIR(training_norm, fused_training(in[0], in[1], in[2]), plain_training(in[0], in[1], in[2]))
PAIR(evaluation_norm, rh_batch_norm(in[0], in[1], in[2], in[3], in[4], 1e-5),
     plain_norm(in[0], in[1], in[2], in[3], in[4]))
PAIR(norm_and_relu, rh_relu(fused_training(in[0], in[1], in[2])),
     rh_relu(plain_training(in[0], in[1], in[2])))
/* The second one's gradient is merged into the first one's. */
PAIR(norm_of_norm, fused_training(rh_exponential(fused_training(in[0], in[1], in[2])), in[2], in[1]),
     plain_training(rh_exponential(plain_training(in[0], in[1], in[2])), in[2], in[1]))
/* As where the paths of a residual network meet: two norms of the same images, then the images themselves. */
PAIR(norms_and_skip,
     rh_softplus(rh_add(rh_add(fused_training(in[0], in[1], in[2]), fused_training(in[0], in[2], in[1])),
                        in[0])),
     rh_softplus(rh_add(rh_add(plain_training(in[0], in[1], in[2]), plain_training(in[0], in[2], in[1])),
                        in[0])))
PAIR(channel_affine, rh_channel_affine(in[0], in[1], in[2]), plain_affine(in[0], in[1], in[2]))

/* Sums of 2, 3, 4 and 5 scaled images, of which up to four are merged, and one where an image comes twice. */
static RhNode *sum_of_affine(RhNode *(*affine)(RhNode *, RhNode *, RhNode *), guint images, RhNode *const *in)
{
    RhNode *scale = rh_square(in[images]), *shift = rh_exponential(in[images]), *sum = NULL;
    for (guint i = 0; i < images; i++) {
        RhNode *part = affine(in[i], rh_scale(scale, 1.0 + i), rh_scale(shift, 1.0 / (1.0 + i)));
        sum = sum != NULL ? rh_add(sum, part) : part;
    }
    return sum;
}

PAIR(two_terms, sum_of_affine(rh_channel_affine, 2, in), sum_of_affine(plain_affine, 2, in))
PAIR(three_terms, sum_of_affine(rh_channel_affine, 3, in), sum_of_affine(plain_affine, 3, in))
PAIR(four_terms, sum_of_affine(rh_channel_affine, 4, in), sum_of_affine(plain_affine, 4, in))
PAIR(five_terms, sum_of_affine(rh_channel_affine, 5, in), sum_of_affine(plain_affine, 5, in))
PAIR(repeated_term, rh_add(rh_channel_affine(in[0], in[1], in[2]), rh_channel_affine(in[0], in[2], in[1])),
     rh_add(plain_affine(in[0], in[1], in[2]), plain_affine(in[0], in[2], in[1])))
/* One of the images is broadcast: nothing is merged. */
PAIR(terms_of_two_shapes,
     rh_add(rh_channel_affine(in[0], in[2], in[3]), rh_channel_affine(in[1], in[3], in[2])),
     rh_add(plain_affine(in[0], in[2], in[3]), plain_affine(in[1], in[3], in[2])))
/* What is the same at every pixel of the batch is merged. */
PAIR(repeated_vector,
     rh_add(rh_channel_affine(in[0], in[1], in[2]), rh_broadcast(in[3], rh_node_shape(in[0]))),
     rh_add(plain_affine(in[0], in[1], in[2]), in[3]))

#define TENSOR(...)                                                                                          \
    {                                                                                                        \
        .rank = G_N_ELEMENTS(((gsize[]){__VA_ARGS__})), .size = { __VA_ARGS__ }                              \
    }
#define IMAGES                 TENSOR(2, 5, 4, 3)
#define MATRIX                 TENSOR(5, 4)
#define CHANNELS               TENSOR(3)
#define FUSED_AND_PLAIN(which) fused_##which, plain_##which

static const Case cases[] = {
    {"subtract", FUSED_AND_PLAIN(subtract), 2, {IMAGES, CHANNELS}, -1, 1},
    {"divide", FUSED_AND_PLAIN(divide), 2, {IMAGES, CHANNELS}, 0.5, 2},
    {"square-root", FUSED_AND_PLAIN(square_root), 1, {IMAGES}, 0.5, 2},
    {"reciprocal", FUSED_AND_PLAIN(reciprocal), 1, {IMAGES}, 0.5, 2},
    {"absolute", FUSED_AND_PLAIN(absolute), 1, {IMAGES}, -1, 1},
    {"relu", FUSED_AND_PLAIN(relu), 1, {IMAGES}, -1, 1},
    {"relu-squared", FUSED_AND_PLAIN(relu_of_square), 1, {IMAGES}, -1, 1},
    {"sigmoid", FUSED_AND_PLAIN(sigmoid), 1, {IMAGES}, -4, 4},
    {"softplus", FUSED_AND_PLAIN(softplus), 1, {IMAGES}, -4, 4},
    {"broadcast", FUSED_AND_PLAIN(broadcast), 1, {CHANNELS}, -1, 1},
    {"sum-to", FUSED_AND_PLAIN(sum_to), 1, {IMAGES}, -0.1, 0.1},
    {"mean-all", FUSED_AND_PLAIN(mean_all), 1, {IMAGES}, -1, 1},
    {"softmax", FUSED_AND_PLAIN(softmax), 1, {MATRIX}, -3, 3},
    {"log-softmax", FUSED_AND_PLAIN(log_softmax), 1, {MATRIX}, -3, 3},
    {"column", FUSED_AND_PLAIN(column), 1, {MATRIX}, -1, 1},
    {"product-nn", FUSED_AND_PLAIN(product_nn), 2, {TENSOR(5, 4), TENSOR(4, 3)}, -1, 1},
    {"product-nt", FUSED_AND_PLAIN(product_nt), 2, {TENSOR(5, 4), TENSOR(3, 4)}, -1, 1},
    {"product-tn", FUSED_AND_PLAIN(product_tn), 2, {TENSOR(4, 5), TENSOR(4, 3)}, -1, 1},
    {"product-tt", FUSED_AND_PLAIN(product_tt), 2, {TENSOR(4, 5), TENSOR(3, 4)}, -1, 1},
    {"convolution", FUSED_AND_PLAIN(convolution), 2, {IMAGES, TENSOR(3, 3, 3, 4)}, -1, 1, 1, 1},
    {"convolution-strided", FUSED_AND_PLAIN(convolution), 2, {IMAGES, TENSOR(3, 3, 3, 4)}, -1, 1, 2, 1},
    {"convolution-unpadded", FUSED_AND_PLAIN(convolution), 2, {IMAGES, TENSOR(2, 2, 3, 4)}, -1, 1, 1, 0},
    {"convolution-wide", FUSED_AND_PLAIN(convolution), 2, {IMAGES, TENSOR(5, 5, 3, 2)}, -1, 1, 2, 2},
    {"convolution-point", FUSED_AND_PLAIN(convolution), 2, {IMAGES, TENSOR(1, 1, 3, 4)}, -1, 1, 1, 0},
    {"convolution-point-strided", FUSED_AND_PLAIN(convolution), 2, {IMAGES, TENSOR(1, 1, 3, 4)}, -1, 1, 2, 0},
    {"input-gradient",
     FUSED_AND_PLAIN(input_gradient),
     2,
     {TENSOR(2, 5, 4, 4), TENSOR(3, 3, 3, 4)},
     -1,
     1,
     1,
     1,
     IMAGES},
    {"input-gradient-strided",
     FUSED_AND_PLAIN(input_gradient),
     2,
     {TENSOR(2, 3, 2, 4), TENSOR(3, 3, 3, 4)},
     -1,
     1,
     2,
     1,
     IMAGES},
    {"filter-gradient",
     FUSED_AND_PLAIN(filter_gradient),
     2,
     {IMAGES, TENSOR(2, 5, 4, 4)},
     -1,
     1,
     1,
     1,
     TENSOR(3, 3, 3, 4)},
    {"filter-gradient-strided",
     FUSED_AND_PLAIN(filter_gradient),
     2,
     {IMAGES, TENSOR(2, 3, 2, 4)},
     -1,
     1,
     2,
     1,
     TENSOR(3, 3, 3, 4)},
    {"variance", FUSED_AND_PLAIN(variance), 1, {IMAGES}, -1, 3},
    {"batch-norm", FUSED_AND_PLAIN(training_norm), 3, {IMAGES, CHANNELS, CHANNELS}, 0.2, 3},
    {"batch-norm-evaluation",
     FUSED_AND_PLAIN(evaluation_norm),
     5,
     {IMAGES, CHANNELS, CHANNELS, CHANNELS, CHANNELS},
     0.2,
     3},
    {"batch-norm-relu", FUSED_AND_PLAIN(norm_and_relu), 3, {IMAGES, CHANNELS, CHANNELS}, 0.2, 3},
    {"batch-norm-twice", FUSED_AND_PLAIN(norm_of_norm), 3, {IMAGES, CHANNELS, CHANNELS}, 0.2, 1.5},
    {"batch-norm-residual", FUSED_AND_PLAIN(norms_and_skip), 3, {IMAGES, CHANNELS, CHANNELS}, 0.2, 2},
    {"channel-affine", FUSED_AND_PLAIN(channel_affine), 3, {IMAGES, CHANNELS, CHANNELS}, -1, 1},
    {"two-terms", FUSED_AND_PLAIN(two_terms), 3, {IMAGES, IMAGES, CHANNELS}, -1, 1},
    {"three-terms", FUSED_AND_PLAIN(three_terms), 4, {IMAGES, IMAGES, IMAGES, CHANNELS}, -1, 1},
    {"four-terms", FUSED_AND_PLAIN(four_terms), 5, {IMAGES, IMAGES, IMAGES, IMAGES, CHANNELS}, -1, 1},
    {"five-terms", FUSED_AND_PLAIN(five_terms), 6, {IMAGES, IMAGES, IMAGES, IMAGES, IMAGES, CHANNELS}, -1, 1},
    {"repeated-term", FUSED_AND_PLAIN(repeated_term), 3, {IMAGES, CHANNELS, CHANNELS}, -1, 1},
    {"terms-of-two-shapes",
     FUSED_AND_PLAIN(terms_of_two_shapes),
     4,
     {IMAGES, TENSOR(2, 1, 1, 3), CHANNELS, CHANNELS},
     -1,
     1},
    {"repeated-vector", FUSED_AND_PLAIN(repeated_vector), 4, {IMAGES, CHANNELS, CHANNELS, CHANNELS}, -1, 1},
    {"repeated-number", FUSED_AND_PLAIN(repeated_vector), 4, {IMAGES, CHANNELS, CHANNELS, TENSOR(1)}, -1, 1},
    {"repeated-scalar",
     FUSED_AND_PLAIN(repeated_vector),
     4,
     {IMAGES, CHANNELS, CHANNELS, {.rank = 0}},
     -1,
     1},
    {"repeated-by-image",
     FUSED_AND_PLAIN(repeated_vector),
     4,
     {TENSOR(3, 5, 4, 3), CHANNELS, CHANNELS, TENSOR(3, 1, 1, 3)},
     -1,
     1},
};

static void test_case(gconstpointer data)
{
    const Case *check = data;
    RhRandom random;
    g_autoptr(RhGraph) graph = rh_graph_new();
    g_autoptr(RhParameters) values = rh_parameters_new(RH_DOUBLE);
    RhNode *inputs[INPUTS_MAX];
    rh_random_init(&random, g_str_hash(check->name), RH_PURPOSE_TEST, 0, 0);
    for (guint i = 0; i < check->n_inputs; i++) {
        g_autofree char *name = g_strdup_printf("input%u", i);
        inputs[i] = rh_parameter(
            graph, rh_random_tensor(values, name, check->shapes[i], &random, check->low, check->high));
    }
    RhNode *fused = check->fused(check, inputs, values), *plain = check->plain(check, inputs, values);
    rh_check_composition(check->name, values, fused, plain, inputs, check->n_inputs);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/composition/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    return g_test_run();
}
