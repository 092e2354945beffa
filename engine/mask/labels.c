/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "base/error.h"
#include "mask/labels-private.h"

#define DESCRIBED_MAX 12u

/* Beside labels up to SMALL_MAX this number is the border that annotators leave undecided. */
#define BORDER    255u
#define SMALL_MAX 32u

RhLabels *rh_labels_new(void)
{
    RhLabels *labels = g_new0(RhLabels, 1);
    labels->labels = g_array_new(FALSE, FALSE, sizeof(RhLabel));
    return labels;
}

void rh_labels_free(RhLabels *labels)
{
    if (labels == NULL)
        return;
    g_array_unref(labels->labels);
    g_free(labels);
}

static const RhLabel *label_at(const RhLabels *labels, guint place)
{
    return &g_array_index(labels->labels, RhLabel, place);
}

static int compare_labels(const RhLabel *a, const RhLabel *b)
{
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : (a->value > b->value) - (a->value < b->value);
}

static void add_label(RhLabels *labels, const RhLabel *label)
{
    guint low = 0, high = labels->labels->len;
    while (low < high) {
        const guint middle = (low + high) / 2;
        if (compare_labels(label_at(labels, middle), label) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == labels->labels->len || compare_labels(label_at(labels, low), label) != 0) {
        g_array_insert_val(labels->labels, low, *label);
        return;
    }
    RhLabel *known = &g_array_index(labels->labels, RhLabel, low);
    known->pixels += label->pixels;
    known->files += label->files;
}

RhLabels *rh_labels_of_codes(const RhLabelCodes *codes)
{
    RhLabels *labels = rh_labels_new();
    labels->files = 1;
    labels->shaded = codes->shaded;
    labels->faint = codes->faint;
    for (guint i = 0; !codes->shaded && i < codes->codes; i++)
        if (codes->counts[i] > 0 && !codes->outside[i])
            add_label(labels, &(RhLabel){codes->kind, codes->values[i], codes->counts[i], 1});
    labels->several = labels->labels->len > 1;
    for (guint i = 0; i < labels->labels->len; i++) /* a colour may have several places in a palette */
        g_array_index(labels->labels, RhLabel, i).files = 1;
    return labels;
}

RhLabels *rh_labels_of_file(const char *path, GError **error)
{
    g_autoptr(RhLabelImage) picture = rh_label_image_load(path, error);
    if (picture == NULL)
        return NULL;
    g_autoptr(RhLabelCodes) codes = rh_label_codes_new(picture);
    return rh_labels_of_codes(codes);
}

void rh_labels_add(RhLabels *labels, const RhLabels *more)
{
    for (guint i = 0; i < more->labels->len; i++)
        add_label(labels, label_at(more, i));
    labels->files += more->files;
    labels->several += more->several;
    labels->shaded += more->shaded;
    labels->faint += more->faint;
}

static int more_pixels_first(gconstpointer a, gconstpointer b)
{
    const RhLabel *first = a, *second = b;
    return (first->pixels < second->pixels) - (first->pixels > second->pixels);
}

char *rh_labels_describe(const RhLabels *labels)
{
    g_autoptr(GArray) shown = g_array_copy(labels->labels);
    g_autoptr(GString) text = g_string_new(NULL);
    if (shown->len > DESCRIBED_MAX) {
        g_array_sort(shown, more_pixels_first);
        g_array_set_size(shown, DESCRIBED_MAX);
    }
    for (guint i = 0; i < shown->len; i++) {
        const RhLabel *label = &g_array_index(shown, RhLabel, i);
        g_autofree char *name = rh_label_name(label->kind, label->value);
        g_autofree char *pixels = g_strdup_printf("%" G_GUINT64_FORMAT, label->pixels);
        g_string_append(text, i > 0 ? ", " : "");
        g_string_append_printf(
            text,
            /* Translators: a label of a mask and how many pixels bear it. */
            g_dngettext(NULL, "%s (%s pixel)", "%s (%s pixels)", (gulong)MIN(label->pixels, G_MAXULONG)),
            name, pixels);
    }
    if (labels->labels->len > shown->len)
        g_string_append_printf(text, _(" and %u more"), labels->labels->len - shown->len);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Whether the last number is a border beside small labels: in a file together with one of them, and not more
 * of it than of them. */
static gboolean has_border(const RhLabels *labels)
{
    const guint last = labels->labels->len - 1;
    guint64 others = 0;
    for (guint i = 0; i < last; i++) {
        const RhLabel *label = label_at(labels, i);
        if (label->kind != RH_LABEL_NUMBER || label->value > SMALL_MAX)
            return FALSE;
        others += label->pixels;
    }
    const RhLabel *border = label_at(labels, last);
    return last > 0 && labels->several > 0 && border->kind == RH_LABEL_NUMBER && border->value == BORDER &&
           border->pixels <= others;
}

/* 0 and 1 from one program and 0 and 255 from another say the same. */
static gboolean are_plain(const RhLabels *labels)
{
    for (guint i = 0; i < labels->labels->len; i++) {
        const RhLabel *label = label_at(labels, i);
        if (label->kind == RH_LABEL_NUMBER && label->value != 1 && label->value != G_MAXUINT8 &&
            label->value != G_MAXUINT16)
            return FALSE;
        if (label->kind == RH_LABEL_COLOUR)
            return FALSE;
    }
    return labels->several == 0;
}

gboolean rh_labels_find_region(const RhLabels *labels, RhRegion **region)
{
    *region = NULL;
    if (labels->labels->len <= 1 || are_plain(labels))
        return TRUE;
    if (labels->labels->len > 2 || !has_border(labels))
        return FALSE;
    const guint32 value = label_at(labels, 0)->value;
    *region = rh_region_new();
    rh_region_add(*region, RH_LABEL_NUMBER, value, value);
    return TRUE;
}

static RhMask *mask_of_codes(const RhLabelCodes *codes, const RhRegion *region)
{
    g_autofree guint8 *inside = g_new0(guint8, codes->codes);
    for (guint i = 0; i < codes->codes; i++)
        if (codes->shaded)
            inside[i] = codes->shades[i] >= codes->border ? 255 : 0;
        else if (!codes->outside[i] &&
                 (region == NULL || rh_region_has(region, codes->kind, codes->values[i])))
            inside[i] = 255;
    const RhImage *image = codes->image;
    RhMask *mask = rh_mask_new(image->width, image->height);
    for (gsize i = 0; i < (gsize)image->width * image->height; i++)
        mask->pixels[i] = inside[image->type == RH_PIXEL_U8 ? ((const guint8 *)image->pixels)[i]
                                                            : ((const guint16 *)image->pixels)[i]];
    return mask;
}

static void refuse_several(const char *path, const RhLabels *labels, GError **error)
{
    g_autofree char *name = g_filename_display_name(path), *list = rh_labels_describe(labels);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                _("“%s” has several labels, %s, and does not say which of them is the mask; save the mask as "
                  "white on black."),
                name, list);
}

RhMask *rh_mask_load_region(const char *path, guint width, guint height, const RhRegion *region,
                            GError **error)
{
    g_autoptr(RhLabelImage) picture = rh_label_image_load(path, error);
    if (picture == NULL || !rh_mask_size_fits(path, picture->image, width, height, error))
        return NULL;
    g_autoptr(RhLabelCodes) codes = rh_label_codes_new(picture);
    if (region != NULL)
        return mask_of_codes(codes, region);
    g_autoptr(RhLabels) labels = rh_labels_of_codes(codes);
    g_autoptr(RhRegion) clear = NULL;
    if (rh_labels_find_region(labels, &clear))
        return mask_of_codes(codes, clear);
    refuse_several(path, labels, error);
    return NULL;
}

RhMask *rh_mask_load(const char *path, guint width, guint height, GError **error)
{
    return rh_mask_load_region(path, width, height, NULL, error);
}
