/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "present/present.h"

#include <glib/gi18n.h>

#include "present/present-slides.h"

struct _RhPresent {
    AdwBin parent_instance;
    GtkWindow *parent; /* of the stage */
    GtkWindow *stage;  /* the window it is shown in; NULL while it was left */
    RhPresentShow *show;
    GtkStack *slides;
    GtkWidget *dots, *activity, *progress, *theme, *curtain, *back, *forward;
    guint at;
    AdwColorScheme scheme; /* of the application, while it is another */
    gboolean scheme_changed;
    guint awake; /* what keeps the screen from going dark; 0: nothing does */
};

G_DEFINE_FINAL_TYPE(RhPresent, rh_present, ADW_TYPE_BIN)

enum { LEFT, LOOK_AROUND, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ── Steps ── */

static void go_to(RhPresent *self, int step)
{
    self->at = (guint)CLAMP(step, 0, (int)rh_present_n_slides - 1);
    const RhPresentSlide *slide = &rh_present_slides[self->at];
    for (guint i = 0; i < rh_present_n_slides; i++) /* a screen reader reads this step only */
        gtk_widget_set_visible(gtk_stack_get_child_by_name(self->slides, rh_present_slides[i].id),
                               i == self->at);
    gtk_stack_set_visible_child_name(self->slides, slide->id);
    g_autofree char *place =
        g_strdup_printf(_("%u of %u · %s"), self->at + 1, rh_present_n_slides, _(slide->title));
    rh_present_set_text(self->dots, place);
    gtk_widget_set_sensitive(self->back, self->at > 0);
    gtk_widget_set_sensitive(self->forward, self->at + 1 < rh_present_n_slides);
}

/* Whether the screen was black: then nothing goes on unseen, and what would have gone on brings the step
 * back. */
static gboolean lift_curtain(RhPresent *self)
{
    const gboolean black = gtk_widget_get_visible(self->curtain);
    gtk_widget_set_visible(self->curtain, FALSE);
    return black;
}

static void step_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhPresent *self = RH_PRESENT(widget);
    if (!lift_curtain(self))
        go_to(self, (int)self->at + g_variant_get_int32(parameter));
}

static void turn_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhPresent *self = RH_PRESENT(widget);
    if (!lift_curtain(self))
        rh_present_slide_turn(gtk_stack_get_visible_child(self->slides), g_variant_get_int32(parameter));
}

/* ── Light, dark, nothing ── */

static void restore_scheme(RhPresent *self)
{
    if (self->scheme_changed)
        adw_style_manager_set_color_scheme(adw_style_manager_get_default(), self->scheme);
    self->scheme_changed = FALSE;
}

static void theme_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhPresent *self = RH_PRESENT(widget);
    AdwStyleManager *manager = adw_style_manager_get_default();
    if (!self->scheme_changed)
        self->scheme = adw_style_manager_get_color_scheme(manager);
    self->scheme_changed = TRUE;
    adw_style_manager_set_color_scheme(manager, adw_style_manager_get_dark(manager)
                                                    ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                    : ADW_COLOR_SCHEME_FORCE_DARK);
}

static void curtain_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhPresent *self = RH_PRESENT(widget);
    gtk_widget_set_visible(self->curtain, !lift_curtain(self));
}

/* ── Coming and going ── */

/* While something is presented the screen does not go dark by itself. */
static void keep_awake(RhPresent *self)
{
    if (self->awake == 0)
        self->awake = gtk_application_inhibit(GTK_APPLICATION(g_application_get_default()), self->stage,
                                              GTK_APPLICATION_INHIBIT_IDLE, _("Presenting to an audience"));
}

static void let_sleep(RhPresent *self)
{
    if (self->awake != 0)
        gtk_application_uninhibit(GTK_APPLICATION(g_application_get_default()), self->awake);
    self->awake = 0;
}

/* The stage is taken down and not hidden: GTK 4.8 falls over a hidden window when a screen reader asks for
 * one that has just closed. The steps stay as they are. */
void rh_present_end(RhPresent *self)
{
    restore_scheme(self);
    let_sleep(self);
    lift_curtain(self);
    if (self->stage == NULL)
        return;
    GtkWindow *stage = self->stage;
    g_clear_weak_pointer(&self->stage);
    adw_window_set_content(ADW_WINDOW(stage), NULL);
    gtk_window_destroy(stage);
}

static void leave(RhPresent *self)
{
    g_autoptr(RhPresent) hold = g_object_ref(self);
    rh_present_end(self);
    g_signal_emit(self, signals[LEFT], 0);
}

static void leave_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
    leave(RH_PRESENT(widget));
}

static gboolean close_request(RhPresent *self)
{
    leave(self);
    return TRUE;
}

static void look_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhPresent *self = RH_PRESENT(widget);
    leave(self);
    if (rh_present_show_study(self->show) != NULL)
        g_signal_emit(self, signals[LOOK_AROUND], 0, rh_present_show_folder(self->show));
}

RhPresentShow *rh_present_get_show(RhPresent *self)
{
    return self->show;
}

/* ── What goes on in the background ── */

static void refresh(RhPresent *self)
{
    double fraction = 0;
    g_autofree char *activity = rh_present_show_activity(self->show, &fraction);
    const char *trouble = rh_present_show_trouble(self->show);
    const char *text = activity != NULL ? activity : trouble != NULL ? trouble : "";
    rh_present_set_text(self->activity, text);
    gtk_widget_set_visible(self->progress, activity != NULL);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress), CLAMP(fraction, 0, 1));
}

/* ── Keys ── */

/* Before any widget: the slider would take the arrows, a button the space bar. */
static gboolean key_pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                            RhPresent *self)
{
    static const struct {
        guint key;
        const char *action;
        int argument; /* 0: none */
    } keys[] = {
        {GDK_KEY_Right, "present.step", 1},      {GDK_KEY_Page_Down, "present.step", 1},
        {GDK_KEY_space, "present.step", 1},      {GDK_KEY_Return, "present.step", 1},
        {GDK_KEY_Left, "present.step", -1},      {GDK_KEY_Page_Up, "present.step", -1},
        {GDK_KEY_BackSpace, "present.step", -1}, {GDK_KEY_Home, "present.step", -1000},
        {GDK_KEY_End, "present.step", 1000},     {GDK_KEY_Up, "present.turn", 1},
        {GDK_KEY_Down, "present.turn", -1},      {GDK_KEY_b, "present.curtain", 0},
        {GDK_KEY_period, "present.curtain", 0},  {GDK_KEY_d, "present.theme", 0},
        {GDK_KEY_Escape, "present.leave", 0},    {GDK_KEY_F5, "present.leave", 0},
    };
    if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
        return FALSE;
    const guint plain = gdk_keyval_to_lower(key); /* whether or not Caps Lock is on */
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i].key == plain) {
            GVariant *argument = keys[i].argument != 0 ? g_variant_new_int32(keys[i].argument) : NULL;
            gtk_widget_activate_action_variant(GTK_WIDGET(self), keys[i].action, argument);
            return TRUE;
        }
    return FALSE;
}

/* ── The stage ── */

static GtkWindow *stage_new(RhPresent *self)
{
    GtkWindow *stage = g_object_new(ADW_TYPE_WINDOW, "title", _("Red Herring: Present"), "transient-for",
                                    self->parent, "destroy-with-parent", TRUE, "content", self, NULL);
    gtk_window_set_default_size(stage, 1440, 900);
    gtk_widget_add_css_class(GTK_WIDGET(stage), "present");
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect_object(keys, "key-pressed", G_CALLBACK(key_pressed), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(stage), keys);
    g_signal_connect_object(stage, "close-request", G_CALLBACK(close_request), self, G_CONNECT_SWAPPED);
    return stage;
}

void rh_present_begin(RhPresent *self)
{
    if (self->stage == NULL)
        g_set_weak_pointer(&self->stage, stage_new(self));
    gtk_window_present(self->stage);
    gtk_window_fullscreen(self->stage);
    keep_awake(self);
}

/* ── The object ── */

static GtkWidget *button(const char *icon, const char *name, const char *action, int argument)
{
    GtkWidget *widget = gtk_button_new_from_icon_name(icon);
    gtk_widget_set_tooltip_text(widget, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(widget), action);
    if (argument != 0)
        gtk_actionable_set_action_target(GTK_ACTIONABLE(widget), "i", argument);
    gtk_widget_set_focusable(widget, FALSE); /* the keys belong to the steps */
    return widget;
}

static GtkWidget *build_foot(RhPresent *self)
{
    GtkWidget *warning = rh_present_text(_("For research and teaching, not for diagnosis."), "foot-text");
    GtkWidget *foot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_add_css_class(foot, "foot");
    self->back = button("go-previous-symbolic", _("Back"), "present.step", -1);
    self->forward = button("go-next-symbolic", _("On"), "present.step", 1);
    self->theme = button("weather-clear-night-symbolic", _("Light or dark (D)"), "present.theme", 0);
    self->dots = rh_present_text("", "foot-text");
    self->progress = gtk_progress_bar_new();
    gtk_widget_set_valign(self->progress, GTK_ALIGN_CENTER);
    gtk_widget_set_size_request(self->progress, 160, -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("In the background"), -1);
    self->activity = rh_present_text("", "foot-text");
    gtk_label_set_natural_wrap_mode(GTK_LABEL(warning),
                                    GTK_NATURAL_WRAP_NONE); /* one line if there is room */
    gtk_widget_set_hexpand(self->activity, TRUE);
    GtkWidget *const parts[] = {
        self->back,
        self->forward,
        self->dots,
        self->progress,
        self->activity,
        warning,
        self->theme,
        button("system-search-symbolic", _("Look around in this study"), "present.look", 0),
        button("view-restore-symbolic", _("Leave (Esc)"), "present.leave", 0)};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        gtk_box_append(GTK_BOX(foot), parts[i]);
    return foot;
}

static void build(RhPresent *self)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->slides = GTK_STACK(gtk_stack_new());
    gtk_widget_set_vexpand(GTK_WIDGET(self->slides), TRUE);
    for (guint i = 0; i < rh_present_n_slides; i++)
        gtk_stack_add_named(self->slides, rh_present_slides[i].build(self->show), rh_present_slides[i].id);
    gtk_box_append(GTK_BOX(column), GTK_WIDGET(self->slides));
    gtk_box_append(GTK_BOX(column), build_foot(self));
    self->curtain = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(self->curtain, "curtain");
    gtk_widget_set_visible(self->curtain, FALSE);
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect_object(click, "pressed", G_CALLBACK(lift_curtain), self, G_CONNECT_SWAPPED);
    gtk_widget_add_controller(self->curtain, GTK_EVENT_CONTROLLER(click));
    GtkWidget *overlay = gtk_overlay_new();
    gtk_overlay_set_child(GTK_OVERLAY(overlay), column);
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), self->curtain);
    adw_bin_set_child(ADW_BIN(self), overlay);
}

RhPresent *rh_present_new(GtkWindow *parent, RhPresentShow *show)
{
    RhPresent *self = g_object_ref_sink(g_object_new(RH_TYPE_PRESENT, NULL));
    self->parent = parent;
    self->show = g_object_ref(show);
    build(self);
    g_signal_connect_object(show, "changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
    refresh(self);
    go_to(self, 0);
    return self;
}

static void dispose(GObject *object)
{
    RhPresent *self = RH_PRESENT(object);
    rh_present_end(self);
    if (self->show != NULL)
        g_signal_handlers_disconnect_by_data(self->show, self);
    G_OBJECT_CLASS(rh_present_parent_class)->dispose(object);
    g_clear_object(&self->show);
}

static void rh_present_class_init(RhPresentClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_install_action(widget_class, "present.step", "i", step_action);
    gtk_widget_class_install_action(widget_class, "present.turn", "i", turn_action);
    gtk_widget_class_install_action(widget_class, "present.theme", NULL, theme_action);
    gtk_widget_class_install_action(widget_class, "present.curtain", NULL, curtain_action);
    gtk_widget_class_install_action(widget_class, "present.leave", NULL, leave_action);
    gtk_widget_class_install_action(widget_class, "present.look", NULL, look_action);
    signals[LEFT] =
        g_signal_new("left", RH_TYPE_PRESENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[LOOK_AROUND] = g_signal_new("look-around", RH_TYPE_PRESENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void rh_present_init(RhPresent *self)
{
}
