/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-format.h"
#include "kab-paste-dialog.h"
#include "kab-rules-paste.h"

/* Rows that are worth building; the others are counted. */
#define MAX_ROWS 100
#define DELAY_MS 250

struct _KabPasteDialog
{
  AdwWindow       parent_instance;

  GtkTextBuffer  *text;
  GtkWidget      *summary;
  GtkWidget      *found;           /* GtkListBox */
  GtkWidget      *articles;        /* GtkSwitch */
  GtkWidget      *reason;
  GtkWidget      *allow_button;
  GtkWidget      *forbid_button;
  KabUpdateIndex *index;
  guint           source;
};

G_DEFINE_FINAL_TYPE (KabPasteDialog, kab_paste_dialog, ADW_TYPE_WINDOW)

enum {
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Lines */

static void
line_free (gpointer data)
{
  KabRulesLine *line = data;

  g_free (line->value);
  g_free (line->reason);
  g_free (line->comment);
  g_free (line);
}

GPtrArray *
kab_paste_lines_new (void)
{
  return g_ptr_array_new_with_free_func (line_free);
}

void
kab_paste_lines_add (GPtrArray   *lines,
                     KabRuleList  list,
                     const char  *value,
                     const char  *reason)
{
  KabRulesLine *line = g_new0 (KabRulesLine, 1);

  line->list = list;
  line->value = g_strdup (value);
  line->reason = g_strdup (reason);
  line->comment = g_strdup ("");
  g_ptr_array_add (lines, line);
}

static const char *
get_match (KabUpdateIndex     *index,
           const KabPasteItem *item,
           guint               i)
{
  return kab_update_get_id (kab_update_index_get_updates (index)->pdata[g_array_index (item->matches, guint, i)]);
}

GPtrArray *
kab_paste_dup_lines (const char     *text,
                     KabUpdateIndex *index,
                     gboolean        forbids,
                     gboolean        whole_articles,
                     const char     *reason,
                     guint          *n_lost)
{
  g_autoptr(GPtrArray) items = kab_rules_paste (text, strlen (text), index, NULL);
  GPtrArray *lines = kab_paste_lines_new ();
  KabRuleList ids = forbids ? KAB_RULE_FORBIDDEN_UPDATES : KAB_RULE_ALLOWED_UPDATES;
  KabRuleList kbs = forbids ? KAB_RULE_FORBIDDEN_KBS : KAB_RULE_ALLOWED_KBS;

  *n_lost = 0;
  for (guint i = 0; i < items->len; i++)
    {
      const KabPasteItem *item = items->pdata[i];

      if (item->kind == KAB_PASTE_KB && (whole_articles || item->matches->len == 0))
        kab_paste_lines_add (lines, kbs, item->text, reason);
      else if (item->kind == KAB_PASTE_ID)
        kab_paste_lines_add (lines, ids, item->text, reason);
      else if (item->matches->len == 0)
        (*n_lost)++;
      else
        for (guint j = 0; j < item->matches->len; j++)
          kab_paste_lines_add (lines, ids, get_match (index, item, j), reason);
    }

  return lines;
}

/* What was found */

static char *
describe_matches (guint n)
{
  g_autofree char *count = kab_format_count (n);

  if (n == 0)
    return g_strdup (_("No host reports it"));
  return g_strdup_printf (ngettext ("Stands for %s update", "Stands for %s updates", n), count);
}

static void
add_row (KabPasteDialog     *self,
         const KabPasteItem *item)
{
  GPtrArray *updates = kab_update_index_get_updates (self->index);
  guint n = item->matches->len;
  g_autofree char *words = describe_matches (n);
  g_autofree char *title = g_markup_escape_text (item->text, -1);
  const char *icon = n == 0 ? "dialog-question-symbolic" : n > 1 ? "view-list-symbolic" : "emblem-ok-symbolic";
  GtkWidget *row;

  if (n <= 1)
    {
      KabUpdate *update = n == 1 ? updates->pdata[g_array_index (item->matches, guint, 0)] : NULL;
      g_autofree char *name = g_markup_escape_text (update != NULL ? kab_update_get_title (update) : words, -1);

      row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", name, NULL);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
      gtk_list_box_append (GTK_LIST_BOX (self->found), row);
      return;
    }

  row = g_object_new (ADW_TYPE_EXPANDER_ROW, "title", title, "subtitle", words, "expanded", n <= 6, NULL);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), gtk_image_new_from_icon_name (icon));
  for (guint i = 0; i < MIN (n, MAX_ROWS); i++)
    {
      KabUpdate *update = updates->pdata[g_array_index (item->matches, guint, i)];
      g_autofree char *name = g_markup_escape_text (kab_update_get_title (update), -1);
      g_autofree char *id = g_markup_escape_text (kab_update_get_id (update), -1);

      adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                                g_object_new (ADW_TYPE_ACTION_ROW, "title", name, "subtitle", id, NULL));
    }
  gtk_list_box_append (GTK_LIST_BOX (self->found), row);
}

static char *
dup_text (KabPasteDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->text, &start, &end);
  return gtk_text_buffer_get_text (self->text, &start, &end, FALSE);
}

static gboolean
look (gpointer data)
{
  KabPasteDialog *self = KAB_PASTE_DIALOG (data);
  g_autofree char *text = dup_text (self);
  gboolean is_cut = FALSE;
  g_autoptr(GPtrArray) items = kab_rules_paste (text, strlen (text), self->index, &is_cut);
  gboolean whole = gtk_switch_get_active (GTK_SWITCH (self->articles));
  guint n_lost;
  g_autoptr(GPtrArray) lines = kab_paste_dup_lines (text, self->index, FALSE, whole, "", &n_lost);
  g_autofree char *found = kab_format_count (items->len);
  g_autofree char *count = kab_format_count (lines->len);
  g_autofree char *lost = kab_format_count (n_lost);
  g_autoptr(GString) words = g_string_new (NULL);
  GtkWidget *child;

  self->source = 0;
  while ((child = gtk_widget_get_first_child (self->found)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->found), child);
  for (guint i = 0; i < MIN (items->len, MAX_ROWS); i++)
    add_row (self, items->pdata[i]);
  gtk_widget_set_visible (self->found, items->len > 0);

  if (items->len == 0)
    {
      g_string_append (words, *text == '\0' ? _("Paste or type a text: articles such as KB5031354 and update ids are found "
                                                "in it.")
                                            : _("Neither an article nor an update id is in this text."));
    }
  else
    {
      g_string_append_printf (words, ngettext ("%s article or id found", "%s articles and ids found", items->len), found);
      g_string_append (words, " · ");
      g_string_append_printf (words, ngettext ("%s line", "%s lines", lines->len), count);
      if (n_lost > 0)
        {
          g_string_append (words, " · ");
          g_string_append_printf (words, ngettext ("%s id without a revision is not known, and left out",
                                                   "%s ids without a revision are not known, and left out", n_lost), lost);
        }
      if (is_cut)
        g_string_append_printf (words, " · %s", _("the text is too long: its end was not looked at"));
      if (items->len > MAX_ROWS)
        g_string_append_printf (words, " · %s", _("the first 100 are shown"));
    }
  gtk_label_set_label (GTK_LABEL (self->summary), words->str);
  gtk_widget_set_sensitive (self->allow_button, lines->len > 0);
  gtk_widget_set_sensitive (self->forbid_button, lines->len > 0);
  return G_SOURCE_REMOVE;
}

static void
text_changed_cb (KabPasteDialog *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add (DELAY_MS, look, self);
}

static void
choose (KabPasteDialog *self,
        gboolean        forbids)
{
  g_autofree char *text = dup_text (self);
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));
  guint n_lost;
  g_autoptr(GPtrArray) lines = kab_paste_dup_lines (text, self->index, forbids,
                                                    gtk_switch_get_active (GTK_SWITCH (self->articles)), reason,
                                                    &n_lost);

  g_signal_emit (self, signals[CHOSEN], 0, lines);
  gtk_window_close (GTK_WINDOW (self));
}

static void
allow_cb (KabPasteDialog *self)
{
  choose (self, FALSE);
}

static void
forbid_cb (KabPasteDialog *self)
{
  choose (self, TRUE);
}

static void
kab_paste_dialog_dispose (GObject *object)
{
  KabPasteDialog *self = KAB_PASTE_DIALOG (object);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->text != NULL)
    g_signal_handlers_disconnect_by_data (self->text, self);
  g_clear_object (&self->text);
  g_clear_pointer (&self->index, kab_update_index_unref);

  G_OBJECT_CLASS (kab_paste_dialog_parent_class)->dispose (object);
}

static void
kab_paste_dialog_class_init (KabPasteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_paste_dialog_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", KAB_TYPE_PASTE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
text_view_new (KabPasteDialog *self)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *frame = gtk_frame_new (NULL);

  g_object_set (view, "wrap-mode", GTK_WRAP_WORD_CHAR, "accepts-tab", FALSE, "top-margin", 6, "bottom-margin", 6,
                "left-margin", 6, "right-margin", 6, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Text with articles and ids"), -1);
  gtk_window_set_focus (GTK_WINDOW (self), view);
  self->text = g_object_ref (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)));
  gtk_frame_set_child (GTK_FRAME (frame), g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", view,
                                                        "min-content-height", 96, NULL));
  return frame;
}

static GtkWidget *
options_new (KabPasteDialog *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _("Rule whole articles"),
                                 "subtitle", _("Counts for updates that come later under the same KB too"), NULL);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  self->articles = g_object_new (GTK_TYPE_SWITCH, "valign", GTK_ALIGN_CENTER, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->articles);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), self->articles);
  self->reason = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _("Reason"), NULL);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_list_box_append (GTK_LIST_BOX (list), self->reason);
  return list;
}

static GtkWidget *
header_new (KabPasteDialog *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->allow_button = gtk_button_new_with_mnemonic (_("_Allow"));
  self->forbid_button = gtk_button_new_with_mnemonic (_("_Forbid"));
  gtk_widget_add_css_class (self->allow_button, "suggested-action");
  g_object_set (header, "show-end-title-buttons", FALSE, "show-start-title-buttons", FALSE, NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->allow_button);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->forbid_button);
  g_signal_connect_swapped (self->allow_button, "clicked", G_CALLBACK (allow_cb), self);
  g_signal_connect_swapped (self->forbid_button, "clicked", G_CALLBACK (forbid_cb), self);
  return header;
}

static void
kab_paste_dialog_init (KabPasteDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled;

  gtk_box_append (GTK_BOX (box), header_new (self));
  g_object_set (content, "margin-start", 12, "margin-end", 12, "margin-top", 12, "margin-bottom", 12, NULL);
  gtk_box_append (GTK_BOX (content), text_view_new (self));
  self->summary = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0,
                                "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
  gtk_box_append (GTK_BOX (content), self->summary);
  gtk_box_append (GTK_BOX (content), options_new (self));
  self->found = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->found), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->found, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->found), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Found"), -1);
  gtk_box_append (GTK_BOX (content), self->found);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", content, "hscrollbar-policy", GTK_POLICY_NEVER,
                           "vexpand", TRUE, NULL);
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_window_set_content (ADW_WINDOW (self), box);
  g_object_set (self, "title", _("Paste KBs or IDs"), "modal", TRUE, "default-width", 560, "default-height", 560, NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self), 320, -1);
  g_signal_connect_swapped (self->text, "changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect_swapped (self->articles, "notify::active", G_CALLBACK (text_changed_cb), self);
}

GtkWidget *
kab_paste_dialog_new (GtkWidget      *from,
                      KabUpdateIndex *index,
                      const char     *text)
{
  KabPasteDialog *self;
  GtkRoot *root;

  g_return_val_if_fail (GTK_IS_WIDGET (from), NULL);
  g_return_val_if_fail (index != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (KAB_TYPE_PASTE_DIALOG, NULL);
  root = gtk_widget_get_root (from);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  self->index = kab_update_index_ref (index);
  gtk_text_buffer_set_text (self->text, text, -1);
  g_clear_handle_id (&self->source, g_source_remove);
  look (self);

  return GTK_WIDGET (self);
}
