/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>
#if defined(__FMA__)
#include <immintrin.h>
#endif

/* Vectors for the fast kernels. A file that includes this is compiled once for each kind of processor, with
 * RH_LANES (floats in a vector), RH_TILE_ROWS (rows of a register tile, see fast-multiply.h) and RH_FLAVOUR
 * (a word that ends the names of what it exports) defined by the build. */
typedef float Vector __attribute__((vector_size(RH_LANES * 4)));
typedef float VectorAnywhere
    __attribute__((vector_size(RH_LANES * 4), aligned(4), may_alias)); /* in memory */

#define RH_JOIN_(name, flavour) name##_##flavour
#define RH_JOIN(name, flavour)  RH_JOIN_(name, flavour)
#define RH_FAST(name)           RH_JOIN(name, RH_FLAVOUR)

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE Vector load(const float *from)
{
    return *(const VectorAnywhere *)from;
}

ALWAYS_INLINE void store(float *to, Vector value)
{
    *(VectorAnywhere *)to = value;
}

/* The first `count` values, the rest 0; all of them where count is RH_LANES. */
ALWAYS_INLINE Vector load_some(const float *from, gsize count)
{
    Vector value = {0};
    if (count >= RH_LANES)
        return load(from);
    memcpy(&value, from, count * sizeof *from);
    return value;
}

ALWAYS_INLINE void store_some(float *to, Vector value, gsize count)
{
    if (count >= RH_LANES)
        store(to, value);
    else
        memcpy(to, &value, count * sizeof *to);
}

ALWAYS_INLINE Vector splat(float value)
{
    return value - (Vector){0};
}

/* a·b + c, and c − a·b. Where the processor has an instruction for it, it is rounded once. Which products are
 * rounded so is written down, not left to the compiler: otherwise each compiler would come to other bits. */
#if RH_LANES == 16 && defined(__AVX512F__)
ALWAYS_INLINE Vector multiply_add(Vector a, Vector b, Vector c)
{
    return (Vector)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}

ALWAYS_INLINE Vector subtract_product(Vector c, Vector a, Vector b)
{
    return (Vector)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
#elif RH_LANES == 8 && defined(__FMA__)
ALWAYS_INLINE Vector multiply_add(Vector a, Vector b, Vector c)
{
    return (Vector)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}

ALWAYS_INLINE Vector subtract_product(Vector c, Vector a, Vector b)
{
    return (Vector)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
#else
ALWAYS_INLINE Vector multiply_add(Vector a, Vector b, Vector c)
{
    return a * b + c;
}

ALWAYS_INLINE Vector subtract_product(Vector c, Vector a, Vector b)
{
    return c - a * b;
}
#endif

ALWAYS_INLINE gsize round_up(gsize count, gsize to)
{
    return (count + to - 1) / to * to;
}

/* Two vectors' first or second halves, interleaved. */
#if RH_LANES == 4
#define INTERLEAVE_LOW  0, 4, 1, 5
#define INTERLEAVE_HIGH 2, 6, 3, 7
#elif RH_LANES == 8
#define INTERLEAVE_LOW  0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define INTERLEAVE_LOW  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define INTERLEAVE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

/* Rows become columns, in as many rounds of interleaving as the number of lanes has binary digits. */
ALWAYS_INLINE void transpose(Vector rows[RH_LANES])
{
#pragma GCC unroll 4
    for (gsize round = 1; round < RH_LANES; round *= 2) {
        Vector mixed[RH_LANES];
#pragma GCC unroll 8
        for (gsize i = 0; i < RH_LANES / 2; i++) {
            mixed[2 * i] = __builtin_shufflevector(rows[i], rows[i + RH_LANES / 2], INTERLEAVE_LOW);
            mixed[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + RH_LANES / 2], INTERLEAVE_HIGH);
        }
#pragma GCC unroll 16
        for (gsize i = 0; i < RH_LANES; i++)
            rows[i] = mixed[i];
    }
}
