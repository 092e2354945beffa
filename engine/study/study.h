/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/files.h"
#include "data/phantom.h"
#include "data/samples.h"
#include "data/split.h"
#include "data/synthetic.h"
#include "image/reading.h"
#include "mask/mask.h"

/* A study: a folder anyone can read, copy or write with another program (see README, "What is on disk").
 *
 *     study.ini            what the images are
 *     images.csv           id,path,label,confounder,split,group,mask  (one row an image)
 *     masks/ID.png         8-bit, 255 inside, at the image's full size
 *     reading.csv          id,answer,note,seconds,black,white,time  (what the expert said, a row where
 * anything) conflicts.csv        what was changed by two programs at once and could not be joined; only then
 *     queue.ini            which runs wait to be trained (queue.h); only while some do
 *     images/…             only where the study made its images itself
 *     runs/NAME/           see run.h
 *
 * Another program that writes images.csv needs path and label only: the id is then the file name without
 * suffix, and without a split column the division is made when the study is opened. Labels and confounder
 * values are the names in study.ini, or 0 and 1; empty is unknown.
 *
 * The object belongs to one thread (the window's main loop); workers get what they need as copies. */
typedef enum { RH_STUDY_IMAGES, RH_STUDY_INI, RH_STUDY_READINGS, RH_N_STUDY_FILES } RhStudyFile;

/* One of the three files as the study in memory last agreed with it. */
typedef struct {
    GBytes *
        text; /* all the study holds of it, in the program's own manner; NULL: it was never read or written */
    RhFileStamp stamp;
} RhStudyKnown;

typedef enum { RH_CONFOUNDER_NONE, RH_CONFOUNDER_COLUMN, RH_CONFOUNDER_MIRROR } RhConfounderKind;

typedef struct {
    char *folder; /* absolute */
    char *name;   /* for people */
    char *class_names[2];
    char *confounder_name;      /* "view"; NULL if there is none */
    char *confounder_values[2]; /* "PA", "AP": goes with class 0, with class 1 in training */
    RhConfounderKind confounder_kind;
    char *image_folder; /* where relative paths of images start: this folder or the one it was made from */
    RhImageReading reading; /* how their files are read */
    guint height, width;    /* size the network sees */
    RhSplitSettings split;
    GPtrArray *cases; /* RhCase, owned */
    GPtrArray *notes; /* char*, owned: sentences on what was amiss when it was opened */
    RhStudyKnown known[RH_N_STUDY_FILES];
    GPtrArray *clashes; /* char*, owned: sentences on what was changed here and elsewhere at once */
    GPtrArray *gone;    /* RhCase, owned: cases whose rows another program has removed since it was opened */
} RhStudy;

const char *rh_confounder_kind_name(RhConfounderKind kind); /* "none", "column", "mirror" */
gboolean rh_confounder_kind_parse(const char *name, RhConfounderKind *kind);
gboolean rh_study_is_one(const char *folder); /* has a study.ini */
RhStudy *rh_study_open(const char *folder, GError **error);
void rh_study_free(RhStudy *study);
/* Writes what was changed in memory into study.ini, images.csv and reading.csv as they are now, which may be
 * other than when they were read: what another program has changed since is joined with it by row and cell,
 * and is then in memory too. A cell changed on both sides holds the newer answer where that is known, else
 * that of memory; the other is kept in conflicts.csv of the study and told in `clashes`. A file in which
 * nothing changes is not written; reading.csv is removed if there is nothing to be said of any image. */
gboolean rh_study_save(RhStudy *study, GError **error);
/* Whether another program has written any of the three files of that folder since; they are not read. */
gboolean rh_study_is_changed_elsewhere(const char *folder, const RhStudyKnown known[RH_N_STUDY_FILES]);
/* From now on what is in memory counts as written: of a copy of what another has saved. */
void rh_study_rebase(RhStudy *study);
/* What `from` knows of the files (transfer full), which is left without. */
void rh_study_take_known(RhStudy *study, RhStudy *from);
/* Makes the study what `fresh`, a study of the same folder, is (transfer full). Cases that are in both stay
 * where they are in memory; those that are not in `fresh` lie in `gone` from then on. TRUE: something in it
 * is other than before. */
gboolean rh_study_take(RhStudy *study, RhStudy *fresh);

/* New studies. `folder` must not exist yet; it appears whole. */
typedef struct {
    const RhSyntheticVariant *variant;
    guint count[3]; /* training 500, validation 128, test 128 */
    guint32 seed;   /* sets are drawn from seed, seed+1, seed+2; 1 is the authors' */
    guint size;     /* 28 */
} RhSyntheticSettings;
RhSyntheticSettings rh_synthetic_settings_default(void);
RhStudy *rh_study_new_synthetic(const char *folder, const RhSyntheticSettings *settings, GError **error);

/* Called on the caller's thread: images done, of how many. */
typedef void (*RhStudyProgress)(guint done, guint total, gpointer data);

/* Films of the chest-film phantom (data/phantom.h). */
typedef struct {
    RhPhantomSettings film; /* confounder "marker", masks of the nodule, seed 1, size 96 */
    guint count[3];         /* training 400, validation 160, test 200; multiples of 4 */
    double agreement[3];    /* share of each class whose confounder goes with it: 1, 0.5, 0.5 */
} RhPhantomStudySettings;
RhPhantomStudySettings rh_phantom_study_settings_default(void);
RhStudy *rh_study_new_phantom(const char *folder, const RhPhantomStudySettings *settings,
                              RhStudyProgress progress, gpointer progress_data, GCancellable *cancellable,
                              GError **error);

/* What an import found and what became of it. Every file found has one fate, so that the numbers add up:
 * found = images + files left out, and images = those of the four splits; mask_files = masks + mask files
 * left out. */
typedef enum {
    RH_IMPORT_IMAGES, /* an image file was left out */
    RH_IMPORT_MASKS,  /* a mask file was */
    RH_IMPORT_ROWS,   /* a row of the table names no file */
    RH_IMPORT_WORD,   /* no file is left out, but something ought to be known */
} RhImportSubject;

typedef struct {
    RhImportSubject subject;
    const char *kind;     /* a few words, to be translated: "TIFF", "broken"; static */
    GPtrArray *sentences; /* char*, one a file or row: which, and why; "" if the key of pseudonyms has it */
} RhImportReason;

typedef struct {
    guint found, mask_files; /* files */
    guint images, masks;     /* taken of them */
    guint splits[RH_N_SPLITS];
    guint unlabelled;   /* of those in no split */
    guint cells[2][2];  /* label × confounder */
    GPtrArray *reasons; /* RhImportReason */
    GPtrArray *notes;   /* char*: a sentence a reason, with the first example and how many others there are */
    char *key;          /* path of the key of the pseudonyms; NULL: there are none */
} RhImportSummary;
void rh_import_summary_free(RhImportSummary *summary);
/* How many of a subject were left out. */
guint rh_import_summary_count(const RhImportSummary *summary, RhImportSubject subject);
/* The same by reason: "TIFF: 8, broken: 1", "" if there are none. Transfer full. */
char *rh_import_summary_reasons(const RhImportSummary *summary, RhImportSubject subject);

typedef struct {
    const char *table; /* NULL: images.csv, metadata.csv or the only table in the folder; without one: all
                          images, labels from the names of two sub-folders if there are two */
    const char *image_column, *label_column, *confounder_column, *group_column, *mask_column,
        *split_column; /* NULL: guessed */
    /* Values between commas, NULL: guessed where the label has two. What is neither is not used; with one of
     * them alone, all others are the other class. */
    const char *positive, *negative;
    const char *confounder_values; /* two, with a comma between them; several joined by "|" are one side */
    double confounder_above;       /* numbers above this are side 1; NAN: the median */
    const char *region; /* labels of the masks that are the region of interest, as rh_region_parse reads them;
                           NULL: what they leave no doubt of, else none, and that is noted */
    guint size;         /* the network's height and width; 0: 28 for images of 28, else 64 */
    RhSplitSettings split;
    gboolean split_asked; /* that kind of split and no other; else the source's own, where it has one */
    /* Images and patients get numbers for names, and the images are copied into the study as bare pixels, so
     * that nothing in it tells whose they are. The key, which number was what, is a file outside the study
     * that its owner alone can read. */
    gboolean pseudonyms;
    const char *key;   /* its path; NULL: STUDY-key.csv beside the study */
    GHashTable *known; /* paths of images, relative to the source, that are not taken; NULL: none */
} RhImportSettings;
RhImportSettings rh_import_settings_default(void);
/* Something an import would have to guess, or leave out. */
typedef struct {
    const char *option; /* of “rh new folder”, which answers it; static */
    char *reason;       /* why it is asked, and what */
    GPtrArray *answers; /* char*, for people; the first is what is done unasked, if anything is */
    GPtrArray *values;  /* char*, what rh_import_answer takes for each */
} RhImportQuestion;
/* RhImportQuestion, none if the folder and the words in it leave nothing to ask. Reads all masks. */
GPtrArray *rh_import_questions(const char *source, const RhImportSettings *settings,
                               GCancellable *cancellable, GError **error);
/* The settings keep the value, which is to outlive them. */
void rh_import_answer(RhImportSettings *settings, const char *option, const char *value);
/* A study of the images in `source`, which is only read. Broken images and masks are left out and noted. */
RhStudy *rh_study_new_from_folder(const char *folder, const char *source, const RhImportSettings *settings,
                                  RhImportSummary **summary, GCancellable *cancellable, GError **error);

/* What the folder that a study was made of has that it had not then. */
typedef struct {
    guint images;      /* new ones */
    guint labels;      /* others than before, and not changed in the study since */
    guint kept_labels; /* others than in the study, where they were changed or it is not known whether */
} RhImportChanges;
typedef enum {
    RH_IMPORT_TAKE_NOTHING,
    RH_IMPORT_TAKE_IMAGES = 1, /* into no set, unless the folder says into which */
    RH_IMPORT_TAKE_LABELS = 2,
} RhImportTake;
/* Compares the study with its folder; takes what is asked for, and saves. What the settings leave open is as
 * it was said when the study was made. Of new images `summary` tells (may be NULL; left alone if none are
 * taken). Reads files: not for the main loop.
 */
gboolean rh_study_import_again(RhStudy *study, const char *source, const RhImportSettings *settings,
                               RhImportTake take, RhImportChanges *changes, RhImportSummary **summary,
                               GCancellable *cancellable, GError **error);

/* FALSE (RH_ERROR_MISSING) if the folder the images are in is not there; the message says where that is
 * written. */
gboolean rh_study_check_images(const RhStudy *study, GError **error);
char *rh_study_image_path(const RhStudy *study, const RhCase *item);
/* The image of a case, read as the study says. */
RhImage *rh_study_load_image(const RhStudy *study, const RhCase *item, GError **error);
char *rh_study_mask_path(const RhStudy *study, const RhCase *item);
RhCase *rh_study_find_case(const RhStudy *study, const char *id);
/* Whether no group, no file and no content lies in two of the sets; else RH_ERROR_MISMATCH with the rows.
 * Reads files that are of one size. In a synthetic study contents may coincide, for each set is drawn by
 * itself. */
gboolean rh_study_check_split(const RhStudy *study, GError **error);
/* All labelled cases that lie in a split, at the network's size; an error if rh_study_check_split has one. An
 * image that can no longer be read is left out and noted (notes: GPtrArray of char*, may be NULL). `study`
 * may be a copy made for a worker thread. */
RhSamples *rh_study_load_samples(const RhStudy *study, GPtrArray *notes, RhStudyProgress progress,
                                 gpointer progress_data, GCancellable *cancellable, GError **error);
/* Reads the mask of the sample at a place again, into samples that are the caller's alone. TRUE if it
 * differs, at the network's size, from what was there. notes as above. */
gboolean rh_study_reload_mask(const RhStudy *study, RhSamples *samples, guint place, GPtrArray *notes);
/* A copy that shares nothing, for a worker. */
RhStudy *rh_study_copy(const RhStudy *study);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhStudy, rh_study_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImportSummary, rh_import_summary_free)
