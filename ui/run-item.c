/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-item.h"

#include <glib/gi18n.h>

struct _RhRunItem {
    GObject parent_instance;
    RhRun *run;
    GArray *curve;
    guint style;
    gboolean visible, training, has_weights, apart;
};

G_DEFINE_FINAL_TYPE(RhRunItem, rh_run_item, G_TYPE_OBJECT)

enum { PROP_VISIBLE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];
enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

GArray *rh_run_item_compute_curve(const RhRun *run)
{
    if (run->test == NULL || run->test->len == 0)
        return NULL;
    double levels[RH_SHIFT_LEVELS];
    for (guint i = 0; i < RH_SHIFT_LEVELS; i++)
        levels[i] = i / (RH_SHIFT_LEVELS - 1.0);
    GArray *curve = g_array_sized_new(FALSE, TRUE, sizeof(RhShiftPoint), RH_SHIFT_LEVELS);
    g_array_set_size(curve, RH_SHIFT_LEVELS);
    rh_shift_curve((const RhScored *)(void *)run->test->data, run->test->len, levels, RH_SHIFT_LEVELS,
                   RH_BOOTSTRAP_DRAWS, run->settings.seed, (RhShiftPoint *)(void *)curve->data);
    return curve;
}

static void changed(RhRunItem *item)
{
    g_signal_emit(item, signals[CHANGED], 0);
}

static void look_for_weights(RhRunItem *item)
{
    g_autofree char *weights = rh_run_path(item->run, "best.safetensors");
    item->has_weights = g_file_test(weights, G_FILE_TEST_EXISTS);
}

RhRunItem *rh_run_item_new(RhRun *run, GArray *curve, guint style)
{
    RhRunItem *item = g_object_new(RH_TYPE_RUN_ITEM, NULL);
    item->run = run;
    item->curve = curve;
    item->style = style;
    item->visible = TRUE;
    look_for_weights(item);
    return item;
}

void rh_run_item_take(RhRunItem *item, RhRun *run, GArray *curve)
{
    rh_run_free(item->run);
    item->run = run;
    g_clear_pointer(&item->curve, g_array_unref);
    item->curve = curve;
    look_for_weights(item);
    changed(item);
}

const RhRun *rh_run_item_get_run(RhRunItem *item)
{
    return item->run;
}

const char *rh_run_item_get_name(RhRunItem *item)
{
    return item->run->name;
}

guint rh_run_item_get_style(RhRunItem *item)
{
    return item->style;
}

const RhShiftPoint *rh_run_item_get_curve(RhRunItem *item)
{
    return item->curve != NULL ? (const RhShiftPoint *)(void *)item->curve->data : NULL;
}

GArray *rh_run_item_copy_curve(RhRunItem *item)
{
    return item->curve != NULL ? g_array_ref(item->curve) : NULL;
}

gboolean rh_run_item_read(RhRunItem *item, double level, double *accuracy, double *auc)
{
    const RhShiftPoint *curve = rh_run_item_get_curve(item);
    if (curve == NULL)
        return FALSE;
    double place = CLAMP(level, 0.0, 1.0) * (RH_SHIFT_LEVELS - 1);
    guint below = MIN((guint)place, RH_SHIFT_LEVELS - 2);
    double rest = place - below;
    const RhShiftPoint *a = &curve[below], *b = &curve[below + 1];
    *accuracy = a->accuracy + rest * (b->accuracy - a->accuracy);
    *auc = a->auc + rest * (b->auc - a->auc);
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

gboolean rh_run_item_get_training(RhRunItem *item)
{
    return item->training;
}

void rh_run_item_set_training(RhRunItem *item, gboolean training)
{
    if (item->training == !!training)
        return;
    item->training = !!training;
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
    return !item->training && item->run->state != RH_RUN_FINISHED;
}

gboolean rh_run_item_has_weights(RhRunItem *item)
{
    return item->has_weights;
}

char *rh_run_item_describe(RhRunItem *item)
{
    guint epochs = item->run->metrics->len;
    if (item->training)
        return g_strdup(_("training"));
    if (item->run->state != RH_RUN_FINISHED)
        return g_strdup_printf(_("unfinished, epoch %u of %u"), epochs, item->run->settings.epochs);
    if (item->run->best_epoch == 0)
        return g_strdup_printf(g_dngettext(NULL, "%u epoch", "%u epochs", epochs), epochs);
    return g_strdup_printf(g_dngettext(NULL, "%u epoch, best %u", "%u epochs, best %u", epochs), epochs,
                           item->run->best_epoch);
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
    g_clear_pointer(&item->curve, g_array_unref);
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
