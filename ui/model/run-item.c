/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-item.h"

#include <glib/gi18n.h>

#include "study/run-doubt.h"
#include "study/run-settings.h"

struct _RhRunItem {
    GObject parent_instance;
    RhRun *run;
    RhShift *shift;
    guint style, group, place;
    RhRunActivity activity;
    char *trouble; /* what no disk keeps */
    gboolean any_kernels;
    char *complaint;
    char *doubt; /* why its result is none */
    gboolean visible, has_weights, apart, other_data;
};

G_DEFINE_FINAL_TYPE(RhRunItem, rh_run_item, G_TYPE_OBJECT)

enum { PROP_VISIBLE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];
enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void changed(RhRunItem *item)
{
    g_signal_emit(item, signals[CHANGED], 0);
}

static void look_for_weights(RhRunItem *item)
{
    g_autofree char *weights = rh_run_weights_path(item->run);
    item->has_weights = g_file_test(weights, G_FILE_TEST_EXISTS);
}

RhRunItem *rh_run_item_new(RhRun *run, RhShift *shift, guint style)
{
    RhRunItem *item = g_object_new(RH_TYPE_RUN_ITEM, NULL);
    item->run = run;
    item->shift = shift;
    item->doubt = rh_run_doubt(run, shift);
    item->style = style;
    item->visible = TRUE;
    look_for_weights(item);
    return item;
}

void rh_run_item_take(RhRunItem *item, RhRun *run, RhShift *shift)
{
    rh_run_free(item->run);
    item->run = run;
    g_free(item->shift);
    item->shift = shift;
    g_free(item->doubt);
    item->doubt = rh_run_doubt(run, shift);
    look_for_weights(item);
    changed(item);
}

const RhRun *rh_run_item_get_run(RhRunItem *item)
{
    return item->run;
}

const char *rh_run_item_get_name(RhRunItem *item)
{
    return item->run->title;
}

const char *rh_run_item_get_id(RhRunItem *item)
{
    return item->run->name;
}

void rh_run_item_set_group(RhRunItem *item, guint group)
{
    item->group = group;
}

guint rh_run_item_get_group(RhRunItem *item)
{
    return item->group;
}

/* Method and network, and what of the settings is not the method's default. */
char *rh_run_item_describe_group(RhRunItem *item)
{
    const RhRunSettings *settings = &item->run->settings;
    const RhRunSettings usual = rh_run_settings_usual(settings->method, settings->network);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s · %s", _(settings->method->title), _(settings->network->title));
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++) {
        if (!rh_setting_applies(&table[i], settings->method) || rh_setting_equal(&table[i], settings, &usual))
            continue;
        g_autofree char *value = rh_setting_text(&table[i], settings);
        if (table[i].kind == RH_SETTING_FLAG)
            g_string_append_printf(text, " · %s", _(table[i].title));
        else
            g_string_append_printf(text, " · %s %s", _(table[i].title), value);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

guint rh_run_item_get_style(RhRunItem *item)
{
    return item->style;
}

const RhShift *rh_run_item_get_shift(RhRunItem *item)
{
    return item->shift;
}

gboolean rh_run_item_read(RhRunItem *item, double level, double *accuracy, double *auc)
{
    if (item->shift == NULL)
        return FALSE;
    const RhShiftPoint point = rh_shift_value(item->shift, level);
    *accuracy = point.accuracy;
    *auc = point.auc;
    return TRUE;
}

gboolean rh_run_item_get_visible(RhRunItem *item)
{
    return item->visible;
}

void rh_run_item_set_visible(RhRunItem *item, gboolean visible)
{
    if (item->visible == !!visible)
        return;
    item->visible = !!visible;
    g_object_notify_by_pspec(G_OBJECT(item), properties[PROP_VISIBLE]);
    changed(item);
}

RhRunActivity rh_run_item_get_activity(RhRunItem *item)
{
    return item->activity;
}

void rh_run_item_set_activity(RhRunItem *item, RhRunActivity activity, guint place)
{
    if (item->activity == activity && item->place == place)
        return;
    item->activity = activity;
    item->place = place;
    changed(item);
}

gboolean rh_run_item_get_training(RhRunItem *item)
{
    return item->activity == RH_RUN_TRAINING || item->activity == RH_RUN_PAUSED;
}

void rh_run_item_set_trouble(RhRunItem *item, const char *trouble)
{
    g_free(item->trouble);
    item->trouble = g_strdup(trouble);
    g_clear_pointer(&item->run->trouble, g_free);
    changed(item);
}

void rh_run_item_allow_any_kernels(RhRunItem *item)
{
    item->any_kernels = TRUE;
}

gboolean rh_run_item_get_any_kernels(RhRunItem *item)
{
    return item->any_kernels;
}

const char *rh_run_item_get_trouble(RhRunItem *item)
{
    return item->trouble != NULL ? item->trouble : item->run->trouble;
}

const char *rh_run_item_get_doubt(RhRunItem *item)
{
    return item->doubt;
}

void rh_run_item_set_title(RhRunItem *item, const char *title)
{
    g_free(item->run->title);
    item->run->title = g_strdup(title);
    changed(item);
}

void rh_run_item_set_complaint(RhRunItem *item, const char *complaint)
{
    if (g_strcmp0(item->complaint, complaint) == 0)
        return;
    g_free(item->complaint);
    item->complaint = g_strdup(complaint);
    changed(item);
}

void rh_run_item_set_other_data(RhRunItem *item, gboolean other)
{
    if (item->other_data == !!other)
        return;
    item->other_data = !!other;
    changed(item);
}

gboolean rh_run_item_get_apart(RhRunItem *item)
{
    return item->apart;
}

void rh_run_item_set_apart(RhRunItem *item)
{
    item->apart = TRUE;
    changed(item);
}

void rh_run_item_add_epoch(RhRunItem *item, const RhEpochMetrics *metrics, gboolean best)
{
    g_array_append_val(item->run->metrics, *metrics);
    if (best) {
        item->run->best_epoch = metrics->epoch;
        item->has_weights = TRUE;
    }
    changed(item);
}

gboolean rh_run_item_is_unfinished(RhRunItem *item)
{
    return item->activity == RH_RUN_IDLE && item->run->state != RH_RUN_FINISHED;
}

gboolean rh_run_item_has_weights(RhRunItem *item)
{
    return item->has_weights;
}

/* Its epochs, and which of them is the result. */
static char *describe_finished(RhRunItem *item)
{
    const guint epochs = item->run->metrics->len;
    if (item->other_data)
        return g_strdup_printf(_("%u epochs, of other images, labels or splits than the study has now"),
                               epochs);
    if (item->run->selected_epoch > 0)
        return g_strdup_printf(_("%u epochs, result of epoch %u"), epochs, item->run->selected_epoch);
    if (item->run->best_epoch == 0)
        return g_strdup_printf(g_dngettext(NULL, "%u epoch", "%u epochs", epochs), epochs);
    return g_strdup_printf(g_dngettext(NULL, "%u epoch, best %u", "%u epochs, best %u", epochs), epochs,
                           item->run->best_epoch);
}

static char *describe_idle(RhRunItem *item)
{
    const char *trouble = rh_run_item_get_trouble(item);
    guint epochs = item->run->metrics->len;
    if (trouble != NULL)
        return g_strdup_printf(_("failed: %s"), trouble);
    if (item->run->state != RH_RUN_FINISHED && epochs == 0)
        return g_strdup(_("not begun"));
    if (item->run->state != RH_RUN_FINISHED)
        return g_strdup_printf(_("unfinished, epoch %u of %u"), epochs, item->run->settings.epochs);
    if (item->complaint != NULL)
        return g_strdup(item->complaint);
    g_autofree char *finished = describe_finished(item);
    /* The doubt comes first, for a row cuts off what is too long. */
    return item->doubt != NULL ? g_strdup_printf("%s – %s", item->doubt, finished)
                               : g_steal_pointer(&finished);
}

char *rh_run_item_describe(RhRunItem *item)
{
    guint epochs = item->run->metrics->len, all = item->run->settings.epochs;
    switch (item->activity) {
    case RH_RUN_IDLE:
        break;
    case RH_RUN_WAITING:
        return g_strdup_printf(_("waiting, number %u in the queue"), item->place);
    case RH_RUN_HELD:
        return g_strdup_printf(_("waiting, number %u in the queue, paused"), item->place);
    case RH_RUN_TRAINING:
        return g_strdup_printf(_("training, epoch %u of %u"), MIN(epochs + 1, all), all);
    case RH_RUN_PAUSED:
        return g_strdup_printf(_("paused in epoch %u of %u"), MIN(epochs + 1, all), all);
    }
    return describe_idle(item);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_VISIBLE)
        g_value_set_boolean(value, RH_RUN_ITEM(object)->visible);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_VISIBLE)
        rh_run_item_set_visible(RH_RUN_ITEM(object), g_value_get_boolean(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void finalize(GObject *object)
{
    RhRunItem *item = RH_RUN_ITEM(object);
    g_clear_pointer(&item->run, rh_run_free);
    g_free(item->shift);
    g_clear_pointer(&item->trouble, g_free);
    g_clear_pointer(&item->complaint, g_free);
    g_clear_pointer(&item->doubt, g_free);
    G_OBJECT_CLASS(rh_run_item_parent_class)->finalize(object);
}

static void rh_run_item_class_init(RhRunItemClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->finalize = finalize;
    properties[PROP_VISIBLE] = g_param_spec_boolean(
        "visible", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, N_PROPERTIES, properties);
    signals[CHANGED] =
        g_signal_new("changed", RH_TYPE_RUN_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void rh_run_item_init(RhRunItem *item)
{
}
