/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "images/image-list.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "common/focus.h"
#include "images/image-list-item.h"
#include "images/image-list-row.h"
#include "images/image-list-thumbnails.h"

/* Thumbnails that are kept although their rows are out of sight. */
#define KEPT_THUMBNAILS 500u
/* Rows that are furnished in one go although they are out of sight. */
#define ROWS_AT_ONCE 8u

struct _RhImageList {
    GtkWidget parent_instance;
    GtkDropDown *split_choice, *mask_choice;
    GtkLabel *count;
    GtkScrolledWindow *scrolled;
    GtkListView *rows;

    RhStudy *study;    /* the caller's */
    gboolean divided;  /* its images lie in sets: those in none are not used */
    GListStore *items; /* RhImageItem */
    GHashTable *by_id; /* id → RhImageItem */
    GtkFilter *filter;
    GtkFilterListModel *shown;
    GtkSingleSelection *selection;
    char *selected_id;
    guint refilter; /* source: when the selection has moved */
    guint looking;  /* source: which rows are in view */
    gboolean scroll_later;

    RhThumbnails *thumbnails;
    GQueue kept;     /* RhImageItem with a thumbnail, the newest first */
    GPtrArray *gone; /* RhImageItem that the study has no longer: a thumbnail may still come for it */
};

enum { PROP_SELECTED_ID = 1, N_PROPERTIES };
/* Filled once when the class is made. */
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE(RhImageList, rh_image_list, GTK_TYPE_WIDGET)

/* ── Which images are shown ── */

typedef gboolean (*MaskChoice)(RhImageList *list, const RhCase *item);

static gboolean any(RhImageList *list, const RhCase *item)
{
    return TRUE;
}

static gboolean with_mask(RhImageList *list, const RhCase *item)
{
    return item->has_mask;
}

static gboolean without_mask(RhImageList *list, const RhCase *item)
{
    return !item->has_mask;
}

/* The split leaves it aside: a mask of it would serve nothing. */
static gboolean is_not_used(RhImageList *list, const RhCase *item)
{
    return list->divided && item->split == RH_SPLIT_NONE;
}

static gboolean to_mark(RhImageList *list, const RhCase *item)
{
    return !rh_case_is_marked(item) && !is_not_used(list, item);
}

static gboolean nothing_to_mark(RhImageList *list, const RhCase *item)
{
    return item->nothing_to_mark;
}

/* In the order of the drop-down. */
static const MaskChoice mask_choices[] = {any, with_mask, without_mask, to_mark, nothing_to_mark};

static gboolean fits_split(RhImageList *list, const RhCase *item)
{
    guint split = gtk_drop_down_get_selected(list->split_choice);
    return split == 0 || split == item->split;
}

/* The image in view stays in the list although it no longer fits, as when it has just got its mask. */
static gboolean fits(gpointer object, gpointer data)
{
    RhImageList *list = data;
    RhImageItem *item = object;
    guint choice = gtk_drop_down_get_selected(list->mask_choice);
    if (g_strcmp0(item->item->id, list->selected_id) == 0)
        return TRUE;
    return fits_split(list, item->item) && choice < G_N_ELEMENTS(mask_choices) &&
           mask_choices[choice](list, item->item);
}

/* Of the split that is listed. */
static guint count_cases(RhImageList *list, MaskChoice choice)
{
    guint count = 0;
    for (guint i = 0; list->study != NULL && i < list->study->cases->len; i++) {
        const RhCase *item = list->study->cases->pdata[i];
        count += fits_split(list, item) && choice(list, item);
    }
    return count;
}

guint rh_image_list_count_to_mark(RhImageList *list)
{
    g_return_val_if_fail(RH_IS_IMAGE_LIST(list), 0);
    return count_cases(list, to_mark);
}

static void show_count(RhImageList *list)
{
    guint shown = g_list_model_get_n_items(G_LIST_MODEL(list->shown));
    guint all = g_list_model_get_n_items(G_LIST_MODEL(list->items));
    g_autofree char *text = shown == all
                                ? g_strdup_printf(g_dngettext(NULL, "%u image", "%u images", all), all)
                                : g_strdup_printf(_("%u of %u images"), shown, all);
    guint left = rh_image_list_count_to_mark(list);
    guint unused = count_cases(list, is_not_used);
    g_autofree char *marking = left > 0 ? g_strdup_printf(_("%s, %u to mark"), text, left)
                                        : g_strdup_printf(_("%s, none to mark"), text);
    g_autofree char *whole =
        unused > 0 ? g_strdup_printf(_("%s, %u not used"), marking, unused) : g_steal_pointer(&marking);
    gtk_label_set_label(list->count, all > 0 ? whole : text);
}

/* Once the list has a height: GTK divides by it, and without one leaves out rows that are in view. */
static void scroll_to_selected(RhImageList *list)
{
    guint position = gtk_single_selection_get_selected(list->selection);
    list->scroll_later = gtk_widget_get_height(GTK_WIDGET(list->rows)) == 0;
    if (position != GTK_INVALID_LIST_POSITION && !list->scroll_later)
        gtk_widget_activate_action(GTK_WIDGET(list->rows), "list.scroll-to-item", "u", position);
}

static void choice_changed(RhImageList *list)
{
    if (list->filter == NULL)
        return;
    gtk_filter_changed(list->filter, GTK_FILTER_CHANGE_DIFFERENT);
    show_count(list);
    scroll_to_selected(list);
}

static gboolean filter_again(gpointer data)
{
    RhImageList *list = data;
    list->refilter = 0;
    gtk_filter_changed(list->filter, GTK_FILTER_CHANGE_DIFFERENT);
    return G_SOURCE_REMOVE;
}

static void selection_moved(RhImageList *list)
{
    RhImageItem *item = gtk_single_selection_get_selected_item(list->selection);
    const char *id = item != NULL ? item->item->id : NULL;
    if (g_strcmp0(id, list->selected_id) == 0)
        return;
    g_free(list->selected_id);
    list->selected_id = g_strdup(id);
    if (gtk_drop_down_get_selected(list->mask_choice) != 0 && list->refilter == 0)
        list->refilter = g_idle_add(filter_again, list);
    g_object_notify_by_pspec(G_OBJECT(list), properties[PROP_SELECTED_ID]);
}

/* ── Thumbnails ── */

static void look_soon(RhImageList *list);

/* Lets go of the oldest ones that no row shows. */
static void bound_thumbnails(RhImageList *list)
{
    GList *link = list->kept.tail;
    while (list->kept.length > KEPT_THUMBNAILS && link != NULL) {
        GList *newer = link->prev;
        RhImageItem *item = link->data;
        if (item->rows == 0) {
            g_clear_object(&item->thumbnail);
            g_queue_delete_link(&list->kept, link);
        }
        link = newer;
    }
}

static void thumbnail_ready(gpointer key, GdkTexture *texture, gpointer data)
{
    RhImageList *list = data;
    RhImageItem *item = key;
    gboolean kept = item->thumbnail != NULL;
    item->requested = FALSE;
    rh_image_item_take_thumbnail(item, texture, texture == NULL);
    if (texture != NULL && !kept)
        g_queue_push_head(&list->kept, item);
    bound_thumbnails(list);
}

static gboolean is_in_view(RhImageList *list, GtkWidget *row)
{
    graphene_rect_t bounds;
    int height = gtk_widget_get_height(GTK_WIDGET(list->rows));
    return gtk_widget_get_mapped(row) && gtk_widget_compute_bounds(row, GTK_WIDGET(list->rows), &bounds) &&
           bounds.size.height > 0 && bounds.origin.y + bounds.size.height > 0 && bounds.origin.y < height;
}

/* Asks for the thumbnail of a row in view, and no longer for that of one which has left it. */
static void look_at_row(RhImageList *list, RhImageItem *item, gboolean in_view)
{
    guint side = (guint)(RH_THUMBNAIL_SIDE * gtk_widget_get_scale_factor(GTK_WIDGET(list)));
    if (item->thumbnail != NULL || item->unreadable)
        return;
    if (in_view && !item->requested)
        rh_thumbnails_request(list->thumbnails, item, rh_study_image_path(item->study, item->item),
                              &item->study->reading, side);
    else if (!in_view && item->requested && rh_thumbnails_withdraw(list->thumbnails, item))
        item->requested = FALSE;
    item->requested |= in_view;
}

/* GTK makes many more rows than can be seen, all at once: what is in view is furnished first, and of the
 * others a few at a time. From below upwards, as the thumbnail asked for last is decoded first. */
static gboolean look_at_rows(gpointer data)
{
    RhImageList *list = data;
    guint furnished = 0;
    list->looking = 0;
    if (list->scroll_later)
        scroll_to_selected(list);
    for (GtkWidget *child = gtk_widget_get_last_child(GTK_WIDGET(list->rows)); child != NULL;
         child = gtk_widget_get_prev_sibling(child)) {
        GtkWidget *row = gtk_widget_get_first_child(child);
        RhImageItem *item = RH_IS_IMAGE_ROW(row) ? rh_image_row_get_item(RH_IMAGE_ROW(row)) : NULL;
        if (item == NULL)
            continue;
        gboolean in_view = is_in_view(list, child);
        look_at_row(list, item, in_view);
        if (rh_image_row_is_furnished(RH_IMAGE_ROW(row)))
            continue;
        if (in_view || furnished < ROWS_AT_ONCE) {
            rh_image_row_furnish(RH_IMAGE_ROW(row));
            furnished++;
        }
    }
    if (furnished >= ROWS_AT_ONCE)
        look_soon(list);
    return G_SOURCE_REMOVE;
}

/* After the rows have their places. */
static void look_soon(RhImageList *list)
{
    if (list->rows != NULL && list->looking == 0)
        list->looking = g_idle_add(look_at_rows, list);
}

/* ── Rows ── */

static void set_up_row(GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
    gtk_list_item_set_child(list_item, rh_image_row_new());
}

static void bind_row(GtkSignalListItemFactory *factory, GtkListItem *list_item, RhImageList *list)
{
    RhImageItem *item = gtk_list_item_get_item(list_item);
    item->rows++;
    look_soon(list);
    rh_image_row_set_item(RH_IMAGE_ROW(gtk_list_item_get_child(list_item)), item);
}

static void unbind_row(GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
    RhImageItem *item = gtk_list_item_get_item(list_item);
    rh_image_row_set_item(RH_IMAGE_ROW(gtk_list_item_get_child(list_item)), NULL);
    item->rows--;
}

/* ── What the window calls ── */

static void forget_study(RhImageList *list)
{
    g_clear_pointer(&list->thumbnails, rh_thumbnails_free);
    g_clear_handle_id(&list->refilter, g_source_remove);
    g_clear_handle_id(&list->looking, g_source_remove);
    list->study = NULL;
    g_hash_table_remove_all(list->by_id);
    g_list_store_remove_all(list->items);
    g_ptr_array_set_size(list->gone, 0);
    g_queue_clear(&list->kept);
}

void rh_image_list_set_study(RhImageList *list, RhStudy *study)
{
    g_return_if_fail(RH_IS_IMAGE_LIST(list));
    forget_study(list);
    list->study = study;
    if (study == NULL)
        return;
    list->divided = rh_cases_are_divided(study->cases);
    list->thumbnails = rh_thumbnails_new(thumbnail_ready, list);
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = study->cases->pdata[i];
        g_ptr_array_add(items, rh_image_item_new(study, item, i + 1));
        g_hash_table_insert(list->by_id, item->id, items->pdata[i]);
    }
    g_list_store_splice(list->items, 0, 0, items->pdata, items->len);
}

static void forget_item(RhImageList *list, RhImageItem *item)
{
    guint position;
    if (item->requested)
        rh_thumbnails_withdraw(list->thumbnails, item);
    g_ptr_array_add(list->gone, g_object_ref(item));
    g_queue_remove(&list->kept, item);
    g_hash_table_remove(list->by_id, item->item->id);
    if (g_list_store_find(list->items, item, &position))
        g_list_store_remove(list->items, position);
}

static void forget_gone(RhImageList *list)
{
    for (guint i = 0; i < list->study->gone->len; i++) {
        const RhCase *gone = list->study->gone->pdata[i];
        RhImageItem *item = g_hash_table_lookup(list->by_id, gone->id);
        if (item != NULL && item->item == gone)
            forget_item(list, item);
    }
}

/* New ones come where they are in the study; the others keep their order, whatever the table's is now. */
void rh_image_list_study_changed(RhImageList *list)
{
    g_return_if_fail(RH_IS_IMAGE_LIST(list));
    if (list->study == NULL)
        return;
    forget_gone(list);
    list->divided = rh_cases_are_divided(list->study->cases);
    for (guint i = 0; i < list->study->cases->len; i++) {
        const RhCase *item = list->study->cases->pdata[i];
        RhImageItem *known = g_hash_table_lookup(list->by_id, item->id);
        if (known != NULL) {
            known->number = i + 1;
            rh_image_item_changed(known);
            continue;
        }
        g_autoptr(RhImageItem) new = rh_image_item_new(list->study, item, i + 1);
        g_hash_table_insert(list->by_id, item->id, new);
        g_list_store_insert(list->items, MIN(i, g_list_model_get_n_items(G_LIST_MODEL(list->items))), new);
    }
    choice_changed(list);
}

const char *rh_image_list_get_selected(RhImageList *list)
{
    g_return_val_if_fail(RH_IS_IMAGE_LIST(list), NULL);
    return list->selected_id;
}

static gboolean select_shown(RhImageList *list, RhImageItem *wanted)
{
    guint count = g_list_model_get_n_items(G_LIST_MODEL(list->selection));
    for (guint i = 0; i < count; i++) {
        g_autoptr(RhImageItem) item = g_list_model_get_item(G_LIST_MODEL(list->selection), i);
        if (item == wanted) {
            gtk_single_selection_set_selected(list->selection, i);
            scroll_to_selected(list);
            return TRUE;
        }
    }
    return FALSE;
}

void rh_image_list_select(RhImageList *list, const char *id)
{
    g_return_if_fail(RH_IS_IMAGE_LIST(list));
    RhImageItem *item = id != NULL ? g_hash_table_lookup(list->by_id, id) : NULL;
    if (item == NULL || select_shown(list, item))
        return;
    gtk_drop_down_set_selected(list->split_choice, 0);
    gtk_drop_down_set_selected(list->mask_choice, 0);
    select_shown(list, item);
}

void rh_image_list_select_next(RhImageList *list, int step)
{
    g_return_if_fail(RH_IS_IMAGE_LIST(list));
    guint count = g_list_model_get_n_items(G_LIST_MODEL(list->selection));
    guint position = gtk_single_selection_get_selected(list->selection);
    if (count == 0 || position == GTK_INVALID_LIST_POSITION)
        return;
    gint64 next = CLAMP((gint64)position + step, 0, (gint64)count - 1);
    gtk_single_selection_set_selected(list->selection, (guint)next);
    scroll_to_selected(list);
}

/* The place in the study of the image in view; before the first if there is none. */
static guint place_in_study(RhImageList *list)
{
    for (guint i = 0; i < list->study->cases->len; i++)
        if (g_strcmp0(((const RhCase *)list->study->cases->pdata[i])->id, list->selected_id) == 0)
            return i;
    return list->study->cases->len - 1;
}

gboolean rh_image_list_select_next_to_mark(RhImageList *list)
{
    g_return_val_if_fail(RH_IS_IMAGE_LIST(list), FALSE);
    guint count = list->study != NULL ? list->study->cases->len : 0;
    for (guint i = 1, from = count > 0 ? place_in_study(list) : 0; i < count; i++) {
        const RhCase *item = list->study->cases->pdata[(from + i) % count];
        if (!fits_split(list, item) || !to_mark(list, item))
            continue;
        if (!select_shown(list, g_hash_table_lookup(list->by_id, item->id))) {
            gtk_drop_down_set_selected(list->mask_choice, 0);
            select_shown(list, g_hash_table_lookup(list->by_id, item->id));
        }
        return TRUE;
    }
    return FALSE;
}

char *rh_image_list_find_next(RhImageList *list, int step)
{
    g_return_val_if_fail(RH_IS_IMAGE_LIST(list), NULL);
    guint position = gtk_single_selection_get_selected(list->selection);
    gint64 next = (gint64)position + step;
    if (position == GTK_INVALID_LIST_POSITION || next < 0)
        return NULL;
    g_autoptr(RhImageItem) item = g_list_model_get_item(G_LIST_MODEL(list->selection), (guint)next);
    return item != NULL ? g_strdup(item->item->id) : NULL;
}

void rh_image_list_case_changed(RhImageList *list, const char *id)
{
    g_return_if_fail(RH_IS_IMAGE_LIST(list) && id != NULL);
    RhImageItem *item = g_hash_table_lookup(list->by_id, id);
    if (item == NULL)
        return;
    rh_image_item_changed(item);
    show_count(list);
    if (gtk_drop_down_get_selected(list->mask_choice) != 0)
        choice_changed(list);
}

/* ── The object ── */

static void rh_image_list_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_SELECTED_ID)
        g_value_set_string(value, RH_IMAGE_LIST(object)->selected_id);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rh_image_list_dispose(GObject *object)
{
    RhImageList *list = RH_IMAGE_LIST(object);
    if (list->rows != NULL)
        gtk_list_view_set_model(list->rows, NULL);
    forget_study(list);
    list->rows = NULL;
    rh_drop_children(GTK_WIDGET(list));
    G_OBJECT_CLASS(rh_image_list_parent_class)->dispose(object);
}

static void rh_image_list_finalize(GObject *object)
{
    RhImageList *list = RH_IMAGE_LIST(object);
    g_clear_object(&list->selection);
    g_clear_object(&list->items);
    g_hash_table_unref(list->by_id);
    g_ptr_array_unref(list->gone);
    g_free(list->selected_id);
    G_OBJECT_CLASS(rh_image_list_parent_class)->finalize(object);
}

static void rh_image_list_class_init(RhImageListClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    object_class->get_property = rh_image_list_get_property;
    object_class->dispose = rh_image_list_dispose;
    object_class->finalize = rh_image_list_finalize;
    properties[PROP_SELECTED_ID] =
        g_param_spec_string("selected-id", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, N_PROPERTIES, properties);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/image-list.ui");
    gtk_widget_class_bind_template_child(widget_class, RhImageList, split_choice);
    gtk_widget_class_bind_template_child(widget_class, RhImageList, mask_choice);
    gtk_widget_class_bind_template_child(widget_class, RhImageList, count);
    gtk_widget_class_bind_template_child(widget_class, RhImageList, scrolled);
    gtk_widget_class_bind_template_child(widget_class, RhImageList, rows);
    gtk_widget_class_bind_template_callback(widget_class, choice_changed);
}

static void make_model(RhImageList *list)
{
    list->items = g_list_store_new(RH_TYPE_IMAGE_ITEM);
    list->filter = GTK_FILTER(gtk_custom_filter_new(fits, list, NULL));
    list->shown = gtk_filter_list_model_new(G_LIST_MODEL(g_object_ref(list->items)), list->filter);
    GtkAdjustment *place = gtk_scrolled_window_get_vadjustment(list->scrolled);
    g_signal_connect_object(place, "value-changed", G_CALLBACK(look_soon), list, G_CONNECT_SWAPPED);
    g_signal_connect_object(place, "changed", G_CALLBACK(look_soon), list, G_CONNECT_SWAPPED);
    list->selection = gtk_single_selection_new(G_LIST_MODEL(list->shown));
    g_signal_connect_object(list->selection, "notify::selected-item", G_CALLBACK(selection_moved), list,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(list->shown, "items-changed", G_CALLBACK(show_count), list, G_CONNECT_SWAPPED);
    gtk_list_view_set_model(list->rows, GTK_SELECTION_MODEL(list->selection));
}

static void rh_image_list_init(RhImageList *list)
{
    list->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    list->gone = g_ptr_array_new_with_free_func(g_object_unref);
    g_queue_init(&list->kept);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(gtk_widget_get_layout_manager(GTK_WIDGET(list))),
                                   GTK_ORIENTATION_VERTICAL);
    gtk_widget_init_template(GTK_WIDGET(list));
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    g_signal_connect(factory, "setup", G_CALLBACK(set_up_row), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_row), list);
    g_signal_connect(factory, "unbind", G_CALLBACK(unbind_row), NULL);
    gtk_list_view_set_factory(list->rows, factory);
    rh_focus_leave_with_tab(GTK_WIDGET(list->rows));
    g_object_unref(factory);
    make_model(list);
    show_count(list);
}

GtkWidget *rh_image_list_new(void)
{
    return g_object_new(RH_TYPE_IMAGE_LIST, NULL);
}
