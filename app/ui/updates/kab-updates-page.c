/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "kab-detail.h"
#include "kab-format.h"
#include "kab-placeholder.h"
#include "kab-query.h"
#include "kab-quick-rules-dialog.h"
#include "kab-tooltip.h"
#include "kab-ui.h"
#include "kab-update-pane.h"
#include "kab-updates-columns.h"
#include "kab-updates-page.h"
#include "kab-window.h"

#define ARTICLE "https://support.microsoft.com/help/%s"

struct _KabUpdatesPage
{
  KabDeedsPage   parent_instance;

  GtkWidget     *update_button;
  GtkWidget     *allow_button;
  GtkWidget     *forbid_button;
  GMenuModel    *row_menu;
  KabUpdatePane *pane;
};

G_DEFINE_FINAL_TYPE (KabUpdatesPage, kab_updates_page, KAB_TYPE_DEEDS_PAGE)

static KabRecord *
dup_current (KabUpdatesPage *self)
{
  return kab_table_dup_current (kab_list_page_get_table (KAB_LIST_PAGE (self)));
}

static void
copy_text (KabUpdatesPage *self,
           const char     *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  kab_window_add_toast (GTK_WIDGET (self), _("Copied"));
}

static void
show_hosts (KabUpdatesPage *self,
            guint           mask)
{
  g_autoptr(GPtrArray) records = kab_deeds_page_dup_selected (KAB_DEEDS_PAGE (self));
  g_autoptr(GString) query = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    {
      g_autofree char *one = kab_update_dup_hosts_query (kab_record_get_id (records->pdata[i]), mask);

      /* Any of them: one term, whose values follow its name. */
      g_string_append (query, i == 0 ? one : one + strlen ("update"));
      if (i > 0)
        query->str[query->len - strlen (one + strlen ("update"))] = ',';
    }
  if (records->len > 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-hosts", "s", query->str);
}

static void
show_hosts_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  show_hosts (KAB_UPDATES_PAGE (widget), 0);
}

static void
show_needing_hosts_action (GtkWidget  *widget,
                           const char *name,
                           GVariant   *parameter)
{
  show_hosts (KAB_UPDATES_PAGE (widget),
              1 << KAB_STATE_PENDING | 1 << KAB_STATE_MISSING | 1 << KAB_STATE_ERROR);
}

static void
copy_id_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  KabUpdatesPage *self = KAB_UPDATES_PAGE (widget);
  g_autoptr(GPtrArray) records = kab_deeds_page_dup_selected (KAB_DEEDS_PAGE (self));
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean kb = g_str_equal (name, "updates.copy-kb");

  for (guint i = 0; i < records->len; i++)
    {
      const KabUpdateRecord *record = kab_record_get_update (records->pdata[i]);
      const char *one = kb ? record->kbs : record->update_id;

      if (*one != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", one);
    }
  copy_text (self, text->str);
}

/* Addresses are no part of the records: they are read first. */
static void
links_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabUpdateDetail) detail = NULL;
  const char * const *urls;
  g_autofree char *text = NULL;

  detail = kab_session_read_update_finish (KAB_SESSION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      kab_window_add_error (GTK_WIDGET (user_data), error);
      return;
    }

  urls = kab_update_get_fields (detail->update)->download_urls;
  text = urls != NULL ? g_strjoinv ("\n", (char **) urls) : g_strdup ("");
  if (*text != '\0')
    copy_text (KAB_UPDATES_PAGE (user_data), text);
  else
    kab_window_add_toast (GTK_WIDGET (user_data), _("No host has told the address of a file of this update"));
}

static void
copy_links_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  KabUpdatesPage *self = KAB_UPDATES_PAGE (widget);
  g_autoptr(KabRecord) record = dup_current (self);
  KabSession *session = kab_page_get_session (KAB_PAGE (self));

  if (record != NULL && session != NULL)
    kab_session_read_update_async (session, kab_record_get_id (record),
                                   kab_deeds_page_get_cancellable (KAB_DEEDS_PAGE (self)), links_read_cb, self);
}

/* The page of the article: an address that a host reported could be anything. */
static void
open_support_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  KabUpdatesPage *self = KAB_UPDATES_PAGE (widget);
  g_autoptr(KabRecord) record = dup_current (self);
  GtkRoot *root = gtk_widget_get_root (widget);
  const KabUpdateRecord *update = record != NULL ? kab_record_get_update (record) : NULL;
  g_autofree char *number = NULL;
  g_autofree char *uri = NULL;

  if (update == NULL || !g_str_has_prefix (update->kbs, "KB"))
    {
      kab_window_add_toast (widget, _("This update names no article"));
      return;
    }
  number = g_strndup (update->kbs + 2, strspn (update->kbs + 2, "0123456789"));
  uri = g_strdup_printf (ARTICLE, number);
  gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri, GDK_CURRENT_TIME);
}

/* Rules */

static const KabPageDeed deeds[] = {
  { "updates.allow", KAB_QUICK_ALLOW },
  { "updates.forbid", KAB_QUICK_FORBID },
  { "updates.clear-rules", KAB_QUICK_CLEAR },
};

/* Overrides */

static void
kab_updates_page_update (KabDeedsPage *page,
                         const char   *why,
                         const char   *problem)
{
  KabUpdatesPage *self = KAB_UPDATES_PAGE (page);

  kab_tooltip_set (self->allow_button, why != NULL ? why : _("Allow the selected updates in a rule package "
                                                             "(Ctrl+Shift+A)"));
  kab_tooltip_set (self->forbid_button, why != NULL ? why : _("Forbid the selected updates in a rule package "
                                                              "(Ctrl+Shift+F)"));
  kab_update_pane_set_problem (self->pane, problem);
}

static void
kab_updates_page_start (KabDeedsPage *page,
                        int           deed,
                        KabSession   *session,
                        GPtrArray    *records)
{
  kab_quick_rules_dialog_show (GTK_WIDGET (page), session, (KabQuickDeed) deed, records);
}

static void
kab_updates_page_show_detail (KabListPage *page,
                              KabRecord   *record,
                              guint        n_selected)
{
  KabUpdatesPage *self = KAB_UPDATES_PAGE (page);
  static const char * const names[] = {
    "updates.show-hosts", "updates.show-needing-hosts", "updates.copy-id", "updates.copy-kb",
    "updates.copy-links", "updates.open-support",
  };

  kab_update_pane_show (self->pane, kab_page_get_session (KAB_PAGE (self)), record, n_selected);
  gtk_widget_set_sensitive (self->update_button, n_selected > 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], n_selected > 0);
  KAB_LIST_PAGE_CLASS (kab_updates_page_parent_class)->show_detail (page, record, n_selected);
}

static char *
kab_updates_page_dup_summary (KabListPage *page,
                              guint        n_rows)
{
  KabRecordList *list = kab_list_page_get_list (page);
  guint n_total = kab_record_list_get_n_total (list);
  guint n_hidden = n_total > n_rows ? n_total - n_rows : 0;
  g_autofree char *rows = kab_format_count (n_rows);
  g_autofree char *hidden = kab_format_count (n_hidden);

  if (n_hidden == 0)
    return g_strdup_printf (ngettext ("%s update", "%s updates", n_rows), rows);

  /* Translators: %1$s is the number of updates shown, %2$s of those hidden */
  return g_strdup_printf (ngettext ("%1$s update · %2$s superseded hidden",
                                    "%1$s updates · %2$s superseded hidden", n_rows), rows, hidden);
}

static void
kab_updates_page_fill_empty (KabListPage   *page,
                             AdwStatusPage *empty,
                             gboolean       searched)
{
  KabSession *session = kab_page_get_session (KAB_PAGE (page));
  gboolean mirrored = session != NULL && kab_session_get_snapshot (session) != NULL &&
                      kab_snapshot_get_synced_at (kab_session_get_snapshot (session)) > 0;

  if (searched)
    kab_placeholder_fill (empty, "edit-find-symbolic", _("No Update Found"),
                          _("No update matches the search and the filters."),
                          _("_Show All Updates"), "win.show-updates('')");
  else if (mirrored)
    kab_placeholder_fill (empty, "kab-updates-symbolic", _("No Updates"),
                          _("No host has reported an update yet. Updates appear after the first scan."), NULL, NULL);
  else
    kab_placeholder_fill (empty, "kab-updates-symbolic", _("No Updates"),
                          _("Here are the updates that hosts report, once the server was read."),
                          _("_Sync Now"), "win.sync");
}

static void
kab_updates_page_class_init (KabUpdatesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabListPageClass *list_class = KAB_LIST_PAGE_CLASS (klass);
  KabDeedsPageClass *deeds_class = KAB_DEEDS_PAGE_CLASS (klass);

  list_class->domain = KAB_QUERY_UPDATES;
  list_class->table = &kab_updates_table;
  list_class->groups = kab_updates_get_filters (&list_class->n_groups);
  list_class->show_detail = kab_updates_page_show_detail;
  list_class->dup_summary = kab_updates_page_dup_summary;
  list_class->fill_empty = kab_updates_page_fill_empty;
  deeds_class->select_first = N_("Select updates first");
  deeds_class->set_up_signing = "updates.set-up-signing";
  deeds_class->deeds = deeds;
  deeds_class->n_deeds = G_N_ELEMENTS (deeds);
  deeds_class->update = kab_updates_page_update;
  deeds_class->start = kab_updates_page_start;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "updates/kab-updates-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabUpdatesPage, update_button);
  gtk_widget_class_bind_template_child (widget_class, KabUpdatesPage, allow_button);
  gtk_widget_class_bind_template_child (widget_class, KabUpdatesPage, forbid_button);
  gtk_widget_class_bind_template_child (widget_class, KabUpdatesPage, row_menu);

  gtk_widget_class_install_action (widget_class, "updates.show-hosts", NULL, show_hosts_action);
  gtk_widget_class_install_action (widget_class, "updates.show-needing-hosts", NULL,
                                   show_needing_hosts_action);
  gtk_widget_class_install_action (widget_class, "updates.copy-id", NULL, copy_id_action);
  gtk_widget_class_install_action (widget_class, "updates.copy-kb", NULL, copy_id_action);
  gtk_widget_class_install_action (widget_class, "updates.copy-links", NULL, copy_links_action);
  gtk_widget_class_install_action (widget_class, "updates.open-support", NULL, open_support_action);
  kab_deeds_page_class_install_actions (deeds_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "updates.allow", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "updates.forbid", NULL);
}

static void
kab_updates_page_init (KabUpdatesPage *self)
{
  self->pane = KAB_UPDATE_PANE (kab_update_pane_new ());
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_list_page_set_detail (KAB_LIST_PAGE (self), GTK_WIDGET (self->pane));
  kab_list_page_set_row_menu (KAB_LIST_PAGE (self), self->row_menu);
}
