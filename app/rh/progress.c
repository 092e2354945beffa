/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

#define INTERVAL (G_USEC_PER_SEC / 10)

RhProgress rh_progress_start(gboolean quiet)
{
    return (RhProgress){.terminal = isatty(STDERR_FILENO), .quiet = quiet};
}

static int columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

void rh_progress_show(RhProgress *progress, const char *format, ...)
{
    gint64 now = g_get_monotonic_time();
    if (progress->quiet || !progress->terminal || (progress->shown && now - progress->last < INTERVAL))
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = rh_text_line(text, (guint)columns() - 1);
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
    progress->shown = TRUE;
    progress->last = now;
}

void rh_progress_log(RhProgress *progress, const char *format, ...)
{
    if (progress->quiet || progress->terminal)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_printerr("%s\n", text);
}

void rh_progress_clear(RhProgress *progress)
{
    if (!progress->shown)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->shown = FALSE;
}

void rh_progress_time_left(double seconds, char text[24])
{
    text[0] = '\0';
    if (!isfinite(seconds) || seconds < 0 || seconds > 1e7)
        return;
    guint whole = (guint)(seconds + 0.5);
    if (whole >= 3600)
        g_snprintf(text, 24, "%u:%02u:%02u left", whole / 3600, whole / 60 % 60, whole % 60);
    else
        g_snprintf(text, 24, "%u:%02u left", whole / 60, whole % 60);
}

void rh_progress_images(guint done, guint total, gpointer progress)
{
    rh_progress_show(progress, "Reading images: %u of %u", done, total);
    if (done == total)
        rh_progress_clear(progress);
}
