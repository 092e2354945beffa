/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz/fuzz-image.h"
#include "fuzz/png-mutator.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    fuzz_image(data, size);
    return 0;
}
