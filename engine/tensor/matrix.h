/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Row-major C = op(A)·op(B) + beta·C, one thread. op(A) is rows×inner, op(B) inner×columns; lda, ldb and ldc
 * are the memory's row lengths. One place decides what computes it: OpenBLAS if it can be loaded, else plain
 * loops. */
void rh_matrix_multiply_single(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                               gsize inner, const float *a, gsize lda, const float *b, gsize ldb, float beta,
                               float *c, gsize ldc);
void rh_matrix_multiply_double(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                               gsize inner, const double *a, gsize lda, const double *b, gsize ldb,
                               double beta, double *c, gsize ldc);
