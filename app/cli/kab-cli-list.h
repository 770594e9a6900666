/* kab-cli-list.h: query, order and limit of `list` verbs
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-cli.h"
#include "kab-record-list.h"

G_BEGIN_DECLS

/* A word of --sort. */
typedef struct {
  const char *word;
  KabSort     sort;
} KabCliSort;

/* (element-type guint): indices of the rows to print, in order. The first of @sorts is the default. */
GArray *kab_cli_list_rows   (KabCli           *cli,
                             KabQueryDomain    domain,
                             const KabCliSort *sorts,
                             guint             n_sorts,
                             GError          **error);
/* "KB5031354, KB5031356" → "5031354", "5031356" */
GStrv   kab_cli_split_kbs   (const char       *kbs);

G_END_DECLS
