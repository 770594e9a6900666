/* kab-package-parts.h: what the detail of a package says: badges, hosts, versions, signature, control, files
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-package-contents.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

void kab_package_parts_fill_head      (GtkBox                   *box,
                                       KabRulePackage           *item);
void kab_package_parts_fill_hosts     (GtkBox                   *box,
                                       KabRulePackage           *item);
/* @versions: (nullable): of KabPackageVersion */
void kab_package_parts_fill_versions  (GtkBox                   *box,
                                       GListModel               *versions);
/* @signature: (nullable): checked just now; else what the mirror says */
void kab_package_parts_fill_signature (GtkBox                   *box,
                                       KabRulePackage           *item,
                                       const KabSignature       *signature,
                                       gint64                    now);
void kab_package_parts_fill_control   (GtkBox                   *box,
                                       KabRulePackage           *item);
/* Both (nullable): the files, or why there are none */
void kab_package_parts_fill_files     (GtkBox                   *box,
                                       const KabPackageContents *contents,
                                       const GError             *error);

G_END_DECLS
