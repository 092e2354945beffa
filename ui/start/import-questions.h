/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

/* Asks what an import cannot know by itself, a drop-down a question (RhImportQuestion, transfer full). */
GtkWidget *rh_import_questions_dialog(GtkWindow *parent, GPtrArray *questions);
/* Of such a dialog that was answered with "import": options and their values by turns, NULL at the end.
 * Transfer full. */
char **rh_import_questions_answers(GtkWidget *dialog);
