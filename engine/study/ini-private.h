/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#define RH_INI_BYTES_MAX (1u << 20)

/* An .ini file as this program writes them, read with one check at the end: the first thing amiss is kept as
 * an error that names file and key, and what is read after it is a harmless value. */
typedef struct {
    char *path;
    GKeyFile *keys;
    GError *error;
    gboolean shortened; /* a name was */
} RhIni;

RhIni *rh_ini_open(const char *path, GError **error);
/* The same of what was read from that file. */
RhIni *rh_ini_parse(const char *path, const char *text, gsize length, GError **error);
/* FALSE and the error, if anything was amiss. */
gboolean rh_ini_check(RhIni *ini, GError **error);
void rh_ini_free(RhIni *ini);

gboolean rh_ini_has(const RhIni *ini, const char *group, const char *key);
char *rh_ini_string(RhIni *ini, const char *group, const char *key); /* "" if amiss */
/* The same as a name for people: on one line, nothing in it that steers a terminal, no longer than a name is
 * (base/text.h). What is read is hostile until then: a text without end makes a window too wide to be shown.
 */
char *rh_ini_name(RhIni *ini, const char *group, const char *key);
void rh_ini_pair(RhIni *ini, const char *group, const char *key, char *values[2]); /* names: a;b */
/* a;b;c, at most so many: a GStrv, empty if amiss. */
char **rh_ini_list(RhIni *ini, const char *group, const char *key, guint most);
guint64 rh_ini_integer(RhIni *ini, const char *group, const char *key, guint64 low, guint64 high);
double rh_ini_number(RhIni *ini, const char *group, const char *key, double low, double high);
/* A name that is none of those known. */
void rh_ini_refuse(RhIni *ini, const char *group, const char *key, const char *value);

void rh_ini_set_pair(GKeyFile *keys, const char *group, const char *key, char *const values[2]);
void rh_ini_set_number(GKeyFile *keys, const char *group, const char *key, double value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhIni, rh_ini_free)
