/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh explain: the saliency map of one image under one run. */
#include <math.h>

#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "output.h"
#include "picture.h"
#include "progress.h"
#include "selection.h"
#include "study/explain.h"
#include "values.h"

#define NOT_GIVEN G_MININT

/* As they come from the command line; fill: NaN if it was not given. */
typedef struct {
    char *map, *image, *run, *out, *kernels;
    int threads, nodes, window, stride;
    double fill, opacity;
    gboolean mirror, as_json, quiet;
} Options;

static void clear_options(Options *options)
{
    g_free(options->map);
    g_free(options->image);
    g_free(options->run);
    g_free(options->out);
    g_free(options->kernels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* What was explained and what came out. */
typedef struct {
    const RhStudy *study;
    const RhCase *item;
    const RhRun *run;
    const RhMapKind *kind;
    guint height, width;
    float *image;   /* at the network's size, mirrored if asked for */
    guint8 *mask;   /* likewise; NULL if the image has none */
    float *map;     /* signed */
    double *smooth; /* as it is shown */
    float logits[2];
    RhLocalisation scores;
    RhDataIdentity data; /* whether the run is of the images there are */
} Explanation;

static void clear_explanation(Explanation *explanation)
{
    g_free(explanation->image);
    g_free(explanation->mask);
    g_free(explanation->map);
    g_free(explanation->smooth);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Explanation, clear_explanation)

/* An id, or a number: the place among the test images, from 1. */
static const RhCase *find_image(const RhStudy *study, const char *text, GError **error)
{
    const RhCase *named = rh_study_find_case(study, text);
    guint64 place = 0;
    guint count = 0;
    if (named != NULL)
        return named;
    gboolean number = g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT, &place, NULL);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->split == RH_SPLIT_TEST && ++count == place)
            return item;
    }
    if (number)
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    "There is no test image %s; the study has %u of them, from 1.", text, count);
    else
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            "The study has no image “%s”; --image takes an id of images.csv, or a number: the place among "
            "the %u test images, from 1.",
            text, count);
    return NULL;
}

/* The image and mask as the network sees them. */
static gboolean load_sample(Explanation *explanation, gboolean mirror, GError **error)
{
    g_autoptr(RhStudy) one = rh_study_copy(explanation->study);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = one->cases->len; i > 0; i--) {
        RhCase *item = g_ptr_array_index(one->cases, i - 1);
        if (!g_str_equal(item->id, explanation->item->id))
            g_ptr_array_remove_index(one->cases, i - 1);
        else if (item->split == RH_SPLIT_NONE)
            item->split = RH_SPLIT_TEST;
    }
    g_autoptr(RhSamples) samples = rh_study_load_samples(one, notes, NULL, NULL, NULL, error);
    if (samples == NULL)
        return FALSE;
    if (samples->count != 1) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY, "Image “%s” cannot be used: %s", explanation->item->id,
                    notes->len > 0 ? (const char *)g_ptr_array_index(notes, 0) : "it has no label.");
        return FALSE;
    }
    guint height = explanation->height = samples->height, width = explanation->width = samples->width;
    explanation->image = g_memdup2(samples->images, sizeof(float) * height * width);
    if (samples->has_mask[0])
        explanation->mask = g_memdup2(samples->masks, (gsize)height * width);
    if (!mirror)
        return TRUE;
    rh_mirror(samples->images, height, width, explanation->image);
    for (guint i = 0; i < height * width && explanation->mask != NULL; i++)
        explanation->mask[i] = samples->masks[i - i % width + (width - 1 - i % width)];
    return TRUE;
}

static void show_progress(double fraction, gpointer progress)
{
    rh_progress_show(progress, "Computing the map: %.0f %%", 100 * fraction);
}

static gboolean compute(Explanation *explanation, const RhMapSettings *settings, const RhKernels *kernels,
                        guint threads, gboolean quiet, GError **error)
{
    const RhRun *run = explanation->run;
    if (run->image_height != explanation->height || run->image_width != explanation->width) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                    "Run “%s” was trained on images of %u×%u pixels, the study now has %u×%u; train again.",
                    run->name, run->image_width, run->image_height, explanation->width, explanation->height);
        return FALSE;
    }
    g_autoptr(RhPool) pool = rh_pool_new(threads);
    g_autoptr(RhEvaluator) evaluator = rh_run_evaluator(run, 0, kernels, pool, error);
    if (evaluator == NULL)
        return FALSE;
    RhProgress progress = rh_progress_start(quiet);
    gsize pixels = (gsize)explanation->height * explanation->width;
    explanation->map = g_new(float, pixels);
    explanation->smooth = g_new(double, pixels);
    const RhMapRequest request = {.evaluator = evaluator,
                                  .image = explanation->image,
                                  .settings = *settings,
                                  .progress = show_progress,
                                  .progress_data = &progress};
    gboolean computed = rh_evaluator_score(evaluator, explanation->image, explanation->logits, error) &&
                        explanation->kind->compute(&request, explanation->map, error);
    rh_progress_clear(&progress);
    if (!computed)
        return FALSE;
    if (!isfinite(explanation->logits[0]) || !isfinite(explanation->logits[1])) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    "The network of run “%s” gives no numbers, so there is nothing to explain; its training "
                    "diverged, try a lower learning rate.",
                    run->name);
        return FALSE;
    }
    rh_map_smooth(explanation->map, explanation->height, explanation->width, explanation->kind->smoothed,
                  explanation->smooth);
    if (explanation->mask != NULL)
        rh_localisation(explanation->map, explanation->kind->smoothed, explanation->mask, explanation->height,
                        explanation->width, &explanation->scores);
    return TRUE;
}

static gboolean write_picture(const Explanation *explanation, const Options *given, const char *path,
                              GError **error)
{
    g_autoptr(RhImage) image = rh_study_load_image(explanation->study, explanation->item, error);
    if (image == NULL)
        return FALSE;
    g_autoptr(RhMask) mask = NULL;
    if (explanation->mask != NULL) {
        g_autofree char *mask_path = rh_study_mask_path(explanation->study, explanation->item);
        mask = rh_mask_load(mask_path, image->width, image->height, error);
        if (mask == NULL)
            return FALSE;
    }
    const RhPicture picture = {.image = image,
                               .mask = mask,
                               .mirrored = given->mirror,
                               .heat = explanation->smooth,
                               .height = explanation->height,
                               .width = explanation->width,
                               .opacity = given->opacity};
    return rh_picture_write(&picture, path, error);
}

static gboolean write_csv(const Explanation *explanation, const Options *given, const char *path,
                          GError **error)
{
    return rh_values_write_csv(explanation->map, explanation->height, explanation->width, path, error);
}

static gboolean write_npy(const Explanation *explanation, const Options *given, const char *path,
                          GError **error)
{
    return rh_values_write_npy(explanation->map, explanation->height, explanation->width, path, error);
}

/* What can be written, by the end of the file's name. */
typedef struct {
    const char *suffix;
    gboolean (*write)(const Explanation *explanation, const Options *given, const char *path, GError **error);
} Format;

static const Format formats[] = {{".png", write_picture}, {".npy", write_npy}, {".csv", write_csv}};

static const Format *find_format(const char *path, GError **error)
{
    g_autofree char *folded = g_ascii_strdown(path, -1);
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(folded, formats[i].suffix))
            return &formats[i];
    if (rh_file_is_device(path))
        return &formats[0];
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                "“%s” has no format a map is written in; end the name in .png, .npy or .csv.", path);
    return NULL;
}

static double probability(const Explanation *explanation)
{
    return 1 / (1 + exp((double)explanation->logits[0] - explanation->logits[1]));
}

static void print_json(const Explanation *explanation, gboolean mirrored, const char *path)
{
    const RhLocalisation *scores = &explanation->scores;
    gboolean has_mask = explanation->mask != NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    rh_json_text(builder, "run", explanation->run->name);
    rh_json_text(builder, "method", explanation->run->settings.method->id);
    rh_json_text(builder, "map", explanation->kind->id);
    rh_json_text(builder, "image", explanation->item->id);
    rh_json_flag(builder, "mirrored", mirrored);
    rh_json_text(builder, "split", rh_split_name(explanation->item->split));
    rh_json_whole(builder, "label", explanation->item->label);
    rh_json_whole(builder, "predicted", explanation->logits[1] > explanation->logits[0]);
    rh_json_text(builder, "class1", explanation->study->class_names[1]);
    rh_json_value(builder, "probability_class1", probability(explanation));
    rh_json_value(builder, "logit0", explanation->logits[0]);
    rh_json_value(builder, "logit1", explanation->logits[1]);
    rh_json_value(builder, "iou", has_mask ? scores->iou : NAN);
    rh_json_value(builder, "iop", has_mask ? scores->iop : NAN);
    rh_json_value(builder, "iot", has_mask ? scores->iot : NAN);
    rh_json_value(builder, "iou_chance", has_mask ? scores->iou_chance : NAN);
    rh_json_value(builder, "iop_chance", has_mask ? scores->iop_chance : NAN);
    rh_json_value(builder, "iot_chance", has_mask ? scores->iot_chance : NAN);
    rh_json_text(builder, "data", rh_data_identity_name(explanation->data));
    rh_json_text(builder, "out", path);
    json_builder_end_object(builder);
    rh_json_print(builder);
}

static void print_text(const Explanation *explanation, gboolean mirrored, const char *path)
{
    const RhLocalisation *scores = &explanation->scores;
    char *const *classes = explanation->study->class_names;
    double positive = probability(explanation);
    g_print("Image %s (%s%s), run %s, map %s\n", explanation->item->id,
            rh_split_name(explanation->item->split), mirrored ? ", mirrored" : "", explanation->run->name,
            explanation->kind->id);
    g_print("  predicted %s, labelled %s; probability of %s %.3f\n", classes[positive > 0.5],
            classes[explanation->item->label == 1], classes[1], positive);
    if (explanation->mask == NULL)
        g_print("  the image has no mask to compare the map with\n");
    else
        g_print("  IoU %s (chance %s)  IoP %s (chance %s)  IoT %s (chance %s)\n",
                rh_overlap_text(scores->iou).text, rh_overlap_text(scores->iou_chance).text,
                rh_overlap_text(scores->iop).text, rh_overlap_text(scores->iop_chance).text,
                rh_overlap_text(scores->iot).text, rh_overlap_text(scores->iot_chance).text);
    g_print("  %s\n", path);
}

/* What has no meaning for the map is refused rather than ignored. */
static gboolean check_meaning(const Options *given, const RhMapKind *kind, GError **error)
{
    const struct {
        const char *option;
        gboolean given;
        const char *map;
    } special[] = {{"nodes", given->nodes != NOT_GIVEN, "integrated-gradients"},
                   {"window", given->window != NOT_GIVEN, "occlusion"},
                   {"stride", given->stride != NOT_GIVEN, "occlusion"},
                   {"fill", !isnan(given->fill), "occlusion"}};
    for (guint i = 0; i < G_N_ELEMENTS(special); i++)
        if (special[i].given && !g_str_equal(special[i].map, kind->id)) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s has no meaning for the map %s, only for %s.",
                        special[i].option, kind->id, special[i].map);
            return FALSE;
        }
    return TRUE;
}

static gboolean take_settings(const Options *given, RhMapSettings *settings, GError **error)
{
    if ((given->nodes != NOT_GIVEN && !rh_option_in_range("nodes", given->nodes, 1, 1000, error)) ||
        (given->window != NOT_GIVEN && !rh_option_in_range("window", given->window, 1, 4096, error)) ||
        (given->stride != NOT_GIVEN && !rh_option_in_range("stride", given->stride, 1, 4096, error)) ||
        (!isnan(given->fill) && !rh_option_in_range("fill", given->fill, 0, 1, error)) ||
        !rh_option_in_range("opacity", given->opacity, 0, 1, error) ||
        !rh_option_in_range("threads", given->threads, 0, 1024, error))
        return FALSE;
    *settings = rh_map_settings_default();
    settings->nodes = given->nodes != NOT_GIVEN ? (guint)given->nodes : settings->nodes;
    settings->window = given->window != NOT_GIVEN ? (guint)given->window : settings->window;
    settings->stride = given->stride != NOT_GIVEN ? (guint)given->stride : settings->stride;
    settings->fill = isnan(given->fill) ? settings->fill : given->fill;
    return TRUE;
}

static gboolean explain(const Options *given, const RhStudy *study, GError **error)
{
    g_auto(Explanation) explanation = {.study = study};
    RhMapSettings settings;
    const RhKernels *kernels;
    const char *path = given->out != NULL ? given->out : "heat.png";
    const Format *format = find_format(path, error);
    if (format == NULL)
        return FALSE;
    explanation.kind = rh_map_kind_find(given->map != NULL ? given->map : "integrated-gradients", error);
    if (explanation.kind == NULL || !check_meaning(given, explanation.kind, error) ||
        !take_settings(given, &settings, error) || !rh_option_kernels(given->kernels, &kernels, error))
        return FALSE;
    explanation.item = find_image(study, given->image != NULL ? given->image : "1", error);
    if (explanation.item == NULL)
        return FALSE;
    char *const names[] = {given->run, NULL};
    g_autoptr(GPtrArray) runs = rh_finished_runs(study, names, error);
    if (runs == NULL)
        return FALSE;
    explanation.run = rh_newest_run(runs);
    g_autofree char *hash = rh_command_images_hash(study);
    rh_warn_other_data(explanation.run, hash);
    explanation.data = rh_run_data_identity(explanation.run, hash);
    if (!load_sample(&explanation, given->mirror, error) ||
        !compute(&explanation, &settings, kernels, (guint)given->threads, given->quiet, error))
        return FALSE;
    if (!format->write(&explanation, given, path, error))
        return FALSE;
    (given->as_json ? print_json : print_text)(&explanation, given->mirror, path);
    return TRUE;
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    g_auto(Options)
        given = {.nodes = NOT_GIVEN, .window = NOT_GIVEN, .stride = NOT_GIVEN, .fill = NAN, .opacity = 0.8};
    const GOptionEntry options[] = {
        {"map", 'm', 0, G_OPTION_ARG_STRING, &given.map, "Saliency map (integrated-gradients); see “rh maps”",
         "NAME"},
        {"image", 'i', 0, G_OPTION_ARG_STRING, &given.image,
         "An id of images.csv, or a number: the place among the test images, from 1 (1)", "ID"},
        {"run", 'r', 0, G_OPTION_ARG_STRING, &given.run, "Run (the one that finished last); see “rh runs”",
         "NAME"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &given.out,
         "A picture, or the map's values as .npy or .csv (heat.png)", "FILE"},
        {"mirror", 0, 0, G_OPTION_ARG_NONE, &given.mirror, "Explain the image mirrored left to right", NULL},
        {"nodes", 0, 0, G_OPTION_ARG_INT, &given.nodes, "Nodes of integrated gradients (200)", "N"},
        {"window", 0, 0, G_OPTION_ARG_INT, &given.window, "Side of the occluded square", "PIXELS"},
        {"stride", 0, 0, G_OPTION_ARG_INT, &given.stride, "Step of the occluded square", "PIXELS"},
        {"fill", 0, 0, G_OPTION_ARG_DOUBLE, &given.fill,
         "What the occluded square is filled with, 0 to 1 (0)", "X"},
        {"opacity", 0, 0, G_OPTION_ARG_DOUBLE, &given.opacity, "Of the map in the picture, 0 to 1 (0.8)",
         "X"},
        RH_OPTION_KERNELS(&given.kernels),
        {"threads", 0, 0, G_OPTION_ARG_INT, &given.threads, "Threads; 0 (default): one for each processor",
         "N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &given.quiet, "No progress", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given.as_json, "Print a JSON object", NULL},
        {NULL},
    };
    if (!rh_command_parse(command, options, arguments, 1, 1, error))
        return FALSE;
    g_autoptr(RhStudy) study = rh_command_open_study((*arguments)[1], error);
    return study != NULL && explain(&given, study, error);
}

const RhCommand rh_command_explain = {
    .name = "explain",
    .arguments = "STUDY",
    .summary = "Where a trained network looks: the saliency map of an image",
    .description =
        "The picture shows the image, and beside it the image under the map; the mask is outlined. IoU, IoP "
        "and\n"
        "IoT compare the map's strongest pixels with the mask, each beside what a random map would score.",
    .run = run,
};
