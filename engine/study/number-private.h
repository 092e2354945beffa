/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#define RH_NUMBER_SIZE G_ASCII_DTOSTR_BUF_SIZE

/* The shortest decimal text that reads back as the same double, whatever the locale. */
const char *rh_number_text(double value, char buffer[RH_NUMBER_SIZE]);
/* The whole of `text` as a number ("nan" and "inf" included); FALSE if it is none. */
gboolean rh_number_parse(const char *text, double *value);
