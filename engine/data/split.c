/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/split.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"

/* A cell is a label and a confounder value: 2·label + confounder. In a data set without a confounder the
 * second is always 0. Cells 0 and 3 are aligned, 1 and 2 conflicting. */
#define CELLS   4
#define NO_CELL G_MAXUINT

typedef struct {
    guint of[CELLS];
} Counts;

/* A group goes to one side as a whole. What a side does not want of a group it has taken is left out
 * (RH_SPLIT_NONE) and never given to another. */
typedef struct {
    guint side;      /* RhSplit; RH_SPLIT_NONE: still free */
    GArray *members; /* guint: places of cases that have a cell */
    Counts has;
} Group;

typedef struct {
    GPtrArray *cases; /* RhCase */
    const RhSplitSettings *settings;
    gboolean by_label; /* there is no confounder */
    GPtrArray *groups; /* Group */
} Division;

static const char *const kind_names[] = {
    [RH_SPLIT_CURVE] = "curve",
    [RH_SPLIT_PAPER] = "paper",
    [RH_SPLIT_GIVEN] = "given",
};
static const char *const validation_names[] = {
    [RH_VALIDATION_SHIFTED] = "shifted",
    [RH_VALIDATION_LIKE_TRAINING] = "like-training",
    [RH_VALIDATION_BALANCED] = "balanced",
};

static int find_name(const char *const *names, guint count, const char *name)
{
    for (guint i = 0; i < count; i++)
        if (g_ascii_strcasecmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

const char *rh_split_kind_name(RhSplitKind kind)
{
    g_assert((guint)kind < G_N_ELEMENTS(kind_names));
    return kind_names[kind];
}

gboolean rh_split_kind_parse(const char *name, RhSplitKind *kind)
{
    int found = find_name(kind_names, G_N_ELEMENTS(kind_names), name);
    if (found >= 0)
        *kind = (RhSplitKind)found;
    return found >= 0;
}

const char *rh_validation_name(RhValidation validation)
{
    g_assert((guint)validation < G_N_ELEMENTS(validation_names));
    return validation_names[validation];
}

gboolean rh_validation_parse(const char *name, RhValidation *validation)
{
    int found = find_name(validation_names, G_N_ELEMENTS(validation_names), name);
    if (found >= 0)
        *validation = (RhValidation)found;
    return found >= 0;
}

static RhCase *case_at(const Division *division, guint place)
{
    return g_ptr_array_index(division->cases, place);
}

static guint cell_of(const Division *division, const RhCase *item)
{
    if (item->label > 1 || (!division->by_label && item->confounder > 1))
        return NO_CELL;
    return 2u * item->label + (division->by_label ? 0 : item->confounder);
}

static void group_free(gpointer data)
{
    Group *group = data;
    g_array_unref(group->members);
    g_free(group);
}

/* The groups in the order in which they first appear; a case without group is one of its own. */
static GPtrArray *collect_groups(const Division *division)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint place = 0; place < division->cases->len; place++) {
        const RhCase *item = case_at(division, place);
        guint cell = cell_of(division, item);
        if (cell == NO_CELL)
            continue;
        Group *group = *item->group != '\0' ? g_hash_table_lookup(by_name, item->group) : NULL;
        if (group == NULL) {
            group = g_new0(Group, 1);
            group->members = g_array_new(FALSE, FALSE, sizeof(guint));
            g_ptr_array_add(groups, group);
            if (*item->group != '\0')
                g_hash_table_insert(by_name, item->group, group);
        }
        g_array_append_val(group->members, place);
        group->has.of[cell]++;
    }
    return groups;
}

/* Images of groups that no side has taken. */
static Counts count_free(const Division *division)
{
    Counts counts = {{0}};
    for (guint i = 0; i < division->groups->len; i++) {
        const Group *group = g_ptr_array_index(division->groups, i);
        for (guint c = 0; c < CELLS && group->side == RH_SPLIT_NONE; c++)
            counts.of[c] += group->has.of[c];
    }
    return counts;
}

static Counts count_side(const Division *division, RhSplit side)
{
    Counts counts = {{0}};
    for (guint place = 0; place < division->cases->len; place++) {
        const RhCase *item = case_at(division, place);
        if (item->split == side && item->label <= 1)
            counts.of[cell_of(division, item)]++;
    }
    return counts;
}

static void take_group(const Division *division, Group *group, RhSplit side, Counts *wanted)
{
    group->side = side;
    for (guint i = 0; i < group->members->len; i++) {
        RhCase *item = case_at(division, g_array_index(group->members, guint, i));
        guint *left = &wanted->of[cell_of(division, item)];
        if (*left > 0) {
            item->split = side;
            (*left)--;
        }
    }
}

static gboolean is_useful(const Group *group, const Counts *wanted, gboolean whole)
{
    gboolean useful = FALSE, fits = TRUE;
    for (guint c = 0; c < CELLS; c++) {
        useful |= group->has.of[c] > 0 && wanted->of[c] > 0;
        fits &= group->has.of[c] <= wanted->of[c];
    }
    return useful && (fits || !whole);
}

/* Gives a side the wanted number of images of each cell, group by group in random order: first groups of
 * which all is wanted, then, where those do not suffice, groups of which a part is. */
static void fill_side(const Division *division, RhSplit side, Counts wanted)
{
    const guint count = division->groups->len;
    g_autofree guint32 *order = g_new(guint32, count);
    RhRandom random;
    for (guint i = 0; i < count; i++)
        order[i] = i;
    rh_random_init(&random, division->settings->seed, RH_PURPOSE_SPLIT, 0, side);
    rh_random_permute(&random, order, count);
    for (guint whole = 2; whole-- > 0;)
        for (guint i = 0; i < count; i++) {
            Group *group = g_ptr_array_index(division->groups, order[i]);
            if (group->side == RH_SPLIT_NONE && is_useful(group, &wanted, whole == 1))
                take_group(division, group, side, &wanted);
        }
}

/* Leaves out of a side what its fullest cells have beyond its emptiest. */
static void level_side(const Division *division, RhSplit side)
{
    Counts counts = count_side(division, side);
    guint least = MIN(MIN(counts.of[0], counts.of[1]), MIN(counts.of[2], counts.of[3]));
    for (guint place = division->cases->len; place-- > 0;) {
        RhCase *item = case_at(division, place);
        guint *count = item->split == side ? &counts.of[cell_of(division, item)] : NULL;
        if (count != NULL && *count > least) {
            item->split = RH_SPLIT_NONE;
            (*count)--;
        }
    }
}

static guint nearest(double value)
{
    return (guint)(value + 0.5);
}

static Counts aligned_and_conflicting(guint aligned, guint conflicting)
{
    return (Counts){{aligned, conflicting, conflicting, aligned}};
}

static gboolean fits(const Counts *wanted, const Counts *available)
{
    for (guint c = 0; c < CELLS; c++)
        if (wanted->of[c] > available->of[c])
            return FALSE;
    return TRUE;
}

/* Takes what is wanted, or, where that is not there, as many images as equal classes with a share r of
 * aligned ones allow. */
static void fill_training(const Division *division, Counts wanted)
{
    const double ratio = division->settings->ratio;
    const Counts available = count_free(division);
    for (guint aligned = wanted.of[0]; !fits(&wanted, &available); aligned--)
        wanted = aligned_and_conflicting(aligned, nearest(aligned * (1 - ratio) / ratio));
    fill_side(division, RH_SPLIT_TRAINING, wanted);
}

static guint smallest(const Counts *counts)
{
    return MIN(MIN(counts->of[0], counts->of[1]), MIN(counts->of[2], counts->of[3]));
}

/* A third of the smallest cell from each for testing, a sixth for validation: at least one image, if there
 * is. The validation setting weighs the four cells when they are read. */
static void split_curve(const Division *division)
{
    const Counts all = count_free(division);
    const guint n = smallest(&all), test = n > 0 ? MAX(1, n / 3) : 0;
    const guint validation = n > 1 ? MAX(1, n / 6) : 0;
    fill_side(division, RH_SPLIT_TEST, aligned_and_conflicting(test, test));
    level_side(division, RH_SPLIT_TEST);
    fill_side(division, RH_SPLIT_VALIDATION, aligned_and_conflicting(validation, validation));
    level_side(division, RH_SPLIT_VALIDATION);
    fill_training(division, aligned_and_conflicting(division->cases->len, division->cases->len));
}

/* The published counts of the three sides for n images a class in training. */
static void paper_counts(const RhSplitSettings *settings, guint n, Counts sides[RH_N_SPLITS])
{
    const double ratio = settings->ratio;
    const double same[] = {
        [RH_VALIDATION_SHIFTED] = 1 - ratio,
        [RH_VALIDATION_LIKE_TRAINING] = ratio,
        [RH_VALIDATION_BALANCED] = 0.5,
    };
    guint training = nearest(n * ratio);
    guint shifted = nearest(n * (1 - ratio) / 2), reversed = nearest(n * ratio / 2);
    guint aligned = nearest(n * same[settings->validation] / 2);
    guint conflicting = nearest(n * (1 - same[settings->validation]) / 2);
    sides[RH_SPLIT_TRAINING] = aligned_and_conflicting(training, n - training);
    sides[RH_SPLIT_VALIDATION] = aligned_and_conflicting(aligned, conflicting);
    sides[RH_SPLIT_TEST] =
        aligned_and_conflicting(n - MIN(n, training + shifted), training - MIN(training, reversed));
}

/* The published split, with n the size of the smallest cell. With a validation set that is not shifted the
 * aligned cells have to hold more than n images; where they do not, n is the largest number for which they
 * do. */
static void split_paper(const Division *division)
{
    const Counts all = count_free(division);
    Counts sides[RH_N_SPLITS], sum;
    guint n = smallest(&all) + 1;
    do {
        paper_counts(division->settings, --n, sides);
        for (guint c = 0; c < CELLS; c++)
            sum.of[c] = sides[RH_SPLIT_TRAINING].of[c] + sides[RH_SPLIT_VALIDATION].of[c] +
                        sides[RH_SPLIT_TEST].of[c];
    } while (n > 0 && !fits(&sum, &all));
    fill_side(division, RH_SPLIT_TEST, sides[RH_SPLIT_TEST]);
    fill_side(division, RH_SPLIT_VALIDATION, sides[RH_SPLIT_VALIDATION]);
    fill_training(division, sides[RH_SPLIT_TRAINING]);
}

/* Without a confounder: of each class a third for testing, a sixth for validation, the rest for training. */
static void split_by_label(const Division *division)
{
    const Counts all = count_free(division);
    Counts test = all, validation = all;
    for (guint c = 0; c < CELLS; c++) {
        test.of[c] = all.of[c] > 0 ? MAX(1, all.of[c] / 3) : 0;
        validation.of[c] = all.of[c] > 1 ? MAX(1, all.of[c] / 6) : 0;
    }
    fill_side(division, RH_SPLIT_TEST, test);
    fill_side(division, RH_SPLIT_VALIDATION, validation);
    fill_side(division, RH_SPLIT_TRAINING, all);
}

/* One thing in two sets: a group, a file, or what a file holds. */
gboolean rh_split_refuse(const RhCase *one, const RhCase *other, const char *group, GError **error)
{
    g_autofree char *a = one->line > 0 ? g_strdup_printf(_("“%s” (line %u)"), one->id, one->line)
                                       : g_strdup_printf(_("“%s”"), one->id);
    g_autofree char *b = other->line > 0 ? g_strdup_printf(_("“%s” (line %u)"), other->id, other->line)
                                         : g_strdup_printf(_("“%s”"), other->id);
    if (group != NULL)
        g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                    _("The group “%s” is in two sets, in “%s” with the image %s and in “%s” with %s; correct "
                      "the split column or divide the images anew."),
                    group, rh_split_name(one->split), a, rh_split_name(other->split), b);
    else
        g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                    _("One picture is in two sets, in “%s” as %s and in “%s” as %s; correct the split column "
                      "or divide the images anew."),
                    rh_split_name(one->split), a, rh_split_name(other->split), b);
    return FALSE;
}

gboolean rh_split_check(const GPtrArray *cases, GError **error)
{
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < cases->len; i++) {
        RhCase *item = g_ptr_array_index(cases, i);
        if (item->split == RH_SPLIT_NONE || item->label > 1)
            continue;
        g_autofree char *path = g_canonicalize_filename(item->path, "/");
        const RhCase *same_group = g_hash_table_lookup(groups, item->group);
        const RhCase *same_path = g_hash_table_lookup(paths, path);
        if (same_group != NULL && same_group->split != item->split)
            return rh_split_refuse(same_group, item, item->group, error);
        if (same_path != NULL && same_path->split != item->split)
            return rh_split_refuse(same_path, item, NULL, error);
        if (same_group == NULL && item->group[0] != '\0')
            g_hash_table_insert(groups, item->group, item);
        if (same_path == NULL)
            g_hash_table_insert(paths, g_steal_pointer(&path), item);
    }
    return TRUE;
}

/* Every side needs images of both classes. */
static gboolean check_sides(const Division *division, const Counts *all, GError **error)
{
    for (guint side = RH_SPLIT_TRAINING; side < RH_N_SPLITS; side++) {
        Counts has = count_side(division, side);
        guint classes[] = {has.of[0] + has.of[1], has.of[2] + has.of[3]};
        if (classes[0] > 0 && classes[1] > 0)
            continue;
        g_autofree char *there_are =
            division->by_label
                ? g_strdup_printf(_("%u of class 0, %u of class 1"), all->of[0], all->of[2])
                : g_strdup_printf(
                      _("class 0 with confounder value 0: %u, with 1: %u; class 1 with 0: %u, with 1: %u"),
                      all->of[0], all->of[1], all->of[2], all->of[3]);
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("The split “%s” leaves no image of class %d for “%s” (labelled images: %s); add "
                      "images, label more of them or choose another split."),
                    rh_split_kind_name(division->settings->kind), classes[0] > 0, rh_split_title(side),
                    there_are);
        return FALSE;
    }
    return TRUE;
}

/* A confounder with one value only tells nothing apart. */
static gboolean has_confounder(GPtrArray *cases)
{
    guint seen = 0;
    for (guint i = 0; i < cases->len; i++) {
        const RhCase *item = g_ptr_array_index(cases, i);
        if (item->label <= 1 && item->confounder <= 1)
            seen |= 1u << item->confounder;
    }
    return seen == 3;
}

static gboolean divide(Division *division, GError **error)
{
    const Counts all = count_free(division);
    const gboolean given = division->settings->kind == RH_SPLIT_GIVEN;
    for (guint place = 0; place < division->cases->len; place++) {
        RhCase *item = case_at(division, place);
        if (!given || item->label > 1)
            item->split = RH_SPLIT_NONE;
    }
    if (given) {
        if (!rh_split_check(division->cases, error)) /* a given division is taken as it is */
            return FALSE;
    } else if (division->by_label) {
        split_by_label(division);
    } else if (division->settings->kind == RH_SPLIT_CURVE) {
        split_curve(division);
    } else {
        split_paper(division);
    }
    return check_sides(division, &all, error);
}

gboolean rh_split_cases(GPtrArray *cases, const RhSplitSettings *settings, GError **error)
{
    if (settings->kind != RH_SPLIT_GIVEN && !(settings->ratio >= 0.5 && settings->ratio <= 1)) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            _("The training ratio %g is not between 0.5 (no confounder) and 1 (every image aligned)."),
            settings->ratio);
        return FALSE;
    }
    Division division = {.cases = cases, .settings = settings};
    g_autofree RhSplit *before = g_new(RhSplit, cases->len);
    for (guint i = 0; i < cases->len; i++)
        before[i] = case_at(&division, i)->split;
    division.by_label = settings->kind == RH_SPLIT_GIVEN || !has_confounder(cases);
    division.groups = collect_groups(&division);
    gboolean ok = divide(&division, error);
    for (guint i = 0; i < cases->len && !ok; i++)
        case_at(&division, i)->split = before[i];
    g_ptr_array_unref(division.groups);
    return ok;
}
