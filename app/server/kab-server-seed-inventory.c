/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-host.h"

#include "kab-calendar.h"

#define GIB (G_GINT64_CONSTANT (1) << 30)

/* Of everything a machine of that kind could have: enough to look at, little enough for a hundred thousand of them. */
static const struct {
  const char *name;
  const char *version;
  const char *publisher;
  const char *key;
  guint       one_in;          /* machines */
  gboolean    is_office;       /* where that is */
} softwares[] = {
  { "7-Zip 24.08 (x64)", "24.08", "Igor Pavlov", "7-Zip", 1, FALSE },
  { "Mozilla Firefox ESR (x64 fr)", "128.4.0", "Mozilla", "Mozilla Firefox 128.4.0 ESR (x64 fr)", 2, FALSE },
  { "Microsoft Office Professional Plus 2016", "16.0.4266.1001", "Microsoft Corporation", "Office16.PROPLUS", 1, TRUE },
  { "VLC media player", "3.0.21", "VideoLAN", "VLC media player", 3, FALSE },
  { "Éditeur d'étiquettes", "4.2", "Société Exemple", "{998206e4-3fa5-5722-a2c4-3ddc1bdf9e33}", 7, FALSE },
};

/* ,"name":"value" */
static void
append_text (GString    *out,
             const char *name,
             const char *value)
{
  g_string_append_printf (out, ",\"%s\":", name);
  kab_seed_append_json (out, value);
}

static gint64
get_memory (KabSeedHost *self,
            guint        index)
{
  return (self->model >= 7 ? 32 : 8) * GIB << index % 2;
}

static void
write_info (KabSeedHost *self,
            guint        index)
{
  gint64 memory = get_memory (self, index);
  GString *out = self->info;

  g_string_printf (out, "{\"physical_memory\":%" G_GINT64_FORMAT ",\"virtual_memory\":%" G_GINT64_FORMAT, memory, memory + 2 * GIB);
  g_string_append_printf (out, ",\"mac\":%s,\"connected_ips\":%s,\"dns_servers\":[\"10.0.0.2\"]", self->macs->str,
                          self->addresses->str);
  append_text (out, "platform", self->platform);
  append_text (out, "os_name", self->os_name);
  append_text (out, "cpu_name", self->kind == KAB_SEED_HOST_MAC ? "Apple M1 Pro"
                                : self->model >= 7 ? "Intel(R) Xeon(R) Silver 4314" : "Intel(R) Core(TM) i5-1345U");
  append_text (out, "description", self->description);
  append_text (out, "computer_name", self->name);
  append_text (out, "computer_fqdn", self->fqdn);
  append_text (out, "computer_ad_site", self->site);
  append_text (out, "dnsdomain", KAB_SEED_DOMAIN);
  append_text (out, "system_manufacturer", self->manufacturer);
  append_text (out, "system_productname", self->product_name);
  g_string_append_c (out, '}');
}

static void
write_metrics (KabSeedHost *self,
               guint        index)
{
  gint64 capacity = 256 * (1 + index % 4) * G_GINT64_CONSTANT (1000000000);

  g_string_printf (self->metrics,
                   "{\"uptime\":%u,\"boot_count\":%u,\"memory_load\":%u,\"physical_memory\":%" G_GINT64_FORMAT
                   ",\"logged_in_users\":%s,\"local_drives\":{\"C\":{\"DriveLetter\":\"C:\",\"Capacity\":%" G_GINT64_FORMAT
                   ",\"FreeSpace\":%" G_GINT64_FORMAT "}}}",
                   3600 * (1 + index % 300), 20 + index % 400, 20 + index % 60, get_memory (self, index), self->users->str,
                   capacity, capacity / 100 * (15 + index % 60));
}

static void
write_parts (KabSeedHost *self,
             gboolean     is_windows)
{
  GString *out = self->dmi;

  g_string_assign (out, "{\"BIOS_Information\":{\"Version\":\"1.4.2\"");
  append_text (out, "Vendor", self->manufacturer);
  g_string_append_printf (out, "},\"System_Information\":{\"UUID\":\"%s\"", self->uuid);
  append_text (out, "Manufacturer", self->manufacturer);
  append_text (out, "Product_Name", self->product_name);
  append_text (out, "Serial_Number", self->serial);
  g_string_append (out, "}}");

  g_string_truncate (self->wmi, 0);
  if (!is_windows)
    return;
  g_string_printf (self->wmi, "{\"Win32_ComputerSystem\":{\"Name\":\"%s\"", self->name);
  append_text (self->wmi, "Model", self->product_name);
  g_string_append (self->wmi, "}}");
}

static void
write_softwares (KabSeedHost *self,
                 gint64       now,
                 guint        index,
                 gboolean     is_windows)
{
  g_autoptr(GDateTime) installed = g_date_time_new_from_unix_utc (now - (30 + index % 500) * KAB_SECONDS_PER_DAY);
  g_autofree char *date = g_date_time_format (installed, "%Y%m%d");
  GString *out = self->softwares;

  g_string_assign (out, "[");
  for (guint i = 0; is_windows && i < G_N_ELEMENTS (softwares); i++)
    {
      if ((index + i) % softwares[i].one_in != 0 || (softwares[i].is_office && !self->has_office))
        continue;
      g_string_append (out, out->len > 1 ? ",{\"system_component\":\"0\"" : "{\"system_component\":\"0\"");
      append_text (out, "name", softwares[i].name);
      append_text (out, "version", softwares[i].version);
      append_text (out, "publisher", softwares[i].publisher);
      append_text (out, "key", softwares[i].key);
      append_text (out, "install_date", date);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

void
kab_seed_host_list (KabSeedHost *self,
                    gint64       now,
                    guint        index)
{
  gboolean is_windows = self->kind != KAB_SEED_HOST_LINUX && self->kind != KAB_SEED_HOST_MAC;

  write_info (self, index);
  write_metrics (self, index);
  write_parts (self, is_windows);
  write_softwares (self, now, index, is_windows);
}
