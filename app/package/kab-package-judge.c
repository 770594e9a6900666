/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-judge.h"

#include <string.h>

#include "kab-control-canonical.h"
#include "kab-error.h"
#include "kab-package-private.h"
#include "kab-verifier.h"

#define MAX_RULES (16 * 1024 * 1024)

static const char * const outcomes[] = {
  [KAB_JUDGEMENT_ACCEPTED] = "accepted",
  [KAB_JUDGEMENT_REFUSED] = "refused",
  [KAB_JUDGEMENT_UNSAFE] = "unsafe",
};

/* Why agents refuse, by the status of the signature. */
static const char * const status_codes[] = {
  [KAB_SIGNATURE_TRUSTED] = "good",
  [KAB_SIGNATURE_NONE] = "not-signed",
  [KAB_SIGNATURE_BROKEN] = "broken",
  [KAB_SIGNATURE_UNTRUSTED] = "untrusted",
  [KAB_SIGNATURE_EXPIRED] = "expired",
  [KAB_SIGNATURE_NOT_FOR_CODE] = "not-for-code",
  [KAB_SIGNATURE_REVOKED] = "revoked",
};

const char *
kab_judgement_outcome_get_text (KabJudgementOutcome outcome)
{
  g_return_val_if_fail ((guint) outcome < G_N_ELEMENTS (outcomes), "");

  return outcomes[outcome];
}

void
kab_judgement_free (KabJudgement *self)
{
  if (self == NULL)
    return;
  g_free (self->reason);
  g_clear_object (&self->package);
  g_clear_pointer (&self->signature, kab_signature_free);
  g_free (self);
}

/* What is said first stays: the gravest is looked for first. */
static void
judge (KabJudgement        *self,
       KabJudgementOutcome  outcome,
       const char          *code,
       const char          *reason)
{
  self->outcome = outcome;
  self->code = code;
  g_free (self->reason);
  self->reason = g_strdup (reason);
}

/**
 * dup_unsigned:
 *
 * Agents demand no least list of signed attributes (§ 3.1). But whoever can write the index can give an attribute that is
 * not signed any value there, so those that decide what is installed, and where, have to be: the ones that every version
 * of WAPT has signed in any case, the others when the package has them.
 *
 * Returns: (nullable): the names of those that are not, ", " between
 */
static char *
dup_unsigned (KabPackage *package)
{
  static const char * const always[] = {
    "package", "version", "architecture", "section", "depends", "conflicts", "maturity", NULL
  };
  static const char * const when_there[] = {
    "locale", "target_os", "min_os_version", "max_os_version", "min_wapt_version", "package_uuid", "signature_date",
    "valid_from", "valid_until", "forced_install_on", "impacted_process", NULL
  };
  g_auto(GStrv) names = kab_control_dup_signed_names (package);
  g_autoptr(GString) missing = g_string_new (NULL);
  gboolean is_old = kab_package_get (package, "signed_attributes")[0] == '\0';

  for (guint i = 0; always[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) names, always[i]))
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", always[i]);
  for (guint i = 0; when_there[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) names, when_there[i]) &&
        kab_package_get (package, when_there[i])[0] != '\0' &&
        !(is_old && g_str_equal (when_there[i], "signature_date")))
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", when_there[i]);
  return missing->len > 0 ? g_string_free (g_steal_pointer (&missing), FALSE) : NULL;
}

/* Agents of different age look at different places (§ 10). */
static gboolean
has_two_rules (KabPackageReader *reader)
{
  static const char * const places[] = { "WAPT/persistent/waptwua_rules.json", "WAPT/waptwua_rules.json" };
  g_autoptr(GBytes) first = NULL;
  g_autoptr(GBytes) second = NULL;

  if (!kab_package_reader_has (reader, places[0]) || !kab_package_reader_has (reader, places[1]))
    return FALSE;
  first = kab_package_reader_read (reader, places[0], MAX_RULES, NULL);
  second = kab_package_reader_read (reader, places[1], MAX_RULES, NULL);
  return first == NULL || second == NULL || !g_bytes_equal (first, second);
}

static void
judge_safety (KabJudgement     *self,
              KabArchive       *archive,
              KabPackageReader *reader)
{
  g_autoptr(KabCertificate) certificate = kab_package_reader_dup_certificate (reader, NULL);
  g_autofree char *missing = dup_unsigned (self->package);
  g_autofree char *reason = NULL;
  const char *code = NULL;
  const char *fault = kab_archive_get_fault (archive, &code);

  if (fault != NULL)
    {
      reason = g_strdup_printf ("archive: %s", fault);
      judge (self, KAB_JUDGEMENT_UNSAFE, code, reason);
    }
  else if (missing != NULL)
    {
      reason = g_strdup_printf ("control: does not sign %s", missing);
      judge (self, KAB_JUDGEMENT_UNSAFE, "unsigned-attributes", reason);
    }
  else if (kab_certificate_is_weak (certificate))
    judge (self, KAB_JUDGEMENT_UNSAFE, "weak-certificate", "certificate: too weak, signed with SHA-1 or fewer than 2048 bits");
  else if (has_two_rules (reader))
    judge (self, KAB_JUDGEMENT_UNSAFE, "two-rules", "rules: old and new agents would read different files");
  else
    judge (self, KAB_JUDGEMENT_ACCEPTED, "good", self->signature->detail);
}

/* Nobody can look inside without being hurt, but at the control one can. */
static void
judge_bomb (KabJudgement     *self,
            KabArchive       *archive,
            KabPackageReader *reader,
            GPtrArray        *trusted,
            gint64            now)
{
  g_autofree char *reason = g_strdup_printf ("archive: %s", kab_archive_get_fault (archive, NULL));
  g_autoptr(KabCertificate) certificate = kab_package_reader_dup_certificate (reader, NULL);

  self->signature = kab_verifier_check_control (self->package, certificate, trusted, now);
  if (self->signature->status != KAB_SIGNATURE_TRUSTED)
    judge (self, KAB_JUDGEMENT_REFUSED, status_codes[self->signature->status], self->signature->detail);
  else
    judge (self, KAB_JUDGEMENT_UNSAFE, "limit", reason);
}

/* @archive: taken */
static void
judge_archive (KabJudgement *self,
               KabArchive   *archive,
               GPtrArray    *trusted,
               GPtrArray    *lists,
               gint64        now)
{
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *reason = NULL;
  const char *code = NULL;
  gboolean is_bomb;

  reason = g_strdup (kab_archive_get_fault (archive, &code));
  is_bomb = g_strcmp0 (code, "limit") == 0;
  reader = kab_package_reader_new (archive, &error);
  if (reader == NULL)
    {
      judge (self, is_bomb ? KAB_JUDGEMENT_UNSAFE : KAB_JUDGEMENT_REFUSED, is_bomb ? "limit" : "no-control",
             is_bomb ? reason : error->message);
      return;
    }
  self->package = g_object_ref (kab_package_reader_get_package (reader));
  if (is_bomb)
    {
      judge_bomb (self, archive, reader, trusted, now);
      return;
    }
  self->signature = kab_package_reader_verify_revoked (reader, trusted, lists, now);
  if (self->signature->status != KAB_SIGNATURE_TRUSTED)
    judge (self, KAB_JUDGEMENT_REFUSED, status_codes[self->signature->status], self->signature->detail);
  else if (strcmp (kab_package_get_section (self->package), "host") == 0 && !kab_archive_is_bare (archive))
    judge (self, KAB_JUDGEMENT_REFUSED, "stub", "archive: agents take a host package that begins so for an encrypted one");
  else
    judge_safety (self, archive, reader);
}

static KabJudgement *
judgement_new (KabArchive   *archive,
               GPtrArray    *trusted,
               GPtrArray    *lists,
               gint64        now,
               GError       *local_error,
               GError      **error)
{
  KabJudgement *self;

  if (archive == NULL && !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  self = g_new0 (KabJudgement, 1);
  if (archive != NULL)
    judge_archive (self, archive, trusted, lists, now);
  else
    judge (self, KAB_JUDGEMENT_REFUSED, "no-package", local_error->message);
  g_clear_error (&local_error);
  return self;
}

KabJudgement *
kab_package_judge (const char  *path,
                   GPtrArray   *trusted,
                   GPtrArray   *lists,
                   gint64       now,
                   GError     **error)
{
  GError *local_error = NULL;
  KabArchive *archive;

  g_return_val_if_fail (path != NULL && trusted != NULL, NULL);

  archive = kab_archive_open (path, TRUE, &local_error);
  return judgement_new (archive, trusted, lists, now, local_error, error);
}

KabJudgement *
kab_package_judge_bytes (GBytes     *bytes,
                         GPtrArray  *trusted,
                         GPtrArray  *lists,
                         gint64      now,
                         GError    **error)
{
  GError *local_error = NULL;
  KabArchive *archive;

  g_return_val_if_fail (bytes != NULL && trusted != NULL, NULL);

  archive = kab_archive_open_bytes (bytes, TRUE, &local_error);
  return judgement_new (archive, trusted, lists, now, local_error, error);
}
