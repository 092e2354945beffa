/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "masks/mask-menu.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "mask/operation.h"

struct _RhMaskMenu {
    GtkWidget parent_instance;
    GtkWidget *popover;
    GtkAdjustment *amount;
};

G_DEFINE_FINAL_TYPE(RhMaskMenu, rh_mask_menu, GTK_TYPE_WIDGET)

typedef struct {
    const char *label, *hint, *action, *target; /* label NULL: a line between groups */
} Item;

static const Item WHOLE[] = {
    {N_("Fill Holes"), N_("Fill what the mask encloses"), "win.mask-operation", "fill-holes"},
    {N_("Keep Largest Island"), N_("Remove all islands but the largest"), "win.mask-operation",
     "keep-largest"},
    {N_("Remove Specks"), N_("Remove islands of a few pixels and fill such holes"), "win.mask-operation",
     "remove-specks"},
    {NULL},
    {N_("Invert"), N_("What is outside becomes inside"), "win.mask-operation", "invert"},
    {N_("Mirror Left to Right"), NULL, "win.mask-operation", "mirror-sideways"},
    {N_("Mirror Top to Bottom"), NULL, "win.mask-operation", "mirror-upright"},
    {N_("Clear"), N_("Remove the whole mask"), "win.mask-operation", "clear"},
    {NULL},
    {N_("Copy from Previous Image"), N_("Take the mask of the image above in the list"),
     "win.mask-copy-previous", NULL},
    {N_("Copy from Image…"), N_("Take the mask of another image"), "win.mask-copy-from", NULL},
};

static const Item BY_PIXELS[] = {
    {N_("Grow"), N_("Add everything within so many pixels"), "win.mask-operation", "grow"},
    {N_("Shrink"), N_("Remove everything within so many pixels of the outside"), "win.mask-operation",
     "shrink"},
    {N_("Smooth"), N_("Round off what is smaller than so many pixels"), "win.mask-operation", "smooth"},
};

static const Item FROM_FILE[] = {
    {N_("Replace"), N_("Take a mask from a file"), "win.mask-import", "copy"},
    {N_("Unite"), N_("Add a mask from a file"), "win.mask-import", "unite"},
    {N_("Intersect"), N_("Keep what a mask from a file holds too"), "win.mask-import", "intersect"},
    {N_("Subtract"), N_("Remove what a mask from a file holds"), "win.mask-import", "subtract"},
};

static GtkWidget *make_button(RhMaskMenu *menu, const Item *item)
{
    GtkWidget *button = gtk_button_new_with_label(_(item->label));
    GtkWidget *label = gtk_button_get_child(GTK_BUTTON(button));
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_add_css_class(button, "flat");
    if (item->hint != NULL)
        gtk_widget_set_tooltip_text(button, _(item->hint));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), item->action);
    if (item->target != NULL)
        gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", item->target);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(gtk_popover_popdown), menu->popover);
    return button;
}

static void add_items(RhMaskMenu *menu, GtkBox *box, const Item *items, guint count)
{
    for (guint i = 0; i < count; i++)
        gtk_box_append(box, items[i].label != NULL ? make_button(menu, &items[i])
                                                   : gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
}

static GtkBox *add_row(GtkBox *box, const char *title)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2), *label = gtk_label_new(title);
    gtk_widget_add_css_class(label, "dim-label");
    gtk_widget_set_margin_start(label, 10);
    gtk_widget_set_margin_end(label, 4);
    gtk_box_append(box, gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(row), label);
    gtk_box_append(box, row);
    return GTK_BOX(row);
}

static GtkWidget *make_amount(RhMaskMenu *menu)
{
    menu->amount = gtk_adjustment_new(3, 1, RH_MASK_AMOUNT_MAX, 1, 10, 0);
    GtkWidget *spin = gtk_spin_button_new(menu->amount, 1, 0);
    gtk_widget_set_tooltip_text(spin, _("Pixels of the image"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Mask pixels"), -1);
    return spin;
}

static void fill_popover(RhMaskMenu *menu)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    add_items(menu, GTK_BOX(box), WHOLE, G_N_ELEMENTS(WHOLE));
    GtkBox *by_pixels = add_row(GTK_BOX(box), _("By pixels"));
    gtk_box_append(by_pixels, make_amount(menu));
    add_items(menu, by_pixels, BY_PIXELS, G_N_ELEMENTS(BY_PIXELS));
    add_items(menu, add_row(GTK_BOX(box), _("From a file")), FROM_FILE, G_N_ELEMENTS(FROM_FILE));
    gtk_popover_set_child(GTK_POPOVER(menu->popover), box);
}

guint rh_mask_menu_get_amount(RhMaskMenu *menu)
{
    g_return_val_if_fail(RH_IS_MASK_MENU(menu), 1);
    return (guint)gtk_adjustment_get_value(menu->amount);
}

static void rh_mask_menu_dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_mask_menu_parent_class)->dispose(object);
}

static void rh_mask_menu_class_init(RhMaskMenuClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = rh_mask_menu_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void rh_mask_menu_init(RhMaskMenu *menu)
{
    GtkWidget *button = gtk_menu_button_new();
    menu->popover = gtk_popover_new();
    gtk_menu_button_set_label(GTK_MENU_BUTTON(button), _("Mask"));
    gtk_menu_button_set_always_show_arrow(GTK_MENU_BUTTON(button), TRUE);
    gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), menu->popover);
    gtk_widget_set_tooltip_text(button, _("What can be done to the whole mask"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Mask operations"), -1);
    fill_popover(menu);
    gtk_widget_set_parent(button, GTK_WIDGET(menu));
}
