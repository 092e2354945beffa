/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "study/run-settings.h"

/* A row of results as named values: JSON and tables are made of it alike, so that both always hold the same.
 * What does not exist (NULL, NaN) is null in JSON and an empty cell. */
typedef struct _RhRecord RhRecord;

RhRecord *rh_record_new(void);
void rh_record_free(RhRecord *record);
/* `name` is kept, not copied. */
void rh_record_text(RhRecord *record, const char *name, const char *text);
void rh_record_value(RhRecord *record, const char *name, double value);
void rh_record_whole(RhRecord *record, const char *name, gint64 value);
void rh_record_flag(RhRecord *record, const char *name, gboolean flag);
/* Every setting by its name in run.ini; what has no meaning for the method does not exist. */
void rh_record_settings(RhRecord *record, const RhRunSettings *settings);
/* As one object. */
void rh_record_add_json(const RhRecord *record, JsonBuilder *builder);
/* Of records (RhRecord) a table as CSV, a column a name, in the order in which the names first come; numbers
 * with as many digits as give them back exactly. Free with g_free. */
char *rh_records_table(const GPtrArray *records);
