/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/look-private.h"

#include <math.h>

/* Eight colours a theme, chosen so that any two differ by at least 14 (CIE 1976) for normal sight and under
 * protanopia, deuteranopia and tritanopia in the model of Machado, Oliveira, Fernandes (2009); in high
 * contrast each has at least 4.5 to the page besides, as the WCAG asks of text. */
static const RhTheme themes[RH_CHART_N_THEMES] =
    {
        [RH_CHART_LIGHT] =
            {
                .colours = {0x0072B2, 0xC84E00, 0x009E73, 0xC9679F, 0xD9A000, 0x58AEE0, 0x3D3D3D, 0x6B1F5C},
                .paper = {1, 1, 1, 1},
                .text = {0.13, 0.13, 0.15, 1},
                .muted = {0.36, 0.36, 0.40, 1},
                .axis = {0.45, 0.45, 0.48, 1},
                .grid = {0, 0, 0, 0.09},
                .band_alpha = 0.15,
                .faint_alpha = 0.3,
                .thickness = 1,
            },
        [RH_CHART_DARK] =
            {
                .colours = {0x4DA3E8, 0xFF7F3A, 0x22C08F, 0xF2A0CC, 0xF5D34F, 0xA8DDFA, 0xE8E8E8, 0xB07A50},
                .paper = {0.118, 0.118, 0.118, 1},
                .text = {0.95, 0.95, 0.95, 1},
                .muted = {0.70, 0.70, 0.72, 1},
                .axis = {0.58, 0.58, 0.60, 1},
                .grid = {1, 1, 1, 0.10},
                .band_alpha = 0.20,
                .faint_alpha = 0.3,
                .thickness = 1,
            },
        [RH_CHART_LIGHT_CONTRAST] =
            {
                .colours = {0x014D67, 0xCB4400, 0x00804A, 0xB1489E, 0x8E3CB5, 0x595BED, 0x3C3F3D, 0x4B0D71},
                .paper = {1, 1, 1, 1},
                .text = {0, 0, 0, 1},
                .muted = {0, 0, 0, 1},
                .axis = {0, 0, 0, 1},
                .grid = {0, 0, 0, 0.35},
                .band_alpha = 0.25,
                .faint_alpha = 0.5,
                .thickness = 1.5,
            },
        [RH_CHART_DARK_CONTRAST] =
            {
                .colours = {0x4D8CE7, 0xFF803A, 0x21C3B0, 0xF4B994, 0xF2E64F, 0xAADDFA, 0xE9F2E9, 0xAF8453},
                .paper = {0, 0, 0, 1},
                .text = {1, 1, 1, 1},
                .muted = {1, 1, 1, 1},
                .axis = {1, 1, 1, 1},
                .grid = {1, 1, 1, 0.40},
                .band_alpha = 0.35,
                .faint_alpha = 0.5,
                .thickness = 1.5,
            },
};

/* In line widths, on and off. */
#define N_DASHES 4
static const struct {
    double lengths[6];
    int count;
} dashes[N_DASHES] = {{{0}, 0}, {{5, 2.5}, 2}, {{1.2, 2.2}, 2}, {{3.5, 1.5, 1, 1.5}, 4}};

/* Corners in polar form round the middle: radii and the turn of the first corner, clockwise from the top. */
#define N_MARKERS 8
static const struct {
    guint corners;       /* 0: a disc */
    double turn;         /* in full turns */
    double outer, inner; /* radii of every other corner */
} markers[N_MARKERS] = {
    {0, 0, 1, 1},         {4, 0.125, 1.2, 1.2}, {3, 0, 1.35, 1.35}, {4, 0, 1.3, 1.3},
    {3, 0.5, 1.35, 1.35}, {10, 0, 1.5, 0.65},   {8, 0, 1.55, 0.55}, {8, 0.125, 1.55, 0.55},
};

static void unpack(guint32 colour, double rgb[3])
{
    for (guint i = 0; i < 3; i++)
        rgb[i] = (colour >> (16 - 8 * i) & 0xff) / 255.0;
}

void rh_chart_colour(guint style, RhChartTheme theme, double rgb[3])
{
    unpack(themes[theme].colours[style % RH_N_COLOURS], rgb);
}

RhChartStyle rh_chart_style_default(void)
{
    return (RhChartStyle){.theme = RH_CHART_LIGHT, .font_size = 10, .line_width = 1.8};
}

void rh_pen_init(RhPen *pen, cairo_t *cr, const RhChartStyle *style)
{
    *pen = (RhPen){
        .cr = cr,
        .layout = pango_cairo_create_layout(cr),
        .theme = &themes[style->theme],
        .em = style->font_size * 96 / 72,
        .line_width = style->line_width * themes[style->theme].thickness,
    };
    /* Widths that do not depend on hinting: the same layout on screen and on paper. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(pen->layout), options);
    cairo_font_options_destroy(options);
    pango_layout_set_ellipsize(pen->layout, PANGO_ELLIPSIZE_MIDDLE);
    pango_layout_set_single_paragraph_mode(pen->layout, TRUE);
}

void rh_pen_clear(RhPen *pen)
{
    g_clear_object(&pen->layout);
}

void rh_pen_set_ink(RhPen *pen, const RhInk *ink)
{
    cairo_set_source_rgba(pen->cr, ink->red, ink->green, ink->blue, ink->alpha);
}

void rh_pen_set_style(RhPen *pen, guint style, double alpha)
{
    double rgb[3];
    unpack(pen->theme->colours[style % RH_N_COLOURS], rgb);
    cairo_set_source_rgba(pen->cr, rgb[0], rgb[1], rgb[2], alpha);
}

/* Styles that share a colour differ in the dash. */
void rh_pen_set_dash(RhPen *pen, guint style)
{
    guint dash = (style + style / RH_N_COLOURS) % N_DASHES;
    double lengths[6];
    for (int i = 0; i < dashes[dash].count; i++)
        lengths[i] = dashes[dash].lengths[i] * pen->line_width;
    cairo_set_dash(pen->cr, lengths, dashes[dash].count, 0);
    cairo_set_line_width(pen->cr, pen->line_width);
    cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_BUTT);
}

double rh_pen_marker_radius(const RhPen *pen)
{
    return 1 + 1.4 * pen->line_width;
}

void rh_pen_marker(RhPen *pen, guint style, double x, double y, double radius, double alpha)
{
    guint marker = style % N_MARKERS, corners = markers[marker].corners;
    cairo_new_path(pen->cr);
    if (corners == 0)
        cairo_arc(pen->cr, x, y, radius, 0, 2 * G_PI);
    for (guint i = 0; i < corners; i++) {
        double angle = 2 * G_PI * (markers[marker].turn + (double)i / corners);
        double reach = radius * (i % 2 ? markers[marker].inner : markers[marker].outer);
        cairo_line_to(pen->cr, x + reach * sin(angle), y - reach * cos(angle));
    }
    cairo_close_path(pen->cr);
    cairo_set_dash(pen->cr, NULL, 0, 0);
    cairo_set_line_width(pen->cr, 0.9 * pen->line_width);
    rh_pen_set_ink(pen, &pen->theme->paper);
    cairo_stroke_preserve(pen->cr);
    rh_pen_set_style(pen, style, alpha);
    cairo_fill(pen->cr);
}

static void set_text(RhPen *pen, RhTextKind kind, const char *text, double room)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "Cantarell, Sans");
    pango_font_description_set_weight(font, kind == RH_TEXT_TITLE ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font,
                                             (kind == RH_TEXT_TITLE ? 1 : 0.86) * pen->em * PANGO_SCALE);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(pen->layout, room > 0 ? (int)(room * PANGO_SCALE) : -1);
    pango_layout_set_text(pen->layout, text, -1);
}

static RhTextSize text_size(RhPen *pen)
{
    int width, height;
    pango_layout_get_size(pen->layout, &width, &height);
    return (RhTextSize){(double)width / PANGO_SCALE, (double)height / PANGO_SCALE};
}

RhTextSize rh_pen_measure(RhPen *pen, RhTextKind kind, const char *text)
{
    set_text(pen, kind, text, 0);
    return text_size(pen);
}

void rh_pen_text(RhPen *pen, RhTextKind kind, const char *text, double x, double y, double anchor_x,
                 double anchor_y, double room)
{
    set_text(pen, kind, text, room);
    RhTextSize size = text_size(pen);
    PangoRectangle logical; /* begins beyond 0 where right-to-left text is set in a given width */
    pango_layout_get_extents(pen->layout, NULL, &logical);
    rh_pen_set_ink(pen, kind == RH_TEXT_MUTED ? &pen->theme->muted : &pen->theme->text);
    cairo_move_to(pen->cr, x - anchor_x * size.width - (double)logical.x / PANGO_SCALE,
                  y - anchor_y * size.height);
    pango_cairo_show_layout(pen->cr, pen->layout);
}
