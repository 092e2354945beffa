/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Where the studies lie that the window makes. All paths are transfer full. */

char *rh_studies_folder(void);
/* Of the study of a folder of images: the same for the same folder. */
char *rh_studies_of_folder(const char *source);
/* Of its study under pseudonyms, which is another one, and of the key to it. */
void rh_studies_numbered(const char *source, char **study, char **key);
/* Of the chest films whose confounder has that id. */
char *rh_studies_films(const char *confounder);
