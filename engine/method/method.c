/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"

static const RhMethod *const methods[] = {
    &rh_method_baseline,    &rh_method_masked,   &rh_method_shuffled, &rh_method_actdiff,
    &rh_method_adversarial, &rh_method_gradmask, &rh_method_rrr,      NULL,
};

const RhMethod *const *rh_methods(void)
{
    return methods;
}

const RhMethod *rh_method_find(const char *id, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (const RhMethod *const *method = methods; *method != NULL; method++) {
        if (strcmp((*method)->id, id) == 0)
            return *method;
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", (*method)->id);
    }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("There is no method called “%s”; choose one of: %s."), id,
                known->str);
    return NULL;
}

gboolean rh_method_uses_masks(const RhMethod *method)
{
    return (method->needs & (RH_METHOD_MASK | RH_METHOD_SHUFFLED)) != 0;
}

RhNode *rh_cross_entropy(RhNode *logits, RhNode *target)
{
    double images = (double)rh_node_shape(logits).size[0];
    return rh_scale(rh_sum_all(rh_multiply(rh_log_softmax(logits), target)), -1 / images);
}

void rh_method_train_discriminator(RhMethodBuild *build, RhNode *loss)
{
    const RhParameters *parameters = build->discriminator->parameters;
    g_autoptr(GPtrArray) trained = g_ptr_array_new();
    for (guint i = 0; i < rh_parameters_count(parameters); i++) {
        RhTensor *tensor = rh_parameters_get(parameters, i);
        if (tensor->trainable)
            g_ptr_array_add(trained, rh_parameter(build->graph, tensor));
    }
    build->discriminator_loss = loss;
    build->discriminator_gradients = g_new(RhNode *, trained->len);
    rh_gradient(loss, (RhNode *const *)trained->pdata, trained->len, build->discriminator_gradients);
    rh_graph_keep(build->graph, loss);
    for (guint i = 0; i < trained->len; i++)
        rh_graph_keep(build->graph, build->discriminator_gradients[i]);
    rh_graph_next_phase(build->graph);
}

RhNode *rh_method_forward_both(RhMethodBuild *build)
{
    RhForward shuffled;
    rh_network_forward(build->network, build->shuffled, RH_TRAINING, &shuffled);
    rh_network_forward(build->network, build->x, RH_TRAINING, &build->forward);
    return shuffled.features;
}

RhNode *rh_method_gradient_outside(const RhMethodBuild *build, RhNode *scalar)
{
    RhNode *x = build->x, *gradient;
    RhNode *outside = rh_offset(rh_negate(build->mask), 1);
    rh_gradient(scalar, &x, 1, &gradient);
    return rh_multiply(gradient, outside);
}
