/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/text.h"

void rh_text_show_value(GtkLabel *label, const char *name, const char *text)
{
    if (g_strcmp0(gtk_label_get_text(label), text) != 0)
        gtk_label_set_text(label, text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(label), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

AdwToast *rh_text_toast(const char *text)
{
    g_debug("told: %s", text);
    g_autofree char *markup = g_markup_escape_text(text, -1);
    return adw_toast_new(markup);
}
