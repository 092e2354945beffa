/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

/* How the image is looked at: RhCanvasDisplay as properties, and the window by dragging. */

#define RANGE_MIN   -1.0 /* of black and white, in shares of the image's range */
#define RANGE_MAX   2.0
#define WIDTH_MIN   (1.0 / 1024)
#define FIRST_ID    100u  /* of these properties: behind those of canvas.c */
#define DRAG_BEGINS 3.0   /* pixels, before which a hand has only clicked */
#define DRAG_DOUBLE 150.0 /* pixels to the right that make the window twice as wide */
#define DRAG_LEVEL  300.0 /* pixels down that move it by its own width */

GType rh_window_preset_get_type(void)
{
    static gsize type = 0;
    static const GEnumValue values[] = {
        {RH_WINDOW_FULL, "RH_WINDOW_FULL", "full"},          {RH_WINDOW_MIDDLE, "RH_WINDOW_MIDDLE", "middle"},
        {RH_WINDOW_DARK, "RH_WINDOW_DARK", "dark"},          {RH_WINDOW_BRIGHT, "RH_WINDOW_BRIGHT", "bright"},
        {RH_WINDOW_BY_HAND, "RH_WINDOW_BY_HAND", "by-hand"}, {0, NULL, NULL},
    };
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("RhWindowPreset", values));
    return type;
}

GType rh_mask_style_get_type(void)
{
    static gsize type = 0;
    static const GEnumValue values[] = {
        {RH_MASK_FILLED, "RH_MASK_FILLED", "filled"},
        {RH_MASK_FILL_ONLY, "RH_MASK_FILL_ONLY", "fill-only"},
        {RH_MASK_OUTLINED, "RH_MASK_OUTLINED", "outlined"},
        {0, NULL, NULL},
    };
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("RhMaskStyle", values));
    return type;
}

GType rh_mask_colour_get_type(void)
{
    static gsize type = 0;
    static const GEnumValue values[] = {
        {RH_MASK_CYAN, "RH_MASK_CYAN", "cyan"},          {RH_MASK_YELLOW, "RH_MASK_YELLOW", "yellow"},
        {RH_MASK_MAGENTA, "RH_MASK_MAGENTA", "magenta"}, {RH_MASK_GREEN, "RH_MASK_GREEN", "green"},
        {RH_MASK_ORANGE, "RH_MASK_ORANGE", "orange"},    {0, NULL, NULL},
    };
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("RhMaskColour", values));
    return type;
}

/* ── The window of values ── */

/* Quantiles of the image's values; the full range needs none. */
static const struct {
    double black, white;
} presets[RH_N_WINDOW_PRESETS] = {
    [RH_WINDOW_MIDDLE] = {0.01, 0.99},
    [RH_WINDOW_DARK] = {0.005, 0.5},
    [RH_WINDOW_BRIGHT] = {0.5, 0.995},
};

static void notify(RhCanvas *canvas, const char *property)
{
    g_object_notify(G_OBJECT(canvas), property);
}

static void set_window(RhCanvas *canvas, double black, double white, RhWindowPreset preset)
{
    RhCanvasDisplay *display = &canvas->picture.display, before = *display;
    display->black = CLAMP(black, RANGE_MIN, RANGE_MAX - WIDTH_MIN);
    display->white = CLAMP(white, display->black + WIDTH_MIN, RANGE_MAX);
    display->window_preset = preset;
    if (display->black != before.black)
        notify(canvas, "black");
    if (display->white != before.white)
        notify(canvas, "white");
    if (display->window_preset != before.window_preset)
        notify(canvas, "window-preset");
    if (display->black != before.black || display->white != before.white)
        rh_canvas_repaint(canvas);
}

static double share_of_range(const RhImage *image, double value)
{
    return (value - image->black) / MAX(image->white - image->black, 1e-30);
}

static void apply_preset(RhCanvas *canvas, RhWindowPreset preset)
{
    const RhCanvasDisplay *display = &canvas->picture.display;
    const RhImage *image = canvas->picture.image;
    if (preset == RH_WINDOW_BY_HAND || (preset != RH_WINDOW_FULL && image == NULL))
        set_window(canvas, display->black, display->white, preset);
    else if (preset == RH_WINDOW_FULL)
        set_window(canvas, 0, 1, preset);
    else
        set_window(
            canvas, share_of_range(image, rh_histogram_quantile(&canvas->histogram, presets[preset].black)),
            share_of_range(image, rh_histogram_quantile(&canvas->histogram, presets[preset].white)), preset);
}

const RhCanvasDisplay *rh_canvas_display(RhCanvas *canvas)
{
    return &canvas->picture.display;
}

void rh_canvas_display_image(RhCanvas *canvas)
{
    if (canvas->picture.image == NULL)
        return;
    rh_histogram_of_image(&canvas->histogram, canvas->picture.image);
    apply_preset(canvas, canvas->picture.display.window_preset);
}

const RhHistogram *rh_canvas_get_histogram(RhCanvas *canvas)
{
    g_return_val_if_fail(RH_IS_CANVAS(canvas), NULL);
    return canvas->picture.image != NULL ? &canvas->histogram : NULL;
}

RhImage *rh_canvas_get_image(RhCanvas *canvas)
{
    g_return_val_if_fail(RH_IS_CANVAS(canvas), NULL);
    return canvas->picture.image;
}

/* ── By dragging with the right button: across for the width, down for the level ── */

static void window_drag_begin(GtkGestureDrag *drag, double x, double y, RhCanvas *canvas)
{
    if (canvas->picture.image == NULL)
        gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_DENIED);
    canvas->window_black = canvas->picture.display.black;
    canvas->window_white = canvas->picture.display.white;
}

static void window_drag_update(GtkGestureDrag *drag, double dx, double dy, RhCanvas *canvas)
{
    if (hypot(dx, dy) < DRAG_BEGINS && canvas->picture.display.window_preset != RH_WINDOW_BY_HAND)
        return;
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
    double width = canvas->window_white - canvas->window_black;
    double level = (canvas->window_black + canvas->window_white) / 2 + width * dy / DRAG_LEVEL;
    width = CLAMP(width * exp2(dx / DRAG_DOUBLE), WIDTH_MIN, RANGE_MAX - RANGE_MIN);
    set_window(canvas, level - width / 2, level + width / 2, RH_WINDOW_BY_HAND);
}

void rh_canvas_add_window_drag(RhCanvas *canvas)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), GDK_BUTTON_SECONDARY);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(window_drag_begin), canvas);
    g_signal_connect(drag, "drag-update", G_CALLBACK(window_drag_update), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), GTK_EVENT_CONTROLLER(drag));
}

/* ── Properties ── */

static void set_black(RhCanvas *canvas, const GValue *value)
{
    double black = g_value_get_double(value);
    set_window(canvas, black, MAX(canvas->picture.display.white, black + WIDTH_MIN), RH_WINDOW_BY_HAND);
}

static void set_white(RhCanvas *canvas, const GValue *value)
{
    double white = g_value_get_double(value);
    set_window(canvas, MIN(canvas->picture.display.black, white - WIDTH_MIN), white, RH_WINDOW_BY_HAND);
}

static void set_preset(RhCanvas *canvas, const GValue *value)
{
    apply_preset(canvas, g_value_get_enum(value));
}

/* In the display, a double where it has a setter of its own, else a boolean or an enumeration's int. */
static const struct {
    const char *name;
    goffset place;
    GType (*type)(void);                          /* of an enumeration; NULL: not one */
    void (*set)(RhCanvas *, const GValue *value); /* NULL: the value alone is set */
    gboolean is_double;
    const char *action;
} display_properties[] = {
    {"window-preset", G_STRUCT_OFFSET(RhCanvasDisplay, window_preset), rh_window_preset_get_type, set_preset,
     FALSE, "canvas.window-preset"},
    {"black", G_STRUCT_OFFSET(RhCanvasDisplay, black), NULL, set_black, TRUE, NULL},
    {"white", G_STRUCT_OFFSET(RhCanvasDisplay, white), NULL, set_white, TRUE, NULL},
    {"inverted", G_STRUCT_OFFSET(RhCanvasDisplay, inverted), NULL, NULL, FALSE, "canvas.inverted"},
    {"pixel-grid", G_STRUCT_OFFSET(RhCanvasDisplay, grid), NULL, NULL, FALSE, "canvas.pixel-grid"},
    {"minimap", G_STRUCT_OFFSET(RhCanvasDisplay, minimap), NULL, NULL, FALSE, "canvas.minimap"},
    {"mask-style", G_STRUCT_OFFSET(RhCanvasDisplay, mask_style), rh_mask_style_get_type, NULL, FALSE,
     "canvas.mask-style"},
    {"mask-colour", G_STRUCT_OFFSET(RhCanvasDisplay, mask_colour), rh_mask_colour_get_type, NULL, FALSE,
     "canvas.mask-colour"},
};

static int find_property(GParamSpec *property)
{
    for (guint i = 0; i < G_N_ELEMENTS(display_properties); i++)
        if (g_str_equal(display_properties[i].name, property->name))
            return (int)i;
    return -1;
}

gboolean rh_canvas_get_display(RhCanvas *canvas, GParamSpec *property, GValue *value)
{
    int i = find_property(property);
    if (i < 0)
        return FALSE;
    gpointer place = G_STRUCT_MEMBER_P(&canvas->picture.display, display_properties[i].place);
    if (display_properties[i].is_double)
        g_value_set_double(value, *(double *)place);
    else if (display_properties[i].type != NULL)
        g_value_set_enum(value, *(int *)place);
    else
        g_value_set_boolean(value, *(gboolean *)place);
    return TRUE;
}

gboolean rh_canvas_set_display(RhCanvas *canvas, GParamSpec *property, const GValue *value)
{
    int i = find_property(property);
    if (i < 0)
        return FALSE;
    if (display_properties[i].set != NULL) {
        display_properties[i].set(canvas, value);
        return TRUE;
    }
    int *place = G_STRUCT_MEMBER_P(&canvas->picture.display, display_properties[i].place);
    int wanted = display_properties[i].type != NULL ? g_value_get_enum(value) : g_value_get_boolean(value);
    if (*place == wanted)
        return TRUE;
    *place = wanted;
    g_object_notify_by_pspec(G_OBJECT(canvas), property);
    rh_canvas_repaint(canvas);
    return TRUE;
}

/* The presets lie on four keys beside each other. */
static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action, *parameter;
} KEYS[] = {
    {GDK_KEY_1, GDK_ALT_MASK, "canvas.window-preset", "full"},
    {GDK_KEY_2, GDK_ALT_MASK, "canvas.window-preset", "middle"},
    {GDK_KEY_3, GDK_ALT_MASK, "canvas.window-preset", "dark"},
    {GDK_KEY_4, GDK_ALT_MASK, "canvas.window-preset", "bright"},
    {GDK_KEY_i, 0, "canvas.inverted", NULL},
};

void rh_canvas_class_add_display(GtkWidgetClass *klass)
{
    const GParamFlags both = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
    for (guint i = 0; i < G_N_ELEMENTS(display_properties); i++) {
        const char *name = display_properties[i].name;
        GParamSpec *spec = display_properties[i].is_double
                               ? g_param_spec_double(name, NULL, NULL, RANGE_MIN, RANGE_MAX, 0, both)
                           : display_properties[i].type != NULL
                               ? g_param_spec_enum(name, NULL, NULL, display_properties[i].type(), 0, both)
                               : g_param_spec_boolean(name, NULL, NULL, FALSE, both);
        g_object_class_install_property(G_OBJECT_CLASS(klass), FIRST_ID + i, spec);
        if (display_properties[i].action != NULL)
            gtk_widget_class_install_property_action(klass, display_properties[i].action, name);
    }
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++)
        gtk_widget_class_add_binding_action(klass, KEYS[i].key, KEYS[i].modifiers, KEYS[i].action,
                                            KEYS[i].parameter != NULL ? "s" : NULL, KEYS[i].parameter);
}
