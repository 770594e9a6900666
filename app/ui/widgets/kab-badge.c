/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-badge.h"

struct _KabBadge
{
  GtkWidget  parent_instance;

  GtkWidget *image;
  GtkWidget *label;
  char      *kind;
  char      *tooltip;
  gboolean   is_set;        /* what it says was told to screen readers */
};

G_DEFINE_FINAL_TYPE (KabBadge, kab_badge, GTK_TYPE_WIDGET)

enum {
  PROP_LABEL = 1,
  PROP_ICON_NAME,
  PROP_KIND,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
set_kind (KabBadge   *self,
          const char *kind)
{
  if (g_strcmp0 (self->kind, kind) == 0)
    return;

  if (self->kind != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->kind);
  g_free (self->kind);
  self->kind = g_strdup (kind);
  if (kind != NULL && *kind != '\0')
    gtk_widget_add_css_class (GTK_WIDGET (self), kind);
}

static void
set_icon (KabBadge   *self,
          const char *icon_name)
{
  /* Looks the icon up, and parses it, even when it is the same. */
  if (g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (self->image)), icon_name) == 0)
    return;

  gtk_image_set_from_icon_name (GTK_IMAGE (self->image), icon_name);
  gtk_widget_set_visible (self->image, icon_name != NULL && *icon_name != '\0');
}

static void
set_label (KabBadge   *self,
           const char *label)
{
  gtk_label_set_label (GTK_LABEL (self->label), label != NULL ? label : "");
  gtk_widget_set_visible (self->label, label != NULL && *label != '\0');
}

static void
kab_badge_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  KabBadge *self = KAB_BADGE (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->label)));
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, gtk_image_get_icon_name (GTK_IMAGE (self->image)));
      break;
    case PROP_KIND:
      g_value_set_string (value, self->kind);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_badge_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  KabBadge *self = KAB_BADGE (object);

  switch (id)
    {
    case PROP_LABEL:
      set_label (self, g_value_get_string (value));
      break;
    case PROP_ICON_NAME:
      set_icon (self, g_value_get_string (value));
      break;
    case PROP_KIND:
      set_kind (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_badge_dispose (GObject *object)
{
  KabBadge *self = KAB_BADGE (object);

  g_clear_pointer (&self->image, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (kab_badge_parent_class)->dispose (object);
}

static void
kab_badge_finalize (GObject *object)
{
  g_free (KAB_BADGE (object)->kind);
  g_free (KAB_BADGE (object)->tooltip);

  G_OBJECT_CLASS (kab_badge_parent_class)->finalize (object);
}

/* gtk_widget_set_tooltip_text () asks the X server where the pointer is, each time: too slow for a table. */
static gboolean
kab_badge_query_tooltip (GtkWidget  *widget,
                         int         x,
                         int         y,
                         gboolean    keyboard,
                         GtkTooltip *tooltip)
{
  KabBadge *self = KAB_BADGE (widget);

  if (self->tooltip == NULL || *self->tooltip == '\0')
    return FALSE;

  gtk_tooltip_set_text (tooltip, self->tooltip);
  return TRUE;
}

static void
kab_badge_class_init (KabBadgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kab_badge_get_property;
  object_class->set_property = kab_badge_set_property;
  object_class->dispose = kab_badge_dispose;
  object_class->finalize = kab_badge_finalize;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  widget_class->query_tooltip = kab_badge_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "badge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
kab_badge_init (KabBadge *self)
{
  self->image = g_object_new (GTK_TYPE_IMAGE,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                              "visible", FALSE, NULL);
  self->label = g_object_new (GTK_TYPE_LABEL, "single-line-mode", TRUE, "visible", FALSE, NULL);
  gtk_widget_set_parent (self->image, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
kab_badge_new (void)
{
  return g_object_new (KAB_TYPE_BADGE, NULL);
}

/**
 * kab_badge_set:
 * @self: a badge
 * @kind: (nullable): style class: "neutral", "accent", "success", "warning", "error" or "purple"
 * @icon_name: (nullable): symbolic icon
 * @label: the word
 * @tooltip: (nullable): why
 */
void
kab_badge_set (KabBadge   *self,
               const char *kind,
               const char *icon_name,
               const char *label,
               const char *tooltip)
{
  g_return_if_fail (KAB_IS_BADGE (self));

  /* A table binds its rows again and again, mostly to say the same. */
  if (self->is_set && g_strcmp0 (self->kind, kind) == 0 && g_strcmp0 (self->tooltip, tooltip) == 0 &&
      g_strcmp0 (gtk_label_get_label (GTK_LABEL (self->label)), label != NULL ? label : "") == 0 &&
      g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (self->image)), icon_name) == 0)
    return;

  self->is_set = TRUE;
  set_kind (self, kind);
  set_icon (self, icon_name);
  set_label (self, label);
  g_free (self->tooltip);
  self->tooltip = g_strdup (tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label != NULL ? label : "",
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip != NULL ? tooltip : "",
                                  -1);
}

const char *
kab_badge_get_tooltip (KabBadge *self)
{
  g_return_val_if_fail (KAB_IS_BADGE (self), NULL);

  return self->tooltip;
}

static void
set_look (KabBadge      *self,
          const KabLook *look,
          const char    *text,
          const char    *tooltip)
{
  kab_badge_set (self, look->kind, look->icon_name, text, tooltip);
}

void
kab_badge_set_severity (KabBadge    *self,
                        KabSeverity  severity)
{
  set_look (self, kab_format_severity_look (severity), kab_format_severity (severity), NULL);
}

void
kab_badge_set_state (KabBadge   *self,
                     KabState    state,
                     const char *why)
{
  set_look (self, kab_format_state_look (state), kab_format_state (state),
            why != NULL ? why : kab_format_state_hint (state));
}

void
kab_badge_set_host_state (KabBadge        *self,
                          KabHostState     state,
                          const KabLimits *limits)
{
  g_autofree char *hint = kab_format_host_state_hint (state, limits);

  set_look (self, kab_format_host_state_look (state), kab_format_host_state (state), hint);
}

void
kab_badge_set_task_state (KabBadge         *self,
                          KabHostTaskState  state,
                          const char       *why)
{
  set_look (self, kab_format_task_state_look (state), kab_format_task_state (state), why);
}

void
kab_badge_set_job_state (KabBadge    *self,
                         KabJobState  state,
                         const char  *why)
{
  set_look (self, kab_format_job_state_look (state), kab_format_job_state (state), why);
}
