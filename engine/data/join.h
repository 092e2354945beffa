/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/table.h"

/* Joins what was changed here with what another program has meanwhile made of the same file, row by row and
 * cell by cell. Each side is compared with the base, which is what both of them began with: a cell that one
 * side has changed is taken from it, and so is a row that one side has added or removed; a row removed by one
 * side and changed by the other stays. Base, ours and theirs are written in one manner and have the same
 * columns; the file is theirs as it stands on disk, with its own spelling, order, delimiter and further
 * columns and rows, all of which it keeps. */

/* What becomes of a cell that both have changed, each in another way. */
typedef enum {
    RH_JOIN_NEWER,   /* theirs if the time of its row is later, else ours; a clash */
    RH_JOIN_QUIETLY, /* likewise, but no clash: nobody wrote the value by hand */
    RH_JOIN_SUM,     /* an amount: what both have added to it is added */
    RH_JOIN_LATEST,  /* a time as ISO 8601 in UTC: the later of the two */
    RH_JOIN_WHOLE,   /* ours in every row if we have changed any: the cells make sense only together */
} RhJoinRule;

typedef struct {
    const char *column;
    RhJoinRule rule;
} RhJoinColumn;

typedef struct {
    const char *key;                                   /* the column that names the rows */
    char *(*name_row)(const RhTable *file, guint row); /* of the file, where it has no such column */
    const RhJoinColumn *columns;                       /* ended by a NULL; of others: RH_JOIN_NEWER */
} RhJoinRules;

/* A cell, or a whole row if column is "", that was changed on both sides. */
typedef struct {
    char *row, *column;
    char *kept, *other; /* what stands in the file now, and what the other side had written */
    gboolean is_ours;   /* what was kept */
} RhClash;
void rh_clash_free(RhClash *clash);

/* The file's new text (transfer full). base, theirs and file may be NULL: there was, or is, no file. Clashes
 * are appended to `clashes`, a GPtrArray of RhClash. */
char *rh_join_tables(const RhTable *base, const RhTable *ours, const RhTable *theirs, const RhTable *file,
                     const RhJoinRules *rules, GPtrArray *clashes);

/* The same for keys in groups; `file` is changed. All keys of the group `whole` are ours if one of them was
 * changed here. */
void rh_join_keys(GKeyFile *base, GKeyFile *ours, GKeyFile *theirs, GKeyFile *file, const char *whole,
                  GPtrArray *clashes);
