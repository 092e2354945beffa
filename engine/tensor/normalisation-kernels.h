/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included once for each precision, with REAL and KERNEL(name) defined. */

/* Sums run in double, piece by piece; finish_… adds the pieces in order. */
#define CHANNEL_SUMS(name, expression)                                                                       \
    RH_VECTORISED static void KERNEL(name)(const RhCall *call)                                               \
    {                                                                                                        \
        const RhNode *images = call->node->inputs[0];                                                        \
        gsize rows = rows_of(images), channels = channels_of(images);                                        \
        gsize start = rh_piece_start(rows, call->piece, call->pieces);                                       \
        gsize end = rh_piece_start(rows, call->piece + 1, call->pieces);                                     \
        double *restrict sums = (double *)call->scratch + call->piece * channels;                            \
        for (gsize c = 0; c < channels; c++)                                                                 \
            sums[c] = 0;                                                                                     \
        for (gsize row = start; row < end; row++) {                                                          \
            const REAL *a = (const REAL *)call->inputs[0] + row * channels;                                  \
            expression                                                                                       \
        }                                                                                                    \
    }

CHANNEL_SUMS(product_sum, {
    const REAL *b = (const REAL *)call->inputs[1] + row * channels;
    for (gsize c = 0; c < channels; c++)
        sums[c] += (double)a[c] * (double)b[c];
})

/* A piece's mean and sum of squares about it, by way of sums about its first row: nothing is lost where the
 * mean is large beside the deviation. */
RH_VECTORISED static void KERNEL(moments)(const RhCall *call)
{
    const RhNode *images = call->node->inputs[0];
    gsize rows = rows_of(images), channels = channels_of(images);
    gsize start = rh_piece_start(rows, call->piece, call->pieces);
    gsize end = rh_piece_start(rows, call->piece + 1, call->pieces);
    const REAL *first = (const REAL *)call->inputs[0] + start * channels;
    double *restrict sums = (double *)call->scratch + 2 * call->piece * channels;
    double *restrict squares = sums + channels;
    for (gsize c = 0; c < channels; c++)
        sums[c] = squares[c] = 0;
    for (gsize row = start + 1; row < end; row++) {
        const REAL *a = (const REAL *)call->inputs[0] + row * channels;
        for (gsize c = 0; c < channels; c++) {
            double apart = (double)a[c] - (double)first[c];
            sums[c] += apart;
            squares[c] += apart * apart;
        }
    }
    for (gsize c = 0; c < channels; c++) {
        squares[c] -= sums[c] * sums[c] / (double)(end - start);
        sums[c] = (double)first[c] + sums[c] / (double)(end - start);
    }
}

/* Joins the pieces' means and squares (Chan, Golub and LeVeque 1979). */
static void KERNEL(finish_variance)(const RhCall *call)
{
    gsize rows = rows_of(call->node->inputs[0]), channels = rh_shape_count(call->node->shape);
    guint pieces = reduction_pieces(call->node);
    const double *moments = call->scratch;
    REAL *out = call->output;
    for (gsize c = 0; c < channels; c++) {
        double mean = moments[c], squares = moments[channels + c];
        for (guint piece = 1; piece < pieces; piece++) {
            const double *own = moments + 2 * piece * channels + c;
            double before = (double)rh_piece_start(rows, piece, pieces);
            double behind = (double)rh_piece_start(rows, piece + 1, pieces), apart = own[0] - mean;
            mean += apart * (behind - before) / behind;
            squares += own[channels] + apart * apart * before * (behind - before) / behind;
        }
        out[c] = (REAL)(squares / (double)rows);
    }
}

static void KERNEL(finish_sum)(const RhCall *call)
{
    gsize channels = rh_shape_count(call->node->shape);
    guint sets = reduction_pieces(call->node);
    const double *sums = call->scratch;
    REAL *out = call->output;
    for (gsize c = 0; c < channels; c++) {
        double sum = 0;
        for (guint set = 0; set < sets; set++)
            sum += sums[set * channels + c];
        out[c] = (REAL)sum;
    }
}

#define T(i) (t[i][at + c])
#define C(i) (factors[i][c])

#define COMBINE(count, expression)                                                                           \
    case count:                                                                                              \
        for (gsize row = start; row < end; row++) {                                                          \
            gsize at = row * channels;                                                                       \
            RH_INDEPENDENT                                                                                   \
            for (gsize c = 0; c < channels; c++)                                                             \
                out[at + c] = (expression) + constant[c];                                                    \
        }                                                                                                    \
        break;

RH_VECTORISED static void KERNEL(combination)(const RhCall *call)
{
    guint terms = terms_of(call->node);
    gsize rows = rows_of(call->node), channels = channels_of(call->node);
    gsize start = rh_piece_start(rows, call->piece, call->pieces);
    gsize end = rh_piece_start(rows, call->piece + 1, call->pieces);
    const REAL *t[TERMS_MAX] = {NULL}, *factors[TERMS_MAX] = {NULL}, *constant = call->inputs[2 * terms];
    for (guint i = 0; i < terms; i++) {
        t[i] = call->inputs[i];
        factors[i] = call->inputs[terms + i];
    }
    REAL *out = call->output;
    switch (terms) {
        COMBINE(1, T(0) * C(0))
        COMBINE(2, T(0) * C(0) + T(1) * C(1))
        COMBINE(3, T(0) * C(0) + T(1) * C(1) + T(2) * C(2))
        COMBINE(4, T(0) * C(0) + T(1) * C(1) + T(2) * C(2) + T(3) * C(3))
    default:
        g_assert_not_reached();
    }
}

#undef T
#undef C
#undef COMBINE
#undef CHANNEL_SUMS
