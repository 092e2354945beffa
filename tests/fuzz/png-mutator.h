/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include "fuzz/targets.h"

#define HEAD 8 /* bytes before the first chunk */

static guint32 checksum(const guint8 *bytes, gsize length)
{
    guint32 sum = 0xffffffff;
    for (gsize i = 0; i < length; i++) {
        sum ^= bytes[i];
        for (guint bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb88320u : 0);
    }
    return ~sum;
}

/* Damaged chunks would be refused by their checksums before anything looks at them: make those right again.
 */
size_t LLVMFuzzerCustomMutator(guint8 *data, size_t size, size_t size_max, unsigned int seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    for (size_t at = HEAD; at + 12 <= size;) {
        guint32 length, sum;
        memcpy(&length, data + at, 4);
        length = GUINT32_FROM_BE(length);
        if (length > size - at - 12)
            break;
        sum = GUINT32_TO_BE(checksum(data + at + 4, length + 4));
        memcpy(data + at + 8 + length, &sum, 4);
        at += 12 + (size_t)length;
    }
    return size;
}
