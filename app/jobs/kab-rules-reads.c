/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-ledger-deeds.h"
#include "kab-lookup.h"
#include "kab-published.h"
#include "kab-rules-document.h"
#include "kab-rules-package.h"
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

static gpointer
read_approvals (const KabLookup  *lookup,
                GCancellable     *cancellable,
                GError          **error)
{
  g_autoptr(KabLedger) ledger = kab_mirror_open_ledger (lookup->mirror, error);

  return kab_lookup_to_list (KAB_TYPE_APPROVAL,
                             ledger != NULL ? kab_ledger_read_approvals (ledger, lookup->texts[0],
                                                                         (guint) lookup->number, error)
                                            : NULL);
}

void
kab_session_read_approvals_async (KabSession          *self,
                                  const char          *package,
                                  guint                limit,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  KabLookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));

  lookup = kab_lookup_new (self, package);
  lookup->number = limit;
  kab_lookup_run (self, lookup, read_approvals, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_session_read_approvals_finish (KabSession    *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return kab_lookup_finish (self, result, error);
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

  return bytes != NULL ? kab_rules_package_read_bytes (bytes, NULL, NULL) : NULL;
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

static gpointer
read_versions (const KabLookup  *lookup,
               GCancellable     *cancellable,
               GError          **error)
{
  const char *name = lookup->texts[0];
  KabStore *store = kab_mirror_open (lookup->mirror, error);
  g_autoptr(KabLedger) ledger = store != NULL ? kab_store_open_ledger (store, error) : NULL;
  g_autoptr(GPtrArray) kept = ledger != NULL ? kab_ledger_read_kept (ledger, name, error) : NULL;
  g_autoptr(GPtrArray) packages = kept != NULL ? kab_store_read_packages (store, error) : NULL;
  g_autoptr(GPtrArray) rule_sets = packages != NULL ? kab_store_read_rule_sets (store, error) : NULL;
  GPtrArray *versions;

  if (rule_sets == NULL)
    return NULL;

  versions = g_ptr_array_new_with_free_func (g_object_unref);
  add_listed (versions, packages, rule_sets, name);
  add_kept (versions, kept, lookup->mirror);
  g_ptr_array_sort (versions, compare_versions);

  return kab_lookup_to_list (KAB_TYPE_PACKAGE_VERSION, versions);
}

void
kab_session_read_versions_async (KabSession          *self,
                                 const char          *package,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (package != NULL);

  kab_lookup_run (self, kab_lookup_new (self, package), read_versions, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_session_read_versions_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static gpointer
read_document (const KabLookup  *lookup,
               GCancellable     *cancellable,
               GError          **error)
{
  return kab_rules_package_fetch (lookup->sign_in, lookup->texts[0], NULL, cancellable, error);
}

void
kab_session_read_document_async (KabSession          *self,
                                 const char          *file_name,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (file_name != NULL);

  kab_lookup_run (self, kab_lookup_new (self, file_name), read_document, g_object_unref, cancellable, callback, user_data);
}

KabRulesDocument *
kab_session_read_document_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return kab_lookup_finish (self, result, error);
}
