/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vector.h"
#include "tensor/operation-private.h"

/* A large and a small shape, one the other's broadcast, as four nested loops: neighbouring axes that are
 * treated alike become one. stride: how far the small shape's index moves, 0 where it repeats. */
typedef struct {
    gsize size[RH_RANK_MAX];
    gsize stride[RH_RANK_MAX];
    guint cut; /* the loop that is cut into pieces: the outermost with work in it */
} Loops;

static Loops loops_for(RhShape large, RhShape small)
{
    Loops loops = {.cut = RH_RANK_MAX - 1};
    guint at = RH_RANK_MAX;
    gsize step = 1;
    for (guint i = 0; i < RH_RANK_MAX; i++)
        loops.size[i] = 1;
    for (guint i = 0; i < large.rank; i++) {
        gsize size = large.size[large.rank - 1 - i];
        gsize kept = i < small.rank ? small.size[small.rank - 1 - i] : 1;
        gsize stride = kept == size && size > 1 ? step : 0;
        gboolean merges = at < RH_RANK_MAX && (stride > 0) == (loops.stride[at] > 0);
        if (size == 1)
            continue;
        if (!merges) {
            loops.stride[--at] = stride;
            loops.cut = at;
        }
        loops.size[at] *= size;
        step *= stride > 0 ? size : 1;
    }
    return loops;
}

static guint loop_pieces(const Loops *loops)
{
    gsize inner = 1;
    for (guint i = loops->cut + 1; i < RH_RANK_MAX; i++)
        inner *= loops->size[i];
    return rh_pieces_for(loops->size[loops->cut], inner);
}

static guint broadcast_pieces(const RhNode *node)
{
    Loops loops = loops_for(node->shape, node->inputs[0]->shape);
    return loop_pieces(&loops);
}

static guint sum_pieces(const RhNode *node)
{
    Loops loops = loops_for(node->inputs[0]->shape, node->shape);
    return loop_pieces(&loops);
}

/* Where the cut loop runs over kept places the pieces' sums lie apart; else each has a set of sums of its
 * own. */
static guint sum_sets(const RhNode *node)
{
    Loops loops = loops_for(node->inputs[0]->shape, node->shape);
    return loops.stride[loops.cut] > 0 ? 1 : loop_pieces(&loops);
}

static gboolean sums_rows(const RhNode *node)
{
    const RhShape *images = &node->inputs[0]->shape;
    return node->shape.rank == 1 && images->rank > 1 &&
           node->shape.size[0] == images->size[images->rank - 1] && node->shape.size[0] > 1 &&
           sum_sets(node) == rh_row_pieces(*images);
}

static gsize sum_scratch(const RhNode *node)
{
    return sum_sets(node) * rh_shape_count(node->shape);
}

static guint one_piece(const RhNode *node)
{
    return 1;
}

#define REAL         float
#define KERNEL(name) name##_single
#include "tensor/reduction-kernels.h"
#undef REAL
#undef KERNEL
#define REAL         double
#define KERNEL(name) name##_double
#include "tensor/reduction-kernels.h"

static RhNode *derive_broadcast(RhNode *node, guint input, RhNode *dy)
{
    return rh_sum_to(dy, node->inputs[0]->shape);
}

static RhNode *derive_sum_to(RhNode *node, guint input, RhNode *dy)
{
    return rh_broadcast(dy, node->inputs[0]->shape);
}

static RhNode *derive_reshape(RhNode *node, guint input, RhNode *dy)
{
    return rh_reshape(dy, node->inputs[0]->shape);
}

static const RhOperation operation_broadcast = {
    .name = "broadcast",
    .exact.stages = {{broadcast_pieces, {broadcast_single, broadcast_double}}},
    .derivative = derive_broadcast,
};
static const RhOperation operation_sum_to = {
    .name = "sum",
    .exact.stages = {{sum_pieces, {sum_partly_single, sum_partly_double}},
                     {one_piece, {sum_sets_single, sum_sets_double}}},
    .derivative = derive_sum_to,
    .exact.scratch = sum_scratch,
    .sums_rows = sums_rows,
};
static const RhOperation operation_reshape = {.name = "reshape", .derivative = derive_reshape, .view = TRUE};
static const RhOperation operation_stop = {.name = "stop gradient", .view = TRUE};

RhNode *rh_broadcast(RhNode *x, RhShape shape)
{
    if (rh_shape_equal(x->shape, shape))
        return x;
    g_assert(x->shape.rank <= shape.rank);
    for (guint i = 0; i < x->shape.rank; i++) {
        gsize size = x->shape.size[x->shape.rank - 1 - i];
        g_assert(size == 1 || size == shape.size[shape.rank - 1 - i]);
    }
    if (x->operation == &rh_operation_constant)
        return rh_constant(x->graph, shape, x->attributes.real);
    return rh_node_new(&operation_broadcast, shape, (RhAttributes){0}, 1, &x);
}

RhNode *rh_repeated_vector(const RhNode *node)
{
    gboolean repeats = node->operation == &operation_broadcast && node->inputs[0]->shape.rank <= 1;
    return repeats ? node->inputs[0] : NULL;
}

RhNode *rh_sum_to(RhNode *x, RhShape shape)
{
    if (rh_shape_equal(x->shape, shape))
        return x;
    g_assert(shape.rank <= x->shape.rank);
    for (guint i = 0; i < shape.rank; i++) {
        gsize size = shape.size[shape.rank - 1 - i];
        g_assert(size == 1 || size == x->shape.size[x->shape.rank - 1 - i]);
    }
    return rh_node_new(&operation_sum_to, shape, (RhAttributes){0}, 1, &x);
}

RhNode *rh_sum_all(RhNode *x)
{
    return rh_sum_to(x, RH_SCALAR);
}

RhNode *rh_mean_all(RhNode *x)
{
    return rh_scale(rh_sum_all(x), 1.0 / (double)rh_shape_count(x->shape));
}

RhNode *rh_reshape(RhNode *x, RhShape shape)
{
    g_assert(rh_shape_count(x->shape) == rh_shape_count(shape));
    if (rh_shape_equal(x->shape, shape))
        return x;
    return rh_node_new(&operation_reshape, shape, (RhAttributes){0}, 1, &x);
}

RhNode *rh_stop_gradient(RhNode *x)
{
    return rh_node_new(&operation_stop, x->shape, (RhAttributes){0}, 1, &x);
}
