/* kab-file-row.h: a row with a file of the user: its name, a button to choose and one to clear
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Properties: "title", "path" (notifies), "placeholder" (subtitle while there is none). Only names; reads nothing. */
#define KAB_TYPE_FILE_ROW (kab_file_row_get_type ())
G_DECLARE_FINAL_TYPE (KabFileRow, kab_file_row, KAB, FILE_ROW, AdwActionRow)

const char *kab_file_row_get_path (KabFileRow *self);      /* never NULL: "" when none */
void        kab_file_row_set_path (KabFileRow *self,
                                   const char *path);      /* (nullable) */

G_END_DECLS
