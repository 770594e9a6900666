/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-banners.h"
#include "kab-category.h"
#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-format.h"
#include "kab-progress-line.h"
#include "kab-tooltip.h"

#define DAY (24 * 60 * 60)
#define SIGNER_WARNING_DAYS 60

/* One strip: text, and what can be done about it. */
typedef struct {
  GtkWidget *revealer;
  GtkWidget *label;
  GtkWidget *button;
  GtkWidget *close;
  gboolean   closed;        /* by the user, until it says something else */
} Strip;

struct _KabBanners
{
  GtkWidget    parent_instance;

  GtkWidget   *progress;
  Strip        strips[KAB_N_BANNERS];

  KabSession  *session;
  KabJobQueue *jobs;
  gint64       signer_until;    /* end of the signing certificate, 0 = none */
  guint        pulse_id;
};

G_DEFINE_FINAL_TYPE (KabBanners, kab_banners, GTK_TYPE_WIDGET)

static const char * const icon_names[KAB_N_BANNERS] = {
  [KAB_BANNER_OFFLINE] = "network-offline-symbolic",
  [KAB_BANNER_STORE] = "drive-harddisk-symbolic",
  [KAB_BANNER_OLD] = "document-open-recent-symbolic",
  [KAB_BANNER_CATALOGUE] = "x-office-calendar-symbolic",
  [KAB_BANNER_CERTIFICATE] = "application-certificate-symbolic",
  [KAB_BANNER_BROKEN_OFF] = "dialog-warning-symbolic",
};

static void
close_clicked_cb (GtkButton  *button,
                  KabBanners *self)
{
  for (guint i = 0; i < KAB_N_BANNERS; i++)
    if (self->strips[i].close == GTK_WIDGET (button))
      {
        self->strips[i].closed = TRUE;
        gtk_revealer_set_reveal_child (GTK_REVEALER (self->strips[i].revealer), FALSE);
      }
}

/* A box of GTK 4.8 asks for more height at a given width than at any when its children differ in their baselines. An
 * overlay has none. */
static void
append_button (GtkBox    *box,
               GtkWidget *button)
{
  GtkWidget *overlay = gtk_overlay_new ();

  gtk_overlay_set_child (GTK_OVERLAY (overlay), button);
  g_object_bind_property (button, "visible", overlay, "visible", G_BINDING_SYNC_CREATE);
  gtk_box_append (box, overlay);
}

static void
add_strip (KabBanners *self,
           KabBanner   banner)
{
  Strip *strip = &self->strips[banner];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                   "icon-name", icon_names[banner], "valign", GTK_ALIGN_CENTER,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  strip->label = g_object_new (GTK_TYPE_LABEL,
                               "xalign", 0.0, "wrap", TRUE, "hexpand", TRUE,
                               "natural-wrap-mode", GTK_NATURAL_WRAP_NONE, NULL);
  strip->button = g_object_new (GTK_TYPE_BUTTON, "valign", GTK_ALIGN_CENTER, "visible", FALSE, NULL);
  strip->close = g_object_new (GTK_TYPE_BUTTON,
                               "icon-name", "window-close-symbolic", "valign", GTK_ALIGN_CENTER, NULL);
  kab_tooltip_set (strip->close, _("Hide"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (strip->close),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Hide"), -1);
  gtk_widget_add_css_class (strip->close, "flat");
  gtk_widget_add_css_class (strip->close, "circular");
  g_signal_connect (strip->close, "clicked", G_CALLBACK (close_clicked_cb), self);

  gtk_widget_add_css_class (box, "kab-banner");
  if (banner == KAB_BANNER_OFFLINE || banner == KAB_BANNER_STORE)
    gtk_widget_add_css_class (box, "strong");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), strip->label);
  append_button (GTK_BOX (box), strip->button);
  append_button (GTK_BOX (box), strip->close);

  strip->revealer = g_object_new (GTK_TYPE_REVEALER, "child", box, "visible", FALSE, NULL);
  gtk_widget_set_parent (strip->revealer, GTK_WIDGET (self));
}

/* @given: (transfer full) (nullable): NULL hides it */
static void
set_strip (KabBanners *self,
           KabBanner   banner,
           char       *given,
           const char *button,
           const char *action)
{
  Strip *strip = &self->strips[banner];
  g_autofree char *text = given;
  gboolean shown;

  if (text != NULL && g_strcmp0 (gtk_label_get_label (GTK_LABEL (strip->label)), text) != 0)
    {
      gtk_label_set_label (GTK_LABEL (strip->label), text);
      strip->closed = FALSE;
    }
  gtk_widget_set_visible (strip->button, button != NULL);
  if (button != NULL)
    {
      gtk_button_set_label (GTK_BUTTON (strip->button), button);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (strip->button), action);
    }

  shown = text != NULL && !strip->closed;
  gtk_widget_set_visible (strip->revealer, text != NULL);
  gtk_revealer_set_reveal_child (GTK_REVEALER (strip->revealer), shown);
}

static void
update_offline (KabBanners  *self,
                KabSnapshot *snapshot,
                gint64       now)
{
  const GError *error = kab_session_get_error (self->session);
  g_autofree char *age = NULL;

  switch (kab_session_get_connection (self->session))
    {
    case KAB_CONNECTION_SIGN_IN:
      set_strip (self, KAB_BANNER_OFFLINE,
                 g_strdup (_("The server wants to know who you are.")), _("Sign In…"), "win.sign-in");
      break;

    case KAB_CONNECTION_UNTRUSTED:
      set_strip (self, KAB_BANNER_OFFLINE,
                 g_strdup (_("The server’s certificate or identity is not the one you trust, so nothing is sent to it.")),
                 _("Look at It…"), "win.check-server");
      break;

    case KAB_CONNECTION_OFFLINE:
      if (!kab_error_text_is_shown (error))
        set_strip (self, KAB_BANNER_OFFLINE, NULL, NULL, NULL);
      else if (error->domain == KAB_ERROR && error->code != KAB_ERROR_NETWORK)
        set_strip (self, KAB_BANNER_OFFLINE,
                   g_strdup (kab_error_text_describe (error)), _("Try Again"), "win.sync");
      else if (snapshot == NULL || kab_snapshot_get_synced_at (snapshot) == 0)
        set_strip (self, KAB_BANNER_OFFLINE,
                   g_strdup (_("The server cannot be reached.")), _("Try Again"), "win.sync");
      else
        {
          age = kab_format_age (kab_snapshot_get_synced_at (snapshot), now);
          set_strip (self, KAB_BANNER_OFFLINE,
                     /* Translators: %s is an age such as "4 minutes ago" */
                     g_strdup_printf (_("The server cannot be reached. This is its data of %s."), age),
                     _("Try Again"), "win.sync");
        }
      break;

    case KAB_CONNECTION_CONNECTING:
    case KAB_CONNECTION_ONLINE:
    default:
      set_strip (self, KAB_BANNER_OFFLINE, NULL, NULL, NULL);
      break;
    }
}

static void
update_data (KabBanners  *self,
             KabSnapshot *snapshot,
             gint64       now)
{
  gint64 synced_at = snapshot != NULL ? kab_snapshot_get_synced_at (snapshot) : 0;
  gint64 catalogue_at = snapshot != NULL ? kab_snapshot_get_catalogue_at (snapshot) : 0;
  gint64 tuesday = kab_patch_tuesday_before (now);
  gboolean offline = gtk_widget_get_visible (self->strips[KAB_BANNER_OFFLINE].revealer);
  g_autofree char *age = NULL;
  g_autofree char *date = NULL;
  g_autofree char *tuesday_date = NULL;

  /* The strip above says the age already. */
  if (synced_at > 0 && now - synced_at > DAY && !offline)
    {
      age = kab_format_age (synced_at, now);
      set_strip (self, KAB_BANNER_OLD,
                 /* Translators: %s is an age such as "2 days ago" */
                 g_strdup_printf (_("What you see was read from the server %s."), age),
                 _("Sync Now"), "win.sync");
    }
  else
    set_strip (self, KAB_BANNER_OLD, NULL, NULL, NULL);

  if (catalogue_at > 0 && catalogue_at < tuesday)
    {
      date = kab_format_day (catalogue_at);
      tuesday_date = kab_format_day (tuesday);
      set_strip (self, KAB_BANNER_CATALOGUE,
                 /* Translators: both are dates such as "13 Oct" */
                 g_strdup_printf (_("The catalogue that hosts scan with is of %1$s, older than the last Patch Tuesday (%2$s)."),
                                  date, tuesday_date),
                 NULL, NULL);
    }
  else
    set_strip (self, KAB_BANNER_CATALOGUE, NULL, NULL, NULL);
}

static void
update_signer (KabBanners *self,
               gint64      now)
{
  gint64 left_days = (self->signer_until - now) / DAY;
  g_autofree char *date = NULL;

  if (self->signer_until == 0 || left_days >= SIGNER_WARNING_DAYS)
    {
      set_strip (self, KAB_BANNER_CERTIFICATE, NULL, NULL, NULL);
      return;
    }

  date = kab_format_date (self->signer_until);
  if (self->signer_until <= now)
    set_strip (self, KAB_BANNER_CERTIFICATE,
               /* Translators: %s is a date */
               g_strdup_printf (_("Your signing certificate expired on %s: hosts refuse what you send."), date),
               _("Preferences"), "app.preferences");
  else
    set_strip (self, KAB_BANNER_CERTIFICATE,
               /* Translators: %s is a date */
               g_strdup_printf (_("Your signing certificate expires on %s."), date),
               _("Preferences"), "app.preferences");
}

/* The newest job that settles what broke off says how that stands. */
static void
update_broken_off (KabBanners *self)
{
  guint n = self->jobs != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->jobs)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      if (g_strcmp0 (kab_job_get_kind (job), "resume") != 0)
        continue;
      if (kab_job_get_state (job) <= KAB_JOB_RUNNING)
        set_strip (self, KAB_BANNER_BROKEN_OFF,
                   g_strdup (_("Work on packages broke off the last time. It is being finished, or undone where nothing "
                               "had gone out.")), _("Show"), "win.show-activity('jobs')");
      else if (kab_job_get_state (job) == KAB_JOB_FAILED)
        set_strip (self, KAB_BANNER_BROKEN_OFF,
                   g_strdup (_("Work on packages broke off and could not be finished yet. The next sync tries again.")),
                   _("Sync Now"), "win.sync");
      else
        set_strip (self, KAB_BANNER_BROKEN_OFF, NULL, NULL, NULL);
      return;
    }
  set_strip (self, KAB_BANNER_BROKEN_OFF, NULL, NULL, NULL);
}

void
kab_banners_update (KabBanners *self)
{
  KabSnapshot *snapshot;
  gint64 now;

  g_return_if_fail (KAB_IS_BANNERS (self));

  if (self->session == NULL)
    {
      for (guint i = 0; i < KAB_N_BANNERS; i++)
        set_strip (self, i, NULL, NULL, NULL);
      return;
    }

  snapshot = kab_session_get_snapshot (self->session);
  now = kab_session_get_now (self->session);
  update_offline (self, snapshot, now);
  update_data (self, snapshot, now);
  update_signer (self, now);
  update_broken_off (self);

  if (kab_session_get_repair (self->session) != NULL)
    set_strip (self, KAB_BANNER_STORE,
               g_strdup (_("The local copy of the server’s data was damaged. It was set aside and is made anew by the next sync.")),
               _("Sync Now"), "win.sync");
  else
    set_strip (self, KAB_BANNER_STORE, NULL, NULL, NULL);
}

static KabJob *
get_running_job (KabBanners *self)
{
  guint n = self->jobs != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->jobs)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      if (kab_job_get_state (job) == KAB_JOB_RUNNING)
        return g_steal_pointer (&job);
    }

  return NULL;
}

/* It keeps its place, so that nothing jumps; who cannot see must not meet it either. */
static void
show_progress (KabBanners *self,
               gboolean    shown)
{
  if (!shown)
    kab_progress_line_set (KAB_PROGRESS_LINE (self->progress), 0);
  gtk_widget_set_opacity (self->progress, shown ? 1 : 0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_STATE_HIDDEN, !shown, -1);
}

/* A look five times a second while something runs costs less than following every job's signals. */
static gboolean
progress_cb (gpointer user_data)
{
  KabBanners *self = KAB_BANNERS (user_data);
  g_autoptr(KabJob) job = get_running_job (self);

  if (job == NULL && (self->jobs == NULL || kab_job_queue_get_active (self->jobs) == 0))
    {
      show_progress (self, FALSE);
      self->pulse_id = 0;
      return G_SOURCE_REMOVE;
    }

  show_progress (self, TRUE);
  kab_progress_line_set (KAB_PROGRESS_LINE (self->progress), job != NULL ? kab_job_get_fraction (job) : -1);

  return G_SOURCE_CONTINUE;
}

static void
active_changed_cb (KabBanners *self)
{
  if (self->session != NULL)
    update_broken_off (self);
  if (self->pulse_id == 0 && self->jobs != NULL && kab_job_queue_get_active (self->jobs) > 0)
    self->pulse_id = g_timeout_add (200, progress_cb, self);
}

static void
kab_banners_dispose (GObject *object)
{
  KabBanners *self = KAB_BANNERS (object);
  GtkWidget *child;

  kab_banners_set_session (self, NULL);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (kab_banners_parent_class)->dispose (object);
}

static void
kab_banners_class_init (KabBannersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_banners_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "banners");
}

static void
kab_banners_init (KabBanners *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);

  self->progress = kab_progress_line_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Work in the background"), -1);
  show_progress (self, FALSE);
  gtk_widget_set_parent (self->progress, GTK_WIDGET (self));

  for (guint i = 0; i < KAB_N_BANNERS; i++)
    add_strip (self, i);
}

GtkWidget *
kab_banners_new (void)
{
  return g_object_new (KAB_TYPE_BANNERS, NULL);
}

void
kab_banners_set_session (KabBanners *self,
                         KabSession *session)
{
  g_return_if_fail (KAB_IS_BANNERS (self));

  if (self->session == session)
    return;

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (self->jobs, self);
      g_clear_object (&self->jobs);
      self->signer_until = 0;
    }
  if (g_set_object (&self->session, session) && session != NULL)
    {
      self->jobs = g_object_ref (kab_session_get_jobs (session));
      g_signal_connect_swapped (session, "notify", G_CALLBACK (kab_banners_update), self);
      g_signal_connect_swapped (self->jobs, "notify::active", G_CALLBACK (active_changed_cb), self);
      active_changed_cb (self);
    }
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    kab_banners_update (self);
}

void
kab_banners_set_signer (KabBanners        *self,
                        const KabIdentity *identity)
{
  g_return_if_fail (KAB_IS_BANNERS (self));

  self->signer_until = identity != NULL ? identity->not_after : 0;
  kab_banners_update (self);
}
