/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "study/verify-private.h"

#define WIDTH_MAX  256 /* bounds the memory a file can ask for */
#define PIXELS_MAX (1u << 22)

static const struct {
    const char *id, *images; /* the tensor that gives the size of a batch of images */
    gboolean (*verify)(RhReference *reference, GError **error);
} kinds[] = {
    {"training", "step0/x", rh_verify_training},
    {"attribution", "x", rh_verify_attribution},
};

static void line_clear(gpointer line)
{
    g_free(((RhVerification *)line)->quantity);
}

void rh_reference_add(RhReference *reference, char *quantity, double error, double limit)
{
    RhVerification line = {quantity, error, limit, error <= limit};
    g_array_append_val(reference->lines, line);
}

void rh_reference_add_unchecked(RhReference *reference, char *quantity)
{
    RhVerification line = {quantity, NAN, NAN, TRUE};
    g_array_append_val(reference->lines, line);
}

static double relative(double distance, double size)
{
    return size > 0 ? sqrt(distance / size) : sqrt(distance);
}

double rh_relative_error(const double *values, const double *expected, gsize count)
{
    double distance = 0, size = 0;
    for (gsize i = 0; i < count; i++) {
        distance += (values[i] - expected[i]) * (values[i] - expected[i]);
        size += expected[i] * expected[i];
    }
    return relative(distance, size);
}

double rh_relative_error_of_parameters(const RhParameters *values, const RhParameters *expected)
{
    double distance = 0, size = 0;
    for (guint i = 0; i < rh_parameters_count(expected); i++) {
        const RhTensor *wanted = rh_parameters_get(expected, i);
        const RhTensor *found = rh_parameters_find(values, wanted->name);
        gsize count = rh_shape_count(wanted->shape);
        for (gsize k = 0; k < count; k++) {
            double should = rh_tensor_value(wanted, rh_parameters_precision(expected), k);
            double is = rh_tensor_value(found, rh_parameters_precision(values), k);
            distance += (is - should) * (is - should);
            size += should * should;
        }
    }
    return relative(distance, size);
}

double *rh_reference_read(const RhReference *reference, const char *name, gsize count, GError **error)
{
    gsize found;
    g_autofree double *values = rh_tensor_file_read(reference->file, name, &found, error);
    if (values == NULL)
        return NULL;
    if (found == count)
        return g_steal_pointer(&values);
    g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                "“%s”: the tensor “%s” has %" G_GSIZE_FORMAT " values and should have %" G_GSIZE_FORMAT
                "; write the reference file again.",
                reference->path, name, found, count);
    return NULL;
}

float *rh_reference_read_single(const RhReference *reference, const char *name, gsize count, GError **error)
{
    g_autofree double *values = rh_reference_read(reference, name, count, error);
    if (values == NULL)
        return NULL;
    float *single = g_new(float, count);
    for (gsize i = 0; i < count; i++)
        single[i] = (float)values[i];
    return single;
}

gboolean rh_reference_number(const RhReference *reference, const char *key, double least, double most,
                             double *value, GError **error)
{
    const char *text = rh_tensor_file_metadata(reference->file, key);
    char *end = NULL;
    double number = text != NULL ? g_ascii_strtod(text, &end) : 0;
    if (text == NULL || end == text || *end != '\0' || !(number >= least && number <= most)) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_FORMAT,
            "“%s” is no reference file that can be checked: its metadata need “%s”, a number from %g to %g.",
            reference->path, key, least, most);
        return FALSE;
    }
    *value = number;
    return TRUE;
}

static gboolean read_size(RhReference *reference, const char *images, GError **error)
{
    RhShape shape;
    if (!rh_tensor_file_shape(reference->file, images, &shape, error))
        return FALSE;
    if (shape.rank != 4 || shape.size[1] != 1 || rh_shape_count(shape) == 0 ||
        rh_shape_count(shape) > PIXELS_MAX) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_LIMIT,
            "“%s”: the tensor “%s” should be a batch of images of one channel, at most %u pixels in all.",
            reference->path, images, PIXELS_MAX);
        return FALSE;
    }
    reference->images = (guint)shape.size[0];
    reference->height = (guint)shape.size[2];
    reference->width = (guint)shape.size[3];
    return TRUE;
}

static gboolean read_network(RhReference *reference, GError **error)
{
    const char *id = rh_tensor_file_metadata(reference->file, "network");
    const RhNetworkKind *kind = rh_network_kind_find(id != NULL ? id : "", error);
    double width;
    if (kind == NULL || !rh_reference_number(reference, "width", 1, WIDTH_MAX, &width, error))
        return FALSE;
    reference->network = rh_network_new(kind, (guint)width, RH_SINGLE);
    return rh_tensor_file_read_parameters(reference->file, "param/", reference->network->parameters, error);
}

static gboolean verify(RhReference *reference, GError **error)
{
    const char *id = rh_tensor_file_metadata(reference->file, "kind");
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_strcmp0(kinds[i].id, id) == 0)
            return read_size(reference, kinds[i].images, error) && read_network(reference, error) &&
                   kinds[i].verify(reference, error);
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                "“%s” is no reference file: its metadata should say “kind”, training or attribution.",
                reference->path);
    return FALSE;
}

GArray *rh_verify_file(const char *path, RhPool *pool, GError **error)
{
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, error);
    if (file == NULL)
        return NULL;
    g_autofree char *name = g_filename_display_name(path);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(RhVerification));
    g_array_set_clear_func(lines, line_clear);
    RhReference reference = {.path = name, .file = file, .pool = pool, .lines = lines};
    gboolean ok = verify(&reference, error);
    rh_network_free(reference.network);
    return ok ? g_steal_pointer(&lines) : NULL;
}
