/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/map-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "base/error.h"

#define NODES_MAX 10000u
#define NODES_MIN 4u

/* The Legendre polynomial of degree n ≥ 1 at x, by its three-term recurrence, and its derivative. */
static double legendre(guint n, double x, double *derivative)
{
    double before = 1, value = x;
    for (guint k = 2; k <= n; k++) {
        double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
        before = value;
        value = next;
    }
    *derivative = n * (before - x * value) / (1 - x * x);
    return value;
}

/* Newton's iteration from Tricomi's first guess, which lies close enough to each root for any n. */
void rh_gauss_legendre(guint count, double *nodes, double *weights)
{
    g_assert(count >= 1);
    for (guint i = 0; i < count; i++) {
        double x = -cos(G_PI * (i + 0.75) / (count + 0.5)), slope = 1, step = 1;
        for (guint iteration = 0; iteration < 10 && fabs(step) > 1e-15; iteration++) {
            step = legendre(count, x, &slope) / slope;
            x -= step;
        }
        legendre(count, x, &slope);
        nodes[i] = (1 + x) / 2;
        weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
}

/* Adds weight · gradient at node · image for `count` nodes to `total`. */
static void add_nodes(const RhMapRequest *request, const double *nodes, const double *weights, guint count,
                      float *images, float *gradients, double *total)
{
    gsize pixels = rh_map_pixels(request);
    for (guint k = 0; k < count; k++)
        for (gsize i = 0; i < pixels; i++)
            images[k * pixels + i] = (float)(nodes[k] * request->image[i]);
    rh_evaluator_gradients(request->evaluator, images, count, NULL, gradients);
    for (guint k = 0; k < count; k++)
        for (gsize i = 0; i < pixels; i++)
            total[i] += weights[k] * gradients[k * pixels + i];
}

/* Sundararajan, Taly, Yan (2017): the image times the mean gradient on the straight way from black to it. */
static gboolean compute(const RhMapRequest *request, float *map, GError **error)
{
    guint count = request->settings.nodes, batch = rh_evaluator_batch(request->evaluator);
    gsize pixels = rh_map_pixels(request);
    if (count < 1 || count > NODES_MAX) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("Integrated gradients cannot take %u steps; give a number from 1 to %u."), count,
                    NODES_MAX);
        return FALSE;
    }
    if (!rh_evaluator_reserve(request->evaluator, count, TRUE, error))
        return FALSE;
    g_autofree double *nodes = g_new(double, count), *weights = g_new(double, count);
    g_autofree double *total = g_new0(double, pixels);
    g_autofree float *images = g_new(float, batch *pixels), *gradients = g_new(float, batch *pixels);
    rh_gauss_legendre(count, nodes, weights);
    for (guint first = 0; first < count; first += batch) {
        if (!rh_map_go_on(request, (double)first / count, error))
            return FALSE;
        add_nodes(request, nodes + first, weights + first, MIN(batch, count - first), images, gradients,
                  total);
    }
    for (gsize i = 0; i < pixels; i++)
        map[i] = (float)(total[i] * request->image[i]);
    return rh_map_go_on(request, 1, error);
}

static void coarsen(RhMapSettings *settings, guint height, guint width, double effort)
{
    settings->nodes = MAX(NODES_MIN, (guint)lround(settings->nodes * effort));
}

const RhMapKind rh_map_integrated = {
    .id = "integrated-gradients",
    .title = N_("Integrated gradients"),
    .description = N_("What each pixel adds to the score of class 1, compared with a black image"),
    .smoothed = TRUE,
    .compute = compute,
    .coarsen = coarsen,
};
