/* kab-host-tasks.h: what a host runs and ran, live while it is shown
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-session.h"

G_BEGIN_DECLS

#define KAB_TYPE_HOST_TASKS (kab_host_tasks_get_type ())
G_DECLARE_FINAL_TYPE (KabHostTasks, kab_host_tasks, KAB, HOST_TASKS, AdwBin)

GtkWidget *kab_host_tasks_new  (void);
void       kab_host_tasks_show (KabHostTasks *self,
                                KabSession   *session,     /* (nullable) */
                                const char   *uuid);       /* (nullable) */

G_END_DECLS
