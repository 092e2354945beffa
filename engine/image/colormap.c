/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/colormap.h"

#include <math.h>

/* A path through OKLab (Ottosson 2020), from near-black violet over red and orange to pale yellow: lightness
 * grows all the way, so that the order of values can be read without seeing hue, and the 256 colours lie at
 * equal distances along it. */
#define PATH_POINTS 2049

typedef struct {
    double lightness, a, b;
} Lab;

static void lab_to_linear(const Lab *lab, double rgb[3])
{
    double l = pow(lab->lightness + 0.3963377774 * lab->a + 0.2158037573 * lab->b, 3);
    double m = pow(lab->lightness - 0.1055613458 * lab->a - 0.0638541728 * lab->b, 3);
    double s = pow(lab->lightness - 0.0894841775 * lab->a - 1.2914855480 * lab->b, 3);
    rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

static gboolean is_displayable(const Lab *lab)
{
    double rgb[3];
    lab_to_linear(lab, rgb);
    for (guint c = 0; c < 3; c++)
        if (rgb[c] < 0 || rgb[c] > 1)
            return FALSE;
    return TRUE;
}

static Lab at_chroma(double lightness, double chroma, double hue)
{
    return (Lab){lightness, chroma * cos(hue), chroma * sin(hue)};
}

/* As colourful as the screen can show, up to a chroma that fades towards both ends. */
static Lab path_point(double t)
{
    double lightness = 0.13 + 0.84 * t, hue = (-80 + 185 * t) / 180 * G_PI;
    double low = 0, high = 0.04 + 0.13 * sin(G_PI * t);
    for (guint i = 0; i < 40; i++) {
        double middle = (low + high) / 2;
        Lab tried = at_chroma(lightness, middle, hue);
        if (is_displayable(&tried))
            low = middle;
        else
            high = middle;
    }
    return at_chroma(lightness, low, hue);
}

static guint8 encode_channel(double linear)
{
    double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
    return (guint8)(CLAMP(value, 0, 1) * 255 + 0.5);
}

static double distance(const Lab *p, const Lab *q)
{
    double l = p->lightness - q->lightness, a = p->a - q->a, b = p->b - q->b;
    return sqrt(l * l + a * a + b * b);
}

static void fill_sequential(guint8 colours[256][3])
{
    g_autofree Lab *path = g_new(Lab, PATH_POINTS);
    g_autofree double *length = g_new0(double, PATH_POINTS);
    for (guint i = 0; i < PATH_POINTS; i++) {
        path[i] = path_point((double)i / (PATH_POINTS - 1));
        length[i] = i > 0 ? length[i - 1] + distance(&path[i - 1], &path[i]) : 0;
    }
    for (guint k = 0, i = 0; k < 256; k++) {
        double rgb[3], wanted = length[PATH_POINTS - 1] * k / 255;
        while (i + 1 < PATH_POINTS && length[i] < wanted)
            i++;
        lab_to_linear(&path[i], rgb);
        for (guint c = 0; c < 3; c++)
            colours[k][c] = encode_channel(rgb[c]);
    }
}

static void fill_grey(guint8 colours[256][3])
{
    for (guint k = 0; k < 256; k++)
        for (guint c = 0; c < 3; c++)
            colours[k][c] = (guint8)k;
}

static const struct {
    const char *id, *title;
    void (*fill)(guint8 colours[256][3]);
} recipes[] = {
    {"ember", "Ember", fill_sequential},
    {"grey", "Grey", fill_grey},
};

static gpointer make_maps(gpointer unused)
{
    RhColormap **maps = g_new0(RhColormap *, G_N_ELEMENTS(recipes) + 1);
    for (gsize i = 0; i < G_N_ELEMENTS(recipes); i++) {
        maps[i] = g_new0(RhColormap, 1);
        maps[i]->id = recipes[i].id;
        maps[i]->title = recipes[i].title;
        recipes[i].fill(maps[i]->colours);
    }
    return maps;
}

const RhColormap *const *rh_colormaps(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, make_maps, NULL);
}

const guint8 *rh_colormap_at(const RhColormap *map, double value)
{
    double index = value > 0 ? MIN(value, 1) * 255 + 0.5 : 0; /* not a number: 0 */
    return map->colours[(guint)index];
}
