/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-drafts.h"

#include "kab-ledger-deeds.h"
#include "kab-lookup.h"
#include "kab-session-rules.h"

GPtrArray *
kab_drafts_read (KabMirror  *mirror,
                 GError    **error)
{
  g_autoptr(KabLedger) ledger = kab_mirror_open_ledger (mirror, error);

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
  g_autoptr(KabLedger) ledger = kab_mirror_open_ledger (mirror, error);
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
  g_autoptr(KabLedger) ledger = kab_mirror_open_ledger (mirror, error);

  return ledger != NULL && kab_ledger_delete_draft (ledger, id, error);
}

/* Draft writes of one program, first come, first served: the texts are the newest of its id when its turn comes. */
static GMutex drafts_lock;
static GHashTable *newest_draft;      /* id → serial of the newest write, under drafts_lock */
static GHashTable *discarded;         /* ids whose discarding was asked for, under drafts_lock */

static void
note_discarded (const char *id,
                gboolean    is_discarded)
{
  g_mutex_lock (&drafts_lock);
  if (discarded == NULL)
    discarded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (is_discarded)
    g_hash_table_add (discarded, g_strdup (id));
  else
    g_hash_table_remove (discarded, id);
  g_mutex_unlock (&drafts_lock);
}

/* One that is thrown away at this moment is read no more, whichever thread comes first. */
static gpointer
read_drafts (const KabLookup  *lookup,
             GCancellable     *cancellable,
             GError          **error)
{
  GPtrArray *drafts = kab_drafts_read (lookup->mirror, error);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&drafts_lock);

  for (guint i = drafts != NULL && discarded != NULL ? drafts->len : 0; i-- > 0;)
    if (g_hash_table_contains (discarded, ((KabDraft *) drafts->pdata[i])->id))
      g_ptr_array_remove_index (drafts, i);

  return kab_lookup_to_list (KAB_TYPE_DRAFT, drafts);
}

void
kab_session_read_drafts_async (KabSession          *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  kab_lookup_run (self, kab_lookup_new (self, NULL), read_drafts, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_session_read_drafts_finish (KabSession    *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

/* The order of calls, which threads would not keep. */
static guint
note_newest (const char *id)
{
  static guint serial;
  guint mine;

  g_mutex_lock (&drafts_lock);
  if (newest_draft == NULL)
    newest_draft = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  mine = ++serial;
  g_hash_table_replace (newest_draft, g_strdup (id), GUINT_TO_POINTER (mine));
  g_mutex_unlock (&drafts_lock);

  return mine;
}

static gpointer
save_draft (const KabLookup  *lookup,
            GCancellable     *cancellable,
            GError          **error)
{
  char * const *texts = lookup->texts;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&drafts_lock);

  if (GPOINTER_TO_UINT (g_hash_table_lookup (newest_draft, texts[0])) != lookup->number)
    return g_strdup (texts[0]);       /* a newer one was faster, and is what counts */

  return kab_drafts_save (lookup->mirror, texts[0], texts[1], texts[2], texts[3], error);
}

void
kab_session_save_draft_async (KabSession          *self,
                              const char          *id,
                              const char          *name,
                              const char          *text,
                              const char          *extra,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autofree char *fresh = NULL;
  KabLookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));

  fresh = id == NULL ? g_uuid_string_random () : NULL;
  lookup = kab_lookup_new (self, id != NULL ? id : fresh);
  lookup->texts[1] = g_strdup (name);
  lookup->texts[2] = g_strdup (text);
  lookup->texts[3] = g_strdup (extra);
  lookup->number = note_newest (lookup->texts[0]);
  kab_lookup_run (self, lookup, save_draft, g_free, cancellable, callback, user_data);
}

char *
kab_session_save_draft_finish (KabSession    *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static gpointer
discard_draft (const KabLookup  *lookup,
               GCancellable     *cancellable,
               GError          **error)
{
  gboolean is_gone;

  g_mutex_lock (&drafts_lock);
  is_gone = kab_drafts_discard (lookup->mirror, lookup->texts[0], error);
  g_mutex_unlock (&drafts_lock);
  if (!is_gone)
    note_discarded (lookup->texts[0], FALSE);

  return GINT_TO_POINTER (is_gone);
}

void
kab_session_discard_draft_async (KabSession          *self,
                                 const char          *id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (id != NULL);

  note_newest (id);                          /* a save that waits comes to nothing */
  note_discarded (id, TRUE);
  kab_lookup_run (self, kab_lookup_new (self, id), discard_draft, NULL, cancellable, callback, user_data);
}

gboolean
kab_session_discard_draft_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return GPOINTER_TO_INT (kab_lookup_finish (self, result, error));
}
