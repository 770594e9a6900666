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
  const char *translations = g_getenv ("KABINET_LOCALE_DIR");     /* of a build tree */
  g_autoptr(KabApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, translations != NULL ? translations : KAB_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Kabinet");

  application = kab_application_new ();

  return kab_application_run (application, argc, argv);
}
