/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#define KEY_ZOOM_STEP 1.5

static void zoom_in_middle(GtkWidget *widget, double factor)
{
    RhCanvas *canvas = RH_CANVAS(widget);
    double before = canvas->view.zoom;
    rh_canvas_view_zoom(&canvas->view, factor, canvas->view.width / 2, canvas->view.height / 2);
    rh_canvas_view_changed(canvas, before);
}

static void zoom_in(GtkWidget *widget, const char *name, GVariant *parameter)
{
    zoom_in_middle(widget, KEY_ZOOM_STEP);
}

static void zoom_out(GtkWidget *widget, const char *name, GVariant *parameter)
{
    zoom_in_middle(widget, 1 / KEY_ZOOM_STEP);
}

static void zoom_one(GtkWidget *widget, const char *name, GVariant *parameter)
{
    zoom_in_middle(widget, 1 / RH_CANVAS(widget)->view.zoom);
}

static void zoom_fit(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhCanvas *canvas = RH_CANVAS(widget);
    double before = canvas->view.zoom;
    rh_canvas_view_fit(&canvas->view);
    rh_canvas_view_changed(canvas, before);
}

static void take_step(GtkWidget *widget, gboolean (*step)(RhMaskEditor *, RhRectangle *))
{
    RhCanvas *canvas = RH_CANVAS(widget);
    RhRectangle touched = {0};
    rh_canvas_finish_stroke(canvas);
    rh_canvas_stop_going(canvas);
    if (canvas->editor == NULL || rh_mask_editor_locked(canvas->editor) || !step(canvas->editor, &touched))
        return;
    rh_canvas_mask_touched(canvas, touched);
    rh_canvas_mask_changed(canvas);
}

/* Of what is under way point by point, the last point. */
static void undo(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhCanvas *canvas = RH_CANVAS(widget);
    if (rh_canvas_by_points(canvas))
        rh_canvas_stroke_step_back(canvas);
    else
        take_step(widget, rh_mask_editor_undo);
}

static void redo(GtkWidget *widget, const char *name, GVariant *parameter)
{
    take_step(widget, rh_mask_editor_redo);
}

static gboolean clear_step(RhMaskEditor *editor, RhRectangle *touched)
{
    rh_mask_editor_begin(editor, "Clear");
    rh_mask_editor_fill(editor, FALSE, touched);
    return rh_mask_editor_end(editor);
}

static void clear(GtkWidget *widget, const char *name, GVariant *parameter)
{
    take_step(widget, clear_step);
}

static void swap_tools(GtkWidget *widget, const char *name, GVariant *parameter)
{
    RhCanvas *canvas = RH_CANVAS(widget);
    rh_canvas_set_tool(canvas, canvas->tool == RH_CANVAS_BRUSH ? RH_CANVAS_ERASER : RH_CANVAS_BRUSH);
}

/* By a quarter, and always by a whole pixel at least. */
static void brush_larger(GtkWidget *widget, const char *name, GVariant *parameter)
{
    double size = RH_CANVAS(widget)->brush_size;
    rh_canvas_set_brush_size(RH_CANVAS(widget), MAX((int)(size * 1.25 + 0.5), (int)size + 1));
}

static void brush_smaller(GtkWidget *widget, const char *name, GVariant *parameter)
{
    double size = RH_CANVAS(widget)->brush_size;
    rh_canvas_set_brush_size(RH_CANVAS(widget), MIN((int)(size / 1.25 + 0.5), (int)size - 1));
}

static void keyboard_drawing(GtkWidget *widget, const char *name, GVariant *parameter)
{
    gtk_widget_grab_focus(widget);
    rh_canvas_set_keyboard_drawing(RH_CANVAS(widget), !RH_CANVAS(widget)->keyboard_drawing);
}

static void next_speck(GtkWidget *widget, const char *name, GVariant *parameter)
{
    rh_canvas_show_next_speck(RH_CANVAS(widget));
}

static const struct {
    const char *name;
    GtkWidgetActionActivateFunc activate;
} ACTIONS[] = {
    {"canvas.zoom-in", zoom_in},
    {"canvas.zoom-out", zoom_out},
    {"canvas.zoom-fit", zoom_fit},
    {"canvas.zoom-one", zoom_one},
    {"canvas.undo", undo},
    {"canvas.redo", redo},
    {"canvas.clear", clear},
    {"canvas.swap-tools", swap_tools},
    {"canvas.brush-larger", brush_larger},
    {"canvas.brush-smaller", brush_smaller},
    {"canvas.keyboard-drawing", keyboard_drawing},
    {"canvas.next-speck", next_speck},
};

static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action;
} KEYS[] = {
    {GDK_KEY_plus, 0, "canvas.zoom-in"},
    {GDK_KEY_equal, 0, "canvas.zoom-in"},
    {GDK_KEY_KP_Add, 0, "canvas.zoom-in"},
    {GDK_KEY_plus, GDK_CONTROL_MASK, "canvas.zoom-in"},
    {GDK_KEY_equal, GDK_CONTROL_MASK, "canvas.zoom-in"},
    {GDK_KEY_minus, 0, "canvas.zoom-out"},
    {GDK_KEY_KP_Subtract, 0, "canvas.zoom-out"},
    {GDK_KEY_minus, GDK_CONTROL_MASK, "canvas.zoom-out"},
    {GDK_KEY_0, 0, "canvas.zoom-fit"},
    {GDK_KEY_KP_0, 0, "canvas.zoom-fit"},
    {GDK_KEY_0, GDK_CONTROL_MASK, "canvas.zoom-fit"},
    {GDK_KEY_1, GDK_CONTROL_MASK, "canvas.zoom-one"},
    {GDK_KEY_z, GDK_CONTROL_MASK, "canvas.undo"},
    {GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "canvas.redo"},
    {GDK_KEY_y, GDK_CONTROL_MASK, "canvas.redo"},
    {GDK_KEY_x, 0, "canvas.swap-tools"},
    {GDK_KEY_k, 0, "canvas.keyboard-drawing"},
    {GDK_KEY_bracketleft, 0, "canvas.brush-smaller"},
    {GDK_KEY_bracketright, 0, "canvas.brush-larger"},
};

static void add_tool_key(GtkWidgetClass *klass, guint key, const RhTool *tool)
{
    gtk_widget_class_add_binding_action(klass, key, 0, "canvas.tool", "s", tool->name);
}

/* A letter each, and a number, also on the keypad. */
static void add_tool_keys(GtkWidgetClass *klass)
{
    for (guint i = 0; i < RH_CANVAS_N_TOOLS; i++) {
        const RhTool *tool = rh_tool(i);
        add_tool_key(klass, tool->key, tool);
        if (tool->number == 0)
            continue;
        add_tool_key(klass, tool->number, tool);
        add_tool_key(klass, tool->number - GDK_KEY_0 + GDK_KEY_KP_0, tool);
    }
}

void rh_canvas_class_add_actions(GtkWidgetClass *klass)
{
    for (guint i = 0; i < G_N_ELEMENTS(ACTIONS); i++)
        gtk_widget_class_install_action(klass, ACTIONS[i].name, NULL, ACTIONS[i].activate);
    gtk_widget_class_install_property_action(klass, "canvas.tool", "tool");
    add_tool_keys(klass);
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        gtk_widget_class_add_binding_action(klass, KEYS[i].key, KEYS[i].modifiers, KEYS[i].action, NULL);
    }
}

void rh_canvas_update_actions(RhCanvas *canvas)
{
    GtkWidget *widget = GTK_WIDGET(canvas);
    const RhMaskEditor *editor = canvas->editor;
    gtk_widget_action_set_enabled(widget, "canvas.undo", editor != NULL && rh_mask_editor_can_undo(editor));
    gtk_widget_action_set_enabled(widget, "canvas.redo", editor != NULL && rh_mask_editor_can_redo(editor));
    gtk_widget_action_set_enabled(widget, "canvas.clear", editor != NULL);
    for (guint i = 0; i < 4; i++)
        gtk_widget_action_set_enabled(widget, ACTIONS[i].name, canvas->picture.image != NULL);
}
