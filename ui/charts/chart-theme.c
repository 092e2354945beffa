/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "charts/chart-theme.h"

#include <adwaita.h>

RhChartTheme rh_chart_theme(void)
{
    AdwStyleManager *desktop = adw_style_manager_get_default();
    if (adw_style_manager_get_high_contrast(desktop))
        return adw_style_manager_get_dark(desktop) ? RH_CHART_DARK_CONTRAST : RH_CHART_LIGHT_CONTRAST;
    return adw_style_manager_get_dark(desktop) ? RH_CHART_DARK : RH_CHART_LIGHT;
}

void rh_chart_theme_follow(GtkWidget *widget, GCallback changed)
{
    static const char *const signals[] = {"notify::dark", "notify::high-contrast"};
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        g_signal_connect_object(adw_style_manager_get_default(), signals[i], changed, widget,
                                G_CONNECT_SWAPPED);
}
