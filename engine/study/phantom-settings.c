/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/phantom-settings.h"

#include <glib/gi18n.h>

#define AT(member)  G_STRUCT_OFFSET(RhPhantomStudySettings, member)
#define COUNT_MAX   20000 /* films a set */
#define EQUAL_CELLS 4     /* class × what misleads */

static const char *read_confounder(gconstpointer place)
{
    return (*(const RhPhantomConfounder *const *)place)->id;
}

static gboolean take_confounder(const char *id, gpointer place)
{
    const RhPhantomConfounder *found = rh_phantom_confounder_find(id, NULL);
    if (found != NULL)
        *(const RhPhantomConfounder **)place = found;
    return found != NULL;
}

static const RhChoices confounders = {
    .entries =
        (const RhChoice[]){
            {"marker", N_("PORTABLE in a corner"),
             N_("Stamped on films taken at the bedside, where those with a nodule lie. Masks leave it out.")},
            {"letter", N_("An L or an R"),
             N_("One hospital puts an L on one side, the other an R on the other. Masks leave it out.")},
            {"scanner", N_("Another scanner"),
             N_("Exposure, tone and grain differ in every pixel, inside the masks too.")},
            {NULL, NULL, NULL}},
    .read = read_confounder,
    .take = take_confounder,
};

static const char *read_mask(gconstpointer place)
{
    return rh_phantom_mask_name(*(const RhPhantomMask *)place);
}

static gboolean take_mask(const char *id, gpointer place)
{
    return rh_phantom_mask_parse(id, place);
}

static const RhChoices masks = {
    .entries = (const RhChoice[]){{"nodule", N_("The nodule"), N_("Films without a nodule have no mask.")},
                                  {"lungs", N_("The lungs"),
                                   N_("Where a nodule can be, on every film. Only these masks were seen to "
                                      "help against the marker.")},
                                  {NULL, NULL, NULL}},
    .read = read_mask,
    .take = take_mask,
};

static const RhSetting table[] = {
    {.key = "confounder",
     .option = "confounder",
     .group = RH_PHANTOM_SIGN,
     .title = N_("Sign"),
     .help = N_("What the films with a nodule have in common beside the nodule."),
     .kind = RH_SETTING_CHOICE,
     .offset = AT(film.confounder),
     .choices = &confounders},
    {.key = "agreement_training",
     .option = "agreement",
     .group = RH_PHANTOM_AGREEMENT,
     .title = N_("In training"),
     .help = N_("At 1 a network can get every training film right without looking at a lung."),
     .kind = RH_SETTING_REAL,
     .offset = AT(agreement[0]),
     .high = 1},
    {.key = "agreement_validation",
     .option = "agreement",
     .group = RH_PHANTOM_AGREEMENT,
     .title = N_("In validation"),
     .help = N_("These films decide which epoch of a training is kept."),
     .kind = RH_SETTING_REAL,
     .offset = AT(agreement[1]),
     .high = 1},
    {.key = "agreement_test",
     .option = "agreement",
     .group = RH_PHANTOM_AGREEMENT,
     .title = N_("In test"),
     .help = N_("The shift curve needs films of every kind; at 0.5 there are as many of each."),
     .kind = RH_SETTING_REAL,
     .offset = AT(agreement[2]),
     .high = 1},
    {.key = "count_training",
     .option = "count",
     .group = RH_PHANTOM_COUNT,
     .title = N_("Training films"),
     .help = N_("The network learns from these. More take longer."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(count[0]),
     .low = EQUAL_CELLS,
     .high = COUNT_MAX,
     .multiple = EQUAL_CELLS},
    {.key = "count_validation",
     .option = "count",
     .group = RH_PHANTOM_COUNT,
     .title = N_("Validation films"),
     .help = N_("The network is tried on these after every epoch."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(count[1]),
     .low = EQUAL_CELLS,
     .high = COUNT_MAX,
     .multiple = EQUAL_CELLS},
    {.key = "count_test",
     .option = "count",
     .group = RH_PHANTOM_COUNT,
     .title = N_("Test films"),
     .help = N_("The results are of these. More make them less a matter of chance."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(count[2]),
     .low = EQUAL_CELLS,
     .high = COUNT_MAX,
     .multiple = EQUAL_CELLS},
    {.key = "size",
     .option = "size",
     .group = RH_PHANTOM_FILMS,
     .title = N_("Size"),
     .help = N_("Height and width in pixels. A patient is the same at any size; training takes longer with "
                "larger films."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(film.size),
     .low = RH_PHANTOM_SIDE_MIN,
     .high = RH_PHANTOM_SIDE_MAX},
    {.key = "contrast",
     .option = "contrast",
     .group = RH_PHANTOM_FILMS,
     .title = N_("Plainness of the nodule"),
     .help = N_("At 1 who knows where it is sees it at a glance; less is harder to see."),
     .kind = RH_SETTING_REAL,
     .offset = AT(film.contrast),
     .low = 0.05,
     .high = 4},
    {.key = "mask",
     .option = "mask",
     .group = RH_PHANTOM_FILMS,
     .title = N_("What the masks show"),
     .help = N_("The part of a film in which a reader looks for the answer."),
     .kind = RH_SETTING_CHOICE,
     .offset = AT(film.mask),
     .choices = &masks},
    {.key = "imprecision",
     .option = "imprecision",
     .group = RH_PHANTOM_FILMS,
     .title = N_("Imprecision of the masks"),
     .help = N_("At 0 a mask is exact to the pixel, at 1 what a reader draws in a hurry."),
     .kind = RH_SETTING_REAL,
     .offset = AT(film.imprecision),
     .high = 1},
    {.key = "seed",
     .option = "seed",
     .group = RH_PHANTOM_FILMS,
     .title = N_("Seed"),
     .help = N_("Another seed gives other patients; the same gives the same films, to the last bit."),
     .kind = RH_SETTING_SEED,
     .offset = AT(film.seed)},
};

static const struct {
    const char *title, *help;
} groups[RH_N_PHANTOM_GROUPS] = {
    [RH_PHANTOM_SIGN] = {N_("What Misleads"), NULL},
    [RH_PHANTOM_AGREEMENT] = {N_("How Often It Goes With the Nodule"),
                              N_("1: always, and never without one. 0.5: as often as not, so that it says "
                                 "nothing. 0: the other way round.")},
    [RH_PHANTOM_COUNT] = {N_("How Many Films"), N_("Half of them have a nodule.")},
    [RH_PHANTOM_FILMS] = {N_("Films and Masks"), NULL},
};

const RhSetting *rh_phantom_settings(guint *count)
{
    *count = G_N_ELEMENTS(table);
    return table;
}

const char *rh_phantom_group_title(RhPhantomGroup group)
{
    return groups[group].title;
}

const char *rh_phantom_group_help(RhPhantomGroup group)
{
    return groups[group].help;
}
