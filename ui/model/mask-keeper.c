/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "model/mask-keeper-private.h"

#define SAVE_AFTER_MS  400
#define DRAFT_AFTER_MS 250 /* while the hand is down */
#define RETRY_AFTER_MS 5000
#define FIRST          (-5) /* niceness of the thread that saves */
#define NEVER_DROPPED  2    /* the image in view, and the one before it while the view changes */

/* A mask that is open. */
typedef struct {
    RhCase *item; /* the study's */
    RhMaskEditor *editor;
    guint64 saved;      /* revision that is on disk */
    guint64 drafted;    /* of a stroke under way: the revision that is on disk as far as it had come */
    gboolean under_way; /* being saved */
    char *failure;      /* why the last save failed; NULL: it did not */
    RhMaskFile file;    /* as it was last read or written; a job has it while one is under way */
} Entry;

enum { SAVED, FAILED, OPERATED, JOINED, REFRESHED, CLASHED, SHARED, N_SIGNALS };
/* Filled once when the class is made. */
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(RhMaskKeeper, rh_mask_keeper, G_TYPE_OBJECT)

static void entry_free(gpointer data)
{
    Entry *entry = data;
    rh_mask_editor_free(entry->editor);
    rh_mask_file_clear(&entry->file);
    g_free(entry->failure);
    g_free(entry);
}

static gboolean is_unsaved(const Entry *entry)
{
    return rh_mask_editor_revision(entry->editor) != entry->saved;
}

/* A stroke that lasts is on disk as far as it has come; of its end more is to be told than of a draft. */
static gboolean is_to_be_saved(const Entry *entry)
{
    return is_unsaved(entry) && !(rh_mask_editor_drawing(entry->editor) &&
                                  rh_mask_editor_revision(entry->editor) == entry->drafted);
}

/* Nothing is lost if its pixels go. */
static gboolean is_at_rest(const Entry *entry)
{
    return !is_unsaved(entry) && !entry->under_way && !rh_mask_editor_locked(entry->editor) &&
           !rh_mask_editor_drawing(entry->editor);
}

/* Packs what was opened longest ago, and lets go of it, while all together are too large. */
static void keep_bound(RhMaskKeeper *keeper)
{
    gsize bytes = 0;
    guint place = 0;
    for (GList *link = keeper->opened.head; link != NULL; place++) {
        Entry *entry = link->data;
        GList *next = link->next;
        gsize more = rh_mask_editor_bytes(entry->editor);
        if (place >= NEVER_DROPPED && is_at_rest(entry) && bytes + more > keeper->bytes_max / 2) {
            rh_mask_editor_pack(entry->editor);
            more = rh_mask_editor_bytes(entry->editor);
            if (bytes + more > keeper->bytes_max) {
                more = 0;
                g_queue_delete_link(&keeper->opened, link);
                g_hash_table_remove(keeper->entries, entry->item->id);
            }
        }
        bytes += more;
        link = next;
    }
}

void rh_mask_keeper_set_bytes(RhMaskKeeper *keeper, gsize bytes)
{
    g_return_if_fail(RH_IS_MASK_KEEPER(keeper));
    keeper->bytes_max = bytes;
}

void rh_mask_keeper_submit(RhMaskKeeper *keeper, RhSaveJob *job)
{
    keeper->under_way++;
    g_thread_pool_push(keeper->worker, job, NULL);
}

static void work(gpointer data, gpointer keeper_data)
{
    RhMaskKeeper *keeper = keeper_data;
    rh_save_job_run(data);
    g_async_queue_push(keeper->done, data);
    g_source_set_ready_time(keeper->wakeup, 0);
}

/* Where the system lets it, a save comes before whatever else computes; training gives way to it anyhow. */
static void work_first(gpointer data, gpointer keeper)
{
    setpriority(PRIO_PROCESS, (id_t)gettid(), FIRST);
    work(data, keeper);
}

static void submit_mask(RhMaskKeeper *keeper, Entry *entry, gboolean only_looks)
{
    g_autofree char *path = rh_study_mask_path(keeper->study, entry->item);
    RhSaveJob *job = rh_save_job_of_mask(entry->item->id, path, rh_mask_editor_snapshot(entry->editor),
                                         rh_mask_editor_revision(entry->editor));
    job->is_draft = rh_mask_editor_drawing(entry->editor);
    job->only_looks = only_looks;
    rh_mask_file_take(&job->known, &entry->file);
    entry->under_way = TRUE;
    if (!only_looks)
        keeper->begun = g_get_monotonic_time();
    rh_mask_keeper_submit(keeper, job);
}

/* Hands everything to the worker that is not saved and not on its way. */
static void submit_all(RhMaskKeeper *keeper)
{
    for (GList *link = keeper->opened.head; link != NULL; link = link->next) {
        Entry *entry = link->data;
        if (!entry->under_way && is_to_be_saved(entry))
            submit_mask(keeper, entry, FALSE);
    }
    rh_mask_keeper_submit_tables(keeper);
}

static gboolean time_to_save(gpointer data)
{
    RhMaskKeeper *keeper = data;
    keeper->timer = 0;
    submit_all(keeper);
    return G_SOURCE_REMOVE;
}

/* The earliest time that was asked for holds, so that a hand that never rests is saved too. */
static void save_within(RhMaskKeeper *keeper, guint milliseconds)
{
    gint64 due = g_get_monotonic_time() + milliseconds * G_GINT64_CONSTANT(1000);
    if (keeper->timer != 0 && keeper->due <= due)
        return;
    g_clear_handle_id(&keeper->timer, g_source_remove);
    keeper->timer = g_timeout_add(milliseconds, time_to_save, keeper);
    keeper->due = due;
}

gint64 rh_mask_keeper_draft_due(gint64 begun, gint64 now)
{
    return begun > now - DRAFT_AFTER_MS * G_TIME_SPAN_MILLISECOND
               ? begun + DRAFT_AFTER_MS * G_TIME_SPAN_MILLISECOND
               : now;
}

/* The next save of a stroke that lasts begins so long after the one before began, not after it ended: on a
 * busy machine that may be long after. */
static void save_draft(RhMaskKeeper *keeper)
{
    const gint64 now = g_get_monotonic_time();
    const gint64 due = rh_mask_keeper_draft_due(keeper->begun, now);
    save_within(keeper, (guint)((due - now) / G_TIME_SPAN_MILLISECOND));
}

void rh_mask_keeper_tell_failure(RhMaskKeeper *keeper, char **failure, const char *id, const GError *error)
{
    if (g_strcmp0(*failure, error->message) == 0)
        return;
    g_free(*failure);
    *failure = g_strdup(error->message);
    g_signal_emit(keeper, signals[FAILED], 0, id, error->message);
}

static void mask_saved(RhMaskKeeper *keeper, Entry *entry, const RhSaveJob *job)
{
    gboolean has_mask = !job->empty;
    g_clear_pointer(&entry->failure, g_free);
    entry->drafted = job->revision;
    if (job->is_draft)
        return;
    entry->saved = job->revision;
    if (!is_unsaved(entry))
        g_debug("saved: all of the mask of %s", entry->item->id);
    if (entry->item->has_mask != has_mask) {
        entry->item->has_mask = has_mask;
        rh_mask_keeper_change_tables(keeper);
    }
    if (has_mask && entry->item->nothing_to_mark) {
        entry->item->nothing_to_mark = FALSE;
        rh_mask_keeper_change_tables(keeper);
    }
    g_signal_emit(keeper, signals[SAVED], 0, entry->item->id);
}

/* What another program has drawn becomes a step; it waits for the end of a stroke, and of what was drawn
 * since the job began, for which the next job comes. */
static void join(RhMaskKeeper *keeper, Entry *entry, RhSaveJob *job)
{
    RhRectangle touched;
    if (rh_mask_editor_revision(entry->editor) != job->revision || rh_mask_editor_drawing(entry->editor) ||
        rh_mask_editor_locked(entry->editor)) {
        rh_mask_file_take(&entry->file, &job->known);
        return;
    }
    rh_mask_file_take(&entry->file, &job->found);
    if (!rh_mask_editor_apply(entry->editor, g_steal_pointer(&job->step), &touched))
        return;
    g_signal_emit(keeper, signals[OPERATED], 0, job->id, &touched);
    g_signal_emit(keeper, signals[JOINED], 0, job->id);
}

static void tell_aside(RhMaskKeeper *keeper, const RhSaveJob *job)
{
    g_autofree char *name = g_filename_display_basename(job->aside);
    g_autofree char *text = g_strdup_printf(
        _("Another program has written a file that is no mask of %s; it is kept as masks/%s."), job->id,
        name);
    g_signal_emit(keeper, signals[CLASHED], 0, text);
}

static void mask_done(RhMaskKeeper *keeper, Entry *entry, RhSaveJob *job)
{
    entry->under_way = FALSE;
    if (job->aside != NULL)
        tell_aside(keeper, job);
    if (job->step != NULL) {
        join(keeper, entry, job);
        return;
    }
    rh_mask_file_take(&entry->file, job->found.content != NULL ? &job->found : &job->known);
    if (job->only_looks)
        return; /* what cannot be read is told when there is something to save */
    if (job->error != NULL)
        rh_mask_keeper_tell_failure(keeper, &entry->failure, job->id, job->error);
    else
        mask_saved(keeper, entry, job);
}

static void operated(RhMaskKeeper *keeper, RhSaveJob *job)
{
    const Entry *entry = g_hash_table_lookup(keeper->entries, job->id);
    RhRectangle touched;
    g_assert(entry != NULL);
    rh_mask_editor_unlock(entry->editor);
    if (rh_mask_editor_apply(entry->editor, g_steal_pointer(&job->step), &touched))
        save_within(keeper, SAVE_AFTER_MS);
    g_debug("operated on the mask of %s", job->id);
    g_signal_emit(keeper, signals[OPERATED], 0, job->id, &touched);
}

static void take(RhMaskKeeper *keeper, RhSaveJob *job)
{
    keeper->under_way--;
    if (job->operation != NULL) {
        operated(keeper, job);
        rh_save_job_free(job);
        return;
    }
    if (job->error != NULL) {
        g_clear_error(&keeper->last_error);
        keeper->last_error = g_error_copy(job->error);
    }
    if (job->folder != NULL) {
        rh_mask_keeper_looked(keeper, job);
    } else if (job->id == NULL) {
        rh_mask_keeper_tables_saved(keeper, job);
    } else {
        Entry *entry = g_hash_table_lookup(keeper->entries, job->id);
        g_assert(entry != NULL);
        mask_done(keeper, entry, job);
    }
    rh_save_job_free(job);
}

static gboolean is_drawing(RhMaskKeeper *keeper)
{
    const Entry *first = g_queue_peek_head(&keeper->opened); /* the one in view */
    return first != NULL && rh_mask_editor_drawing(first->editor);
}

/* On the main loop, after the worker has finished something. What changed meanwhile comes next. */
static gboolean take_done(gpointer data)
{
    g_autoptr(RhMaskKeeper) keeper = g_object_ref(data); /* whoever hears of it may let go of the keeper */
    gboolean failed = FALSE;
    g_source_set_ready_time(keeper->wakeup, -1);
    for (RhSaveJob *job; (job = g_async_queue_try_pop(keeper->done)) != NULL;) {
        failed |= job->error != NULL;
        take(keeper, job);
    }
    if (keeper->worker == NULL)
        return G_SOURCE_REMOVE; /* it was let go */
    if (failed) {
        save_within(keeper, RETRY_AFTER_MS);
        return G_SOURCE_CONTINUE;
    }
    rh_mask_keeper_submit_tables(keeper);
    if (is_drawing(keeper) && rh_mask_keeper_has_unsaved(keeper))
        save_draft(keeper);
    else if (rh_mask_keeper_has_unsaved(keeper))
        save_within(keeper, SAVE_AFTER_MS);
    return G_SOURCE_CONTINUE;
}

static Entry *find_entry(RhMaskKeeper *keeper, const RhCase *item, guint width, guint height, GError **error)
{
    Entry *entry = g_hash_table_lookup(keeper->entries, item->id);
    if (entry == NULL)
        return NULL;
    const RhMask *mask = rh_mask_editor_mask(entry->editor);
    if (mask->width != width || mask->height != height) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_MISMATCH,
            _("The image “%s” has become %u×%u pixels while its mask has %u×%u; put the former image back."),
            item->id, width, height, mask->width, mask->height);
        return NULL;
    }
    g_queue_remove(&keeper->opened, entry);
    g_queue_push_head(&keeper->opened, entry);
    rh_mask_editor_unpack(entry->editor);
    keep_bound(keeper);
    if (is_at_rest(entry))
        submit_mask(keeper, entry, TRUE);
    return entry;
}

/* Takes the mask, and what is in `file`. */
static RhMaskEditor *add_entry(RhMaskKeeper *keeper, RhCase *item, RhMask *mask, RhMaskFile *file)
{
    Entry *entry = g_new0(Entry, 1);
    entry->item = item;
    rh_mask_file_take(&entry->file, file);
    entry->editor = rh_mask_editor_new(mask, RH_MASK_UNDO_BYTES);
    entry->saved = rh_mask_editor_revision(entry->editor);
    g_hash_table_insert(keeper->entries, g_strdup(item->id), entry);
    g_queue_push_head(&keeper->opened, entry);
    keep_bound(keeper);
    return entry->editor;
}

RhMaskEditor *rh_mask_keeper_editor(RhMaskKeeper *keeper, RhCase *item, guint width, guint height,
                                    GError **error)
{
    g_return_val_if_fail(RH_IS_MASK_KEEPER(keeper) && item != NULL, NULL);
    GError *mismatch = NULL;
    Entry *entry = find_entry(keeper, item, width, height, &mismatch);
    if (entry != NULL)
        return entry->editor;
    if (mismatch != NULL) {
        g_propagate_error(error, mismatch);
        return NULL;
    }
    g_autofree char *path = rh_study_mask_path(keeper->study, item);
    RhMaskFile file = {0};
    RhMask *mask = rh_save_job_load(path, width, height, &file, error);
    return mask != NULL ? add_entry(keeper, item, mask, &file) : NULL;
}

typedef struct {
    RhCase *item;
    char *path;
    guint width, height;
    RhMaskFile file; /* once it is read */
} Opening;

static void opening_free(gpointer data)
{
    Opening *opening = data;
    rh_mask_file_clear(&opening->file);
    g_free(opening->path);
    g_free(opening);
}

static void load_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Opening *opening = data;
    GError *error = NULL;
    RhMask *mask = rh_save_job_load(opening->path, opening->width, opening->height, &opening->file, &error);
    if (mask != NULL)
        g_task_return_pointer(task, mask, (GDestroyNotify)rh_mask_free);
    else
        g_task_return_error(task, error);
}

void rh_mask_keeper_open(RhMaskKeeper *keeper, RhCase *item, guint width, guint height,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    g_return_if_fail(RH_IS_MASK_KEEPER(keeper) && item != NULL);
    g_autoptr(GTask) task = g_task_new(keeper, cancellable, callback, data);
    Opening *opening = g_new(Opening, 1);
    *opening = (Opening){
        .item = item, .path = rh_study_mask_path(keeper->study, item), .width = width, .height = height};
    g_task_set_task_data(task, opening, opening_free);
    if (g_hash_table_contains(keeper->entries, item->id))
        g_task_return_pointer(task, NULL, NULL);
    else
        g_task_run_in_thread(task, load_in_thread);
}

/* A mask that was opened meanwhile, and perhaps drawn on, is not replaced by what was read. */
RhMaskEditor *rh_mask_keeper_open_finish(RhMaskKeeper *keeper, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, keeper), NULL);
    Opening *opening = g_task_get_task_data(G_TASK(result));
    GError *failure = NULL;
    g_autoptr(RhMask) mask = g_task_propagate_pointer(G_TASK(result), &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    if (mask == NULL || g_hash_table_contains(keeper->entries, opening->item->id))
        return rh_mask_keeper_editor(keeper, opening->item, opening->width, opening->height, error);
    return add_entry(keeper, opening->item, g_steal_pointer(&mask), &opening->file);
}

void rh_mask_keeper_changed(RhMaskKeeper *keeper, const char *id)
{
    g_return_if_fail(RH_IS_MASK_KEEPER(keeper) && id != NULL);
    Entry *entry = g_hash_table_lookup(keeper->entries, id);
    if (entry != NULL && is_to_be_saved(entry))
        save_within(keeper, rh_mask_editor_drawing(entry->editor) ? DRAFT_AFTER_MS : SAVE_AFTER_MS);
}

void rh_mask_keeper_readings_changed(RhMaskKeeper *keeper)
{
    g_return_if_fail(RH_IS_MASK_KEEPER(keeper));
    rh_mask_keeper_change_tables(keeper);
    save_within(keeper, SAVE_AFTER_MS);
}

gboolean rh_mask_keeper_has_unsaved(RhMaskKeeper *keeper)
{
    g_return_val_if_fail(RH_IS_MASK_KEEPER(keeper), FALSE);
    gboolean unsaved = keeper->tables.revision != keeper->tables.saved || keeper->tables.under_way;
    for (GList *link = keeper->opened.head; link != NULL && !unsaved; link = link->next)
        unsaved = is_to_be_saved(link->data) || rh_mask_editor_locked(((const Entry *)link->data)->editor);
    return unsaved;
}

gboolean rh_mask_keeper_operate(RhMaskKeeper *keeper, const char *id, const RhMaskOperation *operation,
                                guint amount, RhMask *other)
{
    g_return_val_if_fail(RH_IS_MASK_KEEPER(keeper) && id != NULL, FALSE);
    const Entry *entry = g_hash_table_lookup(keeper->entries, id);
    if (entry == NULL || rh_mask_editor_drawing(entry->editor) || rh_mask_editor_locked(entry->editor)) {
        g_clear_pointer(&other, rh_mask_free);
        return FALSE;
    }
    rh_mask_editor_unpack(entry->editor);
    rh_mask_editor_lock(entry->editor);
    keeper->under_way++;
    g_thread_pool_push(
        keeper->operations,
        rh_save_job_of_operation(id, rh_mask_editor_mask(entry->editor), operation, amount, other), NULL);
    return TRUE;
}

RhMask *rh_mask_keeper_copy(RhMaskKeeper *keeper, const char *id)
{
    g_return_val_if_fail(RH_IS_MASK_KEEPER(keeper) && id != NULL, NULL);
    const Entry *entry = g_hash_table_lookup(keeper->entries, id);
    if (entry == NULL)
        return NULL;
    rh_mask_editor_unpack(entry->editor); /* until the next image is opened */
    return rh_mask_copy(rh_mask_editor_mask(entry->editor));
}

/* Waits for what is under way, then sends and waits three times: masks, those into which something was
 * joined, and the table that says which there are. */
gboolean rh_mask_keeper_flush(RhMaskKeeper *keeper, GError **error)
{
    g_return_val_if_fail(RH_IS_MASK_KEEPER(keeper), FALSE);
    g_clear_error(&keeper->last_error);
    for (guint round = 0; round < 4; round++) {
        while (keeper->under_way > 0)
            take(keeper, g_async_queue_pop(keeper->done));
        if (round < 3)
            submit_all(keeper);
    }
    if (!rh_mask_keeper_has_unsaved(keeper)) {
        g_clear_handle_id(&keeper->timer, g_source_remove);
        return TRUE;
    }
    save_within(keeper, RETRY_AFTER_MS);
    if (error != NULL && keeper->last_error != NULL)
        *error = g_error_copy(keeper->last_error);
    return FALSE;
}

/* What is not saved is saved here at the latest. */
static void rh_mask_keeper_dispose(GObject *object)
{
    RhMaskKeeper *keeper = RH_MASK_KEEPER(object);
    if (keeper->worker != NULL) {
        g_autoptr(GError) error = NULL;
        if (!rh_mask_keeper_flush(keeper, &error))
            g_warning("%s", error->message);
        g_thread_pool_free(keeper->operations, FALSE, TRUE);
        g_thread_pool_free(keeper->worker, FALSE, TRUE);
        keeper->worker = keeper->operations = NULL;
        g_clear_pointer(&keeper->presence, rh_presence_free);
    }
    g_clear_handle_id(&keeper->timer, g_source_remove);
    g_clear_handle_id(&keeper->look_timer, g_source_remove);
    g_clear_object(&keeper->monitor);
    if (keeper->wakeup != NULL)
        g_source_destroy(keeper->wakeup);
    g_clear_pointer(&keeper->wakeup, g_source_unref);
    G_OBJECT_CLASS(rh_mask_keeper_parent_class)->dispose(object);
}

static void rh_mask_keeper_finalize(GObject *object)
{
    RhMaskKeeper *keeper = RH_MASK_KEEPER(object);
    g_queue_clear(&keeper->opened);
    g_hash_table_unref(keeper->entries);
    g_async_queue_unref(keeper->done);
    g_clear_error(&keeper->last_error);
    g_free(keeper->tables.failure);
    g_free(keeper->others);
    G_OBJECT_CLASS(rh_mask_keeper_parent_class)->finalize(object);
}

static void rh_mask_keeper_class_init(RhMaskKeeperClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    object_class->dispose = rh_mask_keeper_dispose;
    object_class->finalize = rh_mask_keeper_finalize;
    signals[SAVED] = g_signal_new("saved", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[FAILED] = g_signal_new("failed", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
    signals[OPERATED] = g_signal_new("operated", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
    signals[JOINED] = g_signal_new("joined", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[REFRESHED] = g_signal_new("refreshed", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 0);
    signals[SHARED] = g_signal_new("shared", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[CLASHED] = g_signal_new("clashed", RH_TYPE_MASK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    return callback(data);
}

static void rh_mask_keeper_init(RhMaskKeeper *keeper)
{
    static GSourceFuncs wakeup = {.dispatch = dispatch};
    keeper->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    g_queue_init(&keeper->opened);
    keeper->bytes_max = RH_MASK_KEEPER_BYTES;
    keeper->done = g_async_queue_new();
    keeper->wakeup = g_source_new(&wakeup, sizeof(GSource));
    g_source_set_callback(keeper->wakeup, take_done, keeper, NULL);
    g_source_attach(keeper->wakeup, NULL);
    keeper->worker = g_thread_pool_new(work_first, keeper, 1, TRUE, NULL); /* a thread of its own */
    keeper->operations = g_thread_pool_new(work, keeper, 1, FALSE, NULL);
}

RhMaskKeeper *rh_mask_keeper_new(RhStudy *study)
{
    RhMaskKeeper *keeper = g_object_new(RH_TYPE_MASK_KEEPER, NULL);
    keeper->study = study;
    keeper->presence = rh_presence_new(study->folder);
    keeper->others = g_strdup("");
    rh_mask_keeper_watch_tables(keeper);
    return keeper;
}
