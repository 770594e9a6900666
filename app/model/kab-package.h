/* kab-package.h: one package record, as an index or a control file tells it (wapt-package-format § 2)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "kab-version.h"

G_BEGIN_DECLS

#define KAB_TYPE_PACKAGE (kab_package_get_type ())
G_DECLARE_FINAL_TYPE (KabPackage, kab_package, KAB, PACKAGE, GObject)

/* Parses one control record by the rules of § 2.1; unknown attributes are kept. KAB_ERROR_BAD_DATA. */
KabPackage *kab_package_new_from_control (const char *text, gssize length, GError **error);
/* @attributes: (element-type utf8 utf8), taken over in the order of § 2.2 */
KabPackage *kab_package_new              (GHashTable *attributes);
/* Reads a whole `Packages` index member: records divided by empty lines. */
GPtrArray  *kab_package_parse_index      (const char *text, gssize length, GError **error);
char       *kab_package_to_control       (KabPackage *self);            /* exact bytes of § 2.1, without group 4 */
char       *kab_package_to_index         (KabPackage *self);            /* the same with `filename`, `size`, `md5sum` */
const char *kab_package_get              (KabPackage *self, const char *attribute);   /* "" when absent */
gboolean    kab_package_has              (KabPackage *self, const char *attribute);
char      **kab_package_dup_attribute_names (KabPackage *self);         /* as they came, unknown ones too */
const char *kab_package_get_name         (KabPackage *self);
const char *kab_package_get_version      (KabPackage *self);
const char *kab_package_get_maturity     (KabPackage *self);            /* empty counts as "PROD" */
const char *kab_package_get_section      (KabPackage *self);
char       *kab_package_dup_file_name    (KabPackage *self, const char *md5);   /* § 7; @md5 may be NULL */
const char * const *kab_package_get_attribute_order (void);             /* groups 1 + 2 + 3, § 2.2 */

int         kab_package_compare          (KabPackage *a, KabPackage *b);   /* § 8.2, maturity and date too */

G_END_DECLS
