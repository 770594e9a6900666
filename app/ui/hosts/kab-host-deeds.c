/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-host-deeds.h"
#include "kab-window.h"

/* Names in one question; the others are counted. */
#define MAX_NAMES 5

typedef struct {
  GtkWidget  *from;         /* weak */
  KabSession *session;
  KabDeed     deed;
  GPtrArray  *records;
  char      **update_ids;   /* NULL: all that are allowed */
} Wish;

static void
wish_free (Wish *wish)
{
  g_clear_weak_pointer (&wish->from);
  g_object_unref (wish->session);
  g_ptr_array_unref (wish->records);
  g_strfreev (wish->update_ids);
  g_free (wish);
}

/* Words */

char *
kab_host_deed_dup_heading (KabDeed deed,
                           guint   n_hosts)
{
  g_autofree char *count = kab_format_count (n_hosts);

  switch (deed)
    {
    case KAB_DEED_SCAN:
      return g_strdup_printf (ngettext ("Scan %s Host?", "Scan %s Hosts?", n_hosts), count);
    case KAB_DEED_DOWNLOAD:
      return g_strdup_printf (ngettext ("Download Updates on %s Host?", "Download Updates on %s Hosts?", n_hosts),
                              count);
    case KAB_DEED_INSTALL:
      return g_strdup_printf (ngettext ("Install Updates on %s Host?", "Install Updates on %s Hosts?", n_hosts),
                              count);
    case KAB_DEED_UPGRADE_PACKAGES:
      return g_strdup_printf (ngettext ("Update Packages on %s Host?", "Update Packages on %s Hosts?", n_hosts),
                              count);
    case KAB_DEED_CANCEL_TASKS:
    default:
      return g_strdup_printf (ngettext ("Cancel the Tasks of %s Host?", "Cancel the Tasks of %s Hosts?", n_hosts),
                              count);
    }
}

/* What each of them will do, and how much that is. */
static char *
describe_work (KabDeed    deed,
               GPtrArray *records,
               guint      n_updates)
{
  guint64 n_pending = 0;
  guint n_idle = 0;
  g_autofree char *count = NULL;
  g_autofree char *first = NULL;
  g_autofree char *idle = NULL;

  if (deed == KAB_DEED_UPGRADE_PACKAGES)
    return g_strdup (_("Each installs and upgrades the packages assigned to it, rule packages among them. "
                       "This is not limited to Windows updates."));
  if (deed == KAB_DEED_CANCEL_TASKS)
    return g_strdup (_("Each stops what it is doing and forgets what waits. "
                       "An installation that Windows has begun goes on."));
  if (deed == KAB_DEED_SCAN)
    return g_strdup (_("Each looks for missing updates and reports."));

  if (n_updates > 0)
    {
      count = kab_format_count (n_updates);
      return deed == KAB_DEED_DOWNLOAD
             ? g_strdup_printf (ngettext ("Each downloads the chosen update.",
                                          "Each downloads the %s chosen updates.", n_updates), count)
             : g_strdup_printf (ngettext ("Each installs the chosen update, if its rules allow it. "
                                          "A restart may be needed afterwards.",
                                          "Each installs those of the %s chosen updates that its rules allow. "
                                          "A restart may be needed afterwards.", n_updates), count);
    }

  for (guint i = 0; i < records->len; i++)
    {
      const KabHostRecord *host = kab_record_get_host (records->pdata[i]);
      guint pending = host->counts[KAB_STATE_PENDING] + host->counts[KAB_STATE_MISSING] +
                      host->counts[KAB_STATE_ERROR];

      n_pending += pending;
      n_idle += pending == 0;
    }
  count = kab_format_count (n_pending);
  first = deed == KAB_DEED_DOWNLOAD
          ? g_strdup_printf (ngettext ("Each downloads what its rules allow: %s update in all.",
                                       "Each downloads what its rules allow: %s updates in all.", (gulong) n_pending),
                             count)
          : g_strdup_printf (ngettext ("Each installs what its rules allow: %s update in all. "
                                       "A restart may be needed afterwards.",
                                       "Each installs what its rules allow: %s updates in all. "
                                       "A restart may be needed afterwards.", (gulong) n_pending), count);
  if (n_idle == 0)
    return g_steal_pointer (&first);

  g_clear_pointer (&count, g_free);
  count = kab_format_count (n_idle);
  idle = g_strdup_printf (ngettext ("%s host has nothing to do.", "%s hosts have nothing to do.", n_idle), count);
  return g_strjoin (" ", first, idle, NULL);
}

static guint
count_reachable (GPtrArray *records)
{
  guint n = 0;

  for (guint i = 0; i < records->len; i++)
    n += kab_record_get_host (records->pdata[i])->triggerable ? 1 : 0;

  return n;
}

/* "PC-1, PC-2 and 4 more" */
static char *
name_unreachable (GPtrArray *records)
{
  g_autoptr(GString) names = g_string_new (NULL);
  g_autofree char *more = NULL;
  guint n_named = 0, n_more = 0;

  for (guint i = 0; i < records->len; i++)
    {
      const KabHostRecord *host = kab_record_get_host (records->pdata[i]);

      if (host->triggerable)
        continue;
      if (n_named++ >= MAX_NAMES)
        n_more++;
      else
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", host->name);
    }
  if (n_more == 0)
    return g_string_free (g_steal_pointer (&names), FALSE);

  more = kab_format_count (n_more);
  /* Translators: %1$s is a list of names, %2$s how many more there are */
  return g_strdup_printf (ngettext ("%1$s and %2$s more", "%1$s and %2$s more", n_more), names->str, more);
}

static char *
describe_reach (GPtrArray *records)
{
  guint n_reachable = count_reachable (records);
  guint n_away = records->len - n_reachable;
  g_autofree char *reachable = kab_format_count (n_reachable);
  g_autofree char *away = kab_format_count (n_away);
  g_autofree char *names = NULL;

  if (n_away == 0)
    return g_strdup (ngettext ("It is connected now.", "All of them are connected now.", records->len));

  names = name_unreachable (records);
  if (n_reachable == 0)
    /* Translators: %s is a list of names of hosts */
    return g_strdup_printf (ngettext ("It is not connected now and will not hear of it: %s.",
                                      "None of them is connected now; they will not hear of it: %s.",
                                      records->len), names);

  /* Translators: %1$s hosts can be reached, %2$s cannot, %3$s are the names of those */
  return g_strdup_printf (ngettext ("%1$s can be reached now. %2$s is not connected and will not hear of it: %3$s.",
                                    "%1$s can be reached now. %2$s are not connected and will not hear of it: %3$s.",
                                    n_away), reachable, away, names);
}

char *
kab_host_deed_dup_body (KabDeed    deed,
                        GPtrArray *records,
                        guint      n_updates)
{
  g_autofree char *work = NULL;
  g_autofree char *reach = NULL;

  g_return_val_if_fail (records != NULL, NULL);

  work = describe_work (deed, records, n_updates);
  reach = describe_reach (records);
  return g_strjoin ("\n\n", work, reach, NULL);
}

static char *
dup_told (KabDeed    deed,
          GPtrArray *records)
{
  guint n = count_reachable (records);
  g_autofree char *count = kab_format_count (n);
  g_autofree char *names = NULL;
  g_autofree char *sent = NULL;

  if (n == 0)
    {
      names = name_unreachable (records);
      /* Translators: %s is a list of names of hosts */
      return g_strdup_printf (_("Nothing was sent: not connected: %s"), names);
    }

  switch (deed)
    {
    case KAB_DEED_SCAN:
      sent = g_strdup_printf (ngettext ("Scan asked of %s host", "Scan asked of %s hosts", n), count);
      break;
    case KAB_DEED_DOWNLOAD:
      sent = g_strdup_printf (ngettext ("Download asked of %s host", "Download asked of %s hosts", n), count);
      break;
    case KAB_DEED_INSTALL:
      sent = g_strdup_printf (ngettext ("Installation asked of %s host", "Installation asked of %s hosts", n), count);
      break;
    case KAB_DEED_UPGRADE_PACKAGES:
      sent = g_strdup_printf (ngettext ("Packages being updated on %s host", "Packages being updated on %s hosts", n),
                              count);
      break;
    case KAB_DEED_CANCEL_TASKS:
    default:
      sent = g_strdup_printf (ngettext ("Tasks being cancelled on %s host", "Tasks being cancelled on %s hosts", n),
                              count);
    }
  if (n == records->len)
    return g_steal_pointer (&sent);

  names = name_unreachable (records);
  /* Translators: %1$s says what was asked of how many hosts, %2$s are the names of hosts */
  return g_strdup_printf (_("%1$s; not connected: %2$s"), sent, names);
}

/* Steps: question, passphrase, deed */

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  Wish *wish = user_data;
  g_autoptr(GPtrArray) uuids = NULL;
  g_autofree char *told = NULL;

  if (!yes || wish->from == NULL)
    return;

  uuids = g_ptr_array_sized_new (wish->records->len + 1);
  for (guint i = 0; i < wish->records->len; i++)
    g_ptr_array_add (uuids, (gpointer) kab_record_get_id (wish->records->pdata[i]));
  g_ptr_array_add (uuids, NULL);
  kab_session_trigger (wish->session, wish->deed, (const char * const *) uuids->pdata,
                       (const char * const *) wish->update_ids);

  told = dup_told (wish->deed, wish->records);
  kab_window_add_toast_with_action (wish->from, told, _("Show"), "win.show-activity('tasks')");
}

static Wish *
wish_copy (Wish *wish)
{
  Wish *copy = g_new0 (Wish, 1);

  g_set_weak_pointer (&copy->from, wish->from);
  copy->session = g_object_ref (wish->session);
  copy->deed = wish->deed;
  copy->records = g_ptr_array_ref (wish->records);
  copy->update_ids = g_strdupv (wish->update_ids);
  return copy;
}

static void
answered_cb (gboolean yes,
             gpointer user_data)
{
  Wish *wish = user_data;

  if (yes && wish->from != NULL)
    kab_window_unlock_key (wish->from, unlocked_cb, wish_copy (wish), (GDestroyNotify) wish_free);
}

void
kab_host_deed_start (GtkWidget          *from,
                     KabSession         *session,
                     KabDeed             deed,
                     GPtrArray          *records,
                     const char * const *update_ids)
{
  static const char * const answers[] = {
    [KAB_DEED_SCAN] = N_("_Scan"),
    [KAB_DEED_DOWNLOAD] = N_("_Download"),
    [KAB_DEED_INSTALL] = N_("_Install"),
    [KAB_DEED_UPGRADE_PACKAGES] = N_("_Update Packages"),
    [KAB_DEED_CANCEL_TASKS] = N_("_Cancel Tasks"),
  };
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  Wish *wish;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (KAB_IS_SESSION (session));
  g_return_if_fail (records != NULL);

  if (records->len == 0)
    return;

  wish = g_new0 (Wish, 1);
  g_set_weak_pointer (&wish->from, from);
  wish->session = g_object_ref (session);
  wish->deed = deed;
  wish->records = g_ptr_array_ref (records);
  wish->update_ids = g_strdupv ((char **) update_ids);

  /* A scan changes nothing: no question. */
  if (deed == KAB_DEED_SCAN)
    {
      kab_window_unlock_key (from, unlocked_cb, wish, (GDestroyNotify) wish_free);
      return;
    }

  heading = kab_host_deed_dup_heading (deed, records->len);
  body = kab_host_deed_dup_body (deed, records,
                                 update_ids != NULL ? g_strv_length ((char **) update_ids) : 0);
  kab_window_ask (from, heading, body, _(answers[deed]),
                  deed == KAB_DEED_INSTALL || deed == KAB_DEED_CANCEL_TASKS,
                  answered_cb, wish, (GDestroyNotify) wish_free);
}
