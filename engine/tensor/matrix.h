/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Row-major C = op(A)·op(B), one thread; add: to what C holds, which is not read otherwise. op(A) is
 * rows×inner, op(B) inner×columns; lda, ldb and ldc are the memory's row lengths. The products of a sum are
 * rounded one by one and added in order, so that the bits are the same on every processor. */
typedef void RhMatrixMultiply(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                              gsize inner, const float *a, gsize lda, const float *b, gsize ldb, gboolean add,
                              float *c, gsize ldc);

RhMatrixMultiply rh_matrix_multiply_single;
void rh_matrix_multiply_double(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                               gsize inner, const double *a, gsize lda, const double *b, gsize ldb,
                               gboolean add, double *c, gsize ldc);
