/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-settings.h"

#include <glib/gi18n.h>

#define AT(member)         G_STRUCT_OFFSET(RhRunSettings, member)
#define EPOCHS_MAX         100000
#define LEARNING_RATE_MIN  1e-9
#define LEARNING_RATE_MAX  10
#define USES_MASKS         (RH_METHOD_MASK | RH_METHOD_SHUFFLED)
#define USES_DISCRIMINATOR RH_METHOD_DISCRIMINATOR

static const char *read_validation(gconstpointer place)
{
    return rh_validation_name(*(const RhValidation *)place);
}

static gboolean take_validation(const char *id, gpointer place)
{
    return rh_validation_parse(id, place);
}

static const RhChoices validations = {
    .entries = (const RhChoice[]){{"shifted", N_("Shifted"), NULL},
                                  {"like-training", N_("Like training"), NULL},
                                  {"balanced", N_("Balanced"), NULL},
                                  {NULL, NULL, NULL}},
    .read = read_validation,
    .take = take_validation,
};

static const RhSetting table[] = {
    {.key = "lambda",
     .option = "lambda",
     .group = RH_SETTINGS_PENALTY,
     .title = N_("Weight λ"),
     .help = N_("How much the method's penalty counts beside the classification loss. 0 switches it off."),
     .kind = RH_SETTING_REAL,
     .offset = AT(method_settings.lambda),
     .high = 1e6,
     .needs = RH_METHOD_WEIGHTED},
    {.key = "published",
     .group = RH_SETTINGS_PENALTY,
     .title = N_("Penalty as published"),
     .help =
         N_("The authors' code never multiplied this penalty by its weight: any weight above 0 acts as 1."),
     .kind = RH_SETTING_FLAG,
     .offset = AT(method_settings.published),
     .method = "actdiff"},
    {.key = "discriminator_learning_rate",
     .option = "disc-lr",
     .group = RH_SETTINGS_PENALTY,
     .title = N_("Opponent's learning rate"),
     .help =
         N_("The size of the steps of the second network, the discriminator, which looks for signs of what "
            "lies outside the mask."),
     .kind = RH_SETTING_REAL,
     .offset = AT(method_settings.discriminator_learning_rate),
     .low = LEARNING_RATE_MIN,
     .high = LEARNING_RATE_MAX,
     .needs = USES_DISCRIMINATOR},
    {.key = "discriminator_period",
     .option = "disc-iter",
     .group = RH_SETTINGS_PENALTY,
     .title = N_("Batches per network update"),
     .help = N_("The discriminator learns from every batch, the network from every so many batches only."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(method_settings.discriminator_period),
     .low = 1,
     .high = 1000,
     .needs = USES_DISCRIMINATOR},
    {.key = "mask_fraction",
     .option = "mask-fraction",
     .group = RH_SETTINGS_MASKS,
     .title = N_("Share of masks used"),
     .help =
         N_("From 0, no mask, to 1, all masks of the training images. Tells how many masks an expert would "
            "have to draw."),
     .kind = RH_SETTING_REAL,
     .offset = AT(mask_fraction),
     .high = 1,
     .needs = USES_MASKS},
    {.key = "mask_blur",
     .option = "mask-blur",
     .group = RH_SETTINGS_MASKS,
     .title = N_("Mask margin σ"),
     .help = N_("Widens the training masks as a blur of σ pixels does, by 4σ on each side. 0 leaves them as "
                "drawn."),
     .kind = RH_SETTING_REAL,
     .offset = AT(mask_blur),
     .high = 100,
     .needs = USES_MASKS},
    {.key = "empty_negatives",
     .group = RH_SETTINGS_MASKS,
     .title = N_("Missing masks are empty"),
     .help =
         N_("As in the authors' code an image of class 0 without a mask counts as all outside. That tells "
            "the class to every method that uses masks."),
     .kind = RH_SETTING_FLAG,
     .offset = AT(empty_negatives),
     .needs = USES_MASKS},
    {.key = "learning_rate",
     .option = "lr",
     .group = RH_SETTINGS_TRAINING,
     .title = N_("Learning rate"),
     .help = N_("The size of the steps. Too small and nothing is learnt in time, too large and it never "
                "settles."),
     .kind = RH_SETTING_REAL,
     .offset = AT(method_settings.learning_rate),
     .low = LEARNING_RATE_MIN,
     .high = LEARNING_RATE_MAX},
    {.key = "batch",
     .option = "batch",
     .group = RH_SETTINGS_TRAINING,
     .title = N_("Images a step"),
     .help = N_("The batch: how many images are looked at before the network is changed."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(batch),
     .low = 2,
     .high = 4096},
    {.key = "epochs",
     .option = "epochs",
     .group = RH_SETTINGS_TRAINING,
     .title = N_("Epochs"),
     .help = N_("How often all training images are gone through, at most."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(epochs),
     .low = 1,
     .high = EPOCHS_MAX},
    {.key = "width",
     .option = "width",
     .group = RH_SETTINGS_TRAINING,
     .title = N_("Network width"),
     .help = N_("Channels of the network's first stage. Twice the width takes about four times as long."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(width),
     .low = 1,
     .high = 1024},
    {.key = "validation",
     .option = "validation",
     .group = RH_SETTINGS_SELECTION,
     .title = N_("Validation images"),
     .help = N_("After every epoch the network is tried on images it does not learn from, and the epoch with "
                "the lowest loss is kept. Which images these are can decide the result."),
     .kind = RH_SETTING_CHOICE,
     .choices = &validations,
     .offset = AT(validation)},
    {.key = "first_best_epoch",
     .option = "first-best",
     .group = RH_SETTINGS_SELECTION,
     .title = N_("First epoch that counts"),
     .help = N_("Earlier epochs are never kept: a network that has hardly begun can be good by chance."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(first_best_epoch),
     .low = 1,
     .high = EPOCHS_MAX},
    {.key = "patience",
     .option = "patience",
     .group = RH_SETTINGS_SELECTION,
     .title = N_("Patience"),
     .help = N_("Training ends early after so many epochs without a lower validation loss."),
     .kind = RH_SETTING_WHOLE,
     .offset = AT(patience),
     .low = 1,
     .high = EPOCHS_MAX},
};

static const char *const group_titles[RH_N_SETTINGS_GROUPS] = {
    [RH_SETTINGS_PENALTY] = N_("Penalty"),
    [RH_SETTINGS_MASKS] = N_("Masks"),
    [RH_SETTINGS_TRAINING] = N_("Training"),
    [RH_SETTINGS_SELECTION] = N_("Which epoch is kept"),
};

const RhSetting *rh_settings(guint *count)
{
    *count = G_N_ELEMENTS(table);
    return table;
}

const RhSetting *rh_setting_find(const char *key)
{
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        if (g_str_equal(table[i].key, key))
            return &table[i];
    return NULL;
}

const char *rh_settings_group_title(RhSettingsGroup group)
{
    return group_titles[group];
}

gboolean rh_setting_applies(const RhSetting *setting, const RhMethod *method)
{
    if (setting->method != NULL && !g_str_equal(setting->method, method->id))
        return FALSE;
    return setting->needs == RH_METHOD_PLAIN || (method->needs & setting->needs) != 0;
}

char *rh_run_settings_advise(const RhRunSettings *settings, const RhStudy *study)
{
    gboolean masked[2] = {settings->empty_negatives, FALSE};
    if (!rh_method_uses_masks(settings->method))
        return NULL;
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = study->cases->pdata[i];
        if (item->split == RH_SPLIT_TRAINING && item->label != RH_UNKNOWN && item->has_mask)
            masked[item->label] = TRUE;
    }
    if (masked[0] && masked[1])
        return NULL;
    if (!masked[0] && !masked[1])
        return g_strdup(_("No training image has a mask, so this method learns what the baseline learns. "
                          "Draw masks first."));
    return g_strdup_printf(_("Only images of “%s” have masks. Mask the other class too, or the network may "
                             "still learn what lies outside them."),
                           study->class_names[masked[1]]);
}

static RhRunSettings with_width(const RhRunSettings *settings)
{
    RhRunSettings own = *settings;
    if (own.width == 0)
        own.width = own.network->default_width;
    return own;
}

gboolean rh_run_settings_alike(const RhRunSettings *a, const RhRunSettings *b)
{
    const RhRunSettings x = with_width(a), y = with_width(b);
    if (x.method != y.method || x.network != y.network)
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        if (rh_setting_applies(&table[i], x.method) && !rh_setting_equal(&table[i], &x, &y))
            return FALSE;
    return TRUE;
}
