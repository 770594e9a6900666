/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-private.h"

#include <string.h>

#define ONLY(system) (1u << KAB_SEED_##system)
#define CLIENTS      (ONLY (W11_24H2) | ONLY (W11_23H2) | ONLY (W10_22H2))
#define SERVERS      (ONLY (S2025) | ONLY (S2022) | ONLY (S2019) | ONLY (S2016))
#define ALL          (CLIENTS | SERVERS)

#define W10  "Windows 10, version 1903 and later"
#define S21  "Microsoft Server operating system-21H2"
#define S24  "Microsoft Server operating system-24H2"
#define OFF  "Office 2016"

/* What Microsoft publishes each month, the most important first: a small catalogue has the first ones. */
static const KabSeedStream streams[] = {
  { KAB_SEED_KIND_CUMULATIVE, "Windows 11 Version 24H2", "Windows 11", "Security Updates",
    "windows11.0", ONLY (W11_24H2), KAB_SEED_WINDOWS_KB, 780 },
  { KAB_SEED_KIND_CUMULATIVE, "Windows 10 Version 22H2", W10, "Security Updates", "windows10.0",
    ONLY (W10_22H2), KAB_SEED_WINDOWS_KB, 690 },
  { KAB_SEED_KIND_CUMULATIVE, "Windows 11 Version 23H2", "Windows 11", "Security Updates",
    "windows11.0", ONLY (W11_23H2), KAB_SEED_WINDOWS_KB, 720 },
  { KAB_SEED_KIND_CUMULATIVE, "Microsoft server operating system version 21H2", S21,
    "Security Updates", "windows10.0", ONLY (S2022), KAB_SEED_WINDOWS_KB, 410 },
  { KAB_SEED_KIND_CUMULATIVE, "Windows Server 2019", "Windows Server 2019", "Security Updates",
    "windows10.0", ONLY (S2019), KAB_SEED_WINDOWS_KB, 660 },
  { KAB_SEED_KIND_CUMULATIVE, "Microsoft server operating system version 24H2", S24,
    "Security Updates", "windows11.0", ONLY (S2025), KAB_SEED_WINDOWS_KB, 830 },
  { KAB_SEED_KIND_CUMULATIVE, "Windows Server 2016", "Windows Server 2016", "Security Updates",
    "windows10.0", ONLY (S2016), KAB_SEED_WINDOWS_KB, 1650 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Excel 2016", OFF, "Security Updates", "excel2016", CLIENTS,
    KAB_SEED_OFFICE_KB, 42 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Outlook 2016", OFF, "Security Updates", "outlook2016",
    CLIENTS, KAB_SEED_OFFICE_KB, 38 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Word 2016", OFF, "Security Updates", "word2016", CLIENTS,
    KAB_SEED_OFFICE_KB, 51 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Office 2016", OFF, "Security Updates", "mso2016", CLIENTS,
    KAB_SEED_OFFICE_KB, 63 },
  { KAB_SEED_KIND_OFFICE, "Microsoft PowerPoint 2016", OFF, "Security Updates", "powerpoint2016",
    CLIENTS, KAB_SEED_OFFICE_KB, 33 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Access 2016", OFF, "Critical Updates", "access2016", CLIENTS,
    KAB_SEED_OFFICE_KB, 19 },
  { KAB_SEED_KIND_TOOL, "Windows Malicious Software Removal Tool x64", "Windows 10",
    "Update Rollups", "windows-kb890830-x64", ALL, 890830, 74 },
  { KAB_SEED_KIND_DEFINITION, "Security Intelligence Update for Microsoft Defender Antivirus",
    "Microsoft Defender Antivirus", "Definition Updates", "am_delta", ALL, 2267602, 28 },
  { KAB_SEED_KIND_BROWSER, "Microsoft Edge-Stable Channel", "Microsoft Edge", "Security Updates",
    "microsoftedgeenterprisex64", ALL, KAB_SEED_NO_KB, 176 },
  { KAB_SEED_KIND_DOTNET, "3.5 and 4.8.1 for Windows 11", "Windows 11", "Security Updates",
    "windows11.0", ONLY (W11_24H2) | ONLY (W11_23H2), KAB_SEED_WINDOWS_KB, 66 },
  { KAB_SEED_KIND_DOTNET, "3.5, 4.8 and 4.8.1 for Windows 10 Version 22H2", W10,
    "Security Updates", "windows10.0", ONLY (W10_22H2), KAB_SEED_WINDOWS_KB, 71 },
  { KAB_SEED_KIND_DOTNET, "3.5, 4.8 and 4.8.1 for Microsoft server operating system version 21H2",
    S21, "Security Updates", "windows10.0", ONLY (S2022), KAB_SEED_WINDOWS_KB, 68 },
  { KAB_SEED_KIND_DOTNET, "3.5, 4.7.2 and 4.8 for Windows Server 2019", "Windows Server 2019",
    "Security Updates", "windows10.0", ONLY (S2019) | ONLY (S2016), KAB_SEED_WINDOWS_KB, 70 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Visio 2016", OFF, "Updates", "visio2016", CLIENTS,
    KAB_SEED_OFFICE_KB, 24 },
  { KAB_SEED_KIND_OFFICE, "Microsoft Project 2016", OFF, "Updates", "project2016", CLIENTS,
    KAB_SEED_OFFICE_KB, 22 },
  { KAB_SEED_KIND_TOOL, ".NET 8.0 Security Update for x64 Client", ".NET 8.0", "Security Updates",
    "windowsdesktop-runtime-8.0-x64", CLIENTS, KAB_SEED_WINDOWS_KB, 57 },
  { KAB_SEED_KIND_TOOL, "Update for Microsoft Defender Antivirus antimalware platform",
    "Microsoft Defender Antivirus", "Definition Updates", "updateplatform.amd64fre", ALL, 4052623,
    13 },
  { KAB_SEED_KIND_DRIVER, "Lenovo - Firmware - 1.0.%u.%u", NULL, "Drivers", "lenovo-fw", CLIENTS,
    KAB_SEED_NO_KB, 22 },
  { KAB_SEED_KIND_TOOL,
    "Cumulative Update Preview for .NET Framework 3.5 and 4.8.1 for Windows 11", "Windows 11",
    "Updates", "windows11.0-ndp481", ONLY (W11_24H2) | ONLY (W11_23H2), KAB_SEED_WINDOWS_KB, 66 },
  { KAB_SEED_KIND_DRIVER, "Intel Corporation - Display - 31.0.%u.%u",
    "Windows 10 and later drivers", "Drivers", "intel-display", CLIENTS, KAB_SEED_NO_KB, 640 },
  { KAB_SEED_KIND_DRIVER, "Realtek Semiconductor Corp. - MEDIA - 6.0.%u.%u",
    "Windows 10 and later drivers", "Drivers", "realtek-media", CLIENTS, KAB_SEED_NO_KB, 310 },
};

static const KabSeedSystemInfo systems[KAB_SEED_N_SYSTEMS] = {
  [KAB_SEED_W11_24H2] = { "Windows 11 Pro", "10.0.26100", 2421, 190, FALSE },
  [KAB_SEED_W11_23H2] = { "Windows 11 Pro", "10.0.22631", 2428, 137, FALSE },
  [KAB_SEED_W10_22H2] = { "Windows 10 Pro", "10.0.19045", 3570, 121, FALSE },
  [KAB_SEED_S2025] = { "Microsoft Windows Server 2025 Standard", "10.0.26100", 2421, 190, TRUE },
  [KAB_SEED_S2022] = { "Microsoft Windows Server 2022 Standard", "10.0.20348", 2031, 83, TRUE },
  [KAB_SEED_S2019] = { "Microsoft Windows Server 2019 Standard", "10.0.17763", 4974, 131, TRUE },
  [KAB_SEED_S2016] = { "Microsoft Windows Server 2016 Standard", "10.0.14393", 6351, 88, TRUE },
};

const KabSeedStream *
kab_seed_get_streams (guint *n_streams)
{
  *n_streams = G_N_ELEMENTS (streams);
  return streams;
}

const KabSeedSystemInfo *
kab_seed_system (KabSeedSystem system)
{
  return &systems[system];
}

int
kab_seed_system_of (const char *os_name,
                    const char *os_version)
{
  gboolean is_server = os_name != NULL && strstr (os_name, "Server") != NULL;

  for (guint i = 0; os_version != NULL && i < KAB_SEED_N_SYSTEMS; i++)
    if (systems[i].is_server == is_server && g_str_has_prefix (os_version, systems[i].build) &&
        os_version[strlen (systems[i].build)] == '.')
      return (int) i;
  return -1;
}
