/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What libFuzzer calls by these names, and what it offers. */

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);
/* Before the first input; a target need not have it. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(guint8 *data, size_t size, size_t size_max, unsigned int seed);
size_t LLVMFuzzerMutate(guint8 *data, size_t size, size_t size_max);
