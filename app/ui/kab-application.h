/* kab-application.h: the program: app.* actions, accelerators, command line
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KAB_TYPE_APPLICATION (kab_application_get_type ())
G_DECLARE_FINAL_TYPE (KabApplication, kab_application, KAB, APPLICATION, AdwApplication)

KabApplication *kab_application_new (void);
/* Returns: the exit code: 1 when --pictures could not take all of them, 2 for a wrong option */
int             kab_application_run (KabApplication *self, int argc, char **argv);

G_END_DECLS
