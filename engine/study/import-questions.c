/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "study/import-private.h"
#include "study/number-private.h"

/* What an import cannot know by itself. Each question has the name of the option that answers it on the
 * command line, and its answers are values of that option. */

#define ANSWERS_MAX 20u /* values; a column of more is no class and no confounder */
#define PAIRS_OF    4u  /* values whose pairs are offered */

static void free_question(RhImportQuestion *question)
{
    g_free(question->reason);
    g_ptr_array_unref(question->answers);
    g_ptr_array_unref(question->values);
    g_free(question);
}

/* Takes the reason. */
static RhImportQuestion *ask(GPtrArray *questions, const char *option, char *reason)
{
    RhImportQuestion *question = g_new0(RhImportQuestion, 1);
    question->option = option;
    question->reason = reason;
    question->answers = g_ptr_array_new_with_free_func(g_free);
    question->values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(questions, question);
    return question;
}

/* Takes both. */
static void add_answer(RhImportQuestion *question, char *answer, char *value)
{
    g_ptr_array_add(question->answers, answer);
    g_ptr_array_add(question->values, value);
}

static const char *value_at(const GArray *values, guint i)
{
    return g_array_index(values, RhImportValue, i).text;
}

/* Whether each can stand in an option, which joins values by these. */
static gboolean can_be_said(const GArray *values)
{
    for (guint i = 0; i < values->len; i++)
        if (strpbrk(value_at(values, i), ",|") != NULL)
            return FALSE;
    return TRUE;
}

/* ── Classes ── */

static void ask_positive(const RhImportListing *listing, const RhImportSettings *settings,
                         GPtrArray *questions)
{
    g_autoptr(GArray) values = rh_import_values(listing, RH_IMPORT_LABEL);
    if (settings->positive != NULL || settings->negative != NULL || values->len < 3 ||
        values->len > ANSWERS_MAX || !can_be_said(values))
        return;
    RhImportQuestion *question = ask(
        questions, "positive",
        g_strdup_printf(_("The label has %u values, and a study has two classes. Which is the positive one?"),
                        values->len));
    if (listing->table_path == NULL)
        add_answer(question, g_strdup(_("None: look and draw only")), g_strdup(""));
    for (guint i = 0; i < values->len; i++)
        add_answer(question, g_strdup_printf(_("%s, against all others"), value_at(values, i)),
                   g_strdup(value_at(values, i)));
}

/* Of two values whose words do not tell. */
static void ask_guess(const RhImportListing *listing, const RhImportSettings *settings, GPtrArray *questions)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    g_autoptr(GArray) values = rh_import_values(listing, RH_IMPORT_LABEL);
    g_auto(RhTwoSides) sides = {0};
    if (!rh_import_find_labels(listing, settings, &sides, told, NULL) || !sides.is_guess ||
        !can_be_said(values))
        return;
    RhImportQuestion *question = ask(
        questions, "positive", g_strdup(_("Nothing says which class is positive, the ill. Which is it?")));
    add_answer(question, g_strdup(sides.names[1]), g_strdup(""));
    add_answer(question, g_strdup(sides.names[0]), g_strdup(sides.names[0]));
}

/* ── The confounder ── */

static gboolean are_numbers(const GArray *values)
{
    double number;
    for (guint i = 0; i < values->len; i++)
        if (!rh_number_parse(g_array_index(values, RhImportValue, i).key, &number))
            return FALSE;
    return TRUE;
}

/* "all|other|values,one" */
static char *against_others(const GArray *values, guint one)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < values->len; i++)
        if (i != one)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "|" : "", value_at(values, i));
    g_string_append_printf(text, ",%s", value_at(values, one));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void offer_values(RhImportQuestion *question, const GArray *values)
{
    for (guint i = 0; values->len <= PAIRS_OF && i < values->len; i++)
        for (guint k = i + 1; k < values->len; k++)
            add_answer(question,
                       g_strdup_printf(_("%s and %s alone"), value_at(values, i), value_at(values, k)),
                       g_strdup_printf("%s,%s", value_at(values, i), value_at(values, k)));
    for (guint i = 0; i < values->len; i++)
        add_answer(question, g_strdup_printf(_("%s, against all others"), value_at(values, i)),
                   against_others(values, i));
}

static void ask_confounder(const RhImportListing *listing, const RhImportSettings *settings,
                           GPtrArray *questions)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    g_autoptr(GArray) values = rh_import_values(listing, RH_IMPORT_CONFOUNDER);
    g_auto(RhTwoSides) sides = {0};
    if (!listing->has_confounder || rh_import_find_confounders(listing, settings, &sides, told, NULL) ||
        values->len < 3)
        return;
    const gboolean numbers = are_numbers(values);
    if (!numbers && (values->len > ANSWERS_MAX || !can_be_said(values)))
        return;
    RhImportQuestion *question =
        ask(questions, numbers ? "confounder" : "confounder-values",
            g_strdup_printf(_("The confounder “%s” has %u values, and two can be compared. Which?"),
                            listing->confounder_name, values->len));
    add_answer(question, g_strdup(_("It is not used")), g_strdup(""));
    if (numbers)
        add_answer(question, g_strdup(_("Up to its median, and above")), g_strdup(listing->confounder_name));
    else
        offer_values(question, values);
}

/* ── Masks ── */

static gboolean ask_region(const RhImportListing *listing, const RhImportSettings *settings,
                           GPtrArray *questions, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    g_autoptr(RhImportMasks) masks = rh_import_masks_new(listing, settings, told, cancellable, error);
    if (masks == NULL)
        return FALSE;
    if (!rh_import_masks_wait_for_choice(masks))
        return TRUE;
    const RhLabels *labels = rh_import_masks_labels(masks);
    g_autofree char *list = rh_labels_describe(labels);
    RhImportQuestion *question =
        ask(questions, "region",
            g_strdup_printf(_("The masks have several labels, %s. Which is the region of interest?"), list));
    add_answer(question, g_strdup(_("None of them: no masks")), g_strdup(""));
    for (guint i = 0; i < MIN(labels->labels->len, ANSWERS_MAX); i++) {
        const RhLabel *label = &g_array_index(labels->labels, RhLabel, i);
        char *text = label->kind == RH_LABEL_COLOUR ? g_strdup_printf("#%06x", label->value)
                                                    : g_strdup_printf("%u", label->value);
        add_answer(question, text, g_strdup(text));
    }
    add_answer(question, g_strdup(_("All of them together")), g_strdup("all"));
    return TRUE;
}

/* ── The split ── */

static gboolean is_torn(const RhImportListing *listing)
{
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)rh_case_free);
    for (guint i = 0; i < listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        RhCase *item = rh_case_new(row->file->path, row->file->path);
        g_free(item->group);
        item->group = g_strdup(row->group);
        item->split = row->place;
        item->label = 0;
        g_ptr_array_add(cases, item);
    }
    return !rh_split_check(cases, NULL);
}

static void ask_split(RhImportListing *listing, const RhImportSettings *settings, GPtrArray *questions)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    if (!listing->has_split || settings->split_asked ||
        !rh_import_read_splits(listing, settings->split_column != NULL, told) || !is_torn(listing))
        return;
    RhImportQuestion *question = ask(
        questions, "split",
        g_strdup(
            _("The split that the folder gives has images of one patient in two sets. What is to be done?")));
    add_answer(question, g_strdup(_("Leave the images undivided")), g_strdup(""));
    add_answer(question, g_strdup(_("Divide them anew, for the whole shift curve")), g_strdup("curve"));
    add_answer(question, g_strdup(_("Divide them anew, as in the paper")), g_strdup("paper"));
}

GPtrArray *rh_import_questions(const char *source, const RhImportSettings *settings,
                               GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    g_autoptr(RhImportListing) listing = rh_import_list(source, settings, told, cancellable, error);
    if (listing == NULL)
        return NULL;
    g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func((GDestroyNotify)free_question);
    ask_positive(listing, settings, questions);
    ask_guess(listing, settings, questions);
    ask_confounder(listing, settings, questions);
    if (!ask_region(listing, settings, questions, cancellable, error))
        return NULL;
    ask_split(listing, settings, questions);
    return g_steal_pointer(&questions);
}
