/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-snapshot-build.h"

/* Builds as Microsoft numbers them (release information pages of Windows 10, 11 and Server). */
static const struct {
  guint       build;
  const char *client;
  const char *server;
} versions[] = {
  { 6002, "Windows Vista", "Windows Server 2008" },
  { 6003, "Windows Vista", "Windows Server 2008" },
  { 7601, "Windows 7", "Windows Server 2008 R2" },
  { 9200, "Windows 8", "Windows Server 2012" },
  { 9600, "Windows 8.1", "Windows Server 2012 R2" },
  { 10240, "Windows 10 1507", NULL },
  { 10586, "Windows 10 1511", NULL },
  { 14393, "Windows 10 1607", "Windows Server 2016" },
  { 15063, "Windows 10 1703", NULL },
  { 16299, "Windows 10 1709", NULL },
  { 17134, "Windows 10 1803", NULL },
  { 17763, "Windows 10 1809", "Windows Server 2019" },
  { 18362, "Windows 10 1903", NULL },
  { 18363, "Windows 10 1909", NULL },
  { 19041, "Windows 10 2004", NULL },
  { 19042, "Windows 10 20H2", NULL },
  { 19043, "Windows 10 21H1", NULL },
  { 19044, "Windows 10 21H2", NULL },
  { 19045, "Windows 10 22H2", NULL },
  { 20348, NULL, "Windows Server 2022" },
  { 22000, "Windows 11 21H2", NULL },
  { 22621, "Windows 11 22H2", NULL },
  { 22631, "Windows 11 23H2", NULL },
  { 25398, NULL, "Windows Server 23H2" },
  { 26100, "Windows 11 24H2", "Windows Server 2025" },
  { 26200, "Windows 11 25H2", NULL },
};

/* "10.0.22631.4317" → "22631.4317" */
static const char *
skip_major (const char *version)
{
  for (guint dots = 0; version != NULL && *version != '\0' && dots < 2; version++)
    if (*version == '.' && ++dots == 2)
      return g_ascii_isdigit (version[1]) ? version + 1 : "";

  return "";
}

static gboolean
is_server (const char *os_name)
{
  g_autofree char *name = os_name != NULL ? g_ascii_strdown (os_name, -1) : NULL;

  return name != NULL && strstr (name, "server") != NULL;
}

char *
kab_windows_dup_name (const char  *os_name,
                      const char  *os_version,
                      char       **build)
{
  const char *start = skip_major (os_version);
  guint64 number = g_ascii_strtoull (start, NULL, 10);

  *build = g_strdup (start);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    if (versions[i].build == number)
      {
        const char *name = is_server (os_name) ? versions[i].server : versions[i].client;

        if (name != NULL)
          return g_strdup (name);
      }

  return g_strdup (os_name != NULL ? os_name : "");
}
