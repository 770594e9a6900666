/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-private.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-category.h"

#define CLIENTS  (1u << KAB_SEED_W11_24H2 | 1u << KAB_SEED_W11_23H2 | 1u << KAB_SEED_W10_22H2)
#define SERVERS  (1u << KAB_SEED_S2025 | 1u << KAB_SEED_S2022 | 1u << KAB_SEED_S2019 | 1u << KAB_SEED_S2016)
#define ALL      (CLIENTS | SERVERS)
#define ONLY(s)  (1u << (s))

#define W10  "Windows 10, version 1903 and later"
#define S21  "Microsoft Server operating system-21H2"
#define S24  "Microsoft Server operating system-24H2"
#define OFF  "Office 2016"

#define REFERENCE_MONTH  (2023 * 12 + 9)    /* October 2023: where the KB numbers below are anchored */
#define KB_FIRST         5031354            /* a cumulative update of that month */
#define KB_A_MONTH       1478               /* how far the numbers of Windows moved on each month since */
#define KB_STREAM        40                 /* apart, so that no two streams of a month meet */
#define OFFICE_KB_FIRST  5002500
#define OFFICE_KB_MONTH  14
#define OFFICE_STREAM    7                  /* the first stream of Office below */

enum { WINDOWS_KB = -1, OFFICE_KB = -2, NO_KB = 0 };

typedef enum {
  KIND_CUMULATIVE,
  KIND_DOTNET,
  KIND_OFFICE,
  KIND_TOOL,
  KIND_DEFINITION,
  KIND_BROWSER,
  KIND_DRIVER,
} Kind;

/* What Microsoft publishes each month, the most important first: a small catalogue has the first ones. */
static const struct {
  Kind        kind;
  const char *subject;          /* a part of the title */
  const char *product;
  const char *classification;
  const char *file;
  guint       systems;
  int         kb;
  guint       size_mb;
} streams[] = {
  { KIND_CUMULATIVE, "Windows 11 Version 24H2", "Windows 11", "Security Updates", "windows11.0", ONLY (KAB_SEED_W11_24H2), WINDOWS_KB, 780 },
  { KIND_CUMULATIVE, "Windows 10 Version 22H2", W10, "Security Updates", "windows10.0", ONLY (KAB_SEED_W10_22H2), WINDOWS_KB, 690 },
  { KIND_CUMULATIVE, "Windows 11 Version 23H2", "Windows 11", "Security Updates", "windows11.0", ONLY (KAB_SEED_W11_23H2), WINDOWS_KB, 720 },
  { KIND_CUMULATIVE, "Microsoft server operating system version 21H2", S21, "Security Updates", "windows10.0", ONLY (KAB_SEED_S2022), WINDOWS_KB, 410 },
  { KIND_CUMULATIVE, "Windows Server 2019", "Windows Server 2019", "Security Updates", "windows10.0", ONLY (KAB_SEED_S2019), WINDOWS_KB, 660 },
  { KIND_CUMULATIVE, "Microsoft server operating system version 24H2", S24, "Security Updates", "windows11.0", ONLY (KAB_SEED_S2025), WINDOWS_KB, 830 },
  { KIND_CUMULATIVE, "Windows Server 2016", "Windows Server 2016", "Security Updates", "windows10.0", ONLY (KAB_SEED_S2016), WINDOWS_KB, 1650 },
  { KIND_OFFICE, "Microsoft Excel 2016", OFF, "Security Updates", "excel2016", CLIENTS, OFFICE_KB, 42 },
  { KIND_OFFICE, "Microsoft Outlook 2016", OFF, "Security Updates", "outlook2016", CLIENTS, OFFICE_KB, 38 },
  { KIND_OFFICE, "Microsoft Word 2016", OFF, "Security Updates", "word2016", CLIENTS, OFFICE_KB, 51 },
  { KIND_OFFICE, "Microsoft Office 2016", OFF, "Security Updates", "mso2016", CLIENTS, OFFICE_KB, 63 },
  { KIND_OFFICE, "Microsoft PowerPoint 2016", OFF, "Security Updates", "powerpoint2016", CLIENTS, OFFICE_KB, 33 },
  { KIND_OFFICE, "Microsoft Access 2016", OFF, "Critical Updates", "access2016", CLIENTS, OFFICE_KB, 19 },
  { KIND_TOOL, "Windows Malicious Software Removal Tool x64", "Windows 10", "Update Rollups", "windows-kb890830-x64", ALL, 890830, 74 },
  { KIND_DEFINITION, "Security Intelligence Update for Microsoft Defender Antivirus", "Microsoft Defender Antivirus", "Definition Updates", "am_delta", ALL, 2267602, 28 },
  { KIND_BROWSER, "Microsoft Edge-Stable Channel", "Microsoft Edge", "Security Updates", "microsoftedgeenterprisex64", ALL, NO_KB, 176 },
  { KIND_DOTNET, "3.5 and 4.8.1 for Windows 11", "Windows 11", "Security Updates", "windows11.0", ONLY (KAB_SEED_W11_24H2) | ONLY (KAB_SEED_W11_23H2), WINDOWS_KB, 66 },
  { KIND_DOTNET, "3.5, 4.8 and 4.8.1 for Windows 10 Version 22H2", W10, "Security Updates", "windows10.0", ONLY (KAB_SEED_W10_22H2), WINDOWS_KB, 71 },
  { KIND_DOTNET, "3.5, 4.8 and 4.8.1 for Microsoft server operating system version 21H2", S21, "Security Updates", "windows10.0", ONLY (KAB_SEED_S2022), WINDOWS_KB, 68 },
  { KIND_DOTNET, "3.5, 4.7.2 and 4.8 for Windows Server 2019", "Windows Server 2019", "Security Updates", "windows10.0", ONLY (KAB_SEED_S2019) | ONLY (KAB_SEED_S2016), WINDOWS_KB, 70 },
  { KIND_OFFICE, "Microsoft Visio 2016", OFF, "Updates", "visio2016", CLIENTS, OFFICE_KB, 24 },
  { KIND_OFFICE, "Microsoft Project 2016", OFF, "Updates", "project2016", CLIENTS, OFFICE_KB, 22 },
  { KIND_TOOL, ".NET 8.0 Security Update for x64 Client", ".NET 8.0", "Security Updates", "windowsdesktop-runtime-8.0-x64", CLIENTS, WINDOWS_KB, 57 },
  { KIND_TOOL, "Update for Microsoft Defender Antivirus antimalware platform", "Microsoft Defender Antivirus", "Definition Updates", "updateplatform.amd64fre", ALL, 4052623, 13 },
  { KIND_DRIVER, "Lenovo - Firmware - 1.0.%u.%u", NULL, "Drivers", "lenovo-fw", CLIENTS, NO_KB, 22 },
  { KIND_TOOL, "Cumulative Update Preview for .NET Framework 3.5 and 4.8.1 for Windows 11", "Windows 11", "Updates", "windows11.0-ndp481", ONLY (KAB_SEED_W11_24H2) | ONLY (KAB_SEED_W11_23H2), WINDOWS_KB, 66 },
  { KIND_DRIVER, "Intel Corporation - Display - 31.0.%u.%u", "Windows 10 and later drivers", "Drivers", "intel-display", CLIENTS, NO_KB, 640 },
  { KIND_DRIVER, "Realtek Semiconductor Corp. - MEDIA - 6.0.%u.%u", "Windows 10 and later drivers", "Drivers", "realtek-media", CLIENTS, NO_KB, 310 },
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

char *
kab_seed_dup_guid (KabSeedRandom *random)
{
  guint64 high = kab_seed_next (random);
  guint64 low = kab_seed_next (random);

  return g_strdup_printf ("%08x-%04x-4%03x-%04x-%012" G_GINT64_MODIFIER "x", (guint) (high >> 32),
                          (guint) (high >> 16) & 0xffff, (guint) high & 0xfff, ((guint) (low >> 48) & 0x3fff) | 0x8000,
                          low & G_GUINT64_CONSTANT (0xffffffffffff));
}

/* One of the updates while it is being made. */
typedef struct {
  KabSeedRandom random;
  guint         stream;
  gint64        tuesday;
  int           month_index;     /* year * 12 + month - 1 */
  char         *label;           /* "2026-11" */
  guint         kb;              /* 0 = none */
  int           language;        /* 0 English, 1 French, 2 German */
} Making;

static guint
choose_kb (Making *making)
{
  int months = making->month_index - REFERENCE_MONTH;
  guint stream = making->stream;

  switch (streams[stream].kb)
    {
    case WINDOWS_KB:
      return MAX (4000000, KB_FIRST + months * KB_A_MONTH + (int) (stream * KB_STREAM)) +
             kab_seed_below (&making->random, KB_STREAM);
    case OFFICE_KB:
      return MAX (3000000, OFFICE_KB_FIRST + months * OFFICE_KB_MONTH) + stream - OFFICE_STREAM;
    default:
      return streams[stream].kb;
    }
}

static char *
dup_title (Making *making)
{
  static const char * const cumulative[] = {
    "%s Cumulative Update for %s for x64-based Systems (KB%u)",
    "%s Mise à jour cumulative pour %s pour les systèmes x64 (KB%u)",
    "%s Kumulatives Update für %s für x64-basierte Systeme (KB%u)",
  };
  static const char * const dotnet[] = {
    "%s Cumulative Update for .NET Framework %s for x64 (KB%u)",
    "%s Mise à jour cumulative pour .NET Framework %s pour x64 (KB%u)",
    "%s Kumulatives Update für .NET Framework %s für x64 (KB%u)",
  };
  const char *subject = streams[making->stream].subject;
  guint major = 100 + kab_seed_below (&making->random, 20);
  guint minor = 1000 + kab_seed_below (&making->random, 8000);

  switch (streams[making->stream].kind)
    {
    case KIND_CUMULATIVE:
    case KIND_DOTNET:
      {
        const char * const *forms = streams[making->stream].kind == KIND_DOTNET ? dotnet : cumulative;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        return g_strdup_printf (forms[making->language], making->label, subject, making->kb);
#pragma GCC diagnostic pop
      }
    case KIND_OFFICE:
      return making->language == 1
               ? g_strdup_printf ("Mise à jour de sécurité pour %s (KB%u) Édition 32 bits", subject, making->kb)
               : g_strdup_printf ("Security Update for %s (KB%u) 32-Bit Edition", subject, making->kb);
    case KIND_DEFINITION:
      return g_strdup_printf ("%s - KB%u (Version 1.%u.%u.0)", subject, making->kb, 300 + major, minor % 1000);
    case KIND_BROWSER:
      return g_strdup_printf ("%s Version %u Update for x64 based Editions (Build %u.0.%u.%u)", subject, major, major,
                              minor, minor % 90);
    case KIND_DRIVER:
      {
        const char *percent = strchr (subject, '%');

        return g_strdup_printf ("%.*s%u.%u", (int) (percent - subject), subject, major, minor);
      }
    case KIND_TOOL:
    default:
      return making->kb == 890830 ? g_strdup_printf ("%s - v5.%u (KB%u)", subject, major, making->kb)
                                  : g_strdup_printf ("%s %s (KB%u)", making->label, subject, making->kb);
    }
}

static char *
dup_url (Making     *making,
         const char *variant)
{
  static const char * const folders[] = { "secu", "updt", "defu", "drvs" };
  guint kind = streams[making->stream].kind;
  const char *folder = folders[kind == KIND_DEFINITION ? 2 : kind == KIND_DRIVER ? 3 : kind == KIND_TOOL ? 1 : 0];
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_MODIFIER "x", kab_seed_next (&making->random));
  g_autofree char *sha1 = g_compute_checksum_for_string (G_CHECKSUM_SHA1, text, -1);
  g_autofree char *number = making->kb != 0 ? g_strdup_printf ("-kb%u", making->kb) : g_strdup ("");
  int year = making->month_index / 12;
  int month = making->month_index % 12 + 1;

  /* The two hosts that agents report files of; the newer one has a folder per file. */
  if (kind == KIND_CUMULATIVE)
    return g_strdup_printf ("http://catalog.sf.dl.delivery.mp.microsoft.com/filestreamingservice/files/%.8s-%.4s-%.4s-%.4s-%.12s"
                            "/public/%s%s-x64_%s.msu", sha1, sha1 + 8, sha1 + 12, sha1 + 16, sha1 + 20,
                            streams[making->stream].file, number, sha1);
  return g_strdup_printf ("http://download.windowsupdate.com/%c/msdownload/update/software/%s/%d/%02d/%s%s%s_%s.%s",
                          sha1[0] < '8' ? 'c' : 'd', folder, year, month, streams[making->stream].file, number, variant,
                          sha1, kind == KIND_DEFINITION || kind == KIND_BROWSER ? "exe" : "cab");
}

static gint64
choose_changed_at (Making *making,
                   guint   month,
                   gint64  now)
{
  gint64 published = making->tuesday + 18 * 60 * 60;   /* ten in the morning on the Pacific coast */

  /* Definitions come every day, browsers and drivers when they are ready. */
  if (streams[making->stream].kind == KIND_DEFINITION)
    published = month == 0 ? now - 5 * 60 * 60 : published + kab_seed_below (&making->random, 20) * KAB_SECONDS_PER_DAY;
  else if (streams[making->stream].kind == KIND_BROWSER || streams[making->stream].kind == KIND_DRIVER)
    published += kab_seed_below (&making->random, 9) * KAB_SECONDS_PER_DAY;
  return MIN (published, now - 60 * 60);
}

/* The server fetched most of what anybody wanted; of the newest month some are still to come. */
static gint64
choose_downloaded_at (Making *making,
                      guint   month,
                      gint64  changed_at,
                      gint64  now)
{
  Kind kind = streams[making->stream].kind;
  guint percent = kind == KIND_DRIVER ? 5 : month == 0 ? 62 : month == 1 ? 90 : 97;

  if (g_str_equal (streams[making->stream].classification, "Updates"))
    percent = 10;
  if (!kab_seed_chance (&making->random, percent))
    return 0;
  return MIN (changed_at + 30 * 60 * (1 + kab_seed_below (&making->random, 90)), now - 20 * 60);
}

static KabSeverity
choose_severity (Making *making)
{
  switch (streams[making->stream].kind)
    {
    case KIND_CUMULATIVE:
      return kab_seed_chance (&making->random, 55) ? KAB_SEVERITY_CRITICAL : KAB_SEVERITY_IMPORTANT;
    case KIND_DOTNET:
      return kab_seed_chance (&making->random, 80) ? KAB_SEVERITY_IMPORTANT : KAB_SEVERITY_MODERATE;
    case KIND_OFFICE:
      return kab_seed_chance (&making->random, 25) ? KAB_SEVERITY_CRITICAL
             : kab_seed_chance (&making->random, 80) ? KAB_SEVERITY_IMPORTANT : KAB_SEVERITY_LOW;
    case KIND_TOOL:
    case KIND_DEFINITION:
    case KIND_BROWSER:
    case KIND_DRIVER:
    default:
      return KAB_SEVERITY_NONE;
    }
}

static KabUpdate *
make_update (Making     *making,
             guint       month,
             gint64      now,
             const char *replaced)
{
  const char *revisions[] = { "200", "200", "200", "201", "1", "100", "202" };
  g_autofree char *guid = kab_seed_dup_guid (&making->random);
  const char *revision = revisions[kab_seed_below (&making->random, G_N_ELEMENTS (revisions))];
  gboolean is_bare = kab_seed_below (&making->random, 70) == 0;   /* as servers before October 2018 stored them */
  g_autofree char *update_id = is_bare ? g_strdup (guid) : g_strdup_printf ("%s_%s", guid, revision);
  g_autofree char *kb = making->kb != 0 ? g_strdup_printf ("%u", making->kb) : NULL;
  g_autofree char *support = kb != NULL ? g_strdup_printf ("https://support.microsoft.com/help/%s", kb) : NULL;
  g_autofree char *title = dup_title (making);
  g_autofree char *first_url = dup_url (making, "");
  g_autofree char *second_url = NULL;
  const char *kbids[] = { kb, NULL };
  const char *urls[] = { first_url, NULL, NULL };
  const char *replaces[] = { replaced, NULL };
  const char *languages[] = { "en", "fr", NULL };
  gboolean is_driver = streams[making->stream].kind == KIND_DRIVER;
  KabUpdateFields fields = { 0 };

  if (streams[making->stream].kind == KIND_OFFICE && kab_seed_chance (&making->random, 60))
    urls[1] = second_url = dup_url (making, "-fr-fr");

  fields.update_id = update_id;
  fields.title = title;
  fields.update_type = is_driver ? "Driver" : "Software";
  fields.severity = kab_severity_get_text (choose_severity (making));
  if (fields.severity[0] == '\0')
    fields.severity = NULL;
  fields.product = kab_seed_chance (&making->random, 6) ? NULL : streams[making->stream].product;
  fields.classification = streams[making->stream].classification;
  if (making->language == 1 && kab_seed_chance (&making->random, 30) &&
      g_str_equal (fields.classification, "Security Updates"))
    fields.classification = "Mise à jour de la sécurité";
  fields.kbids = kbids;
  fields.download_urls = urls;
  fields.superseded_update_ids = replaces;
  fields.languages = languages;
  fields.support_url = support;
  fields.changed_at = choose_changed_at (making, month, now);
  fields.downloaded_at = choose_downloaded_at (making, month, fields.changed_at, now);
  fields.min_download_size = (gint64) streams[making->stream].size_mb * 1000 * 1000 +
                             kab_seed_below (&making->random, 9000000);
  /* The maximum is the sum of all variants, which for cumulative updates means nothing any more. */
  fields.max_download_size = kab_seed_chance (&making->random, streams[making->stream].kind == KIND_CUMULATIVE ? 60 : 5)
                               ? fields.min_download_size * (40 + kab_seed_below (&making->random, 60))
                               : fields.min_download_size * 2;
  if (kab_seed_chance (&making->random, 5))
    fields.min_download_size = -1;
  fields.reboot_behaviour = streams[making->stream].kind == KIND_CUMULATIVE ? "CanRequestReboot"
                            : streams[making->stream].kind == KIND_DEFINITION ? "NeverReboots" : "CanRequestReboot";
  fields.can_request_user_input = "False";
  fields.installation_impact = streams[making->stream].kind == KIND_CUMULATIVE ? "Normal" : "Minor";
  fields.uninstallation_impact = "Normal";
  fields.is_mandatory = KAB_TRISTATE_FALSE;
  fields.is_beta = KAB_TRISTATE_FALSE;
  fields.is_uninstallable = is_driver ? KAB_TRISTATE_NULL : KAB_TRISTATE_TRUE;
  fields.requires_network_connectivity = KAB_TRISTATE_FALSE;
  return kab_update_new (&fields);
}

static guint
choose_revision (guint stream,
                 int   month_index)
{
  for (guint system = 0; streams[stream].kind == KIND_CUMULATIVE && system < KAB_SEED_N_SYSTEMS; system++)
    if (streams[stream].systems == ONLY (system))
      return (guint) MAX (1, (int) systems[system].revision +
                             (month_index - REFERENCE_MONTH) * (int) systems[system].step);
  return 0;
}

static void
seed_update_clear (gpointer data)
{
  g_clear_object (&((KabSeedUpdate *) data)->update);
}

GArray *
kab_seed_updates_new (guint64 seed,
                      guint   n_updates,
                      gint64  now)
{
  GArray *updates = g_array_new (FALSE, TRUE, sizeof (KabSeedUpdate));
  guint n_streams = G_N_ELEMENTS (streams);

  g_array_set_clear_func (updates, seed_update_clear);
  for (guint stream = 0; stream < n_streams; stream++)
    {
      /* The oldest month may have only the first streams, so that the number is exact. */
      guint n = n_updates / n_streams + (stream < n_updates % n_streams ? 1 : 0);
      g_autofree gint64 *tuesdays = g_new (gint64, n + 1);
      g_autofree char *replaced = NULL;
      guint first = updates->len;

      tuesdays[0] = kab_patch_tuesday_before (now);
      for (guint month = 1; month < n; month++)
        tuesdays[month] = kab_patch_tuesday_before (tuesdays[month - 1] - 1);
      g_array_set_size (updates, first + n);

      /* From the oldest on: each one says which it replaces. */
      for (guint month = n; month-- > 0;)
        {
          KabSeedUpdate *made = &g_array_index (updates, KabSeedUpdate, first + month);
          Making making = { kab_seed_random (seed, KAB_SEED_FOR_UPDATES, (guint64) stream * 4096 + month), stream };
          int year, number, day;

          making.tuesday = tuesdays[month];
          kab_calendar_from_days (making.tuesday / KAB_SECONDS_PER_DAY, &year, &number, &day);
          making.month_index = year * 12 + number - 1;
          making.label = g_strdup_printf ("%04d-%02d", year, number);
          making.language = kab_seed_chance (&making.random, 8) ? 1 : kab_seed_chance (&making.random, 3) ? 2 : 0;
          making.kb = choose_kb (&making);

          made->update = make_update (&making, month, now, replaced);
          made->stream = stream;
          made->month = month;
          made->systems = streams[stream].systems;
          made->model = streams[stream].kind == KIND_DRIVER ? (int) ((stream + month) % KAB_SEED_N_MODELS) : -1;
          made->revision = choose_revision (stream, making.month_index);
          g_free (making.label);

          /* Drivers of other machines replace nothing here. */
          g_clear_pointer (&replaced, g_free);
          if (streams[stream].kind != KIND_DRIVER)
            replaced = kab_update_dup_guid (made->update);
        }
    }
  return updates;
}
