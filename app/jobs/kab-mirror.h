/* kab-mirror.h: a store that is opened by whoever needs it first, in that thread
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KabLedger KabLedger;
typedef struct _KabStore KabStore;

/* Any thread. Lets the main thread hand out a mirror that it may not open itself. */
#define KAB_TYPE_MIRROR (kab_mirror_get_type ())
G_DECLARE_FINAL_TYPE (KabMirror, kab_mirror, KAB, MIRROR, GObject)

KabMirror  *kab_mirror_new         (const char  *path);
const char *kab_mirror_get_path    (KabMirror   *self);
/* (transfer none): opened at most once; blocks. Makes the folder it lies in. */
KabStore   *kab_mirror_open        (KabMirror   *self,
                                    GError     **error);
/* (nullable): what was damaged and repaired since it was opened; see kab_store_dup_repair() */
char       *kab_mirror_dup_repair  (KabMirror   *self);
/* The ledger beside it, for this thread; blocks */
KabLedger  *kab_mirror_open_ledger (KabMirror   *self,
                                    GError     **error);

G_END_DECLS
