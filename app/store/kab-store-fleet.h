/* kab-store-fleet.h: the whole mirror once through, for whoever judges it host by host
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-store.h"

G_BEGIN_DECLS

/* What is passed is borrowed for the call. */
typedef struct {
  void     (*update)  (guint32 number, KabUpdate *update, gpointer user_data);
  /* As in the index; without filename, size and MD5 */
  void     (*package) (KabPackage *package, gpointer user_data);
  /* @rules: (nullable): the package has none that an agent would read. Old ones that hosts may still apply come too. */
  void     (*rules)   (const char *package_uuid, const char *name_version, KabRuleSet *rules, gpointer user_data);
  /* Fields that only people read are NULL. FALSE ends it without an error. */
  gboolean (*host)    (const KabHostFields *fields, const KabStateRecord *records, guint n_records, guint index,
                       guint n_hosts, gpointer user_data);
} KabFleetVisitor;

/* One frozen view: updates, packages, rules, then hosts. Members may be NULL. Blocks; memory does not grow with hosts. */
gboolean kab_store_visit_fleet (KabStore               *self,
                                const KabFleetVisitor  *visitor,
                                gpointer                user_data,
                                GCancellable           *cancellable,
                                GError                **error);

G_END_DECLS
