/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "common/text.h"

/* What came of an import, or of opening a study: a toast with the numbers, and the rest behind its "Details".
 */

/* How many files there were, how many were taken, and why others were not. */
static void describe_fate(GString *text, const char *taken, const char *left_out, guint found, guint count)
{
    g_string_append_printf(text, "%s\n", taken);
    if (found > count)
        g_string_append_printf(text, "%s\n", left_out);
}

/* Where the names went that the study does not have. */
static char *describe_key(const char *key)
{
    g_autofree char *shown = g_filename_display_name(key);
    return g_strdup_printf(_("Images and patients have numbers for names. Keep the key apart: %s"), shown);
}

static char *describe_import(const RhStudy *study, const RhImportSummary *summary)
{
    GString *text = g_string_new(NULL);
    const guint images_out = summary->found - summary->images,
                masks_out = summary->mask_files - summary->masks;
    g_autofree char *image_reasons = rh_import_summary_reasons(summary, RH_IMPORT_IMAGES);
    g_autofree char *mask_reasons = rh_import_summary_reasons(summary, RH_IMPORT_MASKS);
    g_autofree char *images = g_strdup_printf(_("Images: %u of %u files"), summary->images, summary->found);
    g_autofree char *no_images =
        g_strdup_printf(_("Image files left out: %u (%s)"), images_out, image_reasons);
    g_autofree char *masks = g_strdup_printf(_("Masks: %u of %u files"), summary->masks, summary->mask_files);
    g_autofree char *no_masks = g_strdup_printf(_("Mask files left out: %u (%s)"), masks_out, mask_reasons);
    describe_fate(text, images, no_images, summary->found, summary->images);
    describe_fate(text, masks, no_masks, summary->mask_files, summary->masks);
    g_string_append_printf(text, _("Training: %u, validation: %u, test: %u, not used: %u\n"),
                           summary->splits[RH_SPLIT_TRAINING], summary->splits[RH_SPLIT_VALIDATION],
                           summary->splits[RH_SPLIT_TEST], summary->splits[RH_SPLIT_NONE]);
    g_string_append_printf(text, _("Without a label: %u\n"), summary->unlabelled);
    if (summary->unlabelled < summary->images)
        g_string_append_printf(text, _("The positive class is “%s”.\n"), study->class_names[1]);
    if (study->confounder_name != NULL) {
        g_string_append_c(text, '\n');
        for (guint label = 0; label < 2; label++)
            for (guint value = 0; value < 2; value++)
                g_string_append_printf(text, "%s, %s %s: %u\n", study->class_names[label],
                                       study->confounder_name, study->confounder_values[value],
                                       summary->cells[label][value]);
    }
    for (guint i = 0; i < summary->notes->len; i++)
        g_string_append_printf(text, "\n%s", (const char *)summary->notes->pdata[i]);
    if (summary->key != NULL) {
        g_autofree char *key = describe_key(summary->key);
        g_string_append_printf(text, "\n%s", key);
    }
    return g_string_free(text, FALSE);
}

static void offer_details(RhWindow *self, const char *text)
{
    AdwToast *toast = rh_text_toast(text);
    adw_toast_set_timeout(toast, 10);
    adw_toast_set_button_label(toast, _("_Details"));
    adw_toast_set_action_name(toast, "win.import-details");
    rh_window_add_study_toast(self, toast);
}

/* Said until it is read. */
static void tell_key(RhWindow *self, const char *key)
{
    g_autofree char *text = describe_key(key);
    AdwToast *toast = rh_text_toast(text);
    adw_toast_set_timeout(toast, 0);
    rh_window_add_study_toast(self, toast);
}

void rh_window_tell_import(RhWindow *self, const RhImportSummary *summary)
{
    const RhStudy *study = self->study;
    self->report_heading = _("Imported");
    g_free(self->import_report);
    self->import_report = describe_import(study, summary);
    g_autofree char *text =
        summary->unlabelled == summary->images
            ? g_strdup_printf(_("%u images imported; none has a class"), summary->images)
            : g_strdup_printf(_("%u images and %u masks imported; %u files left out, %u images not used"),
                              summary->images, summary->masks,
                              summary->found - summary->images + summary->mask_files - summary->masks,
                              summary->splits[RH_SPLIT_NONE]);
    offer_details(self, text);
    if (summary->key != NULL)
        tell_key(self, summary->key);
}

void rh_window_tell_notes(RhWindow *self)
{
    const RhStudy *study = self->study;
    self->report_heading = _("Notes on This Study");
    g_autoptr(GString) report = g_string_new(NULL);
    for (guint i = 0; i < study->notes->len; i++)
        g_string_append_printf(report, "%s%s", i > 0 ? "\n\n" : "", (const char *)study->notes->pdata[i]);
    g_free(self->import_report);
    self->import_report = g_string_free(g_steal_pointer(&report), FALSE);
    offer_details(self, _("Something in this study is not as it should be"));
}

static void import_details(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (self->import_report != NULL)
        rh_window_show_details(self, self->report_heading, self->import_report);
}

const GActionEntry rh_window_import_actions[] = {
    {"import-details", import_details},
};
const guint rh_window_n_import_actions = G_N_ELEMENTS(rh_window_import_actions);
