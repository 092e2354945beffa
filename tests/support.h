/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

/* The path of a shared sample file, or NULL after marking the test as skipped, with the reason, where the samples
 * are not there. Free with g_free. */
static inline char *
rh_test_shared(const char *relative)
{
    const char *folder = g_getenv("RH_SHARED");
    g_autofree char *path = folder != NULL ? g_build_filename(folder, relative, NULL) : NULL;
    if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&path);
    g_autofree char *reason = g_strdup_printf("sample data %s are not here (RH_SHARED=%s)", relative,
                                              folder != NULL ? folder : "");
    g_test_skip(reason);
    return NULL;
}

/* An empty folder of the test's own; free with g_free. */
static inline char *
rh_test_folder(void)
{
    char *path = g_dir_make_tmp("rh-test-XXXXXX", NULL);
    g_assert_nonnull(path);
    return path;
}
