/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas.h"
#include "canvas/minimap.h"
#include "images/image-list.h"
#include "masks/display-panel.h"
#include "masks/history-menu.h"
#include "masks/mask-menu.h"
#include "masks/queue-panel.h"
#include "model/live-saliency.h"
#include "model/live-training.h"
#include "model/map-cache.h"
#include "model/mask-keeper.h"
#include "model/run-item.h"
#include "model/run-queue.h"
#include "model/stopwatch.h"
#include "model/training-task.h"
#include "present/present.h"
#include "runs/learning-panel.h"
#include "runs/live-bar.h"
#include "runs/run-panel.h"
#include "runs/runs-list.h"
#include "runs/shift-panel.h"
#include "start/recent-list.h"
#include "study/run-selection.h"
#include "tools/tool-options.h"
#include "tools/toolbox.h"
#include "window/window-compare.h"
#include "window/window-history.h"
#include "window/window.h"

/* The window is one widget in several rooms: window.c holds the frame, the actions and the messages,
 * window-study.c opens studies, window-import.c tells what came of it, window-split.c looks at how they are
 * divided, window-again.c at what is new in their folder, window-editor.c works on whole masks,
 * window-image.c shows the image in view and what the network makes of it, window-queue.c what the expert
 * says of it, window-view.c how it is looked at, window-runs.c keeps the list of runs, window-run.c changes
 * one, window-run-queue.c keeps those that wait, window-training.c trains, window-estimate.c says how long
 * that takes, window-live.c retrains while masks are drawn, window-history.c goes back to earlier epochs,
 * window-compare.c shows several runs side by side, window-state.c remembers how it was left, window-recent.c
 * lists the studies that were open, window-welcome.c introduces the program, window-present.c shows the study
 * to an audience.
 */
struct _RhWindow {
    AdwApplicationWindow parent_instance;

    AdwWindowTitle *heading;
    AdwToastOverlay *toasts;
    GtkStack *pages; /* "work", "trouble", "welcome" */
    GtkWidget *images_button, *compare_button;
    AdwStatusPage *trouble;
    RhImageList *images;
    RhCanvas *canvas;
    GtkDropDown *map_choice;
    RhToolOptions *tool_options;
    RhMaskMenu *mask_menu;
    GtkButton *specks;
    GtkLabel *prediction, *map_note, *unsaved, *torn, *shared;
    RhRunPanel *run_panel;
    RhLearningPanel *learning;
    RhShiftPanel *shift;
    RhRunsList *runs_list;
    RhLiveBar *live_bar;
    AdwFlap *flap; /* the list of images beside, or where there is no room over, the rest */
    RhRecentList *recent_list;
    GMenu *recent_menu;
    GtkDropDown *select_by;

    GPtrArray *study_toasts; /* AdwToast: what they tell is of the study that is open */

    /* window-study.c */
    RhStudy *study; /* NULL: none is open yet */
    RhMaskKeeper *keeper;
    char *mask_failure;      /* why masks could not be saved last; NULL: they could */
    GCancellable *opening;   /* the study being opened or imported */
    GCancellable *comparing; /* the study's images with those of its runs */
    GCancellable *checking_split;
    GCancellable *looking_again; /* at the folder that the study was made of */
    RhStudy *next_study;         /* opened, to be shown when the present one is put away */
    RhImportSummary *next_summary;
    char *next_source, *next_key; /* the folder that it was made of before, and its key; NULL */

    /* window-import.c */
    const char *report_heading;
    char *import_report; /* of the last import or opening, for "Details" */

    /* window-image.c */
    char *image_id; /* in view */
    RhImage *image;
    RhMaskEditor *editor; /* the keeper's */
    GCancellable *image_loading;
    RhLiveSaliency *live;
    RhMapCache *maps; /* of networks beside the one that `live` follows */

    /* window-view.c */
    RhMinimap *minimap;
    RhDisplayPanel *display;
    GtkLabel *point;

    /* window-queue.c */
    RhQueuePanel *queue;
    RhStopwatch watch;   /* on the image in view */
    double kept_seconds; /* of the image in view, as the study and the watch last agreed */

    /* window-estimate.c */
    GHashTable *training_costs; /* kind of step → RhTrainingCost */
    GCancellable *measuring;    /* NULL: nothing is measured */
    guint estimate_timeout;

    /* window-runs.c */
    GListStore *runs;   /* RhRunItem */
    GPtrArray *deleted; /* RhRunItem, the last one last: set aside, deleted for good when the study is left */
    RhSelection selection;

    /* window-run-queue.c */
    RhRunQueue *run_queue;
    gboolean followed; /* the next run to begin is to be chosen: the view goes along */

    /* window-training.c */
    RhTrainingTask *training; /* NULL: nothing trains */
    RhRunItem *training_item; /* the run it trains */
    /* Called once when nothing trains and all masks are saved. */
    void (*when_quiet)(RhWindow *window);

    /* window-recent.c */
    RhRecentStudies *recent;

    /* window-live.c */
    RhLiveTraining *live_training;
    GListStore *live_runs; /* RhRunItem: now, and before the last stroke */
    RhParameters *live_weights, *live_weights_before;
    gboolean live_in_view;  /* until a run is chosen the maps are of it */
    gint64 live_stroke;     /* when the last one ended; 0: its curve is there, */
    gint64 live_stroke_map; /* likewise: 0: its map is, or is not due yet */

    RhWindowHistory history;
    RhWindowCompare compare;

    /* window-state.c */
    GSettings *settings; /* delayed: applied when the state is saved; NULL: there are none */
    GKeyFile *state;
    GError *state_error; /* why what was kept of the studies could not be read; NULL: it could, or was told */
    char *state_aside;   /* where it is now; NULL: where it was */
    guint state_timeout;
    char *queue_text; /* what the study says of who waits; NULL: nobody */
    GQueue unwritten; /* Unwritten */
    gboolean writing;
    gboolean restoring;

    RhPresent *present; /* window-present.c; kept while it was left; NULL: nothing was presented yet */

    gboolean closing;
};

/* window.c: messages for people */
void rh_window_toast(RhWindow *window, const char *text);
/* Takes a toast that tells of the study that is open; it goes with the study. */
void rh_window_add_study_toast(RhWindow *window, AdwToast *toast);
void rh_window_dismiss_study_toasts(RhWindow *window);
void rh_window_report(RhWindow *window, const char *heading, const char *message);
/* A file of the program's own was broken for that reason; aside: where it was put; NULL: it stays. */
void rh_window_report_broken(RhWindow *window, const char *heading, const char *reason, const char *aside);
void rh_window_show_details(RhWindow *window, const char *heading, const char *text);
void rh_window_closing_failed(RhWindow *window, const char *message);
void rh_window_set_enabled(RhWindow *window, const char *action, gboolean enabled);
void rh_window_update_undo(RhWindow *window); /* whether there is anything to undo */

/* window-again.c: looks for what the folder has that the study made of it has not, and offers it. `key`: of
 * the study's pseudonyms, or NULL. */
void rh_window_look_again(RhWindow *window, const char *source, const char *key);
void rh_window_stop_looking_again(RhWindow *window);

/* window-split.c: looks whether the division of the study can be used, and shows if it cannot */
void rh_window_check_split(RhWindow *window);

/* window-import.c: tells what came of an import, or what was amiss when the study in view was opened */
extern const GActionEntry rh_window_import_actions[];
extern const guint rh_window_n_import_actions;
void rh_window_tell_import(RhWindow *window, const RhImportSummary *summary);
void rh_window_tell_notes(RhWindow *window);

/* window-study.c */
extern const GActionEntry rh_window_study_actions[];
extern const guint rh_window_n_study_actions;
void rh_window_study_cleared(RhWindow *window);
void rh_window_drop_next_study(RhWindow *window);

/* window-image.c */
void rh_window_image_init(RhWindow *window);
void rh_window_show_image(RhWindow *window, const char *id); /* NULL: none */
void rh_window_follow_run(RhWindow *window);                 /* maps from the chosen run */
void rh_window_describe_image(RhWindow *window);
void rh_window_show_map(RhWindow *window, const RhSaliencyResult *result, const char *note);
void rh_window_show_no_map(RhWindow *window, const char *reason);

/* window-view.c: how the image is looked at */
void rh_window_view_init(RhWindow *window);

/* window-queue.c */
void rh_window_queue_init(RhWindow *window);
void rh_window_queue_enter(RhWindow *window); /* an image has come into view */
void rh_window_queue_leave(RhWindow *window); /* it is about to go */
void rh_window_queue_keep_time(RhWindow *window);
void rh_window_queue_refreshed(RhWindow *window); /* after another program has changed what is said */
void rh_window_update_queue(RhWindow *window);    /* after its mask or an answer has changed */

/* window-editor.c */
extern const GActionEntry rh_window_editor_actions[];
extern const guint rh_window_n_editor_actions;
void rh_window_editor_init(RhWindow *window);
void rh_window_operated(RhMaskKeeper *keeper, const char *id, const RhRectangle *touched, RhWindow *window);

/* window-estimate.c: how long a training will take */
void rh_window_update_estimate(RhWindow *window);
void rh_window_forget_estimate(RhWindow *window); /* what is being measured */

/* window-runs.c */
extern const GActionEntry rh_window_runs_actions[];
extern const guint rh_window_n_runs_actions;
void rh_window_runs_init(RhWindow *window);
void rh_window_load_runs(RhWindow *window);
void rh_window_reload_run(RhWindow *window, RhRunItem *item);
void rh_window_select_by(RhWindow *window, RhSelection selection); /* the epoch that counts, of all runs */
RhRunItem *rh_window_add_run(RhWindow *window, RhRun *run);        /* takes the run */
RhRunItem *rh_window_find_run(RhWindow *window, const char *id);
guint rh_window_group_of(RhWindow *window, const RhRun *run); /* the number of the group it belongs to */

/* window-run.c: actions on the run they are given */
void rh_window_delete_run(GSimpleAction *action, GVariant *id, gpointer window);
void rh_window_undo_delete_run(GSimpleAction *action, GVariant *id, gpointer window);
void rh_window_rename_run(GSimpleAction *action, GVariant *id, gpointer window);
void rh_window_duplicate_run(GSimpleAction *action, GVariant *id, gpointer window);
void rh_window_delete_hidden_runs(RhWindow *window); /* for good, without a way back */
/* Whether Undo brings back the run that was deleted last: the focus is among the runs, or there are none. */
gboolean rh_window_can_undo_deletion(RhWindow *window);
void rh_window_undo_last_deletion(RhWindow *window);

/* window-run-queue.c */
extern const GActionEntry rh_window_training_actions[];
extern const guint rh_window_n_training_actions;
void rh_window_run_queue_init(RhWindow *window);
void rh_window_begin_next(RhWindow *window); /* of the runs that wait, unless one trains */
/* Ids in the order they will be trained in, from the one that trains on; none if no other waits. Free with
 * g_strfreev. */
char **rh_window_waiting_runs(RhWindow *window);
void rh_window_restore_waiting_runs(RhWindow *window, char *const *ids);
/* Of the one that trains or of one that waits or could. */
void rh_window_pause_run(RhWindow *window, RhRunItem *item);
void rh_window_resume_run(RhWindow *window, RhRunItem *item);
void rh_window_stop_run(RhWindow *window, RhRunItem *item);

/* window-training.c */
void rh_window_begin_training(RhWindow *window, RhRunItem *item); /* nothing trains and all masks are saved */
void rh_window_update_training(RhWindow *window);                 /* buttons and status */
void rh_window_update_advice(RhWindow *window);                   /* on the masks the chosen method lacks */
/* Why nothing can be trained on the study that is open; NULL: it can. */
const char *rh_window_training_obstacle(RhWindow *window);
void rh_window_show_idle_status(RhWindow *window); /* of the chosen run, unless one trains */
/* Stops the training and has the masks saved; then calls. Replaces an earlier request. */
void rh_window_when_quiet(RhWindow *window, void (*call)(RhWindow *window));
void rh_window_look_if_quiet(RhWindow *window);

/* window-live.c */
void rh_window_live_init(RhWindow *window);
void rh_window_live_clear(RhWindow *window);
void rh_window_live_study_changed(RhWindow *window); /* there is another one, or none */
void rh_window_live_hold(RhWindow *window);          /* while a run is trained */
/* Maps from the live network; FALSE: there is none in view. */
gboolean rh_window_live_follow(RhWindow *window);
void rh_window_live_leave(RhWindow *window); /* until the next result */
void rh_window_live_map_shown(RhWindow *window);
/* Of one of the live runs; NULL: it is none, or its weights are gone. */
RhParameters *rh_window_live_weights(RhWindow *window, RhRunItem *item);
GListModel *rh_window_live_with_runs(RhWindow *window); /* of RhRunItem; unref it */

/* window-history.c */
extern const GActionEntry rh_window_history_actions[];
extern const guint rh_window_n_history_actions;
void rh_window_history_init(RhWindow *window);
void rh_window_history_clear(RhWindow *window);
/* Maps of the epoch gone back to; FALSE: none was. */
gboolean rh_window_history_follow(RhWindow *window);
void rh_window_history_leave(RhWindow *window);
void rh_window_history_epochs_changed(RhWindow *window);
char *rh_window_history_scores(const RhRun *run, guint epoch);
RhMapWish *rh_window_history_wish(RhWindow *window, const RhRun *run, guint epoch);

/* window-compare.c */
void rh_window_compare_init(RhWindow *window);
void rh_window_compare_clear(RhWindow *window);
gboolean rh_window_compare_is_on(RhWindow *window);
void rh_window_compare_image_changed(RhWindow *window); /* or the map */
void rh_window_compare_mask_changed(RhWindow *window);

/* window-state.c */
void rh_window_state_load(RhWindow *window);
void rh_window_state_constructed(RhWindow *window);   /* what a window under construction forgets */
void rh_window_state_restore_study(RhWindow *window); /* what belongs to the study just opened */
/* Once its runs are listed. waiting: ids of those that wait as the study says; NULL: that is not known. */
void rh_window_state_restore_runs(RhWindow *window, char *const *waiting);
void rh_window_state_clear(RhWindow *window);
void rh_window_state_changed(RhWindow *window); /* it is written soon */
void rh_window_state_save(RhWindow *window);    /* on a worker thread */

/* window-recent.c */
extern const GActionEntry rh_window_recent_actions[];
extern const guint rh_window_n_recent_actions;
void rh_window_recent_init(RhWindow *window);
char *rh_window_latest_study(RhWindow *window); /* its folder; NULL: none. Free with g_free */

/* window-present.c */
extern const GActionEntry rh_window_present_actions[];
extern const guint rh_window_n_present_actions;
void rh_window_present_clear(RhWindow *window);

/* window-welcome.c */
extern const GActionEntry rh_window_welcome_actions[];
extern const guint rh_window_n_welcome_actions;
/* Shows the introduction unless it was shown before; whether it does. */
gboolean rh_window_welcome(RhWindow *window);
