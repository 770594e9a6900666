/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-host-private.h"

#include "kab-wire.h"

static GStrv
dup_maturities (KabAgentHost *self)
{
  g_autoptr(JsonNode) node = self->host->host_capabilities_json != NULL
                               ? kab_wire_parse (self->host->host_capabilities_json, -1, NULL) : NULL;
  GStrv maturities = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                       ? kab_json_dup_strv (json_node_get_object (node), "packages_maturities") : NULL;

  return maturities != NULL ? maturities : g_strsplit ("PROD", ",", -1);
}

static int
find_installed (KabAgentHost *self,
                const char   *name)
{
  for (guint i = 0; i < json_array_get_length (self->installed); i++)
    {
      JsonNode *node = json_array_get_element (self->installed, i);

      if (JSON_NODE_HOLDS_OBJECT (node) &&
          g_strcmp0 (kab_json_get_text (json_node_get_object (node), "package"), name) == 0)
        return (int) i;
    }
  return -1;
}

static gboolean
is_current (KabAgentHost *self,
            KabPackage   *package)
{
  int index = find_installed (self, kab_package_get_name (package));
  JsonObject *installed = index >= 0 ? json_array_get_object_element (self->installed, (guint) index) : NULL;

  return installed != NULL && g_strcmp0 (kab_json_get_text (installed, "install_status"), "OK") == 0 &&
         g_strcmp0 (kab_json_get_text (installed, "package_uuid"), kab_package_get (package, "package_uuid")) == 0;
}

static void
set_installed (KabAgentHost *self,
               KabPackage   *package,
               const char   *install_status,
               const char   *output)
{
  static const char * const copied[] = {
    "package_uuid", "package", "version", "architecture", "locale", "maturity", "section", "priority", "signer",
    "signer_fingerprint", "signature_date", "description", "name",
  };
  int index = find_installed (self, kab_package_get_name (package));
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (copied); i++)
    json_object_set_string_member (object, copied[i], kab_package_get (package, copied[i]));
  json_object_set_string_member (object, "install_status", install_status);
  json_object_set_string_member (object, "install_output", output);
  kab_agent_host_set_time (object, "install_date", self->now);
  if (index >= 0)
    json_array_remove_element (self->installed, (guint) index);
  json_array_add_object_element (self->installed, object);
}

static char *
dup_spelling (KabPackage *package)
{
  return g_strdup_printf ("%s(=%s)", kab_package_get_name (package), kab_package_get_version (package));
}

/* A package whose content is not what was signed leaves the one before in place. */
static gboolean
install (KabAgentHost     *self,
         KabAgentsPackage *package,
         JsonArray        *errors,
         GPtrArray        *logs)
{
  g_autofree char *spelling = dup_spelling (package->package);

  if (package->is_intact)
    {
      set_installed (self, package->package, "OK", "");
      g_ptr_array_add (logs, g_strdup_printf ("Installed %s", spelling));
      return TRUE;
    }
  json_array_add_string_element (errors, spelling);
  g_ptr_array_add (logs, g_strdup_printf ("%s not installed: %s", spelling, package->detail));
  return FALSE;
}

gboolean
kab_agent_host_upgrade (KabAgentHost *self,
                        gboolean      installs,
                        GPtrArray    *logs)
{
  g_auto(GStrv) maturities = dup_maturities (self);
  g_autoptr(GPtrArray) missing = NULL;
  g_autoptr(GPtrArray) packages = NULL;
  JsonArray *upgrades = json_array_new ();
  JsonArray *errors = json_array_new ();

  kab_agents_repository_refresh (self->world->repository);
  packages = kab_agents_repository_resolve (self->world->repository, self->host->depends,
                                            (const char * const *) maturities, &missing);
  for (guint i = 0; i < packages->len; i++)
    {
      KabAgentsPackage *package = packages->pdata[i];
      g_autofree char *spelling = dup_spelling (package->package);

      if (is_current (self, package->package) || (installs && install (self, package, errors, logs)))
        continue;
      json_array_add_string_element (upgrades, spelling);
      if (!installs)
        g_ptr_array_add (logs, g_strdup_printf ("To upgrade: %s", spelling));
    }
  for (guint i = 0; i < missing->len; i++)
    {
      json_array_add_string_element (errors, missing->pdata[i]);
      g_ptr_array_add (logs, g_strdup_printf ("No package for %s", (char *) missing->pdata[i]));
    }

  self->host_status = json_array_get_length (errors) > 0 ? "ERROR"
                      : json_array_get_length (upgrades) > 0 ? "TO-UPGRADE" : "OK";
  kab_agent_host_set_time (self->updating, "date", self->now);
  json_object_set_array_member (self->updating, "upgrades", upgrades);
  json_object_set_array_member (self->updating, "errors", errors);
  json_object_set_string_member (self->updating, "runstatus", "");
  return json_array_get_length (errors) == 0;
}
