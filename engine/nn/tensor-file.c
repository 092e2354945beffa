/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "nn/tensor-file-private.h"

#define HEADER_MAX  (100u * 1000 * 1000) /* of the format */
#define LENGTH_SIZE 8                    /* bytes of the number in front of the header */

static void entry_free(gpointer data)
{
    RhTensorEntry *entry = data;
    g_free(entry->name);
    g_free(entry);
}

void rh_tensor_file_free(RhTensorFile *file)
{
    if (file == NULL)
        return;
    g_ptr_array_unref(file->names);
    g_hash_table_unref(file->entries);
    g_hash_table_unref(file->metadata);
    g_bytes_unref(file->bytes);
    g_free(file->name);
    g_free(file);
}

static gboolean read_file(RhTensorFile *file, GError **error)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(file->bytes, &size);
    guint64 header;
    if (size < LENGTH_SIZE) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is too short for a safetensors file; choose a file that ends in .safetensors."),
                    file->name);
        return FALSE;
    }
    memcpy(&header, bytes, LENGTH_SIZE);
    header = GUINT64_FROM_LE(header);
    if (header > HEADER_MAX || header > size - LENGTH_SIZE) {
        g_autofree char *promised = g_format_size(header);
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is no safetensors file, or cut off: its header would have %s; get or export the "
                      "file again."),
                    file->name, promised);
        return FALSE;
    }
    file->data = bytes + LENGTH_SIZE + header;
    file->length = size - LENGTH_SIZE - (gsize)header;
    return rh_tensor_header_read(file, (const char *)bytes + LENGTH_SIZE, (gsize)header, error);
}

RhTensorFile *rh_tensor_file_open_bytes(GBytes *bytes, const char *name, GError **error)
{
    g_autoptr(RhTensorFile) file = g_new0(RhTensorFile, 1);
    file->name = rh_path_shown(name);
    file->bytes = g_bytes_ref(bytes);
    file->metadata = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    file->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    file->names = g_ptr_array_new();
    return read_file(file, error) ? g_steal_pointer(&file) : NULL;
}

static GBytes *map_descriptor(int descriptor, const char *path, GError **error)
{
    struct stat status;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        g_autoptr(GMappedFile) mapped = g_mapped_file_new_from_fd(descriptor, FALSE, error);
        return mapped != NULL ? g_mapped_file_get_bytes(mapped) : NULL;
    }
    g_autofree char *name = rh_path_shown(path);
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT, _("“%s” is no ordinary file; choose a safetensors file."),
                name);
    return NULL;
}

RhTensorFile *rh_tensor_file_open(const char *path, GError **error)
{
    /* O_NONBLOCK: opening a named pipe must not wait for somebody to write into it. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        rh_file_fail(error, RH_FILE_OPEN, path);
        return NULL;
    }
    g_autoptr(GBytes) bytes = map_descriptor(descriptor, path, error);
    close(descriptor);
    return bytes != NULL ? rh_tensor_file_open_bytes(bytes, path, error) : NULL;
}

const char *rh_tensor_file_metadata(const RhTensorFile *file, const char *key)
{
    return g_hash_table_lookup(file->metadata, key);
}

gboolean rh_tensor_file_has(const RhTensorFile *file, const char *name)
{
    return g_hash_table_contains(file->entries, name);
}

const char *const *rh_tensor_file_names(const RhTensorFile *file)
{
    return (const char *const *)file->names->pdata;
}

const RhTensorEntry *rh_tensor_file_entry(const RhTensorFile *file, const char *name, GError **error)
{
    const RhTensorEntry *entry = g_hash_table_lookup(file->entries, name);
    if (entry == NULL)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("“%s” has no tensor “%s”; choose a file that was written for this network."),
                    file->name, name);
    return entry;
}

gboolean rh_tensor_file_shape(const RhTensorFile *file, const char *name, RhShape *shape, GError **error)
{
    const RhTensorEntry *entry = rh_tensor_file_entry(file, name, error);
    if (entry == NULL)
        return FALSE;
    if (entry->rank > RH_RANK_MAX) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_LIMIT,
            _("“%s”: the tensor “%s” has %u axes, more than the %u that are read; choose a file that was "
              "written for this network."),
            file->name, name, entry->rank, RH_RANK_MAX);
        return FALSE;
    }
    *shape = rh_shape_new(entry->rank, entry->size);
    return TRUE;
}

double *rh_tensor_file_read(const RhTensorFile *file, const char *name, gsize *count, GError **error)
{
    const RhTensorEntry *entry = rh_tensor_file_entry(file, name, error);
    if (entry == NULL)
        return NULL;
    double *values = g_try_malloc_n(MAX(entry->count, 1), sizeof *values);
    if (values == NULL) {
        g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                    _("“%s”: there is not enough memory for the tensor “%s”; close other programs and try "
                      "again."),
                    file->name, name);
        return NULL;
    }
    const guint8 *bytes = file->data + entry->begin;
    for (gsize i = 0; i < entry->count; i++)
        values[i] = entry->dtype->read(bytes + i * entry->dtype->size);
    *count = entry->count;
    return values;
}
