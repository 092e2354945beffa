/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Draws on a study's masks as the window does, without a window: draw STUDY. Prints the name of each step
 * whose work is on disk, and “told: …” when it could not be brought there. At the end, where something is not
 * saved yet, the faults stop (see faults.c) and it is saved once more, as the window does every few seconds.
 * The same steps drawn again come to the same. */
#include <locale.h>

#include "model/mask-keeper.h"

#define SIDE 28 /* pixels, of a synthetic image */

typedef struct {
    RhStudy *study;
    RhMaskKeeper *keeper;
} Desk;

static RhCase *case_of(Desk *desk, const char *id)
{
    RhCase *item = rh_study_find_case(desk->study, id);
    g_assert_nonnull(item);
    return item;
}

static gboolean save(Desk *desk, const char *step)
{
    g_autoptr(GError) error = NULL;
    const gboolean saved = rh_mask_keeper_flush(desk->keeper, &error);
    if (saved)
        g_print("%s\n", step);
    else if (error != NULL)
        g_print("told: %s\n", error->message);
    return saved;
}

static RhMaskEditor *open_mask(Desk *desk, const char *id)
{
    g_autoptr(GError) error = NULL;
    RhMaskEditor *editor = rh_mask_keeper_editor(desk->keeper, case_of(desk, id), SIDE, SIDE, &error);
    g_assert_no_error(error);
    return editor;
}

static void line(Desk *desk, RhMaskEditor *editor, const char *id, double y, gboolean inside)
{
    rh_mask_editor_line(editor, 3, y, 20, y, 3, inside, NULL);
    rh_mask_keeper_changed(desk->keeper, id);
}

static void end_step(Desk *desk, RhMaskEditor *editor, const char *id, const char *name)
{
    rh_mask_editor_end(editor);
    rh_mask_keeper_changed(desk->keeper, id);
    save(desk, name);
}

/* One long stroke, saved on its way, on an image that has no mask. */
static void draw_new_mask(Desk *desk)
{
    const char *id = "training-0001";
    RhMaskEditor *editor = open_mask(desk, id);
    rh_mask_editor_begin(editor, "Brush");
    line(desk, editor, id, 5, TRUE);
    save(desk, "draft");
    line(desk, editor, id, 15, TRUE);
    end_step(desk, editor, id, "new");
}

static void add_to_mask(Desk *desk)
{
    const char *id = "training-0002";
    RhMaskEditor *editor = open_mask(desk, id);
    rh_mask_editor_begin(editor, "Brush");
    line(desk, editor, id, 25, TRUE);
    end_step(desk, editor, id, "more");
}

static void remove_mask(Desk *desk)
{
    const char *id = "training-0003";
    RhMaskEditor *editor = open_mask(desk, id);
    rh_mask_editor_begin(editor, "Clear");
    rh_mask_editor_fill(editor, FALSE, NULL);
    end_step(desk, editor, id, "removed");
}

static void answer(Desk *desk)
{
    RhCase *item = case_of(desk, "training-0003");
    g_free(item->note);
    item->note = g_strdup("nothing here");
    item->nothing_to_mark = TRUE;
    item->said = 1000000000;
    rh_mask_keeper_readings_changed(desk->keeper);
    save(desk, "answer");
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_assert(argc == 2);
    setlocale(LC_ALL, "C.UTF-8");
    Desk desk = {.study = rh_study_open(argv[1], &error)};
    if (desk.study == NULL) {
        g_print("told: %s\n", error->message);
        return 1;
    }
    desk.keeper = rh_mask_keeper_new(desk.study);
    draw_new_mask(&desk);
    add_to_mask(&desk);
    remove_mask(&desk);
    answer(&desk);
    g_unsetenv("RH_FAULT_HOW");
    const gboolean saved = save(&desk, "all");
    g_clear_object(&desk.keeper);
    rh_study_free(desk.study);
    return saved ? 0 : 1;
}
