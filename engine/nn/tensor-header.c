/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The header of a safetensors file: one JSON object, {"NAME": {"dtype": "F32", "shape": [2, 3],
 * "data_offsets": [0, 24]}, …, "__metadata__": {"KEY": "VALUE"}}. */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/error.h"
#include "nn/tensor-file-private.h"

#define DEPTH_MAX  3 /* of the header's brackets */
#define VALUES_MAX 2000000

/* `what` is a clause in the manner of printf. */
static gboolean refuse(const RhTensorFile *file, GError **error, const char *what, ...) G_GNUC_PRINTF(3, 4);

static gboolean refuse(const RhTensorFile *file, GError **error, const char *what, ...)
{
    va_list arguments;
    va_start(arguments, what);
    g_autofree char *clause = g_strdup_vprintf(what, arguments);
    va_end(arguments);
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                _("“%s” is no valid safetensors file: %s; get or export the file again."), file->name,
                clause);
    return FALSE;
}

/* The index behind a string that starts at `at`, or `length` if it does not end. */
static gsize skip_string(const char *text, gsize length, gsize at)
{
    for (at++; at < length && text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return MIN(at + 1, length);
}

/* Bounds the depth and the number of values before the JSON parser, which recurses and allocates, sees them.
 * Outside strings only JSON's own signs may stand: no comments, no other quotes. */
static gboolean check_bounds(const RhTensorFile *file, const char *text, gsize length, GError **error)
{
    guint depth = 0;
    gsize values = 0;
    for (gsize at = 0; at < length;) {
        char c = text[at];
        if (c == '"') {
            at = skip_string(text, length, at);
            continue;
        }
        if (c == '\0' || (!g_ascii_isalnum(c) && strchr("{}[],:+-. \t\r\n", c) == NULL))
            return refuse(file, error, _("its header is not JSON"));
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth -= depth > 0;
        values += c == ',';
        if (depth > DEPTH_MAX)
            return refuse(file, error, _("its header is nested deeper than the format allows"));
        if (values > VALUES_MAX)
            return refuse(file, error, _("its header lists more tensors than any network has"));
        at++;
    }
    return TRUE;
}

/* A whole number from 0 to G_MAXSSIZE. */
static gboolean get_size(JsonNode *node, gsize *size)
{
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
        return FALSE;
    gint64 value = json_node_get_int(node);
    if (value < 0 || value >= (gint64)G_MAXSSIZE)
        return FALSE;
    *size = (gsize)value;
    return TRUE;
}

static JsonArray *get_array(JsonObject *object, const char *member)
{
    JsonNode *node = json_object_get_member(object, member);
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static const char *get_text(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static gboolean read_shape(const RhTensorFile *file, RhTensorEntry *entry, JsonObject *object, GError **error)
{
    JsonArray *shape = get_array(object, "shape");
    if (shape == NULL || json_array_get_length(shape) > RH_TENSOR_RANK_MAX)
        return refuse(file, error, _("the tensor “%s” has no shape of at most eight numbers"), entry->name);
    entry->rank = json_array_get_length(shape);
    entry->count = 1;
    for (guint i = 0; i < entry->rank; i++) {
        if (!get_size(json_array_get_element(shape, i), &entry->size[i]) ||
            !g_size_checked_mul(&entry->count, entry->count, entry->size[i]))
            return refuse(file, error, _("the tensor “%s” has an impossible shape"), entry->name);
    }
    return TRUE;
}

static gboolean read_offsets(const RhTensorFile *file, RhTensorEntry *entry, JsonObject *object,
                             GError **error)
{
    JsonArray *offsets = get_array(object, "data_offsets");
    if (offsets == NULL || json_array_get_length(offsets) != 2 ||
        !get_size(json_array_get_element(offsets, 0), &entry->begin) ||
        !get_size(json_array_get_element(offsets, 1), &entry->end))
        return refuse(file, error, _("the tensor “%s” has no two data offsets"), entry->name);
    if (entry->begin > entry->end || entry->end > file->length)
        return refuse(file, error, _("the tensor “%s” lies outside the file"), entry->name);
    gsize bytes;
    if (!g_size_checked_mul(&bytes, entry->count, entry->dtype->size) || bytes != entry->end - entry->begin)
        return refuse(file, error, _("the tensor “%s” has a length that is not that of its shape"),
                      entry->name);
    return TRUE;
}

static gboolean read_entry(const RhTensorFile *file, RhTensorEntry *entry, JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return refuse(file, error, _("the tensor “%s” has no description"), entry->name);
    JsonObject *object = json_node_get_object(node);
    const char *dtype = get_text(json_object_get_member(object, "dtype"));
    if (dtype == NULL || json_object_get_size(object) != 3)
        return refuse(file, error,
                      _("the tensor “%s” has a description without dtype, shape and data_offsets"),
                      entry->name);
    entry->dtype = rh_dtype_find(dtype);
    if (entry->dtype == NULL) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s”: the tensor “%s” is of the unknown kind “%s”; export it as F32."), file->name,
                    entry->name, dtype);
        return FALSE;
    }
    return read_shape(file, entry, object, error) && read_offsets(file, entry, object, error);
}

static gboolean read_metadata(RhTensorFile *file, JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return refuse(file, error, _("its header has metadata that are no texts"));
    JsonObjectIter iter;
    const char *key;
    JsonNode *value;
    json_object_iter_init(&iter, json_node_get_object(node));
    while (json_object_iter_next(&iter, &key, &value)) {
        if (get_text(value) == NULL)
            return refuse(file, error, _("its header has metadata that are no texts"));
        g_hash_table_insert(file->metadata, g_strdup(key), g_strdup(get_text(value)));
    }
    return TRUE;
}

static int compare_places(gconstpointer left, gconstpointer right)
{
    const RhTensorEntry *a = *(RhTensorEntry *const *)left, *b = *(RhTensorEntry *const *)right;
    return a->begin != b->begin ? (a->begin > b->begin) - (a->begin < b->begin)
                                : (a->end > b->end) - (a->end < b->end);
}

/* The tensors lie one behind the other and fill the data. */
static gboolean check_tiling(const RhTensorFile *file, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    GHashTableIter iter;
    gpointer entry;
    g_hash_table_iter_init(&iter, file->entries);
    while (g_hash_table_iter_next(&iter, NULL, &entry))
        g_ptr_array_add(entries, entry);
    g_ptr_array_sort(entries, compare_places);
    gsize reached = 0;
    for (guint i = 0; i < entries->len; i++) {
        const RhTensorEntry *next = g_ptr_array_index(entries, i);
        if (next->begin < reached)
            return refuse(file, error, _("the tensor “%s” overlaps another"), next->name);
        if (next->begin > reached)
            return refuse(file, error, _("the tensor “%s” follows a gap"), next->name);
        reached = next->end;
    }
    return reached == file->length ||
           refuse(file, error, _("its header leaves bytes at the end of the file unused"));
}

static gboolean read_object(RhTensorFile *file, JsonObject *object, GError **error)
{
    JsonObjectIter iter;
    const char *name;
    JsonNode *node;
    json_object_iter_init_ordered(&iter, object);
    while (json_object_iter_next_ordered(&iter, &name, &node)) {
        if (strcmp(name, "__metadata__") == 0) {
            if (!read_metadata(file, node, error))
                return FALSE;
            continue;
        }
        RhTensorEntry *entry = g_new0(RhTensorEntry, 1);
        entry->name = g_strdup(name);
        g_hash_table_replace(file->entries, entry->name, entry);
        g_ptr_array_add(file->names, entry->name);
        if (!read_entry(file, entry, node, error))
            return FALSE;
    }
    g_ptr_array_add(file->names, NULL);
    return check_tiling(file, error);
}

gboolean rh_tensor_header_read(RhTensorFile *file, const char *text, gsize length, GError **error)
{
    if (length == 0 || *text != '{' || !g_utf8_validate_len(text, length, NULL))
        return refuse(file, error, _("its header is not JSON"));
    if (!check_bounds(file, text, length, error))
        return FALSE;
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, text, (gssize)length, NULL))
        return refuse(file, error, _("its header is not JSON"));
    JsonNode *root = json_parser_get_root(parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
        return refuse(file, error, _("its header is not a JSON object"));
    return read_object(file, json_node_get_object(root), error);
}
