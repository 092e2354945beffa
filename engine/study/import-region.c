/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/pool.h"
#include "image/orientation.h"
#include "study/import-private.h"
#include "study/study-private.h"

#define ROUND 64u /* files between two looks at cancellation */

struct _RhImportMasks {
    const RhImportListing *listing;
    RhLabels *labels;   /* of all files */
    RhRegion *region;   /* what of them is the mask; NULL: all there is */
    gboolean ambiguous; /* it has to be chosen; until then it has no label */
    /* By row. */
    RhLabels **found;
    guint8 *inverted; /* TRUE: it looks so */
    guint8 *turned;   /* TRUE: along with the image */
    double *shares;   /* of the image that is inside */
    guint first;      /* row of the running round */
};

static const RhImportRow *row_at(const RhImportMasks *masks, guint place)
{
    return g_ptr_array_index(masks->listing->rows, place);
}

static char *mask_path(const RhImportMasks *masks, guint place)
{
    return g_build_filename(masks->listing->files->source, row_at(masks, place)->mask->path, NULL);
}

/* What is wrong with a file is told when its mask is taken. */
static void look_at_one(guint piece, gpointer data)
{
    RhImportMasks *masks = data;
    const guint place = masks->first + piece;
    if (row_at(masks, place)->mask == NULL)
        return;
    g_autofree char *path = mask_path(masks, place);
    masks->found[place] = rh_labels_of_file(path, NULL);
}

static gboolean look_at_all(RhImportMasks *masks, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhPool) pool = rh_pool_new(0);
    const guint rows = masks->listing->rows->len;
    for (masks->first = 0; masks->first < rows; masks->first += ROUND) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        const guint count = MIN(ROUND, rows - masks->first);
        rh_pool_run(pool, count, look_at_one, masks);
        for (guint i = masks->first; i < masks->first + count; i++)
            if (masks->found[i] != NULL) {
                rh_labels_add(masks->labels, masks->found[i]);
                g_clear_pointer(&masks->found[i], rh_labels_free);
            }
    }
    return TRUE;
}

/* A choice that fits no label is a slip of the pen. */
static gboolean check_choice(const RhImportMasks *masks, GError **error)
{
    for (guint i = 0; i < masks->labels->labels->len; i++) {
        const RhLabel *label = &g_array_index(masks->labels->labels, RhLabel, i);
        if (rh_region_has(masks->region, label->kind, label->value))
            return TRUE;
    }
    g_autofree char *wanted = rh_region_text(masks->region), *list = rh_labels_describe(masks->labels);
    if (masks->labels->labels->len > 0)
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("No mask has the label %s; the labels are: %s. Choose among them."), wanted, list);
    else
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("No mask has labels among which %s could be chosen; leave the choice out."), wanted);
    return FALSE;
}

static gboolean choose(RhImportMasks *masks, const char *wanted, RhImportSummary *summary, GError **error)
{
    g_autofree char *list = rh_labels_describe(masks->labels);
    if (wanted != NULL) {
        masks->region = rh_region_parse(wanted, error);
        if (masks->region == NULL || !check_choice(masks, error))
            return FALSE;
        g_autofree char *chosen = rh_region_text(masks->region);
        rh_import_tell(summary, RH_IMPORT_WORD, "region chosen",
                       _("The masks have the labels %s; the region of interest is made of %s, as chosen."),
                       list, chosen);
        return TRUE;
    }
    if (!rh_labels_find_region(masks->labels, &masks->region)) {
        masks->ambiguous = TRUE;
        masks->region = rh_region_new(); /* of no label */
        rh_import_tell(
            summary, RH_IMPORT_WORD, "labels",
            _("The masks have several labels, %s, and which of them is the region of interest is not "
              "known: none of them is taken. Make the study again and choose, with “rh new folder "
              "--region” and the labels separated by commas, or “--region all”."),
            list);
    } else if (masks->region != NULL) {
        g_autofree char *kept = rh_region_text(masks->region);
        rh_import_tell(
            summary, RH_IMPORT_WORD, "border",
            _("The masks have the labels %s; 255 beside so small a number is a border that is left "
              "undecided, and the region of interest is %s."),
            list, kept);
    }
    return TRUE;
}

RhImportMasks *rh_import_masks_new(const RhImportListing *listing, const RhImportSettings *settings,
                                   RhImportSummary *summary, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportMasks) masks = g_new0(RhImportMasks, 1);
    masks->listing = listing;
    masks->labels = rh_labels_new();
    masks->found = g_new0(RhLabels *, listing->rows->len);
    masks->inverted = g_new0(guint8, listing->rows->len);
    masks->turned = g_new0(guint8, listing->rows->len);
    masks->shares = g_new0(double, listing->rows->len);
    if (!look_at_all(masks, cancellable, error) || !choose(masks, settings->region, summary, error))
        return NULL;
    return g_steal_pointer(&masks);
}

void rh_import_masks_free(RhImportMasks *masks)
{
    if (masks == NULL)
        return;
    rh_labels_free(masks->labels);
    rh_region_free(masks->region);
    g_free(masks->found);
    g_free(masks->inverted);
    g_free(masks->turned);
    g_free(masks->shares);
    g_free(masks);
}

const RhLabels *rh_import_masks_labels(const RhImportMasks *masks)
{
    return masks->labels;
}

gboolean rh_import_masks_wait_for_choice(const RhImportMasks *masks)
{
    return masks->ambiguous;
}

/* More than half of the image, its corners among it: a region of interest seldom is. */
static gboolean looks_inverted(const RhMask *mask, double share)
{
    const gsize last_row = (gsize)mask->width * (mask->height - 1);
    const guint8 *pixels = mask->pixels;
    return share > 0.5 &&
           (pixels[0] & pixels[mask->width - 1] & pixels[last_row] & pixels[last_row + mask->width - 1]) != 0;
}

/* A mask that was drawn on the picture as it is stored, turned as that is. */
static RhMask *turned_along(const RhImportMasks *masks, guint place, const RhImage *image, guint orientation)
{
    g_autofree char *path = mask_path(masks, place);
    g_autoptr(RhMask) stored = rh_mask_load_region(path, image->height, image->width, masks->region, NULL);
    if (stored == NULL)
        return NULL;
    RhMask *mask = rh_mask_new(image->width, image->height);
    rh_orientation_apply(orientation, stored->pixels, stored->width, stored->height, 1, mask->pixels);
    return mask;
}

RhMask *rh_import_masks_take(RhImportMasks *masks, guint place, const RhImage *image, guint orientation,
                             GError **error)
{
    g_autofree char *path = mask_path(masks, place);
    g_autoptr(GError) reason = NULL;
    g_autoptr(RhMask) mask = rh_mask_load_region(path, image->width, image->height, masks->region, &reason);
    if (g_error_matches(reason, RH_ERROR, RH_ERROR_MISMATCH) && rh_orientation_exchanges_sides(orientation)) {
        mask = turned_along(masks, place, image, orientation);
        masks->turned[place] = mask != NULL;
    }
    if (mask == NULL && reason != NULL)
        g_propagate_error(error, g_steal_pointer(&reason));
    if (mask == NULL)
        return NULL;
    const double pixels = (double)mask->width * mask->height;
    masks->shares[place] = (double)rh_mask_count(mask) / pixels;
    masks->inverted[place] = looks_inverted(mask, masks->shares[place]);
    return g_steal_pointer(&mask);
}

static guint count_rows(const RhImportMasks *masks, const guint8 *which, guint *first)
{
    guint count = 0;
    for (guint i = 0; i < masks->listing->rows->len; i++)
        if (which[i] && count++ == 0)
            *first = i;
    return count;
}

void rh_import_masks_tell(const RhImportMasks *masks, RhImportSummary *summary)
{
    guint first = 0;
    const guint turned = count_rows(masks, masks->turned, &first);
    if (turned > 0)
        rh_import_tell(
            summary, RH_IMPORT_WORD, "turned along",
            ngettext("%u mask has the size of its image before that was turned, and is turned along.",
                     "%u masks have the size of their images before those were turned, and are turned "
                     "along.",
                     turned),
            turned);
    const guint inverted = count_rows(masks, masks->inverted, &first);
    if (inverted > 0)
        rh_import_tell(
            summary, RH_IMPORT_WORD, "inverted",
            ngettext("%u mask covers most of its image and the corners (“%s”: %.0f %%); if black is "
                     "what is marked there, invert it.",
                     "%u masks cover most of their image and the corners (“%s”: %.0f %%); if black is "
                     "what is marked there, invert them.",
                     inverted),
            inverted, row_at(masks, first)->mask->path, 100 * masks->shares[first]);
    if (masks->labels->faint > 0)
        rh_import_tell(
            summary, RH_IMPORT_WORD, "faint",
            ngettext("%u mask has soft shades and none as bright as half of white; what is brighter than "
                     "half of its brightest is inside.",
                     "%u masks have soft shades and none as bright as half of white; what is brighter "
                     "than half of their brightest is inside.",
                     masks->labels->faint),
            masks->labels->faint);
    const guint halved = masks->labels->shaded - masks->labels->faint;
    if (halved > 0)
        rh_import_tell(
            summary, RH_IMPORT_WORD, "shaded",
            ngettext("%u mask has shades in place of labels (JPEG or soft edges); what is brighter than half "
                     "of white is inside.",
                     "%u masks have shades in place of labels (JPEG or soft edges); what is brighter than "
                     "half of white is inside.",
                     halved),
            halved);
}
