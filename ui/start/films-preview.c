/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "start/films-preview.h"

#include <glib/gi18n.h>
#include <string.h>

#include "compare/even-grid.h"
#include "present/present-picture.h"

#define FILMS    4u
#define SIDE_MAX 384u /* a patient is the same at any size, and more pixels are not seen here */

struct _RhFilmsPreview {
    GtkWidget parent_instance;
    GtkWidget *grid;
    RhPresentPicture *pictures[FILMS];
    RhPhantomSettings wish;
    gboolean drawing, stale; /* stale: the wish is newer than what is in view or being drawn */
    GCancellable *closing;
};

G_DEFINE_FINAL_TYPE(RhFilmsPreview, rh_films_preview, GTK_TYPE_WIDGET)

static const char *const captions[FILMS] = {
    N_("No nodule, the sign agrees"),
    N_("No nodule, the sign misleads"),
    N_("Nodule, the sign agrees"),
    N_("Nodule, the sign misleads"),
};

/* ── On the thread ── */

typedef struct {
    RhPhantomSettings settings;
    RhImage *images[FILMS];
    RhMask *masks[FILMS];
} Films;

static guint label_of(guint film)
{
    return film / 2;
}

/* Beside each other: as it goes with the class, and turned around. */
static guint confounder_of(guint film)
{
    return film % 2 == 0 ? label_of(film) : 1 - label_of(film);
}

static void films_free(gpointer data)
{
    Films *films = data;
    for (guint i = 0; i < FILMS; i++) {
        g_clear_pointer(&films->images[i], rh_image_unref);
        g_clear_pointer(&films->masks[i], rh_mask_free);
    }
    g_free(films);
}

static void draw_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Films *films = data;
    RhPhantomSettings settings = films->settings;
    settings.size = MIN(settings.size, SIDE_MAX);
    for (guint i = 0; i < FILMS; i++) {
        films->images[i] = rh_image_new(settings.size, settings.size, RH_PIXEL_U8);
        films->masks[i] = rh_mask_new(settings.size, settings.size);
        rh_phantom_film(&settings, 0, label_of(i), confounder_of(i), films->images[i]->pixels,
                        films->masks[i]->pixels);
    }
    g_task_return_boolean(task, TRUE);
}

/* ── On the main loop ── */

static void draw_next(RhFilmsPreview *preview);

static void show_films(RhFilmsPreview *preview, Films *films)
{
    for (guint i = 0; i < FILMS; i++)
        rh_present_picture_show_image(preview->pictures[i], films->images[i],
                                      g_steal_pointer(&films->masks[i]), _(captions[i]));
}

static void drawn(GObject *source, GAsyncResult *result, gpointer data)
{
    RhFilmsPreview *preview = RH_FILMS_PREVIEW(source);
    preview->drawing = FALSE;
    if (!g_task_propagate_boolean(G_TASK(result), NULL))
        return; /* it is closed */
    show_films(preview, g_task_get_task_data(G_TASK(result)));
    draw_next(preview);
}

static void draw_next(RhFilmsPreview *preview)
{
    if (preview->drawing || !preview->stale)
        return;
    Films *films = g_new0(Films, 1);
    films->settings = preview->wish;
    preview->stale = FALSE;
    preview->drawing = TRUE;
    g_autoptr(GTask) task = g_task_new(preview, preview->closing, drawn, NULL);
    g_task_set_task_data(task, films, films_free);
    g_task_run_in_thread(task, draw_in_thread);
}

void rh_films_preview_show(RhFilmsPreview *preview, const RhPhantomSettings *settings)
{
    if (memcmp(&preview->wish, settings, sizeof *settings) == 0)
        return;
    memcpy(&preview->wish, settings, sizeof *settings);
    preview->stale = TRUE;
    draw_next(preview);
}

static GtkWidget *create_film(RhFilmsPreview *preview, guint film)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *picture = rh_present_picture_new(), *caption = gtk_label_new(_(captions[film]));
    preview->pictures[film] = RH_PRESENT_PICTURE(picture);
    gtk_label_set_wrap(GTK_LABEL(caption), TRUE);
    gtk_label_set_justify(GTK_LABEL(caption), GTK_JUSTIFY_CENTER);
    gtk_widget_add_css_class(caption, "caption");
    gtk_box_append(GTK_BOX(box), picture);
    gtk_box_append(GTK_BOX(box), caption);
    return box;
}

static void dispose(GObject *object)
{
    RhFilmsPreview *preview = RH_FILMS_PREVIEW(object);
    g_cancellable_cancel(preview->closing);
    g_clear_pointer(&preview->grid, gtk_widget_unparent);
    G_OBJECT_CLASS(rh_films_preview_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    g_object_unref(RH_FILMS_PREVIEW(object)->closing);
    G_OBJECT_CLASS(rh_films_preview_parent_class)->finalize(object);
}

static void rh_films_preview_class_init(RhFilmsPreviewClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void rh_films_preview_init(RhFilmsPreview *preview)
{
    preview->closing = g_cancellable_new();
    preview->grid = g_object_new(RH_TYPE_EVEN_GRID, NULL);
    for (guint i = 0; i < FILMS; i++)
        rh_even_grid_append(RH_EVEN_GRID(preview->grid), create_film(preview, i));
    gtk_widget_set_parent(preview->grid, GTK_WIDGET(preview));
}
