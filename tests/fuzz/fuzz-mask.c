/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "fuzz/png-mutator.h"
#include "mask/labels-private.h"

/* Reads a map of labels and what they are, or has it refused in words: no label has more pixels than there
 * are, and what is found of one file can be chosen. */
int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhLabelImage) picture = rh_label_image_load_bytes(bytes, "input", &error);
    g_assert((picture == NULL) == (error != NULL));
    if (picture == NULL)
        return 0;
    g_autoptr(RhLabelCodes) codes = rh_label_codes_new(picture);
    g_autoptr(RhLabels) labels = rh_labels_of_codes(codes);
    g_autofree char *list = rh_labels_describe(labels);
    g_assert(g_utf8_validate(list, -1, NULL));
    guint64 pixels = 0;
    for (guint i = 0; i < labels->labels->len; i++)
        pixels += g_array_index(labels->labels, RhLabel, i).pixels;
    g_assert(pixels <= (guint64)picture->image->width * picture->image->height);
    g_autoptr(RhRegion) region = NULL;
    if (rh_labels_find_region(labels, &region) && region != NULL) {
        g_autofree char *text = rh_region_text(region);
        g_autoptr(RhRegion) again = rh_region_parse(text, NULL);
        g_assert(again != NULL);
    }
    return 0;
}
