/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-drafts.h"
#include "kab-ledger-deeds.h"
#include "kab-published.h"
#include "kab-rules-document.h"
#include "kab-rules-package.h"
#include "kab-session-private.h"
#include "kab-session-rules.h"
#include "kab-store.h"
#include "kab-wire.h"

G_DEFINE_FINAL_TYPE (KabPackageVersion, kab_package_version, G_TYPE_OBJECT)

static void
kab_package_version_finalize (GObject *object)
{
  KabPackageVersion *self = KAB_PACKAGE_VERSION (object);

  g_free (self->package);
  g_free (self->version);
  g_free (self->maturity);
  g_free (self->package_uuid);
  g_free (self->signer);
  g_free (self->file_name);
  g_free (self->sha256);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (kab_package_version_parent_class)->finalize (object);
}

static void
kab_package_version_class_init (KabPackageVersionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_package_version_finalize;
}

static void
kab_package_version_init (KabPackageVersion *self)
{
}

/* What a thread may look at while the session lives on: references and copies only. */
typedef struct {
  KabMirror *mirror;
  KabSignIn *sign_in;
  char      *texts[4];
  guint      limit;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->mirror);
  g_object_unref (request->sign_in);
  for (guint i = 0; i < G_N_ELEMENTS (request->texts); i++)
    g_free (request->texts[i]);
  g_free (request);
}

/* Saved drafts keep their order: one at a time. */
static GMutex drafts_lock;

static GTask *
request_new (KabSession          *self,
             gpointer             tag,
             const char          *first,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->mirror = g_object_ref (kab_session_get_mirror (self));
  request->sign_in = g_object_ref (kab_session_get_sign_in (self));
  request->texts[0] = g_strdup (first);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, request, request_free);

  return task;
}

static void
return_list (GTask     *task,
             GType      type,
             GPtrArray *items,
             GError    *error)
{
  GListStore *list;

  if (items == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  list = g_list_store_new (type);
  g_list_store_splice (list, 0, 0, items->pdata, items->len);
  g_ptr_array_unref (items);
  g_task_return_pointer (task, list, g_object_unref);
}

static void
read_drafts_in_thread (GTask        *task,
                       gpointer      source_object,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  GPtrArray *drafts = kab_drafts_read (request->mirror, &error);

  return_list (task, KAB_TYPE_DRAFT, drafts, error);
}

void
kab_session_read_drafts_async (KabSession          *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KAB_IS_SESSION (self));

  task = request_new (self, kab_session_read_drafts_async, NULL, cancellable, callback, user_data);
  g_task_run_in_thread (task, read_drafts_in_thread);
}

GListModel *
kab_session_read_drafts_finish (KabSession    *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Draft writes of one program, first come, first served: @texts are the newest of its id when its turn comes. */
static GHashTable *newest_draft;      /* id → serial of the newest write, under drafts_lock */

static void
save_draft_in_thread (GTask        *task,
                      gpointer      source_object,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  char *id = NULL;
  gboolean is_newest;

  g_mutex_lock (&drafts_lock);
  is_newest = GPOINTER_TO_UINT (g_hash_table_lookup (newest_draft, request->texts[0])) == request->limit;
  if (is_newest)
    id = kab_drafts_save (request->mirror, request->texts[0], request->texts[1], request->texts[2], request->texts[3],
                          &error);
  else
    id = g_strdup (request->texts[0]);       /* a newer one was faster, and is what counts */
  g_mutex_unlock (&drafts_lock);

  if (id != NULL)
    g_task_return_pointer (task, id, g_free);
  else
    g_task_return_error (task, error);
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
  g_autoptr(GTask) task = NULL;
  g_autofree char *fresh = NULL;
  Request *request;

  g_return_if_fail (KAB_IS_SESSION (self));

  fresh = id == NULL ? g_uuid_string_random () : NULL;
  task = request_new (self, kab_session_save_draft_async, id != NULL ? id : fresh, cancellable, callback, user_data);
  request = g_task_get_task_data (task);
  request->texts[1] = g_strdup (name);
  request->texts[2] = g_strdup (text);
  request->texts[3] = g_strdup (extra);
  request->limit = note_newest (request->texts[0]);
  g_task_run_in_thread (task, save_draft_in_thread);
}

char *
kab_session_save_draft_finish (KabSession    *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
discard_draft_in_thread (GTask        *task,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  gboolean good;

  g_mutex_lock (&drafts_lock);
  good = kab_drafts_discard (request->mirror, request->texts[0], &error);
  g_mutex_unlock (&drafts_lock);

  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kab_session_discard_draft_async (KabSession          *self,
                                 const char          *id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (id != NULL);

  task = request_new (self, kab_session_discard_draft_async, id, cancellable, callback, user_data);
  note_newest (id);                          /* a save that waits comes to nothing */
  g_task_run_in_thread (task, discard_draft_in_thread);
}

gboolean
kab_session_discard_draft_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static KabLedger *
open_ledger (KabMirror  *mirror,
             GError    **error)
{
  KabStore *store = kab_mirror_open (mirror, error);

  return store != NULL ? kab_store_open_ledger (store, error) : NULL;
}

static void
read_approvals_in_thread (GTask        *task,
                          gpointer      source_object,
                          gpointer      task_data,
                          GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  g_autoptr(KabLedger) ledger = open_ledger (request->mirror, &error);
  GPtrArray *approvals = NULL;

  if (ledger != NULL)
    approvals = kab_ledger_read_approvals (ledger, request->texts[0], request->limit, &error);
  return_list (task, KAB_TYPE_APPROVAL, approvals, error);
}

void
kab_session_read_approvals_async (KabSession          *self,
                                  const char          *package,
                                  guint                limit,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KAB_IS_SESSION (self));

  task = request_new (self, kab_session_read_approvals_async, package, cancellable, callback, user_data);
  ((Request *) g_task_get_task_data (task))->limit = limit;
  g_task_run_in_thread (task, read_approvals_in_thread);
}

GListModel *
kab_session_read_approvals_finish (KabSession    *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
dup_text (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

/* The rules in a copy that is kept here; NULL when there is none, or it has none. */
static KabRulesDocument *
read_kept (KabMirror  *mirror,
           const char *sha256)
{
  g_autoptr(GBytes) bytes = kab_published_read (mirror, sha256, NULL);

  return bytes != NULL ? kab_rules_package_read_bytes (bytes, NULL) : NULL;
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  const KabPackageVersion *one = *(KabPackageVersion * const *) a;
  const KabPackageVersion *two = *(KabPackageVersion * const *) b;
  int order = kab_version_compare (two->version, one->version);

  if (order == 0)
    order = strcmp (two->maturity, one->maturity);
  return order != 0 ? order : two->signed_at > one->signed_at ? 1 : two->signed_at < one->signed_at ? -1 : 0;
}

static void
add_listed (GPtrArray  *versions,
            GPtrArray  *packages,
            GPtrArray  *rule_sets,
            const char *name)
{
  for (guint i = 0; i < packages->len; i++)
    {
      KabPackage *package = packages->pdata[i];
      KabPackageVersion *version;

      if (strcmp (kab_package_get_name (package), name) != 0)
        continue;
      version = g_object_new (KAB_TYPE_PACKAGE_VERSION, NULL);
      version->package = dup_text (name);
      version->version = dup_text (kab_package_get_version (package));
      version->maturity = dup_text (kab_package_get_maturity (package));
      version->package_uuid = dup_text (kab_package_get (package, "package_uuid"));
      version->signer = dup_text (kab_package_get (package, "signer"));
      version->signed_at = kab_wire_parse_time (kab_package_get (package, "signature_date"), -1);
      version->file_name = dup_text (kab_package_get (package, "filename"));
      version->sha256 = dup_text ("");
      for (guint j = 0; j < rule_sets->len && version->document == NULL; j++)
        {
          g_autofree char *origin = g_strdup_printf ("%s %s", name, version->version);

          if (strcmp (kab_rule_set_get_origin (rule_sets->pdata[j]), origin) == 0)
            version->document = kab_rules_document_new_from_rules (rule_sets->pdata[j], package);
        }
      g_ptr_array_add (versions, version);
    }
}

static void
add_kept (GPtrArray *versions,
          GPtrArray *kept,
          KabMirror *mirror)
{
  for (guint i = 0; i < kept->len; i++)
    {
      KabApproval *copy = kept->pdata[i];
      KabPackageVersion *version = NULL;
      KabRulesDocument *document;

      if (!kab_published_has (mirror, copy->sha256))
        continue;
      for (guint j = 0; j < versions->len && version == NULL; j++)
        if (strcmp (((KabPackageVersion *) versions->pdata[j])->package_uuid, copy->package_uuid) == 0)
          version = versions->pdata[j];
      if (version == NULL)
        {
          version = g_object_new (KAB_TYPE_PACKAGE_VERSION, NULL);
          version->package = dup_text (copy->package);
          version->version = dup_text (copy->version);
          version->maturity = dup_text (copy->maturity);
          version->package_uuid = dup_text (copy->package_uuid);
          version->signer = dup_text (copy->signer);
          version->signed_at = copy->at;
          version->file_name = dup_text ("");
          version->sha256 = dup_text ("");
          g_ptr_array_add (versions, version);
        }
      g_free (version->sha256);
      version->sha256 = dup_text (copy->sha256);
      document = read_kept (mirror, copy->sha256);      /* with reasons and comments */
      if (document != NULL)
        {
          g_clear_object (&version->document);
          version->document = document;
        }
    }
}

static void
read_versions_in_thread (GTask        *task,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (request->mirror, &error);
  g_autoptr(KabLedger) ledger = store != NULL ? kab_store_open_ledger (store, &error) : NULL;
  g_autoptr(GPtrArray) kept = ledger != NULL ? kab_ledger_read_kept (ledger, request->texts[0], &error) : NULL;
  g_autoptr(GPtrArray) packages = kept != NULL ? kab_store_read_packages (store, &error) : NULL;
  g_autoptr(GPtrArray) rule_sets = packages != NULL ? kab_store_read_rule_sets (store, &error) : NULL;
  GPtrArray *versions = NULL;

  if (rule_sets != NULL)
    {
      versions = g_ptr_array_new_with_free_func (g_object_unref);
      add_listed (versions, packages, rule_sets, request->texts[0]);
      add_kept (versions, kept, request->mirror);
      g_ptr_array_sort (versions, compare_versions);
    }
  return_list (task, KAB_TYPE_PACKAGE_VERSION, versions, error);
}

void
kab_session_read_versions_async (KabSession          *self,
                                 const char          *package,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (package != NULL);

  task = request_new (self, kab_session_read_versions_async, package, cancellable, callback, user_data);
  g_task_run_in_thread (task, read_versions_in_thread);
}

GListModel *
kab_session_read_versions_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_document_in_thread (GTask        *task,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  KabRulesDocument *document = kab_rules_package_fetch (request->sign_in, request->texts[0], cancellable, &error);

  if (document != NULL)
    g_task_return_pointer (task, document, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
kab_session_read_document_async (KabSession          *self,
                                 const char          *file_name,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (file_name != NULL);

  task = request_new (self, kab_session_read_document_async, file_name, cancellable, callback, user_data);
  g_task_run_in_thread (task, read_document_in_thread);
}

KabRulesDocument *
kab_session_read_document_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
