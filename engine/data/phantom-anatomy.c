/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom-private.h"

#define RIBS 10

/* One patient; lengths in the frame's. */
typedef struct {
    RhPhantomFrame frame;
    double chest;                /* half the width of the inner chest at its widest */
    double top, widest;          /* v of the lungs' top and of the widest place */
    double wall;                 /* thickness of the chest wall */
    double dome[2], flatness[2]; /* diaphragm left and right on the film: v of its top, how it falls */
    double heart, heart_tilt;    /* size; share of the long axis that goes down */
    double knob;                 /* radius of the aortic knob */
    double rib_top, rib_step, rib_fall, rib_width;
    double rib_jitter[2][RIBS];
    double clavicle[2];
    double scapula[2];
    double breast; /* 0: none to be seen */
    double gas;    /* size of the stomach's bubble */
    double spine_bend, vertebra;
} Patient;

static void draw_patient(RhRandom *random, Patient *patient)
{
    *patient = (Patient){
        .frame = {rh_draw(random, 0.475, 0.525), rh_draw(random, -0.085, -0.05), rh_draw(random, -0.04, 0.04),
                  rh_draw(random, 1.05, 1.14)},
        .chest = rh_draw(random, 0.335, 0.37),
        .top = rh_draw(random, 0.075, 0.105),
        .widest = rh_draw(random, 0.66, 0.74),
        .wall = rh_draw(random, 0.04, 0.07),
        .dome = {rh_draw(random, 0.68, 0.745), 0},
        .flatness = {rh_draw(random, 0.085, 0.14), rh_draw(random, 0.09, 0.15)},
        .heart = rh_draw(random, 0.88, 1.14),
        .heart_tilt = rh_draw(random, 0.5, 0.68),
        .knob = rh_draw(random, 0.032, 0.046),
        .rib_top = rh_draw(random, 0.085, 0.11),
        .rib_step = rh_draw(random, 0.067, 0.075),
        .rib_fall = rh_draw(random, 0.9, 1.15),
        .rib_width = rh_draw(random, 0.0125, 0.0152),
        .breast = rh_random_below(random, 2) == 0 ? 0 : rh_draw(random, 0.02, 0.06),
        .gas = rh_draw(random, 0, 0.05),
        .spine_bend = rh_draw(random, -0.012, 0.012),
        .vertebra = rh_draw(random, 0.048, 0.056),
    };
    patient->dome[1] = patient->dome[0] + rh_draw(random, 0.005, 0.035);
    for (guint side = 0; side < 2; side++) {
        patient->clavicle[side] = rh_draw(random, -0.012, 0.012);
        patient->scapula[side] = rh_draw(random, -0.025, 0.03);
        for (guint i = 0; i < RIBS; i++)
            patient->rib_jitter[side][i] = rh_draw(random, -0.004, 0.004);
    }
}

/* Half the width of the inner chest at v: a dome above the widest place, slightly drawn in below. */
static double chest_width(const Patient *patient, double v)
{
    double rest = (patient->widest - v) / (patient->widest - patient->top);
    if (rest >= 1)
        return 0;
    return rest > 0 ? patient->chest * sqrt(1 - rest * rest * rest)
                    : patient->chest * (1 - 0.25 * rest * rest);
}

/* Soft parts: trunk, shoulders and arms, neck, each as thick as the ray's way through it. */
static double body(const Patient *patient, double across, double v)
{
    double outer = MAX(chest_width(patient, v), 0.3 * patient->chest) + patient->wall;
    double shoulder = 0.03 + 0.125 * rh_smooth((across - 0.06) / 0.40);
    double upper = rh_smooth((0.42 - v) / 0.3); /* the trunk widens into the shoulders */
    outer += upper * (0.56 - outer);
    double trunk =
        rh_round(1 - across / outer * (across / outer)) * rh_round(rh_clamp01((v - shoulder) / 0.16));
    double neck = 0.62 * rh_round(1 - across / 0.105 * (across / 0.105));
    double arm = (across - 0.52 - 0.06 * v) / 0.085;
    double limb = 0.5 * rh_round(1 - arm * arm) * rh_round(rh_clamp01((v - shoulder) / 0.1));
    return MAX(MAX(trunk, limb), neck);
}

/* An ellipse: 1 − (distance from its middle)², 1 in the middle, 0 on the edge. (c, s): direction of axis a.
 */
static double inside(double u, double v, double a, double b, double c, double s)
{
    double along = (c * u + s * v) / a, beside = (c * v - s * u) / b;
    return 1 - along * along - beside * beside;
}

/* How much of the ray's way through the chest heart and great vessels take, 0 … 1. */
static double mediastinum(const Patient *patient, double u, double v)
{
    const double size = patient->heart, s = patient->heart_tilt, c = sqrt(1 - s * s);
    double low = patient->dome[1] - 0.095;
    const struct {
        double inside, steepness, share;
    } parts[] = {
        {inside(u - 0.06 * size, v - low, 0.17 * size, 0.118 * size, c, s), 2.6, 0.9},   /* ventricles */
        {inside(u + 0.036 * size, v - low, 0.066 * size, 0.115 * size, 1, 0), 2.2, 0.8}, /* right atrium */
        {inside(u - 0.036, v - 0.335, patient->knob, patient->knob * 1.1, 1, 0), 1.6, 0.62}, /* aortic knob */
        {inside(u - 0.03, v - 0.445, 0.056, 0.09, 1, 0), 1.5, 0.6}, /* pulmonary trunk */
        {inside(u + 0.006, v - 0.33, 0.058, 0.32, 1, 0), 2, 0.72},  /* upper vessels */
        {inside(u - 0.014, v - 0.6, 0.048, 0.36, 1, 0), 1.4, 0.6},  /* descending aorta */
    };
    double free = 1;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        free *= 1 - parts[i].share * rh_round(rh_clamp01(parts[i].inside * parts[i].steepness));
    return 1 - free;
}

/* Share of the ray's way that is lung. soft: how wide an edge is at least. */
static double lung(const Patient *patient, double u, double v, double soft)
{
    const guint side = u > 0;
    const double across = fabs(u), width = chest_width(patient, v);
    double depth = (v - patient->top) / (patient->widest - patient->top);
    double medial = 0.022 + 0.125 * (1 - rh_round(rh_clamp01(depth / 0.36)));
    double lateral = width - across, inner = across - medial;
    double away = (across - 0.17) / 0.2;
    double floor = patient->dome[side] + patient->flatness[side] * away * away * (1 + 0.5 * away * away);
    if (lateral <= 0 || inner <= 0)
        return 0;
    double way =
        rh_round(1 - 0.9 * (across / width) * (across / width)) * (0.62 + 0.38 * rh_smooth(depth * 1.5));
    double edge = lateral * inner / (lateral + inner); /* the smaller, rounded where both meet */
    double above = rh_smooth((floor - v) / soft + 0.5);
    double recess = 0.13 * rh_smooth((floor + 0.09 - v) / 0.09); /* behind the dome */
    return way * rh_smooth(edge / (soft + 0.006)) * (above + (1 - above) * recess);
}

/* A tube seen from the side: its wall is dense, its inside less so. t: distance from its middle, in radii. */
static double tube(double t)
{
    return rh_round(1 - t * t) - 0.5 * rh_round(1 - t * t * 1.9);
}

/* Ribs are rings that hang forward: on the film each is an ellipse, whose upper half is its back. */
static double ribs(const Patient *patient, double u, double v, double soft)
{
    const guint side = u > 0;
    const double across = fabs(u);
    double sum = 0;
    for (guint i = 0; i < RIBS; i++) {
        double start = patient->rib_top + patient->rib_step * i + patient->rib_jitter[side][i];
        double fall = (0.13 + 0.016 * i) * patient->rib_fall;
        double middle = start + fall / 2;
        double width = chest_width(patient, middle) - 0.004;
        if (v < start - 0.03 || v > start + fall + 0.03 || across > width + 0.03)
            continue;
        double x = across / width, y = (v - middle) / (fall / 2);
        double slope = 2 * sqrt(x * x / (width * width) + y * y / (fall * fall / 4));
        double distance = (x * x + y * y - 1) / (slope + 1e-6);
        gboolean back = y < 0;
        double radius = patient->rib_width * (back ? 1 : 1.12);
        double reach = back ? rh_smooth((across - 0.03) / 0.02) : 0.55 * rh_smooth((x - 0.42) / 0.25);
        double drawn = MAX(radius, soft);
        sum += reach * tube(distance / drawn) * (radius / drawn);
    }
    return sum;
}

/* Spine with its discs, clavicles, shoulder blades and heads of the arms. */
static double other_bones(const Patient *patient, double u, double v, double soft)
{
    const guint side = u > 0;
    double bend = u - patient->spine_bend * (v - 0.5) * (v - 0.5) * 4, across = fabs(u);
    double place = v / patient->vertebra, within = place - floor(place) - 0.5;
    double body_width = 0.043 - 0.006 * (0.25 - within * within) * 4;
    double sum = 0.6 * rh_clamp01((1 - bend / body_width * (bend / body_width)) * 1.6) *
                 (1 - 0.4 * rh_smooth((fabs(within) - 0.36) / 0.1));

    double out = (across - 0.03) / 0.34;
    if (out > -0.02 && out < 1.1) {
        double line =
            0.212 + patient->clavicle[side] - 0.135 * out + 0.075 * out * (1 - out) * (1 - 2 * out) * 3;
        double slope = (-0.135 + 0.225 * (1 - 6 * out + 6 * out * out)) / 0.34;
        double radius = MAX(0.0165 - 0.004 * out * (1 - out) * 4, soft);
        sum += 1.5 * tube((v - line) / sqrt(1 + slope * slope) / radius) * rh_smooth((out + 0.02) / 0.03) *
               rh_smooth((1.1 - out) / 0.1);
    }
    double blade = across - 0.30 - patient->scapula[side] - 0.10 * rh_clamp01((v - 0.16) / 0.3);
    double tip = rh_smooth((v - 0.13) / 0.06) * rh_smooth((0.50 - v) / 0.10);
    sum += tip * (0.42 * rh_smooth(blade / 0.012) +
                  0.3 * rh_round(1 - (blade - 0.008) / 0.011 * ((blade - 0.008) / 0.011)));
    double head = inside(across - 0.475, v - 0.185, 0.062, 0.066, 1, 0);
    return sum + 0.85 * rh_round(head);
}

/* Breast shadows and what is below the diaphragm: the stomach's gas. */
static double folds(const Patient *patient, double u, double v)
{
    double breast = inside(fabs(u) - 0.2, v - 0.66, 0.15, 0.13, 1, 0);
    double gas =
        inside(u - 0.16, v - patient->dome[1] - 0.075, patient->gas + 0.02, patient->gas * 0.7 + 0.01, 1, 0);
    double shade = v > 0.66 ? rh_round(rh_clamp01(breast)) : rh_clamp01(breast);
    return patient->breast * shade - 0.3 * rh_round(gas) * rh_smooth(patient->gas / 0.015);
}

void rh_phantom_anatomy(RhRandom *random, RhPhantomField *field, RhPhantomFrame *frame)
{
    const double pixel = 1.0 / field->size, soft = MAX(0.009, pixel);
    Patient patient;
    draw_patient(random, &patient);
    *frame = patient.frame;
    for (guint y = 0; y < field->size; y++)
        for (guint x = 0; x < field->size; x++) {
            const double across = (x + 0.5) * pixel - frame->centre, down = (y + 0.5) * pixel - 0.5;
            const double u = (across + frame->tilt * down) / frame->scale;
            const double v = (down - frame->tilt * across) / frame->scale + 0.5 + frame->raised;
            const gsize place = (gsize)y * field->size + x;
            double thick = body(&patient, fabs(u), v);
            double heart = mediastinum(&patient, u, v);
            double air = lung(&patient, u, v, soft) * (1 - heart);
            double bones = 0.095 * ribs(&patient, u, v, soft) * (0.35 + 0.65 * rh_smooth(air * 5)) +
                           0.12 * other_bones(&patient, u, v, soft);
            double hilum = inside(fabs(u) - 0.085, v - 0.465, 0.035, 0.06, 1, 0);
            double soft_parts =
                0.84 * thick - 0.72 * thick * air + 0.09 * heart * thick + 0.2 * rh_clamp01(hilum) * air;
            field->air[place] = air;
            field->weakening[place] =
                soft_parts + (thick > 0 ? bones * (0.55 + 0.45 * thick) + folds(&patient, u, v) : 0);
        }
}
