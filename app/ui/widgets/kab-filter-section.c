/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "kab-filter-group.h"
#include "kab-format.h"
#include "kab-query-text.h"
#include "kab-tooltip.h"

/* From this many values on a group can be searched; so many rows it shows before "Show all". */
#define SEARCHED_FROM 9
#define SHOWN_FIRST 7
/* Rows a group never exceeds: the search finds the rest. */
#define MAX_ROWS 200

typedef struct {
  GtkWidget *box;           /* disclosure and check */
  GtkWidget *disclosure;
  GtkWidget *check;
  GtkWidget *label;
  GtkWidget *count;
  char      *key;
  const char *field;
  char      *value;
  char      *name;          /* as told to screen readers */
  gint8      opened;        /* as shown: 1 closed, 2 open */
} Row;

struct _KabFilterSection
{
  AdwBin                parent_instance;

  const KabFilterGroup *group;
  GtkWidget            *search;
  GtkWidget            *rows_box;
  GtkWidget            *more;
  GPtrArray            *nodes;       /* KabFilterNode */
  GPtrArray            *rows;        /* Row, as shown */
  char                 *query;
  GHashTable           *chosen;      /* key: set */
  GHashTable           *opened;      /* value of an open node: set */
  gboolean              all;
  gboolean              quiet;
};

G_DEFINE_FINAL_TYPE (KabFilterSection, kab_filter_section, ADW_TYPE_BIN)

enum {
  TOGGLED,
  QUERY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void show_rows (KabFilterSection *self);

char *
kab_filter_key (const char *field,
                const char *value)
{
  g_autofree char *folded = g_utf8_casefold (value, -1);

  return g_strconcat (field, "\n", folded, NULL);
}

static void
row_free (Row *row)
{
  g_free (row->key);
  g_free (row->value);
  g_free (row->name);
  g_free (row);
}

/* Where the keyboard is: rows are filled anew, and a search bar that opens takes it away. */

typedef struct {
  guint     index;
  char     *key;            /* NULL when it is on no row */
  gboolean  on_disclosure;
} Place;

static void
place_clear (Place *place)
{
  g_free (place->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static void
find_place (KabFilterSection *self,
            Place            *place)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->rows_box))
    return;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];

      if (focus == row->check || focus == row->disclosure)
        *place = (Place) { i, g_strdup (row->key), focus == row->disclosure };
    }
}

/* To the same value, else to what stands where it stood. */
static void
return_to (KabFilterSection *self,
           const Place      *place)
{
  const Row *row;

  if (place->key == NULL || self->rows->len == 0)
    return;

  row = self->rows->pdata[MIN (place->index, self->rows->len - 1)];
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (((Row *) self->rows->pdata[i])->key, place->key))
      row = self->rows->pdata[i];
  gtk_widget_grab_focus (place->on_disclosure ? row->disclosure : row->check);
}

static char *
dup_toggled (KabFilterSection *self,
             const Row        *row,
             gboolean          on)
{
  g_auto(GStrv) values = kab_query_text_dup_values (self->query, row->field);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new ();

  for (guint i = 0; self->group->style != KAB_FILTER_CHOICE && values != NULL && values[i] != NULL; i++)
    if (g_ascii_strcasecmp (values[i], row->value) != 0)
      g_ptr_array_add (wanted, values[i]);
  if (on)
    g_ptr_array_add (wanted, row->value);
  g_ptr_array_add (wanted, NULL);

  return kab_query_text_with_values (self->query, row->field, (const char * const *) wanted->pdata);
}

static void
toggled_cb (GtkCheckButton   *check,
            KabFilterSection *self)
{
  const Row *row = g_object_get_data (G_OBJECT (check), "kab-row");
  gboolean on = gtk_check_button_get_active (check);
  g_autofree char *text = NULL;
  g_auto(Place) place = { 0 };

  if (self->quiet)
    return;

  text = dup_toggled (self, row, on);
  find_place (self, &place);
  g_signal_emit (self, signals[TOGGLED], 0, row->field, row->value, on);
  g_signal_emit (self, signals[QUERY], 0, text);
  /* Whoever listens may have refused. */
  show_rows (self);
  return_to (self, &place);
}

static void
disclose_cb (GtkButton        *button,
             KabFilterSection *self)
{
  Row *row = g_object_get_data (G_OBJECT (button), "kab-row");

  if (!g_hash_table_remove (self->opened, row->value))
    g_hash_table_add (self->opened, g_strdup (row->value));
  show_rows (self);
}

static Row *
new_row (KabFilterSection *self,
         gboolean          tree)
{
  Row *row = g_new0 (Row, 1);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  row->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (row->box, "filter-row");
  if (tree)
    {
      row->disclosure = gtk_button_new_from_icon_name ("pan-end-symbolic");
      gtk_widget_add_css_class (row->disclosure, "flat");
      gtk_widget_add_css_class (row->disclosure, "disclosure");
      g_object_set_data (G_OBJECT (row->disclosure), "kab-row", row);
      g_signal_connect (row->disclosure, "clicked", G_CALLBACK (disclose_cb), self);
      gtk_box_append (GTK_BOX (row->box), row->disclosure);
    }
  row->check = gtk_check_button_new ();
  row->label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "hexpand", TRUE,
                             "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  row->count = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, NULL);
  gtk_widget_add_css_class (row->count, "dim-label");
  gtk_widget_add_css_class (row->count, "numeric");
  gtk_box_append (GTK_BOX (inner), row->label);
  gtk_box_append (GTK_BOX (inner), row->count);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (row->check), inner);
  gtk_widget_set_hexpand (row->check, TRUE);
  g_object_set_data (G_OBJECT (row->check), "kab-row", row);
  g_signal_connect (row->check, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (row->box), row->check);
  return row;
}

static void
fill_row (KabFilterSection    *self,
          Row                 *row,
          const KabFilterNode *node)
{
  g_autofree char *key = kab_filter_key (node->field, node->value);
  g_autofree char *count = node->counted ? kab_format_count (node->count) : g_strdup ("");
  g_autofree char *name = NULL;
  gboolean on = g_hash_table_contains (self->chosen, key);

  if (g_strcmp0 (key, row->key) != 0)
    {
      g_free (row->key);
      g_free (row->value);
      row->key = g_steal_pointer (&key);
      row->value = g_strdup (node->value);
    }
  row->field = node->field;
  gtk_label_set_label (GTK_LABEL (row->label), node->label);
  kab_tooltip_set (row->label, node->label);
  gtk_label_set_label (GTK_LABEL (row->count), count);
  gtk_widget_set_margin_start (row->box, (int) node->depth * 16);

  self->quiet = TRUE;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (row->check), on);
  self->quiet = FALSE;
  if (on)
    gtk_widget_add_css_class (row->box, "chosen");
  else
    gtk_widget_remove_css_class (row->box, "chosen");

  /* Translators: a value of a filter and how many rows it shows: "Critical, 37" */
  name = g_strdup_printf (C_("filter", "%1$s, %2$s"), node->label, count);
  if (g_strcmp0 (name, row->name) != 0)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (row->check),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      g_free (row->name);
      row->name = g_steal_pointer (&name);
    }
  if (row->disclosure != NULL)
    {
      gboolean open = g_hash_table_contains (self->opened, node->value);

      gtk_widget_set_opacity (row->disclosure, node->has_children ? 1 : 0);
      gtk_widget_set_sensitive (row->disclosure, node->has_children);
      if (row->opened != open + 1)
        {
          row->opened = open + 1;
          gtk_button_set_icon_name (GTK_BUTTON (row->disclosure),
                                    open ? "pan-down-symbolic" : "pan-end-symbolic");
          gtk_accessible_update_property (GTK_ACCESSIBLE (row->disclosure),
                                          GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          open ? _("Close") : _("Open"), -1);
        }
    }
}

/* A node is in sight when all above it are open; a search finds it anywhere. */
static gboolean
is_in_sight (KabFilterSection    *self,
             const KabFilterNode *node,
             const char          *needle)
{
  g_autofree char *folded = NULL;

  if (*needle != '\0')
    {
      folded = kab_text_fold (node->label, -1);
      return strstr (folded, needle) != NULL;
    }
  if (node->parent == NULL)
    return TRUE;
  if (!g_hash_table_contains (self->opened, node->parent))
    return FALSE;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const KabFilterNode *parent = self->nodes->pdata[i];

      if (g_str_equal (parent->value, node->parent) && parent != node)
        return is_in_sight (self, parent, needle);
    }

  return TRUE;
}

static gboolean
is_chosen (KabFilterSection    *self,
           const KabFilterNode *node)
{
  g_autofree char *key = kab_filter_key (node->field, node->value);

  return g_hash_table_contains (self->chosen, key);
}

static void
show_rows (KabFilterSection *self)
{
  g_auto(Place) place = { 0 };
  gboolean tree = self->group->style == KAB_FILTER_UNITS || self->group->style == KAB_FILTER_FAMILIES;
  g_autofree char *needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  guint n_shown = 0, n_hidden = 0;
  guint limit = self->all || *needle != '\0' ? MAX_ROWS : SHOWN_FIRST;

  if (tree || self->group->values != NULL || self->group->dup_values != NULL)
    limit = MAX_ROWS;

  find_place (self, &place);
  for (guint i = 0; self->nodes != NULL && i < self->nodes->len; i++)
    {
      const KabFilterNode *node = self->nodes->pdata[i];
      Row *row;

      if (!is_in_sight (self, node, needle))
        continue;
      if (n_shown >= limit && !is_chosen (self, node))
        {
          n_hidden++;
          continue;
        }
      if (n_shown == self->rows->len)
        {
          row = new_row (self, tree);
          g_ptr_array_add (self->rows, row);
          gtk_box_append (GTK_BOX (self->rows_box), row->box);
        }
      row = self->rows->pdata[n_shown++];
      fill_row (self, row, node);
    }

  while (self->rows->len > n_shown)
    {
      Row *row = self->rows->pdata[self->rows->len - 1];

      gtk_box_remove (GTK_BOX (self->rows_box), row->box);
      g_ptr_array_remove_index (self->rows, self->rows->len - 1);
    }
  return_to (self, &place);

  gtk_widget_set_visible (self->search, self->nodes != NULL && self->nodes->len >= SEARCHED_FROM &&
                                        self->group->values == NULL);
  gtk_widget_set_visible (self->more, (n_hidden > 0 && !self->all) || (self->all && limit == MAX_ROWS &&
                                      !tree && self->group->values == NULL && n_shown > SHOWN_FIRST));
  if (gtk_widget_get_visible (self->more))
    {
      g_autofree char *count = kab_format_count (n_shown + n_hidden);
      g_autofree char *text = NULL;

      /* Translators: %s is how many values a filter has */
      text = self->all ? g_strdup (_("Show Fewer")) : g_strdup_printf (_("Show All %s"), count);
      gtk_button_set_label (GTK_BUTTON (self->more), text);
    }
  /* A group without a value says nothing. */
  gtk_widget_set_visible (GTK_WIDGET (self), n_shown > 0 || *needle != '\0');
}

static void
more_cb (KabFilterSection *self)
{
  self->all = !self->all;
  show_rows (self);
}

static void
kab_filter_section_finalize (GObject *object)
{
  KabFilterSection *self = KAB_FILTER_SECTION (object);

  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  g_ptr_array_unref (self->rows);
  g_free (self->query);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  g_hash_table_unref (self->opened);

  G_OBJECT_CLASS (kab_filter_section_parent_class)->finalize (object);
}

static void
kab_filter_section_class_init (KabFilterSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_filter_section_finalize;

  signals[TOGGLED] = g_signal_new ("toggled", KAB_TYPE_FILTER_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[QUERY] = g_signal_new ("query", KAB_TYPE_FILTER_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
kab_filter_section_init (KabFilterSection *self)
{
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  self->query = g_strdup ("");
  self->chosen = g_hash_table_new (g_str_hash, g_str_equal);
  self->opened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GtkWidget *
kab_filter_section_new (const KabFilterGroup *group)
{
  KabFilterSection *self = g_object_new (KAB_TYPE_FILTER_SECTION, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_label_new (_(group->title));
  g_autofree char *name = NULL;

  self->group = group;
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (title, "filter-title");
  self->search = gtk_search_entry_new ();
  /* Translators: %s is the title of a filter such as "Product" */
  name = g_strdup_printf (_("Search %s"), _(group->title));
  g_object_set (self->search, "placeholder-text", name, NULL);
  /* Where the pane is narrow, or letters are large, it is cut off. */
  kab_tooltip_set (self->search, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  self->rows_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->more = gtk_button_new ();
  gtk_widget_add_css_class (self->more, "flat");
  gtk_widget_add_css_class (self->more, "caption");
  gtk_widget_set_halign (self->more, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), self->rows_box);
  gtk_box_append (GTK_BOX (box), self->more);
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(group->title), -1);

  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (show_rows), self);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_cb), self);
  show_rows (self);
  return GTK_WIDGET (self);
}

void
kab_filter_section_set_nodes (KabFilterSection *self,
                              GPtrArray        *nodes)
{
  g_return_if_fail (KAB_IS_FILTER_SECTION (self));

  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  self->nodes = g_ptr_array_ref (nodes);
  show_rows (self);
}

static void
add_values (GHashTable *chosen,
            const char *query,
            const char *field)
{
  g_auto(GStrv) values = kab_query_text_dup_values (query, field);

  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    g_hash_table_add (chosen, kab_filter_key (field, values[i]));
}

void
kab_filter_section_set_query (KabFilterSection *self,
                              const char       *text)
{
  g_autoptr(GHashTable) chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_if_fail (KAB_IS_FILTER_SECTION (self));
  g_return_if_fail (text != NULL);

  g_free (self->query);
  self->query = g_strdup (text);
  add_values (chosen, text, self->group->field);
  if (self->group->style == KAB_FILTER_FAMILIES)
    add_values (chosen, text, "product");
  kab_filter_section_set_chosen (self, chosen);
}

void
kab_filter_section_set_chosen (KabFilterSection *self,
                               GHashTable       *chosen)
{
  g_return_if_fail (KAB_IS_FILTER_SECTION (self));

  g_clear_pointer (&self->chosen, g_hash_table_unref);
  self->chosen = g_hash_table_ref (chosen);
  show_rows (self);
}

void
kab_filter_section_set_count (KabFilterSection *self,
                              const char       *value,
                              guint             count)
{
  g_return_if_fail (KAB_IS_FILTER_SECTION (self));

  for (guint i = 0; self->nodes != NULL && i < self->nodes->len; i++)
    {
      KabFilterNode *node = self->nodes->pdata[i];

      if (g_str_equal (node->value, value))
        {
          node->count = count;
          node->counted = TRUE;
        }
    }
  show_rows (self);
}

GtkWidget *
kab_filter_box_new (AdwBin *pane)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box, "hscrollbar-policy", GTK_POLICY_NEVER,
                                      "vexpand", TRUE, NULL);

  gtk_widget_add_css_class (box, "filter-pane");
  gtk_widget_add_css_class (GTK_WIDGET (pane), "background");
  /* Labels in here take what room there is, but not from the list. */
  gtk_widget_set_hexpand (GTK_WIDGET (pane), FALSE);
  adw_bin_set_child (pane, scrolled);

  return box;
}
