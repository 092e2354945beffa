/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "tensor/parameters.h"

/* Streams of random numbers for weights: tensor number and set of parameters. */
enum { RH_WEIGHTS_OF_NETWORK, RH_WEIGHTS_OF_DISCRIMINATOR };

/* Uniform on ±bound. */
void rh_initialise_uniform(RhTensor *tensor, RhPrecision precision, double bound, RhRandom *random);
/* Normal with mean 0. */
void rh_initialise_normal(RhTensor *tensor, RhPrecision precision, double deviation, RhRandom *random);
