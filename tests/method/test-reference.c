/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The engine against the reference files that PyTorch computed in double precision. */
#include "study/verify.h"

#include <string.h>

#include "support.h"

static void verify_one(const char *path, RhPool *pool)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) lines = rh_verify_file(path, NULL, pool, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(lines->len, >, 4);
    for (guint i = 0; i < lines->len; i++) {
        const RhVerification *line = &g_array_index(lines, RhVerification, i);
        g_test_message("%-60s %8.2g of %8.2g", line->quantity, line->error, line->limit);
        if (!line->ok)
            g_test_fail_printf("%s: %s: %g, limit %g", path, line->quantity, line->error, line->limit);
    }
}

static void test_file(gconstpointer path)
{
    g_autoptr(RhPool) pool = rh_pool_new(2);
    verify_one(path, pool);
}

/* A file that says another weight of the penalty than it was computed with: the limits notice. */
static void test_wrong(void)
{
    g_autofree char *path = rh_test_shared("reference/train-actdiff.safetensors");
    g_autoptr(GError) error = NULL;
    g_autofree char *content = NULL;
    gsize length;
    if (path == NULL)
        return;
    g_assert_true(g_file_get_contents(path, &content, &length, &error));
    char *lambda = memmem(content, length, "\"lambda\":\"0.5\"", 14);
    g_assert_nonnull(lambda);
    memcpy(lambda, "\"lambda\":\"0.6\"", 14);
    g_autofree char *folder = rh_test_folder(), *copy = g_build_filename(folder, "wrong.safetensors", NULL);
    g_assert_true(g_file_set_contents(copy, content, (gssize)length, &error));
    g_autoptr(GArray) lines = rh_verify_file(copy, NULL, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < lines->len; i++) {
        const RhVerification *line = &g_array_index(lines, RhVerification, i);
        if (g_str_has_prefix(line->quantity, "penalty") || g_str_has_prefix(line->quantity, "gradient"))
            g_assert_false(line->ok);
        if (g_str_has_prefix(line->quantity, "logits"))
            g_assert_true(line->ok);
    }
    g_remove(copy);
    g_rmdir(folder);
}

static void test_no_files(void)
{
    g_autofree char *folder = rh_test_shared("reference");
    if (folder != NULL)
        g_test_fail_printf("no reference file in %s", folder);
}

static void test_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_verify_file("/nowhere/at-all.safetensors", NULL, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reference/refused", test_refused);
    g_test_add_func("/reference/wrong", test_wrong);
    const char *shared = g_getenv("RH_SHARED");
    g_autofree char *folder = g_build_filename(shared != NULL ? shared : "", "reference", NULL);
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; directory != NULL && (name = g_dir_read_name(directory)) != NULL;) {
        if (!g_str_has_suffix(name, ".safetensors"))
            continue;
        char *path = g_build_filename(folder, name, NULL);
        g_autofree char *test = g_strdup_printf("/reference/%s", name);
        g_ptr_array_add(paths, path);
        g_test_add_data_func(test, path, test_file);
    }
    if (paths->len == 0)
        g_test_add_func("/reference/files", test_no_files);
    return g_test_run();
}
