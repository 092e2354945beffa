/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "support.h"

static guint entries(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    while (g_dir_read_name(dir) != NULL)
        count++;
    return count;
}

static void test_replace(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 2; i++) {
        const char *text = i == 0 ? "first, longer" : "second";
        g_autofree char *content = NULL;
        gsize length;
        g_assert_true(rh_file_replace(path, text, strlen(text), &error));
        g_assert_no_error(error);
        g_assert_true(rh_file_read(path, 100, &content, &length, &error));
        g_assert_cmpstr(content, ==, text);
        g_assert_cmpuint(length, ==, strlen(text));
    }
    g_assert_cmpuint(entries(folder), ==, 1);
    g_assert_true(rh_folder_remove(folder, &error));
}

static void test_remove(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_file_replace(path, "text", 4, NULL));
    g_assert_true(rh_file_remove(path, &error));
    g_assert_cmpuint(entries(folder), ==, 0);
    g_assert_true(rh_file_remove(path, &error)); /* it is gone, as was asked */
    g_assert_false(rh_file_remove(folder, &error));
    g_assert_nonnull(strstr(error->message, folder));
    g_assert_true(rh_folder_remove(folder, NULL));
}

/* Nothing that was put aside before is lost. */
static void test_put_aside(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autoptr(GError) error = NULL;
    static const char *const ends[] = {".broken", ".broken-2", ".broken-3"};
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_assert_true(rh_file_replace(path, ends[i], strlen(ends[i]), NULL));
        g_autofree char *aside = rh_file_put_aside(path, &error);
        g_assert_no_error(error);
        g_assert_true(g_str_has_suffix(aside, ends[i]));
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *aside = g_strconcat(path, ends[i], NULL);
        g_autofree char *content = NULL;
        g_assert_true(rh_file_read(aside, 100, &content, NULL, &error));
        g_assert_cmpstr(content, ==, ends[i]);
    }
    g_assert_null(rh_file_put_aside(path, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_true(rh_folder_remove(folder, NULL));
}

/* A limit on file sizes stands in for a full disk: the write fails half-way. */
static void test_full_disk_keeps_the_old(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autofree char *large = g_malloc0(1 << 20);
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_file_replace(path, "old", 3, NULL));

    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    gboolean written = rh_file_replace(path, large, 1 << 20, &error);
    setrlimit(RLIMIT_FSIZE, &before);

    g_assert_false(written);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_true(rh_file_read(path, 100, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "old");
    g_assert_cmpuint(entries(folder), ==, 1);
    rh_folder_remove(folder, NULL);
}

static void test_read_refuses(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
    char *content = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_file_replace(path, "12345", 5, NULL));
    g_assert_false(rh_file_read(path, 4, &content, NULL, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_LIMIT);
    g_clear_error(&error);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_false(rh_file_read(pipe, 100, &content, NULL, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
    g_clear_error(&error);
    g_assert_false(rh_file_read("/nowhere/at/all", 100, &content, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_null(content);
    rh_folder_remove(folder, NULL);
}

static void test_folder_appears_whole(void)
{
    g_autofree char *parent = rh_test_folder();
    g_autofree char *path = g_build_filename(parent, "new", "study", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(path, &error);
    g_assert_no_error(error);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_autofree char *temporary = g_strdup(draft->path);
    g_autofree char *inside = g_build_filename(temporary, "deep", NULL);
    g_assert_cmpint(g_mkdir(inside, 0700), ==, 0);
    g_assert_true(rh_folder_publish(draft, FALSE, &error));
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_DIR));
    g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
    g_assert_null(rh_folder_begin(path, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
    rh_folder_remove(parent, NULL);
    g_assert_false(g_file_test(parent, G_FILE_TEST_EXISTS));
}

/* What a killed program left is removed by who makes the same folder, and nothing else is: neither what is
 * being made, nor what somebody else called alike. */
static void test_drafts_of_killed_programs(void)
{
    g_autofree char *parent = rh_test_folder();
    g_autofree char *path = g_build_filename(parent, "study", NULL);
    g_autofree char *left = g_build_filename(parent, "study.rh-aB3dE9", NULL);
    static const char *const kept[] = {"study.backup", "study.rh-backups", "other.rh-aB3dE9", "study.AbC123"};
    g_assert_cmpint(g_mkdir(left, 0700), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_autofree char *folder = g_build_filename(parent, kept[i], NULL);
        g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    }
    g_autoptr(RhFolderDraft) first = rh_folder_begin(path, NULL);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_autoptr(RhFolderDraft) second = rh_folder_begin(path, NULL);
    g_assert_true(g_file_test(first->path, G_FILE_TEST_IS_DIR)); /* is being made */
    g_assert_cmpuint(entries(parent), ==, G_N_ELEMENTS(kept) + 2);
    g_clear_pointer(&first, rh_folder_draft_free);
    g_clear_pointer(&second, rh_folder_draft_free);
    g_assert_cmpuint(entries(parent), ==, G_N_ELEMENTS(kept));
    rh_folder_remove(parent, NULL);
}

/* Messages have the names that things are to have. */
static void test_messages_without_temporary_names(void)
{
    g_autoptr(GError) error = NULL;
    errno = ENOSPC;
    rh_file_fail(&error, RH_FILE_WRITE, "/a.rh-b/study.rh-aB3dE9/images.csv.rh-123456");
    g_assert_nonnull(strstr(error->message, "“/a.rh-b/study/images.csv”"));
}

/* A file that is being written is nobody's leftover; links are not followed. */
static void test_leftovers(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *elsewhere = rh_test_folder();
    g_autofree char *busy = g_build_filename(folder, "busy" RH_TEMPORARY_SUFFIX, NULL);
    g_autofree char *link = g_build_filename(folder, "link", NULL);
    g_autofree char *pipe = g_build_filename(folder, "pipe.rh-aaaaaa", NULL);
    g_autofree char *other = g_build_filename(elsewhere, "mask.png.rh-aB3dE9", NULL);
    g_autofree char *left = g_build_filename(folder, "run.ini.rh-aB3dE9", NULL);
    const int descriptor = rh_temporary_file(AT_FDCWD, busy, 0666);
    g_assert_cmpint(descriptor, >=, 0);
    g_assert_cmpint(symlink(elsewhere, link), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_true(g_file_set_contents(other, "x", 1, NULL));
    g_assert_true(g_file_set_contents(left, "x", 1, NULL));
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    rh_temporary_find(folder, NULL, "run.ini", FALSE, found);
    g_assert_true(g_file_test(left, G_FILE_TEST_EXISTS)); /* was only asked for */
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpstr(found->pdata[0], ==, "run.ini.rh-aB3dE9");
    rh_temporary_find(folder, NULL, NULL, TRUE, NULL);
    rh_temporary_find(folder, "link", NULL, TRUE, NULL);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(busy, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
    close(descriptor);
    rh_temporary_find(folder, NULL, NULL, TRUE, NULL);
    g_assert_false(g_file_test(busy, G_FILE_TEST_EXISTS));
    rh_folder_remove(folder, NULL);
    rh_folder_remove(elsewhere, NULL);
}

/* A link inside a removed folder is removed, what it points to is not. */
static void test_remove_stays_inside(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *other = rh_test_folder();
    g_autofree char *link = g_build_filename(folder, "link", NULL);
    g_autofree char *kept = g_build_filename(other, "kept", NULL);
    g_assert_true(rh_file_replace(kept, "x", 1, NULL));
    g_autoptr(GFile) file = g_file_new_for_path(link);
    g_assert_true(g_file_make_symbolic_link(file, other, NULL, NULL));
    g_assert_true(rh_folder_remove(folder, NULL));
    g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
    rh_folder_remove(other, NULL);
}

static void test_path_inside(void)
{
    const char *refused[] = {"/etc/passwd", "../up", "a/../../b", "", "a/.."};
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_path_inside("/study", refused[i], &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    }
    g_autofree char *path = rh_path_inside("/study", "masks/a..b.png", NULL);
    g_assert_cmpstr(path, ==, "/study/masks/a..b.png");
}

static void link_to(const char *target, const char *path)
{
    g_assert_cmpint(symlink(target, path), ==, 0);
}

/* A folder with an own folder "inside", which holds a file and a link to a folder that is somebody else's. */
typedef struct {
    char *folder, *study, *other, *kept;
} Linked;

static Linked make_linked(void)
{
    Linked linked = {.folder = rh_test_folder()};
    linked.study = g_build_filename(linked.folder, "study", NULL);
    linked.other = g_build_filename(linked.folder, "other", NULL);
    linked.kept = g_build_filename(linked.other, "kept", NULL);
    g_autofree char *way = g_build_filename(linked.study, "way", NULL);
    g_autofree char *leaf = g_build_filename(linked.study, "leaf", NULL);
    g_assert_true(rh_folder_make(linked.study, NULL));
    g_assert_true(rh_folder_make(linked.other, NULL));
    g_assert_true(rh_file_replace(linked.kept, "theirs", 6, NULL));
    link_to(linked.other, way);
    link_to(linked.kept, leaf);
    return linked;
}

static void clear_linked(Linked *linked)
{
    g_autofree char *content = NULL;
    g_assert_true(rh_file_read(linked->kept, 100, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "theirs");
    g_assert_cmpuint(entries(linked->other), ==, 1);
    g_assert_cmpuint(entries(linked->study), ==, 2);
    g_assert_true(rh_folder_remove(linked->folder, NULL));
    g_free(linked->folder);
    g_free(linked->study);
    g_free(linked->other);
    g_free(linked->kept);
}

static void assert_refused(gboolean done, GError **error)
{
    g_assert_false(done);
    g_assert_error(*error, G_FILE_ERROR, G_FILE_ERROR_LOOP);
    g_assert_nonnull(strstr((*error)->message, "symbolic link"));
    g_assert_null(strstr((*error)->message, "/./"));
    g_clear_error(error);
}

static void test_no_link_is_followed_out_of_a_study(void)
{
    Linked linked = make_linked();
    g_autoptr(GError) error = NULL;
    static const char *const ways[] = {"leaf", "way/kept", "way/new", "way/../study/leaf"};
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *path = rh_path_own(linked.study, ways[i]);
        g_autofree char *beside = rh_path_own(linked.study, "beside");
        assert_refused(rh_file_replace(path, "ours", 4, &error), &error);
        assert_refused(rh_file_replace_private(path, "ours", 4, &error), &error);
        assert_refused(rh_file_remove(path, &error), &error);
        assert_refused(rh_file_rename(path, beside, &error), &error);
        assert_refused(rh_folder_make(path, &error), &error);
        assert_refused(rh_folder_ensure(path, &error), &error);
        assert_refused(rh_folder_remove(path, &error), &error);
    }
    g_autofree char *way = rh_path_own(linked.study, "way");
    g_assert_null(rh_folder_names(way, &error));
    assert_refused(FALSE, &error);
    assert_refused(rh_folder_ensure(way, &error), &error);
    g_autofree char *leaf = rh_path_own(linked.study, "leaf"), *content = NULL;
    g_assert_true(rh_file_read(leaf, 100, &content, NULL, NULL)); /* looking is no harm */
    clear_linked(&linked);
}

static void test_a_file_where_a_folder_belongs(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *masks = rh_path_own(folder, "masks");
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_file_replace(masks, "x", 1, NULL));
    g_assert_false(rh_folder_ensure(masks, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
    g_assert_nonnull(strstr(error->message, "masks"));
    g_assert_nonnull(strstr(error->message, "rename or remove that"));
    rh_folder_remove(folder, NULL);
}

/* Where a study lies is the user's own choice. */
static void test_a_study_may_lie_behind_a_link(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *real = g_build_filename(folder, "real", NULL);
    g_autofree char *study = g_build_filename(folder, "study", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_folder_make(real, NULL));
    link_to("real", study);
    g_autofree char *runs = rh_path_own(study, "runs"), *run = rh_path_own(study, "runs/one");
    g_autofree char *file = rh_path_own(study, "runs/one/file");
    g_assert_true(rh_folder_ensure(runs, &error));
    g_assert_true(rh_folder_make(run, &error));
    g_assert_true(rh_file_replace(file, "x", 1, &error));
    g_autofree char *there = g_build_filename(real, "runs", "one", "file", NULL);
    g_assert_true(g_file_test(there, G_FILE_TEST_IS_REGULAR));
    g_assert_true(rh_folder_remove(run, &error));
    g_assert_no_error(error);
    rh_folder_remove(folder, NULL);
}

/* A file that a person names, as "--out" does. */
static void test_saving_through_a_link_keeps_the_link(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *near = g_build_filename(folder, "near", NULL),
                    *far = g_build_filename(folder, "far", NULL);
    g_autofree char *file = g_build_filename(near, "chart.csv", NULL);
    g_autofree char *target = g_build_filename(far, "kept.csv", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_folder_make(near, NULL) && rh_folder_make(far, NULL));
    link_to("../far/kept.csv", file);
    for (guint i = 0; i < 2; i++) { /* the first time there is nothing at the end of the link */
        g_autofree char *content = NULL;
        g_assert_true(rh_file_replace(file, i == 0 ? "one" : "two", 3, &error));
        g_assert_no_error(error);
        g_assert_true(g_file_test(file, G_FILE_TEST_IS_SYMLINK));
        g_assert_true(rh_file_read(target, 100, &content, NULL, NULL));
        g_assert_cmpstr(content, ==, i == 0 ? "one" : "two");
    }
    g_assert_cmpuint(entries(near), ==, 1);
    g_assert_cmpuint(entries(far), ==, 1);
    rh_folder_remove(folder, NULL);
}

static void test_a_device_is_written_to(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *node = g_build_filename(folder, "null", NULL);
    GStatBuf status;
    if (mknod(node, S_IFCHR | 0666, makedev(1, 3)) != 0) {
        g_test_skip("a device of the test's own needs the rights of root");
        rh_folder_remove(folder, NULL);
        return;
    }
    g_autoptr(GError) error = NULL;
    if (!rh_file_replace(node, "text", 4, &error)) {
        g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ACCES); /* a disk mounted without devices */
        g_test_skip("devices do not work where temporary files are");
    }
    g_assert_cmpint(g_lstat(node, &status), ==, 0);
    g_assert_true(S_ISCHR(status.st_mode));
    g_assert_cmpuint(entries(folder), ==, 1);
    rh_folder_remove(folder, NULL);
}

static void test_a_pipe_is_written_to(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
    char got[8] = "";
    GStatBuf status;
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    const int reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    g_assert_true(rh_file_is_device(pipe));
    g_assert_true(rh_file_replace(pipe, "text", 4, NULL));
    g_assert_cmpint(read(reader, got, sizeof got), ==, 4);
    g_assert_cmpstr(got, ==, "text");
    g_assert_cmpint(g_lstat(pipe, &status), ==, 0);
    g_assert_true(S_ISFIFO(status.st_mode));
    close(reader);
    rh_folder_remove(folder, NULL);
}

static guint mode_of(const char *path)
{
    GStatBuf status;
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    return status.st_mode & 0777;
}

static void test_permissions_stay(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *public = g_build_filename(folder, "public", NULL);
    g_autofree char *own = g_build_filename(folder, "own", NULL);
    const mode_t mask = umask(022);
    g_assert_true(rh_file_replace(public, "x", 1, NULL));
    g_assert_true(rh_file_replace_private(own, "x", 1, NULL));
    g_assert_cmpuint(mode_of(public), ==, 0644);
    g_assert_cmpuint(mode_of(own), ==, 0600);
    g_assert_cmpint(g_chmod(own, 0660), ==, 0); /* shared with a group on purpose */
    g_assert_true(rh_file_replace_private(own, "y", 1, NULL));
    g_assert_cmpuint(mode_of(own), ==, 0660);
    umask(mask);
    rh_folder_remove(folder, NULL);
}

/* The advice goes with the reason and the file is the one that was asked for. */
static void test_advice(void)
{
    static const struct {
        int code;
        RhFileDeed deed;
        const char *advice;
    } cases[] = {
        {ENOSPC, RH_FILE_OPEN, "Make room"},        {EDQUOT, RH_FILE_WRITE, "Make room"},
        {EFBIG, RH_FILE_WRITE, "Make room"},        {ENOENT, RH_FILE_OPEN, "Check that it is there."},
        {ENOENT, RH_FILE_WRITE, "folder is still"}, {EROFS, RH_FILE_WRITE, "disk that can be written"},
        {EACCES, RH_FILE_OPEN, "to read it"},       {EACCES, RH_FILE_WRITE, "write permission"},
        {EIO, RH_FILE_READ, "Check the disk"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        errno = cases[i].code;
        g_assert_false(rh_file_fail(&error, cases[i].deed, "/study/./masks/a.png"));
        g_assert_nonnull(strstr(error->message, "“/study/masks/a.png”"));
        g_assert_nonnull(strstr(error->message, cases[i].advice));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/files/replace", test_replace);
    g_test_add_func("/files/remove", test_remove);
    g_test_add_func("/files/a-file-where-a-folder-belongs", test_a_file_where_a_folder_belongs);
    g_test_add_func("/files/put-aside", test_put_aside);
    g_test_add_func("/files/full-disk-keeps-the-old", test_full_disk_keeps_the_old);
    g_test_add_func("/files/read-refuses", test_read_refuses);
    g_test_add_func("/files/folder-appears-whole", test_folder_appears_whole);
    g_test_add_func("/files/drafts-of-killed-programs", test_drafts_of_killed_programs);
    g_test_add_func("/files/messages-without-temporary-names", test_messages_without_temporary_names);
    g_test_add_func("/files/leftovers", test_leftovers);
    g_test_add_func("/files/remove-stays-inside", test_remove_stays_inside);
    g_test_add_func("/files/path-inside", test_path_inside);
    g_test_add_func("/files/no-link-is-followed-out-of-a-study", test_no_link_is_followed_out_of_a_study);
    g_test_add_func("/files/a-study-may-lie-behind-a-link", test_a_study_may_lie_behind_a_link);
    g_test_add_func("/files/saving-through-a-link-keeps-the-link", test_saving_through_a_link_keeps_the_link);
    g_test_add_func("/files/a-device-is-written-to", test_a_device_is_written_to);
    g_test_add_func("/files/a-pipe-is-written-to", test_a_pipe_is_written_to);
    g_test_add_func("/files/permissions-stay", test_permissions_stay);
    g_test_add_func("/files/advice", test_advice);
    return g_test_run();
}
