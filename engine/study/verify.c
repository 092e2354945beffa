/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "study/verify-private.h"
#include "tensor/kernels.h"

#define WIDTH_MAX  256 /* bounds the memory a file can ask for */
#define PIXELS_MAX (1u << 22)

/* Where a ReLU's input lies within rounding of zero, single precision may come out on the other side, and the
 * gradient jumps: no program in single precision keeps the limits there. Such a file is told from a mistake
 * by running the engine again with every parameter moved by a few roundings: a limit is raised to what that
 * does to the quantity, and a mistake, which does not depend on it, still fails. */
#define MOVED_RUNS  8
#define MOVED_EXACT 0x1p-21 /* of the parameters' size */
#define MOVED_FAST  0x1p-18
#define MOVED_TIMES 2 /* the limit in units of the largest movement seen */

static const RhReferenceKind *const kinds[] = {&rh_reference_training, &rh_reference_attribution};

static void line_clear(gpointer line)
{
    g_free(((RhVerification *)line)->quantity);
}

GArray *rh_reference_lines_new(void)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(RhVerification));
    g_array_set_clear_func(lines, line_clear);
    return lines;
}

static gboolean is_exact(const RhReference *reference)
{
    return reference->kernels != NULL && g_str_equal(rh_kernels_id(reference->kernels), "exact");
}

void rh_reference_add(const RhReference *reference, GArray *lines, char *quantity, double error,
                      const RhLimit *limit)
{
    double most = is_exact(reference) ? limit->exact : limit->fast;
    RhVerification line = {quantity, error, most, error <= most};
    g_array_append_val(lines, line);
}

double rh_relative_error(const double *values, const double *expected, gsize count)
{
    double distance = 0, size = 0;
    for (gsize i = 0; i < count; i++) {
        distance += (values[i] - expected[i]) * (values[i] - expected[i]);
        size += expected[i] * expected[i];
    }
    return size > 0 ? sqrt(distance / size) : sqrt(distance);
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
                _("“%s”: the number of values of the tensor “%s” is %zu and should be %zu; write the "
                  "reference file again."),
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
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("“%s” is no reference file that can be checked: its metadata need “%s”, a number from "
                      "%g to %g."),
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
            _("“%s”: the tensor “%s” should be a batch of images of one channel, at most %u pixels in all."),
            reference->path, images, PIXELS_MAX);
        return FALSE;
    }
    reference->images = (guint)shape.size[0];
    reference->height = (guint)shape.size[2];
    reference->width = (guint)shape.size[3];
    return TRUE;
}

static gboolean read_network_kind(RhReference *reference, GError **error)
{
    const char *id = rh_tensor_file_metadata(reference->file, "network");
    double width;
    reference->network = rh_network_kind_find(id != NULL ? id : "", error);
    if (reference->network == NULL || !rh_reference_number(reference, "width", 1, WIDTH_MAX, &width, error))
        return FALSE;
    reference->channels = (guint)width;
    return TRUE;
}

static void move_parameters(const RhReference *reference, RhParameters *parameters, guint run)
{
    double most = is_exact(reference) ? MOVED_EXACT : MOVED_FAST;
    for (guint i = 0; i < rh_parameters_count(parameters); i++) {
        RhTensor *tensor = rh_parameters_get(parameters, i);
        gsize count = rh_shape_count(tensor->shape);
        RhRandom random;
        rh_random_init(&random, 0, RH_PURPOSE_TEST, i, run);
        for (gsize k = 0; k < count; k++) {
            double factor = 1 + most * (2 * rh_random_uniform(&random) - 1);
            rh_tensor_set_value(tensor, RH_SINGLE, k, factor * rh_tensor_value(tensor, RH_SINGLE, k));
        }
    }
}

/* The engine's outcome; run 0 with the file's parameters, the others with moved ones. */
static gpointer run_engine(const RhReference *reference, const RhReferenceKind *kind, guint run,
                           GError **error)
{
    g_autoptr(RhNetwork) network = rh_network_new(reference->network, reference->channels, RH_SINGLE);
    if (!rh_tensor_file_read_parameters(reference->file, "param/", network->parameters, error))
        return NULL;
    if (run > 0)
        move_parameters(reference, network->parameters, run);
    return kind->run(reference, network, error);
}

static void raise_limit(RhVerification *line, double movement)
{
    if (line->ok || !(MOVED_TIMES * movement > line->limit))
        return;
    line->limit = MOVED_TIMES * movement;
    line->ok = line->error <= line->limit;
    if (!line->ok)
        return;
    char *quantity = g_strconcat(line->quantity, ", limit raised: a ReLU at zero", NULL);
    g_free(line->quantity);
    line->quantity = quantity;
}

static gboolean all_ok(const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++)
        if (!g_array_index(lines, RhVerification, i).ok)
            return FALSE;
    return TRUE;
}

static gboolean compare(const RhReference *reference, const RhReferenceKind *kind, gconstpointer expected,
                        GArray **lines, GError **error)
{
    gpointer found = run_engine(reference, kind, 0, error);
    gboolean ok = found != NULL;
    *lines = ok ? kind->compare(reference, found, expected) : NULL;
    for (guint run = 1; ok && run <= MOVED_RUNS && !all_ok(*lines); run++) {
        gpointer moved = run_engine(reference, kind, run, error);
        ok = moved != NULL;
        g_autoptr(GArray) movements = ok ? kind->compare(reference, moved, found) : NULL;
        g_assert(!ok || movements->len == (*lines)->len);
        for (guint i = 0; ok && i < (*lines)->len; i++)
            raise_limit(&g_array_index(*lines, RhVerification, i),
                        g_array_index(movements, RhVerification, i).error);
        g_clear_pointer(&moved, kind->free);
    }
    g_clear_pointer(&found, kind->free);
    return ok;
}

static GArray *verify(RhReference *reference, const RhReferenceKind *kind, GError **error)
{
    if (!read_size(reference, kind->images, error) || !read_network_kind(reference, error))
        return NULL;
    gpointer expected = kind->read(reference, error);
    if (expected == NULL)
        return NULL;
    g_autoptr(GArray) lines = NULL;
    gboolean ok = compare(reference, kind, expected, &lines, error);
    kind->free(expected);
    return ok ? g_steal_pointer(&lines) : NULL;
}

GArray *rh_verify_file(const char *path, const RhKernels *kernels, RhPool *pool, GError **error)
{
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, error);
    if (file == NULL)
        return NULL;
    g_autofree char *name = g_filename_display_name(path);
    RhReference reference = {.path = name, .file = file, .kernels = kernels, .pool = pool};
    const char *id = rh_tensor_file_metadata(file, "kind");
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_strcmp0(kinds[i]->id, id) == 0)
            return verify(&reference, kinds[i], error);
    g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                _("“%s” is no reference file: its metadata should say “kind”, training or attribution."),
                name);
    return NULL;
}
