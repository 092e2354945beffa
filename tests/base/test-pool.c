/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/pool.h"

#include <stdatomic.h>

typedef struct {
    _Atomic guint done[64];
} Pieces;

static void mark(guint piece, gpointer data)
{
    atomic_fetch_add(&((Pieces *)data)->done[piece], 1);
}

/* Every piece exactly once, over many short calls with and without time to fall asleep in between. */
static void test_each_piece_once(void)
{
    for (guint threads = 1; threads <= 5; threads++) {
        g_autoptr(RhPool) pool = rh_pool_new(threads);
        g_assert_cmpuint(rh_pool_threads(pool), ==, threads);
        for (guint call = 0; call < 3000; call++) {
            Pieces pieces = {0};
            guint count = call % 64;
            rh_pool_run(pool, count, mark, &pieces);
            for (guint i = 0; i < 64; i++)
                g_assert_cmpuint(pieces.done[i], ==, i < count);
            if (call % 1000 == 0)
                g_usleep(2000);
        }
    }
}

static void test_no_pool(void)
{
    Pieces pieces = {0};
    rh_pool_run(NULL, 10, mark, &pieces);
    for (guint i = 0; i < 64; i++)
        g_assert_cmpuint(pieces.done[i], ==, i < 10);
    g_assert_cmpuint(rh_pool_threads(NULL), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pool/each-piece-once", test_each_piece_once);
    g_test_add_func("/pool/no-pool", test_no_pool);
    return g_test_run();
}
