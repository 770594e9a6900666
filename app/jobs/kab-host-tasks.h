/* kab-host-tasks.h: what a host runs now and ran before, asked through the server
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-host-task.h"
#include "kab-sign-in.h"

G_BEGIN_DECLS

/* (element-type KabHostTask): blocks. KAB_ERROR_UNREACHABLE when the host is away */
GPtrArray *kab_host_tasks_read (KabSignIn     *sign_in,
                                const char    *uuid,
                                GCancellable  *cancellable,
                                GError       **error);

G_END_DECLS
