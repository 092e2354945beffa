/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the keeper of masks shares with that of the tables. */
#include "model/mask-keeper-job.h"
#include "model/mask-keeper.h"

/* The study's tables, all three. */
typedef struct {
    guint64 revision; /* counts what is changed here */
    guint64 saved;    /* the revision that is on disk */
    gboolean unsaved, under_way;
    gboolean changed_elsewhere, looking; /* what is known of it; whether it is being found out */
    char *failure;                       /* why they could not be saved, or read, last; NULL: they could */
} RhMaskKeeperTables;

struct _RhMaskKeeper {
    GObject parent_instance;
    RhStudy *study;
    GHashTable *entries; /* id → Entry */
    GQueue opened;       /* Entry, the last opened first */
    RhMaskKeeperTables tables;
    GFileMonitor *monitor; /* of the study's folder; NULL: there is none */
    guint look_timer;
    RhPresence *presence;
    char *others;    /* who else has the study open */
    gsize bytes_max; /* of all entries */

    GThreadPool *worker;     /* one thread: saves keep their order */
    GThreadPool *operations; /* one thread, so that operations need not wait for saves */
    GAsyncQueue *done;       /* RhSaveJob */
    GSource *wakeup;         /* made ready by the worker */
    guint under_way;
    guint timer;
    gint64 due;   /* when the timer fires */
    gint64 begun; /* when a mask was handed to the worker last */
    GError *last_error;
};

/* Hands a job to the thread that saves. */
void rh_mask_keeper_submit(RhMaskKeeper *keeper, RhSaveJob *job);
/* Says why saving failed, once for each reason, which `failure` keeps. id is "" for the tables. */
void rh_mask_keeper_tell_failure(RhMaskKeeper *keeper, char **failure, const char *id, const GError *error);

/* Notes that the tables are other than on disk. */
void rh_mask_keeper_change_tables(RhMaskKeeper *keeper);
/* Saves what is changed here, and takes in what is changed elsewhere. */
void rh_mask_keeper_submit_tables(RhMaskKeeper *keeper);
/* On the main loop, after a job of the tables, or one that looked at them, has run. */
void rh_mask_keeper_tables_saved(RhMaskKeeper *keeper, RhSaveJob *job);
void rh_mask_keeper_looked(RhMaskKeeper *keeper, const RhSaveJob *job);
/* Looks for what other programs write, from now on. */
void rh_mask_keeper_watch_tables(RhMaskKeeper *keeper);
