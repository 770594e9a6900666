/* kab-detail.h: everything a detail pane or `show` command says about one host or one update
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-explanation.h"
#include "kab-history.h"
#include "kab-host.h"
#include "kab-rule-set.h"
#include "kab-snapshot.h"
#include "kab-update.h"

G_BEGIN_DECLS

typedef struct _KabStore KabStore;
typedef struct _KabHostDetail KabHostDetail;
typedef struct _KabUpdateDetail KabUpdateDetail;

/* One update on one host, as a list item of both panes. Members are read-only to readers. */
#define KAB_TYPE_PAIR (kab_pair_get_type ())
G_DECLARE_FINAL_TYPE (KabPair, kab_pair, KAB, PAIR, GObject)
struct _KabPair
{
  GObject         parent_instance;

  KabUpdate      *update;
  KabStateRecord  record;
  KabExplanation *why;               /* describe it with kab_explanation_describe() */
  char           *history_json;      /* WUA history entries as they came, or NULL */
};

/* One line of the effective rules with its origin. */
typedef struct {
  KabRuleList list;
  char       *value;
  char       *origin;       /* "demo-wua-base 12" */
  gboolean    shadowed;     /* another line decides first wherever this one matches */
} KabRuleLine;

struct _KabHostDetail
{
  KabHost    *host;
  KabHostState state;
  GListModel *pairs;            /* of KabPair */
  guint       counts[KAB_N_STATES];
  GPtrArray  *rule_lines;       /* KabRuleLine, merged, in order of precedence */
  gboolean    rules_known;      /* FALSE: nobody told which rule packages it has */
  gboolean    rules_complete;   /* FALSE: one of its packages is not on the server any more */
  GPtrArray  *history;          /* KabHistoryEntry, newest first */
  gint64      read_at;
};
void kab_host_detail_free (KabHostDetail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabHostDetail, kab_host_detail_free)

/* What one rule package says about an update, and on how many hosts it is installed. */
typedef struct {
  char     *origin;
  KabReason reason;         /* KAB_REASON_NO_RULES: it does not name it */
  char     *line;           /* or NULL */
  guint     n_hosts;
} KabPackageVerdict;

struct _KabUpdateDetail
{
  KabUpdate  *update;
  guint       counts[KAB_N_STATES];   /* counted hosts by effective state */
  GPtrArray  *verdicts;         /* KabPackageVerdict */
  GPtrArray  *supersedes;       /* KabUpdate, transitively, nearest first */
  GPtrArray  *superseded_by;    /* KabUpdate */
  GArray     *failures;         /* KabFailureGroup (store/lists), most hosts first */
  GPtrArray  *history;          /* KabHistoryEntry, newest first */
};
void kab_update_detail_free (KabUpdateDetail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabUpdateDetail, kab_update_detail_free)

/**
 * Blocking forms, for the command line and threads. @store: the mirror. @limits: when hosts are silent.
 * @uuid: a uuid or a name; @update_id: an id. KAB_ERROR_NOT_FOUND; a name of several hosts is KAB_ERROR_USAGE.
 */
KabHostDetail   *kab_host_detail_read   (KabStore         *store,
                                         const char       *uuid,
                                         const KabLimits  *limits,
                                         GCancellable     *cancellable,
                                         GError          **error);
/* @snapshot: of @store; has the counts and the other updates */
KabUpdateDetail *kab_update_detail_read (KabStore         *store,
                                         KabSnapshot      *snapshot,
                                         const char       *update_id,
                                         GCancellable     *cancellable,
                                         GError          **error);

G_END_DECLS
