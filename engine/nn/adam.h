/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "tensor/parameters.h"

/* Adam (Kingma, Ba, ICLR 2015) on the trainable tensors of a set of parameters: β 0.9 and 0.999, ε 1e-8
 * outside the square root, no weight decay, as torch.optim.Adam. */
typedef struct _RhAdam RhAdam;

RhAdam *rh_adam_new(RhParameters *parameters, double learning_rate);
void rh_adam_free(RhAdam *adam);
/* gradients[i] belongs to the i-th trainable tensor and has the parameters' precision. Allocates nothing; the
 * same bits on any number of threads. */
void rh_adam_step(RhAdam *adam, gconstpointer const *gradients, RhPool *pool);
/* The same tensor by tensor, as gradients come: a step begins, then each of its tensors is moved. */
void rh_adam_begin(RhAdam *adam);
void rh_adam_move(RhAdam *adam, guint tensor, gconstpointer gradient, RhPool *pool);
/* Steps taken, for the bias correction. */
void rh_adam_set_steps(RhAdam *adam, guint64 steps);
/* Running means of the gradients and of their squares, named like the parameters. */
RhParameters *rh_adam_first_moments(const RhAdam *adam);
RhParameters *rh_adam_second_moments(const RhAdam *adam);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhAdam, rh_adam_free)
