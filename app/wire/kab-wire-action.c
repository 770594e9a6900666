/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire.h"

/* The names of the Windows Update actions are inferred, hence settings may override them (wapt-server-api § 5.5). */
const char *
kab_wire_action_default (KabDeed deed)
{
  switch (deed)
    {
    case KAB_DEED_SCAN:
      return "trigger_waptwua_scan";
    case KAB_DEED_DOWNLOAD:
      return "trigger_waptwua_download";
    case KAB_DEED_INSTALL:
      return "trigger_waptwua_install";
    case KAB_DEED_UPGRADE_PACKAGES:
      return "trigger_host_upgrade";
    case KAB_DEED_CANCEL_TASKS:
      return "trigger_cancel_all_tasks";
    default:
      g_return_val_if_reached (NULL);
    }
}

void
kab_wire_action_prepare (JsonObject *action,
                         const char *signer_fingerprint,
                         const char *signer_certificate_pem,
                         gint64      now_usec)
{
  static const char * const added[] = { "signed_attributes", "signer", "signature_date", "signer_certificate" };
  g_autoptr(JsonArray) attributes = json_array_new ();
  g_autofree char *seconds = NULL;
  g_autofree char *date = NULL;
  JsonObjectIter iter;
  const char *name;

  g_return_if_fail (action != NULL);
  g_return_if_fail (signer_fingerprint != NULL && signer_certificate_pem != NULL);
  g_return_if_fail (now_usec >= 0);

  json_object_iter_init_ordered (&iter, action);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    json_array_add_string_element (attributes, name);
  for (guint i = 0; i < G_N_ELEMENTS (added); i++)
    json_array_add_string_element (attributes, added[i]);

  seconds = kab_wire_format_time (now_usec / G_USEC_PER_SEC);
  date = g_strdup_printf ("%s.%06d", seconds, (int) (now_usec % G_USEC_PER_SEC));

  json_object_set_string_member (action, "signer", signer_fingerprint);
  json_object_set_string_member (action, "signature_date", date);
  json_object_set_string_member (action, "signer_certificate", signer_certificate_pem);
  json_object_set_array_member (action, "signed_attributes", g_steal_pointer (&attributes));
}

/**
 * kab_wire_action_new:
 * @action: its name on the wire, see kab_wire_action_default()
 * @uuid: the one host it is for: an agent wants its own uuid in the signed keys
 * @update_ids: (nullable): updates to limit the action to. The name of that key is not known for real agents; it is
 *   `update_ids` here, and left out when %NULL
 * @now_usec: microseconds since 1970, UTC; agents refuse what is more than six hours off
 *
 * Returns: (transfer full): an action that lacks only "signature"
 */
JsonObject *
kab_wire_action_new (const char         *action,
                     const char         *uuid,
                     const char * const *update_ids,
                     const char         *signer_fingerprint,
                     const char         *signer_certificate_pem,
                     gint64              now_usec)
{
  JsonObject *object = json_object_new ();

  g_return_val_if_fail (action != NULL && uuid != NULL, object);

  json_object_set_string_member (object, "action", action);
  json_object_set_string_member (object, "uuid", uuid);
  json_object_set_boolean_member (object, "notify_server", TRUE);
  json_object_set_boolean_member (object, "notify_user", FALSE);
  if (update_ids != NULL)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; update_ids[i] != NULL; i++)
        json_array_add_string_element (array, update_ids[i]);
      json_object_set_array_member (object, "update_ids", array);
    }
  kab_wire_action_prepare (object, signer_fingerprint, signer_certificate_pem, now_usec);

  return object;
}
