/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-category.h"
#include "kab-error.h"
#include "kab-snapshot-build.h"

/* One update as the inversion of supersedence sees it */
typedef struct
{
  char     *guid;           /* lower case, without revision */
  GStrv     supersedes;     /* lower case; NULL when it names none */
  guint     next;           /* another revision with the same GUID, index + 1 */
} Chain;

static void
chain_clear (gpointer data)
{
  Chain *chain = data;

  g_free (chain->guid);
  g_strfreev (chain->supersedes);
}

/* A fleet knows few products and classifications under a few names each: every name is looked up once. Keys are
 * interned texts, so that pointers are compared. */
typedef struct
{
  GHashTable *classifications;     /* as reported → normalised */
  GHashTable *families;            /* product → family */
} Names;

static const char *
keep_classification (KabSnapshot *self,
                     Names       *names,
                     const char  *text)
{
  const char *reported = kab_snapshot_intern_text (self, text);
  const char *kept = g_hash_table_lookup (names->classifications, reported);

  if (kept == NULL)
    {
      const KabClassification *known = *reported != '\0' ? kab_classification_lookup (reported) : NULL;

      kept = known != NULL ? kab_snapshot_intern_text (self, known->name) : reported;
      g_hash_table_insert (names->classifications, (gpointer) reported, (gpointer) kept);
    }
  return kept;
}

static const char *
keep_family (KabSnapshot *self,
             Names       *names,
             const char  *product)
{
  const char *kept = g_hash_table_lookup (names->families, product);

  if (kept == NULL)
    {
      kept = kab_snapshot_intern_text (self, kab_product_get_group (product));
      g_hash_table_insert (names->families, (gpointer) product, (gpointer) kept);
    }
  return kept;
}

static const char *
keep_sha1s (KabSnapshot *self,
            const char  *urls)
{
  g_auto(GStrv) parts = NULL;
  g_autoptr(GString) joined = NULL;

  if (urls == NULL || *urls == '\0')
    return "";

  parts = g_strsplit (urls, "\x1f", -1);
  joined = g_string_new (NULL);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *sha1 = *parts[i] != '\0' ? kab_download_url_dup_sha1 (parts[i]) : NULL;

      if (sha1 != NULL && strstr (joined->str, sha1) == NULL)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? ", " : "", sha1);
    }

  return kab_snapshot_keep_text (self, joined->str);
}

static void
add_update (KabSnapshot  *self,
            Names        *known_names,
            KabStatement *row,
            GArray       *records,
            GArray       *chains)
{
  const char *update_id = kab_statement_get_text (row, 1);
  const char *product = kab_statement_get_text (row, 4);
  const char *supersedes = kab_statement_get_text (row, 8);
  g_autofree char *kbs = kab_snapshot_join (kab_statement_get_text (row, 6), "KB");
  g_autofree char *bulletins = kab_snapshot_join (kab_statement_get_text (row, 7), "");
  g_autofree char *languages = kab_snapshot_join (kab_statement_get_text (row, 11), "");
  g_autofree char *words = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *lower = NULL;
  KabUpdateRecord record = { 0 };
  Chain chain = { NULL };
  gsize guid_length = 0;

  if (update_id == NULL)
    return;

  record.number = (guint32) kab_statement_get_int64 (row, 0);
  kab_update_id_split (update_id, &guid_length);
  record.severity = (guint8) kab_severity_from_text (kab_statement_get_text (row, 3));
  record.update_id = kab_snapshot_keep_text (self, update_id);
  record.title = kab_snapshot_keep_text (self, kab_statement_get_text (row, 2));
  record.kbs = kab_snapshot_keep_text (self, kbs);
  record.product = kab_snapshot_intern_text (self, product);
  record.family = keep_family (self, known_names, record.product);
  record.classification = keep_classification (self, known_names, kab_statement_get_text (row, 5));
  record.bulletins = kab_snapshot_keep_text (self, bulletins);
  record.superseded_by = "";
  record.sha1s = keep_sha1s (self, kab_statement_get_text (row, 9));
  record.reboot_behaviour = kab_snapshot_intern_text (self, kab_statement_get_text (row, 10));
  record.languages = kab_snapshot_intern_text (self, languages);
  record.changed_at = kab_statement_get_int64 (row, 12);
  record.downloaded_at = kab_statement_get_int64 (row, 13);
  record.max_size = kab_statement_get_int64 (row, 14);

  words = g_strjoin ("\n", record.title, record.kbs, record.product, record.update_id, NULL);
  folded = kab_text_fold (words, -1);
  record.folded = kab_snapshot_keep_text (self, folded);
  g_array_append_val (records, record);

  chain.guid = g_ascii_strdown (update_id, (gssize) guid_length);
  if (supersedes != NULL && *supersedes != '\0')
    {
      lower = g_ascii_strdown (supersedes, -1);
      chain.supersedes = g_strsplit (lower, "\x1f", -1);
    }
  g_array_append_val (chains, chain);
}

static gboolean
names (const Chain *chain,
       const char  *guid)
{
  for (guint i = 0; chain->supersedes != NULL && chain->supersedes[i] != NULL; i++)
    if (strcmp (chain->supersedes[i], guid) == 0)
      return TRUE;

  return FALSE;
}

/* @newer replaces @older. Of several the nearest is told, from which the next one can be followed: one that another
 * one of them replaces; where none says so, the older one. */
static void
note_superseded (KabSnapshot *self,
                 const Chain *chains,
                 guint        newer,
                 guint        older,
                 guint       *nearest)
{
  const Chain *chain = &chains[newer];

  if (strcmp (chain->guid, chains[older].guid) == 0 || names (&chains[older], chain->guid))
    return;      /* itself, or each the other: that says nothing */

  if (!self->updates[older].superseded ||
      names (&chains[*nearest], chain->guid) ||
      (!names (chain, chains[*nearest].guid) && self->updates[newer].changed_at < self->updates[*nearest].changed_at))
    *nearest = newer;
  self->updates[older].superseded = TRUE;
  self->updates[older].superseded_by = self->updates[*nearest].update_id;
}

static void
invert_supersedence (KabSnapshot *self,
                     GArray      *chains)
{
  g_autoptr(GHashTable) by_guid = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *nearest = g_new0 (guint, self->n_updates + 1);
  Chain *all = (Chain *) (void *) chains->data;

  for (guint i = 0; i < self->n_updates; i++)
    {
      all[i].next = GPOINTER_TO_UINT (g_hash_table_lookup (by_guid, all[i].guid));
      g_hash_table_replace (by_guid, all[i].guid, GUINT_TO_POINTER (i + 1));
    }

  for (guint i = 0; i < self->n_updates; i++)
    for (guint j = 0; all[i].supersedes != NULL && all[i].supersedes[j] != NULL; j++)
      {
        guint older = GPOINTER_TO_UINT (g_hash_table_lookup (by_guid, all[i].supersedes[j]));

        for (; older != 0; older = all[older - 1].next)
          note_superseded (self, all, i, older - 1, &nearest[older - 1]);
      }
}

gboolean
kab_snapshot_add_updates (KabSnapshot  *self,
                          KabDatabase  *database,
                          GError      **error)
{
  g_autoptr(GArray) records = g_array_new (FALSE, FALSE, sizeof (KabUpdateRecord));
  g_autoptr(GArray) chains = g_array_new (FALSE, FALSE, sizeof (Chain));
  g_autoptr(GHashTable) classifications = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) families = g_hash_table_new (NULL, NULL);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  Names known_names = { classifications, families };
  gsize length;

  g_array_set_clear_func (chains, chain_clear);
  stmt = kab_database_prepare (database,
                               "SELECT number, update_id, title, severity, product, classification, kbids,"
                               " security_bulletin_ids, superseded_update_ids, download_urls, reboot_behaviour, languages,"
                               " changed_at, downloaded_at, max_download_size FROM updates WHERE gone = 0 ORDER BY number",
                               error);
  if (stmt == NULL)
    return FALSE;

  while (kab_statement_step (stmt, &local_error))
    add_update (self, &known_names, stmt, records, chains);
  if (!kab_error_is_none (&local_error, error))
    return FALSE;

  self->updates = (KabUpdateRecord *) g_array_steal (records, &length);
  self->n_updates = (guint) length;
  invert_supersedence (self, chains);

  self->n_numbers = length > 0 ? self->updates[length - 1].number + 1 : 0;
  self->update_indices = g_new0 (guint32, MAX (self->n_numbers, 1));
  for (guint i = 0; i < self->n_updates; i++)
    self->update_indices[self->updates[i].number] = i + 1;
  return TRUE;
}
