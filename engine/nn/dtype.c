/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/dtype-private.h"

#include <math.h>
#include <string.h>

static guint16 read16(const guint8 *bytes)
{
    guint16 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT16_FROM_LE(value);
}

static guint32 read32(const guint8 *bytes)
{
    guint32 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT32_FROM_LE(value);
}

static guint64 read64(const guint8 *bytes)
{
    guint64 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT64_FROM_LE(value);
}

static float as_float(guint32 bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double read_f64(const guint8 *bytes)
{
    guint64 bits = read64(bytes);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double read_f32(const guint8 *bytes)
{
    return (double)as_float(read32(bytes));
}

/* IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
static double read_f16(const guint8 *bytes)
{
    guint16 bits = read16(bytes);
    int exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
    double size;
    if (exponent == 0x1f)
        size = fraction != 0 ? (double)NAN : (double)INFINITY;
    else if (exponent == 0)
        size = ldexp(fraction, -24);
    else
        size = ldexp(fraction + 0x400, exponent - 25);
    return bits & 0x8000 ? -size : size;
}

/* The upper half of a binary32. */
static double read_bf16(const guint8 *bytes)
{
    return (double)as_float((guint32)read16(bytes) << 16);
}

static double read_i64(const guint8 *bytes)
{
    return (double)(gint64)read64(bytes);
}

static double read_i32(const guint8 *bytes)
{
    return (gint32)read32(bytes);
}

static double read_i16(const guint8 *bytes)
{
    return (gint16)read16(bytes);
}

static double read_i8(const guint8 *bytes)
{
    return (gint8)*bytes;
}

static double read_u64(const guint8 *bytes)
{
    return (double)read64(bytes);
}

static double read_u32(const guint8 *bytes)
{
    return read32(bytes);
}

static double read_u16(const guint8 *bytes)
{
    return read16(bytes);
}

static double read_u8(const guint8 *bytes)
{
    return *bytes;
}

static const RhDtype dtypes[] = {
    {"F32", 4, read_f32}, {"F64", 8, read_f64}, {"F16", 2, read_f16}, {"BF16", 2, read_bf16},
    {"I64", 8, read_i64}, {"I32", 4, read_i32}, {"I16", 2, read_i16}, {"I8", 1, read_i8},
    {"U64", 8, read_u64}, {"U32", 4, read_u32}, {"U16", 2, read_u16}, {"U8", 1, read_u8},
    {"BOOL", 1, read_u8},
};

const RhDtype *rh_dtype_find(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(dtypes); i++)
        if (strcmp(dtypes[i].name, name) == 0)
            return &dtypes[i];
    return NULL;
}
