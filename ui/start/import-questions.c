/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "start/import-questions.h"

#include <glib/gi18n.h>

#include "study/study.h"

#define SPACING 6

static GtkWidget *choice_of(const RhImportQuestion *question)
{
    GtkStringList *answers = gtk_string_list_new(NULL);
    for (guint i = 0; i < question->answers->len; i++)
        gtk_string_list_append(answers, g_ptr_array_index(question->answers, i));
    GtkWidget *choice = gtk_drop_down_new(G_LIST_MODEL(answers), NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(choice), GTK_ACCESSIBLE_PROPERTY_LABEL, question->reason,
                                   -1);
    return choice;
}

static GtkWidget *reason_of(const RhImportQuestion *question)
{
    GtkWidget *reason = gtk_label_new(question->reason);
    gtk_label_set_wrap(GTK_LABEL(reason), TRUE);
    gtk_label_set_xalign(GTK_LABEL(reason), 0);
    gtk_label_set_max_width_chars(GTK_LABEL(reason), 48);
    gtk_widget_set_margin_top(reason, SPACING);
    return reason;
}

GtkWidget *rh_import_questions_dialog(GtkWindow *parent, GPtrArray *questions)
{
    GtkWidget *dialog = adw_message_dialog_new(parent, _("Before the Images Are Imported"), NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, SPACING);
    GPtrArray *choices = g_ptr_array_new(); /* GtkDropDown, the box's */
    for (guint i = 0; i < questions->len; i++) {
        const RhImportQuestion *question = g_ptr_array_index(questions, i);
        GtkWidget *choice = choice_of(question);
        gtk_box_append(GTK_BOX(box), reason_of(question));
        gtk_box_append(GTK_BOX(box), choice);
        g_ptr_array_add(choices, choice);
    }
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), box);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "import",
                                     _("_Import"), NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "import", ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "import");
    adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
    g_object_set_data_full(G_OBJECT(dialog), "questions", questions, (GDestroyNotify)g_ptr_array_unref);
    g_object_set_data_full(G_OBJECT(dialog), "choices", choices, (GDestroyNotify)g_ptr_array_unref);
    return dialog;
}

char **rh_import_questions_answers(GtkWidget *dialog)
{
    const GPtrArray *questions = g_object_get_data(G_OBJECT(dialog), "questions"),
                    *choices = g_object_get_data(G_OBJECT(dialog), "choices");
    g_autoptr(GPtrArray) answers = g_ptr_array_new();
    for (guint i = 0; i < questions->len; i++) {
        const RhImportQuestion *question = g_ptr_array_index(questions, i);
        const guint chosen = gtk_drop_down_get_selected(g_ptr_array_index(choices, i));
        g_ptr_array_add(answers, g_strdup(question->option));
        g_ptr_array_add(answers, g_strdup(g_ptr_array_index(question->values, chosen)));
    }
    g_ptr_array_add(answers, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&answers), FALSE);
}
