/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fuzz target without its fuzzer, in every build: gives it each file of the folders named, once. */
#include <glib.h>

#include "fuzz/targets.h"

size_t LLVMFuzzerMutate(guint8 *data, size_t size, size_t size_max)
{
    (void)data, (void)size, (void)size_max;
    g_assert_not_reached(); /* nothing is changed here */
}

static guint give_folder(const char *folder)
{
    guint given = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) files = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    for (const char *name; (name = g_dir_read_name(files)) != NULL; given++) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *content = NULL;
        gsize length = 0;
        g_assert_true(g_file_get_contents(path, &content, &length, NULL));
        g_autofree guint8 *own = g_memdup2(content, length); /* a byte read beyond it is seen by sanitizers */
        LLVMFuzzerTestOneInput(own, length);
    }
    return given;
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize != NULL)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        g_assert_cmpuint(give_folder(argv[i]), >, 0);
    return 0;
}
