/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/recent-studies.h"

/* The recent studies as rows to choose from; each can be taken out of the list. */

#define RH_TYPE_RECENT_LIST (rh_recent_list_get_type())
G_DECLARE_FINAL_TYPE(RhRecentList, rh_recent_list, RH, RECENT_LIST, GtkWidget)

void rh_recent_list_set_studies(RhRecentList *list, RhRecentStudies *studies);
