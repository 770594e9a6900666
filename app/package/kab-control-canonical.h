/* kab-control-canonical.h: the bytes of a control record that get signed (wapt-package-format § 3); for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package.h"

G_BEGIN_DECLS

/* The names that the record says are signed, by its own list or the legacy rule; %NULL when it says nothing */
char **kab_control_dup_signed_names (KabPackage         *package);
/* Rebuilt as a verifier does it */
char  *kab_control_dup_canonical    (KabPackage         *package,
                                     const char * const *names,
                                     gsize              *length);

G_END_DECLS
