/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* For functions whose loops are to be vectorised. */

/* Before a function: compiled for AVX2 as well, which is taken where the processor has it when the program is
 * loaded. No step of the arithmetic differs (products and sums are not fused: -ffp-contract=off), so neither
 * do results. The choice is made before a sanitizer is ready for it. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) &&                 \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define RH_VECTORISED __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define RH_VECTORISED
#endif

/* Before a loop: no turn of it reads what another one writes. It may read what it writes itself: input and
 * output may be the same memory. */
#if defined(__GNUC__) && !defined(__clang__)
#define RH_INDEPENDENT _Pragma("GCC ivdep")
#else
#define RH_INDEPENDENT
#endif
