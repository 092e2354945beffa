/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "image/orientation.h"
#include "study/import-private.h"
#include "study/study-private.h"

#define BITS_MAX 16u

/* What is found of the image of a row. */
typedef struct {
    guint orientation; /* how it is turned; 0: it was not read */
    gboolean deep;     /* 16 bits */
    guint highest;     /* of its values, if so */
} Finding;

struct _RhImportImages {
    const RhImportListing *listing;
    Finding *findings; /* by row */
};

RhImportImages *rh_import_images_new(const RhImportListing *listing)
{
    RhImportImages *images = g_new0(RhImportImages, 1);
    images->listing = listing;
    images->findings = g_new0(Finding, listing->rows->len);
    return images;
}

void rh_import_images_free(RhImportImages *images)
{
    if (images == NULL)
        return;
    g_free(images->findings);
    g_free(images);
}

static guint highest_value(const RhImage *image)
{
    const guint16 *pixels = image->pixels;
    guint highest = 0;
    for (gsize i = 0; i < (gsize)image->width * image->height; i++)
        highest = MAX(highest, pixels[i]);
    return highest;
}

RhImage *rh_import_images_load(RhImportImages *images, guint place, GError **error)
{
    const RhImportRow *row = g_ptr_array_index(images->listing->rows, place);
    g_autofree char *path = g_build_filename(images->listing->files->source, row->file->path, NULL);
    RhImage *image = rh_image_load_as(path, &(RhImageReading){.upright = TRUE}, error);
    if (image == NULL)
        return NULL;
    Finding *finding = &images->findings[place];
    finding->orientation = rh_image_orientation(path);
    finding->deep = image->type == RH_PIXEL_U16;
    finding->highest = finding->deep ? highest_value(image) : 0;
    return image;
}

guint rh_import_images_orientation(const RhImportImages *images, guint place)
{
    return images->findings[place].orientation;
}

static void settle_orientation(const RhImportImages *images, RhImageReading *reading,
                               RhImportSummary *summary)
{
    guint turned = 0;
    for (guint i = 0; i < images->listing->rows->len; i++)
        turned += images->findings[i].orientation > RH_ORIENTATION_STORED;
    reading->upright = turned > 0;
    if (turned > 0)
        rh_import_tell(summary, RH_IMPORT_WORD, "turned",
                       ngettext("%u image is turned upright as its file says (EXIF orientation).",
                                "%u images are turned upright as their files say (EXIF orientation).",
                                turned),
                       turned);
}

/* The depths that detectors have, of which one range for all images is made, so that they stay comparable. */
static void settle_bits(const RhImportImages *images, RhImageReading *reading, RhImportSummary *summary)
{
    static const guint depths[] = {8, 10, 12, 14, BITS_MAX};
    guint deep = 0, highest = 0, k = 0;
    for (guint i = 0; i < images->listing->rows->len; i++) {
        deep += images->findings[i].deep;
        highest = MAX(highest, images->findings[i].highest);
    }
    while (highest >> depths[k] != 0)
        k++;
    reading->bits = deep > 0 && highest > 0 && depths[k] < BITS_MAX ? depths[k] : 0;
    if (reading->bits != 0)
        rh_import_tell(
            summary, RH_IMPORT_WORD, "bits",
            ngettext("%u image of 16 bits uses %u of them (no value is above %u): %u counts as white.",
                     "%u images of 16 bits use %u of them (no value is above %u): %u counts as white.", deep),
            deep, reading->bits, highest, (1u << reading->bits) - 1);
}

void rh_import_images_settle(const RhImportImages *images, RhImageReading *reading, RhImportSummary *summary)
{
    settle_orientation(images, reading, summary);
    settle_bits(images, reading, summary);
}
