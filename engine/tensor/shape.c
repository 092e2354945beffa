/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/shape.h"

#include <glib/gi18n.h>
#include <string.h>

RhShape rh_shape_new(guint rank, const gsize *size)
{
    g_assert(rank <= RH_RANK_MAX);
    RhShape shape = {.rank = rank};
    memcpy(shape.size, size, rank * sizeof *size);
    return shape;
}

gsize rh_shape_count(RhShape shape)
{
    gsize count = 1;
    for (guint i = 0; i < shape.rank; i++)
        count *= shape.size[i];
    return count;
}

gboolean rh_shape_equal(RhShape a, RhShape b)
{
    return a.rank == b.rank && memcmp(a.size, b.size, a.rank * sizeof *a.size) == 0;
}

char *rh_shape_to_string(RhShape shape)
{
    if (shape.rank == 0)
        return g_strdup(_("scalar"));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < shape.rank; i++)
        g_string_append_printf(text, "%s%" G_GSIZE_FORMAT, i > 0 ? "×" : "", shape.size[i]);
    return g_string_free(text, FALSE);
}

gsize rh_precision_size(RhPrecision precision)
{
    return precision == RH_SINGLE ? sizeof(float) : sizeof(double);
}
