/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The value of every operation but the convolution, in both precisions, against a case worked by hand or
 * plain loops in double. */
#include <math.h>
#include <string.h>

#include "bench.h"

#define TENSOR(...)                                                                                          \
    {                                                                                                        \
        .rank = G_N_ELEMENTS(((gsize[]){__VA_ARGS__})), .size = { __VA_ARGS__ }                              \
    }
#define SCALAR                                                                                               \
    {                                                                                                        \
        .rank = 0                                                                                            \
    }

/* --- element by element --- */

#define END 12345.0

static const double any_sign[] = {-1000, -20, -1.5, -1e-3, -0.0, 0, 1e-3, 1, 20, 1000, END};
static const double moderate[] = {-80, -3, -0.5, 0, 0.5, 3, 80, END};
static const double positive[] = {1e-6, 0.25, 1, 2, 100, 1e6, END};
static const double switching[] = {-INFINITY, -1, -1e-30, -0.0, 0, 1e-30, 1, INFINITY, NAN, END};

/* The derivative of the sum of f(x), through the graph. */
static RhNode *slope_of(RhNode *(*f)(RhNode *x), RhNode *x)
{
    RhNode *slope;
    rh_gradient(rh_sum_all(f(x)), &x, 1, &slope);
    return slope;
}

static RhNode *relu_squared(RhNode *x)
{
    return rh_square(rh_relu(x));
}

#define GRAPH(name, expression)                                                                              \
    static RhNode *name(RhNode *x)                                                                           \
    {                                                                                                        \
        return expression;                                                                                   \
    }
#define EXPECTED(name, expression)                                                                           \
    static double name(double x)                                                                             \
    {                                                                                                        \
        return expression;                                                                                   \
    }

GRAPH(scale_by_three, rh_scale(x, -3))
GRAPH(offset_by_half, rh_offset(x, 0.5))
GRAPH(relu_slope, slope_of(rh_relu, x))
GRAPH(relu_squared_slope, slope_of(relu_squared, x))
GRAPH(absolute_slope, slope_of(rh_absolute, x))
EXPECTED(scaled, -3 * x)
EXPECTED(with_offset, x + 0.5)
EXPECTED(negated, -x)
EXPECTED(squared, x *x)
EXPECTED(inverse, 1 / x)
EXPECTED(sign_of, x > 0 ? 1 : x < 0 ? -1 : 0)
EXPECTED(step_of, x > 0 ? 1 : 0)
EXPECTED(positive_part, x > 0 ? x : 0)
EXPECTED(twice_positive_part, x > 0 ? 2 * x : 0)
EXPECTED(logistic, 1 / (1 + exp(-x)))
EXPECTED(soft_positive_part, x > 30 ? x + exp(-x) : log1p(exp(x)))

typedef struct {
    const char *name;
    RhNode *(*build)(RhNode *x);
    double (*expected)(double x);
    const double *arguments; /* up to END */
} Unary;

static const Unary unaries[] = {
    {"scale", scale_by_three, scaled, any_sign},
    {"offset", offset_by_half, with_offset, any_sign},
    {"negate", rh_negate, negated, any_sign},
    {"square", rh_square, squared, any_sign},
    {"square-root", rh_square_root, sqrt, positive},
    {"reciprocal", rh_reciprocal, inverse, positive},
    {"absolute", rh_absolute, fabs, switching},
    {"absolute-slope", absolute_slope, sign_of, switching},
    {"sign", rh_sign, sign_of, switching},
    {"step", rh_step, step_of, switching},
    {"relu", rh_relu, positive_part, switching},
    {"relu-slope", relu_slope, step_of, switching},
    {"relu-squared-slope", relu_squared_slope, twice_positive_part, switching},
    {"exponential", rh_exponential, exp, moderate},
    {"logarithm", rh_logarithm, log, positive},
    {"sigmoid", rh_sigmoid, logistic, any_sign},
    {"softplus", rh_softplus, soft_positive_part, any_sign},
};

/* Each value by itself, the sign of a zero too. */
static void check_element(const RhBench *bench, const Unary *unary, double argument, double found)
{
    double expected = unary->expected(argument);
    gboolean same = found == expected || (isnan(found) && isnan(expected)) ||
                    fabs(found - expected) <= rh_bench_tolerance(bench) * fabs(expected);
    if (!same || (expected == 0 && signbit(found) != signbit(expected)))
        g_error("%s of %g is %.17g, expected %.17g", unary->name, argument, found, expected);
}

/* The arguments many times over, so that a vectorised loop and its end both meet each of them. */
#define REPETITIONS 37

static void check_unary(RhBench *bench, gconstpointer data)
{
    const Unary *unary = data;
    gsize n = 0;
    while (unary->arguments[n] != END)
        n++;
    g_autofree double *arguments = g_new(double, n *REPETITIONS);
    for (guint i = 0; i < REPETITIONS; i++)
        memcpy(arguments + i * n, unary->arguments, n * sizeof *arguments);
    RhNode *x = rh_bench_given(bench, RH_SHAPE(n * REPETITIONS), arguments);
    g_autofree double *found = rh_bench_result(bench, unary->build(x));
    for (gsize i = 0; i < n * REPETITIONS; i++)
        check_element(bench, unary, rh_bench_operand(bench, 0, i), found[i]);
}

static void test_unary(gconstpointer data)
{
    rh_bench_run(check_unary, data);
}

/* --- two operands, broadcasts and sums --- */

/* The place in a tensor of shape `small` of place `index` of its broadcast to `large`. */
static gsize place_below(RhShape large, RhShape small, gsize index)
{
    gsize below = 0, stride = 1;
    for (guint i = 0; i < small.rank; i++) {
        gsize size = large.size[large.rank - 1 - i], own = small.size[small.rank - 1 - i];
        below += (own == 1 ? 0 : index % size) * stride;
        stride *= own;
        index /= size;
    }
    return below;
}

typedef struct {
    RhShape a, b, result;
} Pair;

static const Pair pairs[] = {
    {TENSOR(2, 5, 4, 3), TENSOR(2, 5, 4, 3), TENSOR(2, 5, 4, 3)},
    {TENSOR(2, 5, 4, 3), TENSOR(3), TENSOR(2, 5, 4, 3)},
    {SCALAR, TENSOR(7, 3), TENSOR(7, 3)},
    {TENSOR(5, 1), TENSOR(5, 4), TENSOR(5, 4)},
    {TENSOR(5, 1), TENSOR(1, 4), TENSOR(5, 4)},
    {TENSOR(3, 1, 1, 2), TENSOR(9, 9, 1), TENSOR(3, 9, 9, 2)},
    {SCALAR, SCALAR, SCALAR},
    {TENSOR(3, 101, 101, 3), TENSOR(3, 1, 1, 3), TENSOR(3, 101, 101, 3)},
};

static void check_pair(RhBench *bench, gconstpointer data)
{
    const Pair *pair = data;
    gsize count = rh_shape_count(pair->result);
    RhNode *a = rh_bench_random(bench, pair->a, 0.5, 2), *b = rh_bench_random(bench, pair->b, 0.5, 2);
    g_assert_true(rh_shape_equal(rh_node_shape(rh_divide(a, b)), pair->result));
    g_autofree double *sum = g_new(double, count), *difference = g_new(double, count);
    g_autofree double *product = g_new(double, count), *quotient = g_new(double, count);
    for (gsize i = 0; i < count; i++) {
        double left = rh_bench_operand(bench, 0, place_below(pair->result, pair->a, i));
        double right = rh_bench_operand(bench, 1, place_below(pair->result, pair->b, i));
        sum[i] = left + right;
        difference[i] = left - right;
        product[i] = left * right;
        quotient[i] = left / right;
    }
    rh_bench_check(bench, "sum", rh_add(a, b), sum);
    rh_bench_check(bench, "difference", rh_subtract(a, b), difference);
    rh_bench_check(bench, "product", rh_multiply(a, b), product);
    rh_bench_check(bench, "quotient", rh_divide(a, b), quotient);
}

static void test_pairs(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        rh_bench_run(check_pair, &pairs[i]);
}

typedef struct {
    RhShape large, small;
} Broadcast;

static void check_broadcast(RhBench *bench, gconstpointer data)
{
    const Broadcast *shapes = data;
    gsize count = rh_shape_count(shapes->large);
    RhNode *large = rh_bench_random(bench, shapes->large, -1, 1);
    RhNode *small = rh_bench_random(bench, shapes->small, -1, 1);
    g_autofree double *repeated = g_new(double, count);
    g_autofree double *sums = g_new0(double, rh_shape_count(shapes->small));
    for (gsize i = 0; i < count; i++) {
        gsize place = place_below(shapes->large, shapes->small, i);
        repeated[i] = rh_bench_operand(bench, 1, place);
        sums[place] += rh_bench_operand(bench, 0, i);
    }
    rh_bench_check(bench, "broadcast", rh_broadcast(small, shapes->large), repeated);
    rh_bench_check(bench, "sum", rh_sum_to(large, shapes->small), sums);
}

/* Each axis kept or repeated: all sixteen patterns, on shapes that are cut into one piece and into many. */
static void test_broadcasts(void)
{
    const RhShape shapes[] = {TENSOR(3, 5, 4, 7), TENSOR(19, 1, 33, 17), TENSOR(70, 31, 13, 3)};
    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++)
        for (guint kept = 0; kept < 16; kept++) {
            Broadcast broadcast = {shapes[i], shapes[i]};
            for (guint axis = 0; axis < 4; axis++)
                broadcast.small.size[axis] = kept >> axis & 1 ? shapes[i].size[axis] : 1;
            rh_bench_run(check_broadcast, &broadcast);
        }
}

/* Fewer axes than the large shape has. */
static void test_lower_ranks(void)
{
    const Broadcast broadcasts[] = {
        {TENSOR(3, 5, 4, 7), TENSOR(5, 4, 7)},
        {TENSOR(3, 5, 4, 7), TENSOR(4, 1)},
        {TENSOR(50, 40, 30, 17), TENSOR(17)},
        {TENSOR(3, 5, 4, 7), SCALAR},
        {TENSOR(100003), SCALAR},
        {TENSOR(9, 1), TENSOR(1)},
    };
    for (guint i = 0; i < G_N_ELEMENTS(broadcasts); i++)
        rh_bench_run(check_broadcast, &broadcasts[i]);
}

static void check_by_hand(RhBench *bench, gconstpointer data)
{
    const double x[] = {1, 2, 3, 4, 5, 6}, sums[] = {5, 7, 9}, column[] = {3, 6}, constant[] = {2.5, 2.5};
    const double total = 21, mean = 3.5;
    RhNode *matrix = rh_bench_given(bench, RH_SHAPE(2, 3), x);
    rh_bench_check(bench, "constant", rh_constant(bench->graph, RH_SHAPE(2), 2.5), constant);
    rh_bench_check(bench, "reshape", rh_reshape(matrix, RH_SHAPE(3, 1, 2)), x);
    rh_bench_check(bench, "stop gradient", rh_stop_gradient(matrix), x);
    rh_bench_check(bench, "sums", rh_sum_to(matrix, RH_SHAPE(3)), sums);
    rh_bench_check(bench, "sum", rh_sum_all(matrix), &total);
    rh_bench_check(bench, "mean", rh_mean_all(matrix), &mean);
    rh_bench_check(bench, "column", rh_column(matrix, 2), column);
}

static void test_by_hand(void)
{
    rh_bench_run(check_by_hand, NULL);
}

/* --- rows --- */

typedef struct {
    guint rows, columns;
    double reach; /* logits lie within ±reach */
} Rows;

static void softmax_by_loops(const double *x, guint count, double *softmax, double *log_softmax)
{
    double largest = x[0], sum = 0;
    for (guint i = 0; i < count; i++)
        largest = fmax(largest, x[i]);
    for (guint i = 0; i < count; i++)
        sum += exp(x[i] - largest);
    for (guint i = 0; i < count; i++) {
        softmax[i] = exp(x[i] - largest) / sum;
        log_softmax[i] = x[i] - largest - log(sum);
    }
}

/* Softmax, its logarithm, the cross-entropy with the first class, and a column with its adjoint. */
static void check_rows(RhBench *bench, gconstpointer data)
{
    const Rows *rows = data;
    gsize count = (gsize)rows->rows * rows->columns;
    RhNode *x = rh_bench_random(bench, RH_SHAPE(rows->rows, rows->columns), -rows->reach, rows->reach);
    g_autofree double *values = g_new(double, count), *softmax = g_new(double, count);
    g_autofree double *log_softmax = g_new(double, count), *spread = g_new0(double, count);
    g_autofree double *first = g_new(double, rows->rows);
    double cross_entropy = 0;
    for (gsize i = 0; i < count; i++)
        values[i] = rh_bench_operand(bench, 0, i);
    for (guint row = 0; row < rows->rows; row++) {
        gsize at = (gsize)row * rows->columns;
        softmax_by_loops(values + at, rows->columns, softmax + at, log_softmax + at);
        cross_entropy -= log_softmax[at] / rows->rows;
        first[row] = values[at];
        spread[at] = 2 * values[at];
    }
    RhNode *column = rh_column(x, 0), *back;
    rh_gradient(rh_sum_all(rh_square(column)), &x, 1, &back);
    rh_bench_check(bench, "softmax", rh_softmax(x), softmax);
    rh_bench_check(bench, "log softmax", rh_log_softmax(x), log_softmax);
    rh_bench_check(bench, "cross-entropy", rh_negate(rh_mean_all(rh_column(rh_log_softmax(x), 0))),
                   &cross_entropy);
    rh_bench_check(bench, "column", column, first);
    rh_bench_check(bench, "adjoint of column", back, spread);
}

static void test_rows(void)
{
    const Rows rows[] = {{1, 2, 3}, {19, 2, 1}, {7, 17, 5}, {3, 5, 1e4}, {2501, 3, 20}, {33, 1, 1}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        rh_bench_run(check_rows, &rows[i]);
}

/* --- matrix products --- */

typedef struct {
    guint rows, inner, columns;
} Product;

static void check_product_as(RhBench *bench, const Product *size, gboolean transpose_a, gboolean transpose_b)
{
    guint which = rh_parameters_count(bench->values);
    RhShape shape_a = transpose_a ? RH_SHAPE(size->inner, size->rows) : RH_SHAPE(size->rows, size->inner);
    RhShape shape_b =
        transpose_b ? RH_SHAPE(size->columns, size->inner) : RH_SHAPE(size->inner, size->columns);
    RhNode *a = rh_bench_random(bench, shape_a, -1, 1), *b = rh_bench_random(bench, shape_b, -1, 1);
    g_autofree double *expected = g_new0(double, (gsize)size->rows * size->columns);
    for (gsize i = 0; i < size->rows; i++)
        for (gsize j = 0; j < size->columns; j++)
            for (gsize k = 0; k < size->inner; k++) {
                gsize at_a = transpose_a ? k * size->rows + i : i * size->inner + k;
                gsize at_b = transpose_b ? j * size->inner + k : k * size->columns + j;
                expected[i * size->columns + j] +=
                    rh_bench_operand(bench, which, at_a) * rh_bench_operand(bench, which + 1, at_b);
            }
    g_autofree char *what = g_strdup_printf("%u×%u×%u, transposed %d %d", size->rows, size->inner,
                                            size->columns, transpose_a, transpose_b);
    rh_bench_check(bench, what, rh_matrix_product(a, transpose_a, b, transpose_b), expected);
}

static void check_product(RhBench *bench, gconstpointer data)
{
    for (guint transposes = 0; transposes < 4; transposes++)
        check_product_as(bench, data, transposes & 1, transposes >> 1);
}

static void test_products(void)
{
    const Product sizes[] = {{1, 1, 1},   {3, 5, 7},      {17, 1, 33},   {1, 64, 1},
                             {19, 33, 2}, {129, 67, 131}, {2, 513, 300}, {301, 2, 9}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        rh_bench_run(check_product, &sizes[i]);
}

/* --- normalisation --- */

typedef struct {
    guint images, height, width, channels;
    double centre; /* values lie within 1 of it */
} Batch;

#define EPSILON 1e-5

static void statistics_by_loops(const double *x, gsize rows, guint channels, double *mean, double *variance)
{
    for (guint c = 0; c < channels; c++) {
        mean[c] = variance[c] = 0;
        for (gsize row = 0; row < rows; row++)
            mean[c] += x[row * channels + c] / (double)rows;
        for (gsize row = 0; row < rows; row++)
            variance[c] += pow(x[row * channels + c] - mean[c], 2) / (double)rows;
    }
}

/* (x − mean)/√(variance + ε)·gamma + beta; gamma and beta are operands 1 and 2. */
static double *norm_by_loops(const RhBench *bench, const double *x, gsize count, guint channels,
                             const double *mean, const double *variance)
{
    double *y = g_new(double, count);
    for (gsize i = 0; i < count; i++) {
        gsize c = i % channels;
        y[i] = (x[i] - mean[c]) / sqrt(variance[c] + EPSILON) * rh_bench_operand(bench, 1, c) +
               rh_bench_operand(bench, 2, c);
    }
    return y;
}

/* In training with the batch's own statistics, in evaluation with given ones. */
static void check_norm(RhBench *bench, gconstpointer data)
{
    const Batch *batch = data;
    guint channels = batch->channels;
    gsize rows = (gsize)batch->images * batch->height * batch->width, count = rows * channels;
    RhNode *x = rh_bench_random(bench, RH_SHAPE(batch->images, batch->height, batch->width, channels),
                                batch->centre - 1, batch->centre + 1);
    RhNode *gamma = rh_bench_random(bench, RH_SHAPE(channels), 0.5, 2);
    RhNode *beta = rh_bench_random(bench, RH_SHAPE(channels), -1, 1);
    g_autofree double *values = g_new(double, count), *means = g_new(double, channels);
    g_autofree double *variances = g_new(double, channels);
    for (gsize i = 0; i < count; i++)
        values[i] = rh_bench_operand(bench, 0, i);
    statistics_by_loops(values, rows, channels, means, variances);
    g_autofree double *training = norm_by_loops(bench, values, count, channels, means, variances);
    RhNode *mean = rh_batch_mean(x), *variance = rh_batch_variance(x);
    rh_bench_check(bench, "mean", mean, means);
    rh_bench_check(bench, "variance", variance, variances);
    rh_bench_check(bench, "norm in training", rh_batch_norm(x, mean, variance, gamma, beta, EPSILON),
                   training);

    for (guint c = 0; c < channels; c++) {
        means[c] = 0.25 * c;
        variances[c] = 1 + c;
    }
    g_autofree double *evaluation = norm_by_loops(bench, values, count, channels, means, variances);
    mean = rh_bench_given(bench, RH_SHAPE(channels), means);
    variance = rh_bench_given(bench, RH_SHAPE(channels), variances);
    rh_bench_check(bench, "norm in evaluation", rh_batch_norm(x, mean, variance, gamma, beta, EPSILON),
                   evaluation);
}

static void test_norms(void)
{
    const Batch batches[] = {{2, 5, 4, 3, 0}, {19, 33, 31, 3, 0.3}, {3, 1, 1, 17, 0},
                             {5, 9, 9, 1, 0}, {4, 7, 7, 64, 0.2},   {2, 2, 1, 130, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(batches); i++)
        rh_bench_run(check_norm, &batches[i]);
}

/* A mean far larger than the deviation costs the variance no digits. */
static void check_far_off(RhBench *bench, gconstpointer data)
{
    const double x[] = {4095, 4096, 4096, 4097}, variance = 0.5;
    RhNode *images = rh_bench_given(bench, RH_SHAPE(4, 1, 1, 1), x);
    rh_bench_check(bench, "variance", rh_batch_variance(images), &variance);
}

static void test_far_off(void)
{
    rh_bench_run(check_far_off, NULL);
}

/* x·scale + shift, and sums of up to five of them: (1 + 2 + …)·(x·scale + shift). */
static void check_affine(RhBench *bench, gconstpointer data)
{
    gsize rows = 2 * 31 * 33, count = rows * 17;
    RhNode *x = rh_bench_random(bench, RH_SHAPE(2, 31, 33, 17), -1, 1), *sum = NULL;
    RhNode *scale = rh_bench_random(bench, RH_SHAPE(17), -1, 1);
    RhNode *shift = rh_bench_random(bench, RH_SHAPE(17), -1, 1);
    g_autofree double *expected = g_new0(double, count);
    for (guint i = 1; i <= 5; i++) {
        RhNode *term = rh_channel_affine(rh_scale(x, i), scale, rh_scale(shift, i));
        sum = sum != NULL ? rh_add(sum, term) : term;
        for (gsize k = 0; k < count; k++)
            expected[k] += i * (rh_bench_operand(bench, 0, k) * rh_bench_operand(bench, 1, k % 17) +
                                rh_bench_operand(bench, 2, k % 17));
        rh_bench_check(bench, "channel affine", sum, expected);
    }
}

static void test_affine(void)
{
    rh_bench_run(check_affine, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(unaries); i++) {
        g_autofree char *path = g_strconcat("/values/unary/", unaries[i].name, NULL);
        g_test_add_data_func(path, &unaries[i], test_unary);
    }
    g_test_add_func("/values/pairs", test_pairs);
    g_test_add_func("/values/broadcasts", test_broadcasts);
    g_test_add_func("/values/lower-ranks", test_lower_ranks);
    g_test_add_func("/values/by-hand", test_by_hand);
    g_test_add_func("/values/rows", test_rows);
    g_test_add_func("/values/products", test_products);
    g_test_add_func("/values/batch-norm", test_norms);
    g_test_add_func("/values/variance-far-off", test_far_off);
    g_test_add_func("/values/channel-affine", test_affine);
    return g_test_run();
}
