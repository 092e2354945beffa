/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study-support.h"

/* Numbers that do not add up are wrong whatever else is. */
static inline void assert_adds_up(const RhImportSummary *summary)
{
    guint splits = 0;
    for (guint i = 0; i < RH_N_SPLITS; i++)
        splits += summary->splits[i];
    g_assert_cmpuint(summary->images, ==, splits);
    g_assert_cmpuint(summary->found, ==,
                     summary->images + rh_import_summary_count(summary, RH_IMPORT_IMAGES));
    g_assert_cmpuint(summary->mask_files, ==,
                     summary->masks + rh_import_summary_count(summary, RH_IMPORT_MASKS));
}

/* What was left out, in words. */
static inline void assert_reasons(const RhImportSummary *summary, RhImportSubject subject,
                                  const char *expected)
{
    g_autofree char *reasons = rh_import_summary_reasons(summary, subject);
    g_assert_cmpstr(reasons, ==, expected);
    assert_adds_up(summary);
}
