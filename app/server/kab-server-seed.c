/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed.h"

#include "kab-package-reader.h"
#include "kab-server-seed-host.h"

static const char *
text_or_null (GString *text)
{
  return text->len > 0 ? text->str : NULL;
}

static gboolean
put_host (KabDepot     *depot,
          KabSeedHost  *seeded,
          gboolean      is_connected,
          GString      *groups,
          GError      **error)
{
  gboolean is_windows = seeded->kind != KAB_SEED_HOST_LINUX && seeded->kind != KAB_SEED_HOST_MAC;
  KabDepotHost host = { 0 };

  host.uuid = seeded->uuid;
  host.computer_fqdn = seeded->fqdn;
  host.computer_name = seeded->name;
  host.description = seeded->description;
  host.computer_type = seeded->model >= 7 ? "Server" : g_str_has_prefix (seeded->name + 3, "-LT") ? "Notebook" : "Desktop";
  host.computer_architecture = "x64";
  host.os_name = seeded->os_name;
  host.os_version = seeded->os_version;
  host.os_architecture = "x64";
  host.platform = seeded->platform;
  host.manufacturer = seeded->manufacturer;
  host.productname = seeded->product_name;
  host.serialnr = seeded->serial;
  host.dnsdomain = KAB_SEED_DOMAIN;
  host.computer_ad_ou = seeded->ou->str;
  host.computer_ad_site = seeded->site;
  host.reachable = is_connected ? "OK" : "DISCONNECTED";
  host.listening_protocol = is_connected ? "websockets" : NULL;
  host.listening_address = seeded->is_connected ? seeded->serial : NULL;
  host.listening_at = seeded->is_connected ? seeded->last_seen_at : 0;
  host.host_status = seeded->host_status;
  host.audit_status = "OK";
  host.wapt_version = seeded->wapt_version;
  host.depends = groups->str;
  host.connected_ips_json = seeded->addresses->str;
  host.mac_addresses_json = seeded->macs->str;
  host.connected_users_json = seeded->users->str;
  host.last_update_status_json = seeded->update_status->str;
  host.host_capabilities_json = seeded->capabilities->str;
  host.wapt_status_json = seeded->wapt_status->str;
  host.waptwua_status_json = text_or_null (seeded->wua_status);
  host.wuauserv_status_json = text_or_null (seeded->service);
  host.waptwua_rules_json = text_or_null (seeded->wua_rules);
  host.computer_ad_groups_json = text_or_null (seeded->ad_groups);
  host.authorized_certificates_sha256_json = text_or_null (seeded->trusted);
  host.installed_packages_json = seeded->installed->str;
  host.installed_softwares_json = seeded->softwares->str;
  host.host_info_json = seeded->info->str;
  host.host_metrics_json = seeded->metrics->str;
  host.dmi_json = seeded->dmi->str;
  host.wmi_json = text_or_null (seeded->wmi);
  host.last_seen_at = seeded->last_seen_at;
  host.records = is_windows ? (gconstpointer) seeded->records->data : NULL;
  host.n_records = is_windows ? seeded->records->len : 0;
  host.history_json = text_or_null (seeded->history);
  return kab_depot_put_host (depot, &host, error);
}

static gboolean
put_hosts (KabDepot           *depot,
           const KabSeedPlan  *plan,
           guint               n_hosts,
           GError            **error)
{
  g_autoptr(KabSeedHost) host = kab_seed_host_new ();
  g_autoptr(GString) groups = g_string_new (NULL);

  for (guint i = 0; i < n_hosts; i++)
    {
      kab_seed_host_fill (host, plan, i);
      g_string_truncate (groups, 0);
      for (guint k = 0; k < plan->rules->groups[host->profile]->len; k++)
        g_string_append_printf (groups, "%s%s", k > 0 ? "," : "",
                                (char *) plan->rules->groups[host->profile]->pdata[k]);
      if (!put_host (depot, host, host->is_connected && !plan->is_offline, groups, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_updates (KabDepot           *depot,
             const KabSeedPlan  *plan,
             GError            **error)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  for (guint i = 0; i < plan->updates->len; i++)
    {
      const KabSeedUpdate *update = &g_array_index (plan->updates, KabSeedUpdate, i);

      g_string_append_printf (facts, "%u %u %d %u\n", i + 1, update->systems, update->model, update->revision);
      if (!kab_depot_put_update (depot, i + 1, kab_update_get_fields (update->update), error))
        return FALSE;
    }
  return kab_depot_set_value (depot, KAB_SEED_FACTS, facts->str, error);
}

static gboolean
put_files (KabDepot           *depot,
           const KabSeedPlan  *plan,
           GError            **error)
{
  for (guint i = 0; i < plan->updates->len; i++)
    {
      const KabUpdateFields *fields = kab_update_get_fields (g_array_index (plan->updates, KabSeedUpdate, i).update);

      for (guint k = 0; fields->downloaded_at != 0 && fields->download_urls[k] != NULL; k++)
        {
          g_autofree char *name = kab_download_url_dup_name (fields->download_urls[k]);

          if (!kab_depot_put_file (depot, name, MAX (fields->min_download_size, 1000000), error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
put_packages (KabDepot           *depot,
              const KabSeedPlan  *plan,
              KabSigner          *signer,
              GError            **error)
{
  for (guint i = 0; i < plan->rules->packages->len; i++)
    {
      g_autoptr(GBytes) bytes = kab_seed_rules_build (plan->rules->packages->pdata[i], signer, plan->now, error);
      g_autoptr(KabPackageReader) reader = NULL;
      g_autofree char *md5 = NULL;
      g_autofree char *name = NULL;

      if (bytes != NULL)
        reader = kab_package_reader_open_bytes (bytes, error);
      if (reader == NULL)
        return FALSE;
      md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
      name = kab_package_dup_file_name (kab_package_reader_get_package (reader), md5);
      if (!kab_depot_put_package (depot, name, bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* ["sha256", …] */
static char *
dup_trusted (const KabSeedOptions *options)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; options->trusted != NULL && i < options->trusted->len; i++)
    g_string_append_printf (json, "%s\"%s\"", i > 0 ? "," : "",
                            kab_certificate_get_identity (options->trusted->pdata[i])->fingerprint);
  if (options->trusted == NULL)
    g_string_append_printf (json, "\"%s\"",
                            kab_certificate_get_identity (kab_signer_get_certificate (options->signer))->fingerprint);
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

gboolean
kab_server_seed (KabDepot              *depot,
                 const KabSeedOptions  *options,
                 GError               **error)
{
  KabSeedPlan plan = { options->seed, options->now };
  gboolean done;

  plan.updates = kab_seed_updates_new (options->seed, options->n_updates, options->now);
  plan.rules = kab_seed_rules_new (options->seed, plan.updates, options->now);
  plan.trusted = dup_trusted (options);
  plan.is_offline = options->is_offline;

  /* Files first: a database that speaks of them comes into being only once they are there. */
  done = put_packages (depot, &plan, options->signer, error) && put_files (depot, &plan, error) &&
         kab_depot_begin (depot, error);
  if (done)
    {
      done = put_updates (depot, &plan, error) && put_hosts (depot, &plan, options->n_hosts, error);
      if (done)
        done = kab_depot_commit (depot, error);
      else
        kab_depot_rollback (depot);
    }

  kab_seed_rules_free (plan.rules);
  g_array_unref (plan.updates);
  g_free (plan.trusted);
  return done;
}
