/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"

struct _KabDoor
{
  GtkButton  parent_instance;

  GtkWidget *text;
  char      *page;
  char      *query;
  gint64     count;
  gboolean   constructed;   /* all properties are there: one update instead of three */
};

G_DEFINE_FINAL_TYPE (KabDoor, kab_door, GTK_TYPE_BUTTON)

enum {
  PROP_PAGE = 1,
  PROP_QUERY,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static char *
describe (KabDoor *self)
{
  gboolean hosts = g_strcmp0 (self->page, "hosts") == 0;

  if (!hosts && g_strcmp0 (self->page, "updates") != 0)
    /* Translators: %s is what another page is asked to show, such as the name of a package */
    return g_strdup_printf (_("Shows %s"), self->query);
  if (*self->query == '\0')
    return g_strdup (hosts ? _("Shows all hosts") : _("Shows all updates"));
  if (hosts)
    /* Translators: %s is a search such as "state:error" */
    return g_strdup_printf (_("Shows hosts: %s"), self->query);

  /* Translators: %s is a search such as "severity:critical" */
  return g_strdup_printf (_("Shows updates: %s"), self->query);
}

/* Made when the pointer rests here: setting the text of a tooltip asks the X server where the pointer is, each time. */
static gboolean
kab_door_query_tooltip (GtkWidget  *widget,
                        int         x,
                        int         y,
                        gboolean    keyboard,
                        GtkTooltip *tooltip)
{
  KabDoor *self = KAB_DOOR (widget);
  g_autofree char *description = NULL;

  if (self->query == NULL || self->page == NULL)
    return FALSE;

  description = describe (self);
  gtk_tooltip_set_text (tooltip, description);

  return TRUE;
}

static void
update (KabDoor *self)
{
  g_autofree char *description = NULL;
  g_autofree char *action = g_strconcat ("win.show-", self->page, NULL);
  const char *label = gtk_label_get_label (GTK_LABEL (self->text));

  if (!self->constructed)
    return;

  if (self->query == NULL || self->page == NULL)
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self), NULL);
      gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
      gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
      gtk_widget_add_css_class (GTK_WIDGET (self), "closed");
    }
  else
    {
      description = describe (self);
      gtk_widget_set_can_target (GTK_WIDGET (self), TRUE);
      gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
      gtk_widget_remove_css_class (GTK_WIDGET (self), "closed");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", self->query);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self), action);
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
}

static void
kab_door_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  KabDoor *self = KAB_DOOR (object);

  switch (id)
    {
    case PROP_PAGE:
      g_value_set_string (value, self->page);
      break;
    case PROP_QUERY:
      g_value_set_string (value, self->query);
      break;
    case PROP_TEXT:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->text)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_door_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  KabDoor *self = KAB_DOOR (object);

  switch (id)
    {
    case PROP_PAGE:
      g_free (self->page);
      self->page = g_value_dup_string (value);
      break;
    case PROP_QUERY:
      g_free (self->query);
      self->query = g_value_dup_string (value);
      break;
    case PROP_TEXT:
      gtk_label_set_label (GTK_LABEL (self->text),
                           g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  update (self);
}

static void
kab_door_constructed (GObject *object)
{
  KabDoor *self = KAB_DOOR (object);

  G_OBJECT_CLASS (kab_door_parent_class)->constructed (object);

  self->constructed = TRUE;
  update (self);
}

static void
kab_door_finalize (GObject *object)
{
  KabDoor *self = KAB_DOOR (object);

  g_free (self->page);
  g_free (self->query);

  G_OBJECT_CLASS (kab_door_parent_class)->finalize (object);
}

static void
kab_door_class_init (KabDoorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kab_door_get_property;
  object_class->set_property = kab_door_set_property;
  object_class->constructed = kab_door_constructed;
  object_class->finalize = kab_door_finalize;
  GTK_WIDGET_CLASS (klass)->query_tooltip = kab_door_query_tooltip;

  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, flags);
  properties[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LINK);
}

static void
kab_door_init (KabDoor *self)
{
  self->count = -1;
  self->text = g_object_new (GTK_TYPE_LABEL,
                             "xalign", 0.0,
                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_button_set_child (GTK_BUTTON (self), self->text);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "door");
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "pointer");
}

GtkWidget *
kab_door_new (const char *page,
              const char *query,
              const char *label)
{
  return g_object_new (KAB_TYPE_DOOR, "page", page, "query", query, "text", label, NULL);
}

void
kab_door_set (KabDoor    *self,
              const char *page,
              const char *query,
              const char *label)
{
  gboolean same_query;

  g_return_if_fail (KAB_IS_DOOR (self));

  same_query = g_strcmp0 (self->page, page) == 0 && g_strcmp0 (self->query, query) == 0;
  if (same_query && g_strcmp0 (gtk_label_get_label (GTK_LABEL (self->text)), label) == 0)
    return;

  if (!same_query)
    {
      g_free (self->page);
      g_free (self->query);
      self->page = g_strdup (page);
      self->query = g_strdup (query);
    }
  gtk_label_set_label (GTK_LABEL (self->text), label != NULL ? label : "");
  update (self);
}

void
kab_door_set_wrap (KabDoor  *self,
                   gboolean  wrap)
{
  g_return_if_fail (KAB_IS_DOOR (self));

  gtk_label_set_wrap (GTK_LABEL (self->text), wrap);
}

void
kab_door_set_count (KabDoor *self,
                    gint64   count)
{
  g_return_if_fail (KAB_IS_DOOR (self));

  self->count = count;
}

gint64
kab_door_get_count (KabDoor *self)
{
  g_return_val_if_fail (KAB_IS_DOOR (self), -1);

  return self->count;
}

const char *
kab_door_get_page (KabDoor *self)
{
  g_return_val_if_fail (KAB_IS_DOOR (self), NULL);

  return self->page;
}

const char *
kab_door_get_query (KabDoor *self)
{
  g_return_val_if_fail (KAB_IS_DOOR (self), NULL);

  return self->query;
}

static char *
dup_place (KabDoor *self)
{
  return g_strdup_printf ("%s %s", self->page, self->query);
}

char *
kab_door_dup_focus (GtkWidget *box)
{
  GtkRoot *root = gtk_widget_get_root (box);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (!KAB_IS_DOOR (focus) || !gtk_widget_is_ancestor (focus, box))
    return NULL;

  return dup_place (KAB_DOOR (focus));
}

void
kab_door_restore_focus (GtkWidget  *box,
                        const char *place)
{
  if (place == NULL)
    return;

  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      g_autofree char *one = KAB_IS_DOOR (child) ? dup_place (KAB_DOOR (child)) : NULL;

      if (g_strcmp0 (one, place) == 0)
        gtk_widget_grab_focus (child);
      else
        kab_door_restore_focus (child, place);
    }
}
