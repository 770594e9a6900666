/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-host-private.h"

#include <string.h>

#include "kab-wire.h"

/* What the agent knows of itself, as the resolver asks for it. */
typedef struct {
  KabAgent    agent;
  GStrv       depends, conflicts, ad_groups, maturities, locales, trusted;
  GArray     *installed;      /* KabInstalled: those whose install went well … */
  GArray     *positions;      /* … and where they are in the host's list */
} Self;

static GStrv
dup_array (const char *json)
{
  g_autoptr(JsonNode) node = json != NULL ? kab_wire_parse (json, -1, NULL) : NULL;
  g_autoptr(JsonObject) object = json_object_new ();

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  json_object_set_member (object, "list", g_steal_pointer (&node));
  return kab_json_dup_strv (object, "list");
}

static void
read_installed (KabAgentHost *host,
                Self         *self)
{
  self->installed = g_array_new (FALSE, FALSE, sizeof (KabInstalled));
  self->positions = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < json_array_get_length (host->installed); i++)
    {
      JsonNode *node = json_array_get_element (host->installed, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      KabInstalled installed = { object != NULL ? kab_json_get_text (object, "package") : NULL };

      if (installed.name == NULL || g_strcmp0 (kab_json_get_text (object, "install_status"), "OK") != 0)
        continue;
      installed.version = kab_json_get_text (object, "version");
      installed.maturity = kab_json_get_text (object, "maturity");
      installed.package_uuid = kab_json_get_text (object, "package_uuid");
      installed.signature_date = kab_json_get_text (object, "signature_date");
      installed.section = kab_json_get_text (object, "section");
      g_array_append_val (self->installed, installed);
      g_array_append_val (self->positions, i);
    }
}

/* Its own package is what it last fetched; without one the server's word stands for it. */
static void
read_host_package (KabAgentHost *host,
                   Self         *self)
{
  g_autoptr(KabPackage) package = NULL;

  package = kab_agents_repository_read_host_package (host->world->repository, host->host->uuid,
                                                     (const char * const *) self->trusted);
  self->depends = kab_requirements_split (package != NULL ? kab_package_get (package, "depends") : host->host->depends);
  self->conflicts = kab_requirements_split (package != NULL ? kab_package_get (package, "conflicts") : NULL);
}

static void
self_init (Self         *self,
           KabAgentHost *host)
{
  g_autoptr(JsonNode) node = host->host->host_capabilities_json != NULL
                               ? kab_wire_parse (host->host->host_capabilities_json, -1, NULL) : NULL;
  JsonObject *capabilities = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  memset (self, 0, sizeof *self);
  if (capabilities != NULL)
    {
      self->maturities = kab_json_dup_strv (capabilities, "packages_maturities");
      self->locales = kab_json_dup_strv (capabilities, "packages_locales");
    }
  self->ad_groups = dup_array (host->host->computer_ad_groups_json);
  self->trusted = dup_array (host->host->authorized_certificates_sha256_json);
  read_host_package (host, self);
  read_installed (host, self);

  self->agent = (KabAgent) {
    host->host->platform, host->host->os_name, host->os_version, host->host->computer_architecture,
    host->host->wapt_version, host->host->computer_ad_ou, (const char * const *) self->depends,
    (const char * const *) self->conflicts, (const char * const *) self->ad_groups,
    (const char * const *) self->maturities, (const char * const *) self->locales, (const char * const *) self->trusted,
    (gconstpointer) self->installed->data, self->installed->len, FALSE,
  };
}

static void
self_clear (Self *self)
{
  g_strfreev (self->depends);
  g_strfreev (self->conflicts);
  g_strfreev (self->ad_groups);
  g_strfreev (self->maturities);
  g_strfreev (self->locales);
  g_strfreev (self->trusted);
  g_array_unref (self->installed);
  g_array_unref (self->positions);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Self, self_clear)

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
install (KabAgentHost *self,
         KabPackage   *package,
         JsonArray    *errors,
         GPtrArray    *logs)
{
  const KabAgentsPackage *known = kab_agents_repository_find (self->world->repository, package);
  g_autofree char *spelling = dup_spelling (package);

  if (known->is_intact)
    {
      set_installed (self, package, "OK", "");
      g_ptr_array_add (logs, g_strdup_printf ("Installed %s", spelling));
      return TRUE;
    }
  json_array_add_string_element (errors, spelling);
  g_ptr_array_add (logs, g_strdup_printf ("%s not installed: %s", spelling, known->detail));
  return FALSE;
}

/* From the last, so that the positions before stay right. */
static void
remove_others (KabAgentHost        *self,
                  const Self          *known,
                  const KabResolution *resolution,
                  GPtrArray           *logs)
{
  for (guint i = resolution->removed->len; i > 0; i--)
    {
      guint index = g_array_index (resolution->removed, guint, i - 1);

      g_ptr_array_add (logs, g_strdup_printf ("Removed %s", known->agent.installed[index].name));
      json_array_remove_element (self->installed, g_array_index (known->positions, guint, index));
    }
}

static void
tell_refused (const KabResolution *resolution,
              JsonArray           *errors,
              GPtrArray           *logs)
{
  for (guint i = 0; i < resolution->refused->len; i++)
    {
      const KabRefused *refused = resolution->refused->pdata[i];

      g_ptr_array_add (logs, g_strdup_printf (refused->refusal == KAB_REFUSAL_CONFLICT ? "%s is forbidden here"
                                                                                      : "No package for %s",
                                              refused->requirement));
      if (refused->refusal != KAB_REFUSAL_CONFLICT)
        json_array_add_string_element (errors, refused->requirement);
    }
}

/* What waits, by what becomes of it */
static JsonObject *
new_pending (JsonArray *upgrades)
{
  JsonObject *pending = json_object_new ();

  json_object_set_array_member (pending, "remove", json_array_new ());
  json_object_set_array_member (pending, "install", json_array_new ());
  json_object_set_array_member (pending, "upgrade", json_array_ref (upgrades));
  json_object_set_array_member (pending, "additional", json_array_new ());
  return pending;
}

gboolean
kab_agent_host_upgrade (KabAgentHost *self,
                        gboolean      installs,
                        GPtrArray    *logs)
{
  JsonArray *upgrades = json_array_new ();
  JsonArray *errors = json_array_new ();
  g_autoptr(KabResolution) resolution = NULL;
  g_auto(Self) known;

  kab_agents_repository_refresh (self->world->repository);
  self_init (&known, self);
  resolution = kab_resolver_resolve (kab_agents_repository_get_resolver (self->world->repository), &known.agent);
  if (installs)
    remove_others (self, &known, resolution, logs);
  for (guint i = 0; i < resolution->packages->len; i++)
    {
      const KabResolved *resolved = &g_array_index (resolution->packages, KabResolved, i);
      g_autofree char *spelling = NULL;

      if (resolved->installed >= 0 || (installs && install (self, resolved->package, errors, logs)))
        continue;
      spelling = dup_spelling (resolved->package);
      json_array_add_string_element (upgrades, spelling);
      if (!installs)
        g_ptr_array_add (logs, g_strdup_printf ("To upgrade: %s", spelling));
    }
  tell_refused (resolution, errors, logs);

  self->host_status = json_array_get_length (errors) > 0 ? "ERROR"
                      : json_array_get_length (upgrades) > 0 ? "TO-UPGRADE" : "OK";
  kab_agent_host_set_time (self->updating, "date", self->now);
  json_object_set_object_member (self->updating, "pending", new_pending (upgrades));
  json_object_set_array_member (self->updating, "upgrades", upgrades);
  json_object_set_array_member (self->updating, "errors", errors);
  json_object_set_string_member (self->updating, "runstatus", "");
  return json_array_get_length (errors) == 0;
}
