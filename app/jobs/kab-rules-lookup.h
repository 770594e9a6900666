/* kab-rules-lookup.h: the packages of the server as the pages list them: rules, signature, and where they are
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-identity.h"
#include "kab-package.h"
#include "kab-rule-set.h"
#include "kab-session.h"

G_BEGIN_DECLS

/**
 * KabRulePackage: one record of the index. Members are read-only to readers.
 *
 * @id: unique among the records of an index, the same after a new reading
 * @rules: (nullable): what an agent reads of it; %NULL for packages without rules and for those nobody would install
 * @is_newest: no newer record of that name has its maturity
 * @waits: rules, the newest in DEV or PREPROD, and no later ring has this version or a newer one: in flight
 * @installed, @older, @assigned: hosts as indices into @snapshot: that have this name and version, another version of the
 *   name, and those that ask for the name through their host package, a unit, a profile or a group. The index does not
 *   tell of host packages; the hosts do.
 */
#define KAB_TYPE_RULE_PACKAGE (kab_rule_package_get_type ())
G_DECLARE_FINAL_TYPE (KabRulePackage, kab_rule_package, KAB, RULE_PACKAGE, GObject)
struct _KabRulePackage
{
  GObject             parent_instance;

  char               *id;
  char               *origin;           /* "demo-wua-base 12" */
  KabPackage         *package;
  KabSnapshot        *snapshot;         /* (nullable) */
  gboolean            is_rules;         /* section "wsus" */
  KabRuleSet         *rules;
  gboolean            signature_known;  /* only rule packages are fetched and checked */
  KabSignatureStatus  signature;
  gint64              signed_at;
  gint64              size;             /* -1 = not said */
  gboolean            is_newest;
  gboolean            waits;
  guint               n_allowed;        /* lines that allow one update or article */
  guint               n_forbidden;
  guint               n_classes;        /* lines that allow a product, severity or classification */
  guint               n_warnings;       /* findings of lint */
  GArray             *installed;        /* (element-type guint) */
  GArray             *older;
  GArray             *assigned;
};

/* Takes over the hosts, and the snapshot they are in, of the same package as a newer reading has it. Main thread */
void        kab_rule_package_move_hosts           (KabRulePackage       *self,
                                                   KabRulePackage       *newer);

typedef struct _KabStore KabStore;

/* (element-type KabRulePackage): all packages of the index, by name, the newest first. @snapshot: (nullable): of @store.
 * @rules: (out) (optional): "name version" → KabRuleSet of all that the mirror knows, the index or not. Blocks. */
GPtrArray  *kab_rule_packages_read                (KabStore             *store,
                                                   KabSnapshot          *snapshot,
                                                   GHashTable          **rules,
                                                   GError              **error);
/* The same as a GListModel */
void        kab_session_read_rule_packages_async  (KabSession           *self,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GListModel *kab_session_read_rule_packages_finish (KabSession           *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
