/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "data/phantom-private.h"

enum { MARKER, LETTER, SCANNER };

static const RhPhantomConfounder confounders[] = {
    [MARKER] =
        {"marker",
         "marker",
         {"none", "PORTABLE"},
         "PORTABLE is stamped in a corner where the film was taken at the bedside, as those of the ill are."},
    [LETTER] = {"letter",
                "letter",
                {"L", "R"},
                "One hospital puts an L on the patient's left, another an R on the right."},
    [SCANNER] =
        {"scanner",
         "scanner",
         {"A", "B"},
         "The films of the ill come from another device: exposure, tone and grain differ everywhere."},
};

const RhPhantomConfounder *rh_phantom_confounders(guint *count)
{
    *count = G_N_ELEMENTS(confounders);
    return confounders;
}

const RhPhantomConfounder *rh_phantom_confounder_find(const char *id, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(confounders); i++) {
        if (g_strcmp0(confounders[i].id, id) == 0)
            return &confounders[i];
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", confounders[i].id);
    }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("The phantom has no confounder “%s”; choose one of %s."),
                id, known->str);
    return NULL;
}

static const char *const mask_names[] = {
    [RH_PHANTOM_MASK_NODULE] = "nodule",
    [RH_PHANTOM_MASK_LUNGS] = "lungs",
};

const char *rh_phantom_mask_name(RhPhantomMask mask)
{
    return mask_names[mask];
}

gboolean rh_phantom_mask_parse(const char *name, RhPhantomMask *mask)
{
    for (guint i = 0; i < G_N_ELEMENTS(mask_names); i++)
        if (g_strcmp0(mask_names[i], name) == 0) {
            *mask = i;
            return TRUE;
        }
    return FALSE;
}

gboolean rh_phantom_mask_has(RhPhantomMask mask, guint label)
{
    return mask == RH_PHANTOM_MASK_LUNGS || label == 1;
}

void rh_phantom_random(RhRandom *random, const RhPhantomSettings *settings, RhPhantomStream stream,
                       guint32 patient)
{
    rh_random_init(random, settings->seed, RH_PURPOSE_PHANTOM, stream, patient);
}

static void stamp(const RhPhantomSettings *settings, guint32 patient, guint confounder, double *grey)
{
    const gsize kind = (gsize)(settings->confounder - confounders);
    const double side = settings->size;
    RhRandom random;
    rh_phantom_random(&random, settings, RH_PHANTOM_STAMP, patient);
    if (kind == MARKER && confounder == 1)
        rh_phantom_stamp(&random, "PORTABLE", FALSE, MAX(MIN(1, side / 96), side / 190), settings->size,
                         grey);
    else if (kind == LETTER)
        rh_phantom_stamp(&random, confounders[LETTER].values[confounder], confounder == 0, MAX(1, side / 75),
                         settings->size, grey);
}

void rh_phantom_film(const RhPhantomSettings *settings, guint32 patient, guint label, guint confounder,
                     guint8 *image, guint8 *mask)
{
    const gsize pixels = (gsize)settings->size * settings->size;
    g_autofree double *values = g_new(double, 2 * pixels);
    RhPhantomField field = {.size = settings->size, .weakening = values, .air = values + pixels};
    RhPhantomFrame frame;
    RhRandom random;
    rh_phantom_random(&random, settings, RH_PHANTOM_BODY, patient);
    rh_phantom_anatomy(&random, &field, &frame);
    rh_phantom_random(&random, settings, RH_PHANTOM_VESSELS, patient);
    rh_phantom_vessels(&random, &frame, &field);
    if (label == 1)
        rh_phantom_nodule(settings, patient, &field, mask);
    else
        memset(mask, 0, pixels);
    if (settings->mask == RH_PHANTOM_MASK_LUNGS)
        rh_phantom_lungs(settings, patient, &frame, &field, mask);
    rh_phantom_random(&random, settings, RH_PHANTOM_GRAIN, patient);
    rh_phantom_expose(&random, settings->confounder == &confounders[SCANNER] && confounder == 1, &field);
    stamp(settings, patient, confounder, field.weakening);
    for (gsize i = 0; i < pixels; i++)
        image[i] = (guint8)(field.weakening[i] * 255 + 0.5);
}
