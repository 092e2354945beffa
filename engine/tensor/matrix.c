/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/matrix.h"

#include <cblas.h>
#include <gmodule.h>

typedef struct {
    void (*single)(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, blasint, blasint, blasint,
                   float, const float *, blasint, const float *, blasint, float, float *, blasint);
    void (*real_double)(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, blasint, blasint,
                        blasint, double, const double *, blasint, const double *, blasint, double, double *,
                        blasint);
} Library;

/* OpenBLAS 0.3.21 takes a processor with AVX-512 that it does not know for a Haswell, at half its speed. It
 * reads the core type when it is loaded, so it is loaded by load_library() and not with the program. It is
 * told before main(): once there are threads, the environment must not change. */
__attribute__((constructor)) static void tell_core_type(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        g_setenv("OPENBLAS_CORETYPE", "SkylakeX", FALSE);
#endif
}

static gpointer load_library(gpointer unused)
{
    Library *library = g_new0(Library, 1);
    GModule *module = g_module_open("libopenblas.so.0", G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
    void (*set_threads)(int) = NULL;
    gboolean complete = module != NULL &&
                        g_module_symbol(module, "cblas_sgemm", (gpointer *)&library->single) &&
                        g_module_symbol(module, "cblas_dgemm", (gpointer *)&library->real_double) &&
                        g_module_symbol(module, "openblas_set_num_threads", (gpointer *)&set_threads);
    if (!complete) {
        library->single = NULL;
        library->real_double = NULL;
        return library;
    }
    g_module_make_resident(module);
    set_threads(1); /* the pool's workers each call it for themselves */
    return library;
}

static const Library *library(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, load_library, NULL);
}

#define PLAIN_MULTIPLY(name, REAL)                                                                           \
    static void name(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns, gsize inner,     \
                     const REAL *a, gsize lda, const REAL *b, gsize ldb, REAL beta, REAL *c, gsize ldc)      \
    {                                                                                                        \
        for (gsize i = 0; i < rows; i++) {                                                                   \
            REAL *row = c + i * ldc;                                                                         \
            for (gsize j = 0; j < columns; j++)                                                              \
                row[j] = beta == 0 ? 0 : beta * row[j];                                                      \
            for (gsize k = 0; k < inner; k++) {                                                              \
                REAL factor = transpose_a ? a[k * lda + i] : a[i * lda + k];                                 \
                if (transpose_b)                                                                             \
                    for (gsize j = 0; j < columns; j++)                                                      \
                        row[j] += factor * b[j * ldb + k];                                                   \
                else                                                                                         \
                    for (gsize j = 0; j < columns; j++)                                                      \
                        row[j] += factor * b[k * ldb + j];                                                   \
            }                                                                                                \
        }                                                                                                    \
    }

PLAIN_MULTIPLY(plain_single, float)
PLAIN_MULTIPLY(plain_double, double)

static enum CBLAS_TRANSPOSE transposed(gboolean transpose)
{
    return transpose ? CblasTrans : CblasNoTrans;
}

void rh_matrix_multiply_single(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                               gsize inner, const float *a, gsize lda, const float *b, gsize ldb, float beta,
                               float *c, gsize ldc)
{
    if (library()->single != NULL)
        library()->single(CblasRowMajor, transposed(transpose_a), transposed(transpose_b), (blasint)rows,
                          (blasint)columns, (blasint)inner, 1, a, (blasint)lda, b, (blasint)ldb, beta, c,
                          (blasint)ldc);
    else
        plain_single(transpose_a, transpose_b, rows, columns, inner, a, lda, b, ldb, beta, c, ldc);
}

void rh_matrix_multiply_double(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                               gsize inner, const double *a, gsize lda, const double *b, gsize ldb,
                               double beta, double *c, gsize ldc)
{
    if (library()->real_double != NULL)
        library()->real_double(CblasRowMajor, transposed(transpose_a), transposed(transpose_b), (blasint)rows,
                               (blasint)columns, (blasint)inner, 1, a, (blasint)lda, b, (blasint)ldb, beta, c,
                               (blasint)ldc);
    else
        plain_double(transpose_a, transpose_b, rows, columns, inner, a, lda, b, ldb, beta, c, ldc);
}
