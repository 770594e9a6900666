/* kab-explanation.h: why one update is in its state on one host
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-host.h"
#include "kab-rules-engine.h"
#include "kab-update.h"

G_BEGIN_DECLS

/**
 * KabExplanation: everything a sentence about one (host, update) pair needs; free with kab_explanation_free().
 * Texts for people are made by kab_explanation_describe(), whose templates faces translate.
 */
typedef struct {
  KabState     state;              /* effective: what every list and count shows */
  KabState     reported;           /* UNKNOWN when the host did not say */
  gboolean     disagrees;          /* reported word and flags tell different stories: show both */
  gboolean     rules_known;        /* are the host's rules known, so that @decision means something? */
  KabDecision  decision;           /* its texts are owned by this explanation */
  gboolean     estimate_differs;   /* our verdict and the host's "allowed" differ: its report is older than the rules */
  gint32       result;             /* of the newest try, 0 = none or success */
  gint64       installed_at;
  char        *missing_url;        /* the file that neither host nor server has, or NULL */
  gboolean     server_has_files;
  gboolean     host_has_files;     /* in its own cache */
  gboolean     host_says_delayed;  /* its report says that install_delay is a reason */
  gboolean     restart_pending;
  char        *superseded_by;      /* the update that replaces it on this host, as people call it, or NULL */
} KabExplanation;

KabExplanation *kab_explanation_new      (KabHost              *host,
                                          KabUpdate            *update,
                                          const KabStateRecord *record,       /* (nullable): never reported */
                                          KabRulesEngine       *engine,       /* (nullable): rules not known */
                                          const char           *superseded_by,/* (nullable) */
                                          gint64                now);
void            kab_explanation_free     (KabExplanation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabExplanation, kab_explanation_free)

/* Turns a msgid into the reader's language; faces pass gettext. */
typedef const char *(*KabTranslateFunc) (const char *msgid);

/* Some whole sentences, the first says the state and its cause:
 * "Discarded: demo-wua-base 12 forbids it (line “KB5063878”). demo-wua-servers 3 would allow it (line “Critical”)." */
char           *kab_explanation_describe (const KabExplanation *self, KabTranslateFunc translate);

G_END_DECLS
