/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "images/image-list-thumbnails.h"

typedef struct {
    gpointer key;
    char *path;
    RhImageReading reading;
    guint side;
    GdkTexture *texture;
} Request;

/* What the workers share with the main loop; the last of them frees it. */
typedef struct {
    gatomicrefcount references;
    GMutex mutex;
    GQueue waiting; /* Request, the newest first */
    GQueue done;    /* Request */
    GSource *wakeup;
} Shared;

struct _RhThumbnails {
    Shared *shared;
    GThreadPool *pool;
    RhThumbnailReady ready;
    gpointer data;
};

static void request_free(gpointer data)
{
    Request *request = data;
    g_free(request->path);
    g_clear_object(&request->texture);
    g_free(request);
}

static void shared_unref(gpointer data)
{
    Shared *shared = data;
    if (!g_atomic_ref_count_dec(&shared->references))
        return;
    g_queue_clear_full(&shared->waiting, request_free);
    g_queue_clear_full(&shared->done, request_free);
    g_source_unref(shared->wakeup);
    g_mutex_clear(&shared->mutex);
    g_free(shared);
}

/* Each pixel of a small image is drawn as a square, so that it stays sharp. */
static GdkTexture *texture_of(const RhImage *image, guint side)
{
    guint times = MAX(side / MAX(image->width, image->height), 1);
    guint width = image->width * times, height = image->height * times;
    const guint8 *grey = image->pixels;
    guint32 *pixels = g_new(guint32, (gsize)width * height);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            pixels[y * width + x] = 0xff000000u | grey[y / times * image->width + x / times] * 0x010101u;
    g_autoptr(GBytes) bytes = g_bytes_new_take(pixels, sizeof *pixels * width * height);
    return gdk_memory_texture_new((int)width, (int)height, GDK_MEMORY_DEFAULT, bytes, sizeof *pixels * width);
}

static void decode(Request *request)
{
    /* Why it cannot be read is told when it is opened. */
    g_autoptr(RhImage) image = rh_image_load_as(request->path, &request->reading, NULL);
    if (image == NULL)
        return;
    g_autoptr(RhImage) small = rh_image_thumbnail(image, request->side);
    request->texture = texture_of(small, request->side);
}

/* Once for each request; which one is decided now. */
static void work(gpointer data, gpointer unused)
{
    Shared *shared = data;
    g_mutex_lock(&shared->mutex);
    Request *request = g_queue_pop_head(&shared->waiting);
    g_mutex_unlock(&shared->mutex);
    if (request != NULL) {
        decode(request);
        g_mutex_lock(&shared->mutex);
        g_queue_push_tail(&shared->done, request);
        g_source_set_ready_time(shared->wakeup, 0);
        g_mutex_unlock(&shared->mutex);
    }
    shared_unref(shared);
}

static gboolean answer(gpointer data)
{
    RhThumbnails *thumbnails = data;
    Shared *shared = thumbnails->shared;
    g_mutex_lock(&shared->mutex);
    GQueue done = shared->done;
    g_queue_init(&shared->done);
    g_source_set_ready_time(shared->wakeup, -1);
    g_mutex_unlock(&shared->mutex);
    for (Request *request; (request = g_queue_pop_head(&done)) != NULL;) {
        thumbnails->ready(request->key, g_steal_pointer(&request->texture), thumbnails->data);
        request_free(request);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    return callback(data);
}

RhThumbnails *rh_thumbnails_new(RhThumbnailReady ready, gpointer data)
{
    static GSourceFuncs wakeup = {.dispatch = dispatch};
    RhThumbnails *thumbnails = g_new0(RhThumbnails, 1);
    Shared *shared = thumbnails->shared = g_new0(Shared, 1);
    thumbnails->ready = ready;
    thumbnails->data = data;
    g_atomic_ref_count_init(&shared->references);
    g_mutex_init(&shared->mutex);
    g_queue_init(&shared->waiting);
    g_queue_init(&shared->done);
    shared->wakeup = g_source_new(&wakeup, sizeof(GSource));
    g_source_set_callback(shared->wakeup, answer, thumbnails, NULL);
    g_source_set_priority(shared->wakeup, G_PRIORITY_DEFAULT_IDLE);
    g_source_attach(shared->wakeup, NULL);
    int threads = g_get_num_processors() > 2 ? 2 : 1;
    thumbnails->pool = g_thread_pool_new_full(work, NULL, shared_unref, threads, FALSE, NULL);
    return thumbnails;
}

void rh_thumbnails_free(RhThumbnails *thumbnails)
{
    if (thumbnails == NULL)
        return;
    Shared *shared = thumbnails->shared;
    g_source_destroy(shared->wakeup);
    g_mutex_lock(&shared->mutex);
    g_queue_clear_full(&shared->waiting, request_free);
    g_mutex_unlock(&shared->mutex);
    g_thread_pool_free(thumbnails->pool, FALSE, FALSE);
    shared_unref(shared);
    g_free(thumbnails);
}

void rh_thumbnails_request(RhThumbnails *thumbnails, gpointer key, char *path, const RhImageReading *reading,
                           guint side)
{
    Shared *shared = thumbnails->shared;
    Request *request = g_new0(Request, 1);
    *request = (Request){key, path, *reading, side, NULL};
    g_mutex_lock(&shared->mutex);
    g_queue_push_head(&shared->waiting, request);
    g_mutex_unlock(&shared->mutex);
    g_atomic_ref_count_inc(&shared->references);
    g_thread_pool_push(thumbnails->pool, shared, NULL);
}

gboolean rh_thumbnails_withdraw(RhThumbnails *thumbnails, gpointer key)
{
    Shared *shared = thumbnails->shared;
    Request *found = NULL;
    g_mutex_lock(&shared->mutex);
    for (GList *link = shared->waiting.head; link != NULL && found == NULL; link = link->next) {
        if (((Request *)link->data)->key == key) {
            found = link->data;
            g_queue_delete_link(&shared->waiting, link);
        }
    }
    g_mutex_unlock(&shared->mutex);
    if (found != NULL)
        request_free(found);
    return found != NULL;
}
