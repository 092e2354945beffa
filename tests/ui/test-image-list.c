/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "images/image-list.h"

#include "base/files.h"
#include "images/image-list-item.h"
#include "images/image-list-row.h"
#include "support.h"

static RhStudy *study_with(guint training, char **folder)
{
    g_autoptr(GError) error = NULL;
    *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(*folder, "study", NULL);
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    settings.count[0] = training;
    settings.count[1] = settings.count[2] = 4;
    RhStudy *study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    return study;
}

static RhStudy *study_of(char **folder)
{
    return study_with(6, folder);
}

static void remove_study(RhStudy *study, char *folder)
{
    g_autoptr(GError) error = NULL;
    rh_study_free(study);
    g_assert_true(rh_folder_remove(folder, &error));
    g_free(folder);
}

/* Rows and thumbnails come from idle sources and a worker: lets them. */
static void let_idle(void)
{
    for (guint i = 0; i < 20; i++) {
        while (g_main_context_iteration(NULL, FALSE))
            ;
        g_usleep(2000);
    }
}

static const char *id_of(RhStudy *study, guint place)
{
    return ((RhCase *)study->cases->pdata[place])->id;
}

static void choose(RhImageList *list, const char *choice, guint place)
{
    GtkWidget *drop_down =
        GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(list), RH_TYPE_IMAGE_LIST, choice));
    gtk_drop_down_set_selected(GTK_DROP_DOWN(drop_down), place);
    let_idle();
}

static void test_says_what_an_item_is(void)
{
    char *folder = NULL;
    RhStudy *study = study_of(&folder);
    RhCase *item = study->cases->pdata[2];
    g_autoptr(RhImageItem) shown = rh_image_item_new(study, item, 3);
    g_autofree char *with = rh_image_item_spoken(shown);
    g_autofree char *expected = g_strdup_printf("Image 3, class %s, training, has mask, %s",
                                                study->class_names[item->label], item->id);
    g_assert_cmpstr(with, ==, expected);
    item->has_mask = FALSE;
    item->label = RH_UNKNOWN;
    item->split = RH_SPLIT_NONE;
    g_autofree char *without = rh_image_item_spoken(shown);
    g_autofree char *nothing = g_strdup_printf("Image 3, no class, not used, no mask, %s", item->id);
    g_assert_cmpstr(without, ==, nothing);
    remove_study(study, folder);
}

static void count_notify(RhImageList *list, GParamSpec *property, guint *count)
{
    (*count)++;
}

static void test_selection(void)
{
    char *folder = NULL;
    guint notified = 0;
    RhStudy *study = study_of(&folder);
    g_autoptr(RhImageList) list = g_object_ref_sink(RH_IMAGE_LIST(rh_image_list_new()));
    g_signal_connect(list, "notify::selected-id", G_CALLBACK(count_notify), &notified);
    g_assert_null(rh_image_list_get_selected(list));
    rh_image_list_set_study(list, study);
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 0));
    g_assert_cmpuint(notified, ==, 1);
    rh_image_list_select(list, id_of(study, 4));
    rh_image_list_select_next(list, 1);
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 5));
    rh_image_list_select_next(list, -100);
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 0));
    rh_image_list_select(list, "no such image");
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 0));
    let_idle();
    rh_image_list_set_study(list, NULL);
    g_assert_null(rh_image_list_get_selected(list));
    let_idle();
    remove_study(study, folder);
}

static void test_filters(void)
{
    char *folder = NULL;
    RhStudy *study = study_of(&folder);
    g_autoptr(RhImageList) list = g_object_ref_sink(RH_IMAGE_LIST(rh_image_list_new()));
    for (guint i = 0; i < study->cases->len; i++)
        ((RhCase *)study->cases->pdata[i])->has_mask = i % 2 == 0;
    rh_image_list_set_study(list, study);
    choose(list, "mask_choice", 2); /* without; the one in view stays until it is left */
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 0));
    rh_image_list_select_next(list, 1);
    let_idle();
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 1));
    rh_image_list_select_next(list, -1); /* now it is gone */
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 1));
    RhCase *item = study->cases->pdata[1];
    item->has_mask = TRUE; /* drawn: it stays in view */
    rh_image_list_case_changed(list, item->id);
    let_idle();
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, item->id);
    rh_image_list_select_next(list, 1);
    let_idle();
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 3));
    choose(list, "split_choice", RH_SPLIT_TEST);
    rh_image_list_select_next(list, 1);
    let_idle();
    g_assert_cmpint(rh_study_find_case(study, rh_image_list_get_selected(list))->split, ==, RH_SPLIT_TEST);
    rh_image_list_select(list, id_of(study, 2)); /* hidden by both: they make way */
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 2));
    rh_image_list_set_study(list, NULL);
    remove_study(study, folder);
}

/* From the image in view on, round the end, within the split that is listed. */
static void test_next_to_mark(void)
{
    char *folder = NULL;
    RhStudy *study = study_of(&folder); /* 6 of training, 4 of validation, 4 of test, all with masks */
    g_autoptr(RhImageList) list = g_object_ref_sink(RH_IMAGE_LIST(rh_image_list_new()));
    rh_image_list_set_study(list, study);
    g_assert_cmpuint(rh_image_list_count_to_mark(list), ==, 0);
    g_assert_false(rh_image_list_select_next_to_mark(list));
    static const guint unmarked[] = {1, 4, 7};
    for (guint i = 0; i < G_N_ELEMENTS(unmarked); i++)
        ((RhCase *)study->cases->pdata[unmarked[i]])->has_mask = FALSE;
    g_assert_cmpuint(rh_image_list_count_to_mark(list), ==, 3);
    static const guint order[] = {1, 4, 7, 1};
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        g_assert_true(rh_image_list_select_next_to_mark(list));
        g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, order[i]));
    }
    ((RhCase *)study->cases->pdata[4])->nothing_to_mark = TRUE; /* an answer is enough */
    choose(list, "mask_choice", 4);
    g_assert_true(rh_image_list_select_next_to_mark(list)); /* hidden by the choice, which makes way */
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 7));
    choose(list, "mask_choice", 4);
    rh_image_list_select_next(list, -1);
    let_idle();
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 4));
    choose(list, "split_choice", RH_SPLIT_TRAINING);
    g_assert_cmpuint(rh_image_list_count_to_mark(list), ==, 1);
    g_assert_true(rh_image_list_select_next_to_mark(list));
    g_assert_cmpstr(rh_image_list_get_selected(list), ==, id_of(study, 1));
    g_assert_false(rh_image_list_select_next_to_mark(list)); /* it is the only one */
    rh_image_list_set_study(list, NULL);
    g_assert_false(rh_image_list_select_next_to_mark(list));
    remove_study(study, folder);
}

/* The numbers of the first images that have a row and a place, a bit each. */
static guint first_rows(RhImageList *list)
{
    guint found = 0;
    GtkWidget *rows = GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(list), RH_TYPE_IMAGE_LIST, "rows"));
    for (GtkWidget *child = gtk_widget_get_first_child(rows); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *row = gtk_widget_get_first_child(child);
        RhImageItem *item = RH_IS_IMAGE_ROW(row) ? rh_image_row_get_item(RH_IMAGE_ROW(row)) : NULL;
        if (item != NULL && item->number <= 8 && gtk_widget_get_height(child) > 0)
            found |= 1u << (item->number - 1);
    }
    return found;
}

/* As when a study is reopened. Of a short list GTK makes every row anyway. */
static void test_no_row_is_missing_when_chosen_before_shown(void)
{
    char *folder = NULL;
    RhStudy *study = study_with(240, &folder);
    GtkWidget *window = gtk_window_new();
    RhImageList *list = RH_IMAGE_LIST(rh_image_list_new());
    gtk_window_set_default_size(GTK_WINDOW(window), 250, 800);
    gtk_window_set_child(GTK_WINDOW(window), GTK_WIDGET(list));
    rh_image_list_set_study(list, study);
    rh_image_list_select(list, id_of(study, 4));
    gtk_window_present(GTK_WINDOW(window));
    for (guint i = 0; i < 50 && first_rows(list) != 0xff; i++)
        let_idle();
    g_assert_cmphex(first_rows(list), ==, 0xff);
    rh_image_list_set_study(list, NULL);
    gtk_window_destroy(GTK_WINDOW(window));
    let_idle();
    remove_study(study, folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gtk_init();
    g_test_add_func("/image-list/says-what-an-item-is", test_says_what_an_item_is);
    g_test_add_func("/image-list/selection", test_selection);
    g_test_add_func("/image-list/filters", test_filters);
    g_test_add_func("/image-list/next-to-mark", test_next_to_mark);
    g_test_add_func("/image-list/no-row-is-missing-when-chosen-before-shown",
                    test_no_row_is_missing_when_chosen_before_shown);
    return g_test_run();
}
