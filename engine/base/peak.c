/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/peak.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/processors.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BURST_SECONDS 0.02
#define BURSTS        7 /* the fastest counts: a processor takes a while to come to its full clock */

/* A multiply-add takes about four cycles and two begin in each: twelve chains keep both units busy, and fit
 * into sixteen registers with the two constants. */
#define CHAINS         12
#define EACH_CHAIN(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

/* How to keep one processor busy, by the vectors it has. */
typedef struct {
    const char *vectors;
    guint lanes; /* numbers in a vector */
    gboolean (*available)(void);
    float (*burst)(gsize rounds); /* CHAINS multiply-adds of vectors a round; the result is of no interest */
} Kind;

/* x ← x·½ + 1 stays near 2. */
#define BURST(NAME, TARGET, VECTOR, ALL, MULTIPLY_ADD)                                                       \
    TARGET static float NAME(gsize rounds)                                                                   \
    {                                                                                                        \
        typedef VECTOR Vector;                                                                               \
        const Vector half = ALL(0.5f), one = ALL(1.0f);                                                      \
        EACH_CHAIN(BEGIN_CHAIN)                                                                              \
        for (gsize round = 0; round < rounds; round++) {                                                     \
            EACH_CHAIN(MULTIPLY_ADD)                                                                         \
        }                                                                                                    \
        return (EACH_CHAIN(ADD_CHAIN) one)[0];                                                               \
    }
#define BEGIN_CHAIN(I) Vector x##I = one * (float)I;
#define ADD_CHAIN(I)   x##I +

typedef float Plain __attribute__((vector_size(16)));
#define PLAIN_ALL(VALUE) ((Plain){VALUE, VALUE, VALUE, VALUE})
#define PLAIN_ADD(I)     x##I = x##I * half + one;
BURST(burst_plain, , Plain, PLAIN_ALL, PLAIN_ADD)

static gboolean anywhere(void)
{
    return TRUE;
}

#if defined(__x86_64__)
#define AVX2_ADD(I)   x##I = _mm256_fmadd_ps(x##I, half, one);
#define AVX512_ADD(I) x##I = _mm512_fmadd_ps(x##I, half, one);
BURST(burst_avx2, __attribute__((target("avx2,fma"))), __m256, _mm256_set1_ps, AVX2_ADD)
BURST(burst_avx512, __attribute__((target("avx512f"))), __m512, _mm512_set1_ps, AVX512_ADD)

static gboolean has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static gboolean has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}
#endif

/* The widest first. */
static const Kind kinds[] = {
#if defined(__x86_64__)
    {"AVX-512", 16, has_avx512, burst_avx512},
    {"AVX2", 8, has_avx2, burst_avx2},
#endif
    {"plain", 4, anywhere, burst_plain},
};

static const Kind *widest(void)
{
    const Kind *kind = kinds;
    while (!kind->available())
        kind++;
    return kind;
}

/* Threads, each on a processor of its own, that do the same burst at the same time again and again. */
typedef struct _Worker Worker;

typedef struct {
    void (*burst)(const Worker *worker);
    const Kind *kind; /* of arithmetic */
    gsize rounds;     /* of such a burst */
    pthread_barrier_t barrier;
} Job;

struct _Worker {
    Job *job;
    const RhProcessors *processors;
    guint processor;
    guint64 *memory; /* of its own, to be read; NULL */
    GThread *thread;
    double begun[BURSTS], ended[BURSTS]; /* seconds */
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + now.tv_nsec / 1e9;
}

static void compute(const Worker *worker)
{
    volatile float result = worker->job->kind->burst(worker->job->rounds);
    (void)result;
}

/* Much more than caches hold. A word of each line is enough to have the line brought. */
#define MEMORY_BYTES ((gsize)128 << 20)
#define LINE_WORDS   8

static void read_memory(const Worker *worker)
{
    guint64 sum = 0;
    for (gsize i = 0; i < MEMORY_BYTES / sizeof sum; i += LINE_WORDS)
        sum += worker->memory[i];
    volatile guint64 result = sum;
    (void)result;
}

/* As many rounds as take about so long. */
static void set_length(Job *job)
{
    const Worker alone = {.job = job};
    double start;
    job->rounds = 1024;
    do {
        job->rounds *= 2;
        start = seconds_now();
        compute(&alone);
    } while (seconds_now() - start < BURST_SECONDS);
}

static gpointer work(gpointer data)
{
    Worker *worker = data;
    rh_processors_stay_on(worker->processors, worker->processor);
    for (guint burst = 0; burst < BURSTS; burst++) {
        pthread_barrier_wait(&worker->job->barrier);
        worker->begun[burst] = seconds_now();
        worker->job->burst(worker);
        worker->ended[burst] = seconds_now();
    }
    return NULL;
}

/* From the first worker's beginning to the last one's end. */
static double length_of(const Worker *workers, guint count, guint burst)
{
    double begun = workers[0].begun[burst], ended = workers[0].ended[burst];
    for (guint i = 1; i < count; i++) {
        begun = MIN(begun, workers[i].begun[burst]);
        ended = MAX(ended, workers[i].ended[burst]);
    }
    return ended - begun;
}

/* Seconds of the fastest burst of so many workers. */
static double run_bursts(Job *job, guint count, const RhProcessors *processors, guint64 *const *memory)
{
    double fastest = G_MAXDOUBLE;
    g_autofree Worker *workers = g_new0(Worker, count);
    pthread_barrier_init(&job->barrier, NULL, count);
    for (guint i = 0; i < count; i++) {
        workers[i] = (Worker){.job = job,
                              .processors = processors,
                              .processor = i,
                              .memory = memory != NULL ? memory[i] : NULL};
        workers[i].thread = g_thread_new("rh-peak", work, &workers[i]);
    }
    for (guint i = 0; i < count; i++)
        g_thread_join(workers[i].thread);
    pthread_barrier_destroy(&job->barrier);
    for (guint burst = 0; burst < BURSTS; burst++)
        fastest = MIN(fastest, length_of(workers, count, burst));
    return fastest;
}

double rh_peak_measure(guint threads, const char **vectors)
{
    Job job = {.burst = compute, .kind = widest()};
    g_autoptr(RhProcessors) processors = rh_processors_new();
    guint count = CLAMP(threads, 1, rh_processors_count(processors));
    set_length(&job);
    if (vectors != NULL)
        *vectors = job.kind->vectors;
    double operations = 2.0 * CHAINS * job.kind->lanes * (double)job.rounds * count;
    return operations / run_bursts(&job, count, processors, NULL) / 1e9;
}

double rh_peak_bandwidth(guint threads)
{
    Job job = {.burst = read_memory};
    g_autoptr(RhProcessors) processors = rh_processors_new();
    guint count = CLAMP(threads, 1, rh_processors_count(processors));
    g_autofree guint64 **memory = g_new(guint64 *, count);
    for (guint i = 0; i < count; i++) {
        memory[i] = g_malloc(MEMORY_BYTES);
        memset(memory[i], 1, MEMORY_BYTES); /* pages of its own, not one page of zeros */
    }
    double seconds = run_bursts(&job, count, processors, memory);
    for (guint i = 0; i < count; i++)
        g_free(memory[i]);
    return (double)MEMORY_BYTES * count / seconds / 1e9;
}
