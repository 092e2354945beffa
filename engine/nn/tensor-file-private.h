/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/dtype-private.h"
#include "nn/weights.h"

#define RH_TENSOR_RANK_MAX 8 /* of tensors that are merely listed */

/* A tensor as the header describes it, checked: its bytes lie within the data and are as many as its shape
 * says. */
typedef struct {
    char *name;
    const RhDtype *dtype;
    guint rank;
    gsize size[RH_TENSOR_RANK_MAX];
    gsize count;      /* elements */
    gsize begin, end; /* bytes within the data */
} RhTensorEntry;

struct _RhTensorFile {
    char *name; /* for messages */
    GBytes *bytes;
    const guint8 *data; /* behind the header */
    gsize length;
    GHashTable *metadata;
    GHashTable *entries; /* by name; they own the names */
    GPtrArray *names;    /* in the header's order, NULL-terminated */
};

/* Reads the header's text into file->metadata, entries and names. */
gboolean rh_tensor_header_read(RhTensorFile *file, const char *text, gsize length, GError **error);
/* The entry, or NULL with an error that names file and tensor. */
const RhTensorEntry *rh_tensor_file_entry(const RhTensorFile *file, const char *name, GError **error);
