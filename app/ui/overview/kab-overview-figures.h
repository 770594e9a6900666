/* kab-overview-figures.h: the numbers of the overview, each counted by the very query that its door opens
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-record-list.h"

G_BEGIN_DECLS

typedef enum {
  KAB_FIGURE_COUNTED,
  KAB_FIGURE_COMPLIANT,
  KAB_FIGURE_UNKNOWN,
  KAB_FIGURE_NOT_WINDOWS,
  KAB_FIGURE_DISABLED,
  KAB_FIGURE_ATTENTION,
  KAB_FIGURE_ERROR,
  KAB_FIGURE_RESTART,
  KAB_FIGURE_SILENT,
  KAB_FIGURE_LACKING,
  KAB_FIGURE_WAITING,
  KAB_FIGURE_CRITICAL,
  KAB_FIGURE_IMPORTANT,
  KAB_FIGURE_UNDECIDED,
  KAB_FIGURE_OLD_CATALOGUE,
  KAB_FIGURE_NO_RULES,
  KAB_FIGURE_UPDATES,
  KAB_FIGURE_HOSTS,
} KabFigure;
#define KAB_N_FIGURES (KAB_FIGURE_HOSTS + 1)

/* A maturity that hosts accept: "" stands for hosts that do not say. */
typedef struct {
  char *name;
  char *query;              /* its counted hosts */
  char *compliant_query;
  guint n_hosts;
  guint n_compliant;
} KabRingFigure;

typedef struct {
  gint32 result;
  char  *query;
  guint  n_hosts;
} KabFailureFigure;

/* Immutable once made. */
typedef struct {
  guint      n[KAB_N_FIGURES];
  guint      matrix[KAB_N_SEVERITIES][KAB_N_STATES];
  GPtrArray *rings;         /* (element-type KabRingFigure) */
  GPtrArray *failures;      /* (element-type KabFailureFigure), most hosts first */
} KabOverviewFigures;

void                kab_overview_figures_free        (KabOverviewFigures   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabOverviewFigures, kab_overview_figures_free)

/* "updates" or "hosts", and the query behind a figure */
const char         *kab_figure_get_page              (KabFigure             figure);
KabQueryDomain      kab_figure_get_domain            (KabFigure             figure);
const char         *kab_figure_get_query             (KabFigure             figure);
/* Updates of one severity whose most pressing state is @state, since the last Patch Tuesday */
char               *kab_figure_dup_matrix_query      (KabSeverity           severity,
                                                      KabState              state);

/* Blocking: for tests */
KabOverviewFigures *kab_overview_figures_count       (KabSnapshot          *snapshot,
                                                      GCancellable         *cancellable,
                                                      GError              **error);
/* Counts in the thread that has just read @snapshot, for the first page that shows it. */
void                kab_overview_figures_prepare     (KabSnapshot          *snapshot);
/* (transfer none) (nullable): what was counted so and not taken yet */
const KabOverviewFigures *kab_overview_figures_peek_prepared (KabSnapshot  *snapshot);
/* (transfer full) (nullable): what was counted so, once */
KabOverviewFigures *kab_overview_figures_take_prepared (KabSnapshot        *snapshot);
void                kab_overview_figures_count_async (KabSnapshot          *snapshot,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
KabOverviewFigures *kab_overview_figures_count_finish (GAsyncResult        *result,
                                                       GError             **error);

G_END_DECLS
