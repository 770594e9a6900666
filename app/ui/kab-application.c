/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "kab-application.h"
#include "kab-layout-tour.h"
#include "kab-measure.h"
#include "kab-pictures.h"
#include "kab-preferences-window.h"
#include "kab-servers.h"
#include "kab-settings.h"
#include "kab-window-private.h"

/* A window that can be shown with its numbers in it comes a moment later, not twice. */
#define PATIENCE_MS 250
#define EXIT_USAGE  2

struct _KabApplication
{
  AdwApplication  parent_instance;

  KabServers     *servers;
  gboolean        servers_loaded;
  KabWindow      *window;         /* borrowed; NULL when it is closed */
  guint           patience;
  int             exit_code;      /* of what it was started for */

  /* From the command line, for when the servers are loaded */
  gboolean        practice;
  char           *profile;
  char          **urls;
  char           *password_file;
  char           *page;
  char           *pictures;
  char           *measure;
};

G_DEFINE_FINAL_TYPE (KabApplication, kab_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "practice", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Start on the practice fleet"), NULL },
  { "profile", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Start on this server of the preferences"), N_("NAME") },
  { "server", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, N_("Open this server; can be given again"), N_("URL") },
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, NULL,
    N_("Sign in with the first line of this file"), N_("FILE") },
  { "page", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_("Start on this page: overview, updates, hosts, rules, packages, activity"), N_("PAGE") },
  { "pictures", 0, 0, G_OPTION_ARG_FILENAME, NULL,
    N_("Save pictures of all pages in this folder, then quit"), N_("FOLDER") },
  { "measure", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_("Measure “start” or “sync”, print the figures, then quit"), N_("WHAT") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
  { NULL }
};

/* The keys of the pages are added in order: Ctrl+1 … */
static const struct {
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "win.sync", { "F5" } },
  { "win.search", { "<Control>f" } },
  { "win.toggle-filters", { "F9" } },
  { "win.show-page::overview", { "<Control>1" } },
  { "win.show-page::updates", { "<Control>2" } },
  { "win.show-page::hosts", { "<Control>3" } },
  { "win.show-page::rules", { "<Control>4" } },
  { "win.show-page::packages", { "<Control>5" } },
  { "win.show-page::activity", { "<Control>6" } },
  { "win.new", { "<Control>n" } },
  { "win.back", { "<Alt>Left" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "window.close", { "<Control>w" } },
};

static KabWindow *
get_window (KabApplication *self)
{
  if (self->window != NULL)
    return self->window;

  self->window = kab_window_new (ADW_APPLICATION (self));
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  kab_window_set_servers (self->window, self->servers);

  return self->window;
}

static void
password_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(KabApplication) self = KAB_APPLICATION (user_data);
  g_autoptr(GError) error = NULL;
  KabSession *session = self->window != NULL ? kab_window_get_session (self->window) : NULL;
  char *text = NULL;

  if (!g_file_load_contents_finish (G_FILE (source), result, &text, NULL, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return;
    }

  text[strcspn (text, "\r\n")] = '\0';
  if (session != NULL)
    kab_session_set_password (session, text, FALSE);
  kab_secret_free (text);
  if (self->measure != NULL && session != NULL)
    kab_measure_start (self->window, self->measure);
}

static void
read_password (KabApplication *self)
{
  g_autoptr(GFile) file = NULL;

  if (self->password_file == NULL)
    return;

  file = g_file_new_for_commandline_arg (self->password_file);
  g_file_load_contents_async (file, NULL, password_read_cb, g_object_ref (self));
}

/* What the command line asked for, else what was open last, else the welcome page.
 * Returns: (transfer none) (nullable): the address of a server that is to be set up, once the window is there to ask in */
static const char *
open_first (KabApplication *self)
{
  KabWindow *window = get_window (self);
  const KabProfile *profile = NULL;

  if (self->practice)
    {
      kab_window_open_practice (window);
      return NULL;
    }

  if (self->profile != NULL)
    {
      profile = kab_servers_find (self->servers, self->profile);
      if (profile == NULL)
        g_printerr (_("There is no server called “%s” in the preferences.\n"), self->profile);
    }
  for (guint i = 0; self->urls != NULL && self->urls[i] != NULL && profile == NULL; i++)
    profile = kab_servers_find_url (self->servers, self->urls[i]);
  if (profile == NULL && self->urls != NULL && self->urls[0] != NULL)
    {
      if (kab_window_get_session (window) == NULL)
        kab_window_show_welcome (window);
      return self->urls[0];
    }

  if (profile == NULL && g_settings_get_boolean (kab_settings_get_default (), "practice"))
    {
      kab_window_open_practice (window);
      return NULL;
    }
  if (profile == NULL)
    profile = kab_servers_get_active (self->servers);

  if (profile != NULL)
    {
      kab_window_open_profile (window, profile, NULL);
      read_password (self);
    }
  else
    kab_window_show_welcome (window);

  return NULL;
}

static void
present (KabApplication *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->window != NULL)
    gtk_window_present (GTK_WINDOW (self->window));
}

/* A dialog that is there before its window would lie behind it. */
static void
present_and_ask (KabApplication *self,
                 const char     *address)
{
  present (self);
  if (address != NULL)
    kab_window_ask_for_server (self->window, address);
}

static gboolean
patience_cb (gpointer user_data)
{
  KabApplication *self = KAB_APPLICATION (user_data);

  self->patience = 0;
  present (self);

  return G_SOURCE_REMOVE;
}

static void
snapshot_read_cb (KabApplication *self)
{
  if (self->patience != 0)
    present (self);
}

static void
pictures_taken_cb (gboolean all,
                   gpointer user_data)
{
  KAB_APPLICATION (user_data)->exit_code = all ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
open_window (KabApplication *self)
{
  const char *address;
  KabSession *session;

  address = open_first (self);
  if (self->page != NULL)
    kab_window_show_page (self->window, self->page);
  session = kab_window_get_session (self->window);
  if (session != NULL)
    {
      /* After the page, which shows the snapshot. */
      g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (snapshot_read_cb), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      self->patience = g_timeout_add (PATIENCE_MS, patience_cb, self);
    }
  else
    {
      present_and_ask (self, address);
    }
  if (self->pictures != NULL)
    kab_pictures_take (self->window, self->pictures, pictures_taken_cb, self);
  /* With a password to read it begins when that is known. */
  if (self->measure != NULL && self->password_file == NULL)
    kab_measure_start (self->window, self->measure);
}

static void
servers_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  KabApplication *self = KAB_APPLICATION (user_data);
  g_autoptr(GError) error = NULL;

  self->servers_loaded = TRUE;
  if (!kab_servers_load_finish (self->servers, result, &error))
    {
      if (self->window != NULL)
        kab_window_add_error (GTK_WIDGET (self->window), error);
      else
        g_warning ("%s", error->message);
    }
  if (self->window != NULL)
    open_window (self);
  g_application_release (G_APPLICATION (self));
}

static void
start (KabApplication *self)
{
  const char *address = NULL;

  if (self->window != NULL)
    {
      if (self->practice || self->profile != NULL || self->urls != NULL)
        address = open_first (self);
      if (self->page != NULL)
        kab_window_show_page (self->window, self->page);
      present_and_ask (self, address);
      return;
    }

  get_window (self);
  if (self->page == NULL)
    self->page = g_settings_get_string (kab_settings_get_default (), "page");
  if (self->servers_loaded)
    open_window (self);
}

static void
kab_application_activate (GApplication *application)
{
  start (KAB_APPLICATION (application));
}

/* What the command line says of the servers */
static void
read_options (KabApplication *self,
              GVariantDict   *given)
{
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->urls, g_strfreev);
  self->practice = g_variant_dict_contains (given, "practice");
  g_variant_dict_lookup (given, "profile", "s", &self->profile);
  g_variant_dict_lookup (given, "server", "^as", &self->urls);
}

static int
kab_application_handle_local_options (GApplication *application,
                                      GVariantDict *given)
{
  /* Of use when this very process starts up. */
  read_options (KAB_APPLICATION (application), given);

  if (g_variant_dict_contains (given, "version"))
    {
      g_print ("kabinet %s\n", KAB_VERSION);
      return 0;
    }
  /* These measure or show this very process. */
  if (g_variant_dict_contains (given, "pictures") || g_variant_dict_contains (given, "measure"))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

/* Of the process that was started: this one or, by what is returned, another. */
static int
refuse (KabApplication          *self,
        GApplicationCommandLine *line)
{
  if (!g_application_command_line_get_is_remote (line))
    self->exit_code = EXIT_USAGE;

  return EXIT_USAGE;
}

static int
kab_application_command_line (GApplication            *application,
                              GApplicationCommandLine *line)
{
  KabApplication *self = KAB_APPLICATION (application);
  GVariantDict *given = g_application_command_line_get_options_dict (line);

  read_options (self, given);
  g_clear_pointer (&self->page, g_free);
  g_clear_pointer (&self->password_file, g_free);
  g_variant_dict_lookup (given, "password-file", "^ay", &self->password_file);
  g_variant_dict_lookup (given, "page", "s", &self->page);
  g_variant_dict_lookup (given, "pictures", "^ay", &self->pictures);
  g_variant_dict_lookup (given, "measure", "s", &self->measure);

  if (self->measure != NULL && !kab_measure_knows (self->measure))
    {
      g_application_command_line_printerr (line, _("“%s” cannot be measured.\n"), self->measure);
      return refuse (self, line);
    }
  if (self->page != NULL && !kab_window_knows_page (self->page))
    {
      g_application_command_line_printerr (line, _("There is no page “%s”.\n"), self->page);
      g_clear_pointer (&self->page, g_free);
      return refuse (self, line);
    }
  start (self);

  return 0;
}

static void
apply_color_scheme (KabApplication *self)
{
  static const AdwColorScheme schemes[] = {
    ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK
  };
  guint scheme = (guint) g_settings_get_enum (kab_settings_get_default (), "color-scheme");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[MIN (scheme, G_N_ELEMENTS (schemes) - 1)]);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  KabApplication *self = KAB_APPLICATION (user_data);

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)),
                         "application-name", "Kabinet",
                         "application-icon", KAB_APPLICATION_ID,
                         "version", KAB_VERSION,
                         "developer-name", _("The Kabinet authors"),
                         "comments", _("Windows updates of a WAPT fleet: see how every host stands and why, decide, and act."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: your names, one to a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  KabApplication *self = KAB_APPLICATION (user_data);

  if (self->window != NULL)
    gtk_window_present (GTK_WINDOW (kab_preferences_window_new (self->window, self->servers)));
}

static void
show_activity_action (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  KabApplication *self = KAB_APPLICATION (user_data);

  if (self->window == NULL)
    return;
  kab_window_show_page (self->window, "activity");
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  KabApplication *self = KAB_APPLICATION (user_data);

  /* Through the window, which remembers its size and ends its jobs. */
  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
  g_application_quit (G_APPLICATION (self));
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = about_action },
  { .name = "preferences", .activate = preferences_action },
  { .name = "show-activity", .activate = show_activity_action },
  { .name = "quit", .activate = quit_action },
};

static void
kab_application_startup (GApplication *application)
{
  KabApplication *self = KAB_APPLICATION (application);
  gboolean practice = self->practice ||
                      (self->profile == NULL && g_settings_get_boolean (kab_settings_get_default (), "practice"));

  /* First of all: while GTK begins, the disk is read. The practice fleet is another one each time. */
  g_application_hold (application);
  kab_servers_load_async (self->servers,
                          practice || self->urls != NULL ? NULL : self->profile != NULL ? self->profile : "",
                          servers_loaded_cb, self);

  G_APPLICATION_CLASS (kab_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (KAB_APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  if (g_getenv ("KABINET_CHECK_LAYOUT") != NULL)
    kab_layout_tour_add_action (GTK_APPLICATION (self));
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].keys);

  g_signal_connect_object (kab_settings_get_default (), "changed::color-scheme",
                           G_CALLBACK (apply_color_scheme), self, G_CONNECT_SWAPPED);
  apply_color_scheme (self);
}

static void
kab_application_finalize (GObject *object)
{
  KabApplication *self = KAB_APPLICATION (object);

  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->servers);
  g_free (self->profile);
  g_strfreev (self->urls);
  g_free (self->password_file);
  g_free (self->page);
  g_free (self->pictures);
  g_free (self->measure);

  G_OBJECT_CLASS (kab_application_parent_class)->finalize (object);
}

static void
kab_application_class_init (KabApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kab_application_finalize;
  application_class->activate = kab_application_activate;
  application_class->startup = kab_application_startup;
  application_class->command_line = kab_application_command_line;
  application_class->handle_local_options = kab_application_handle_local_options;
}

static void
kab_application_init (KabApplication *self)
{
  self->servers = kab_servers_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

int
kab_application_run (KabApplication  *self,
                     int              argc,
                     char           **argv)
{
  int code;

  g_return_val_if_fail (KAB_IS_APPLICATION (self), EXIT_FAILURE);

  /* What the command line came to is forgotten by its main loop. */
  code = g_application_run (G_APPLICATION (self), argc, argv);

  return code != 0 ? code : self->exit_code;
}

KabApplication *
kab_application_new (void)
{
  return g_object_new (KAB_TYPE_APPLICATION,
                       "application-id", KAB_APPLICATION_ID,
                       "resource-base-path", "/io/github/kabinet/Kabinet",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       NULL);
}
