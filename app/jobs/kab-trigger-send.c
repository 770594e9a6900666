/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-action-signature.h"
#include "kab-error.h"
#include "kab-secrets.h"
#include "kab-trigger-private.h"
#include "kab-wire.h"

static const char *
action_name (const KabTriggerWatch *self)
{
  const KabProfile *profile = self->profile;
  const char *names[] = {
    [KAB_DEED_SCAN] = profile->action_scan,
    [KAB_DEED_DOWNLOAD] = profile->action_download,
    [KAB_DEED_INSTALL] = profile->action_install,
    [KAB_DEED_UPGRADE_PACKAGES] = profile->action_upgrade,
    [KAB_DEED_CANCEL_TASKS] = profile->action_cancel,
  };

  if (names[self->deed] != NULL && names[self->deed][0] != '\0')
    return names[self->deed];

  return kab_wire_action_default (self->deed);
}

KabSigner *
kab_trigger_load_signer (const KabProfile  *profile,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  KabSigner *signer;
  char *passphrase;

  if (profile->signing_certificate == NULL || profile->signing_certificate[0] == '\0' ||
      profile->signing_key == NULL || profile->signing_key[0] == '\0')
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "no signing certificate and key are set");
      return NULL;
    }

  passphrase = kab_secrets_lookup (KAB_SECRET_SIGNING_PASSPHRASE, profile, cancellable, &local_error);
  if (!kab_error_is_none (&local_error, error))
    return NULL;
  signer = kab_signer_new (profile->signing_certificate, profile->signing_key, passphrase, error);
  kab_secret_free (passphrase);

  return signer;
}

/* The signed actions for some hosts as one JSON array. */
static char *
sign_actions (const KabTriggerWatch  *self,
              KabSigner              *signer,
              gint64                  now_usec,
              GPtrArray              *hosts,
              GError                **error)
{
  KabCertificate *certificate = kab_signer_get_certificate (signer);
  const gboolean chosen = self->deed == KAB_DEED_DOWNLOAD || self->deed == KAB_DEED_INSTALL;
  g_autoptr(JsonArray) array = json_array_new ();
  g_autoptr(JsonNode) node = NULL;

  for (guint i = 0; i < hosts->len; i++)
    {
      const KabTriggerHost *host = hosts->pdata[i];
      g_autoptr(JsonObject) action = NULL;

      action = kab_wire_action_new (action_name (self), host->uuid,
                                    chosen ? self->update_ids : NULL,
                                    kab_certificate_get_identity (certificate)->fingerprint,
                                    kab_certificate_get_chain_pem (certificate), now_usec);
      if (!kab_action_sign (action, signer, error))
        return NULL;
      json_array_add_object_element (array, g_steal_pointer (&action));
    }

  node = json_node_init_array (json_node_alloc (), array);

  return json_to_string (node, FALSE);
}

static void
refuse_all (KabTriggerWatch *self,
            GPtrArray       *hosts,
            const char      *words)
{
  for (guint i = 0; i < hosts->len; i++)
    kab_trigger_job_show (self->job, hosts->pdata[i], KAB_TRIGGER_REFUSED, 0, NULL, words);
}

gboolean
kab_trigger_send (KabTriggerWatch  *self,
                  KabSigner        *signer,
                  GPtrArray        *hosts,
                  GError          **error)
{
  gint64 offset_s = kab_client_get_info (self->client)->clock_offset_s;
  g_autofree char *json = sign_actions (self, signer, g_get_real_time () + offset_s * G_USEC_PER_SEC, hosts, error);
  g_autoptr(GError) local_error = NULL;
  KabTriggerAnswer answer = { NULL, -1, -1, -1, -1 };
  gboolean doubtful;

  if (json == NULL)
    return FALSE;

  if (!kab_client_trigger (self->client, json, &answer, self->cancellable, &local_error) &&
      !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NETWORK))
    {
      if (g_error_matches (local_error, KAB_ERROR, KAB_ERROR_REFUSED) ||
          g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE))
        refuse_all (self, hosts, local_error->message);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* "success" only says that the server has tried. It counts what it passed on, and not for which hosts. */
  doubtful = local_error != NULL || (answer.n_launched >= 0 && (guint) answer.n_launched < hosts->len);
  if (doubtful)
    g_info ("%u actions sent: %s", hosts->len,
            local_error != NULL ? local_error->message : answer.msg != NULL ? answer.msg : "");
  for (guint i = 0; i < hosts->len; i++)
    {
      KabTriggerHost *host = hosts->pdata[i];

      host->doubtful = doubtful;
      host->news_at = g_get_monotonic_time ();
      kab_trigger_job_show (self->job, host, KAB_TRIGGER_SENT, 0, NULL, NULL);
    }
  g_free (answer.msg);

  return TRUE;
}
