/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/weights.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "nn/network.h"
#include "support.h"

/* A file with this header and `data` bytes of data: 0, 1, 2, … */
static GBytes *make_file(const char *header, gsize data)
{
    GByteArray *file = g_byte_array_new();
    guint64 length = GUINT64_TO_LE((guint64)strlen(header));
    g_byte_array_append(file, (const guint8 *)&length, sizeof length);
    g_byte_array_append(file, (const guint8 *)header, (guint)strlen(header));
    for (gsize i = 0; i < data; i++) {
        guint8 byte = (guint8)i;
        g_byte_array_append(file, &byte, 1);
    }
    return g_byte_array_free_to_bytes(file);
}

static void refused(const char *header, gsize data, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = make_file(header, data);
    g_assert_null(rh_tensor_file_open_bytes(bytes, "odd.safetensors", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
    if (strstr(error->message, "odd.safetensors") == NULL || strstr(error->message, reason) == NULL)
        g_test_fail_printf("“%s” should name the file and say “%s”", error->message, reason);
}

#define ENTRY(name, dtype, shape, offsets)                                                                   \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static void test_refused(void)
{
    refused("", 0, "JSON");
    refused("[]", 0, "JSON");
    refused("{\"a\":", 0, "JSON");
    refused("{\"a\":\"\xff\"}", 0, "JSON");
    refused("{'a':1}", 0, "JSON");
    refused("{/* a */}", 0, "JSON");
    refused("{\"a\":[[[[[[1]]]]]]}", 0, "nested");
    refused("{}", 4, "unused");
    refused("{\"a\":3}", 0, "description");
    refused("{\"a\":{}}", 0, "description");
    refused("{\"__metadata__\":{\"a\":3}}", 0, "metadata");
    refused("{" ENTRY("a", "F31", "[1]", "[0,4]") "}", 4, "F31");
    refused("{" ENTRY("a", "F32", "[2]", "[0,4]") "}", 4, "length");
    refused("{" ENTRY("a", "F32", "[1]", "[0,8]") "}", 8, "length");
    refused("{" ENTRY("a", "F32", "[2]", "[0,8]") "}", 4, "outside");
    refused("{" ENTRY("a", "F32", "[0]", "[4,0]") "}", 4, "outside");
    refused("{" ENTRY("a", "F32", "[1]", "[0,4]") "}", 8, "unused");
    refused("{" ENTRY("a", "F32", "[1]", "[4,8]") "}", 8, "gap");
    refused("{" ENTRY("a", "F32", "[2]", "[0,8]") "," ENTRY("b", "F32", "[2]", "[4,12]") "}", 12, "overlaps");
    refused("{" ENTRY("a", "F32", "[1]", "[0,4]") "," ENTRY("b", "F32", "[1]", "[8,12]") "}", 12, "gap");
    refused("{" ENTRY("a", "F32", "[-1]", "[0,4]") "}", 4, "shape");
    refused("{" ENTRY("a", "F32", "[1.5]", "[0,4]") "}", 4, "shape");
    refused("{" ENTRY("a", "F32", "[\"1\"]", "[0,4]") "}", 4, "shape");
    refused("{" ENTRY("a", "F32", "[4294967296,4294967296,4]", "[0,4]") "}", 4, "shape");
    refused("{" ENTRY("a", "F32", "[9223372036854775807]", "[0,4]") "}", 4, "shape");
    refused("{" ENTRY("a", "F32", "[4611686018427387905]", "[0,4]") "}", 4, "length");
    refused("{" ENTRY("a", "F32", "[99999999999999999999]", "[0,4]") "}", 4, "");
    refused("{" ENTRY("a", "F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]") "}", 4, "shape");
    refused("{" ENTRY("a", "F32", "[1]", "[0]") "}", 4, "offsets");
    refused("{" ENTRY("a", "F32", "[1]", "[-4,0]") "}", 4, "offsets");
    refused("{" ENTRY("a", "F32", "1", "[0,4]") "}", 4, "shape");
}

/* Every beginning of a good file, and a header that would be longer than the file. */
static void test_truncated(void)
{
    g_autoptr(GBytes) whole = make_file("{" ENTRY("a", "F32", "[2]", "[0,8]") "}", 8);
    g_autoptr(RhTensorFile) file = rh_tensor_file_open_bytes(whole, "whole", NULL);
    g_assert_nonnull(file);
    for (gsize length = 0; length < g_bytes_get_size(whole); length++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(whole, 0, length);
        g_assert_null(rh_tensor_file_open_bytes(part, "part", &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
    }
    const guint8 huge[16] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    g_autoptr(GBytes) bytes = g_bytes_new_static(huge, sizeof huge);
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_tensor_file_open_bytes(bytes, "huge", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
}

static void test_no_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder();
    g_assert_null(rh_tensor_file_open(folder, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
    g_clear_error(&error);
    g_autofree char *path = g_build_filename(folder, "none.safetensors", NULL);
    g_assert_null(rh_tensor_file_open(path, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_clear_error(&error);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_assert_null(rh_tensor_file_open(path, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
    g_remove(path);
    g_rmdir(folder);
}

/* Two values of each kind of number, by their bits. */
static void test_dtypes(void)
{
    static const struct {
        const char *dtype;
        gsize size;
        guint8 bytes[16];
        double values[2];
    } cases[] = {
        {"F64", 8, {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0}, {1.5, -2}},
        {"F32", 4, {0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0}, {1.5, -2}},
        {"F16", 2, {0x00, 0x3e, 0x01, 0x80}, {1.5, -5.9604644775390625e-08}},
        {"F16", 2, {0xff, 0x7b, 0x00, 0xfc}, {65504, -INFINITY}},
        {"BF16", 2, {0xc0, 0x3f, 0x00, 0xc0}, {1.5, -2}},
        {"I64", 8, {3, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {3, -2}},
        {"I32", 4, {3, 1, 0, 0, 0xfe, 0xff, 0xff, 0xff}, {259, -2}},
        {"I16", 2, {3, 1, 0xfe, 0xff}, {259, -2}},
        {"I8", 1, {3, 0xfe}, {3, -2}},
        {"U32", 4, {3, 1, 0, 0, 0xfe, 0xff, 0xff, 0xff}, {259, 4294967294}},
        {"U16", 2, {3, 1, 0xfe, 0xff}, {259, 65534}},
        {"U8", 1, {3, 0xfe}, {3, 254}},
        {"BOOL", 1, {0, 1}, {0, 1}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *header = g_strdup_printf(
            "{\"__metadata__\":{\"key\":\"a \\\"value\\\" {[\"}," ENTRY("t", "%s", "[2]", "[0,%u]") "}",
            cases[i].dtype, (guint)(2 * cases[i].size));
        g_autoptr(GByteArray) array = g_byte_array_new();
        guint64 length = GUINT64_TO_LE((guint64)strlen(header));
        g_byte_array_append(array, (const guint8 *)&length, sizeof length);
        g_byte_array_append(array, (const guint8 *)header, (guint)strlen(header));
        g_byte_array_append(array, cases[i].bytes, (guint)(2 * cases[i].size));
        g_autoptr(GBytes) bytes = g_bytes_new(array->data, array->len);
        g_autoptr(GError) error = NULL;
        g_autoptr(RhTensorFile) file = rh_tensor_file_open_bytes(bytes, "dtypes", &error);
        g_assert_no_error(error);
        g_assert_cmpstr(rh_tensor_file_metadata(file, "key"), ==, "a \"value\" {[");
        g_assert_null(rh_tensor_file_metadata(file, "other"));
        gsize count;
        g_autofree double *values = rh_tensor_file_read(file, "t", &count, &error);
        g_assert_cmpuint(count, ==, 2);
        g_assert_cmpfloat(values[0], ==, cases[i].values[0]);
        g_assert_cmpfloat(values[1], ==, cases[i].values[1]);
    }
}

static void assert_equal(const RhParameters *a, const RhParameters *b)
{
    gsize size = rh_precision_size(rh_parameters_precision(a));
    for (guint i = 0; i < rh_parameters_count(a); i++) {
        const RhTensor *left = rh_parameters_get(a, i), *right = rh_parameters_get(b, i);
        g_assert_cmpmem(left->data, rh_shape_count(left->shape) * size, right->data,
                        rh_shape_count(right->shape) * size);
    }
}

static void round_trip(RhPrecision precision)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "net.safetensors", NULL);
    const RhNetworkKind *kind = rh_network_kind_find("resnet18", NULL);
    g_autoptr(RhNetwork) network = rh_network_new(kind, 3, precision),
                         other = rh_network_new(kind, 3, precision);
    rh_network_initialise(network, 1);
    rh_network_initialise(other, 2);
    const RhTensorGroup groups[] = {{"one/", network->parameters}, {"two/", other->parameters}};
    const char *const metadata[] = {"method", "baseline", "note", "“quoted” \"text\"\n", NULL};
    g_assert_true(rh_weights_write(path, groups, 2, 40, metadata, &error));
    g_assert_no_error(error);

    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(rh_tensor_file_metadata(file, "note"), ==, "“quoted” \"text\"\n");
    g_assert_cmpstr(rh_tensor_file_names(file)[0], ==, "one/conv1.weight");
    g_assert_cmpstr(rh_tensor_file_names(file)[5], ==, "one/bn1.num_batches_tracked");
    RhShape shape;
    g_assert_true(rh_tensor_file_shape(file, "one/layer2.0.conv1.weight", &shape, &error));
    g_assert_true(rh_shape_equal(shape, RH_SHAPE(6, 3, 3, 3)));
    gsize count;
    g_autofree double *tracked = rh_tensor_file_read(file, "one/bn1.num_batches_tracked", &count, &error);
    g_assert_cmpuint(count, ==, 1);
    g_assert_cmpfloat(tracked[0], ==, 40);
    /* out × in × H × W in the file, H × W × in × out in memory */
    const RhTensor *filter = rh_parameters_find(network->parameters, "layer2.0.conv1.weight");
    g_autofree double *values = rh_tensor_file_read(file, "one/layer2.0.conv1.weight", &count, &error);
    g_assert_cmpfloat(values[((4 * 3 + 1) * 3 + 2) * 3 + 0], ==,
                      rh_tensor_value(filter, precision, ((2 * 3 + 0) * 3 + 1) * 6 + 4));

    g_autoptr(RhNetwork) read = rh_network_new(kind, 3, precision);
    g_assert_true(rh_tensor_file_read_parameters(file, "two/", read->parameters, &error));
    assert_equal(read->parameters, other->parameters);
    g_assert_true(rh_tensor_file_read_parameters(file, "one/", read->parameters, &error));
    assert_equal(read->parameters, network->parameters);
    g_remove(path);
    g_rmdir(folder);
}

static void test_round_trip_single(void)
{
    round_trip(RH_SINGLE);
}

static void test_round_trip_double(void)
{
    round_trip(RH_DOUBLE);
}

/* Another shape, a missing tensor: refused by name, and nothing has changed. */
static void test_mismatch(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "net.safetensors", NULL);
    const RhNetworkKind *kind = rh_network_kind_find("small", NULL);
    g_autoptr(RhNetwork) narrow = rh_network_new(kind, 3, RH_SINGLE),
                         wide = rh_network_new(kind, 4, RH_SINGLE);
    g_autoptr(RhNetwork) before = rh_network_new(kind, 4, RH_SINGLE);
    rh_network_initialise(wide, 8);
    rh_parameters_assign(before->parameters, wide->parameters);
    const RhTensorGroup group = {"", narrow->parameters};
    g_assert_true(rh_weights_write(path, &group, 1, -1, NULL, &error));
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
    g_assert_no_error(error);
    g_assert_false(rh_tensor_file_has(file, "bn1.num_batches_tracked"));
    g_assert_false(rh_tensor_file_read_parameters(file, "", wide->parameters, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISMATCH);
    g_assert_nonnull(strstr(error->message, "net.safetensors"));
    g_assert_nonnull(strstr(error->message, "conv1.weight"));
    assert_equal(before->parameters, wide->parameters);
    g_clear_error(&error);
    g_assert_false(rh_tensor_file_read_parameters(file, "encoder/", narrow->parameters, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "encoder/conv1.weight"));
    g_remove(path);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weights/refused", test_refused);
    g_test_add_func("/weights/truncated", test_truncated);
    g_test_add_func("/weights/no-file", test_no_file);
    g_test_add_func("/weights/dtypes", test_dtypes);
    g_test_add_func("/weights/round-trip-single", test_round_trip_single);
    g_test_add_func("/weights/round-trip-double", test_round_trip_double);
    g_test_add_func("/weights/mismatch", test_mismatch);
    return g_test_run();
}
