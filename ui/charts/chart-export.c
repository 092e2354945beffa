/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "charts/chart-export.h"

#include <glib/gi18n.h>

#include "common/text.h"

/* The size of a figure; a PNG has so many times the pixels. */
#define WIDTH     900
#define HEIGHT    560
#define PNG_SCALE 2

typedef struct {
    RhChart *chart;
    char *format, *path;
} Export;

static void export_free(Export *export)
{
    rh_chart_free(export->chart);
    g_free(export->format);
    g_free(export->path);
    g_free(export);
}

/* "Test AUC, aligned/conflicting" → "Test AUC, aligned-conflicting.png" */
static char *suggested_name(const Export *export)
{
    const char *title = rh_chart_get_title(export->chart);
    g_autofree char *name = g_strdup(*title != '\0' ? title : _("Chart"));
    return g_strdup_printf("%s.%s", g_strdelimit(name, "/\\:", '-'), export->format);
}

static void tell(GtkWidget *widget, const char *text)
{
    GtkWidget *toasts = gtk_widget_get_ancestor(widget, ADW_TYPE_TOAST_OVERLAY);
    if (toasts != NULL)
        adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(toasts), rh_text_toast(text));
}

static void write_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Export *export = task_data;
    RhChartStyle style = rh_chart_style_default();
    guint scale = g_str_has_suffix(export->path, ".png") ? PNG_SCALE : 1;
    GError *error = NULL;
    if (rh_chart_write(export->chart, export->path, scale * WIDTH, scale * HEIGHT, &style, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void written(GObject *source, GAsyncResult *result, gpointer data)
{
    const Export *export = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_path_get_basename(export->path), *shown = g_filename_display_name(name);
    g_autofree char *text = g_task_propagate_boolean(G_TASK(result), &error)
                                ? g_strdup_printf(_("Chart saved as “%s”"), shown)
                                : g_strdup(error->message);
    tell(GTK_WIDGET(source), text);
    g_application_release(g_application_get_default());
}

/* A name without one of the endings gets that of the format asked for; what is there under the longer name
 * was not asked about, so it is not replaced. */
static gboolean complete(Export *export, GtkWidget *widget)
{
    if (rh_chart_has_format(export->path, NULL))
        return TRUE;
    g_autofree char *bare = g_steal_pointer(&export->path);
    export->path = g_strdup_printf("%s.%s", bare, export->format);
    if (!g_file_test(export->path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autofree char *shown = g_filename_display_basename(export->path);
    g_autofree char *text =
        g_strdup_printf(_("“%s” is there already; choose it by its whole name to replace it."), shown);
    tell(widget, text);
    return FALSE;
}

static void answered(GtkNativeDialog *dialog, int response, gpointer data)
{
    Export *export = data;
    GtkWidget *widget = g_object_get_data(G_OBJECT(dialog), "widget");
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    export->path = file != NULL ? g_file_get_path(file) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && export->path != NULL && complete(export, widget)) {
        g_application_hold(g_application_get_default()); /* not to be cut short by closing the window */
        g_autoptr(GTask) task = g_task_new(widget, NULL, written, NULL);
        g_task_set_task_data(task, export, (GDestroyNotify)export_free);
        g_task_run_in_thread(task, write_in_thread);
    } else {
        export_free(export);
    }
    g_object_unref(dialog);
}

void rh_chart_export(GtkWidget *widget, RhChart *chart, const char *format)
{
    Export *export = g_new0(Export, 1);
    export->chart = chart;
    export->format = g_strdup(format);
    rh_chart_set_cursor(chart, NAN); /* where the pointer happened to be */
    GtkFileChooserNative *dialog =
        gtk_file_chooser_native_new(_("Save Chart"), GTK_WINDOW(gtk_widget_get_root(widget)),
                                    GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
    g_autofree char *name = suggested_name(export);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    g_object_set_data_full(G_OBJECT(dialog), "widget", g_object_ref(widget), g_object_unref);
    g_signal_connect(dialog, "response", G_CALLBACK(answered), export);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
