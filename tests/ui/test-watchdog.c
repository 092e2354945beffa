/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/watchdog.h"

#include <glib/gstdio.h>

#include "image/image.h"

#define MIB  (1u << 20)
#define SIDE 8192u

/* One turn of a main loop that is watched: the lines that the watchdog writes of it. */
static char *watch_turn(GSourceFunc turn, gpointer data)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "watchdog-XXXXXX", NULL);
    g_close(g_mkstemp(path), NULL);
    g_autoptr(RhWatchdog) watchdog = rh_watchdog_new(path, NULL);
    g_assert_nonnull(watchdog);
    g_idle_add(turn, data);
    for (guint i = 0; i < 2; i++) /* the second one ends the first */
        g_main_context_iteration(NULL, FALSE);
    g_clear_pointer(&watchdog, rh_watchdog_free);
    char *lines = NULL;
    g_assert_true(g_file_get_contents(path, &lines, NULL, NULL));
    g_unlink(path);
    g_test_message("%s", lines);
    return lines;
}

static gboolean hash(gpointer mebibytes)
{
    g_autofree guchar *bytes = g_malloc0(MIB);
    for (guint i = 0; i < GPOINTER_TO_UINT(mebibytes); i++) {
        g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, MIB);
        g_assert_nonnull(sum);
    }
    return G_SOURCE_REMOVE;
}

static void test_too_much_work_holds_the_loop_up(void)
{
    g_autofree char *lines = watch_turn(hash, GUINT_TO_POINTER(160));
    g_assert_nonnull(strstr(lines, "held up: "));
}

static void test_work_that_is_allowed_is_no_fault(void)
{
    g_autofree char *lines = watch_turn(hash, GUINT_TO_POINTER(16));
    g_assert_null(strstr(lines, "held up: "));
}

static gboolean stand(gpointer data)
{
    g_usleep(G_USEC_PER_SEC);
    return G_SOURCE_REMOVE;
}

/* A disk, the X server or another program is waited for. */
static void test_standing_still_is_told_and_no_fault(void)
{
    g_autofree char *lines = watch_turn(stand, NULL);
    g_assert_nonnull(strstr(lines, "took long: "));
    g_assert_null(strstr(lines, "held up: "));
}

static gboolean decode(gpointer file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhImage) image = rh_image_load_bytes(file, "film.png", &error);
    g_assert_no_error(error);
    return G_SOURCE_REMOVE;
}

static void test_decoding_a_large_film_holds_the_loop_up(void)
{
    g_autoptr(RhImage) film = rh_image_new(SIDE, SIDE, RH_PIXEL_U8);
    guint32 noise = 1;
    for (gsize i = 0; i < (gsize)SIDE * SIDE; i++) {
        noise = noise * 1664525 + 1013904223;
        ((guint8 *)film->pixels)[i] = (guint8)(100 + (noise >> 29));
    }
    g_autoptr(GBytes) file = rh_image_encode_png(film);
    g_autofree char *lines = watch_turn(decode, file);
    g_assert_nonnull(strstr(lines, "held up: "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watchdog/too-much-work-holds-the-loop-up", test_too_much_work_holds_the_loop_up);
    g_test_add_func("/watchdog/decoding-a-large-film-holds-the-loop-up",
                    test_decoding_a_large_film_holds_the_loop_up);
    g_test_add_func("/watchdog/work-that-is-allowed-is-no-fault", test_work_that_is_allowed_is_no_fault);
    g_test_add_func("/watchdog/standing-still-is-told-and-no-fault",
                    test_standing_still_is_told_and_no_fault);
    return g_test_run();
}
