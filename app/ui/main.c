/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-application.h"
#include "kab-locale.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(KabApplication) application = NULL;

  kab_locale_begin ();
  g_set_application_name ("Kabinet");

  application = kab_application_new ();

  return kab_application_run (application, argc, argv);
}
