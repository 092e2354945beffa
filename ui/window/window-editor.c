/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

/* Operations on the mask in view, and masks taken from other images and from files. */

static void operate(RhWindow *self, const char *id, const RhMaskOperation *operation, RhMask *other)
{
    rh_canvas_finish_stroke(self->canvas);
    if (!rh_mask_keeper_operate(self->keeper, id, operation, rh_mask_menu_get_amount(self->mask_menu), other))
        rh_window_toast(self, _("The mask is busy with another operation; try again in a moment."));
    else if (g_strcmp0(id, self->image_id) == 0)
        rh_canvas_editor_changed(self->canvas, (RhRectangle){0});
}

void rh_window_operated(RhMaskKeeper *keeper, const char *id, const RhRectangle *touched, RhWindow *self)
{
    if (g_strcmp0(id, self->image_id) == 0)
        rh_canvas_editor_changed(self->canvas, *touched);
    rh_window_look_if_quiet(self);
}

static void mask_operation(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const RhMaskOperation *operation = rh_mask_operation_find(g_variant_get_string(parameter, NULL));
    if (operation != NULL && !operation->takes_other && self->editor != NULL)
        operate(self, self->image_id, operation, NULL);
}

/* ── A mask from elsewhere ── */

typedef struct {
    RhMaskKeeper *keeper; /* of the study it is for */
    char *id, *path;
    const RhMaskOperation *operation;
    guint width, height;
    gboolean resize; /* to those; else the file must have them */
    RhMask *mask;    /* NULL: it is read from the path */
} Taking;

static void taking_free(Taking *taking)
{
    g_object_unref(taking->keeper);
    g_free(taking->id);
    g_free(taking->path);
    g_clear_pointer(&taking->mask, rh_mask_free);
    g_free(taking);
}

static RhMask *resized(const RhMask *mask, guint width, guint height)
{
    RhMask *out = rh_mask_new(width, height);
    rh_mask_resize(mask, width, height, out->pixels);
    for (gsize i = 0; i < (gsize)width * height; i++)
        out->pixels[i] = out->pixels[i] != 0 ? 255 : 0;
    return out;
}

static void take_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Taking *taking = data;
    GError *error = NULL;
    g_autoptr(RhMask) mask = g_steal_pointer(&taking->mask);
    if (mask == NULL)
        mask = rh_mask_load(taking->path, taking->resize ? 0 : taking->width,
                            taking->resize ? 0 : taking->height, &error);
    if (mask == NULL)
        g_task_return_error(task, error);
    else if (mask->width == taking->width && mask->height == taking->height)
        g_task_return_pointer(task, g_steal_pointer(&mask), (GDestroyNotify)rh_mask_free);
    else
        g_task_return_pointer(task, resized(mask, taking->width, taking->height),
                              (GDestroyNotify)rh_mask_free);
}

/* A file that marks nothing would undo the work of an hour, and is a wrong file. Takes the mask. */
static void refuse_empty(RhWindow *self, const char *path, RhMask *mask)
{
    g_autofree char *name = g_filename_display_basename(path);
    g_autofree char *text = g_strdup_printf(
        _("“%s” marks nothing: all of it lies outside. Choose another file, or save it as white on black."),
        name);
    rh_window_report(self, _("The mask could not be taken"), text);
    rh_mask_free(mask);
}

static void taken(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    const Taking *taking = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    RhMask *mask = g_task_propagate_pointer(G_TASK(result), &error);
    if (mask == NULL)
        rh_window_report(self, _("The mask could not be taken"), error->message);
    else if (taking->keeper == self->keeper && taking->path != NULL && rh_mask_is_empty(mask))
        refuse_empty(self, taking->path, mask);
    else if (taking->keeper == self->keeper)
        operate(self, taking->id, taking->operation, mask);
    else
        rh_mask_free(mask); /* another study is open by now */
}

/* Takes `path` and `mask`, one of which is NULL. */
static void take(RhWindow *self, const char *operation, char *path, RhMask *mask, gboolean resize)
{
    Taking *taking = g_new(Taking, 1);
    *taking = (Taking){
        g_object_ref(self->keeper), g_strdup(self->image_id), path,   rh_mask_operation_find(operation),
        self->image->width,         self->image->height,      resize, mask};
    g_autoptr(GTask) task = g_task_new(self, NULL, taken, NULL);
    g_task_set_task_data(task, taking, (GDestroyNotify)taking_free);
    g_task_run_in_thread(task, take_in_thread);
}

/* A mask of an image of another size is stretched to this one. */
static void copy_from(RhWindow *self, const char *id)
{
    const RhCase *item = rh_study_find_case(self->study, id);
    if (item == NULL || self->editor == NULL)
        return;
    RhMask *mask = rh_mask_keeper_copy(self->keeper, id);
    if (mask == NULL && !item->has_mask)
        rh_window_toast(self, _("That image has no mask."));
    else
        take(self, "copy", mask == NULL ? rh_study_mask_path(self->study, item) : NULL, mask, TRUE);
}

static void mask_copy_image(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (self->editor != NULL)
        copy_from(self, g_variant_get_string(parameter, NULL));
}

static void mask_copy_previous(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (self->editor == NULL)
        return;
    g_autofree char *previous = rh_image_list_find_next(self->images, -1);
    if (previous != NULL)
        copy_from(self, previous);
    else
        rh_window_toast(self, _("This is the first image of the list."));
}

/* ── Choosing an image ── */

static GtkStringList *images_with_masks(RhWindow *self)
{
    GtkStringList *ids = gtk_string_list_new(NULL);
    for (guint i = 0; i < self->study->cases->len; i++) {
        const RhCase *item = self->study->cases->pdata[i];
        if (item->has_mask && g_strcmp0(item->id, self->image_id) != 0)
            gtk_string_list_append(ids, item->id);
    }
    return ids;
}

static void image_chosen(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    GtkDropDown *choice = GTK_DROP_DOWN(adw_message_dialog_get_extra_child(dialog));
    GtkStringObject *chosen = gtk_drop_down_get_selected_item(choice);
    if (g_str_equal(response, "copy") && chosen != NULL && self->editor != NULL)
        copy_from(self, gtk_string_object_get_string(chosen));
}

static void mask_copy_from(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (self->editor == NULL)
        return;
    g_autoptr(GtkStringList) ids = images_with_masks(self);
    if (g_list_model_get_n_items(G_LIST_MODEL(ids)) == 0) {
        rh_window_toast(self, _("No other image has a mask."));
        return;
    }
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), _("Copy the Mask of Which Image?"),
                                               _("It replaces the mask in view; undo brings that back."));
    GtkExpression *text = gtk_property_expression_new(GTK_TYPE_STRING_OBJECT, NULL, "string");
    GtkWidget *choice = gtk_drop_down_new(G_LIST_MODEL(g_steal_pointer(&ids)), text);
    gtk_drop_down_set_enable_search(GTK_DROP_DOWN(choice), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(choice), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Image"), -1);
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), choice);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "copy", _("C_opy"),
                                     NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "copy", ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "copy");
    g_signal_connect_object(dialog, "response", G_CALLBACK(image_chosen), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ── Choosing a file ── */

static void file_chosen(GtkFileChooserNative *dialog, int response, RhWindow *self)
{
    const char *operation = g_object_get_data(G_OBJECT(dialog), "operation");
    if (response == GTK_RESPONSE_ACCEPT && self->editor != NULL) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
        char *path = file != NULL ? g_file_get_path(file) : NULL;
        if (path != NULL)
            take(self, operation, path, NULL, FALSE);
    }
    g_object_unref(dialog);
}

static void mask_import(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const RhMaskOperation *operation = rh_mask_operation_find(g_variant_get_string(parameter, NULL));
    if (operation == NULL || !operation->takes_other || self->editor == NULL)
        return;
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        _("Choose a Mask"), GTK_WINDOW(self), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
    GtkFileFilter *images = gtk_file_filter_new();
    gtk_file_filter_set_name(images, _("Images"));
    gtk_file_filter_add_mime_type(images, "image/png");
    gtk_file_filter_add_mime_type(images, "image/jpeg");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), images);
    g_object_unref(images);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    g_object_set_data(G_OBJECT(chooser), "operation", (gpointer)operation->name);
    g_signal_connect_object(chooser, "response", G_CALLBACK(file_chosen), self, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* An operation's name and a path. */
static void mask_import_file(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const char *name, *path;
    g_variant_get(parameter, "(&s&s)", &name, &path);
    const RhMaskOperation *operation = rh_mask_operation_find(name);
    if (operation != NULL && operation->takes_other && self->editor != NULL)
        take(self, operation->name, g_strdup(path), NULL, FALSE);
}

/* ── Holes and islands of a few pixels ── */

static void specks_changed(RhCanvas *canvas, GParamSpec *pspec, RhWindow *self)
{
    guint count;
    g_object_get(canvas, "specks", &count, NULL);
    g_autofree char *text = g_strdup_printf(g_dngettext(NULL, "%u speck", "%u specks", count), count);
    gtk_button_set_label(self->specks, text);
    gtk_widget_set_visible(GTK_WIDGET(self->specks), count > 0);
}

void rh_window_editor_init(RhWindow *self)
{
    g_signal_connect_object(self->canvas, "notify::specks", G_CALLBACK(specks_changed), self, 0);
}

const GActionEntry rh_window_editor_actions[] = {
    {"mask-operation", mask_operation, "s"}, {"mask-copy-previous", mask_copy_previous},
    {"mask-copy-from", mask_copy_from},      {"mask-copy-image", mask_copy_image, "s"},
    {"mask-import", mask_import, "s"},       {"mask-import-file", mask_import_file, "(ss)"},
};
const guint rh_window_n_editor_actions = G_N_ELEMENTS(rh_window_editor_actions);
