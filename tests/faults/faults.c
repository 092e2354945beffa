/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loaded before the C library: lets the n-th operation that changes files fail, or ends the program there.
 * Counted is what happens below one folder, from 1.
 *
 *     RH_FAULT_BELOW    the folder
 *     RH_FAULT_AT       which operation; 0 counts alone
 *     RH_FAULT_HOW      “kill”, or the number of an error; with “+” behind it every later operation fails too
 *     RH_FAULT_COUNT    file for the number of operations, written when the program ends by itself */
#undef _FILE_OFFSET_BITS /* else open would be another name for open64 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int operations;

static int is_below(const char *path)
{
    const char *folder = getenv("RH_FAULT_BELOW");
    return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_file_below(int descriptor)
{
    char link[64], path[PATH_MAX + 1];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    return is_below(path);
}

/* A path that an operation relative to a folder means. */
static int is_entry_below(int folder, const char *name)
{
    return name[0] == '/' || folder == AT_FDCWD ? is_below(name) : is_file_below(folder);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    pause();
}

/* Counts an operation. The error it fails with, 0: none, −1: the program ends within it. */
static int next_fault(void)
{
    const char *how = getenv("RH_FAULT_HOW"), *at = getenv("RH_FAULT_AT");
    const int number = atomic_fetch_add(&operations, 1) + 1, wanted = at != NULL ? atoi(at) : 0;
    if (wanted == 0 || how == NULL || number < wanted || (number > wanted && strchr(how, '+') == NULL))
        return 0;
    return strcmp(how, "kill") == 0 ? -1 : atoi(how);
}

/* Whether the operation fails now, with errno. */
static int fails(int counts)
{
    const int fault = counts ? next_fault() : 0;
    if (fault < 0)
        die();
    if (fault > 0)
        errno = fault;
    return fault > 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("RH_FAULT_COUNT");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%d\n", atomic_load(&operations));
    fclose(file);
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define DEFINE_OPEN(name)                                                                                    \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        const mode_t mode = mode_of(flags, arguments);                                                       \
        va_end(arguments);                                                                                   \
        return fails((flags & O_CREAT) != 0 && is_below(path)) ? -1 : REAL(name)(path, flags, mode);         \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

#define DEFINE_OPENAT(name)                                                                                  \
    int name(int folder, const char *path, int flags, ...)                                                   \
    {                                                                                                        \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        const mode_t mode = mode_of(flags, arguments);                                                       \
        va_end(arguments);                                                                                   \
        const int counts = (flags & O_CREAT) != 0 && is_entry_below(folder, path);                           \
        return fails(counts) ? -1 : REAL(name)(folder, path, flags, mode);                                   \
    }
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

/* A kill falls into the middle of it. */
ssize_t write(int descriptor, const void *bytes, size_t length)
{
    const int fault = is_file_below(descriptor) ? next_fault() : 0;
    if (fault > 0) {
        errno = fault;
        return -1;
    }
    const ssize_t done = REAL(write)(descriptor, bytes, fault < 0 ? length / 2 : length);
    if (fault < 0)
        die();
    return done;
}

int fsync(int descriptor)
{
    return fails(is_file_below(descriptor)) ? -1 : REAL(fsync)(descriptor);
}

int syncfs(int descriptor)
{
    return fails(is_file_below(descriptor)) ? -1 : REAL(syncfs)(descriptor);
}

int rename(const char *from, const char *to)
{
    return fails(is_below(to)) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return fails(is_entry_below(to_folder, to)) ? -1 : REAL(renameat)(from_folder, from, to_folder, to);
}

int link(const char *from, const char *to)
{
    return fails(is_below(to)) ? -1 : REAL(link)(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return fails(is_entry_below(to_folder, to)) ? -1 : REAL(linkat)(from_folder, from, to_folder, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
    return fails(is_below(path)) ? -1 : REAL(mkdir)(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    return fails(is_entry_below(folder, path)) ? -1 : REAL(mkdirat)(folder, path, mode);
}

/* Where programs are killed it counts too; but no full disk keeps files from being removed. */
static int removal_fails(int counts)
{
    const char *how = getenv("RH_FAULT_HOW");
    return how != NULL && strcmp(how, "kill") == 0 && fails(counts);
}

int unlink(const char *path)
{
    return removal_fails(is_below(path)) ? -1 : REAL(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    return removal_fails(is_entry_below(folder, path)) ? -1 : REAL(unlinkat)(folder, path, flags);
}

int rmdir(const char *path)
{
    return removal_fails(is_below(path)) ? -1 : REAL(rmdir)(path);
}
