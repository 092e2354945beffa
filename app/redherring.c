/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "common/installation.h"
#include "common/watchdog.h"
#include "window/window.h"

/* The desktop program: one window, opened on the folder that is named or on the study that was open last. */

static RhWindow *find_window(GApplication *application)
{
    GList *windows = gtk_application_get_windows(GTK_APPLICATION(application));
    for (GList *each = windows; each != NULL; each = each->next)
        if (RH_IS_WINDOW(each->data))
            return each->data;
    return NULL;
}

static RhWindow *present_window(GApplication *application, gboolean *is_new)
{
    RhWindow *window = find_window(application);
    *is_new = window == NULL;
    if (*is_new)
        window = rh_window_new(GTK_APPLICATION(application));
    gtk_window_present(GTK_WINDOW(window));
    return window;
}

static void activate(GApplication *application, gpointer data)
{
    gboolean is_new;
    RhWindow *window = present_window(application, &is_new);
    if (is_new)
        rh_window_start(window);
}

static void open_files(GApplication *application, GFile **files, int n_files, const char *hint, gpointer data)
{
    gboolean is_new;
    RhWindow *window = present_window(application, &is_new);
    g_autofree char *path = g_file_get_path(files[0]);
    if (path != NULL)
        rh_window_open(window, path);
    else if (is_new)
        rh_window_start(window);
}

static void quit(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    RhWindow *window = find_window(application);
    if (window != NULL)
        gtk_window_close(GTK_WINDOW(window));
    else
        g_application_quit(application);
}

static void about(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    gtk_window_present(GTK_WINDOW(
        g_object_new(ADW_TYPE_ABOUT_WINDOW, "transient-for", gtk_application_get_active_window(application),
                     "application-name", _("Red Herring"), "application-icon", "org.redherring.RedHerring",
                     "version", RH_VERSION, "license-type", GTK_LICENSE_LGPL_2_1, "comments",
                     _("Does a heatmap tell how a classifier will hold elsewhere? Draw masks, train, and "
                       "see.\n\nFor research "
                       "and teaching, not for diagnosis."),
                     NULL)));
}

static const GActionEntry actions[] = {{"quit", quit}, {"about", about}};

static const struct {
    const char *action;
    const char *keys[3];
} shortcuts[] = {
    {"app.quit", {"<Control>q"}},
    {"win.open-folder", {"<Control>o"}},
    {"win.show-help-overlay", {"<Control>question", "F1"}},
    {"win.show-images", {"F9"}},
    {"win.train", {"<Control>t"}},
    {"win.present", {"F5"}},
    {"win.compare", {"F8"}},
    {"win.next-image", {"Page_Down"}},
    {"win.previous-image", {"Page_Up"}},
    {"win.next-to-mark", {"<Control>j"}},
    {"win.nothing-to-mark", {"<Control>n"}},
    {"win.edit-note", {"F2"}},
    {"win.undo", {"<Control>z"}},
    {"win.redo", {"<Control><Shift>z", "<Control>y"}},
    {"win.fit", {"<Control>0"}},
    {"win.zoom-in", {"<Control>plus", "<Control>equal"}},
    {"win.zoom-out", {"<Control>minus"}},
};

/* As at the end of a session: what is drawn is saved first. */
static gboolean told_to_end(gpointer application)
{
    quit(NULL, NULL, application);
    return G_SOURCE_CONTINUE;
}

static void startup(GApplication *application, gpointer data)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        g_unix_signal_add(signals[i], told_to_end, application);
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions), application);
    for (guint i = 0; i < G_N_ELEMENTS(shortcuts); i++)
        gtk_application_set_accels_for_action(GTK_APPLICATION(application), shortcuts[i].action,
                                              shortcuts[i].keys);
    gtk_window_set_default_icon_name("org.redherring.RedHerring");
}

static int handle_options(GApplication *application, GVariantDict *options, gpointer data)
{
    if (!g_variant_dict_contains(options, "version"))
        return -1;
    g_print("redherring %s\n", RH_VERSION);
    return 0;
}

static void watch(GdkFrameClock *clock, RhWatchdog **watchdog)
{
    g_signal_handlers_disconnect_by_data(clock, watchdog);
    g_autoptr(GError) error = NULL;
    *watchdog = rh_watchdog_new(g_getenv("RH_WATCHDOG"), &error);
    if (*watchdog == NULL)
        g_printerr("redherring: %s\n", error->message);
}

/* With RH_WATCHDOG=FILE in the environment every delay of the main loop is written to that file, from the
 * first frame until the window is gone. */
static void watch_from_first_frame(GtkWidget *window, RhWatchdog **watchdog)
{
    if (g_getenv("RH_WATCHDOG") != NULL && *watchdog == NULL)
        g_signal_connect(gtk_widget_get_frame_clock(window), "after-paint", G_CALLBACK(watch), watchdog);
}

static void window_removed(GtkApplication *application, GtkWindow *window, RhWatchdog **watchdog)
{
    if (RH_IS_WINDOW(window))
        g_clear_pointer(watchdog, rh_watchdog_free);
}

static void window_added(GtkApplication *application, GtkWindow *window, RhWatchdog **watchdog)
{
    if (RH_IS_WINDOW(window))
        g_signal_connect(window, "realize", G_CALLBACK(watch_from_first_frame), watchdog);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is told as a full disk is */
    g_autofree char *translations = rh_installation_translations();
    bindtextdomain(GETTEXT_PACKAGE, translations);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);

    static const GOptionEntry options[] = {
        {"version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL},
        {NULL},
    };
    g_autoptr(AdwApplication) application =
        adw_application_new("org.redherring.RedHerring", G_APPLICATION_HANDLES_OPEN);
    g_application_add_main_option_entries(G_APPLICATION(application), options);
    g_object_set(application, "register-session", TRUE, NULL); /* to keep the screen awake while presenting */
    g_application_set_option_context_parameter_string(G_APPLICATION(application), _("[FOLDER]"));
    g_signal_connect(application, "startup", G_CALLBACK(startup), NULL);
    g_signal_connect(application, "activate", G_CALLBACK(activate), NULL);
    g_signal_connect(application, "open", G_CALLBACK(open_files), NULL);
    g_signal_connect(application, "handle-local-options", G_CALLBACK(handle_options), NULL);

    g_autoptr(RhWatchdog) watchdog = NULL;
    g_signal_connect(application, "window-added", G_CALLBACK(window_added), &watchdog);
    g_signal_connect(application, "window-removed", G_CALLBACK(window_removed), &watchdog);
    return g_application_run(G_APPLICATION(application), argc, argv);
}
