/* kab-rules-lint.h: what is wrong, useless or surprising in rule packages
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-document.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

typedef enum {
  KAB_LINT_UNKNOWN_KEY,        /* an agent drops it and what stands behind it */
  KAB_LINT_CONFLICT,           /* the same update or KB is allowed and forbidden on common hosts */
  KAB_LINT_SEVERITY,           /* no severity that exists */
  KAB_LINT_SPELLING,           /* a category or KB in a spelling that agents do not match */
  KAB_LINT_REVISION,           /* an older revision is ruled and the newer not */
  KAB_LINT_WITHDRAWN,          /* the server does not know the update */
  KAB_LINT_SUPERSEDED,         /* a newer update replaces all that it names */
  KAB_LINT_DEAD,               /* matches nothing */
  KAB_LINT_SHADOWED,           /* another line decides first wherever it matches */
  KAB_LINT_SEVERAL,            /* a KB stands for several updates */
  KAB_LINT_NOT_OFFLINE,        /* a class that the offline catalogue never holds */
  KAB_LINT_NO_EFFECT,          /* default_allow in a package */
  KAB_LINT_NO_RULES,           /* hosts without any rule package */
} KabLintKind;
#define KAB_N_LINT_KINDS (KAB_LINT_NO_RULES + 1)

typedef enum {
  KAB_LINT_NOTE,               /* worth knowing */
  KAB_LINT_WARNING,            /* probably not what was meant */
  KAB_LINT_ERROR,              /* does something else than it says */
} KabLintLevel;

/* What applying a finding does to its document: a line goes, another comes. Either may be missing. */
typedef struct {
  gboolean    removes;
  KabRuleList remove_list;
  char       *remove_value;
  gboolean    adds;
  KabRuleList add_list;
  char       *add_value;
  gboolean    clears_default_allow;
} KabLintFix;

typedef struct {
  KabLintKind  kind;
  KabLintLevel level;
  char        *package;        /* "demo-wua-base 12", or the name of the document; NULL = the fleet */
  KabRuleList  list;           /* with @value */
  char        *value;          /* the line, or the key; NULL = none */
  guint        line_number;    /* in the document's text; 0 = none */
  char        *other_package;  /* CONFLICT, SHADOWED: who has the other line; NULL */
  KabRuleList  other_list;     /* with @other_value */
  char        *other_value;    /* the other line; what it should be; NULL */
  char        *replaced_by;    /* id: SUPERSEDED: the update that does; REVISION: the newest */
  guint        n_updates;      /* that the line names */
  guint        n_hosts;        /* that it concerns: CONFLICT with another package, NO_RULES; 0 = not counted */
  char        *query;          /* door: what a list must show; NULL none. Of hosts where @n_hosts counts, else updates */
  gboolean     query_is_hosts;
  KabLintFix   fix;
} KabLintFinding;

void kab_lint_finding_free (KabLintFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabLintFinding, kab_lint_finding_free)

/**
 * KabLintFleet: what lint needs to know beside the rules. Filled once, then read only.
 */
typedef struct _KabLintFleet KabLintFleet;

KabLintFleet   *kab_lint_fleet_new          (KabUpdateIndex       *index);
void            kab_lint_fleet_free         (KabLintFleet         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabLintFleet, kab_lint_fleet_free)
/* A rule package of the server; its origin, "name version", is its identity. The last of one origin counts. */
void            kab_lint_fleet_add_package  (KabLintFleet         *self,
                                             KabRuleSet           *rules);
/* A counted host and the rule packages it has, "name version"; NULL = none is known. Hosts with the same packages cost as
 * much as one. */
void            kab_lint_fleet_add_host     (KabLintFleet         *self,
                                             const char * const   *packages);

/**
 * kab_rules_lint:
 * @document: (nullable): looked at in place of the package of its name; then only findings about it are returned.
 *   %NULL: all packages that a host has, and the fleet
 *
 * Returns: (element-type KabLintFinding): errors first, then by package and line
 */
GPtrArray      *kab_rules_lint              (KabLintFleet         *fleet,
                                             KabRulesDocument     *document);
/* FALSE: it has no fix, or the document is no longer as it was */
gboolean        kab_lint_finding_apply      (const KabLintFinding *finding,
                                             KabRulesDocument     *document);
/* One or two whole sentences in the reader's language. @index: (nullable) */
char           *kab_lint_finding_describe   (const KabLintFinding *finding,
                                             KabUpdateIndex       *index);
/* What the fix would do: "Allow KB5063878 revision 201 too"; NULL when there is none */
char           *kab_lint_finding_describe_fix (const KabLintFinding *finding,
                                             KabUpdateIndex       *index);
const char     *kab_lint_kind_get_text      (KabLintKind           kind);    /* "conflict" … */
const char     *kab_lint_kind_get_label     (KabLintKind           kind);    /* N_("Conflict") … */
const char     *kab_lint_level_get_text     (KabLintLevel          level);   /* "error" … */
const char     *kab_lint_level_get_label    (KabLintLevel          level);   /* N_("Error") … */

G_END_DECLS
