/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-private.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-category.h"

#define REFERENCE_MONTH  (2023 * 12 + 9)    /* October 2023: where the KB numbers below are anchored */
#define KB_FIRST         5031354            /* a cumulative update of that month */
#define KB_A_MONTH       1478               /* how far the numbers of Windows moved on each month since */
#define KB_STREAM        40                 /* apart, so that no two streams of a month meet */
#define OFFICE_KB_FIRST  5002500
#define OFFICE_KB_MONTH  14
#define OFFICE_STREAM    7                  /* the first stream of Office */

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
  KabSeedRandom        random;
  const KabSeedStream *stream;
  guint                index;           /* of the stream */
  gint64               tuesday;
  int                  month_index;     /* year * 12 + month - 1 */
  char                *label;           /* "2026-11" */
  guint                kb;              /* 0 = none */
  int                  language;        /* 0 English, 1 French, 2 German */
} Making;

static guint
choose_kb (Making *making)
{
  int months = making->month_index - REFERENCE_MONTH;
  guint stream = making->index;

  switch (making->stream->kb)
    {
    case KAB_SEED_WINDOWS_KB:
      return MAX (4000000, KB_FIRST + months * KB_A_MONTH + (int) (stream * KB_STREAM)) +
             kab_seed_below (&making->random, KB_STREAM);
    case KAB_SEED_OFFICE_KB:
      return MAX (3000000, OFFICE_KB_FIRST + months * OFFICE_KB_MONTH) + stream - OFFICE_STREAM;
    default:
      return (guint) making->stream->kb;
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
  const char *subject = making->stream->subject;
  guint major = (guint) MAX (100, 118 + making->month_index - REFERENCE_MONTH);   /* Edge was at 118 then */
  guint minor = 1000 + kab_seed_below (&making->random, 8000);

  switch (making->stream->kind)
    {
    case KAB_SEED_KIND_CUMULATIVE:
    case KAB_SEED_KIND_DOTNET:
      {
        const char * const *forms = making->stream->kind == KAB_SEED_KIND_DOTNET ? dotnet : cumulative;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        return g_strdup_printf (forms[making->language], making->label, subject, making->kb);
#pragma GCC diagnostic pop
      }
    case KAB_SEED_KIND_OFFICE:
      return making->language == 1
               ? g_strdup_printf ("Mise à jour de sécurité pour %s (KB%u) Édition 32 bits", subject, making->kb)
               : g_strdup_printf ("Security Update for %s (KB%u) 32-Bit Edition", subject, making->kb);
    case KAB_SEED_KIND_DEFINITION:
      return g_strdup_printf ("%s - KB%u (Version 1.%u.%u.0)", subject, making->kb, 300 + major, minor % 1000);
    case KAB_SEED_KIND_BROWSER:
      return g_strdup_printf ("%s Version %u Update for x64 based Editions (Build %u.0.%u.%u)", subject, major, major,
                              minor, minor % 90);
    case KAB_SEED_KIND_DRIVER:
      {
        const char *percent = strchr (subject, '%');

        return g_strdup_printf ("%.*s%u.%u", (int) (percent - subject), subject, major, minor);
      }
    case KAB_SEED_KIND_TOOL:
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
  KabSeedKind kind = making->stream->kind;
  const char *folder = folders[kind == KAB_SEED_KIND_DEFINITION ? 2
                               : kind == KAB_SEED_KIND_DRIVER ? 3
                               : kind == KAB_SEED_KIND_TOOL ? 1 : 0];
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_MODIFIER "x", kab_seed_next (&making->random));
  g_autofree char *sha1 = g_compute_checksum_for_string (G_CHECKSUM_SHA1, text, -1);
  g_autofree char *number = making->kb != 0 ? g_strdup_printf ("-kb%u", making->kb) : g_strdup ("");
  int year = making->month_index / 12;
  int month = making->month_index % 12 + 1;

  /* The two hosts that agents report files of; the newer one has a folder per file. */
  if (kind == KAB_SEED_KIND_CUMULATIVE)
    return g_strdup_printf ("http://catalog.sf.dl.delivery.mp.microsoft.com/filestreamingservice/files/"
                            "%.8s-%.4s-%.4s-%.4s-%.12s/public/%s%s-x64_%s.msu", sha1, sha1 + 8, sha1 + 12, sha1 + 16, sha1 + 20,
                            making->stream->file, number, sha1);
  return g_strdup_printf ("http://download.windowsupdate.com/%c/msdownload/update/software/%s/%d/%02d/%s%s%s_%s.%s",
                          sha1[0] < '8' ? 'c' : 'd', folder, year, month, making->stream->file, number, variant,
                          sha1, kind == KAB_SEED_KIND_DEFINITION || kind == KAB_SEED_KIND_BROWSER ? "exe" : "cab");
}

static gint64
choose_changed_at (Making *making,
                   guint   month,
                   gint64  now)
{
  gint64 published = making->tuesday + 18 * 60 * 60;   /* ten in the morning on the Pacific coast */

  /* Definitions come every day, browsers and drivers when they are ready. */
  if (making->stream->kind == KAB_SEED_KIND_DEFINITION)
    published = month == 0 ? now - 5 * 60 * 60 : published + kab_seed_below (&making->random, 20) * KAB_SECONDS_PER_DAY;
  else if (making->stream->kind == KAB_SEED_KIND_BROWSER || making->stream->kind == KAB_SEED_KIND_DRIVER)
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
  KabSeedKind kind = making->stream->kind;
  gint64 at = changed_at + 30 * 60 * (1 + kab_seed_below (&making->random, 90));
  guint percent = kind == KAB_SEED_KIND_DRIVER ? 5 : month == 0 ? 96 : 99;

  if (g_str_equal (making->stream->classification, "Updates"))
    percent = 10;
  /* Two that many hosts wait for are always still on their way. */
  if (month == 0 && making->index % 15 == 2)
    percent = 0;
  if (!kab_seed_chance (&making->random, percent))
    return 0;
  return MIN (at, now - 20 * 60);
}

static KabSeverity
choose_severity (Making *making)
{
  switch (making->stream->kind)
    {
    case KAB_SEED_KIND_CUMULATIVE:
      return kab_seed_chance (&making->random, 55) ? KAB_SEVERITY_CRITICAL : KAB_SEVERITY_IMPORTANT;
    case KAB_SEED_KIND_DOTNET:
      return kab_seed_chance (&making->random, 80) ? KAB_SEVERITY_IMPORTANT : KAB_SEVERITY_MODERATE;
    case KAB_SEED_KIND_OFFICE:
      return kab_seed_chance (&making->random, 25) ? KAB_SEVERITY_CRITICAL
             : kab_seed_chance (&making->random, 80) ? KAB_SEVERITY_IMPORTANT : KAB_SEVERITY_LOW;
    case KAB_SEED_KIND_TOOL:
    case KAB_SEED_KIND_DEFINITION:
    case KAB_SEED_KIND_BROWSER:
    case KAB_SEED_KIND_DRIVER:
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
  gboolean is_driver = making->stream->kind == KAB_SEED_KIND_DRIVER;
  KabUpdateFields fields = { 0 };

  if (making->stream->kind == KAB_SEED_KIND_OFFICE && kab_seed_chance (&making->random, 60))
    urls[1] = second_url = dup_url (making, "-fr-fr");

  fields.update_id = update_id;
  fields.title = title;
  fields.update_type = is_driver ? "Driver" : "Software";
  fields.severity = kab_severity_get_text (choose_severity (making));
  if (fields.severity[0] == '\0')
    fields.severity = NULL;
  fields.product = kab_seed_chance (&making->random, 6) ? NULL : making->stream->product;
  fields.classification = making->stream->classification;
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
  fields.min_download_size = (gint64) making->stream->size_mb * 1000 * 1000 +
                             kab_seed_below (&making->random, 9000000);
  /* The maximum is the sum of all variants, which for cumulative updates means nothing any more. */
  fields.max_download_size = kab_seed_chance (&making->random, making->stream->kind == KAB_SEED_KIND_CUMULATIVE ? 60 : 5)
                               ? fields.min_download_size * (40 + kab_seed_below (&making->random, 60))
                               : fields.min_download_size * 2;
  if (kab_seed_chance (&making->random, 5))
    fields.min_download_size = -1;
  fields.reboot_behaviour = making->stream->kind == KAB_SEED_KIND_CUMULATIVE ? "CanRequestReboot"
                            : making->stream->kind == KAB_SEED_KIND_DEFINITION ? "NeverReboots" : "CanRequestReboot";
  fields.can_request_user_input = "False";
  fields.installation_impact = making->stream->kind == KAB_SEED_KIND_CUMULATIVE ? "Normal" : "Minor";
  fields.uninstallation_impact = "Normal";
  fields.is_mandatory = KAB_TRISTATE_FALSE;
  fields.is_beta = KAB_TRISTATE_FALSE;
  fields.is_uninstallable = is_driver ? KAB_TRISTATE_NULL : KAB_TRISTATE_TRUE;
  fields.requires_network_connectivity = KAB_TRISTATE_FALSE;
  return kab_update_new (&fields);
}

static guint
choose_revision (const Making *making)
{
  for (guint i = 0; making->stream->kind == KAB_SEED_KIND_CUMULATIVE && i < KAB_SEED_N_SYSTEMS; i++)
    {
      const KabSeedSystemInfo *system = kab_seed_system (i);

      if (making->stream->systems == 1u << i)
        return (guint) MAX (1, (int) system->revision + (making->month_index - REFERENCE_MONTH) * (int) system->step);
    }
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
  const KabSeedStream *streams;
  guint n_streams;

  streams = kab_seed_get_streams (&n_streams);
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
          Making making = { kab_seed_random (seed, KAB_SEED_FOR_UPDATES, (guint64) stream * 4096 + month),
                            &streams[stream], stream };
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
          made->model = streams[stream].kind == KAB_SEED_KIND_DRIVER ? (int) ((stream + month) % KAB_SEED_N_MODELS) : -1;
          made->revision = choose_revision (&making);
          g_free (making.label);

          /* Drivers of other machines replace nothing here. */
          g_clear_pointer (&replaced, g_free);
          if (streams[stream].kind != KAB_SEED_KIND_DRIVER)
            replaced = kab_update_dup_guid (made->update);
        }
    }
  return updates;
}
