/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included once for each precision, with REAL and KERNEL(name) defined. */

#define FOR_ROWS(loops, call)                                                                                \
    gsize first[RH_RANK_MAX] = {0},                                                                          \
          last[RH_RANK_MAX] = {(loops).size[0], (loops).size[1], (loops).size[2], (loops).size[3]};          \
    const gsize *size = (loops).size, *stride = (loops).stride;                                              \
    first[(loops).cut] = rh_piece_start(size[(loops).cut], (call)->piece, (call)->pieces);                   \
    last[(loops).cut] = rh_piece_start(size[(loops).cut], (call)->piece + 1, (call)->pieces);                \
    for (gsize i = first[0]; i < last[0]; i++)                                                               \
        for (gsize j = first[1]; j < last[1]; j++)                                                           \
            for (gsize k = first[2]; k < last[2]; k++)

RH_VECTORISED static void KERNEL(broadcast)(const RhCall *call)
{
    Loops loops = loops_for(call->node->shape, call->node->inputs[0]->shape);
    const REAL *x = call->inputs[0];
    REAL *out = call->output;
    FOR_ROWS(loops, call)
    {
        REAL *to = out + ((i * size[1] + j) * size[2] + k) * size[3];
        const REAL *from = x + i * stride[0] + j * stride[1] + k * stride[2];
        if (stride[3] > 0)
            memcpy(to + first[3], from + first[3], (last[3] - first[3]) * sizeof *to);
        else
            for (gsize l = first[3]; l < last[3]; l++)
                to[l] = *from;
    }
}

/* Four running sums keep the additions of a long row apart; their order is fixed. */
static double KERNEL(row_sum)(const REAL *x, gsize count)
{
    double sum[4] = {0};
    gsize i = 0;
    for (; i + 4 <= count; i += 4)
        for (guint j = 0; j < 4; j++)
            sum[j] += (double)x[i + j];
    for (; i < count; i++)
        sum[0] += (double)x[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

RH_VECTORISED static void KERNEL(sum_partly)(const RhCall *call)
{
    Loops loops = loops_for(call->node->inputs[0]->shape, call->node->shape);
    gsize count = rh_shape_count(call->node->shape);
    gboolean apart = loops.stride[loops.cut] > 0;
    const REAL *x = call->inputs[0];
    double *sums = (double *)call->scratch + (apart ? 0 : call->piece * count);
    gsize from_sum = 0, to_sum = count;
    if (apart) {
        from_sum = rh_piece_start(loops.size[loops.cut], call->piece, call->pieces) * loops.stride[loops.cut];
        to_sum =
            rh_piece_start(loops.size[loops.cut], call->piece + 1, call->pieces) * loops.stride[loops.cut];
    }
    for (gsize l = from_sum; l < to_sum; l++)
        sums[l] = 0;
    FOR_ROWS(loops, call)
    {
        const REAL *from = x + ((i * size[1] + j) * size[2] + k) * size[3];
        double *to = sums + i * stride[0] + j * stride[1] + k * stride[2];
        if (stride[3] == 0) {
            *to += KERNEL(row_sum)(from + first[3], last[3] - first[3]);
            continue;
        }
        RH_INDEPENDENT
        for (gsize l = first[3]; l < last[3]; l++)
            to[l] += (double)from[l];
    }
}

static void KERNEL(sum_sets)(const RhCall *call)
{
    gsize count = rh_shape_count(call->node->shape);
    guint sets = sum_sets(call->node);
    const double *sums = call->scratch;
    REAL *out = call->output;
    for (gsize i = 0; i < count; i++) {
        double sum = 0;
        for (guint set = 0; set < sets; set++)
            sum += sums[set * count + i];
        out[i] = (REAL)sum;
    }
}

#undef FOR_ROWS
