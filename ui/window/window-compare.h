/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "compare/compare-view.h"
#include "model/run-watch.h"

/* The image in view under several runs. A part of the window; its functions are the window's
 * (window-private.h). */
typedef struct {
    RhCompareView *view;
    RhRunWatch watch;        /* all runs */
    GPtrArray *items, *keys; /* RhRunItem that are shown; what names their maps in the cache */
} RhWindowCompare;
