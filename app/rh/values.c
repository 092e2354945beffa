/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "values.h"

#include <string.h>

#include "base/files.h"

gboolean rh_values_write_csv(const float *values, guint height, guint width, const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++) {
            g_ascii_formatd(number, sizeof number, "%.9g", values[(gsize)y * width + x]);
            g_string_append_printf(text, "%s%c", number, x + 1 < width ? ',' : '\n');
        }
    return rh_file_replace(path, text->str, text->len, error);
}

/* NumPy's format, version 1.0: magic, length of the header, a header padded to 64 bytes, the values. */
gboolean rh_values_write_npy(const float *values, guint height, guint width, const char *path, GError **error)
{
    enum { PREAMBLE = 10, ALIGNMENT = 64 };
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *shape = g_strdup_printf("{'descr': '%s', 'fortran_order': False, 'shape': (%u, %u), }",
                                             G_BYTE_ORDER == G_LITTLE_ENDIAN ? "<f4" : ">f4", height, width);
    gsize total = (PREAMBLE + strlen(shape) + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    g_autofree char *header = g_strdup_printf("%-*s\n", (int)(total - PREAMBLE - 1), shape);
    const guint8 preamble[PREAMBLE] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (guint8)(strlen(header) & 0xff), (guint8)(strlen(header) >> 8)};
    g_byte_array_append(bytes, preamble, PREAMBLE);
    g_byte_array_append(bytes, (const guint8 *)header, (guint)strlen(header));
    g_byte_array_append(bytes, (const guint8 *)values, (guint)(sizeof(float) * height * width));
    return rh_file_replace(path, bytes->data, bytes->len, error);
}
