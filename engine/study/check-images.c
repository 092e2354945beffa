/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "base/pool.h"
#include "base/temporary.h"
#include "mask/mask.h"
#include "study/check-private.h"

#define ROUND 64u /* images that are read side by side */

typedef struct {
    const RhStudy *study;
    guint first;
    GError *image[ROUND], *mask[ROUND];
} Reading;

static void read_one(guint piece, gpointer data)
{
    Reading *reading = data;
    const RhCase *item = g_ptr_array_index(reading->study->cases, reading->first + piece);
    g_autofree char *path = rh_study_image_path(reading->study, item);
    g_autoptr(RhImage) image = rh_image_load(path, &reading->image[piece]);
    if (image == NULL || !item->has_mask)
        return;
    g_autofree char *mask_path = rh_study_mask_path(reading->study, item);
    rh_mask_free(rh_mask_load(mask_path, image->width, image->height, &reading->mask[piece]));
}

static void tell(RhCheck *check, const RhCase *item, GError **image, GError **mask)
{
    g_autofree char *mask_file = g_strdup_printf("masks/%s.png", item->id);
    if (*image != NULL)
        rh_check_add(check, item->path, FALSE, (*image)->message);
    if (*mask != NULL)
        rh_check_add(check, mask_file, FALSE, (*mask)->message);
    g_clear_error(image);
    g_clear_error(mask);
}

static void check_orphans(RhCheck *check)
{
    g_autofree char *path = g_build_filename(check->folder, "masks", NULL);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < check->study->cases->len; i++)
        g_hash_table_add(known, g_strconcat(((const RhCase *)g_ptr_array_index(check->study->cases, i))->id,
                                            ".png", NULL));
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *file = g_build_filename("masks", name, NULL);
        if (!g_hash_table_contains(known, name) && g_str_has_suffix(name, ".png"))
            rh_check_add(check, file, FALSE, _("The mask is of no image in images.csv."));
    }
}

void rh_check_images(RhCheck *check)
{
    const guint count = check->study->cases->len;
    g_autoptr(RhPool) pool = rh_pool_new(0);
    Reading reading = {.study = check->study};
    for (; reading.first < count; reading.first += ROUND) {
        const guint pieces = MIN(ROUND, count - reading.first);
        rh_pool_run(pool, pieces, read_one, &reading);
        for (guint i = 0; i < pieces; i++)
            tell(check, g_ptr_array_index(check->study->cases, reading.first + i), &reading.image[i],
                 &reading.mask[i]);
    }
    check_orphans(check);
}
