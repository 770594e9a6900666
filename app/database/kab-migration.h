/* kab-migration.h: numbered steps from one schema to the next
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-statement.h"

G_BEGIN_DECLS

/* Steps only grow: PRAGMA user_version counts those taken; a step and its count commit together, so that a crash
 * between two of them leaves a file of a past version and nothing else. A file from a newer program is refused
 * with %KAB_ERROR_UNSUPPORTED. */
gboolean kab_migration_run         (KabDatabase         *database,
                                    const char * const  *steps,
                                    guint                n_steps,
                                    GError             **error);
/* Returns: the number of steps taken, -1 with @error */
int      kab_migration_get_version (KabDatabase         *database,
                                    GError             **error);

G_END_DECLS
