/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "base/paths.h"
#include "common/accessible.h"
#include "common/focus.h"
#include "common/menu-tooltips.h"
#include "common/text.h"
#include "common/wheel.h"
#include "start/welcome.h"

G_DEFINE_FINAL_TYPE(RhWindow, rh_window, ADW_TYPE_APPLICATION_WINDOW)

/* ── Messages ── */

void rh_window_toast(RhWindow *self, const char *text)
{
    AdwToast *toast = rh_text_toast(text);
    adw_toast_set_priority(toast, ADW_TOAST_PRIORITY_HIGH); /* an answer does not wait behind a report */
    adw_toast_overlay_add_toast(self->toasts, toast);
}

static void study_toast_gone(AdwToast *toast, RhWindow *self)
{
    g_ptr_array_remove(self->study_toasts, toast);
}

void rh_window_add_study_toast(RhWindow *self, AdwToast *toast)
{
    g_ptr_array_add(self->study_toasts, g_object_ref(toast));
    g_signal_connect_object(toast, "dismissed", G_CALLBACK(study_toast_gone), self, 0);
    adw_toast_overlay_add_toast(self->toasts, toast);
}

void rh_window_dismiss_study_toasts(RhWindow *self)
{
    while (self->study_toasts->len > 0) {
        g_autoptr(AdwToast) toast = g_object_ref(self->study_toasts->pdata[0]);
        adw_toast_dismiss(toast);
    }
}

void rh_window_report(RhWindow *self, const char *heading, const char *message)
{
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), heading, message);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
    gtk_window_present(GTK_WINDOW(dialog));
}

void rh_window_report_broken(RhWindow *self, const char *heading, const char *reason, const char *aside)
{
    g_autofree char *shown = aside != NULL ? rh_path_shown(aside) : NULL;
    g_autofree char *kept =
        shown != NULL
            ? g_strdup_printf(_("The file is kept as “%s”. Images, masks and runs are as they were."), shown)
            : NULL;
    g_autofree char *message = kept != NULL ? g_strdup_printf("%s\n\n%s", reason, kept) : g_strdup(reason);
    rh_window_report(self, heading, message);
}

void rh_window_show_details(RhWindow *self, const char *heading, const char *text)
{
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), heading, NULL);
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_yalign(GTK_LABEL(label), 0);
    GtkWidget *scrolled = gtk_scrolled_window_new();
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), label);
    gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
    gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), 360);
    gtk_widget_set_size_request(scrolled, 460, -1);
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), scrolled);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
    gtk_window_present(GTK_WINDOW(dialog));
}

void rh_window_set_enabled(RhWindow *self, const char *action, gboolean enabled)
{
    GAction *found = g_action_map_lookup_action(G_ACTION_MAP(self), action);
    g_simple_action_set_enabled(G_SIMPLE_ACTION(found), enabled);
}

/* ── Actions on the canvas and the lists; each room adds its own ── */

static void activate_on_canvas(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    static const char *const canvas_actions[][2] = {
        {"undo", "canvas.undo"},       {"redo", "canvas.redo"},         {"fit", "canvas.zoom-fit"},
        {"zoom-in", "canvas.zoom-in"}, {"zoom-out", "canvas.zoom-out"}, {"next-speck", "canvas.next-speck"},
    };
    RhWindow *self = data;
    const char *name = g_action_get_name(G_ACTION(action));
    for (guint i = 0; i < G_N_ELEMENTS(canvas_actions); i++)
        if (g_str_equal(canvas_actions[i][0], name))
            gtk_widget_activate_action(GTK_WIDGET(self->canvas), canvas_actions[i][1], NULL);
}

/* Where the focus is among the runs it is about them. */
static void undo(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    if (rh_window_can_undo_deletion(data))
        rh_window_undo_last_deletion(data);
    else
        activate_on_canvas(action, parameter, data);
}

static void next_image(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_image_list_select_next(RH_WINDOW(data)->images, 1);
}

static void previous_image(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_image_list_select_next(RH_WINDOW(data)->images, -1);
}

static void select_image(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const char *id = g_variant_get_string(parameter, NULL);
    if (self->study != NULL && rh_study_find_case(self->study, id) != NULL)
        rh_image_list_select(self->images, id);
}

static void set_level(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    double level = g_variant_get_double(parameter);
    g_object_set(RH_WINDOW(data)->shift, "level", CLAMP(level, 0.0, 1.0), NULL);
}

/* Made when it is asked for and gone when it is closed, not there and hidden all the time, as GtkApplication
 * would have it: GTK 4.8 falls over a hidden window when a screen reader asks for one just closed. */
static void show_help_overlay(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    GtkApplicationWindow *window = data;
    GtkShortcutsWindow *shown = gtk_application_window_get_help_overlay(window);
    if (shown != NULL && gtk_widget_get_visible(GTK_WIDGET(shown)))
        return;
    g_autoptr(GtkBuilder) builder =
        gtk_builder_new_from_resource("/org/redherring/RedHerring/ui/shortcuts-window.ui");
    GtkShortcutsWindow *overlay = GTK_SHORTCUTS_WINDOW(gtk_builder_get_object(builder, "help_overlay"));
    gtk_application_window_set_help_overlay(window, overlay); /* writes the keys of the actions into it */
    gtk_window_set_hide_on_close(GTK_WINDOW(overlay), FALSE);
    gtk_window_present(GTK_WINDOW(overlay));
}

static const GActionEntry actions[] = {
    {"undo", undo},
    {"redo", activate_on_canvas},
    {"fit", activate_on_canvas},
    {"next-speck", activate_on_canvas},
    {"zoom-in", activate_on_canvas},
    {"zoom-out", activate_on_canvas},
    {"next-image", next_image},
    {"previous-image", previous_image},
    {"select-image", select_image, "s"},
    {"set-level", set_level, "d"},
    {"show-help-overlay", show_help_overlay},
};

static void add_property_action(RhWindow *self, const char *name, gpointer object, const char *property)
{
    g_autoptr(GPropertyAction) action = g_property_action_new(name, object, property);
    g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
}

static void add_actions(RhWindow *self)
{
    GActionMap *map = G_ACTION_MAP(self);
    g_action_map_add_action_entries(map, actions, G_N_ELEMENTS(actions), self);
    g_action_map_add_action_entries(map, rh_window_editor_actions, (int)rh_window_n_editor_actions, self);
    g_action_map_add_action_entries(map, rh_window_study_actions, (int)rh_window_n_study_actions, self);
    g_action_map_add_action_entries(map, rh_window_import_actions, (int)rh_window_n_import_actions, self);
    g_action_map_add_action_entries(map, rh_window_present_actions, (int)rh_window_n_present_actions, self);
    g_action_map_add_action_entries(map, rh_window_recent_actions, (int)rh_window_n_recent_actions, self);
    g_action_map_add_action_entries(map, rh_window_welcome_actions, (int)rh_window_n_welcome_actions, self);
    g_action_map_add_action_entries(map, rh_window_runs_actions, (int)rh_window_n_runs_actions, self);
    g_action_map_add_action_entries(map, rh_window_training_actions, (int)rh_window_n_training_actions, self);
    g_action_map_add_action_entries(map, rh_window_history_actions, (int)rh_window_n_history_actions, self);
    add_property_action(self, "tool", self->canvas, "tool");
    add_property_action(self, "show-measure", self->shift, "measure");
    add_property_action(self, "seeds-together", self->shift, "seeds-together");
    g_object_bind_property(self->shift, "seeds-together", self->learning, "seeds-together",
                           G_BINDING_SYNC_CREATE);
    add_property_action(self, "show-images", self->flap, "reveal-flap");
    add_property_action(self, "compare", self->compare.view, "visible");
    g_object_bind_property(self->canvas, "can-redo", g_action_map_lookup_action(map, "redo"), "enabled",
                           G_BINDING_SYNC_CREATE);
    g_signal_connect_object(self->canvas, "notify::can-undo", G_CALLBACK(rh_window_update_undo), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect(self, "notify::focus-widget", G_CALLBACK(rh_window_update_undo), NULL);
    rh_window_update_undo(self);
}

void rh_window_update_undo(RhWindow *self)
{
    gboolean can_undo = FALSE;
    if (self->study != NULL)
        g_object_get(self->canvas, "can-undo", &can_undo, NULL);
    rh_window_set_enabled(self, "undo", can_undo || rh_window_can_undo_deletion(self));
}

/* ── Closing ── */

static void close_for_good(RhWindow *self)
{
    gtk_window_destroy(GTK_WINDOW(self));
}

static void closing_answered(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    if (g_str_equal(response, "lose"))
        close_for_good(self);
}

/* Out of sight at once; gone when the training has stopped and everything is on disk. */
static gboolean close_request(GtkWindow *window)
{
    RhWindow *self = RH_WINDOW(window);
    rh_window_state_save(self);
    rh_window_delete_hidden_runs(self);
    self->closing = TRUE;
    rh_window_when_quiet(self, close_for_good);
    if (self->when_quiet != NULL) /* else it is gone, or stays because something cannot be saved */
        gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
    return TRUE;
}

/* Masks could not be saved: the person decides. */
void rh_window_closing_failed(RhWindow *self, const char *message)
{
    self->closing = FALSE;
    gtk_window_present(GTK_WINDOW(self));
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), _("Masks could not be saved"), message);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "stay", _("_Stay"), "lose",
                                     _("_Close Without Saving"), NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "lose", ADW_RESPONSE_DESTRUCTIVE);
    g_signal_connect_object(dialog, "response", G_CALLBACK(closing_answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

/* The other pages have no images beside them and nothing to compare. */
static void page_shown(RhWindow *self)
{
    const gboolean work = g_strcmp0(gtk_stack_get_visible_child_name(self->pages), "work") == 0;
    gtk_widget_set_visible(self->images_button, work);
    gtk_widget_set_visible(self->compare_button, work);
}

/* ── A folder dropped on the window ── */

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y, RhWindow *self)
{
    const GSList *files = g_value_get_boxed(value);
    g_autofree char *path = files != NULL ? g_file_get_path(files->data) : NULL;
    if (path == NULL)
        return FALSE;
    rh_window_open(self, path);
    return TRUE;
}

/* ── The object ── */

RhWindow *rh_window_new(GtkApplication *application)
{
    return g_object_new(RH_TYPE_WINDOW, "application", application, NULL);
}

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(rh_window_parent_class)->constructed(object);
    rh_window_state_constructed(RH_WINDOW(object));
}

static void dispose(GObject *object)
{
    RhWindow *self = RH_WINDOW(object);
    rh_window_present_clear(self);
    g_clear_handle_id(&self->state_timeout, g_source_remove);
    if (self->opening != NULL)
        g_cancellable_cancel(self->opening);
    if (self->comparing != NULL)
        g_cancellable_cancel(self->comparing);
    if (self->checking_split != NULL)
        g_cancellable_cancel(self->checking_split);
    if (self->image_loading != NULL)
        g_cancellable_cancel(self->image_loading);
    g_clear_object(&self->opening);
    g_clear_object(&self->comparing);
    g_clear_object(&self->checking_split);
    rh_window_stop_looking_again(self);
    g_clear_object(&self->image_loading);
    rh_window_drop_next_study(self);
    if (self->study != NULL)
        rh_window_study_cleared(self);
    if (self->live != NULL)
        g_signal_handlers_disconnect_by_data(self->live, self);
    g_clear_object(&self->live);
    rh_window_live_clear(self);
    rh_window_forget_estimate(self);
    rh_window_history_clear(self);
    rh_window_compare_clear(self);
    if (self->maps != NULL)
        g_signal_handlers_disconnect_by_data(self->maps, self);
    g_clear_object(&self->maps);
    g_clear_object(&self->runs);
    g_clear_object(&self->recent);
    g_clear_object(&self->settings);
    g_clear_object(&self->run_queue);
    G_OBJECT_CLASS(rh_window_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhWindow *self = RH_WINDOW(object);
    g_clear_pointer(&self->deleted, g_ptr_array_unref);
    g_clear_pointer(&self->study_toasts, g_ptr_array_unref);
    g_clear_pointer(&self->training_costs, g_hash_table_unref);
    rh_window_state_clear(self);
    g_clear_pointer(&self->import_report, g_free);
    g_clear_pointer(&self->mask_failure, g_free);
    G_OBJECT_CLASS(rh_window_parent_class)->finalize(object);
}

static void ensure_types(void)
{
    g_type_ensure(RH_TYPE_CANVAS);
    g_type_ensure(RH_TYPE_COMPARE_VIEW);
    g_type_ensure(RH_TYPE_HISTORY_BAR);
    g_type_ensure(RH_TYPE_TOOLBOX);
    g_type_ensure(RH_TYPE_MASK_MENU);
    g_type_ensure(RH_TYPE_HISTORY_MENU);
    g_type_ensure(RH_TYPE_TOOL_OPTIONS);
    g_type_ensure(RH_TYPE_IMAGE_LIST);
    g_type_ensure(RH_TYPE_DISPLAY_PANEL);
    g_type_ensure(RH_TYPE_MINIMAP);
    g_type_ensure(RH_TYPE_QUEUE_PANEL);
    g_type_ensure(RH_TYPE_RUN_PANEL);
    g_type_ensure(RH_TYPE_LEARNING_PANEL);
    g_type_ensure(RH_TYPE_LIVE_BAR);
    g_type_ensure(RH_TYPE_SHIFT_PANEL);
    g_type_ensure(RH_TYPE_RUNS_LIST);
    g_type_ensure(RH_TYPE_RECENT_LIST);
    g_type_ensure(RH_TYPE_WELCOME);
}

static void rh_window_class_init(RhWindowClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->constructed = constructed;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    GTK_WINDOW_CLASS(class)->close_request = close_request;
    ensure_types();
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/window.ui");
    gtk_widget_class_bind_template_child(widget_class, RhWindow, heading);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, toasts);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, unsaved);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, torn);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, shared);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, pages);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, trouble);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, images);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, flap);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, canvas);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, map_choice);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, tool_options);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, mask_menu);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, specks);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, images_button);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, compare_button);
    gtk_widget_class_bind_template_callback(widget_class, page_shown);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, prediction);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, map_note);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, live_bar);
    gtk_widget_class_bind_template_child_full(widget_class, "compare_view", FALSE,
                                              G_STRUCT_OFFSET(RhWindow, compare.view));
    gtk_widget_class_bind_template_child_full(widget_class, "history_bar", FALSE,
                                              G_STRUCT_OFFSET(RhWindow, history.bar));
    gtk_widget_class_bind_template_child(widget_class, RhWindow, minimap);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, display);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, point);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, queue);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, run_panel);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, learning);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, shift);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, runs_list);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, recent_list);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, recent_menu);
    gtk_widget_class_bind_template_child(widget_class, RhWindow, select_by);
}

static void rh_window_init(RhWindow *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->live = rh_live_saliency_new();
    self->runs = g_list_store_new(RH_TYPE_RUN_ITEM);
    self->study_toasts = g_ptr_array_new_with_free_func(g_object_unref);
    self->deleted = g_ptr_array_new_with_free_func(g_object_unref);
    self->training_costs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_actions(self);
    rh_window_image_init(self);
    rh_window_live_init(self);
    rh_window_history_init(self);
    rh_window_view_init(self);
    rh_window_queue_init(self);
    rh_window_editor_init(self);
    rh_window_compare_init(self);
    rh_window_runs_init(self);
    rh_window_run_queue_init(self);
    GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
    g_signal_connect_object(target, "drop", G_CALLBACK(dropped), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(target));
    rh_window_state_load(self);
    rh_window_recent_init(self);
    rh_window_update_training(self);
    rh_accessible_name_parts(GTK_WIDGET(self));
    rh_menu_tooltips_make_way(GTK_WIDGET(self));
    rh_focus_stay_in_sight(GTK_WINDOW(self));
    rh_wheel_passes_by(GTK_WIDGET(self->run_panel));
    rh_wheel_passes_by(GTK_WIDGET(self->shift));
}
