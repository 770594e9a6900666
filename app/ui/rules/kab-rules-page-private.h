/* kab-rules-page-private.h: what the files of the page Rules share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-item-view.h"
#include "kab-package-job.h"
#include "kab-rule-package-pane.h"
#include "kab-rules-page.h"
#include "kab-rules-wizard.h"

G_BEGIN_DECLS

struct _KabRulesPage
{
  KabPage             parent_instance;

  GtkStack           *modes;          /* list, wizard */
  KabItemView        *view;
  GtkWidget          *drafts;         /* what was begun and not published */
  GtkWidget          *drafts_text;
  GtkWidget          *list_start;
  GtkWidget          *list_end;
  GtkWidget          *view_button;
  GtkWidget          *edit_button;
  GtkWidget          *wizard_back;
  GtkWidget          *wizard_end;
  GtkWidget          *wizard_next;
  GMenuModel         *row_menu;
  GtkWidget          *empty;
  KabRulePackagePane *pane;

  KabSession         *session;        /* borrowed: the page's own */
  GListStore         *rules;          /* of KabRulePackage: those with rules */
  GPtrArray          *findings;       /* (nullable) (element-type KabLintFinding): the context's */
  gboolean            reading;        /* @rules are not those of the newest snapshot yet */
  char               *asked;          /* (nullable): a door that waits until the packages are read */
  GCancellable       *cancellable;    /* of what the page reads; renewed with the session and each snapshot */

  KabRulesWizard     *wizard;         /* (nullable): while a package is written */
  GCancellable       *opening;        /* (nullable): a document is being read */
  KabDraft           *draft;          /* (nullable): the newest that was left */
  guint               n_drafts;
};

/* kab-rules-page-wizard.c */
void            kab_rules_page_class_install_wizard (GtkWidgetClass   *widget_class);
/* (transfer none) */
void            kab_rules_page_begin                (KabRulesPage     *self,
                                                     KabRuleEditor    *editor);
/* Leaves the wizard; the draft is kept. */
void            kab_rules_page_leave                (KabRulesPage     *self);
void            kab_rules_page_update_wizard        (KabRulesPage     *self);

/* kab-rules-page-drafts.c */
void            kab_rules_page_class_install_drafts (GtkWidgetClass   *widget_class);
/* What is shown stays until it is read. */
void            kab_rules_page_read_drafts          (KabRulesPage     *self);
void            kab_rules_page_forget_drafts        (KabRulesPage     *self);

/* kab-rules-page-assign.c */
void            kab_rules_page_class_install_assign (GtkWidgetClass   *widget_class);

/* kab-rules-page.c */
KabRulePackage *kab_rules_page_dup_single           (KabRulesPage     *self);
void            kab_rules_page_update_subtitle      (KabRulesPage     *self);

G_END_DECLS
