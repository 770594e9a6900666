/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail.h"
#include "kab-detail-lines.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-host-pane.h"
#include "kab-host-parts.h"
#include "kab-host-rules-list.h"
#include "kab-host-tasks.h"
#include "kab-host-updates.h"
#include "kab-hosts-columns.h"
#include "kab-refill.h"
#include "kab-state-bar.h"

struct _KabHostPane
{
  KabDetailPane     parent_instance;

  KabHostUpdates   *updates;
  KabHostRulesList *rules;
  KabHostTasks     *tasks;
  GtkBox           *history;
  GtkBox           *facts;

  KabSession       *session;
  KabRecord        *record;
  KabHostDetail    *detail;         /* (nullable): what the tabs show */
  guint             filled;         /* bit of each tab that shows it: the others wait until they are looked at */
};

G_DEFINE_FINAL_TYPE (KabHostPane, kab_host_pane, KAB_TYPE_DETAIL_PANE)

static char *
dup_state_query (KabState state,
                 gpointer user_data)
{
  return kab_host_dup_updates_query (user_data, state);
}

static void
fill_head (GtkBox   *box,
           gpointer  user_data)
{
  KabHostPane *self = user_data;
  const KabHostRecord *record = kab_record_get_host (self->record);
  const KabLimits *limits = kab_snapshot_get_limits (kab_record_get_snapshot (self->record));
  GtkWidget *bar = kab_state_bar_new ();
  GtkBox *line;

  if (*record->description != '\0')
    kab_facts_add_dim (box, record->description);

  line = GTK_BOX (kab_facts_add_line (box));
  kab_badge_set_host_state (kab_detail_add_badge (line), record->state, limits);
  if (record->restart && record->state != KAB_HOST_STATE_RESTART)
    kab_badge_set_host_state (kab_detail_add_badge (line), KAB_HOST_STATE_RESTART, limits);
  if (record->triggerable)
    kab_badge_set (kab_detail_add_badge (line), "success", "network-wired-symbolic", C_("host", "Connected"),
                   _("It hears at once what it is asked to do"));
  else
    kab_badge_set (kab_detail_add_badge (line), "neutral", "network-offline-symbolic", C_("host", "Not connected"),
                   _("It does not hear what it is asked to do until it is connected"));
  if (!record->counted)
    kab_badge_set (kab_detail_add_badge (line), "neutral", NULL, _("Not counted"),
                   _("It is not Windows or its Windows updates are not managed: it does not take part in compliance"));

  kab_state_bar_set_counts (KAB_STATE_BAR (bar), "updates", record->counts,
                            record->counted ? dup_state_query : NULL, (gpointer) record->uuid);
  gtk_box_append (box, bar);
}

static void
fill_history (GtkBox   *box,
              gpointer  user_data)
{
  KabHostPane *self = user_data;

  if (self->detail != NULL)
    kab_host_parts_fill_history (box, self->detail, kab_record_get_snapshot (self->record));
}

static void
fill_facts (GtkBox   *box,
            gpointer  user_data)
{
  KabHostPane *self = user_data;

  if (self->detail != NULL)
    kab_host_parts_fill_facts (box, self->detail, kab_session_get_now (self->session));
}

static void
fill_tab (KabHostPane *self)
{
  static const char * const names[] = { "updates", "rules", "history", "facts" };
  const char *name = kab_detail_pane_get_tab (KAB_DETAIL_PANE (self));
  guint tab = 0;

  while (tab < G_N_ELEMENTS (names) && g_strcmp0 (names[tab], name) != 0)
    tab++;
  if (self->record == NULL || tab == G_N_ELEMENTS (names) || (self->filled & (1u << tab)) != 0)
    return;

  self->filled |= 1u << tab;
  if (tab == 0)
    kab_host_updates_show (self->updates, self->session, self->record,
                           self->detail != NULL ? self->detail->pairs : NULL);
  else if (tab == 1)
    kab_host_rules_list_show (self->rules, self->detail, kab_record_get_snapshot (self->record));
  else if (tab == 2)
    kab_refill (self->history, fill_history, self);
  else
    kab_refill (self->facts, fill_facts, self);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabHostDetail) detail = NULL;
  KabHostPane *self;

  detail = kab_session_read_host_finish (KAB_SESSION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_HOST_PANE (user_data);
  kab_detail_pane_set_error (KAB_DETAIL_PANE (self), error);
  g_clear_pointer (&self->detail, kab_host_detail_free);
  self->detail = g_steal_pointer (&detail);
  self->filled = 0;
  fill_tab (self);
}

static void
kab_host_pane_tab_changed (KabDetailPane *pane)
{
  fill_tab (KAB_HOST_PANE (pane));
}

static void
kab_host_pane_dispose (GObject *object)
{
  KabHostPane *self = KAB_HOST_PANE (object);

  g_clear_object (&self->record);
  g_clear_object (&self->session);
  g_clear_pointer (&self->detail, kab_host_detail_free);

  G_OBJECT_CLASS (kab_host_pane_parent_class)->dispose (object);
}

static void
kab_host_pane_class_init (KabHostPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_host_pane_dispose;
  KAB_DETAIL_PANE_CLASS (klass)->tab_changed = kab_host_pane_tab_changed;
}

static void
kab_host_pane_init (KabHostPane *self)
{
  KabDetailPane *pane = KAB_DETAIL_PANE (self);

  kab_detail_pane_name_menu (pane, _("Actions of the host"), _("What can be done with this host"));
  self->updates = KAB_HOST_UPDATES (kab_host_updates_new ());
  self->rules = KAB_HOST_RULES_LIST (kab_host_rules_list_new ());
  self->tasks = KAB_HOST_TASKS (kab_host_tasks_new ());
  kab_detail_pane_add_tab (pane, GTK_WIDGET (self->updates), "updates", _("Updates"), "kab-updates-symbolic");
  kab_detail_pane_add_tab (pane, GTK_WIDGET (self->rules), "rules", _("Rules"), "security-medium-symbolic");
  kab_detail_pane_add_tab (pane, GTK_WIDGET (self->tasks), "tasks", _("Tasks"), "system-run-symbolic");
  self->history = kab_detail_pane_add_facts_tab (pane, "history", _("History"), "document-open-recent-symbolic");
  self->facts = kab_detail_pane_add_facts_tab (pane, "facts", _("Facts"), "computer-symbolic");
}

GtkWidget *
kab_host_pane_new (void)
{
  return g_object_new (KAB_TYPE_HOST_PANE, NULL);
}

static void
show_none (KabHostPane *self,
           guint        n_selected)
{
  g_autofree char *count = kab_format_count (n_selected);
  g_autofree char *title = NULL;

  title = n_selected > 1 ? g_strdup_printf (ngettext ("%s Host Selected", "%s Hosts Selected", n_selected), count)
                         : g_strdup (_("No Host Selected"));
  kab_detail_pane_show_none (KAB_DETAIL_PANE (self), n_selected, "kab-hosts-symbolic", title,
                             n_selected > 1
                             ? _("Scan, download and install are asked of all of them at once.")
                             : _("Choose a host to see its updates and why each is in its state."));
  kab_host_tasks_show (self->tasks, NULL, NULL);
}

void
kab_host_pane_show (KabHostPane *self,
                    KabSession  *session,
                    KabRecord   *record,
                    guint        n_selected)
{
  KabDetailPane *pane = KAB_DETAIL_PANE (self);

  g_return_if_fail (KAB_IS_HOST_PANE (self));

  g_set_object (&self->session, session);
  g_set_object (&self->record, record);
  if (record == NULL || session == NULL)
    {
      show_none (self, n_selected);
      return;
    }

  kab_detail_pane_show_one (pane, kab_record_get_id (record), kab_record_get_host (record)->name);
  kab_refill (kab_detail_pane_get_head (pane), fill_head, self);
  kab_host_tasks_show (self->tasks, session, kab_record_get_id (record));
  kab_session_read_host_async (session, kab_record_get_id (record), kab_detail_pane_get_reading (pane), read_cb, self);
}

void
kab_host_pane_set_problem (KabHostPane *self,
                           const char  *problem)
{
  g_return_if_fail (KAB_IS_HOST_PANE (self));

  kab_host_updates_set_problem (self->updates, problem);
}
