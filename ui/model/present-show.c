/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/present-show.h"

#include <glib/gi18n.h>
#include <math.h>

#include "model/run-item.h"

#define SEED 1234u

struct _RhPresentShow {
    GObject parent_instance;
    char *folder;
    RhStudy *study;
    RhSamples *samples;
    GPtrArray *runs; /* RhPresentRun */
    char *trouble;
    GCancellable *cancellable;
    guint ticking;                     /* while something is made or read */
    int drawn, to_draw, read, to_read; /* atomic: of the films, of the images */
    RhTrainingTask *training;
    RhPresentModel trained; /* what the training is to become */
    char *trained_folder;
    gboolean tried[RH_PRESENT_N_MODELS]; /* a training was begun for it */
    gboolean locating;
};

G_DEFINE_FINAL_TYPE(RhPresentShow, rh_present_show, G_TYPE_OBJECT)

enum { CHANGED, RUN_FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* What is trained where a model is missing. */
static const char *const trained_methods[RH_PRESENT_N_MODELS] = {
    [RH_PRESENT_PLAIN] = "baseline",
    [RH_PRESENT_GUIDED] = "actdiff",
};

static void changed(RhPresentShow *self)
{
    g_signal_emit(self, signals[CHANGED], 0);
}

static void present_run_free(gpointer data)
{
    RhPresentRun *run = data;
    g_clear_pointer(&run->run, rh_run_free);
    g_free(run->shift);
    g_free(run);
}

static RhPresentRun *present_run_new(RhRun *run)
{
    RhPresentRun *self = g_new0(RhPresentRun, 1);
    self->run = run;
    self->shift = rh_run_shift(run);
    return self;
}

/* ── Reading off ── */

double rh_present_run_accuracy(const RhPresentRun *run, double level)
{
    return run != NULL && run->shift != NULL ? rh_shift_value(run->shift, level).accuracy : NAN;
}

double rh_present_run_auc(const RhPresentRun *run, double level)
{
    return run != NULL && run->shift != NULL ? rh_shift_value(run->shift, level).auc : NAN;
}

/* ── Which models ── */

const RhPresentRun *rh_present_show_model(RhPresentShow *self, RhPresentModel model)
{
    const RhPresentRun *found = NULL;
    double best = -1;
    for (guint i = 0; i < self->runs->len; i++) {
        const RhPresentRun *run = self->runs->pdata[i];
        if (run->shift == NULL ||
            rh_method_uses_masks(run->run->settings.method) != (model == RH_PRESENT_GUIDED))
            continue;
        const double turned = rh_present_run_accuracy(run, 1);
        if (model == RH_PRESENT_PLAIN || found == NULL || turned > best) {
            found = run;
            best = turned;
        }
    }
    return found;
}

gboolean rh_present_show_has_masks(RhPresentShow *self)
{
    for (guint i = 0; self->samples != NULL && i < self->samples->count; i++)
        if (self->samples->splits[i] == RH_SPLIT_TRAINING && self->samples->has_mask[i])
            return TRUE;
    return FALSE;
}

/* ── Where each run looks, in numbers ── */

typedef struct {
    char *folder, *name;
    RhSamples *samples;
    RhLocalisationSummary summary;
} Location;

static void location_free(gpointer data)
{
    Location *location = data;
    g_free(location->folder);
    g_free(location->name);
    rh_samples_unref(location->samples);
    g_free(location);
}

static void locate_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Location *location = task_data;
    GError *error = NULL;
    const RhMapSettings settings = rh_map_settings_default();
    g_autoptr(RhRun) run = rh_run_open(location->folder, &error);
    g_autoptr(RhEvaluator) evaluator = run != NULL ? rh_run_evaluator(run, 0, NULL, NULL, &error) : NULL;
    const RhMapKind *map = rh_map_kind_find("gradient", NULL);
    if (evaluator != NULL && rh_run_localisation(evaluator, location->samples, map, &settings, NULL, NULL,
                                                 cancellable, &location->summary, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void go_on(RhPresentShow *self);

static RhPresentRun *find_run(RhPresentShow *self, const char *name)
{
    for (guint i = 0; i < self->runs->len; i++) {
        RhPresentRun *run = self->runs->pdata[i];
        if (g_str_equal(run->run->name, name))
            return run;
    }
    return NULL;
}

static void located(GObject *source, GAsyncResult *result, gpointer data)
{
    RhPresentShow *self = RH_PRESENT_SHOW(source);
    const Location *location = g_task_get_task_data(G_TASK(result));
    RhPresentRun *run = find_run(self, location->name);
    self->locating = FALSE;
    if (run != NULL) {
        /* A run whose weights cannot be read has no place in the scatter; it is not tried again. */
        run->located = TRUE;
        if (g_task_propagate_boolean(G_TASK(result), NULL))
            run->localisation = location->summary;
    }
    changed(self);
    go_on(self);
}

/* Whether the run's network sees images of the study's present size. */
static gboolean fits(const RhPresentShow *self, const RhRun *run)
{
    return run->image_height == self->samples->height && run->image_width == self->samples->width;
}

static void locate_next(RhPresentShow *self)
{
    for (guint i = 0; i < self->runs->len && !self->locating; i++) {
        const RhPresentRun *run = self->runs->pdata[i];
        if (run->located || !fits(self, run->run))
            continue;
        Location *location = g_new0(Location, 1);
        location->folder = g_strdup(run->run->folder);
        location->name = g_strdup(run->run->name);
        location->samples = rh_samples_ref(self->samples);
        self->locating = TRUE;
        g_autoptr(GTask) task = g_task_new(self, self->cancellable, located, NULL);
        g_task_set_task_data(task, location, location_free);
        g_task_run_in_thread(task, locate_in_thread);
    }
}

/* ── Training what is missing ── */

static void reread_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    GError *error = NULL;
    RhRun *run = rh_run_open(task_data, &error);
    if (run != NULL)
        g_task_return_pointer(task, present_run_new(run), present_run_free);
    else
        g_task_return_error(task, error);
}

static void reread(GObject *source, GAsyncResult *result, gpointer data)
{
    RhPresentShow *self = RH_PRESENT_SHOW(source);
    g_autoptr(GError) error = NULL;
    RhPresentRun *run = g_task_propagate_pointer(G_TASK(result), &error);
    if (run == NULL) {
        g_free(self->trouble);
        self->trouble = g_strdup(error->message);
    } else {
        g_ptr_array_add(self->runs, run);
        g_signal_emit(self, signals[RUN_FINISHED], 0, run->run->name);
    }
    changed(self);
    go_on(self);
}

static void run_created(RhTrainingTask *training, RhPresentShow *self)
{
    g_autoptr(RhRun) run = rh_training_task_take_run(training);
    g_free(self->trained_folder);
    self->trained_folder = g_strdup(run->folder);
}

static void training_ended(RhTrainingTask *training, gboolean completed, const GError *error,
                           RhPresentShow *self)
{
    g_signal_handlers_disconnect_by_data(training, self);
    g_clear_object(&self->training);
    if (error != NULL) {
        g_free(self->trouble);
        self->trouble = g_strdup(error->message);
    }
    if (completed && error == NULL) {
        g_autoptr(GTask) task = g_task_new(self, self->cancellable, reread, NULL);
        g_task_set_task_data(task, g_strdup(self->trained_folder), g_free);
        g_task_run_in_thread(task, reread_in_thread);
    } else {
        changed(self);
    }
}

static void train(RhPresentShow *self, RhPresentModel model)
{
    RhRunSettings settings = rh_run_settings_default(rh_method_find(trained_methods[model], NULL),
                                                     rh_network_kind_find("small", NULL), self->study);
    settings.seed = SEED;
    self->tried[model] = TRUE;
    self->trained = model;
    self->training = rh_training_task_new(self->study, &settings);
    g_signal_connect_object(self->training, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->training, "run-created", G_CALLBACK(run_created), self, 0);
    g_signal_connect_object(self->training, "ended", G_CALLBACK(training_ended), self, 0);
    rh_training_task_begin(self->training);
}

/* The next thing to do in the background. */
static void go_on(RhPresentShow *self)
{
    if (self->samples == NULL || self->training != NULL || g_cancellable_is_cancelled(self->cancellable))
        return;
    for (guint model = 0; model < RH_PRESENT_N_MODELS; model++) {
        const gboolean possible = model == RH_PRESENT_PLAIN || rh_present_show_has_masks(self);
        if (rh_present_show_model(self, model) == NULL && possible && !self->tried[model]) {
            train(self, model);
            break;
        }
    }
    locate_next(self);
}

/* ── Reading the study, or making it ── */

typedef struct {
    RhStudy *study;
    RhSamples *samples;
    GPtrArray *runs;
} Loaded;

static void loaded_free(gpointer data)
{
    Loaded *loaded = data;
    g_clear_pointer(&loaded->study, rh_study_free);
    g_clear_pointer(&loaded->samples, rh_samples_unref);
    g_clear_pointer(&loaded->runs, g_ptr_array_unref);
    g_free(loaded);
}

static void drew(guint done, guint total, gpointer data)
{
    RhPresentShow *self = data;
    g_atomic_int_set(&self->to_draw, (int)total);
    g_atomic_int_set(&self->drawn, (int)done);
}

static void has_read(guint done, guint total, gpointer data)
{
    RhPresentShow *self = data;
    g_atomic_int_set(&self->to_read, (int)total);
    g_atomic_int_set(&self->read, (int)done);
}

static RhStudy *open_or_make(RhPresentShow *self, GCancellable *cancellable, GError **error)
{
    if (rh_study_is_one(self->folder))
        return rh_study_open(self->folder, error);
    RhPhantomStudySettings settings = rh_phantom_study_settings_default();
    settings.film.mask = RH_PHANTOM_MASK_LUNGS; /* with these a method can be kept from the marker */
    return rh_study_new_phantom(self->folder, &settings, drew, self, cancellable, error);
}

static GPtrArray *list_runs(const RhStudy *study)
{
    g_autoptr(GPtrArray) all = rh_run_list(study, NULL);
    GPtrArray *finished = g_ptr_array_new_with_free_func(present_run_free);
    for (guint i = 0; i < all->len; i++) {
        const RhRun *run = all->pdata[i];
        if (run->state == RH_RUN_FINISHED)
            g_ptr_array_add(finished, present_run_new(g_steal_pointer(&all->pdata[i])));
    }
    return finished;
}

static void load_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    RhPresentShow *self = RH_PRESENT_SHOW(source);
    Loaded *loaded = g_new0(Loaded, 1);
    GError *error = NULL;
    loaded->study = open_or_make(self, cancellable, &error);
    if (loaded->study != NULL)
        loaded->samples = rh_study_load_samples(loaded->study, NULL, has_read, self, cancellable, &error);
    if (loaded->samples == NULL) {
        loaded_free(loaded);
        g_task_return_error(task, error);
        return;
    }
    loaded->runs = list_runs(loaded->study);
    g_task_return_pointer(task, loaded, loaded_free);
}

static gboolean tick(gpointer data)
{
    changed(data);
    return G_SOURCE_CONTINUE;
}

static void loading_done(GObject *source, GAsyncResult *result, gpointer data)
{
    RhPresentShow *self = RH_PRESENT_SHOW(source);
    g_autoptr(GError) error = NULL;
    Loaded *loaded = g_task_propagate_pointer(G_TASK(result), &error);
    g_clear_handle_id(&self->ticking, g_source_remove);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (loaded == NULL) {
        self->trouble = g_strdup(error->message);
    } else {
        self->study = g_steal_pointer(&loaded->study);
        self->samples = g_steal_pointer(&loaded->samples);
        g_clear_pointer(&self->runs, g_ptr_array_unref);
        self->runs = g_steal_pointer(&loaded->runs);
        loaded_free(loaded);
    }
    changed(self);
    go_on(self);
}

RhPresentShow *rh_present_show_new(const char *study_folder)
{
    RhPresentShow *self = g_object_new(RH_TYPE_PRESENT_SHOW, NULL);
    self->folder = g_strdup(study_folder);
    self->ticking = g_timeout_add(100, tick, self);
    g_autoptr(GTask) task = g_task_new(self, self->cancellable, loading_done, NULL);
    g_task_run_in_thread(task, load_in_thread);
    return self;
}

/* ── For the slides ── */

const char *rh_present_show_folder(RhPresentShow *self)
{
    return self->folder;
}

const RhStudy *rh_present_show_study(RhPresentShow *self)
{
    return self->study;
}

const RhSamples *rh_present_show_samples(RhPresentShow *self)
{
    return self->samples;
}

const char *rh_present_show_trouble(RhPresentShow *self)
{
    return self->trouble;
}

const GPtrArray *rh_present_show_runs(RhPresentShow *self)
{
    return self->runs;
}

static char *describe_loading(RhPresentShow *self, double *fraction)
{
    const int to_draw = g_atomic_int_get(&self->to_draw), drawn = g_atomic_int_get(&self->drawn);
    const int to_read = g_atomic_int_get(&self->to_read), read = g_atomic_int_get(&self->read);
    if (to_read > 0) {
        *fraction = (double)read / to_read;
        return g_strdup_printf(_("Reading image %d of %d"), read, to_read);
    }
    *fraction = to_draw > 0 ? (double)drawn / to_draw : 0;
    return to_draw > 0 ? g_strdup_printf(_("Drawing film %d of %d"), drawn, to_draw)
                       : g_strdup(_("Opening the study"));
}

char *rh_present_show_activity(RhPresentShow *self, double *fraction)
{
    if (self->ticking != 0)
        return describe_loading(self, fraction);
    if (self->training == NULL)
        return NULL;
    const RhTrainingProgress *progress = rh_training_task_get_progress(self->training);
    const double within = progress->steps > 0 ? (double)progress->step / progress->steps : 0;
    *fraction = progress->epochs > 0 ? (progress->epoch + MIN(within, 1)) / progress->epochs : 0;
    g_autofree char *state = rh_training_task_describe(self->training);
    const RhMethod *method = rh_method_find(trained_methods[self->trained], NULL);
    /* Translators: a method of training and how far it is: "Training Baseline: Epoch 3 of 12 · 0:20 left" */
    return g_strdup_printf(_("Training %s: %s"), _(method->title), state);
}

/* ── The object ── */

static void dispose(GObject *object)
{
    RhPresentShow *self = RH_PRESENT_SHOW(object);
    g_cancellable_cancel(self->cancellable);
    g_clear_handle_id(&self->ticking, g_source_remove);
    if (self->training != NULL) {
        g_signal_handlers_disconnect_by_data(self->training, self);
        rh_training_task_stop(self->training);
    }
    g_clear_object(&self->training);
    G_OBJECT_CLASS(rh_present_show_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhPresentShow *self = RH_PRESENT_SHOW(object);
    g_clear_pointer(&self->study, rh_study_free);
    g_clear_pointer(&self->samples, rh_samples_unref);
    g_clear_pointer(&self->runs, g_ptr_array_unref);
    g_clear_object(&self->cancellable);
    g_free(self->folder);
    g_free(self->trouble);
    g_free(self->trained_folder);
    G_OBJECT_CLASS(rh_present_show_parent_class)->finalize(object);
}

static void rh_present_show_class_init(RhPresentShowClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    signals[CHANGED] =
        g_signal_new("changed", RH_TYPE_PRESENT_SHOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[RUN_FINISHED] = g_signal_new("run-finished", RH_TYPE_PRESENT_SHOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void rh_present_show_init(RhPresentShow *self)
{
    self->cancellable = g_cancellable_new();
    self->runs = g_ptr_array_new_with_free_func(present_run_free);
}
