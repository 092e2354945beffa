/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* Children side by side in cells of exactly one size, in as square an arrangement as can be, rather wide than
 * high. GtkGrid gives the pixels that are left over to the first cells. */
#define RH_TYPE_EVEN_GRID (rh_even_grid_get_type())
G_DECLARE_FINAL_TYPE(RhEvenGrid, rh_even_grid, RH, EVEN_GRID, GtkWidget)

void rh_even_grid_append(RhEvenGrid *grid, GtkWidget *child);
void rh_even_grid_remove_all(RhEvenGrid *grid);
