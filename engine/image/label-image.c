/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/label-image.h"

#include "image/reader-private.h"

void rh_label_image_free(RhLabelImage *labels)
{
    if (labels == NULL)
        return;
    rh_image_unref(labels->image);
    g_free(labels);
}

/* A format that has no way of its own to read labels gives shades of grey. */
static gboolean load_shades(const RhImageReader *reader, const RhImageSource *source, RhLabelImage *labels,
                            GError **error)
{
    *labels = (RhLabelImage){.image = reader->load(source, error)};
    if (labels->image == NULL)
        return FALSE;
    labels->white = (guint)labels->image->white;
    return TRUE;
}

RhLabelImage *rh_label_image_load_bytes(GBytes *bytes, const char *name, GError **error)
{
    RhImageSource source;
    const RhImageReader *reader = rh_image_find_reader(bytes, name, &source, error);
    if (reader == NULL)
        return NULL;
    g_autoptr(RhLabelImage) labels = g_new0(RhLabelImage, 1);
    if (reader->load_labels != NULL && !reader->load_labels(&source, labels, error))
        return NULL;
    if (labels->image == NULL && !load_shades(reader, &source, labels, error))
        return NULL;
    return g_steal_pointer(&labels);
}

RhLabelImage *rh_label_image_load(const char *path, GError **error)
{
    g_autofree char *name = g_filename_display_name(path);
    g_autoptr(GBytes) bytes = rh_image_read_file(path, error);
    return bytes != NULL ? rh_label_image_load_bytes(bytes, name, error) : NULL;
}
