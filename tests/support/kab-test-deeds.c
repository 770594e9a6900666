/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-test-deeds.h"

#include <string.h>

#include "kab-client-upload.h"
#include "kab-error.h"
#include "kab-journal.h"
#include "kab-ledger-deeds.h"
#include "kab-package-index.h"
#include "kab-package-reader.h"
#include "kab-secrets.h"
#include "kab-test-store.h"

static void
start_server (KabTestDeeds *self,
              const char   *fault)
{
  self->server = kab_test_server_start (self->depot, fault, "--hosts", "12", "--updates", "20", "--seed", "7",
                                        "--no-agents", "--publisher", NULL);
  g_clear_object (&self->sign_in);
  if (self->server == NULL)
    return;
  self->sign_in = kab_test_server_sign_in (self->server);
  kab_sign_in_set_retry_delay (self->sign_in, 1);
  if (self->server->passphrase != NULL)
    kab_secrets_store (KAB_SECRET_SIGNING_PASSPHRASE, self->server->profile, self->server->passphrase, FALSE, NULL, NULL);
}

void
kab_test_deeds_set_up (KabTestDeeds  *self,
                       gconstpointer  data)
{
  self->folder = kab_test_folder_new ();
  self->depot = g_build_filename (self->folder, "depot", NULL);
  self->store = g_build_filename (self->folder, "a.mirror", NULL);
  self->mirror = kab_mirror_new (self->store);
  start_server (self, NULL);
}

void
kab_test_deeds_tear_down (KabTestDeeds  *self,
                          gconstpointer  data)
{
  g_clear_object (&self->sign_in);
  g_clear_object (&self->mirror);
  if (self->server != NULL)
    kab_test_server_stop (self->server);
  kab_test_folder_remove (self->folder);
  g_free (self->store);
  g_free (self->depot);
  g_free (self->folder);
}

void
kab_test_deeds_restart (KabTestDeeds *self,
                        gboolean      kill,
                        const char   *fault)
{
  if (self->server != NULL && kill)
    kab_test_server_kill (self->server);
  else if (self->server != NULL)
    kab_test_server_stop (self->server);
  start_server (self, fault);
}

void
kab_test_deeds_sign_in_as (KabTestDeeds *self,
                           const char   *user,
                           const char   *password)
{
  g_autoptr(KabProfile) profile = kab_profile_copy (self->server->profile);

  g_free (profile->user);
  profile->user = g_strdup (user);
  g_clear_object (&self->sign_in);
  self->sign_in = kab_sign_in_new (profile, password);
}

static KabClient *
connect_client (KabTestDeeds *self)
{
  g_autoptr(GError) error = NULL;
  KabClient *client = kab_sign_in_reuse (self->sign_in, NULL, &error);

  g_assert_no_error (error);
  return client;
}

GPtrArray *
kab_test_deeds_index (KabTestDeeds *self)
{
  g_autoptr(KabClient) client = connect_client (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = kab_client_read_index (client, NULL, NULL, NULL, &error);
  GPtrArray *index;

  g_assert_no_error (error);
  index = kab_package_index_read (bytes, &error);
  g_assert_no_error (error);
  return index;
}

KabPackage *
kab_test_deeds_find (KabTestDeeds *self,
                     const char   *name,
                     const char   *maturity)
{
  g_autoptr(GPtrArray) index = kab_test_deeds_index (self);
  KabPackage *found = NULL;

  for (guint i = 0; i < index->len; i++)
    {
      KabPackage *package = index->pdata[i];

      if (strcmp (kab_package_get_name (package), name) == 0 &&
          (maturity == NULL || strcmp (kab_package_get_maturity (package), maturity) == 0) &&
          (found == NULL || kab_package_compare (package, found) > 0))
        found = package;
    }
  return found != NULL ? g_object_ref (found) : NULL;
}

guint
kab_test_deeds_count (KabTestDeeds *self,
                      const char   *name)
{
  g_autoptr(GPtrArray) index = kab_test_deeds_index (self);
  guint n = 0;

  for (guint i = 0; i < index->len; i++)
    n += strcmp (kab_package_get_name (index->pdata[i]), name) == 0;
  return n;
}

GBytes *
kab_test_deeds_download (KabTestDeeds *self,
                         const char   *file_name)
{
  g_autoptr(KabClient) client = connect_client (self);

  return kab_client_read_package (client, file_name, NULL, NULL);
}

GBytes *
kab_test_deeds_download_host (KabTestDeeds *self,
                              const char   *uuid)
{
  g_autoptr(KabClient) client = connect_client (self);
  g_autofree char *name = g_strconcat (uuid, ".wapt", NULL);

  return kab_client_read_host_package (client, name, NULL, NULL);
}

char *
kab_test_deeds_depends (KabTestDeeds *self,
                        const char   *uuid)
{
  g_autoptr(GBytes) bytes = kab_test_deeds_download_host (self, uuid);
  g_autoptr(KabPackageReader) reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, NULL) : NULL;

  return g_strdup (reader != NULL ? kab_package_get (kab_package_reader_get_package (reader), "depends") : "");
}

static KabLedger *
open_ledger (KabTestDeeds *self)
{
  g_autoptr(GError) error = NULL;
  KabStore *store = kab_mirror_open (self->mirror, &error);
  KabLedger *ledger;

  g_assert_no_error (error);
  ledger = kab_store_open_ledger (store, &error);
  g_assert_no_error (error);
  return ledger;
}

GPtrArray *
kab_test_deeds_approvals (KabTestDeeds *self)
{
  g_autoptr(KabLedger) ledger = open_ledger (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) newest_first = kab_ledger_read_approvals (ledger, NULL, 0, &error);
  GPtrArray *approvals = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert_no_error (error);
  for (guint i = newest_first->len; i > 0; i--)
    g_ptr_array_add (approvals, g_object_ref (newest_first->pdata[i - 1]));
  return approvals;
}

guint
kab_test_deeds_count_open (KabTestDeeds *self)
{
  g_autoptr(GError) error = NULL;
  int n = kab_journal_count_open (self->mirror, &error);

  g_assert_no_error (error);
  return (guint) n;
}

KabRulesDocument *
kab_test_document_new (const char *name,
                       const char *kb)
{
  KabRulesDocument *document = kab_rules_document_new (name);

  kab_rules_document_set_maturity (document, "PREPROD");
  g_assert_true (kab_rules_document_put (document, KAB_RULE_FORBIDDEN_KBS, kb, "breaks the label printers"));
  return document;
}

void
kab_test_deed_run (KabPackageJob *job)
{
  g_autoptr(KabPackageJob) owned = job;
  g_autoptr(GError) error = NULL;
  gboolean good = kab_job_run (KAB_JOB (owned), NULL, &error);

  g_assert_no_error (error);
  g_assert_true (good);
}

void
kab_test_deed_fail (KabPackageJob *job,
                    int            code)
{
  g_autoptr(KabPackageJob) owned = job;
  g_autoptr(GError) error = NULL;

  g_assert_false (kab_job_run (KAB_JOB (owned), NULL, &error));
  g_assert_error (error, KAB_ERROR, code);
}
