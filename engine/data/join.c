/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/join.h"

#include <string.h>

#include "base/cells.h"

#define ABSENT G_MAXUINT

/* A table and where its rows are. */
typedef struct {
    const RhTable *table; /* NULL: there is none */
    GHashTable *rows;     /* name → row + 1 */
} Side;

typedef struct {
    Side base, ours, theirs, file;
    const RhJoinRules *rules;
    guint columns;           /* of ours */
    RhJoinRule *column_rule; /* by column of ours */
    int key;                 /* the column that names rows */
    int time;                /* the column RH_JOIN_LATEST; −1: none */
    gboolean *taken_whole;   /* by column of ours */
    GPtrArray *clashes;
    GString *out;
    char delimiter;
} Join;

void rh_clash_free(RhClash *clash)
{
    g_free(clash->row);
    g_free(clash->column);
    g_free(clash->kept);
    g_free(clash->other);
    g_free(clash);
}

static void add_clash(GPtrArray *clashes, const char *row, const char *column, const char *ours,
                      const char *theirs, gboolean is_ours)
{
    RhClash *clash = g_new(RhClash, 1);
    *clash = (RhClash){.row = g_strdup(row),
                       .column = g_strdup(column),
                       .kept = g_strdup(is_ours ? ours : theirs),
                       .other = g_strdup(is_ours ? theirs : ours),
                       .is_ours = is_ours};
    g_ptr_array_add(clashes, clash);
}

/* ── Sides ── */

static char *name_of_row(const RhJoinRules *rules, const RhTable *table, guint row)
{
    const int key = rh_table_find_column(table, rules->key);
    const char *name = key >= 0 ? rh_table_cell(table, row, (guint)key) : "";
    return *name == '\0' && rules->name_row != NULL ? rules->name_row(table, row) : g_strdup(name);
}

static Side open_side(const RhJoinRules *rules, const RhTable *table)
{
    Side side = {table, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    for (guint row = 0; table != NULL && row < rh_table_rows(table); row++)
        g_hash_table_insert(side.rows, name_of_row(rules, table, row), GUINT_TO_POINTER(row + 1));
    return side;
}

static guint find_row(const Side *side, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(side->rows, name)) - 1; /* ABSENT if it is not there */
}

static const char *cell(const Side *side, guint row, guint column)
{
    return row != ABSENT ? rh_table_cell(side->table, row, column) : "";
}

static gboolean is_same_row(const Join *join, const Side *a, guint a_row, const Side *b, guint b_row)
{
    for (guint column = 0; column < join->columns; column++)
        if (!g_str_equal(cell(a, a_row, column), cell(b, b_row, column)))
            return FALSE;
    return TRUE;
}

/* ── One cell ── */

/* The rows of one name, ABSENT where there is none. */
typedef struct {
    const char *name;
    guint base, ours, theirs;
} Rows;

static Rows find_rows(const Join *join, const char *name)
{
    return (Rows){name, find_row(&join->base, name), find_row(&join->ours, name),
                  find_row(&join->theirs, name)};
}

static char *add_amounts(const char *base, const char *ours, const char *theirs)
{
    const double sum = g_ascii_strtod(ours, NULL) + g_ascii_strtod(theirs, NULL) - g_ascii_strtod(base, NULL);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, "%.1f", MAX(sum, 0)));
}

static gboolean is_theirs_newer(const Join *join, const Rows *rows)
{
    if (join->time < 0)
        return FALSE;
    const char *ours = cell(&join->ours, rows->ours, (guint)join->time);
    const char *theirs = cell(&join->theirs, rows->theirs, (guint)join->time);
    return *ours != '\0' && *theirs != '\0' && strcmp(theirs, ours) > 0;
}

/* Both have changed it, each in another way. */
static char *decide(const Join *join, const Rows *rows, guint column)
{
    const char *ours = cell(&join->ours, rows->ours, column);
    const char *theirs = cell(&join->theirs, rows->theirs, column);
    const RhJoinRule rule = join->column_rule[column];
    if (rule == RH_JOIN_SUM)
        return add_amounts(cell(&join->base, rows->base, column), ours, theirs);
    if (rule == RH_JOIN_LATEST)
        return g_strdup(strcmp(ours, theirs) > 0 ? ours : theirs);
    const gboolean is_ours = rule == RH_JOIN_WHOLE || (rows->ours != ABSENT && !is_theirs_newer(join, rows));
    if (rule == RH_JOIN_NEWER)
        add_clash(join->clashes, rows->name, rh_table_column_name(join->ours.table, column), ours, theirs,
                  is_ours);
    return g_strdup(is_ours ? ours : theirs);
}

static char *join_cell(const Join *join, const Rows *rows, guint column)
{
    const char *base = cell(&join->base, rows->base, column);
    const char *ours = cell(&join->ours, rows->ours, column);
    const char *theirs = cell(&join->theirs, rows->theirs, column);
    if (rows->ours == ABSENT && (int)column == join->key)
        return g_strdup(theirs); /* a row removed here has lost its answers, not its name */
    if (join->taken_whole[column] && rows->ours != ABSENT)
        return g_strdup(ours);
    if (g_str_equal(ours, base) || g_str_equal(ours, theirs))
        return g_strdup(theirs);
    if (g_str_equal(theirs, base))
        return g_strdup(ours);
    return decide(join, rows, column);
}

/* ── Rows ── */

static void append_cell(Join *join, gboolean is_first, const char *text)
{
    if (!is_first)
        g_string_append_c(join->out, join->delimiter);
    rh_cell_append(join->out, text);
}

/* The columns of the file, then those that it lacks. */
static void append_header(Join *join)
{
    const RhTable *file = join->file.table;
    const guint own = file != NULL ? rh_table_columns(file) : 0;
    for (guint i = 0; i < own; i++)
        append_cell(join, i == 0, rh_table_column_name(file, i));
    for (guint i = 0; i < join->columns; i++) {
        const char *name = rh_table_column_name(join->ours.table, i);
        if (file == NULL || rh_table_find_column(file, name) < 0)
            append_cell(join, own == 0 && i == 0, name);
    }
    g_string_append_c(join->out, '\n');
}

/* A cell that is as they have it keeps their spelling. A row that is not in the file has nothing in the
 * columns that are the file's alone. */
static void append_row(Join *join, const Rows *rows, guint file_row)
{
    const RhTable *file = join->file.table;
    const guint own = file != NULL ? rh_table_columns(file) : 0;
    for (guint i = 0; i < own; i++) {
        const int column = rh_table_find_column(join->ours.table, rh_table_column_name(file, i));
        const char *spelt = file_row != ABSENT ? rh_table_cell(file, file_row, i) : "";
        g_autofree char *joined = column >= 0 ? join_cell(join, rows, (guint)column) : NULL;
        const gboolean is_theirs =
            joined == NULL ||
            (file_row != ABSENT && g_str_equal(joined, cell(&join->theirs, rows->theirs, (guint)column)));
        append_cell(join, i == 0, is_theirs ? spelt : joined);
    }
    for (guint i = 0; i < join->columns; i++) {
        if (file != NULL && rh_table_find_column(file, rh_table_column_name(join->ours.table, i)) >= 0)
            continue;
        g_autofree char *joined = join_cell(join, rows, i);
        append_cell(join, own == 0 && i == 0, joined);
    }
    g_string_append_c(join->out, '\n');
}

static gboolean is_removed_here(const Join *join, const Rows *rows)
{
    return rows->base != ABSENT && rows->ours == ABSENT &&
           is_same_row(join, &join->base, rows->base, &join->theirs, rows->theirs);
}

static void append_rows_of_file(Join *join)
{
    const RhTable *file = join->file.table;
    for (guint row = 0; file != NULL && row < rh_table_rows(file); row++) {
        g_autofree char *name = name_of_row(join->rules, file, row);
        const Rows rows = find_rows(join, name);
        if (!is_removed_here(join, &rows))
            append_row(join, &rows, row);
    }
}

/* Those that were added here, and those that were removed there but changed here. */
static void append_rows_of_ours(Join *join)
{
    for (guint row = 0; row < rh_table_rows(join->ours.table); row++) {
        g_autofree char *name = name_of_row(join->rules, join->ours.table, row);
        Rows rows = find_rows(join, name);
        if (find_row(&join->file, name) != ABSENT)
            continue;
        if (rows.base != ABSENT && is_same_row(join, &join->base, rows.base, &join->ours, rows.ours))
            continue;
        if (rows.base != ABSENT)
            add_clash(join->clashes, name, "", name, "", TRUE);
        rows.base = ABSENT;
        append_row(join, &rows, ABSENT);
    }
}

/* ── Tables ── */

static RhJoinRule rule_of(const RhJoinRules *rules, const char *column)
{
    for (const RhJoinColumn *each = rules->columns; each != NULL && each->column != NULL; each++)
        if (g_str_equal(each->column, column))
            return each->rule;
    return RH_JOIN_NEWER;
}

static gboolean is_changed_here(const Join *join, guint column)
{
    for (guint row = 0; join->base.table != NULL && row < rh_table_rows(join->ours.table); row++) {
        g_autofree char *name = name_of_row(join->rules, join->ours.table, row);
        const guint base = find_row(&join->base, name);
        if (base != ABSENT && !g_str_equal(cell(&join->base, base, column), cell(&join->ours, row, column)))
            return TRUE;
    }
    return FALSE;
}

static void open_columns(Join *join)
{
    join->columns = rh_table_columns(join->ours.table);
    join->column_rule = g_new(RhJoinRule, join->columns);
    join->taken_whole = g_new(gboolean, join->columns);
    join->key = rh_table_find_column(join->ours.table, join->rules->key);
    join->time = -1;
    for (guint i = 0; i < join->columns; i++) {
        join->column_rule[i] = rule_of(join->rules, rh_table_column_name(join->ours.table, i));
        join->taken_whole[i] = join->column_rule[i] == RH_JOIN_WHOLE && is_changed_here(join, i);
        if (join->column_rule[i] == RH_JOIN_LATEST)
            join->time = (int)i;
    }
}

char *rh_join_tables(const RhTable *base, const RhTable *ours, const RhTable *theirs, const RhTable *file,
                     const RhJoinRules *rules, GPtrArray *clashes)
{
    Join join = {.base = open_side(rules, base),
                 .ours = open_side(rules, ours),
                 .theirs = open_side(rules, theirs),
                 .file = open_side(rules, file),
                 .rules = rules,
                 .clashes = clashes,
                 .out = g_string_new(NULL),
                 .delimiter = file != NULL ? rh_table_delimiter(file) : ','};
    open_columns(&join);
    append_header(&join);
    append_rows_of_file(&join);
    append_rows_of_ours(&join);
    for (const Side *sides[] = {&join.base, &join.ours, &join.theirs, &join.file}, **side = sides;
         side < sides + G_N_ELEMENTS(sides); side++)
        g_hash_table_unref((*side)->rows);
    g_free(join.column_rule);
    g_free(join.taken_whole);
    return g_string_free(join.out, FALSE);
}

/* ── Keys ── */

static char *value_of(GKeyFile *keys, const char *group, const char *key)
{
    return keys != NULL ? g_key_file_get_value(keys, group, key, NULL) : NULL;
}

static gboolean is_group_changed(GKeyFile *base, GKeyFile *ours, const char *group)
{
    gboolean changed = FALSE;
    g_auto(GStrv) keys = g_key_file_get_keys(ours, group, NULL, NULL);
    for (char **key = keys; base != NULL && key != NULL && *key != NULL; key++) {
        g_autofree char *was = value_of(base, group, *key), *is = value_of(ours, group, *key);
        changed |= g_strcmp0(was, is) != 0;
    }
    return changed;
}

static void join_key(GKeyFile *sides[3], GKeyFile *file, const char *group, const char *key, gboolean whole,
                     GPtrArray *clashes)
{
    g_autofree char *base = value_of(sides[0], group, key), *ours = value_of(sides[1], group, key);
    g_autofree char *theirs = value_of(sides[2], group, key);
    if (g_strcmp0(ours, theirs) == 0 || (g_strcmp0(ours, base) == 0 && !whole))
        return;
    if (ours != NULL)
        g_key_file_set_value(file, group, key, ours);
    else
        g_key_file_remove_key(file, group, key, NULL);
    if (!whole && g_strcmp0(theirs, base) != 0) {
        g_autofree char *row = g_strdup_printf("[%s]", group);
        add_clash(clashes, row, key, ours != NULL ? ours : "", theirs != NULL ? theirs : "", TRUE);
    }
}

/* The keys of one side; of the base those that ours no longer has. */
static void join_keys_of(GKeyFile *side, GKeyFile *sides[3], GKeyFile *file, const char *whole,
                         GPtrArray *clashes)
{
    const gboolean all = is_group_changed(sides[0], sides[1], whole);
    g_auto(GStrv) groups = g_key_file_get_groups(side, NULL);
    for (char **group = groups; *group != NULL; group++) {
        g_auto(GStrv) keys = g_key_file_get_keys(side, *group, NULL, NULL);
        for (char **key = keys; *key != NULL; key++)
            if (side == sides[1] || !g_key_file_has_key(sides[1], *group, *key, NULL))
                join_key(sides, file, *group, *key, all && g_str_equal(*group, whole), clashes);
    }
}

void rh_join_keys(GKeyFile *base, GKeyFile *ours, GKeyFile *theirs, GKeyFile *file, const char *whole,
                  GPtrArray *clashes)
{
    GKeyFile *sides[] = {base, ours, theirs};
    join_keys_of(ours, sides, file, whole, clashes);
    if (base != NULL)
        join_keys_of(base, sides, file, whole, clashes);
}
