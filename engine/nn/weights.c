/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/weights.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "nn/tensor-file-private.h"

#define ALIGNMENT 8 /* of the data behind the header */

/* PyTorch's order of axes: filters out×in×H×W instead of H×W×in×out. */
static RhShape file_shape(RhShape shape)
{
    const gsize *size = shape.size;
    return shape.rank == 4 ? RH_SHAPE(size[3], size[2], size[0], size[1]) : shape;
}

/* Where the value at `index` of the file lies in memory. */
static gsize memory_index(RhShape shape, gsize index)
{
    if (shape.rank != 4)
        return index;
    gsize height = shape.size[0], width = shape.size[1], in = shape.size[2], out = shape.size[3];
    gsize column = index % width, row = index / width % height;
    gsize from = index / (width * height) % in, to = index / (width * height * in);
    return ((row * width + column) * in + from) * out + to;
}

static gboolean check_tensor(const RhTensorFile *file, const char *name, const RhTensor *tensor,
                             GError **error)
{
    RhShape wanted = file_shape(tensor->shape), found;
    if (!rh_tensor_file_shape(file, name, &found, error))
        return FALSE;
    if (rh_shape_equal(wanted, found))
        return TRUE;
    g_autofree char *is = rh_shape_to_string(found), *should = rh_shape_to_string(wanted);
    g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                _("“%s”: the tensor “%s” is %s and should be %s; choose weights of the same kind and width "
                  "of network."),
                file->name, name, is, should);
    return FALSE;
}

static void fill_tensor(const RhTensorFile *file, const char *name, RhTensor *tensor, RhPrecision precision)
{
    const RhTensorEntry *entry = rh_tensor_file_entry(file, name, NULL);
    const guint8 *bytes = file->data + entry->begin;
    for (gsize i = 0; i < entry->count; i++)
        rh_tensor_set_value(tensor, precision, memory_index(tensor->shape, i),
                            entry->dtype->read(bytes + i * entry->dtype->size));
}

gboolean rh_tensor_file_read_parameters(const RhTensorFile *file, const char *prefix,
                                        RhParameters *parameters, GError **error)
{
    guint count = rh_parameters_count(parameters);
    for (guint i = 0; i < count; i++) {
        RhTensor *tensor = rh_parameters_get(parameters, i);
        g_autofree char *name = g_strconcat(prefix, tensor->name, NULL);
        if (!check_tensor(file, name, tensor, error))
            return FALSE;
    }
    for (guint i = 0; i < count; i++) {
        RhTensor *tensor = rh_parameters_get(parameters, i);
        g_autofree char *name = g_strconcat(prefix, tensor->name, NULL);
        fill_tensor(file, name, tensor, rh_parameters_precision(parameters));
    }
    return TRUE;
}

/* A file in the making. */
typedef struct {
    JsonBuilder *header;
    GByteArray *data;
} Writer;

/* Describes a tensor whose data come next. */
static void describe(Writer *writer, const char *name, const char *dtype, RhShape shape, gsize bytes)
{
    JsonBuilder *header = writer->header;
    json_builder_set_member_name(header, name);
    json_builder_begin_object(header);
    json_builder_set_member_name(header, "dtype");
    json_builder_add_string_value(header, dtype);
    json_builder_set_member_name(header, "shape");
    json_builder_begin_array(header);
    for (guint i = 0; i < shape.rank; i++)
        json_builder_add_int_value(header, (gint64)shape.size[i]);
    json_builder_end_array(header);
    json_builder_set_member_name(header, "data_offsets");
    json_builder_begin_array(header);
    json_builder_add_int_value(header, writer->data->len);
    json_builder_add_int_value(header, (gint64)(writer->data->len + bytes));
    json_builder_end_array(header);
    json_builder_end_object(header);
}

static void add_tensor(Writer *writer, const char *name, const RhTensor *tensor, RhPrecision precision)
{
    gsize count = rh_shape_count(tensor->shape), size = rh_precision_size(precision);
    describe(writer, name, precision == RH_SINGLE ? "F32" : "F64", file_shape(tensor->shape), count * size);
    guint start = writer->data->len;
    g_byte_array_set_size(writer->data, (guint)(start + count * size));
    for (gsize i = 0; i < count; i++) {
        gsize from = memory_index(tensor->shape, i);
        guint8 *to = writer->data->data + start + i * size;
        if (precision == RH_SINGLE) {
            guint32 bits;
            memcpy(&bits, (const float *)tensor->data + from, sizeof bits);
            bits = GUINT32_TO_LE(bits);
            memcpy(to, &bits, sizeof bits);
        } else {
            guint64 bits;
            memcpy(&bits, (const double *)tensor->data + from, sizeof bits);
            bits = GUINT64_TO_LE(bits);
            memcpy(to, &bits, sizeof bits);
        }
    }
}

static void add_batches_tracked(Writer *writer, const char *running_variance, gint64 batches)
{
    g_autoptr(GString) name = g_string_new(running_variance);
    g_string_truncate(name, name->len - (sizeof "running_var" - 1));
    g_string_append(name, "num_batches_tracked");
    gint64 bits = GINT64_TO_LE(batches);
    describe(writer, name->str, "I64", RH_SCALAR, sizeof bits);
    g_byte_array_append(writer->data, (const guint8 *)&bits, sizeof bits);
}

static void add_group(Writer *writer, const RhTensorGroup *group, gint64 batches_tracked)
{
    for (guint i = 0; i < rh_parameters_count(group->parameters); i++) {
        const RhTensor *tensor = rh_parameters_get(group->parameters, i);
        g_autofree char *name = g_strconcat(group->prefix, tensor->name, NULL);
        add_tensor(writer, name, tensor, rh_parameters_precision(group->parameters));
        if (batches_tracked >= 0 && g_str_has_suffix(name, ".running_var"))
            add_batches_tracked(writer, name, batches_tracked);
    }
}

static void add_metadata(Writer *writer, const char *const *metadata)
{
    if (metadata == NULL || metadata[0] == NULL)
        return;
    json_builder_set_member_name(writer->header, "__metadata__");
    json_builder_begin_object(writer->header);
    for (; metadata[0] != NULL; metadata += 2) {
        json_builder_set_member_name(writer->header, metadata[0]);
        json_builder_add_string_value(writer->header, metadata[1]);
    }
    json_builder_end_object(writer->header);
}

/* Length of the header, header padded with spaces, data. */
static GByteArray *assemble(Writer *writer)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(writer->header);
    gsize length;
    json_generator_set_root(generator, root);
    g_autofree char *text = json_generator_to_data(generator, &length);
    gsize padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    guint64 number = GUINT64_TO_LE((guint64)padded);
    GByteArray *file = g_byte_array_sized_new((guint)(sizeof number + padded + writer->data->len));
    g_byte_array_append(file, (const guint8 *)&number, sizeof number);
    g_byte_array_append(file, (const guint8 *)text, (guint)length);
    for (gsize i = length; i < padded; i++)
        g_byte_array_append(file, (const guint8 *)" ", 1);
    g_byte_array_append(file, writer->data->data, writer->data->len);
    return file;
}

gboolean rh_weights_write(const char *path, const RhTensorGroup *groups, guint n_groups,
                          gint64 batches_tracked, const char *const *metadata, GError **error)
{
    g_autoptr(JsonBuilder) header = json_builder_new();
    g_autoptr(GByteArray) data = g_byte_array_new();
    Writer writer = {header, data};
    json_builder_begin_object(header);
    add_metadata(&writer, metadata);
    for (guint i = 0; i < n_groups; i++)
        add_group(&writer, &groups[i], batches_tracked);
    json_builder_end_object(header);
    g_autoptr(GByteArray) file = assemble(&writer);
    return rh_file_replace(path, file->data, file->len, error);
}
