/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The exact product of matrices is just that sum: bit by bit that of a loop which adds the products in order,
 * with the vectors of each kind of processor. */
#include <math.h>
#include <string.h>

#include "projection.h"
#include "tensor/kernels-private.h"
#include "tensor/matrix.h"

typedef struct {
    gsize rows, columns, inner;
} Size;

/* op(A), op(B) and C lie in longer rows than they need. */
#define BESIDE 3

typedef struct {
    gboolean transpose_a, transpose_b, add;
    gsize lda, ldb, ldc;
    RhParameters *values;
    const float *a, *b, *c;
} Product;

static const float *random_matrix(RhParameters *values, const char *name, gsize rows, gsize length,
                                  RhRandom *random)
{
    return rh_random_tensor(values, name, RH_SHAPE(rows, length), random, -1, 1)->data;
}

static Product product_of(const Size *size, guint way)
{
    Product product = {.transpose_a = way & 1, .transpose_b = way >> 1 & 1, .add = way >> 2 & 1};
    RhRandom random;
    rh_random_init(&random, 11, RH_PURPOSE_TEST, size->rows, size->columns);
    product.lda = (product.transpose_a ? size->rows : size->inner) + BESIDE;
    product.ldb = (product.transpose_b ? size->inner : size->columns) + BESIDE;
    product.ldc = size->columns + BESIDE;
    product.values = rh_parameters_new(RH_SINGLE);
    product.a = random_matrix(product.values, "a", product.transpose_a ? size->inner : size->rows,
                              product.lda, &random);
    product.b = random_matrix(product.values, "b", product.transpose_b ? size->columns : size->inner,
                              product.ldb, &random);
    product.c = random_matrix(product.values, "c", size->rows, product.ldc, &random);
    return product;
}

/* No compiler may turn this into something else. */
static void add_product(volatile float *sum, float left, float right)
{
    volatile float product = left * right;
    *sum = *sum + product;
}

static float *expect(const Size *size, const Product *product)
{
    float *c = g_memdup2(product->c, size->rows * product->ldc * sizeof *c);
    for (gsize i = 0; i < size->rows; i++)
        for (gsize j = 0; j < size->columns; j++) {
            volatile float sum = product->add ? product->c[i * product->ldc + j] : 0;
            for (gsize k = 0; k < size->inner; k++)
                add_product(&sum,
                            product->a[product->transpose_a ? k * product->lda + i : i * product->lda + k],
                            product->b[product->transpose_b ? j * product->ldb + k : k * product->ldb + j]);
            c[i * product->ldc + j] = sum;
        }
    return c;
}

static void check(const Size *size, guint way)
{
    const Product product = product_of(size, way);
    const gsize bytes = size->rows * product.ldc * sizeof(float);
    g_autofree float *expected = expect(size, &product);
    for (const RhKernels *const *kernels = rh_kernels(); *kernels != NULL; kernels++) {
        if (!rh_kernels_available(*kernels))
            continue;
        RhMatrixMultiply *multiply =
            (*kernels)->fast != NULL ? (*kernels)->fast->multiply_exactly : rh_matrix_multiply_single;
        g_autofree float *found = g_memdup2(product.c, bytes);
        multiply(product.transpose_a, product.transpose_b, size->rows, size->columns, size->inner, product.a,
                 product.lda, product.b, product.ldb, product.add, found, product.ldc);
        if (memcmp(found, expected, bytes) != 0)
            g_error("%zu×%zu by %zu×%zu, kernels %s, way %u: other bits than those of the sums in order",
                    size->rows, size->inner, size->inner, size->columns, rh_kernels_id(*kernels), way);
    }
    rh_parameters_unref(product.values);
}

static void test_every_processor(void)
{
    const Size sizes[] = {{1, 1, 1},     {1, 40, 9},     {40, 1, 9},     {5, 7, 3},      {14, 32, 256},
                          {15, 33, 257}, {113, 31, 17},  {13, 65, 600},  {225, 100, 40}, {6, 8, 513},
                          {7, 9, 1},     {64, 64, 1200}, {112, 16, 256}, {3, 2, 512}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint way = 0; way < 8; way++)
            check(&sizes[i], way);
}

/* What C held is not read unless it is added to. */
static void test_not_read(void)
{
    const float a[] = {1, 2}, b[] = {3, 4};
    float single = (float)NAN;
    double real_double = NAN;
    const double wide_a[] = {1, 2}, wide_b[] = {3, 4};
    rh_matrix_multiply_single(FALSE, FALSE, 1, 1, 2, a, 2, b, 1, FALSE, &single, 1);
    rh_matrix_multiply_double(FALSE, FALSE, 1, 1, 2, wide_a, 2, wide_b, 1, FALSE, &real_double, 1);
    g_assert_cmpfloat(single, ==, 11);
    g_assert_cmpfloat(real_double, ==, 11);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/matrix/exact-on-every-processor", test_every_processor);
    g_test_add_func("/matrix/what-was-there-is-not-read", test_not_read);
    return g_test_run();
}
