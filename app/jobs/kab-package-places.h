/* kab-package-places.h: on which hosts packages are, and which hosts ask for them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-snapshot.h"

G_BEGIN_DECLS

/* Texts of a snapshot are shared, so each list of packages, groups and units is taken apart once. */
typedef struct _KabPackagePlaces KabPackagePlaces;

/* @packages: (element-type KabPackage): the index, which says what packages ask for. @snapshot: (nullable): no hosts */
KabPackagePlaces *kab_package_places_new            (GPtrArray         *packages,
                                                     KabSnapshot       *snapshot);
void              kab_package_places_free           (KabPackagePlaces  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabPackagePlaces, kab_package_places_free)

/* All: (transfer full) (element-type guint): indices of hosts, ascending. @origin: "name version" */
GArray           *kab_package_places_find_installed (KabPackagePlaces  *self,
                                                     const char        *origin);
/* Another version of the name */
GArray           *kab_package_places_find_older     (KabPackagePlaces  *self,
                                                     const char        *name,
                                                     const char        *origin);
/* Through their host package, a unit, a profile or a group */
GArray           *kab_package_places_find_assigned  (KabPackagePlaces  *self,
                                                     const char        *name);

G_END_DECLS
