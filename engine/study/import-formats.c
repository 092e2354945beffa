/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "study/import-private.h"

/* By which bytes, or else by which end of its name, a picture of a format is known. */
typedef struct {
    const char *name;
    guint offset;
    const char *bytes;
    guint length;
} Magic;

static const Magic magics[] = {
    {"PNG", 0, "\x89PNG\r\n\x1a\n", 8},
    {"JPEG", 0, "\xff\xd8\xff", 3},
    {"TIFF", 0, "II*\0", 4},
    {"TIFF", 0, "MM\0*", 4},
    {"TIFF", 0, "II+\0", 4},
    {"DICOM", 128, "DICM", 4},
    {"GIF", 0, "GIF8", 4},
    {"BMP", 0, "BM", 2},
    {"WebP", 8, "WEBP", 4},
    {"JPEG 2000", 0, "\0\0\0\x0cjP  ", 8},
    {"JPEG 2000", 0, "\xff\x4f\xff\x51", 4},
    {"NRRD", 0, "NRRD000", 7},
    {"NumPy", 0, "\x93NUMPY", 6},
};

static const struct {
    const char *suffix, *name;
} suffixes[] = {
    {".png", "PNG"},       {".jpg", "JPEG"},      {".jpeg", "JPEG"}, {".tif", "TIFF"},     {".tiff", "TIFF"},
    {".dcm", "DICOM"},     {".dicom", "DICOM"},   {".gif", "GIF"},   {".bmp", "BMP"},      {".webp", "WebP"},
    {".jp2", "JPEG 2000"}, {".j2k", "JPEG 2000"}, {".nii", "NIfTI"}, {".nii.gz", "NIfTI"}, {".nrrd", "NRRD"},
    {".mha", "MetaImage"}, {".mhd", "MetaImage"}, {".npy", "NumPy"}, {".npz", "NumPy"},    {".heic", "HEIC"},
};

const char *rh_import_format(const char *name, const guint8 *head, gsize length)
{
    for (guint i = 0; i < G_N_ELEMENTS(magics); i++)
        if (length >= magics[i].offset + magics[i].length &&
            memcmp(head + magics[i].offset, magics[i].bytes, magics[i].length) == 0)
            return magics[i].name;
    g_autofree char *folded = g_ascii_strdown(name, -1);
    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(folded, suffixes[i].suffix))
            return suffixes[i].name;
    return NULL;
}

gboolean rh_import_format_is_read(const char *format)
{
    return g_str_equal(format, "PNG") || g_str_equal(format, "JPEG");
}
