/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "kab-application.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(KabApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, KAB_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Kabinet");

  application = kab_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
