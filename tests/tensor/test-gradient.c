/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of rh_gradient: a gradient is a node like any other, to any order; what is constant for it; what
 * it may be taken by. */
#include <math.h>

#include "bench.h"

static RhNode *derivative(RhNode *y, RhNode *x)
{
    RhNode *dx;
    rh_gradient(rh_sum_all(y), &x, 1, &dx);
    return dx;
}

/* --- third derivatives against closed forms --- */

static const double points[] = {-1.7, -0.6, 0.25, 1, 2.2};

static RhNode *bell(RhNode *x)
{
    return rh_exponential(rh_scale(rh_square(x), -0.5));
}

static double third_of_bell(double x)
{
    return (3 * x - x * x * x) * exp(-x * x / 2);
}

static double third_of_softplus(double x)
{
    double s = 1 / (1 + exp(-x));
    return s * (1 - s) * (1 - 2 * s);
}

static RhNode *hyperbola(RhNode *x)
{
    return rh_square_root(rh_offset(rh_square(x), 1));
}

static double third_of_hyperbola(double x)
{
    return -3 * x * pow(1 + x * x, -2.5);
}

static RhNode *witch(RhNode *x)
{
    return rh_reciprocal(rh_offset(rh_square(x), 1));
}

static double third_of_witch(double x)
{
    return 24 * x * (1 - x * x) * pow(1 + x * x, -4);
}

static RhNode *log_of_ratio(RhNode *x)
{
    RhNode *square = rh_square(x);
    return rh_logarithm(rh_divide(rh_offset(square, 1), rh_offset(square, 4)));
}

/* d³/dx³ log(x² + k) = 4x(x² − 3k)/(x² + k)³ */
static double third_of_log(double x, double k)
{
    return 4 * x * (x * x - 3 * k) / pow(x * x + k, 3);
}

static double third_of_log_of_ratio(double x)
{
    return third_of_log(x, 1) - third_of_log(x, 4);
}

/* (x² + 1)·relu(x)³ = x⁵ + x³ above zero */
static RhNode *gated_power(RhNode *x)
{
    RhNode *gated = rh_relu(x);
    return rh_multiply(rh_offset(rh_square(x), 1), rh_multiply(gated, rh_square(gated)));
}

static double third_of_gated_power(double x)
{
    return x > 0 ? 60 * x * x + 6 : 0;
}

typedef struct {
    const char *name;
    RhNode *(*build)(RhNode *x);
    double (*third)(double x);
} Third;

static const Third thirds[] = {
    {"bell", bell, third_of_bell},
    {"softplus", rh_softplus, third_of_softplus},
    {"hyperbola", hyperbola, third_of_hyperbola},
    {"witch", witch, third_of_witch},
    {"log-of-ratio", log_of_ratio, third_of_log_of_ratio},
    {"gated-power", gated_power, third_of_gated_power},
};

static void check_third(RhBench *bench, gconstpointer data)
{
    const Third *third = data;
    double expected[G_N_ELEMENTS(points)];
    RhNode *x = rh_bench_given(bench, RH_SHAPE(G_N_ELEMENTS(points)), points);
    for (guint i = 0; i < G_N_ELEMENTS(points); i++)
        expected[i] = third->third(rh_bench_operand(bench, 0, i));
    rh_bench_check(bench, third->name, derivative(derivative(derivative(third->build(x), x), x), x),
                   expected);
}

static void test_third(gconstpointer data)
{
    rh_bench_run(check_third, data);
}

/* log Σₖ exp(t·vₖ) generates cumulants: its third derivative is the third central moment of v under the
 * softmax of t·v. */
static void check_cumulant(RhBench *bench, gconstpointer data)
{
    const double v[] = {0.3, -1.2, 2, 0.7}, t = 0.5;
    double total = 0, mean = 0, moment = 0;
    for (guint i = 0; i < G_N_ELEMENTS(v); i++)
        total += exp(t * v[i]);
    for (guint i = 0; i < G_N_ELEMENTS(v); i++)
        mean += v[i] * exp(t * v[i]) / total;
    for (guint i = 0; i < G_N_ELEMENTS(v); i++)
        moment += pow(v[i] - mean, 3) * exp(t * v[i]) / total;
    RhNode *at = rh_bench_given(bench, RH_SHAPE(1, 1), &t);
    RhNode *row = rh_matrix_product(at, FALSE, rh_bench_given(bench, RH_SHAPE(1, 4), v), FALSE);
    RhNode *log_sum = rh_subtract(rh_column(row, 1), rh_column(rh_log_softmax(row), 1));
    RhNode *third = derivative(derivative(derivative(log_sum, at), at), at);
    rh_bench_check(bench, "third cumulant", third, &moment);
}

static void test_cumulant(void)
{
    rh_bench_run(check_cumulant, NULL);
}

/* With c = x * w the third derivative of Σ (t·x * w)³ by t is 6·Σ c³. */
static void check_cubed_convolution(RhBench *bench, gconstpointer data)
{
    const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, w[] = {1, -2, 3, -1}, t = 0.7;
    const double c[] = {1 - 4 + 12 - 5, 2 - 6 + 15 - 6, 4 - 10 + 21 - 8, 5 - 12 + 24 - 9};
    double expected = 0;
    for (guint i = 0; i < G_N_ELEMENTS(c); i++)
        expected += 6 * pow(c[i], 3);
    RhNode *scale = rh_bench_given(bench, RH_SCALAR, &t);
    RhNode *image = rh_multiply(rh_bench_given(bench, RH_SHAPE(1, 3, 3, 1), x), scale);
    RhNode *response = rh_convolution(image, rh_bench_given(bench, RH_SHAPE(2, 2, 1, 1), w), 1, 0);
    RhNode *cube = rh_multiply(response, rh_square(response));
    RhNode *third = derivative(derivative(derivative(cube, scale), scale), scale);
    rh_bench_check(bench, "cubed convolution", third, &expected);
}

static void test_cubed_convolution(void)
{
    rh_bench_run(check_cubed_convolution, NULL);
}

/* --- what it is taken by --- */

/* Of x²·y: by both, by what is computed on the way, by itself, and by what it does not depend on. */
static void check_by(RhBench *bench, gconstpointer data)
{
    const double three = 3, five = 5, zero = 0, one = 1, thirty = 30, nine = 9;
    RhNode *x = rh_bench_given(bench, RH_SCALAR, &three), *y = rh_bench_given(bench, RH_SCALAR, &five);
    RhNode *square = rh_square(x), *f = rh_multiply(square, y), *other = rh_exponential(x);
    RhNode *by[] = {x, y, square, f, other}, *gradients[G_N_ELEMENTS(by)];
    const double expected[] = {thirty, nine, five, one, zero};
    rh_gradient(f, by, G_N_ELEMENTS(by), gradients);
    for (guint i = 0; i < G_N_ELEMENTS(by); i++)
        rh_bench_check(bench, "gradient", gradients[i], &expected[i]);
}

static void test_by(void)
{
    rh_bench_run(check_by, NULL);
}

/* x·stop(x): half of the product's derivative, and none of the stopped factor's. */
static void check_stop(RhBench *bench, gconstpointer data)
{
    const double three = 3, one = 1, zero = 0;
    RhNode *x = rh_bench_given(bench, RH_SCALAR, &three), *stopped = rh_stop_gradient(x);
    RhNode *slope = derivative(rh_multiply(x, stopped), x);
    rh_bench_check(bench, "slope", slope, &three);
    rh_bench_check(bench, "slope of the slope", derivative(slope, x), &zero);
    rh_bench_check(bench, "slope of the stopped", derivative(rh_square(stopped), x), &zero);
    rh_bench_check(bench, "by the stopped", derivative(rh_multiply(x, stopped), stopped), &three);
    rh_bench_check(bench, "of a sum", derivative(rh_add(x, rh_exponential(stopped)), x), &one);
}

static void test_stop(void)
{
    rh_bench_run(check_stop, NULL);
}

/* Where a path forks and meets again the parts add up: x³ + 2x² as (x² + x)·x + x². */
static void check_paths(RhBench *bench, gconstpointer data)
{
    const double x[] = {-1, 0, 2}, slope[] = {3 - 4, 0, 12 + 8}, bend[] = {-6 + 4, 4, 12 + 4};
    RhNode *at = rh_bench_given(bench, RH_SHAPE(3), x), *square = rh_square(at);
    RhNode *first = derivative(rh_add(rh_multiply(rh_add(square, at), at), square), at);
    rh_bench_check(bench, "slope", first, slope);
    rh_bench_check(bench, "bend", derivative(first, at), bend);
}

static void test_paths(void)
{
    rh_bench_run(check_paths, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(thirds); i++) {
        g_autofree char *path = g_strconcat("/gradient/third/", thirds[i].name, NULL);
        g_test_add_data_func(path, &thirds[i], test_third);
    }
    g_test_add_func("/gradient/third/cumulant", test_cumulant);
    g_test_add_func("/gradient/third/cubed-convolution", test_cubed_convolution);
    g_test_add_func("/gradient/by", test_by);
    g_test_add_func("/gradient/stop", test_stop);
    g_test_add_func("/gradient/paths", test_paths);
    return g_test_run();
}
