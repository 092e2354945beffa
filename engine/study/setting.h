/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "method/method.h"

/* A value a person sets, described: a table of these is what files, the options of the command line, the
 * window's fields and their help are made from. The values themselves lie in a struct. */
typedef enum {
    RH_SETTING_WHOLE,  /* guint */
    RH_SETTING_SEED,   /* guint64, any that fits a gint64 */
    RH_SETTING_REAL,   /* double */
    RH_SETTING_FLAG,   /* gboolean */
    RH_SETTING_CHOICE, /* one of a few, by what `choices` says */
} RhSettingKind;

typedef struct {
    const char *id;          /* in files and options */
    const char *title;       /* for people */
    const char *explanation; /* a plain sentence, in place of the setting's help; NULL: that does */
} RhChoice;

typedef struct {
    const RhChoice *entries;                  /* the last has no id */
    const char *(*read)(gconstpointer place); /* the id of what is chosen */
    gboolean (*take)(const char *id, gpointer place);
} RhChoices;

typedef struct {
    const char *key;    /* in files: "learning_rate" */
    const char *option; /* on the command line: "lr"; NULL: it has none of its own. Neighbours that share one
                           are its values, with commas between */
    guint group;
    const char *title, *help; /* for people; help: plain sentences */
    RhSettingKind kind;
    gsize offset;     /* in the struct */
    double low, high; /* of numbers */
    guint multiple;   /* a whole number is one of this; 0: any */
    const RhChoices *choices;
    /* Of the settings of a run: */
    RhMethodNeeds needs; /* it has a meaning where the method needs one of these; RH_METHOD_PLAIN: always */
    const char *method;  /* it has a meaning for this method only; NULL: for every one */
} RhSetting;

/* The value as text that rh_setting_parse reads; free with g_free. Flags are "true" and "false". */
char *rh_setting_text(const RhSetting *setting, gconstpointer values);
/* Takes the value if it is one: a number in range, a flag, the id of a choice. FALSE: nothing is changed. */
gboolean rh_setting_parse(const RhSetting *setting, const char *text, gpointer values);
gboolean rh_setting_equal(const RhSetting *setting, gconstpointer a, gconstpointer b);
