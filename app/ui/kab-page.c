/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-page.h"
#include "kab-tooltip.h"
#include "kab-ui.h"

typedef struct
{
  char         *title;
  char         *subtitle;
  char         *icon_name;
  KabSession   *session;
  gulong        snapshot_handler;
  gboolean      outdated;       /* has not caught up with the session */
  gboolean      folded;
  gboolean      going_back;     /* by a button of its own */

  GtkBox       *box;
  AdwHeaderBar *header_bar;
  GtkWidget    *back_button;
  GtkWidget    *window_title;
  GtkWidget    *banners;        /* (nullable): below the header bar */
  AdwBin       *content;
} KabPagePrivate;

static void kab_page_buildable_init (GtkBuildableIface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (KabPage, kab_page, ADW_TYPE_BIN,
                                  G_ADD_PRIVATE (KabPage)
                                  G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                         kab_page_buildable_init))

enum {
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  PROP_ICON_NAME,
  PROP_SESSION,
  PROP_FOLDED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable_iface;

static void
kab_page_add_child (GtkBuildable *buildable,
                    GtkBuilder   *builder,
                    GObject      *child,
                    const char   *type)
{
  KabPagePrivate *priv = kab_page_get_instance_private (KAB_PAGE (buildable));

  /* Our own template comes first, before it has any of these. */
  if (priv->content == NULL)
    parent_buildable_iface->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "start") == 0)
    adw_header_bar_pack_start (priv->header_bar, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    adw_header_bar_pack_end (priv->header_bar, GTK_WIDGET (child));
  else if (GTK_IS_WIDGET (child))
    adw_bin_set_child (priv->content, GTK_WIDGET (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
kab_page_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = kab_page_add_child;
}

static void
set_text (KabPage     *self,
          char       **text,
          const char  *value,
          guint        property)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  if (g_strcmp0 (*text, value) == 0)
    return;

  g_free (*text);
  *text = g_strdup (value);
  /* A narrow window cuts them off. */
  if (property == PROP_TITLE || property == PROP_SUBTITLE)
    {
      g_autofree char *both = g_strconcat (priv->title != NULL ? priv->title : "", "\n", priv->subtitle, NULL);

      kab_tooltip_set (priv->window_title, both);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
update_back_button (KabPage *self)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  gtk_widget_set_visible (priv->back_button, priv->folded && !priv->going_back);
}

/* A narrow window has no room for more than the button that closes it, on the side where the desktop has it. */
static void
update_decoration (KabPage *self)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);
  g_autofree char *layout = NULL;
  const char *colon;
  const char *button;

  if (!priv->folded)
    {
      adw_header_bar_set_decoration_layout (priv->header_bar, NULL);
      return;
    }

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &layout, NULL);
  colon = layout != NULL ? strchr (layout, ':') : NULL;
  button = layout != NULL ? strstr (layout, "close") : NULL;
  adw_header_bar_set_decoration_layout (priv->header_bar,
                                        button == NULL ? ":" : colon != NULL && button < colon ? "close:"
                                                                                               : ":close");
}

/* Before the window is shown, the page that it will show first prepares: the first frame has it all. */
static gboolean
is_shown (KabPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkRoot *root = gtk_widget_get_root (widget);

  return gtk_widget_get_mapped (widget) ||
         (root != NULL && !gtk_widget_get_mapped (GTK_WIDGET (root)) && gtk_widget_get_child_visible (widget));
}

static void
catch_up (KabPage *self)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  if (!priv->outdated || priv->session == NULL)
    return;

  priv->outdated = FALSE;
  if (KAB_PAGE_GET_CLASS (self)->catch_up != NULL)
    KAB_PAGE_GET_CLASS (self)->catch_up (self, priv->session);
}

static void
kab_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_page_parent_class)->map (widget);

  catch_up (KAB_PAGE (widget));
}

static void
kab_page_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  KabPagePrivate *priv = kab_page_get_instance_private (KAB_PAGE (object));

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, priv->subtitle);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, priv->icon_name);
      break;
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, priv->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_page_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  KabPage *self = KAB_PAGE (object);
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  switch (id)
    {
    case PROP_TITLE:
      set_text (self, &priv->title, g_value_get_string (value), id);
      break;
    case PROP_SUBTITLE:
      set_text (self, &priv->subtitle, g_value_get_string (value), id);
      break;
    case PROP_ICON_NAME:
      set_text (self, &priv->icon_name, g_value_get_string (value), id);
      break;
    case PROP_SESSION:
      kab_page_set_session (self, g_value_get_object (value));
      break;
    case PROP_FOLDED:
      if (priv->folded != g_value_get_boolean (value))
        {
          priv->folded = !priv->folded;
          update_decoration (self);
          update_back_button (self);
          if (priv->folded)
            gtk_widget_add_css_class (GTK_WIDGET (priv->header_bar), "kab-narrow");
          else
            gtk_widget_remove_css_class (GTK_WIDGET (priv->header_bar), "kab-narrow");
          /* In the middle of a narrow bar there is no room for a title. */
          adw_header_bar_set_centering_policy (priv->header_bar,
                                               priv->folded ? ADW_CENTERING_POLICY_LOOSE
                                                            : ADW_CENTERING_POLICY_STRICT);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_page_dispose (GObject *object)
{
  KabPage *self = KAB_PAGE (object);
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  kab_page_set_session (self, NULL);
  g_clear_pointer (&priv->banners, gtk_widget_unparent);
  /* No gtk_widget_dispose_template (): that of GTK 4.8 aborts where a subclass has a template too. AdwBin lets go
   * of our only child. */

  G_OBJECT_CLASS (kab_page_parent_class)->dispose (object);
}

static void
kab_page_finalize (GObject *object)
{
  KabPagePrivate *priv = kab_page_get_instance_private (KAB_PAGE (object));

  g_free (priv->title);
  g_free (priv->subtitle);
  g_free (priv->icon_name);

  G_OBJECT_CLASS (kab_page_parent_class)->finalize (object);
}

static void
kab_page_class_init (KabPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kab_page_get_property;
  object_class->set_property = kab_page_set_property;
  object_class->dispose = kab_page_dispose;
  object_class->finalize = kab_page_finalize;
  widget_class->map = kab_page_map;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, KAB_TYPE_SESSION, flags);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "kab-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, KabPage, header_bar);
  gtk_widget_class_bind_template_child_private (widget_class, KabPage, back_button);
  gtk_widget_class_bind_template_child_private (widget_class, KabPage, window_title);
  gtk_widget_class_bind_template_child_private (widget_class, KabPage, box);
  gtk_widget_class_bind_template_child_private (widget_class, KabPage, content);
}

static void
kab_page_init (KabPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kab_page_set_title (KabPage    *self,
                    const char *title)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  g_return_if_fail (KAB_IS_PAGE (self));

  set_text (self, &priv->title, title, PROP_TITLE);
}

void
kab_page_set_subtitle (KabPage    *self,
                       const char *subtitle)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  g_return_if_fail (KAB_IS_PAGE (self));

  set_text (self, &priv->subtitle, subtitle, PROP_SUBTITLE);
}

/**
 * kab_page_get_session:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what the page shows; %NULL before a server was chosen
 */
KabSession *
kab_page_get_session (KabPage *self)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  g_return_val_if_fail (KAB_IS_PAGE (self), NULL);

  return priv->session;
}

void
kab_page_set_session (KabPage    *self,
                      KabSession *session)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);
  g_autoptr(KabSession) old = NULL;

  g_return_if_fail (KAB_IS_PAGE (self));

  if (session == priv->session)
    return;

  g_clear_signal_handler (&priv->snapshot_handler, priv->session);
  old = g_steal_pointer (&priv->session);       /* lives until the page has let go of it */
  g_set_object (&priv->session, session);
  if (session != NULL)
    priv->snapshot_handler = g_signal_connect_swapped (session, "notify::snapshot", G_CALLBACK (kab_page_outdate), self);

  if (KAB_PAGE_GET_CLASS (self)->session_changed != NULL)
    KAB_PAGE_GET_CLASS (self)->session_changed (self, session);
  kab_page_outdate (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

void
kab_page_outdate (KabPage *self)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  g_return_if_fail (KAB_IS_PAGE (self));

  priv->outdated = TRUE;
  if (is_shown (self))
    catch_up (self);
}

void
kab_page_set_going_back (KabPage  *self,
                         gboolean  going_back)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  g_return_if_fail (KAB_IS_PAGE (self));

  priv->going_back = going_back;
  update_back_button (self);
}

void
kab_page_set_banners (KabPage   *self,
                      GtkWidget *banners)
{
  KabPagePrivate *priv = kab_page_get_instance_private (self);

  g_return_if_fail (KAB_IS_PAGE (self));

  /* No AdwBin for them: of an empty one GTK 4.8 notes that it trades no height for width, and goes on believing it. */
  g_clear_pointer (&priv->banners, gtk_widget_unparent);
  priv->banners = banners;
  if (banners != NULL)
    gtk_box_insert_child_after (priv->box, banners, GTK_WIDGET (priv->header_bar));
}

void
kab_page_show_query (KabPage    *self,
                     const char *query)
{
  g_return_if_fail (KAB_IS_PAGE (self));
  g_return_if_fail (query != NULL);

  catch_up (self);
  if (KAB_PAGE_GET_CLASS (self)->show_query != NULL)
    KAB_PAGE_GET_CLASS (self)->show_query (self, query);
}

gboolean
kab_page_focus_search (KabPage *self)
{
  g_return_val_if_fail (KAB_IS_PAGE (self), FALSE);

  return KAB_PAGE_GET_CLASS (self)->focus_search != NULL &&
         KAB_PAGE_GET_CLASS (self)->focus_search (self);
}

gboolean
kab_page_toggle_filters (KabPage *self)
{
  g_return_val_if_fail (KAB_IS_PAGE (self), FALSE);

  return KAB_PAGE_GET_CLASS (self)->toggle_filters != NULL &&
         KAB_PAGE_GET_CLASS (self)->toggle_filters (self);
}

gboolean
kab_page_go_back (KabPage *self)
{
  g_return_val_if_fail (KAB_IS_PAGE (self), FALSE);

  return KAB_PAGE_GET_CLASS (self)->go_back != NULL && KAB_PAGE_GET_CLASS (self)->go_back (self);
}

void
kab_page_refresh (KabPage *self)
{
  g_return_if_fail (KAB_IS_PAGE (self));

  if (KAB_PAGE_GET_CLASS (self)->refresh != NULL)
    KAB_PAGE_GET_CLASS (self)->refresh (self);
}
