/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/table.h"
#include "mask/labels.h"
#include "study/study.h"

/* A file of the source that is a picture by content or by name. */
typedef struct {
    char *path;         /* relative to the source */
    char *key;          /* the path as names are compared (rh_import_key) */
    const char *format; /* "TIFF"; static */
    guint64 size;       /* bytes */
    gboolean in_mask_folder;
    enum { RH_FILE_LEFT, RH_FILE_IMAGE, RH_FILE_MASK } use; /* what it was found to be */
    gboolean matched; /* a mask: the reason why it belongs to no image is told, or it belongs to one */
} RhImportFile;

/* All pictures below a folder. */
typedef struct {
    char *source;      /* absolute */
    GPtrArray *all;    /* RhImportFile, by path */
    GHashTable *tails; /* the key of each end of a path ("b/c.png", "c.png", "c") → GPtrArray of the files */
} RhImportFiles;

/* What is known of an image before it is opened; from a table or from where the file lies. "" is unknown. */
typedef struct {
    RhImportFile *file;
    char *label, *label_name, *confounder, *group, *split;
    char *mask_name;    /* as the table has it; "" once it is found */
    RhImportFile *mask; /* NULL: none */
    RhSplit place;      /* what `split` means */
    guint line;         /* of the table; 0: there is none */
    guint rows;         /* of the table, that are this image */
    gboolean left_out;  /* and the reason told */
} RhImportRow;

typedef struct {
    RhImportFiles *files;
    char *table_path; /* NULL: no table */
    GPtrArray *rows;  /* RhImportRow, one an image */
    gboolean has_confounder, has_split, has_masks;
    char *confounder_name;
} RhImportListing;

/* ── What is told ── */

RhImportSummary *rh_import_summary_new(void);
/* One more of a kind, and the sentence that says which and why. `kind` is a word for counts, to be
 * translated (static). */
void rh_import_tell(RhImportSummary *summary, RhImportSubject subject, const char *kind, const char *sentence,
                    ...) G_GNUC_PRINTF(4, 5);
/* Makes `notes` of the reasons. */
void rh_import_summary_close(RhImportSummary *summary);

/* ── Files ── */

RhImportFiles *rh_import_files_new(const char *source, RhImportSummary *summary, GCancellable *cancellable,
                                   GError **error);
void rh_import_files_free(RhImportFiles *files);
/* Names as they are compared: composed (NFC), without case, "/" between folders. */
char *rh_import_key(const char *path);
/* "a/b.png" → "a/b"; a dot that begins a name is no suffix. */
char *rh_import_stem(const char *path);
/* The format of a picture by the first bytes of its file or, where they do not say, by its name; NULL: it is
 * no picture. Static. */
const char *rh_import_format(const char *name, const guint8 *head, gsize length);
/* "masks", "lung_masks", "Segmentation": a folder of masks. */
gboolean rh_import_is_mask_folder(const char *name);
gboolean rh_import_format_is_read(const char *format);
/* The file that a cell of a table names: as written, with another case or suffix or without one, below other
 * folders, if it is one alone. Masks are looked for among masks first and are never images of rows. `several`
 * (may be NULL) tells whether more than one fits. Transfer none. */
RhImportFile *rh_import_files_find(const RhImportFiles *files, const char *name, gboolean mask,
                                   gboolean *several);
/* The file whose name differs least; NULL if there are no files. */
const RhImportFile *rh_import_files_nearest(const RhImportFiles *files, const char *name);

/* ── Rows ── */

/* Lists the images of a folder, by its table or by looking through it. */
RhImportListing *rh_import_list(const char *source, const RhImportSettings *settings,
                                RhImportSummary *summary, GCancellable *cancellable, GError **error);
void rh_import_listing_free(RhImportListing *listing);
/* The parts of it. */
gboolean rh_import_list_table(RhImportListing *listing, const RhImportSettings *settings,
                              RhImportSummary *summary, GError **error);
void rh_import_list_folder(RhImportListing *listing);
/* Tells masks from images by folder and by name. */
void rh_import_sort_masks(const RhImportListing *listing);
/* Gives each row its mask: by path, then by name, one to one or not at all. */
void rh_import_match_masks(const RhImportListing *listing, RhImportSummary *summary);
/* That a file is of a format that is not read. */
void rh_import_tell_format(RhImportSummary *summary, RhImportSubject subject, const RhImportFile *file);
/* Rows of one file, and files of one content, become one row. */
void rh_import_join_rows(RhImportListing *listing, RhImportSummary *summary);
gboolean rh_import_join_copies(RhImportListing *listing, RhImportSummary *summary, GCancellable *cancellable,
                               GError **error);
RhImportRow *rh_import_row_new(void);
void rh_import_row_free(RhImportRow *row);
/* "train", "valid", "dev", …; RH_SPLIT_NONE: no word for a split. */
RhSplit rh_import_split_word(const char *text);
/* Sets every row's `place` by what its `split` says, in words or as numbers. FALSE if that is nothing, unless
 * it was asked for. */
gboolean rh_import_read_splits(RhImportListing *listing, gboolean asked, RhImportSummary *summary);

/* ── Pseudonyms ── */

/* Numbers for names of images and patients, and the key that says which number was what. */
typedef struct _RhPseudonyms RhPseudonyms;
/* Where the key of a study lies: where it was asked for, or beside the study as “STUDY-key.csv”. Transfer
 * full. */
char *rh_pseudonyms_key_path(const char *study, const RhImportSettings *settings);
/* Those of a new study; refused where the key would lie within it, or where something is already. */
RhPseudonyms *rh_pseudonyms_begin(const char *study, const char *source, const RhImportSettings *settings,
                                  GError **error);
void rh_pseudonyms_free(RhPseudonyms *pseudonyms);
const char *rh_pseudonyms_path(const RhPseudonyms *pseudonyms); /* of the key */
/* Gives a case numbers for id, path and group: “image-0001”, “images/image-0001.png” and “patient-001”. */
void rh_pseudonyms_give(RhPseudonyms *pseudonyms, RhCase *item);
/* What a key says: id → path of the original image. Transfer full. */
GHashTable *rh_pseudonyms_read(const char *key, GError **error);
/* Moves every sentence that may name a file, a folder or a patient into the key; the counts stay. */
void rh_pseudonyms_hide(RhPseudonyms *pseudonyms, RhImportSummary *summary);
/* Writes the key, for its owner's eyes alone. */
gboolean rh_pseudonyms_save(const RhPseudonyms *pseudonyms, GError **error);

/* ── The same folder again ── */

/* Keeps in imported.csv what the folder says the labels are. */
gboolean rh_import_keep_labels(const RhStudy *study, GError **error);
/* Keeps in imported.ini the options that say what the folder means, and where a confounder that is a number
 * was cut; NAN: it is none. */
gboolean rh_import_keep_options(const RhStudy *study, const RhImportSettings *settings, double cut,
                                GError **error);
/* Puts them into the settings where these say nothing of the same subject; a study without any has none to
 * put there. `texts` is to outlive the settings. */
gboolean rh_import_recall_options(const RhStudy *study, RhImportSettings *settings, GStringChunk *texts,
                                  GError **error);

/* ── Pixels ── */

/* The image files of a listing: read upright, and what their bytes say of how the study reads them. */
typedef struct _RhImportImages RhImportImages;
RhImportImages *rh_import_images_new(const RhImportListing *listing);
void rh_import_images_free(RhImportImages *images);
/* The image of the row at a place. Rows may be loaded by several threads at once. */
RhImage *rh_import_images_load(RhImportImages *images, guint place, GError **error);
/* How that was turned; 0 if it could not be read. */
guint rh_import_images_orientation(const RhImportImages *images, guint place);
/* How the study reads its images, once all were loaded; tells what is not as a matter of course. */
void rh_import_images_settle(const RhImportImages *images, RhImageReading *reading, RhImportSummary *summary);

/* The masks that the rows of a listing have. All are looked at first: which labels they have decides, for all
 * alike, what of them is the region of interest. */
typedef struct _RhImportMasks RhImportMasks;
RhImportMasks *rh_import_masks_new(const RhImportListing *listing, const RhImportSettings *settings,
                                   RhImportSummary *summary, GCancellable *cancellable, GError **error);
void rh_import_masks_free(RhImportMasks *masks);
/* Whether no label is taken until one is chosen. */
gboolean rh_import_masks_wait_for_choice(const RhImportMasks *masks);
/* All labels there are; the masks'. */
const RhLabels *rh_import_masks_labels(const RhImportMasks *masks);
/* The mask of the row at a place, at the size of its image. Where the image was turned and the mask has the
 * size that is stored, the mask is turned along. Rows may be taken by several threads at once. */
RhMask *rh_import_masks_take(RhImportMasks *masks, guint place, const RhImage *image, guint orientation,
                             GError **error);
/* Tells what is odd about those that were taken. */
void rh_import_masks_tell(const RhImportMasks *masks, RhImportSummary *summary);

/* ── Values ── */

typedef enum { RH_IMPORT_LABEL, RH_IMPORT_CONFOUNDER } RhImportColumn;

/* A value of a column, and how many images have it. */
typedef struct {
    char *text;  /* as it is first written */
    char *key;   /* as values are compared: numbers as numbers, words whatever their case */
    guint count; /* images */
} RhImportValue;
void rh_import_value_clear(RhImportValue *value);
/* RhImportValue, the most frequent first; what stands for unknown is none. Transfer full. */
GArray *rh_import_values(const RhImportListing *listing, RhImportColumn column);

/* The two sides that the values of a column are on: class 0 and 1, or the two values of a confounder. */
typedef struct {
    char *names[2];
    GHashTable *places; /* key of a value or of a part of one → side; NULL: every value is unknown */
    guint8 rest;        /* the side of all others, or RH_UNKNOWN */
    gboolean is_guess;  /* the alphabet, and nothing better, told which is which */
    gboolean is_cut;    /* numbers: above `cut` is side 1 */
    double cut;
} RhTwoSides;
/* As the settings say; else the column must have two values. FALSE with an error that names them. */
gboolean rh_import_find_labels(const RhImportListing *listing, const RhImportSettings *settings,
                               RhTwoSides *sides, RhImportSummary *summary, GError **error);
gboolean rh_import_find_confounders(const RhImportListing *listing, const RhImportSettings *settings,
                                    RhTwoSides *sides, RhImportSummary *summary, GError **error);
void rh_two_sides_clear(RhTwoSides *sides);
/* 0, 1 or RH_UNKNOWN. A value of several parts ("A|B", "['a', 'b']") is on a side if some of them are and
 * none is on the other. */
guint8 rh_two_sides_place(const RhTwoSides *sides, const char *text);
/* Whether a value says "not ill", "nothing found" and the like, beside the other of two. */
gboolean rh_import_sounds_negative(const char *text, const char *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImportFiles, rh_import_files_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImportImages, rh_import_images_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImportMasks, rh_import_masks_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImportListing, rh_import_listing_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhPseudonyms, rh_pseudonyms_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RhTwoSides, rh_two_sides_clear)
