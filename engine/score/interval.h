/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Student's t: the value that a share `probability` (0 … 1) lies below, with `degrees` of freedom (≥ 1). */
double rh_student_quantile(double probability, guint degrees);

typedef struct {
    double mean, low, high; /* NaN where there is nothing to say it of: bounds need two values */
} RhInterval;

/* Mean and 95 % t interval of independent values, such as runs that differ in their seed. A value that is no
 * number makes all three NaN. */
RhInterval rh_mean_interval(const double *values, guint count);
