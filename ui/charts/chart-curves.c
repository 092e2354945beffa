/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "charts/chart-curves.h"

#define GROUP "curve"

void rh_chart_curves_init(RhChartCurves *curves, GMenu *menu, GtkWidget *widget, RhChartCurvesToggle toggle,
                          gpointer data)
{
    *curves = (RhChartCurves){g_object_ref(menu), g_simple_action_group_new(), toggle, data};
    gtk_widget_insert_action_group(widget, GROUP, G_ACTION_GROUP(curves->actions));
}

void rh_chart_curves_clear(RhChartCurves *curves)
{
    g_clear_object(&curves->menu);
    g_clear_object(&curves->actions);
}

static char *label_of(const RhChartCurves *curves, int place)
{
    char *label = NULL;
    g_menu_model_get_item_attribute(G_MENU_MODEL(curves->menu), place, "rh-label", "s", &label);
    return label;
}

static gboolean are_those_of(const RhChartCurves *curves, const RhChart *chart)
{
    int n = (int)rh_chart_n_series(chart);
    if (g_menu_model_get_n_items(G_MENU_MODEL(curves->menu)) != n)
        return FALSE;
    for (int i = 0; i < n; i++) {
        g_autofree char *label = label_of(curves, i);
        if (g_strcmp0(label, rh_chart_label(chart, (guint)i)) != 0)
            return FALSE;
    }
    return TRUE;
}

static void activated(GSimpleAction *action, GVariant *parameter, RhChartCurves *curves)
{
    int place = (int)g_ascii_strtoll(g_action_get_name(G_ACTION(action)), NULL, 10);
    g_autofree char *label = label_of(curves, place);
    if (label != NULL)
        curves->toggle(label, curves->data);
}

/* A run's name may have underscores, which are no mnemonics. */
static char *as_menu_label(const char *label)
{
    g_auto(GStrv) parts = g_strsplit(label, "_", -1);
    return g_strjoinv("__", parts);
}

static void add(RhChartCurves *curves, guint place, const char *label)
{
    g_autofree char *name = g_strdup_printf("%u", place), *text = as_menu_label(label),
                    *detailed = g_strconcat(GROUP ".", name, NULL);
    g_autoptr(GSimpleAction) action = g_simple_action_new_stateful(name, NULL, g_variant_new_boolean(TRUE));
    g_signal_connect(action, "activate", G_CALLBACK(activated), curves);
    g_action_map_add_action(G_ACTION_MAP(curves->actions), G_ACTION(action));
    g_autoptr(GMenuItem) item = g_menu_item_new(text, detailed);
    g_menu_item_set_attribute(item, "rh-label", "s", label);
    g_menu_append_item(curves->menu, item);
}

static void rebuild(RhChartCurves *curves, const RhChart *chart)
{
    g_auto(GStrv) names = g_action_group_list_actions(G_ACTION_GROUP(curves->actions));
    for (guint i = 0; names[i] != NULL; i++)
        g_action_map_remove_action(G_ACTION_MAP(curves->actions), names[i]);
    g_menu_remove_all(curves->menu);
    for (guint i = 0; i < rh_chart_n_series(chart); i++)
        add(curves, i, rh_chart_label(chart, i));
}

void rh_chart_curves_show(RhChartCurves *curves, const RhChart *chart)
{
    if (!are_those_of(curves, chart))
        rebuild(curves, chart);
    for (guint i = 0; i < rh_chart_n_series(chart); i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        GAction *action = g_action_map_lookup_action(G_ACTION_MAP(curves->actions), name);
        g_simple_action_set_state(G_SIMPLE_ACTION(action),
                                  g_variant_new_boolean(rh_chart_get_visible(chart, i)));
    }
}
