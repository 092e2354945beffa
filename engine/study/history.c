/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/history.h"

guint rh_history_interval(guint epochs, gsize bytes)
{
    const guint kept = (guint)MIN(RH_HISTORY_BYTES / MAX(bytes, 1), G_MAXUINT);
    return kept == 0 ? 0 : MAX(1, (epochs + kept - 1) / kept);
}

gboolean rh_history_keeps_weights(guint epochs, gsize bytes, guint epoch)
{
    const guint interval = rh_history_interval(epochs, bytes);
    return interval > 0 && (epoch - 1) % interval == 0;
}

gboolean rh_history_has_weights(const RhTensorFile *file)
{
    const char *const *names = rh_tensor_file_names(file);
    for (guint i = 0; names[i] != NULL; i++)
        if (!g_str_has_prefix(names[i], "scores."))
            return TRUE;
    return FALSE;
}

gboolean rh_history_logits(const RhTensorFile *file, RhSplit split, guint place, guint images,
                           float logits[2])
{
    const char *name = split == RH_SPLIT_VALIDATION ? "scores.validation"
                       : split == RH_SPLIT_TEST     ? "scores.test"
                                                    : NULL;
    if (name == NULL || !rh_tensor_file_has(file, name))
        return FALSE;
    gsize count = 0;
    g_autofree double *values = rh_tensor_file_read(file, name, &count, NULL);
    if (values == NULL || images == 0 || place >= images || (count != 2 * images && count != 4 * images))
        return FALSE;
    const gsize row = place * (count / 2 / images); /* as drawn; a mirrored one may follow */
    logits[0] = (float)values[2 * row];
    logits[1] = (float)values[2 * row + 1];
    return TRUE;
}
