/* kab-requirement.h: what `depends` and `conflicts` say, and how units are named (wapt-package-format § 8.3, § 9)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "name", "name(>=3)", "name (= 1.2-3)"; versions are compared loosely (§ 8.2). What cannot be read matches nothing. */
gboolean kab_requirement_matches  (const char *requirement, const char *name, const char *version);
char    *kab_requirement_dup_name (const char *requirement);
/**
 * kab_requirements_split:
 *
 * A comma list as text. Names of unit packages are DNs, which hold commas: "TYPE=value" continues the DN before it,
 * until something else than a DC follows a DC. Returns: (transfer full): stripped, without empty ones
 */
GStrv    kab_requirements_split   (const char *list);
char    *kab_requirements_join    (const char * const *requirements);
/* "OU=a,OU=b,DC=c" → "DC=c", "OU=b,DC=c", itself: the unit packages of a host, from the widest. Escaped commas stay. */
GStrv    kab_unit_dup_parents     (const char *dn);

G_END_DECLS
