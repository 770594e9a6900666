/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-drafts.h"

#include "kab-ledger-deeds.h"
#include "kab-store.h"

static KabLedger *
open_ledger (KabMirror  *mirror,
             GError    **error)
{
  KabStore *store = kab_mirror_open (mirror, error);

  return store != NULL ? kab_store_open_ledger (store, error) : NULL;
}

GPtrArray *
kab_drafts_read (KabMirror  *mirror,
                 GError    **error)
{
  g_autoptr(KabLedger) ledger = open_ledger (mirror, error);

  return ledger != NULL ? kab_ledger_read_drafts (ledger, error) : NULL;
}

char *
kab_drafts_save (KabMirror   *mirror,
                 const char  *id,
                 const char  *name,
                 const char  *text,
                 const char  *extra,
                 GError     **error)
{
  g_autoptr(KabLedger) ledger = open_ledger (mirror, error);
  g_autoptr(KabDraft) draft = NULL;

  if (ledger == NULL)
    return NULL;

  draft = g_object_new (KAB_TYPE_DRAFT, NULL);
  draft->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  draft->name = g_strdup (name);
  draft->text = g_strdup (text);
  draft->extra = g_strdup (extra);
  draft->changed_at = g_get_real_time () / G_USEC_PER_SEC;

  return kab_ledger_write_draft (ledger, draft, error) ? g_strdup (draft->id) : NULL;
}

gboolean
kab_drafts_discard (KabMirror   *mirror,
                    const char  *id,
                    GError     **error)
{
  g_autoptr(KabLedger) ledger = open_ledger (mirror, error);

  return ledger != NULL && kab_ledger_delete_draft (ledger, id, error);
}
