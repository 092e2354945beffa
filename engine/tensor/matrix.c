/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/matrix.h"

#include "base/vector.h"
#include "tensor/kernels-private.h"

/* The vectors of any processor give the same sums, so the widest ones there are do it. */
void rh_matrix_multiply_single(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                               gsize inner, const float *a, gsize lda, const float *b, gsize ldb,
                               gboolean add, float *c, gsize ldc)
{
    rh_kernels_fastest()->fast->multiply_exactly(transpose_a, transpose_b, rows, columns, inner, a, lda, b,
                                                 ldb, add, c, ldc);
}

RH_VECTORISED void rh_matrix_multiply_double(gboolean transpose_a, gboolean transpose_b, gsize rows,
                                             gsize columns, gsize inner, const double *a, gsize lda,
                                             const double *b, gsize ldb, gboolean add, double *c, gsize ldc)
{
    const gsize b_row = transpose_b ? 1 : ldb, b_column = transpose_b ? ldb : 1;
    for (gsize i = 0; i < rows; i++, c += ldc) {
        for (gsize j = 0; j < columns && !add; j++)
            c[j] = 0;
        for (gsize k = 0; k < inner; k++) {
            const double factor = transpose_a ? a[k * lda + i] : a[i * lda + k];
            const double *from = b + k * b_row;
            RH_INDEPENDENT
            for (gsize j = 0; j < columns; j++)
                c[j] += factor * from[j * b_column];
        }
    }
}
