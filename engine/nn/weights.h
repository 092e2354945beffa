/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/parameters.h"

/* safetensors in and out. In files convolution filters have PyTorch's order out×in×H×W; in memory H×W×in×out.
 */
typedef struct _RhTensorFile RhTensorFile;

/* Opens a file (mapped, header checked in full: sizes, overlaps, gaps, dtypes) before anything is read. */
RhTensorFile *rh_tensor_file_open(const char *path, GError **error);
/* The same for a file's content in memory; `name` stands for the path in messages. */
RhTensorFile *rh_tensor_file_open_bytes(GBytes *bytes, const char *name, GError **error);
void rh_tensor_file_free(RhTensorFile *file);
const char *rh_tensor_file_metadata(const RhTensorFile *file, const char *key); /* NULL if not there */
gboolean rh_tensor_file_has(const RhTensorFile *file, const char *name);
/* Names in file order, NULL-terminated, owned by the file. */
const char *const *rh_tensor_file_names(const RhTensorFile *file);
gboolean rh_tensor_file_shape(const RhTensorFile *file, const char *name, RhShape *shape, GError **error);
/* Any numeric dtype, as double, in the file's own order; free with g_free. */
double *rh_tensor_file_read(const RhTensorFile *file, const char *name, gsize *count, GError **error);
/* Fills `parameters` from tensors called prefix + name; a missing tensor or another shape is refused with the
 * file's and the tensor's name, and then nothing of `parameters` has changed. */
gboolean rh_tensor_file_read_parameters(const RhTensorFile *file, const char *prefix,
                                        RhParameters *parameters, GError **error);

/* One group of tensors to write: each gets prefix + its name. */
typedef struct {
    const char *prefix;
    const RhParameters *parameters;
} RhTensorGroup;

/* Writes whole or not at all. `metadata`: key, value, …, NULL; may be NULL. batches_tracked ≥ 0 adds, for
 * every tensor NAME.running_var of the groups, NAME.num_batches_tracked (I64 scalar), as PyTorch expects. */
gboolean rh_weights_write(const char *path, const RhTensorGroup *groups, guint n_groups,
                          gint64 batches_tracked, const char *const *metadata, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhTensorFile, rh_tensor_file_free)
