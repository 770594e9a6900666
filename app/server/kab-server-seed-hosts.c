/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-host.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-wire.h"

#define HOUR (60 * 60)

static const struct {
  const char *name;
  const char *code;
  const char *country;
  guint       share;     /* percent of the fleet; together 100 */
  gboolean    is_french;
} sites[] = {
  { "Paris", "PAR", "France", 26, TRUE },       { "Lyon", "LYO", "France", 14, TRUE },
  { "Nantes", "NTE", "France", 10, TRUE },      { "Toulouse", "TLS", "France", 9, TRUE },
  { "Lille", "LIL", "France", 7, TRUE },        { "London", "LON", "United Kingdom", 18, FALSE },
  { "Manchester", "MAN", "United Kingdom", 9, FALSE }, { "Dublin", "DUB", "Ireland", 7, FALSE },
};

static const struct {
  const char *french;
  const char *english;
} departments[] = {
  { "Comptabilité", "Accounting" }, { "Ressources humaines", "Human Resources" }, { "Production", "Operations" },
  { "Ventes", "Sales" },            { "Informatique", "IT" },                     { "Direction", "Management" },
  { "Achats", "Purchasing" },       { "Qualité", "Quality" },
};

static const struct {
  const char *manufacturer;
  const char *name;
  gboolean    is_server;
  gboolean    is_portable;
} models[KAB_SEED_N_MODELS] = {
  { "LENOVO", "ThinkPad T14 Gen 4", FALSE, TRUE },    { "LENOVO", "ThinkCentre M70q Gen 3", FALSE, FALSE },
  { "Dell Inc.", "Latitude 5440", FALSE, TRUE },      { "Dell Inc.", "OptiPlex 7010", FALSE, FALSE },
  { "HP", "HP EliteBook 840 G10", FALSE, TRUE },      { "HP", "HP ProDesk 400 G9", FALSE, FALSE },
  { "Microsoft Corporation", "Surface Laptop 5", FALSE, TRUE },
  { "Dell Inc.", "PowerEdge R650", TRUE, FALSE },     { "VMware, Inc.", "VMware7,1", TRUE, FALSE },
  { "HPE", "ProLiant DL360 Gen10", TRUE, FALSE },
};

static const char * const people[] = {
  "amelie.martin", "b.dupont", "c.lefevre", "daniel.okafor", "e.moreau", "f.haddad", "g.walsh", "h.nguyen",
  "i.petit", "j.smith", "k.roussel", "l.byrne", "m.garnier", "n.patel", "o.taylor", "p.chevalier",
};

static const guint text_members[] = {
  G_STRUCT_OFFSET (KabSeedHost, ou), G_STRUCT_OFFSET (KabSeedHost, users), G_STRUCT_OFFSET (KabSeedHost, addresses),
  G_STRUCT_OFFSET (KabSeedHost, macs), G_STRUCT_OFFSET (KabSeedHost, depends),
  G_STRUCT_OFFSET (KabSeedHost, capabilities), G_STRUCT_OFFSET (KabSeedHost, wapt_status),
  G_STRUCT_OFFSET (KabSeedHost, update_status), G_STRUCT_OFFSET (KabSeedHost, wua_status),
  G_STRUCT_OFFSET (KabSeedHost, service), G_STRUCT_OFFSET (KabSeedHost, wua_rules),
  G_STRUCT_OFFSET (KabSeedHost, installed), G_STRUCT_OFFSET (KabSeedHost, history),
  G_STRUCT_OFFSET (KabSeedHost, ad_groups), G_STRUCT_OFFSET (KabSeedHost, trusted),
  G_STRUCT_OFFSET (KabSeedHost, softwares), G_STRUCT_OFFSET (KabSeedHost, info), G_STRUCT_OFFSET (KabSeedHost, metrics),
  G_STRUCT_OFFSET (KabSeedHost, dmi), G_STRUCT_OFFSET (KabSeedHost, wmi),
};

KabSeedHost *
kab_seed_host_new (void)
{
  KabSeedHost *self = g_new0 (KabSeedHost, 1);

  for (guint i = 0; i < G_N_ELEMENTS (text_members); i++)
    G_STRUCT_MEMBER (GString *, self, text_members[i]) = g_string_new (NULL);
  self->records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  return self;
}

void
kab_seed_host_free (KabSeedHost *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (text_members); i++)
    g_string_free (G_STRUCT_MEMBER (GString *, self, text_members[i]), TRUE);
  g_array_unref (self->records);
  g_free (self);
}

void
kab_seed_append_json (GString    *out,
                      const char *text)
{
  if (text == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

void
kab_seed_append_time (GString *out,
                      gint64   time)
{
  g_autofree char *text = time != 0 ? kab_wire_format_time (time) : NULL;

  kab_seed_append_json (out, text);
}

int
kab_seed_model_of (const char *product_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_strcmp0 (models[i].name, product_name) == 0)
      return (int) i;
  return -1;
}

static KabSeedHostKind
choose_kind (guint64 seed,
             guint   index)
{
  /* 61 has no divisor in common with 100: each hundred hosts visit every place once. */
  guint place = (guint) (((guint64) index * 61 + seed % 100) % 100);
  static const struct {
    guint below;
    KabSeedHostKind kind;
  } places[] = {
    { 2, KAB_SEED_HOST_LINUX },   { 4, KAB_SEED_HOST_MAC },   { 6, KAB_SEED_HOST_DISABLED },
    { 8, KAB_SEED_HOST_NEVER_SCANNED }, { 12, KAB_SEED_HOST_SILENT }, { 14, KAB_SEED_HOST_ERROR },
    { 20, KAB_SEED_HOST_RESTART },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (place < places[i].below)
      return places[i].kind;
  return KAB_SEED_HOST_ORDINARY;
}

static KabSeedSystem
choose_system (KabSeedRandom *random,
               gboolean       is_server)
{
  guint place = kab_seed_below (random, 100);

  if (is_server)
    return place < 42 ? KAB_SEED_S2022 : place < 72 ? KAB_SEED_S2019 : place < 86 ? KAB_SEED_S2025 : KAB_SEED_S2016;
  return place < 48 ? KAB_SEED_W11_24H2 : place < 70 ? KAB_SEED_W11_23H2 : KAB_SEED_W10_22H2;
}

static KabSeedProfile
choose_profile (KabSeedRandom   *random,
                KabSeedHostKind  kind,
                gboolean         is_server)
{
  guint place = kab_seed_below (random, 100);

  if (place < 2)
    return KAB_SEED_PROFILE_BARE;
  /* A delay that ran out since the last scan would tell another story than the rules do now. */
  if (place < 12 && kind != KAB_SEED_HOST_SILENT)
    return is_server ? KAB_SEED_PROFILE_SERVER_DELAYED : KAB_SEED_PROFILE_DESK_DELAYED;
  if (place < 20)
    return is_server ? KAB_SEED_PROFILE_SERVER_PILOT : KAB_SEED_PROFILE_DESK_PILOT;
  if (is_server)
    return KAB_SEED_PROFILE_SERVER;
  return place < 22 ? KAB_SEED_PROFILE_DESK_LAB : place < 27 ? KAB_SEED_PROFILE_DESK_OLD : KAB_SEED_PROFILE_DESK;
}

static void
choose_times (KabSeedHost   *self,
              gint64         now,
              KabSeedRandom *random)
{
  gboolean is_delayed = self->profile == KAB_SEED_PROFILE_DESK_DELAYED ||
                        self->profile == KAB_SEED_PROFILE_SERVER_DELAYED;

  self->is_connected = FALSE;
  if (self->kind == KAB_SEED_HOST_SILENT)
    self->last_seen_at = now - (20 + kab_seed_below (random, 160)) * KAB_SECONDS_PER_DAY - kab_seed_below (random, 50000);
  else if (kab_seed_chance (random, 82))
    {
      self->is_connected = TRUE;
      self->last_seen_at = now - kab_seed_below (random, 25 * 60);
    }
  else
    self->last_seen_at = now - HOUR - kab_seed_below (random, 6 * (guint) KAB_SECONDS_PER_DAY);

  self->last_scan_at = 0;
  if (self->kind == KAB_SEED_HOST_LINUX || self->kind == KAB_SEED_HOST_MAC ||
      self->kind == KAB_SEED_HOST_NEVER_SCANNED || self->kind == KAB_SEED_HOST_DISABLED)
    return;
  self->last_scan_at = self->last_seen_at - kab_seed_below (random, is_delayed ? 4 * HOUR : 40 * HOUR);
}

static void
write_place (KabSeedHost   *self,
             KabSeedRandom *random,
             gboolean       is_server,
             guint          index)
{
  guint place = kab_seed_below (random, 100);
  guint department = kab_seed_below (random, G_N_ELEMENTS (departments));
  gboolean is_portable = models[self->model].is_portable;
  const char *folder;
  guint site = 0;

  while (place >= sites[site].share)
    place -= sites[site++].share;

  self->site = sites[site].name;
  self->description = sites[site].is_french ? departments[department].french : departments[department].english;
  if (is_server)
    folder = sites[site].is_french ? "Serveurs" : "Servers";
  else if (is_portable)
    folder = sites[site].is_french ? "Portables" : "Laptops";
  else
    folder = sites[site].is_french ? "Postes" : "Workstations";
  if (is_server)
    self->description = sites[site].is_french ? "Serveur" : "Server";

  g_snprintf (self->name, sizeof self->name, "%s-%s-%05u", sites[site].code, is_server ? "SRV" : is_portable ? "LT" : "PC",
              index + 1);
  for (guint i = 0; i <= strlen (self->name); i++)
    self->fqdn[i] = g_ascii_tolower (self->name[i]);
  g_strlcat (self->fqdn, "." KAB_SEED_DOMAIN, sizeof self->fqdn);

  if (is_server)
    g_string_printf (self->ou, "OU=%s,OU=%s,OU=%s," KAB_SEED_BASE_DN, folder, sites[site].name, sites[site].country);
  else
    g_string_printf (self->ou, "OU=%s,OU=%s,OU=%s,OU=%s," KAB_SEED_BASE_DN, self->description, folder,
                     sites[site].name, sites[site].country);

  g_string_assign (self->users, "[]");
  if (self->is_connected && !is_server && kab_seed_chance (random, 75))
    g_string_printf (self->users, "[\"%s\"]", people[kab_seed_below (random, G_N_ELEMENTS (people))]);
  g_string_printf (self->addresses, "[\"10.%u.%u.%u\"]", site + 10, (index / 250) % 250, index % 250 + 2);
  g_string_printf (self->macs, "[\"3c:52:82:%02x:%02x:%02x\"]", (index >> 16) & 0xff, (index >> 8) & 0xff, index & 0xff);
}

/* Older agents tell neither. A machine without any rule package is one of another company: it trusts nobody here. */
static void
write_directory (KabSeedHost       *self,
                 const KabSeedPlan *plan)
{
  gboolean is_bare = self->profile == KAB_SEED_PROFILE_BARE;

  g_string_truncate (self->ad_groups, 0);
  g_string_truncate (self->trusted, 0);
  if (is_bare)
    g_string_assign (self->trusted, "[\"" KAB_SEED_STRANGER "\"]");
  if (!g_str_has_prefix (self->wapt_version, "2.5"))
    return;

  g_string_printf (self->ad_groups, "[\"GG-Computers-%.3s\"%s]", self->name,
                   1u << self->profile & KAB_SEED_PILOTS ? ",\"" KAB_SEED_PILOTS_GROUP "\"" : "");
  if (!is_bare && plan->trusted != NULL)
    g_string_assign (self->trusted, plan->trusted);
}

static void
append_installed (KabSeedHost          *self,
                  const KabSeedPackage *package,
                  const char           *date)
{
  g_string_append_printf (self->installed,
                          "%s{\"package_uuid\":\"%s\",\"package\":\"%s\",\"version\":\"%s\",\"maturity\":\"%s\","
                          "\"section\":\"%s\",\"architecture\":\"all\",\"priority\":\"critical\","
                          "\"install_status\":\"OK\",\"install_date\":\"%s\"}",
                          self->installed->len > 1 ? "," : "", package->uuid, package->name, package->version,
                          package->maturity, package->section, date);
}

static void
write_packages (KabSeedHost       *self,
                const KabSeedPlan *plan)
{
  GPtrArray *groups = plan->rules->groups[self->profile];
  GPtrArray *installed = plan->rules->installed[self->profile];
  g_autofree char *date = kab_wire_format_time (MIN (plan->now - 4 * KAB_SECONDS_PER_DAY,
                                                         self->last_seen_at - KAB_SECONDS_PER_DAY));

  g_string_assign (self->depends, "[");
  g_string_assign (self->installed, "[");
  for (guint i = 0; i < groups->len; i++)
    g_string_append_printf (self->depends, "%s\"%s\"", i > 0 ? "," : "", (char *) groups->pdata[i]);
  for (guint i = 0; i < installed->len; i++)
    append_installed (self, installed->pdata[i], date);
  for (guint i = 0; i < plan->rules->units->len && self->profile != KAB_SEED_PROFILE_BARE; i++)
    if (g_str_has_suffix (self->ou->str, ((KabSeedPackage *) plan->rules->units->pdata[i])->name))
      append_installed (self, plan->rules->units->pdata[i], date);
  g_string_append_c (self->depends, ']');
  g_string_append_c (self->installed, ']');
}

static void
write_capabilities (KabSeedHost       *self,
                    const KabSeedPlan *plan)
{
  g_auto(GStrv) maturities = g_strsplit (plan->rules->maturities[self->profile], ",", -1);
  g_autofree char *list = g_strjoinv ("\",\"", maturities);

  g_string_assign (self->capabilities, "{\"uuid\":");
  kab_seed_append_json (self->capabilities, self->uuid);
  g_string_append_printf (self->capabilities, ",\"fqdn\":\"%s\",\"dn\":\"CN=%s,%s\",\"site\":\"%s\",\"os\":\"%s\",",
                          self->fqdn, self->name, self->ou->str, self->site,
                          self->kind == KAB_SEED_HOST_LINUX ? "linux" : self->kind == KAB_SEED_HOST_MAC ? "macos" : "windows");
  g_string_append_printf (self->capabilities,
                          "\"os_version\":\"%s\",\"architecture\":\"x64\",\"wapt_version\":\"%s\","
                          "\"packages_maturities\":[\"%s\"],\"packages_locales\":[\"fr\",\"en\"],\"use_host_packages\":true}",
                          self->os_version, self->wapt_version, list);
}

static void
write_other_platform (KabSeedHost   *self,
                      KabSeedRandom *random)
{
  gboolean is_linux = self->kind == KAB_SEED_HOST_LINUX;

  self->platform = is_linux ? "Linux" : "Darwin";
  self->os_name = is_linux ? (kab_seed_chance (random, 60) ? "Debian GNU/Linux" : "Ubuntu") : "macOS";
  g_strlcpy (self->os_version, is_linux ? (self->os_name[0] == 'D' ? "12" : "24.04") : "14.6.1", sizeof self->os_version);
  if (!is_linux)
    {
      self->manufacturer = "Apple Inc.";
      self->product_name = "MacBookPro18,3";
    }
  g_string_truncate (self->wua_status, 0);
  g_string_truncate (self->service, 0);
  g_string_truncate (self->wua_rules, 0);
  g_string_truncate (self->history, 0);
  g_array_set_size (self->records, 0);
}

void
kab_seed_host_fill (KabSeedHost       *self,
                    const KabSeedPlan *plan,
                    guint              index)
{
  KabSeedRandom random = kab_seed_random (plan->seed, KAB_SEED_FOR_HOSTS, index);
  g_autofree char *guid = kab_seed_dup_guid (&random);
  gboolean is_server = kab_seed_chance (&random, 12);
  gboolean is_other;

  for (guint i = 0; guid[i] != '\0'; i++)
    guid[i] = g_ascii_toupper (guid[i]);
  g_strlcpy (self->uuid, guid, sizeof self->uuid);

  self->kind = choose_kind (plan->seed, index);
  is_other = self->kind == KAB_SEED_HOST_LINUX || self->kind == KAB_SEED_HOST_MAC;
  is_server = is_server && self->kind != KAB_SEED_HOST_MAC;
  self->system = choose_system (&random, is_server);
  self->profile = is_other ? KAB_SEED_PROFILE_BARE : choose_profile (&random, self->kind, is_server);
  self->model = is_server ? 7 + kab_seed_below (&random, 3) : kab_seed_below (&random, 7);
  self->manufacturer = models[self->model].manufacturer;
  self->product_name = models[self->model].name;
  self->has_office = kab_seed_chance (&random, 88);
  self->lag = kab_seed_chance (&random, 60) ? 0 : kab_seed_chance (&random, 70) ? 1 : 2 + kab_seed_below (&random, 3);
  self->wapt_version = kab_seed_chance (&random, 92) ? "2.5.5.15697" : "2.4.0.14143";
  self->platform = "Windows";
  self->os_name = kab_seed_system (self->system)->os_name;
  self->host_status = self->profile == KAB_SEED_PROFILE_DESK_OLD ? "TO-UPGRADE" : "OK";
  g_snprintf (self->serial, sizeof self->serial, "%c%c%06u", 'A' + (int) kab_seed_below (&random, 26),
              'A' + (int) kab_seed_below (&random, 26), index % 1000000);

  choose_times (self, plan->now, &random);
  write_place (self, &random, is_server, index);
  write_directory (self, plan);
  write_packages (self, plan);
  if (is_other)
    write_other_platform (self, &random);
  else
    kab_seed_host_report (self, plan, &random);
  write_capabilities (self, plan);

  g_string_assign (self->wapt_status, "{\"wapt-exe-version\":");
  kab_seed_append_json (self->wapt_status, self->wapt_version);
  if (is_other)
    g_string_append (self->wapt_status, "}");
  else
    g_string_append (self->wapt_status, self->kind == KAB_SEED_HOST_RESTART
                       ? ",\"pending_reboot_reasons\":[\"Windows Update: a restart is required\",\"CBS Updates: RebootPending\"]}"
                       : ",\"pending_reboot_reasons\":[]}");
  g_string_assign (self->update_status, "{\"date\":");
  kab_seed_append_time (self->update_status, self->last_seen_at);
  g_string_append (self->update_status, self->profile == KAB_SEED_PROFILE_DESK_OLD
                     ? ",\"errors\":[],\"pending\":{\"remove\":[],\"install\":[],\"upgrade\":[\"demo-wua-base(=12)\"],"
                       "\"additional\":[]},\"upgrades\":[\"demo-wua-base(=12)\"],\"runstatus\":\"\",\"running_tasks\":[]}"
                     : ",\"errors\":[],\"pending\":{\"remove\":[],\"install\":[],\"upgrade\":[],\"additional\":[]},"
                       "\"upgrades\":[],\"runstatus\":\"\",\"running_tasks\":[]}");
  kab_seed_host_list (self, plan->now, index);
}
