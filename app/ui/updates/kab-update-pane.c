/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail.h"
#include "kab-format.h"
#include "kab-refill.h"
#include "kab-tooltip.h"
#include "kab-update-pane.h"
#include "kab-update-parts.h"

static const struct { const char *label, *action; } buttons[] = {
  { N_("Allow…"), "updates.allow" }, { N_("Forbid…"), "updates.forbid" }, { N_("Clear…"), "updates.clear-rules" },
};

struct _KabUpdatePane
{
  KabDetailPane    parent_instance;

  GtkBox          *content;
  GtkWidget       *buttons[G_N_ELEMENTS (buttons)];
  KabRecord       *record;
  KabUpdateDetail *detail;      /* (nullable): of @record, once it is read */
};

G_DEFINE_FINAL_TYPE (KabUpdatePane, kab_update_pane, KAB_TYPE_DETAIL_PANE)

static void
fill_head (GtkBox   *box,
           gpointer  user_data)
{
  KabUpdatePane *self = user_data;

  kab_update_parts_fill_head (box, kab_record_get_update (self->record));
}

static void
fill_content (GtkBox   *box,
              gpointer  user_data)
{
  KabUpdatePane *self = user_data;

  kab_update_parts_fill (box, kab_record_get_update (self->record), self->detail,
                         kab_record_get_snapshot (self->record));
}

static void
fill (KabUpdatePane *self)
{
  kab_refill (kab_detail_pane_get_head (KAB_DETAIL_PANE (self)), fill_head, self);
  kab_refill (self->content, fill_content, self);
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
  kab_detail_pane_set_error (KAB_DETAIL_PANE (self), error);
  if (detail == NULL)
    return;

  g_clear_pointer (&self->detail, kab_update_detail_free);
  self->detail = g_steal_pointer (&detail);
  fill (self);
}

static void
kab_update_pane_dispose (GObject *object)
{
  KabUpdatePane *self = KAB_UPDATE_PANE (object);

  g_clear_object (&self->record);
  g_clear_pointer (&self->detail, kab_update_detail_free);

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
  GtkWidget *bar = kab_detail_pane_add_bar (KAB_DETAIL_PANE (self));

  self->content = kab_detail_pane_add_part (KAB_DETAIL_PANE (self));
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      self->buttons[i] = gtk_button_new_with_label (_(buttons[i].label));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->buttons[i]), buttons[i].action);
      gtk_box_append (GTK_BOX (bar), self->buttons[i]);
    }
  kab_update_pane_set_problem (self, NULL);
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

  g_clear_pointer (&self->detail, kab_update_detail_free);
  title = n_selected > 1 ? g_strdup_printf (ngettext ("%s Update Selected", "%s Updates Selected", n_selected), count)
                         : g_strdup (_("No Update Selected"));
  kab_detail_pane_show_none (KAB_DETAIL_PANE (self), n_selected, "kab-updates-symbolic", title,
                             n_selected > 1
                             ? _("The menu has what can be done with them.")
                             : _("Choose an update to see where it is needed, what the rules say of it, and its files."));
}

void
kab_update_pane_show (KabUpdatePane *self,
                      KabSession    *session,
                      KabRecord     *record,
                      guint          n_selected)
{
  const KabUpdateRecord *update;

  g_return_if_fail (KAB_IS_UPDATE_PANE (self));

  g_set_object (&self->record, record);
  if (record == NULL || session == NULL)
    {
      show_none (self, n_selected);
      return;
    }

  update = kab_record_get_update (record);
  if (kab_detail_pane_show_one (KAB_DETAIL_PANE (self), update->update_id,
                                *update->title != '\0' ? update->title : update->update_id))
    {
      g_clear_pointer (&self->detail, kab_update_detail_free);
      fill (self);
    }
  kab_session_read_update_async (session, kab_record_get_id (record),
                                 kab_detail_pane_get_reading (KAB_DETAIL_PANE (self)), read_cb, self);
}

void
kab_update_pane_set_problem (KabUpdatePane *self,
                             const char    *problem)
{
  const char *text = problem != NULL ? problem : _("Change what a rule package says of what is selected");

  g_return_if_fail (KAB_IS_UPDATE_PANE (self));

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    if (g_strcmp0 (gtk_widget_get_tooltip_text (self->buttons[i]), text) != 0)
      kab_tooltip_set (self->buttons[i], text);
}
