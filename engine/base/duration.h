/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A duration for people, rounded up to whole seconds: "0:03", "12:40", "1:02:03"; "0:00" for what is negative
 * or not finite. Transfer full. */
char *rh_duration_text(double seconds);
