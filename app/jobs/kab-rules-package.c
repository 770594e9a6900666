/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-rules-package.h"

#include <string.h>

#include "kab-client.h"
#include "kab-package-builder.h"
#include "kab-package-reader.h"
#include "kab-package-resign.h"
#include "kab-rules-document.h"
#include "kab-sign-in.h"
#include "kab-wire.h"

#define RULES_PERSISTENT "WAPT/persistent/waptwua_rules.json"   /* where 2.x agents look */
#define RULES_OLD        "WAPT/waptwua_rules.json"              /* where older ones may */

GBytes *
kab_rules_package_build (KabRulesDocument  *document,
                         const char        *version,
                         KabSigner         *signer,
                         const char        *uuid,
                         gint64             date_usec,
                         GError           **error)
{
  g_autoptr(KabPackageBuilder) builder = NULL;
  g_autoptr(KabRuleSet) set = NULL;
  g_autoptr(GBytes) rules = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autofree char *fresh = NULL;
  char *written;

  g_return_val_if_fail (document != NULL && version != NULL && signer != NULL, NULL);

  if (!kab_rules_document_check (document, error))
    return NULL;

  set = kab_rules_document_to_rules (document, NULL);
  written = kab_wire_write_rules (set);
  rules = g_bytes_new_take (written, strlen (written));
  written = kab_rules_document_to_text (document);
  text = g_bytes_new_take (written, strlen (written));
  fresh = uuid == NULL ? g_uuid_string_random () : NULL;

  builder = kab_package_builder_new ();
  kab_package_builder_set (builder, "package", kab_rules_document_get_name (document));
  kab_package_builder_set (builder, "version", version);
  kab_package_builder_set (builder, "architecture", "all");
  kab_package_builder_set (builder, "section", "wsus");
  kab_package_builder_set (builder, "priority", "critical");
  kab_package_builder_set (builder, "description", kab_rules_document_get_description (document));
  kab_package_builder_set (builder, "maturity", kab_rules_document_get_maturity (document));
  kab_package_builder_set (builder, "min_wapt_version", "1.7.3");
  kab_package_builder_add (builder, RULES_PERSISTENT, rules);
  kab_package_builder_add (builder, RULES_OLD, rules);
  kab_package_builder_add (builder, KAB_RULES_PACKAGE_TEXT, text);

  return kab_package_builder_sign (builder, signer, uuid != NULL ? uuid : fresh,
                                   date_usec != 0 ? date_usec : kab_package_get_wall_clock (), error);
}

static gboolean
says_the_same (KabRuleSet *set,
               GBytes     *text)
{
  gsize size = 0;
  const char *data = text != NULL ? g_bytes_get_data (text, &size) : NULL;
  g_autoptr(KabRulesDocument) document = data != NULL ? kab_rules_document_new_from_text (data, (gssize) size, NULL)
                                                      : NULL;

  return document != NULL && kab_rules_document_agrees (document, set);
}

KabRulesDocument *
kab_rules_package_read (KabPackageReader  *reader,
                        gboolean          *is_stale,
                        GError           **error)
{
  KabPackage *package;
  g_autoptr(GBytes) rules = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autoptr(KabRuleSet) set = NULL;
  g_autofree char *origin = NULL;
  gboolean has_text;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (KAB_IS_PACKAGE_READER (reader), NULL);

  rules = kab_package_reader_read_rules (reader, error);
  if (rules == NULL)
    return NULL;
  package = kab_package_reader_get_package (reader);
  origin = g_strdup_printf ("%s %s", kab_package_get_name (package), kab_package_get_version (package));
  data = g_bytes_get_data (rules, &size);
  set = kab_wire_read_rules (data != NULL ? data : "", (gssize) size, origin, error);
  if (set == NULL)
    return NULL;

  has_text = kab_package_reader_has (reader, KAB_RULES_PACKAGE_TEXT);
  if (has_text)
    text = kab_package_reader_read (reader, KAB_RULES_PACKAGE_TEXT, KAB_RULES_DOCUMENT_MAX_SIZE, NULL);
  if (is_stale != NULL)
    *is_stale = has_text && !says_the_same (set, text);
  data = text != NULL ? g_bytes_get_data (text, &size) : NULL;

  return kab_rules_document_new_from_package (set, package, data, data != NULL ? (gssize) size : 0);
}

KabRulesDocument *
kab_rules_package_read_bytes (GBytes    *bytes,
                              gboolean  *is_stale,
                              GError   **error)
{
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, error);

  return reader != NULL ? kab_rules_package_read (reader, is_stale, error) : NULL;
}

KabRulesDocument *
kab_rules_package_fetch (KabSignIn     *sign_in,
                         const char    *file_name,
                         gboolean      *is_stale,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(KabClient) client = kab_sign_in_reuse (sign_in, cancellable, error);
  g_autoptr(GBytes) bytes = NULL;

  if (client != NULL)
    bytes = kab_client_read_package (client, file_name, cancellable, error);

  return bytes != NULL ? kab_rules_package_read_bytes (bytes, is_stale, error) : NULL;
}

GHashTable *
kab_rules_package_renew (KabPackageReader *reader,
                         const char       *maturity)
{
  gboolean is_stale = FALSE;
  g_autoptr(KabRulesDocument) document = kab_rules_package_read (reader, &is_stale, NULL);
  GHashTable *members;
  char *text;

  if (document == NULL || !is_stale)
    return NULL;

  kab_rules_document_set_maturity (document, maturity);
  text = kab_rules_document_to_text (document);
  members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_hash_table_insert (members, (gpointer) KAB_RULES_PACKAGE_TEXT, g_bytes_new_take (text, strlen (text)));

  return members;
}
