/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-detail.h"
#include "kab-door.h"
#include "kab-error-text.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-history.h"
#include "kab-query.h"
#include "kab-result-code.h"
#include "kab-state-bar.h"
#include "kab-tooltip.h"
#include "kab-update-pane.h"
#include "kab-updates-columns.h"
#include "kab-wrap-layout.h"

/* A chain this long is cut, with the number of those that follow. */
#define MAX_CHAIN 12
#define MAX_HISTORY 20

struct _KabUpdatePane
{
  AdwBin        parent_instance;

  GtkWidget    *stack;
  GtkWidget    *none;            /* AdwStatusPage */
  GtkBox       *content;
  KabSession   *session;
  KabRecord    *record;
  char         *shown_id;        /* of the detail in @content */
  char         *problem;         /* why no rule can be changed, or NULL */
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (KabUpdatePane, kab_update_pane, ADW_TYPE_BIN)

/* Parts */

static void
add_head (KabUpdatePane         *self,
          const KabUpdateRecord *record)
{
  GtkWidget *line, *badge;
  g_autofree char *verdict = kab_update_record_dup_verdict (record);

  kab_facts_add_title (self->content, *record->title != '\0' ? record->title : record->update_id);
  line = kab_facts_add_line (self->content);
  badge = kab_badge_new ();
  kab_badge_set_severity (KAB_BADGE (badge), record->severity);
  gtk_box_append (GTK_BOX (line), badge);
  if (record->superseded)
    {
      badge = kab_badge_new ();
      kab_badge_set (KAB_BADGE (badge), kab_format_state_look (KAB_STATE_SUPERSEDED)->kind,
                     kab_format_state_look (KAB_STATE_SUPERSEDED)->icon_name, _("Superseded"),
                     _("Another known update replaces it"));
      gtk_box_append (GTK_BOX (line), badge);
    }
  badge = kab_badge_new ();
  kab_badge_set (KAB_BADGE (badge), kab_update_record_verdict_kind (record),
                 kab_update_record_verdict_icon (record), verdict,
                 _("What the hosts that lack it report"));
  gtk_box_append (GTK_BOX (line), badge);
}

static char *
dup_state_query (KabState state,
                 gpointer user_data)
{
  return kab_update_dup_hosts_query (user_data, 1u << state);
}

static void
add_hosts (KabUpdatePane         *self,
           const KabUpdateRecord *record)
{
  GtkWidget *bar;
  guint total = 0;
  g_autofree char *count = NULL;
  g_autofree char *heading = NULL;

  for (guint state = 0; state < KAB_N_STATES; state++)
    total += record->counts[state];
  count = kab_format_count (total);
  heading = g_strdup_printf (ngettext ("On %s host", "On %s hosts", total), count);
  kab_facts_add_heading (self->content, heading);
  if (total == 0)
    {
      kab_facts_add_dim (self->content, _("No host reports it."));
      return;
    }
  bar = kab_state_bar_new ();
  kab_state_bar_set_counts (KAB_STATE_BAR (bar), "hosts", record->counts, dup_state_query,
                            (gpointer) record->update_id);
  gtk_box_append (self->content, bar);
}

static char *
describe_verdict (const KabPackageVerdict *verdict)
{
  const char *line = verdict->line != NULL ? verdict->line : "";

  switch (verdict->reason)
    {
    case KAB_REASON_FORBIDDEN_UPDATE:
    case KAB_REASON_FORBIDDEN_KB:
      /* Translators: %s is the line of the rules that forbids the update */
      return g_strdup_printf (_("Forbidden, line “%s”"), line);
    case KAB_REASON_ALLOWED_UPDATE:
    case KAB_REASON_ALLOWED_KB:
      /* Translators: %s is the line of the rules that allows the update */
      return g_strdup_printf (_("Allowed, line “%s”"), line);
    case KAB_REASON_ALLOWED_PRODUCT:
      return g_strdup_printf (_("Allowed by its product “%s”"), line);
    case KAB_REASON_ALLOWED_SEVERITY:
      return g_strdup_printf (_("Allowed by its severity “%s”"), line);
    case KAB_REASON_ALLOWED_CLASSIFICATION:
      return g_strdup_printf (_("Allowed by its classification “%s”"), line);
    case KAB_REASON_DEFAULT_ALLOW:
    case KAB_REASON_DEFAULT_DENY:
    case KAB_REASON_NO_RULES:
    default:
      return g_strdup (_("Does not name it: the agent’s default applies"));
    }
}

/* "demo-wua-base 12" → what `package:` wants */
static char *
dup_package_query (const char *origin)
{
  g_autofree char *quoted = kab_query_quote (origin);

  return g_strconcat ("package:", quoted, NULL);
}

/* Allow, forbid, clear: the page's own actions, so that they name what is selected. */
static GtkWidget *
rules_buttons_new (KabUpdatePane *self)
{
  static const struct { const char *label, *action; } buttons[] = {
    { N_("Allow…"), "updates.allow" }, { N_("Forbid…"), "updates.forbid" }, { N_("Clear…"), "updates.clear-rules" },
  };
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (line, kab_wrap_layout_new (6, 6));
  gtk_widget_set_tooltip_text (line, self->problem != NULL ? self->problem
                                                           : _("Change what a rule package says of what is selected"));
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_(buttons[i].label));

      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), buttons[i].action);
      gtk_box_append (GTK_BOX (line), button);
    }

  return line;
}

static void
add_verdicts (KabUpdatePane   *self,
              KabUpdateDetail *detail)
{
  kab_facts_add_heading (self->content, _("Verdict"));
  gtk_box_append (self->content, rules_buttons_new (self));
  if (detail->verdicts == NULL || detail->verdicts->len == 0)
    {
      kab_facts_add_dim (self->content, _("No rule package is known. The agents’ default applies."));
      return;
    }

  for (guint i = 0; i < detail->verdicts->len; i++)
    {
      const KabPackageVerdict *verdict = detail->verdicts->pdata[i];
      g_autofree char *words = describe_verdict (verdict);
      g_autofree char *query = dup_package_query (verdict->origin);
      g_autofree char *count = kab_format_count (verdict->n_hosts);
      g_autofree char *hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", verdict->n_hosts),
                                                count);
      GtkWidget *line = kab_facts_add_line (self->content);
      GtkWidget *name = kab_facts_new_text (verdict->origin);
      GtkWidget *door = kab_door_new ("hosts", query, hosts);

      kab_door_set_count (KAB_DOOR (door), verdict->n_hosts);
      gtk_widget_add_css_class (name, "heading");
      gtk_box_append (GTK_BOX (line), name);
      gtk_box_append (GTK_BOX (line), door);
      kab_facts_add_text (self->content, words);
    }
}

static void
add_chain (KabUpdatePane *self,
           const char    *heading,
           GPtrArray     *updates)
{
  GtkWidget *line;

  if (updates == NULL || updates->len == 0)
    return;

  kab_facts_add_heading (self->content, heading);
  line = kab_facts_add_line (self->content);
  for (guint i = 0; i < MIN (updates->len, MAX_CHAIN); i++)
    {
      KabUpdate *update = updates->pdata[i];
      g_autofree char *kbs = kab_update_dup_kbs (update);
      g_autofree char *quoted = kab_query_quote (kab_update_get_id (update));
      g_autofree char *query = g_strconcat ("id:", quoted, NULL);
      GtkWidget *door = kab_door_new ("updates", query,
                                      *kbs != '\0' ? kbs : kab_update_get_id (update));

      kab_door_set_count (KAB_DOOR (door), 1);
      kab_tooltip_set (door, kab_update_get_title (update));
      gtk_box_append (GTK_BOX (line), door);
    }
  if (updates->len > MAX_CHAIN)
    {
      guint more = updates->len - MAX_CHAIN;
      g_autofree char *text = g_strdup_printf (ngettext ("and %u more", "and %u more", more), more);

      gtk_box_append (GTK_BOX (line), kab_facts_new_text (text));
    }
}

static void
add_files (KabUpdatePane         *self,
           const KabUpdateFields *fields)
{
  g_autofree char *size = kab_format_size_at_most (fields->max_download_size);
  g_autofree char *date = kab_format_date (fields->downloaded_at);
  g_autofree char *since = NULL;
  GtkWidget *grid;

  kab_facts_add_heading (self->content, _("Files"));
  grid = kab_facts_add_grid (self->content);
  if (fields->downloaded_at > 0)
    /* Translators: %s is a date */
    since = g_strdup_printf (_("yes, since %s"), date);
  kab_facts_add (GTK_GRID (grid), _("On the server"), since != NULL ? since : _("no"));
  kab_facts_add (GTK_GRID (grid), _("Size"), size);
  if (fields->download_urls == NULL || fields->download_urls[0] == NULL)
    {
      kab_facts_add_dim (self->content, _("No host has told the address of a file."));
      return;
    }

  for (guint i = 0; fields->download_urls[i] != NULL; i++)
    {
      g_autofree char *name = kab_download_url_dup_name (fields->download_urls[i]);
      g_autofree char *sha1 = kab_download_url_dup_sha1 (fields->download_urls[i]);

      kab_facts_add_code (GTK_GRID (grid), _("File"), name);
      kab_facts_add_code (GTK_GRID (grid), _("SHA-1"), sha1);
      kab_facts_add_code (GTK_GRID (grid), _("Address"), fields->download_urls[i]);
    }
}

static const char *
format_restart (const char *behaviour)
{
  static const struct { const char *value, *words; } known[] = {
    { "0", N_("never") }, { "1", N_("always") }, { "2", N_("may be required") },
    { "never", N_("never") }, { "neverreboots", N_("never") },
    { "always", N_("always") }, { "alwaysrequiresreboot", N_("always") },
    { "canrequestreboot", N_("may be required") }, { "may", N_("may be required") },
  };

  for (guint i = 0; behaviour != NULL && i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (behaviour, known[i].value) == 0)
      return _(known[i].words);

  return behaviour;
}

static char *
join (const char * const *list)
{
  return list != NULL ? g_strjoinv (", ", (char **) list) : g_strdup ("");
}

static void
add_facts (KabUpdatePane         *self,
           const KabUpdateFields *fields)
{
  GtkWidget *grid;
  g_autofree char *date = kab_format_date (fields->changed_at);
  g_autofree char *bulletins = join (fields->security_bulletin_ids);
  g_autofree char *languages = join (fields->languages);

  kab_facts_add_heading (self->content, _("Facts"));
  grid = kab_facts_add_grid (self->content);
  for (guint i = 0; fields->kbids != NULL && fields->kbids[i] != NULL; i++)
    {
      g_autofree char *kb = g_strconcat ("KB", fields->kbids[i], NULL);

      kab_facts_add_code (GTK_GRID (grid), _("Article"), kb);
    }
  kab_facts_add_code (GTK_GRID (grid), _("Update ID"), fields->update_id);
  kab_facts_add (GTK_GRID (grid), _("Published"), date);
  kab_facts_add (GTK_GRID (grid), _("Product"), fields->product);
  kab_facts_add (GTK_GRID (grid), _("Classification"), fields->classification);
  kab_facts_add (GTK_GRID (grid), _("Type"), fields->update_type);
  kab_facts_add (GTK_GRID (grid), _("Restart"), format_restart (fields->reboot_behaviour));
  if (fields->is_uninstallable != KAB_TRISTATE_NULL)
    kab_facts_add (GTK_GRID (grid), _("Can be removed"),
                   fields->is_uninstallable == KAB_TRISTATE_TRUE ? _("yes") : _("no"));
  if (fields->is_beta == KAB_TRISTATE_TRUE)
    kab_facts_add (GTK_GRID (grid), _("Beta"), _("yes"));
  if (fields->is_mandatory == KAB_TRISTATE_TRUE)
    kab_facts_add (GTK_GRID (grid), _("Mandatory"), _("yes"));
  kab_facts_add (GTK_GRID (grid), _("Bulletins"), bulletins);
  kab_facts_add (GTK_GRID (grid), _("Languages"), languages);
  if (fields->release_notes != NULL && *fields->release_notes != '\0')
    kab_facts_add (GTK_GRID (grid), _("Notes"), fields->release_notes);
}

static void
add_failures (KabUpdatePane   *self,
              KabUpdateDetail *detail)
{
  if (detail->failures == NULL || detail->failures->len == 0)
    return;

  kab_facts_add_heading (self->content, _("Failures"));
  for (guint i = 0; i < detail->failures->len; i++)
    {
      const KabFailureGroup *failure = &g_array_index (detail->failures, KabFailureGroup, i);
      g_autofree char *code = kab_format_result (failure->result);
      g_autofree char *count = kab_format_count (failure->n_hosts);
      g_autofree char *hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", failure->n_hosts),
                                                count);
      g_autofree char *update = kab_update_dup_hosts_query (kab_update_get_id (detail->update),
                                                            1u << KAB_STATE_ERROR);
      const char *remedy = kab_format_result_remedy (failure->result);
      GtkWidget *line = kab_facts_add_line (self->content);
      GtkWidget *badge = kab_badge_new ();

      kab_badge_set (KAB_BADGE (badge), "error", NULL, code, NULL);
      gtk_box_append (GTK_BOX (line), badge);
      gtk_box_append (GTK_BOX (line),
                      kab_door_new ("hosts", detail->failures->len == 1 ? update : NULL, hosts));
      kab_facts_add_text (self->content, kab_format_result_meaning (failure->result));
      if (*remedy != '\0')
        kab_facts_add_dim (self->content, remedy);
    }
}

static void
add_history (KabUpdatePane   *self,
             KabUpdateDetail *detail)
{
  KabSnapshot *snapshot = kab_record_get_snapshot (self->record);
  GtkWidget *grid;

  if (detail->history == NULL || detail->history->len == 0)
    return;

  kab_facts_add_heading (self->content, _("History"));
  grid = kab_facts_add_grid (self->content);
  for (guint i = 0; i < MIN (detail->history->len, MAX_HISTORY); i++)
    {
      const KabHistoryEntry *change = detail->history->pdata[i];
      int index = kab_snapshot_find_host (snapshot, change->host);
      const char *name = index >= 0 ? kab_snapshot_get_hosts (snapshot, NULL)[index].name : change->host;
      g_autofree char *when = kab_format_date (change->from);
      /* Translators: a host and the state that an update has on it since then */
      g_autofree char *what = g_strdup_printf (_("%1$s: %2$s"), name, kab_format_state (change->state));

      kab_facts_add (GTK_GRID (grid), when, what);
    }
}

/* Reading */

static void
fill (KabUpdatePane   *self,
      KabUpdateDetail *detail)
{
  const KabUpdateRecord *record = kab_record_get_update (self->record);
  const KabUpdateFields *fields;

  kab_facts_clear (self->content);
  add_head (self, record);
  add_hosts (self, record);
  if (detail == NULL)
    return;

  fields = kab_update_get_fields (detail->update);
  add_verdicts (self, detail);
  add_chain (self, _("Replaced By"), detail->superseded_by);
  add_chain (self, _("Replaces"), detail->supersedes);
  add_files (self, fields);
  add_failures (self, detail);
  add_facts (self, fields);
  add_history (self, detail);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabUpdateDetail) detail = NULL;
  KabUpdatePane *self;

  detail = kab_session_read_update_finish (KAB_SESSION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_UPDATE_PANE (user_data);
  fill (self, detail);
  if (error != NULL)
    kab_facts_add_dim (self->content, kab_error_text_describe (error));
  g_free (self->shown_id);
  self->shown_id = detail != NULL ? g_strdup (kab_update_get_id (detail->update)) : NULL;
}

static void
stop_reading (KabUpdatePane *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
kab_update_pane_dispose (GObject *object)
{
  KabUpdatePane *self = KAB_UPDATE_PANE (object);

  stop_reading (self);
  g_clear_object (&self->record);
  g_clear_object (&self->session);
  g_clear_pointer (&self->shown_id, g_free);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (kab_update_pane_parent_class)->dispose (object);
}

static void
kab_update_pane_class_init (KabUpdatePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_update_pane_dispose;
}

static void
kab_update_pane_init (KabUpdatePane *self)
{
  GtkWidget *scrolled;

  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (GTK_WIDGET (self->content), "facts");
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", self->content,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, NULL);
  self->none = adw_status_page_new ();
  gtk_widget_add_css_class (self->none, "compact");
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), self->none, "none");
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "one");
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

GtkWidget *
kab_update_pane_new (void)
{
  return g_object_new (KAB_TYPE_UPDATE_PANE, NULL);
}

static void
show_none (KabUpdatePane *self,
           guint          n_selected)
{
  g_autofree char *count = kab_format_count (n_selected);
  g_autofree char *title = NULL;
  GtkWidget *buttons = NULL;

  if (n_selected > 1)
    {
      buttons = rules_buttons_new (self);
      gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
    }
  if (n_selected > 1)
    title = g_strdup_printf (ngettext ("%s Update Selected", "%s Updates Selected", n_selected), count);
  g_object_set (self->none,
                "icon-name", "kab-updates-symbolic",
                "title", title != NULL ? title : _("No Update Selected"),
                "description", n_selected > 1
                               ? _("The menu has what can be done with them.")
                               : _("Choose an update to see where it is needed, what the rules say of it, and its files."),
                "child", buttons,
                NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "none");
}

void
kab_update_pane_show (KabUpdatePane *self,
                      KabSession    *session,
                      KabRecord     *record,
                      guint          n_selected)
{
  g_return_if_fail (KAB_IS_UPDATE_PANE (self));

  stop_reading (self);
  g_set_object (&self->session, session);
  g_set_object (&self->record, record);
  if (record == NULL || session == NULL)
    {
      g_clear_pointer (&self->shown_id, g_free);
      show_none (self, n_selected);
      return;
    }

  /* The same update, read anew: what is shown stays until then. */
  if (g_strcmp0 (self->shown_id, kab_record_get_id (record)) != 0)
    fill (self, NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "one");
  self->reading = g_cancellable_new ();
  kab_session_read_update_async (session, kab_record_get_id (record), self->reading, read_cb, self);
}

void
kab_update_pane_set_problem (KabUpdatePane *self,
                             const char    *problem)
{
  g_return_if_fail (KAB_IS_UPDATE_PANE (self));

  if (g_strcmp0 (problem, self->problem) == 0)
    return;

  g_free (self->problem);
  self->problem = g_strdup (problem);
}
