/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/scoring-private.h"

#include <math.h>
#include <string.h>

#include "score/roc.h"
#include "study/explain.h"

#define CHUNK_PIXELS 65536u

guint rh_scoring_chunk(guint height, guint width)
{
    return CLAMP(CHUNK_PIXELS / (height * width), 4, 64);
}

RhScores *rh_scores_new(const RhSamples *samples, RhSplit split, guint chunk)
{
    RhScores *scores = g_new0(RhScores, 1);
    const gsize pixels = (gsize)samples->height * samples->width;
    const guint variants = samples->mirrored ? 2 : 1;
    scores->samples = samples;
    scores->places = rh_samples_of_split(samples, split);
    scores->count = scores->places->len * variants;
    scores->rows = g_new0(RhTestRow, MAX(scores->count, 1));
    scores->images = g_new(float, chunk *pixels);
    scores->logits = g_new(float, 2 * chunk);
    for (guint i = 0; i < scores->count; i++) {
        const guint place = g_array_index(scores->places, guint, i / variants);
        RhTestRow *row = &scores->rows[i];
        row->id = samples->ids[place];
        row->label = samples->labels[place];
        row->conflicting = samples->conflicting[place];
        row->cluster =
            variants > 1 && samples->clusters[place] == 0 ? i / variants + 1 : samples->clusters[place];
        if (i % variants == 1 && row->conflicting != RH_UNKNOWN)
            row->conflicting ^= 1;
    }
    return scores;
}

void rh_scores_free(RhScores *scores)
{
    if (scores == NULL)
        return;
    g_array_unref(scores->places);
    g_free(scores->rows);
    g_free(scores->images);
    g_free(scores->logits);
    g_free(scores);
}

static void put_image(const RhScores *scores, guint row, float *out)
{
    const RhSamples *samples = scores->samples;
    const guint variants = samples->mirrored ? 2 : 1;
    const gsize pixels = (gsize)samples->height * samples->width;
    const float *image = samples->images + g_array_index(scores->places, guint, row / variants) * pixels;
    if (row % variants == 1)
        rh_mirror(image, samples->height, samples->width, out);
    else
        memcpy(out, image, pixels * sizeof(float));
}

void rh_scores_compute(RhScores *scores, RhEvaluator *evaluator)
{
    const gsize pixels = (gsize)scores->samples->height * scores->samples->width;
    const guint chunk = rh_evaluator_batch(evaluator);
    for (guint first = 0; first < scores->count; first += chunk) {
        const guint n = MIN(chunk, scores->count - first);
        for (guint i = 0; i < n; i++)
            put_image(scores, first + i, scores->images + i * pixels);
        rh_evaluator_logits(evaluator, scores->images, n, scores->logits);
        for (guint i = 0; i < n; i++)
            memcpy(scores->rows[first + i].logits, scores->logits + 2 * i, 2 * sizeof(float));
    }
}

void rh_scores_keep(const RhScores *scores, RhParameters *parameters, const char *name)
{
    if (scores->count == 0)
        return;
    float *data = rh_parameters_add(parameters, name, RH_SHAPE(scores->count, 2), FALSE)->data;
    for (guint i = 0; i < scores->count; i++)
        memcpy(data + 2 * i, scores->rows[i].logits, 2 * sizeof(float));
}

RhScoreRule rh_validation_rule(const RhRun *run)
{
    static const RhScoreRule rules[] = {
        [RH_VALIDATION_SHIFTED] = {.weight = {0, 1}},
        [RH_VALIDATION_LIKE_TRAINING] = {.weight = {1, 0}},
        [RH_VALIDATION_BALANCED] = {.weight = {0.5, 0.5}},
    };
    const gboolean drawn_so =
        run->split.kind == RH_SPLIT_PAPER && run->split.validation == run->settings.validation;
    if (run->confounder_kind == RH_CONFOUNDER_NONE || drawn_so)
        return (RhScoreRule){.all = TRUE};
    return rules[run->settings.validation];
}

/* Weight of a row's part; 0 leaves it out. */
static double weight_of(const RhTestRow *row, const RhScoreRule *rule)
{
    if (rule->all)
        return 1;
    return row->conflicting == RH_UNKNOWN ? 0 : rule->weight[row->conflicting];
}

static guint part_of(const RhTestRow *row, const RhScoreRule *rule)
{
    return rule->all ? 0 : row->conflicting;
}

static double weight_of_part(const RhScoreRule *rule, guint part)
{
    return rule->all ? part == 0 : rule->weight[part];
}

gboolean rh_scores_allow(const RhScores *scores, const RhScoreRule *rule)
{
    guint counts[2] = {0, 0};
    for (guint i = 0; i < scores->count; i++)
        if (weight_of(&scores->rows[i], rule) > 0)
            counts[part_of(&scores->rows[i], rule)]++;
    for (guint part = 0; part < 2; part++)
        if (weight_of_part(rule, part) > 0 && counts[part] == 0)
            return FALSE;
    return TRUE;
}

/* log(1 + exp(other − own)), for logits of any size. */
static double cross_entropy(const RhTestRow *row)
{
    const double difference = (double)row->logits[1 - row->label] - row->logits[row->label];
    return difference > 0 ? difference + log1p(exp(-difference)) : log1p(exp(difference));
}

/* With both parts weighed the AUC is that of the population which has them in this proportion. */
static double auc(const RhScores *scores, const RhScoreRule *rule)
{
    g_autofree RhScored *scored = g_new(RhScored, MAX(scores->count, 1));
    for (guint i = 0; i < scores->count; i++) {
        const RhTestRow *row = &scores->rows[i];
        scored[i] =
            (RhScored){{row->logits[0], row->logits[1]}, row->label, rule->all ? 0 : row->conflicting, 0};
    }
    const double level = rule->all ? 0 : rule->weight[1];
    RhShift shift;
    rh_shift_measure(scored, scores->count, &shift);
    return rh_shift_value(&shift, level).auc;
}

RhScoreSummary rh_scores_summarise(const RhScores *scores, const RhScoreRule *rule)
{
    double loss[2] = {0, 0}, right[2] = {0, 0}, count[2] = {0, 0};
    for (guint i = 0; i < scores->count; i++) {
        const RhTestRow *row = &scores->rows[i];
        if (weight_of(row, rule) == 0)
            continue;
        const guint part = part_of(row, rule);
        loss[part] += cross_entropy(row);
        right[part] += row->logits[row->label] > row->logits[1 - row->label] ||
                       (row->label == 0 && row->logits[0] == row->logits[1]);
        count[part]++;
    }
    RhScoreSummary summary = {.auc = auc(scores, rule)};
    for (guint part = 0; part < 2; part++) {
        const double weight = weight_of_part(rule, part);
        if (weight == 0)
            continue;
        summary.loss += weight * loss[part] / count[part];
        summary.accuracy += weight * right[part] / count[part];
    }
    return summary;
}
