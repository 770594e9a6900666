/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-ledger-deeds.h"

#include "kab-error.h"
#include "kab-fault.h"
#include "kab-ledger-private.h"

#define N_TEXTS      KAB_N_APPROVAL_TEXTS
#define TEXT_COLUMNS KAB_APPROVAL_COLUMNS
#define TEXT_PLACES  "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15"

void
kab_journal_fault_point (const char *name)
{
  kab_fault_point (name);
}

static void
bind_texts (KabStatement *stmt,
            KabApproval  *approval)
{
  for (int i = 0; i < N_TEXTS; i++)
    {
      const char *text = *kab_approval_text (approval, i);

      kab_statement_bind_text (stmt, i + 1, text != NULL ? text : "");
    }
}

static KabApproval *
read_texts (KabStatement *stmt)
{
  KabApproval *approval = g_object_new (KAB_TYPE_APPROVAL, NULL);

  for (int i = 0; i < N_TEXTS; i++)
    {
      const char *text = kab_statement_get_text (stmt, i);

      g_free (*kab_approval_text (approval, i));
      *kab_approval_text (approval, i) = g_strdup (text != NULL ? text : "");
    }
  approval->id = kab_statement_get_int64 (stmt, N_TEXTS);
  approval->at = kab_statement_get_int64 (stmt, N_TEXTS + 1);

  return approval;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static void
bind_step (KabStatement   *stmt,
           KabJournalStep *step,
           gint64          entry,
           guint           number)
{
  bind_texts (stmt, step->approval);
  kab_statement_bind_text (stmt, 16, or_empty (step->section));
  kab_statement_bind_text (stmt, 17, or_empty (step->expected));
  kab_statement_bind_text (stmt, 18, or_empty (step->file_name));
  kab_statement_bind_text (stmt, 19, or_empty (step->message));
  kab_statement_bind_int64 (stmt, 20, entry);
  kab_statement_bind_int64 (stmt, 21, number);
  kab_statement_bind_int64 (stmt, 22, step->kind);
  kab_statement_bind_int64 (stmt, 23, step->state);
}

static gboolean
write_step (KabLedger        *self,
            KabJournalEntry  *entry,
            guint             number,
            GError          **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (self->database,
                               "INSERT OR REPLACE INTO steps (" TEXT_COLUMNS ", section, expected, place, message,"
                               " journal, number, kind, state) VALUES (" TEXT_PLACES
                               ", ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)", error);
  if (stmt == NULL)
    return FALSE;

  bind_step (stmt, entry->steps->pdata[number], entry->id, number);
  return kab_database_run (self->database, stmt, error);
}

static gboolean
insert_entry (KabLedger        *self,
              KabJournalEntry  *entry,
              GError          **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (self->database,
                               "INSERT INTO journal (deed, draft, begun_at, ended_at) VALUES (?1, ?2, ?3, 0)", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_text (stmt, 1, entry->deed);
  kab_statement_bind_text (stmt, 2, or_empty (entry->draft_id));
  kab_statement_bind_int64 (stmt, 3, entry->begun_at);
  if (!kab_database_run (self->database, stmt, error))
    return FALSE;

  entry->id = kab_database_get_last_rowid (self->database);
  for (guint i = 0; i < entry->steps->len; i++)
    if (!write_step (self, entry, i, error))
      return FALSE;
  return TRUE;
}

static gboolean
commit (KabLedger   *self,
        const char  *place,
        GError     **error)
{
  g_autofree char *before = g_strconcat (place, "-before-commit", NULL);
  g_autofree char *after = g_strconcat (place, "-after-commit", NULL);

  kab_fault_point (before);
  if (!kab_database_commit (self->database, error))
    return FALSE;
  kab_fault_point (after);
  return TRUE;
}

gboolean
kab_ledger_begin_deed (KabLedger        *self,
                       KabJournalEntry  *entry,
                       GError          **error)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  if (!kab_database_begin (self->database, error))
    return FALSE;
  if (!insert_entry (self, entry, error))
    {
      kab_database_rollback (self->database);
      entry->id = 0;
      return FALSE;
    }
  return commit (self, "journal-begin", error);
}

gboolean
kab_ledger_note_step (KabLedger        *self,
                      KabJournalEntry  *entry,
                      guint             number,
                      GError          **error)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  if (!kab_database_begin (self->database, error))
    return FALSE;
  for (guint i = 0; i < entry->steps->len; i++)
    if ((i == number || number == G_MAXUINT) && !write_step (self, entry, i, error))
      {
        kab_database_rollback (self->database);
        return FALSE;
      }
  return commit (self, "journal-step", error);
}

static gboolean
insert_approval (KabLedger    *self,
                 KabApproval  *approval,
                 GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (self->database,
                               "INSERT INTO approvals (" TEXT_COLUMNS ", at) VALUES (" TEXT_PLACES ", ?16)", error);
  if (stmt == NULL)
    return FALSE;

  bind_texts (stmt, approval);
  kab_statement_bind_int64 (stmt, 16, approval->at);
  if (!kab_database_run (self->database, stmt, error))
    return FALSE;

  approval->id = kab_database_get_last_rowid (self->database);
  return TRUE;
}

static gboolean
run_with_text (KabLedger   *self,
               const char  *sql,
               const char  *text,
               GError     **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (self->database, sql, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_text (stmt, 1, text);
  return kab_database_run (self->database, stmt, error);
}

static gboolean
close_entry (KabLedger        *self,
             KabJournalEntry  *entry,
             gint64            now,
             GError          **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  gboolean any = FALSE;

  for (guint i = 0; i < entry->steps->len; i++)
    {
      KabJournalStep *step = entry->steps->pdata[i];

      if (step->state != KAB_STEP_DONE)
        continue;
      any = TRUE;
      if (*step->approval->deed == '\0')
        continue;
      step->approval->at = now;
      if (!insert_approval (self, step->approval, error))
        return FALSE;
    }
  if (any && entry->draft_id != NULL && *entry->draft_id != '\0' &&
      !run_with_text (self, "DELETE FROM drafts WHERE id = ?1", entry->draft_id, error))
    return FALSE;

  stmt = kab_database_prepare (self->database, "UPDATE journal SET ended_at = ?2 WHERE id = ?1 AND ended_at = 0", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_int64 (stmt, 1, entry->id);
  kab_statement_bind_int64 (stmt, 2, MAX (now, 1));
  return kab_database_run (self->database, stmt, error);
}

gboolean
kab_ledger_end_deed (KabLedger        *self,
                     KabJournalEntry  *entry,
                     gint64            now,
                     GError          **error)
{
  g_return_val_if_fail (self != NULL && entry != NULL && entry->id != 0, FALSE);

  if (!kab_database_begin (self->database, error))
    return FALSE;
  if (!close_entry (self, entry, now, error))
    {
      kab_database_rollback (self->database);
      return FALSE;
    }
  return commit (self, "journal-end", error);
}

static gboolean
read_steps (KabLedger        *self,
            KabJournalEntry  *entry,
            GError          **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (self->database,
                               "SELECT " TEXT_COLUMNS ", 0, 0, section, expected, place, message, kind, state"
                               " FROM steps WHERE journal = ?1 ORDER BY number", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, entry->id);
  while (kab_statement_step (stmt, &local_error))
    {
      KabJournalStep *step = g_new0 (KabJournalStep, 1);

      step->approval = read_texts (stmt);
      step->section = g_strdup (or_empty (kab_statement_get_text (stmt, N_TEXTS + 2)));
      step->expected = g_strdup (or_empty (kab_statement_get_text (stmt, N_TEXTS + 3)));
      step->file_name = g_strdup (or_empty (kab_statement_get_text (stmt, N_TEXTS + 4)));
      step->message = g_strdup (or_empty (kab_statement_get_text (stmt, N_TEXTS + 5)));
      step->kind = (KabStepKind) kab_statement_get_int64 (stmt, N_TEXTS + 6);
      step->state = (KabStepState) kab_statement_get_int64 (stmt, N_TEXTS + 7);
      g_ptr_array_add (entry->steps, step);
    }
  return kab_error_is_none (&local_error, error);
}

GPtrArray *
kab_ledger_read_open_deeds (KabLedger  *self,
                            GError    **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_journal_entry_free);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  stmt = kab_database_prepare (self->database,
                               "SELECT id, deed, draft, begun_at FROM journal WHERE ended_at = 0 ORDER BY id", error);
  if (stmt == NULL)
    return NULL;
  while (kab_statement_step (stmt, &local_error))
    {
      KabJournalEntry *entry = kab_journal_entry_new (or_empty (kab_statement_get_text (stmt, 1)));

      entry->id = kab_statement_get_int64 (stmt, 0);
      entry->draft_id = g_strdup (or_empty (kab_statement_get_text (stmt, 2)));
      entry->begun_at = kab_statement_get_int64 (stmt, 3);
      g_ptr_array_add (entries, entry);
    }
  for (guint i = 0; local_error == NULL && i < entries->len; i++)
    read_steps (self, entries->pdata[i], &local_error);
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&entries) : NULL;
}

static GPtrArray *
read_approvals (KabLedger   *self,
                const char  *sql,
                const char  *package,
                guint        limit,
                GError     **error)
{
  g_autoptr(GPtrArray) approvals = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabStatement) stmt = kab_database_prepare (self->database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (stmt == NULL)
    return NULL;

  kab_statement_bind_text (stmt, 1, package);
  kab_statement_bind_int64 (stmt, 2, limit > 0 ? (gint64) limit : -1);
  while (kab_statement_step (stmt, &local_error))
    g_ptr_array_add (approvals, read_texts (stmt));
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&approvals) : NULL;
}

GPtrArray *
kab_ledger_read_approvals (KabLedger   *self,
                           const char  *package,
                           guint        limit,
                           GError     **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return read_approvals (self, "SELECT " TEXT_COLUMNS ", id, at FROM approvals"
                         " WHERE ?1 IS NULL OR package = ?1 OR instr (',' || package || ',', ',' || ?1 || ',') > 0"
                         " ORDER BY id DESC LIMIT ?2", package, limit, error);
}

gboolean
kab_ledger_add_kept (KabLedger    *self,
                     KabApproval  *kept,
                     GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  g_return_val_if_fail (self != NULL && kept != NULL, FALSE);

  stmt = kab_database_prepare (self->database,
                               "INSERT OR IGNORE INTO kept (sha256, package, version, maturity, package_uuid, signer,"
                               " fingerprint, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_text (stmt, 1, kept->sha256);
  kab_statement_bind_text (stmt, 2, kept->package);
  kab_statement_bind_text (stmt, 3, kept->version);
  kab_statement_bind_text (stmt, 4, kept->maturity);
  kab_statement_bind_text (stmt, 5, kept->package_uuid);
  kab_statement_bind_text (stmt, 6, kept->signer);
  kab_statement_bind_text (stmt, 7, kept->signer_fingerprint);
  kab_statement_bind_int64 (stmt, 8, kept->at);
  return kab_database_run (self->database, stmt, error);
}

gboolean
kab_ledger_has_kept (KabLedger  *self,
                     const char *sha256)
{
  g_autoptr(KabStatement) stmt = NULL;

  g_return_val_if_fail (self != NULL && sha256 != NULL, FALSE);

  stmt = kab_database_prepare (self->database, "SELECT 1 FROM kept WHERE sha256 = ?1", NULL);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, sha256);
  return kab_statement_step (stmt, NULL);
}

GPtrArray *
kab_ledger_read_kept (KabLedger   *self,
                      const char  *package,
                      GError     **error)
{
  g_return_val_if_fail (self != NULL && package != NULL, NULL);

  return read_approvals (self, "SELECT '', '', '', package, version, maturity, package_uuid, '', sha256, '', signer,"
                         " fingerprint, '', '', '', number, at FROM kept WHERE package = ?1"
                         " ORDER BY number DESC LIMIT ?2", package, 0, error);
}

GPtrArray *
kab_ledger_read_drafts (KabLedger  *self,
                        GError    **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  stmt = kab_database_prepare (self->database, "SELECT id, name, text, extra, at FROM drafts ORDER BY at DESC, id", error);
  if (stmt == NULL)
    return NULL;
  while (kab_statement_step (stmt, &local_error))
    {
      KabDraft *draft = g_object_new (KAB_TYPE_DRAFT, NULL);

      draft->id = g_strdup (or_empty (kab_statement_get_text (stmt, 0)));
      draft->name = g_strdup (or_empty (kab_statement_get_text (stmt, 1)));
      draft->text = g_strdup (or_empty (kab_statement_get_text (stmt, 2)));
      draft->extra = g_strdup (or_empty (kab_statement_get_text (stmt, 3)));
      draft->changed_at = kab_statement_get_int64 (stmt, 4);
      g_ptr_array_add (drafts, draft);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&drafts) : NULL;
}

gboolean
kab_ledger_write_draft (KabLedger  *self,
                        KabDraft   *draft,
                        GError    **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  g_return_val_if_fail (self != NULL && draft != NULL && draft->id != NULL, FALSE);

  stmt = kab_database_prepare (self->database,
                               "INSERT OR REPLACE INTO drafts (id, name, text, extra, at)"
                               " VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_text (stmt, 1, draft->id);
  kab_statement_bind_text (stmt, 2, or_empty (draft->name));
  kab_statement_bind_text (stmt, 3, or_empty (draft->text));
  kab_statement_bind_text (stmt, 4, or_empty (draft->extra));
  kab_statement_bind_int64 (stmt, 5, draft->changed_at);
  return kab_database_run (self->database, stmt, error);
}

gboolean
kab_ledger_delete_draft (KabLedger   *self,
                         const char  *id,
                         GError     **error)
{
  g_return_val_if_fail (self != NULL && id != NULL, FALSE);

  return run_with_text (self, "DELETE FROM drafts WHERE id = ?1", id, error);
}
