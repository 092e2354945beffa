/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define BRUSH_MAX   16384.0 /* as large as any can be */
#define BRUSH_LARGE 8.0     /* what is a large brush on the smallest image */
#define BRUSH_SHARE 40.0    /* the first brush is this part of the image's larger side */
#define TOLERANCE   5.0     /* percent, to begin with */
#define RANGE_LOW   50.0
/* Levels smaller than this are never shown. */
#define SMALLEST_LEVEL 128

enum {
    PROP_TOOL = 1,
    PROP_BRUSH_SIZE,
    PROP_BRUSH_SHARE,
    PROP_SQUARE_TIP,
    PROP_SOFT_EDGE,
    PROP_PEN_PRESSURE,
    PROP_TOLERANCE,
    PROP_RANGE_LOW,
    PROP_RANGE_HIGH,
    PROP_MASK_OPACITY,
    PROP_HEAT_OPACITY,
    PROP_ZOOM,
    PROP_CAN_UNDO,
    PROP_CAN_REDO,
    PROP_EDITABLE,
    PROP_SPECKS,
    N_PROPERTIES
};
enum {
    MASK_CHANGED,
    MASK_TOUCHED,
    STROKE_BEGUN,
    PICTURE_CHANGED,
    VIEW_CHANGED,
    POINT_CHANGED,
    KEYBOARD_DRAWING,
    STEP,
    N_SIGNALS
};

/* Filled once when the class is made. */
static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(RhCanvas, rh_canvas, GTK_TYPE_WIDGET)

GType rh_canvas_tool_get_type(void)
{
    static gsize type = 0;
    static GEnumValue values[RH_CANVAS_N_TOOLS + 1]; /* the last one is zero */
    if (g_once_init_enter(&type)) {
        for (guint i = 0; i < RH_CANVAS_N_TOOLS; i++)
            values[i] = (GEnumValue){(int)i, rh_tool(i)->name, rh_tool(i)->name};
        g_once_init_leave(&type, g_enum_register_static("RhCanvasTool", values));
    }
    return type;
}

double rh_canvas_scale(RhCanvas *canvas)
{
    return gtk_widget_get_scale_factor(GTK_WIDGET(canvas));
}

void rh_canvas_repaint(RhCanvas *canvas)
{
    rh_canvas_tiles_forget(canvas->tiles);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    g_signal_emit(canvas, signals[PICTURE_CHANGED], 0);
}

void rh_canvas_point_changed(RhCanvas *canvas)
{
    g_signal_emit(canvas, signals[POINT_CHANGED], 0);
}

static void tell_of_view(RhCanvas *canvas, double zoom_before)
{
    if (canvas->view.zoom != zoom_before)
        g_object_notify_by_pspec(G_OBJECT(canvas), properties[PROP_ZOOM]);
    rh_canvas_stroke_carry(canvas);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    g_signal_emit(canvas, signals[VIEW_CHANGED], 0);
}

void rh_canvas_view_changed(RhCanvas *canvas, double zoom_before)
{
    tell_of_view(canvas, zoom_before);
    rh_canvas_point_changed(canvas); /* another one lies under a pointer that is still */
}

/* The outline of a changed pixel reaches into its neighbours on the screen. */
void rh_canvas_mask_touched(RhCanvas *canvas, RhRectangle area)
{
    if (area.width <= 0 || area.height <= 0)
        return;
    rh_canvas_picture_mask_changed(&canvas->picture, area);
    /* Zoomed out, a screen pixel looks at whole pixels of a smaller level. */
    double zoom = canvas->view.zoom, reach = canvas->picture.line + (zoom < 1 ? 2 : 1);
    graphene_rect_t tiles = GRAPHENE_RECT_INIT(
        (float)floor(area.x * zoom - reach), (float)floor(area.y * zoom - reach),
        (float)ceil(area.width * zoom + 2 * reach + 1), (float)ceil(area.height * zoom + 2 * reach + 1));
    rh_canvas_tiles_forget_area(canvas->tiles, &tiles);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    rh_canvas_point_changed(canvas);
    g_signal_emit(canvas, signals[MASK_TOUCHED], 0);
}

void rh_canvas_mask_changed(RhCanvas *canvas)
{
    rh_canvas_update_actions(canvas);
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[PROP_CAN_UNDO]);
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[PROP_CAN_REDO]);
    g_signal_emit(canvas, signals[MASK_CHANGED], 0);
    rh_canvas_look_for_specks(canvas);
}

void rh_canvas_describe(RhCanvas *canvas)
{
    const char *image = canvas->description != NULL ? canvas->description : _("No image");
    g_autofree char *with_crosshair =
        g_strdup_printf(canvas->pen_down ? _("%s. Crosshair at column %d, row %d, pen down")
                                         : _("%s. Crosshair at column %d, row %d, pen up"),
                        image, (int)canvas->crosshair_x + 1, (int)canvas->crosshair_y + 1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(canvas), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   canvas->crosshair ? with_crosshair : image, -1);
}

void rh_canvas_set_description(RhCanvas *canvas, const char *description)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    if (g_strcmp0(canvas->description, description) == 0)
        return;
    g_free(canvas->description);
    canvas->description = g_strdup(description);
    rh_canvas_describe(canvas);
}

void rh_canvas_update_cursor(RhCanvas *canvas)
{
    const char *name = canvas->drag == RH_DRAG_PAN                           ? "grabbing"
                       : canvas->space_held || canvas->tool == RH_CANVAS_PAN ? "grab"
                       : canvas->editor == NULL                              ? NULL
                       : rh_mask_editor_locked(canvas->editor)               ? "progress"
                                                                             : "crosshair";
    gtk_widget_set_cursor_from_name(GTK_WIDGET(canvas), name);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void rh_canvas_set_tool(RhCanvas *canvas, RhCanvasTool tool)
{
    if (canvas->tool == tool)
        return;
    rh_canvas_finish_stroke(canvas);
    canvas->tool = tool;
    rh_canvas_update_cursor(canvas);
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[PROP_TOOL]);
}

static double larger_side(RhCanvas *canvas)
{
    return MAX(canvas->view.image_width, canvas->view.image_height);
}

double rh_canvas_brush_max(RhCanvas *canvas)
{
    g_return_val_if_fail(RH_IS_CANVAS(canvas), BRUSH_MAX);
    const double side = larger_side(canvas);
    return side > 0 ? CLAMP(floor(side / 4), BRUSH_LARGE, BRUSH_MAX) : BRUSH_MAX;
}

static void take_brush(RhCanvas *canvas, double size)
{
    size = CLAMP(size, 1, rh_canvas_brush_max(canvas));
    if (canvas->brush_size == size)
        return;
    canvas->brush_size = size;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[PROP_BRUSH_SIZE]);
}

void rh_canvas_set_brush_size(RhCanvas *canvas, double size)
{
    const double side = larger_side(canvas);
    take_brush(canvas, size);
    if (side == 0)
        return;
    canvas->brush_share = canvas->brush_size / side;
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[PROP_BRUSH_SHARE]);
}

/* The brush keeps its share of the image. It is not worked out anew from whole pixels, or it would be another
 * one after a small image. */
static void fit_brush(RhCanvas *canvas)
{
    const double share = canvas->brush_share > 0 ? canvas->brush_share : 1 / BRUSH_SHARE;
    take_brush(canvas, floor(share * larger_side(canvas) + 0.5));
}

static void set_percent(RhCanvas *canvas, double *percent, double value, guint property)
{
    value = CLAMP(value, 0, 100);
    if (*percent == value)
        return;
    *percent = value;
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[property]);
}

void rh_canvas_set_tolerance(RhCanvas *canvas, double percent)
{
    set_percent(canvas, &canvas->tolerance, percent, PROP_TOLERANCE);
}

static void set_switch(RhCanvas *canvas, gboolean *flag, gboolean value, guint property)
{
    if (*flag == value)
        return;
    *flag = value;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[property]);
}

static void set_opacity(RhCanvas *canvas, double *opacity, double value, guint property)
{
    value = CLAMP(value, 0, 1);
    if (*opacity == value)
        return;
    *opacity = value;
    rh_canvas_repaint(canvas);
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[property]);
}

static void halve_in_thread(GTask *task, gpointer source, gpointer image, GCancellable *cancellable)
{
    g_task_return_pointer(task, rh_pyramid_of_image(image, SMALLEST_LEVEL),
                          (GDestroyNotify)g_ptr_array_unref);
}

static void halved(GObject *source, GAsyncResult *result, gpointer data)
{
    RhCanvas *canvas = RH_CANVAS(source);
    GPtrArray *levels = g_task_propagate_pointer(G_TASK(result), NULL);
    if (levels == NULL)
        return; /* another image is shown by now */
    g_clear_object(&canvas->halving);
    rh_canvas_picture_take_halved(&canvas->picture, levels);
    if (canvas->view.zoom < 1)
        rh_canvas_repaint(canvas);
}

/* Until it is done, a view zoomed out is drawn from the image itself. */
static void begin_halving(RhCanvas *canvas, RhImage *image)
{
    canvas->halving = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(canvas, canvas->halving, halved, NULL);
    g_task_set_task_data(task, rh_image_ref(image), (GDestroyNotify)rh_image_unref);
    g_task_run_in_thread(task, halve_in_thread);
}

static void stop_halving(RhCanvas *canvas)
{
    if (canvas->halving != NULL)
        g_cancellable_cancel(canvas->halving);
    g_clear_object(&canvas->halving);
}

static void fit_to_size(RhCanvas *canvas, guint width, guint height)
{
    double before = canvas->view.zoom;
    rh_canvas_view_set_image(&canvas->view, width, height);
    tell_of_view(canvas, before); /* not of the point: the mask is still the one before */
    fit_brush(canvas);
}

static void show_mask(RhCanvas *canvas, RhMaskEditor *editor)
{
    canvas->editor = editor;
    rh_canvas_picture_set_mask(&canvas->picture, editor != NULL ? rh_mask_editor_mask(editor) : NULL);
    rh_canvas_update_actions(canvas);
    rh_canvas_update_cursor(canvas);
    for (guint property = PROP_CAN_UNDO; property <= PROP_EDITABLE; property++)
        g_object_notify_by_pspec(G_OBJECT(canvas), properties[property]);
}

void rh_canvas_set_image(RhCanvas *canvas, RhImage *image, RhMaskEditor *editor)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    g_return_if_fail(image != NULL || editor == NULL);
    rh_canvas_finish_stroke(canvas);
    rh_canvas_stop_going(canvas);
    stop_halving(canvas);
    canvas->crosshair = FALSE;
    canvas->lowest = NAN;
    rh_canvas_forget_specks(canvas);
    rh_canvas_picture_set_image(&canvas->picture, image);
    if (image != NULL &&
        (image->width != canvas->view.image_width || image->height != canvas->view.image_height))
        fit_to_size(canvas, image->width, image->height);
    show_mask(canvas, editor);
    if (editor != NULL)
        rh_canvas_look_for_specks(canvas);
    if (image != NULL)
        begin_halving(canvas, image);
    rh_canvas_display_image(canvas);
    rh_canvas_repaint(canvas);
    rh_canvas_point_changed(canvas);
}

void rh_canvas_set_heatmap(RhCanvas *canvas, const float *values, guint height, guint width,
                           const RhColormap *colormap)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    g_return_if_fail(values == NULL || (height > 0 && width > 0 && colormap != NULL));
    if (canvas->picture.image == NULL || (values == NULL && canvas->picture.heat == NULL))
        return;
    rh_canvas_picture_set_heat(&canvas->picture, values, height, width, colormap);
    rh_canvas_repaint(canvas);
    rh_canvas_point_changed(canvas);
}

static void update_line(RhCanvas *canvas)
{
    canvas->picture.line =
        (guint)CLAMP(rh_overlay()->mask_line * rh_canvas_scale(canvas), 1, RH_CANVAS_LINE_MAX);
}

static void overlay_changed(RhCanvas *canvas)
{
    update_line(canvas);
    rh_canvas_repaint(canvas);
}

static void rh_canvas_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    RhCanvas *canvas = RH_CANVAS(widget);
    double before = canvas->view.zoom, scale = rh_canvas_scale(canvas);
    update_line(canvas);
    rh_canvas_view_set_size(&canvas->view, width * scale, height * scale);
    tell_of_view(canvas, before); /* not of the point: what is written elsewhere is laid out already */
}

/* Lines between pixels help where one has gone near, and would only lie over a small image that fits. */
static void update_grid(RhCanvas *canvas)
{
    const gboolean shown = canvas->picture.display.grid && rh_canvas_view_is_enlarged(&canvas->view);
    const guint grid = shown ? rh_overlay()->grid : 0;
    if (canvas->picture.grid != grid)
        rh_canvas_tiles_forget(canvas->tiles);
    canvas->picture.grid = grid;
}

static void snapshot_focus(GtkWidget *widget, GtkSnapshot *snapshot)
{
    GdkRGBA colour;
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    if (!gtk_style_context_lookup_color(style, "accent_color", &colour))
        gtk_style_context_get_color(style, &colour);
    GskRoundedRect edge;
    gsk_rounded_rect_init_from_rect(
        &edge,
        &GRAPHENE_RECT_INIT(0, 0, (float)gtk_widget_get_width(widget), (float)gtk_widget_get_height(widget)),
        0);
    gtk_snapshot_append_border(snapshot, &edge, (float[4]){2, 2, 2, 2},
                               (GdkRGBA[4]){colour, colour, colour, colour});
}

static void rh_canvas_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    RhCanvas *canvas = RH_CANVAS(widget);
    if (canvas->picture.image != NULL) {
        update_grid(canvas);
        rh_canvas_tiles_snapshot(canvas->tiles, &canvas->picture, &canvas->view, rh_canvas_scale(canvas),
                                 snapshot);
        rh_canvas_snapshot_specks(canvas, snapshot);
        rh_canvas_snapshot_stroke(canvas, snapshot);
        rh_canvas_snapshot_cursor(canvas, snapshot);
    }
    if (gtk_widget_has_visible_focus(widget))
        snapshot_focus(widget, snapshot);
}

static void rh_canvas_unmap(GtkWidget *widget)
{
    rh_canvas_finish_stroke(RH_CANVAS(widget));
    GTK_WIDGET_CLASS(rh_canvas_parent_class)->unmap(widget);
}

static void rh_canvas_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    RhCanvas *canvas = RH_CANVAS(object);
    const RhMaskEditor *editor = canvas->editor;
    switch (id) {
    case PROP_TOOL:
        g_value_set_enum(value, canvas->tool);
        break;
    case PROP_BRUSH_SIZE:
        g_value_set_double(value, canvas->brush_size);
        break;
    case PROP_BRUSH_SHARE:
        g_value_set_double(value, canvas->brush_share);
        break;
    case PROP_SQUARE_TIP:
        g_value_set_boolean(value, canvas->tip.square);
        break;
    case PROP_SOFT_EDGE:
        g_value_set_boolean(value, canvas->tip.soft);
        break;
    case PROP_PEN_PRESSURE:
        g_value_set_boolean(value, canvas->pen_pressure);
        break;
    case PROP_TOLERANCE:
        g_value_set_double(value, canvas->tolerance);
        break;
    case PROP_RANGE_LOW:
        g_value_set_double(value, canvas->range_low);
        break;
    case PROP_RANGE_HIGH:
        g_value_set_double(value, canvas->range_high);
        break;
    case PROP_MASK_OPACITY:
        g_value_set_double(value, canvas->picture.display.mask_opacity);
        break;
    case PROP_HEAT_OPACITY:
        g_value_set_double(value, canvas->picture.display.heat_opacity);
        break;
    case PROP_ZOOM:
        g_value_set_double(value, canvas->view.zoom);
        break;
    case PROP_CAN_UNDO:
        g_value_set_boolean(value, editor != NULL && rh_mask_editor_can_undo(editor));
        break;
    case PROP_CAN_REDO:
        g_value_set_boolean(value, editor != NULL && rh_mask_editor_can_redo(editor));
        break;
    case PROP_EDITABLE:
        g_value_set_boolean(value, editor != NULL);
        break;
    case PROP_SPECKS:
        g_value_set_uint(value, rh_canvas_count_specks(canvas));
        break;
    default:
        if (!rh_canvas_get_display(canvas, pspec, value))
            G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void rh_canvas_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    RhCanvas *canvas = RH_CANVAS(object);
    switch (id) {
    case PROP_TOOL:
        rh_canvas_set_tool(canvas, g_value_get_enum(value));
        break;
    case PROP_BRUSH_SIZE:
        rh_canvas_set_brush_size(canvas, g_value_get_double(value));
        break;
    case PROP_BRUSH_SHARE:
        canvas->brush_share = g_value_get_double(value);
        if (larger_side(canvas) > 0)
            fit_brush(canvas);
        break;
    case PROP_SQUARE_TIP:
        set_switch(canvas, &canvas->tip.square, g_value_get_boolean(value), id);
        break;
    case PROP_SOFT_EDGE:
        set_switch(canvas, &canvas->tip.soft, g_value_get_boolean(value), id);
        break;
    case PROP_PEN_PRESSURE:
        set_switch(canvas, &canvas->pen_pressure, g_value_get_boolean(value), id);
        break;
    case PROP_TOLERANCE:
        rh_canvas_set_tolerance(canvas, g_value_get_double(value));
        break;
    case PROP_RANGE_LOW:
        set_percent(canvas, &canvas->range_low, g_value_get_double(value), id);
        break;
    case PROP_RANGE_HIGH:
        set_percent(canvas, &canvas->range_high, g_value_get_double(value), id);
        break;
    case PROP_MASK_OPACITY:
        set_opacity(canvas, &canvas->picture.display.mask_opacity, g_value_get_double(value), id);
        break;
    case PROP_HEAT_OPACITY:
        set_opacity(canvas, &canvas->picture.display.heat_opacity, g_value_get_double(value), id);
        break;
    default:
        if (!rh_canvas_set_display(canvas, pspec, value))
            G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void rh_canvas_dispose(GObject *object)
{
    RhCanvas *canvas = RH_CANVAS(object);
    stop_halving(canvas);
    rh_canvas_stop_going(canvas);
    rh_canvas_stop_looking(canvas);
    canvas->editor = NULL;
    canvas->stroke.under_way = FALSE; /* what counts was finished when the canvas was unmapped */
    g_clear_pointer(&canvas->stroke.wire, rh_live_wire_free);
    rh_canvas_picture_clear(&canvas->picture);
    G_OBJECT_CLASS(rh_canvas_parent_class)->dispose(object);
}

static void rh_canvas_finalize(GObject *object)
{
    RhCanvas *canvas = RH_CANVAS(object);
    rh_canvas_tiles_free(canvas->tiles);
    g_clear_pointer(&canvas->specks, g_array_unref);
    g_array_unref(canvas->stroke.points);
    g_array_unref(canvas->stroke.loose);
    g_array_unref(canvas->stroke.anchors);
    g_free(canvas->description);
    G_OBJECT_CLASS(rh_canvas_parent_class)->finalize(object);
}

static void install_properties(GObjectClass *klass)
{
    const GParamFlags both = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
    const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
    properties[PROP_TOOL] = g_param_spec_enum("tool", NULL, NULL, RH_TYPE_CANVAS_TOOL, RH_CANVAS_BRUSH, both);
    properties[PROP_BRUSH_SIZE] = g_param_spec_double("brush-size", NULL, NULL, 1, BRUSH_MAX, 1, both);
    properties[PROP_BRUSH_SHARE] = g_param_spec_double("brush-share", NULL, NULL, 0, 1, 0, both);
    properties[PROP_SQUARE_TIP] = g_param_spec_boolean("square-tip", NULL, NULL, FALSE, both);
    properties[PROP_SOFT_EDGE] = g_param_spec_boolean("soft-edge", NULL, NULL, FALSE, both);
    properties[PROP_PEN_PRESSURE] = g_param_spec_boolean("pen-pressure", NULL, NULL, TRUE, both);
    properties[PROP_TOLERANCE] = g_param_spec_double("tolerance", NULL, NULL, 0, 100, TOLERANCE, both);
    properties[PROP_RANGE_LOW] = g_param_spec_double("range-low", NULL, NULL, 0, 100, RANGE_LOW, both);
    properties[PROP_RANGE_HIGH] = g_param_spec_double("range-high", NULL, NULL, 0, 100, 100, both);
    properties[PROP_MASK_OPACITY] = g_param_spec_double("mask-opacity", NULL, NULL, 0, 1, 0.35, both);
    properties[PROP_HEAT_OPACITY] = g_param_spec_double("heat-opacity", NULL, NULL, 0, 1, 0.7, both);
    properties[PROP_ZOOM] = g_param_spec_double("zoom", NULL, NULL, 0, RH_CANVAS_ZOOM_MAX, 1, read);
    properties[PROP_CAN_UNDO] = g_param_spec_boolean("can-undo", NULL, NULL, FALSE, read);
    properties[PROP_CAN_REDO] = g_param_spec_boolean("can-redo", NULL, NULL, FALSE, read);
    properties[PROP_EDITABLE] = g_param_spec_boolean("editable", NULL, NULL, FALSE, read);
    properties[PROP_SPECKS] = g_param_spec_uint("specks", NULL, NULL, 0, G_MAXUINT, 0, read);
    g_object_class_install_properties(klass, N_PROPERTIES, properties);
}

static void rh_canvas_class_init(RhCanvasClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    object_class->get_property = rh_canvas_get_property;
    object_class->set_property = rh_canvas_set_property;
    object_class->dispose = rh_canvas_dispose;
    object_class->finalize = rh_canvas_finalize;
    widget_class->size_allocate = rh_canvas_size_allocate;
    widget_class->snapshot = rh_canvas_snapshot;
    widget_class->unmap = rh_canvas_unmap;
    install_properties(object_class);
    signals[MASK_CHANGED] =
        g_signal_new("mask-changed", RH_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[STROKE_BEGUN] =
        g_signal_new("stroke-begun", RH_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[MASK_TOUCHED] =
        g_signal_new("mask-touched", RH_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    static const char *const told[] = {[PICTURE_CHANGED] = "picture-changed",
                                       [VIEW_CHANGED] = "view-changed",
                                       [POINT_CHANGED] = "point-changed"};
    for (guint i = PICTURE_CHANGED; i <= POINT_CHANGED; i++)
        signals[i] =
            g_signal_new(told[i], RH_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[KEYBOARD_DRAWING] = g_signal_new("keyboard-drawing", RH_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL,
                                             NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
    signals[STEP] = g_signal_new("step", RH_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_INT);
    gtk_widget_class_set_css_name(widget_class, "canvas");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    rh_canvas_class_add_actions(widget_class);
    rh_canvas_class_add_display(widget_class);
}

static void rh_canvas_init(RhCanvas *canvas)
{
    GtkWidget *widget = GTK_WIDGET(canvas);
    canvas->tiles = rh_canvas_tiles_new();
    canvas->tool = RH_CANVAS_BRUSH;
    canvas->brush_size = 1;
    canvas->picture.display = rh_canvas_display_default();
    canvas->pen_pressure = TRUE;
    canvas->pressure = 1;
    canvas->tolerance = TOLERANCE;
    canvas->range_low = RANGE_LOW;
    canvas->range_high = 100;
    canvas->lowest = NAN;
    canvas->stroke.points = g_array_new(FALSE, FALSE, sizeof(RhPoint));
    canvas->stroke.loose = g_array_new(FALSE, FALSE, sizeof(RhPoint));
    canvas->stroke.anchors = g_array_new(FALSE, FALSE, sizeof(guint));
    canvas->picture.line = 1;
    canvas->view.zoom = 1;
    canvas->view.fit = TRUE;
    gtk_widget_set_focusable(widget, TRUE);
    gtk_widget_set_hexpand(widget, TRUE);
    gtk_widget_set_vexpand(widget, TRUE);
    gtk_widget_set_overflow(widget, GTK_OVERFLOW_HIDDEN);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Canvas"), -1);
    rh_canvas_add_input(canvas);
    rh_canvas_add_window_drag(canvas);
    rh_overlay_follow(widget, G_CALLBACK(overlay_changed));
    rh_canvas_describe(canvas);
    rh_canvas_update_actions(canvas);
}

GtkWidget *rh_canvas_new(void)
{
    return g_object_new(RH_TYPE_CANVAS, NULL);
}
