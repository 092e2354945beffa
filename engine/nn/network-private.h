/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/network.h"

extern const RhNetworkKind rh_network_small, rh_network_resnet18, rh_network_resnet34;
