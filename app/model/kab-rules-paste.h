/* kab-rules-paste.h: articles and ids out of mails, tables and clipboards
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-update-index.h"

G_BEGIN_DECLS

#define KAB_RULES_PASTE_MAX_SIZE  (4 * 1024 * 1024)   /* bytes that are looked at */
#define KAB_RULES_PASTE_MAX_ITEMS 10000

typedef enum {
  KAB_PASTE_KB,            /* "KB5063878" */
  KAB_PASTE_ID,            /* "<guid>_<revision>" */
  KAB_PASTE_GUID,          /* of an update, without a revision */
} KabPasteKind;

typedef struct {
  KabPasteKind  kind;
  char         *text;      /* in the form above: KB in capitals, GUIDs in small letters */
  GArray       *matches;   /* (element-type guint): positions in the index; empty = the server knows none */
} KabPasteItem;

/**
 * kab_rules_paste:
 * @text: anything; need not be UTF-8
 * @index: (nullable): what to look articles up in
 * @is_cut: (out) (optional): it was larger than the limits, and the rest was not looked at
 *
 * A number counts as an article where "KB" stands before it, where it stands alone between separators, or where it is part
 * of an address of Microsoft's support or catalogue; 6 to 8 digits. In a file name like
 * "windows10.0-kb5063878-x64_<sha1>.msu" the article is found too. A number that stands alone and that @index does not
 * know is left out: it may be a telephone number.
 *
 * Returns: (element-type KabPasteItem): each once, in the order of the text
 */
GPtrArray *kab_rules_paste (const char      *text,
                            gsize            length,
                            KabUpdateIndex  *index,
                            gboolean        *is_cut);

G_END_DECLS
