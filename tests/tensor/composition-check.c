/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "composition-check.h"

#include <math.h>

#include "projection.h"
#include "tensor/plan.h"

#define INPUTS_MAX 16
#define TOLERANCE  1e-10 /* of the largest, which counts as 1 at least */

/* A node, its first derivatives and the second. */
typedef struct {
    RhNode *nodes[1 + 2 * INPUTS_MAX];
    guint count;
} Way;

static RhNode *project(RhParameters *values, RhNode *x, guint which, RhRandom *random)
{
    g_autofree char *name = g_strdup_printf("projection%u", which);
    RhTensor *factors = rh_parameters_find(values, name);
    if (factors == NULL)
        factors = rh_random_tensor(values, name, rh_node_shape(x), random, -1, 1);
    return rh_project(x, factors);
}

static void derive(Way *way, RhParameters *values, RhNode *node, RhNode *const *inputs, guint count,
                   RhRandom *random)
{
    RhGraph *graph = rh_node_graph(node);
    RhNode **first = way->nodes + 1, **second = first + count;
    RhNode *combined = rh_constant(graph, RH_SCALAR, 0);
    way->nodes[0] = node;
    way->count = 1 + 2 * count;
    rh_gradient(project(values, node, 0, random), inputs, count, first);
    for (guint i = 0; i < count; i++)
        combined = rh_add(combined, project(values, first[i], 1 + i, random));
    rh_gradient(combined, inputs, count, second);
    for (guint i = 0; i < way->count; i++)
        rh_graph_keep(graph, way->nodes[i]);
}

static char *describe(guint which, guint count)
{
    if (which == 0)
        return g_strdup("value");
    return g_strdup_printf("derivative %u by input %u", which <= count ? 1 : 2, (which - 1) % count);
}

static double compare(const char *name, const char *what, const double *fused, const double *plain,
                      gsize count)
{
    double largest = 0;
    for (gsize i = 0; i < count; i++)
        largest = fmax(largest, fabs(plain[i]));
    for (gsize i = 0; i < count; i++)
        if (!(fabs(fused[i] - plain[i]) <= TOLERANCE * fmax(largest, 1)))
            g_error("%s: %s at %" G_GSIZE_FORMAT " is %.17g, of the composition %.17g", name, what, i,
                    fused[i], plain[i]);
    return largest;
}

void rh_check_composition(const char *name, RhParameters *values, RhNode *fused, RhNode *plain,
                          RhNode *const *inputs, guint count)
{
    RhRandom random;
    Way ways[2];
    g_assert(count <= INPUTS_MAX && rh_shape_equal(rh_node_shape(fused), rh_node_shape(plain)));
    g_assert(fused != plain);
    rh_random_init(&random, g_str_hash(name), RH_PURPOSE_TEST, 0, 1);
    derive(&ways[0], values, fused, inputs, count, &random);
    derive(&ways[1], values, plain, inputs, count, &random);
    g_autoptr(RhPlan) plan = rh_plan_new(rh_node_graph(fused), RH_DOUBLE, NULL, NULL);
    rh_plan_run(plan, 0);
    for (guint i = 0; i < ways[0].count; i++) {
        g_autofree char *what = describe(i, count);
        double largest =
            compare(name, what, rh_plan_value(plan, ways[0].nodes[i]), rh_plan_value(plan, ways[1].nodes[i]),
                    rh_shape_count(rh_node_shape(ways[0].nodes[i])));
        if (i <= count && !(largest > 0)) /* else there was nothing to compare */
            g_error("%s: %s is zero", name, what);
    }
}
