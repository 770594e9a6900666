/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-query-text.h"
#include "kab-search-explain.h"
#include "kab-search.h"

#define DELAY_MS 120
#define MAX_SUGGESTIONS 12

struct _KabSearch
{
  AdwBin          parent_instance;

  KabQueryDomain  domain;
  KabRecordList  *list;          /* (nullable) */
  GtkWidget      *box;
  GtkWidget      *entry;
  GtkWidget      *error;
  GtkWidget      *popover;
  GtkWidget      *suggestions;
  gsize           start, end;    /* bytes of the text that a suggestion replaces */
  gboolean        quiet;         /* the program sets the text */
};

G_DEFINE_FINAL_TYPE (KabSearch, kab_search, ADW_TYPE_BIN)

enum {
  SEARCH,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Completion */

static void
popdown (KabSearch *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static gboolean
is_open (KabSearch *self)
{
  return gtk_widget_get_visible (self->popover);
}

static gsize
get_cursor (KabSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  int position = gtk_editable_get_position (GTK_EDITABLE (self->entry));

  return (gsize) (g_utf8_offset_to_pointer (text, MIN (position, g_utf8_strlen (text, -1))) - text);
}

static const char *
describe (KabSearch  *self,
          const char *suggestion)
{
  const char *colon = strchr (suggestion, ':');
  g_autofree char *name = NULL;
  guint n_fields;
  int field;

  if (colon == NULL || colon[1] != '\0')
    return "";

  name = g_strndup (suggestion, (gsize) (colon - suggestion));
  field = kab_query_find_field (self->domain, *name == '-' ? name + 1 : name);
  return field >= 0 ? _(kab_query_get_fields (self->domain, &n_fields)[field].description) : "";
}

static void
add_suggestion (KabSearch  *self,
                const char *text,
                const char *description)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *words = gtk_label_new (description);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_xalign (GTK_LABEL (words), 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (words), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_add_css_class (words, "dim-label");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), words);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup (text), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_list_box_append (GTK_LIST_BOX (self->suggestions), row);
}

/* Values of the fleet itself: products, sites … Only behind a field that has facets. */
static guint
add_facets (KabSearch  *self,
            const char *term,
            guint       n_shown)
{
  GPtrArray *facets = self->list != NULL ? kab_record_list_get_facets (self->list) : NULL;
  const char *colon = strchr (term, ':');
  const char *field_start = *term == '-' ? term + 1 : term;
  g_autofree char *field = NULL;
  g_autofree char *typed = NULL;
  guint n_fields;
  int index;

  if (facets == NULL || colon == NULL)
    return n_shown;
  field = g_strndup (field_start, (gsize) (colon - field_start));
  index = kab_query_find_field (self->domain, field);
  if (index < 0 || kab_query_get_fields (self->domain, &n_fields)[index].kind == KAB_FIELD_WORD)
    return n_shown;

  typed = kab_text_fold (colon[1] == '"' ? colon + 2 : colon + 1, -1);
  for (guint i = 0; i < facets->len && n_shown < MAX_SUGGESTIONS; i++)
    {
      const KabFacet *facet = facets->pdata[i];
      g_autofree char *folded = NULL;
      g_autofree char *quoted = NULL;
      g_autofree char *text = NULL;
      g_autofree char *count = NULL;

      if (g_ascii_strcasecmp (facet->field, field) != 0 || *facet->value == '\0')
        continue;
      folded = kab_text_fold (facet->value, -1);
      if (strstr (folded, typed) == NULL)
        continue;
      quoted = kab_query_quote (facet->value);
      text = g_strdup_printf ("%s%s:%s", *term == '-' ? "-" : "", field, quoted);
      count = kab_format_count (facet->count);
      add_suggestion (self, text, count);
      n_shown++;
    }

  return n_shown;
}

static void
suggest (KabSearch *self,
         gboolean   asked)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_auto(GStrv) found = NULL;
  g_autofree char *term = NULL;
  GtkWidget *child;
  guint n_shown = 0;

  while ((child = gtk_widget_get_first_child (self->suggestions)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->suggestions), child);

  found = kab_query_text_complete (text, get_cursor (self), self->domain, &self->start, &self->end);
  term = g_strndup (text + self->start, self->end - self->start);
  if (*term != '\0' || asked)
    {
      for (guint i = 0; found != NULL && found[i] != NULL && n_shown < MAX_SUGGESTIONS; i++)
        if (!g_str_equal (found[i], term))
          {
            add_suggestion (self, found[i], describe (self, found[i]));
            n_shown++;
          }
      n_shown = add_facets (self, term, n_shown);
    }

  gtk_list_box_unselect_all (GTK_LIST_BOX (self->suggestions));
  if (n_shown == 0 || !gtk_widget_get_mapped (self->entry))
    popdown (self);
  else if (!is_open (self))
    gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
accept (KabSearch     *self,
        GtkListBoxRow *row)
{
  const char *suggestion = g_object_get_data (G_OBJECT (row), "text");
  const char *old = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  gboolean whole = !g_str_has_suffix (suggestion, ":");
  g_autofree char *head = g_strndup (old, MIN (self->start, strlen (old)));
  const char *tail = old + MIN (self->end, strlen (old));
  g_autofree char *text = NULL;

  text = g_strconcat (head, suggestion, whole && *tail == '\0' ? " " : "", tail, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry),
                             (int) g_utf8_strlen (head, -1) + (int) g_utf8_strlen (suggestion, -1) +
                             (whole && *tail == '\0' ? 1 : 0));
  if (whole)
    popdown (self);
  else
    suggest (self, TRUE);
}

static void
row_activated_cb (GtkListBox    *box,
                  GtkListBoxRow *row,
                  KabSearch     *self)
{
  accept (self, row);
}

static void
move_choice (KabSearch *self,
             int        by)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->suggestions));
  int index = row != NULL ? gtk_list_box_row_get_index (row) + by : by > 0 ? 0 : -1;

  row = index >= 0 ? gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->suggestions), index) : NULL;
  gtk_list_box_select_row (GTK_LIST_BOX (self->suggestions), row);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  key,
                guint                  code,
                GdkModifierType        modifiers,
                KabSearch             *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->suggestions));

  if (key == GDK_KEY_Down && !is_open (self))
    {
      suggest (self, TRUE);
      if (is_open (self))
        move_choice (self, 1);
      return is_open (self);
    }
  if (!is_open (self))
    return FALSE;

  switch (key)
    {
    case GDK_KEY_Down:
    case GDK_KEY_Up:
      move_choice (self, key == GDK_KEY_Down ? 1 : -1);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_Tab:
      if (row == NULL)
        {
          popdown (self);
          return FALSE;
        }
      accept (self, row);
      return TRUE;
    case GDK_KEY_Escape:
      popdown (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
changed_cb (KabSearch *self)
{
  if (self->quiet)
    popdown (self);
  else
    suggest (self, FALSE);
}

static void
search_changed_cb (KabSearch *self)
{
  if (!self->quiet)
    g_signal_emit (self, signals[SEARCH], 0, kab_search_get_text (self));
}

static void
focus_left_cb (KabSearch *self)
{
  popdown (self);
}

static void
kab_search_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  KabSearch *self = KAB_SEARCH (widget);

  *minimum_baseline = *natural_baseline = -1;
  if (self->box != NULL)
    gtk_widget_measure (self->box, orientation, for_size, minimum, natural, NULL, NULL);
}

static GtkSizeRequestMode
kab_search_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
kab_search_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  KabSearch *self = KAB_SEARCH (widget);

  if (self->box != NULL)
    gtk_widget_allocate (self->box, width, height, baseline, NULL);
  gtk_popover_present (GTK_POPOVER (self->popover));
}

static gboolean
kab_search_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (KAB_SEARCH (widget)->entry);
}

static void
kab_search_dispose (GObject *object)
{
  KabSearch *self = KAB_SEARCH (object);

  g_clear_object (&self->list);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  self->box = NULL;

  G_OBJECT_CLASS (kab_search_parent_class)->dispose (object);
}

static void
kab_search_class_init (KabSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_search_dispose;
  widget_class->measure = kab_search_measure;
  widget_class->get_request_mode = kab_search_get_request_mode;
  widget_class->size_allocate = kab_search_size_allocate;
  widget_class->grab_focus = kab_search_grab_focus;

  signals[SEARCH] = g_signal_new ("search", KAB_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
make_popover (KabSearch *self)
{
  self->suggestions = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->suggestions), GTK_SELECTION_SINGLE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->suggestions),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Suggestions"), -1);
  self->popover = g_object_new (GTK_TYPE_POPOVER,
                                "child", self->suggestions, "autohide", FALSE,
                                "has-arrow", FALSE, "position", GTK_POS_BOTTOM,
                                "halign", GTK_ALIGN_START, "can-focus", FALSE, NULL);
  gtk_widget_add_css_class (self->popover, "suggestions");
  gtk_widget_set_size_request (self->suggestions, 320, -1);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  g_signal_connect (self->suggestions, "row-activated", G_CALLBACK (row_activated_cb), self);
}

static void
kab_search_init (KabSearch *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  self->entry = gtk_search_entry_new ();
  gtk_search_entry_set_search_delay (GTK_SEARCH_ENTRY (self->entry), DELAY_MS);
  gtk_widget_set_hexpand (self->entry, TRUE);
  self->error = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "visible", FALSE,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  gtk_widget_add_css_class (self->error, "error");
  gtk_widget_add_css_class (self->error, "caption");
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_box_append (GTK_BOX (self->box), self->entry);
  gtk_box_append (GTK_BOX (self->box), self->error);
  adw_bin_set_child (ADW_BIN (self), self->box);
  make_popover (self);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->entry, keys);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (self->entry, focus);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (search_changed_cb), self);
  kab_search_set_domain (self, KAB_QUERY_UPDATES);
}

void
kab_search_set_domain (KabSearch      *self,
                       KabQueryDomain  domain)
{
  const char *name;

  g_return_if_fail (KAB_IS_SEARCH (self));

  self->domain = domain;
  name = domain == KAB_QUERY_UPDATES ? _("Search updates") : _("Search hosts");
  g_object_set (self->entry, "placeholder-text",
                domain == KAB_QUERY_UPDATES
                /* Translators: examples of a search; the words with a colon are fixed */
                ? _("Words, kb:5039, severity:critical…") : _("Words, state:error, site:Paris…"),
                NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
kab_search_set_list (KabSearch     *self,
                     KabRecordList *list)
{
  g_return_if_fail (KAB_IS_SEARCH (self));

  g_set_object (&self->list, list);
}

const char *
kab_search_get_text (KabSearch *self)
{
  g_return_val_if_fail (KAB_IS_SEARCH (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

void
kab_search_set_text (KabSearch  *self,
                     const char *text)
{
  g_return_if_fail (KAB_IS_SEARCH (self));
  g_return_if_fail (text != NULL);

  if (!g_str_equal (text, kab_search_get_text (self)))
    {
      self->quiet = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
      gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
      self->quiet = FALSE;
    }
  g_signal_emit (self, signals[SEARCH], 0, text);
}

GtkEditable *
kab_search_get_entry (KabSearch *self)
{
  g_return_val_if_fail (KAB_IS_SEARCH (self), NULL);

  return GTK_EDITABLE (self->entry);
}

void
kab_search_set_error (KabSearch    *self,
                      const GError *error)
{
  g_autofree char *words = NULL;

  g_return_if_fail (KAB_IS_SEARCH (self));

  if (error != NULL)
    {
      words = kab_search_explain (kab_search_get_text (self), self->domain,
                                  g_get_real_time () / G_USEC_PER_SEC);
      gtk_label_set_label (GTK_LABEL (self->error),
                           words != NULL ? words : _("This search is not understood."));
      gtk_widget_add_css_class (self->entry, "error");
    }
  else
    {
      gtk_widget_remove_css_class (self->entry, "error");
    }
  gtk_widget_set_visible (self->error, error != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                             : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}
