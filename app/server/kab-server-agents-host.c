/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-host-private.h"

#include <string.h>

#include "kab-duration.h"
#include "kab-wire.h"

static JsonObject *
read_object (const char *text)
{
  g_autoptr(JsonNode) node = text != NULL ? kab_wire_parse (text, -1, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static char *
dup_object_text (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

KabAgentHost *
kab_agent_host_load (KabAgentsWorld  *world,
                     const char      *uuid,
                     GError         **error)
{
  g_autoptr(KabDepotHost) host = kab_depot_get_host (world->depot, uuid, error);
  g_autoptr(JsonNode) installed = NULL;
  KabAgentHost *self;

  if (host == NULL)
    return NULL;

  self = g_new0 (KabAgentHost, 1);
  self->world = world;
  self->now = kab_depot_get_now (world->depot);
  self->host = g_steal_pointer (&host);
  self->status = read_object (self->host->waptwua_status_json);
  self->service = read_object (self->host->wuauserv_status_json);
  self->wapt = read_object (self->host->wapt_status_json);
  self->updating = read_object (self->host->last_update_status_json);
  self->history = read_object (self->host->history_json);
  if (self->host->installed_packages_json != NULL)
    installed = kab_wire_parse (self->host->installed_packages_json, -1, NULL);
  self->installed = installed != NULL && JSON_NODE_HOLDS_ARRAY (installed) ? json_node_dup_array (installed) : json_array_new ();
  self->records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  if (self->host->n_records > 0)
    g_array_append_vals (self->records, self->host->records, self->host->n_records);
  self->os_version = g_strdup (self->host->os_version);
  self->host_status = self->host->host_status;
  return self;
}

gboolean
kab_agent_host_save (KabAgentHost  *self,
                     GError       **error)
{
  g_autoptr(JsonNode) installed_node = json_node_init_array (json_node_alloc (), self->installed);
  g_autofree char *installed = json_to_string (installed_node, FALSE);
  g_autofree char *status = dup_object_text (self->status);
  g_autofree char *service = dup_object_text (self->service);
  g_autofree char *wapt = dup_object_text (self->wapt);
  g_autofree char *updating = dup_object_text (self->updating);
  g_autofree char *history = json_object_get_size (self->history) > 0 ? dup_object_text (self->history) : NULL;
  KabDepotHost host = *self->host;

  host.waptwua_status_json = json_object_get_size (self->status) > 0 ? status : NULL;
  host.wuauserv_status_json = json_object_get_size (self->service) > 0 ? service : NULL;
  host.wapt_status_json = wapt;
  host.last_update_status_json = updating;
  host.installed_packages_json = installed;
  host.history_json = history;
  host.records = (gconstpointer) self->records->data;
  host.n_records = self->records->len;
  host.os_version = self->os_version;
  host.host_status = self->host_status;
  host.last_seen_at = self->now;
  if (!self->world->is_writing && !kab_depot_begin (self->world->depot, error))
    return FALSE;
  self->world->is_writing = TRUE;
  return kab_depot_put_host (self->world->depot, &host, error);
}

void
kab_agent_host_free (KabAgentHost *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->host, kab_depot_host_free);
  json_object_unref (self->status);
  json_object_unref (self->service);
  json_object_unref (self->wapt);
  json_object_unref (self->updating);
  json_object_unref (self->history);
  json_array_unref (self->installed);
  g_array_unref (self->records);
  g_free (self->os_version);
  g_free (self);
}

static gboolean
is_windows (KabAgentHost *self)
{
  return g_strcmp0 (self->host->platform, "Windows") == 0;
}

gboolean
kab_agent_host_is_managed (KabAgentHost *self)
{
  return is_windows (self) && kab_json_get_tristate (self->status, "enabled") == KAB_TRISTATE_TRUE;
}

KabStateRecord *
kab_agent_host_find_record (KabAgentHost *self,
                            guint32       number)
{
  for (guint i = 0; i < self->records->len; i++)
    if (g_array_index (self->records, KabStateRecord, i).update == number)
      return &g_array_index (self->records, KabStateRecord, i);
  return NULL;
}

void
kab_agent_host_set_time (JsonObject *object,
                         const char *member,
                         gint64      time)
{
  g_autofree char *text = kab_wire_format_time (time);

  json_object_set_string_member (object, member, text);
}

const char *
kab_agent_host_get_title (KabAgentHost *self,
                          guint32       number)
{
  KabUpdate *update = kab_agents_catalogue_get (self->world->catalogue, number);

  return update != NULL ? kab_update_get_title (update) : "";
}

static int
compare_install_date (gconstpointer a,
                      gconstpointer b)
{
  JsonObject *first = *(JsonObject * const *) a;
  JsonObject *second = *(JsonObject * const *) b;

  return g_strcmp0 (kab_json_get_text (first, "install_date"), kab_json_get_text (second, "install_date"));
}

/* Installed packages of section wsus whose install went well, by date; borrowed */
static GPtrArray *
list_rule_packages (KabAgentHost *self)
{
  GPtrArray *packages = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (self->installed); i++)
    {
      JsonNode *node = json_array_get_element (self->installed, i);
      JsonObject *package = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (package != NULL && g_strcmp0 (kab_json_get_text (package, "section"), "wsus") == 0 &&
          g_strcmp0 (kab_json_get_text (package, "install_status"), "OK") == 0)
        g_ptr_array_add (packages, package);
    }
  g_ptr_array_sort (packages, compare_install_date);
  return packages;
}

/* Rules of the agent's own ini, the base of all others; (nullable) */
static KabRuleSet *
make_own_rules (JsonObject *rules)
{
  g_auto(GStrv) severities = kab_json_dup_strv (rules, "params/allowed_severities");
  KabTristate superseded = kab_json_get_tristate (rules, "params/include_potentially_superseded_updates");
  KabRuleSetBuilder *builder;

  if (severities == NULL && superseded == KAB_TRISTATE_NULL)
    return NULL;
  builder = kab_rule_set_builder_new ("wapt-get.ini");
  for (guint i = 0; severities != NULL && severities[i] != NULL; i++)
    kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_SEVERITIES, severities[i]);
  kab_rule_set_builder_set_include_superseded (builder, superseded);
  return kab_rule_set_builder_end (builder);
}

KabRulesEngine *
kab_agent_host_new_engine (KabAgentHost *self)
{
  g_autoptr(JsonObject) rules = read_object (self->host->waptwua_rules_json);
  g_autoptr(GPtrArray) packages = list_rule_packages (self);
  g_autoptr(KabRuleSet) own = make_own_rules (rules);
  JsonArray *applied = json_array_new ();
  KabOptions options = { KAB_TRISTATE_FALSE, 0 };
  KabRulesEngine *engine;

  /* The ini of the agent; this is all that a server ever hears of it. */
  if (kab_json_get_tristate (rules, "params/default_allow") != KAB_TRISTATE_NULL)
    options.default_allow = kab_json_get_tristate (rules, "params/default_allow");
  options.delay_seconds = kab_duration_parse (kab_json_get_text (rules, "params/install_delay"));

  engine = kab_rules_engine_new (&options);
  if (own != NULL)
    kab_rules_engine_add (engine, own);
  for (guint i = 0; i < packages->len; i++)
    {
      JsonObject *package = packages->pdata[i];
      const char *uuid = kab_json_get_text (package, "package_uuid");
      g_autofree char *origin = g_strdup_printf ("%s %s", kab_json_get_text (package, "package"),
                                                 kab_json_get_text (package, "version"));
      KabRuleSet *set = kab_agents_repository_get_rules (self->world->repository, uuid, origin);
      JsonObject *told = json_object_new ();
      g_autofree char *folder = g_strdup_printf ("C:\\Program Files (x86)\\wapt\\private\\persistent\\%s", uuid);

      if (set != NULL)
        kab_rules_engine_add (engine, set);
      json_object_set_string_member (told, "package_uuid", uuid != NULL ? uuid : "");
      json_object_set_string_member (told, "package", kab_json_get_text (package, "package"));
      json_object_set_string_member (told, "version", kab_json_get_text (package, "version"));
      json_object_set_string_member (told, "persistent_dir", folder);
      json_array_add_object_element (applied, told);
    }
  json_object_set_array_member (self->status, "rules_packages", applied);
  return engine;
}
