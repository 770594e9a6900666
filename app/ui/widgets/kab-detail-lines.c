/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail-lines.h"
#include "kab-door.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-query-text.h"
#include "kab-refill.h"
#include "kab-tooltip.h"

KabBadge *
kab_detail_add_badge (GtkBox *line)
{
  GtkWidget *badge = kab_badge_new ();

  gtk_box_append (line, badge);

  return KAB_BADGE (badge);
}

GtkWidget *
kab_detail_add_failure (GtkBox *box,
                        gint32  result)
{
  GtkWidget *line = kab_facts_add_line (box);
  KabBadge *badge = kab_detail_add_badge (GTK_BOX (line));
  g_autofree char *code = result != 0 ? kab_format_result (result) : g_strdup (_("no code"));
  const char *remedy = result != 0 ? kab_format_result_remedy (result) : "";

  kab_badge_set (badge, "error", NULL, code, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (badge), "code");
  kab_facts_add_text (box, result != 0 ? kab_format_result_meaning (result) : _("The hosts do not say why."));
  if (*remedy != '\0')
    kab_facts_add_dim (box, remedy);

  return line;
}

void
kab_detail_add_updates (GtkBox    *line,
                        GPtrArray *updates,
                        guint      most)
{
  for (guint i = 0; i < MIN (updates->len, most); i++)
    {
      KabUpdate *update = updates->pdata[i];
      g_autofree char *kbs = kab_update_dup_kbs (update);
      g_autofree char *quoted = kab_query_quote (kab_update_get_id (update));
      g_autofree char *query = g_strconcat ("id:", quoted, NULL);
      GtkWidget *door = kab_door_new ("updates", query, *kbs != '\0' ? kbs : kab_update_get_id (update));

      kab_door_set_count (KAB_DOOR (door), 1);
      kab_tooltip_set (door, kab_update_get_title (update));
      gtk_box_append (line, door);
    }
  if (updates->len > most)
    {
      guint more = updates->len - most;
      g_autofree char *text = g_strdup_printf (ngettext ("and %u more", "and %u more", more), more);

      gtk_box_append (line, kab_facts_new_text (text));
    }
}

typedef struct {
  KabSnapshot *snapshot;
  GArray      *hosts;
  char        *title;
} Behind;

static void
behind_free (gpointer  data,
             GClosure *closure)
{
  Behind *behind = data;

  g_object_unref (behind->snapshot);
  g_array_unref (behind->hosts);
  g_free (behind->title);
  g_free (behind);
}

static void
clicked_cb (GtkWidget *button,
            Behind    *behind)
{
  kab_hosts_window_show (button, behind->title, behind->snapshot, behind->hosts);
}

/* The same number may stand for other hosts. */
static void
tell_hosts (GtkWidget   *button,
            KabSnapshot *snapshot,
            GArray      *hosts)
{
  g_autofree char *text = NULL;
  guint hash = 5381;

  for (guint i = 0; i < hosts->len; i++)
    hash = hash * 33 + g_array_index (hosts, guint, i);
  text = g_strdup_printf ("%p %u", (void *) snapshot, hash);
  kab_refill_tell (button, text);
}

void
kab_detail_add_hosts (GtkGrid     *grid,
                      const char  *name,
                      const char  *title,
                      guint        n,
                      KabSnapshot *snapshot,
                      GArray      *hosts)
{
  g_autofree char *count = kab_format_count (n);
  g_autofree char *spoken = NULL;
  GtkWidget *button;
  Behind *behind;

  if (n == 0 || snapshot == NULL || hosts == NULL || hosts->len == 0)
    {
      kab_facts_add (grid, name, count);
      return;
    }

  behind = g_new0 (Behind, 1);
  behind->snapshot = g_object_ref (snapshot);
  behind->hosts = g_array_ref (hosts);
  behind->title = g_strdup (title);
  button = g_object_new (GTK_TYPE_BUTTON, "label", count, "halign", GTK_ALIGN_START,
                         "accessible-role", GTK_ACCESSIBLE_ROLE_LINK, NULL);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "door");
  g_signal_connect_data (button, "clicked", G_CALLBACK (clicked_cb), behind, behind_free, 0);
  tell_hosts (button, snapshot, hosts);
  kab_facts_add_widget (grid, name, button);
  /* Translators: for screen readers: what is counted, and how many */
  spoken = g_strdup_printf (_("%1$s: %2$s"), name, count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

char *
kab_detail_join (const char * const *list)
{
  return list != NULL ? g_strjoinv (", ", (char **) list) : g_strdup ("");
}
