/* kab-deed-dialog.h: base of dialogs that do something to packages: what is asked, how it goes, what came of it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-deed-view.h"
#include "kab-session.h"

G_BEGIN_DECLS

#define KAB_TYPE_DEED_DIALOG (kab_deed_dialog_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabDeedDialog, kab_deed_dialog, KAB, DEED_DIALOG, AdwWindow)

/**
 * KabDeedDialogClass:
 * @start: as KabDeedFunc
 * @dup_told: (nullable): what the toast with Undo says: the dialog closes when all went well. Its answer may be %NULL:
 *   nothing was done. Without it what came of the deed stays in sight, and the main window tells of it.
 *
 * A deed that runs goes on without its window, which comes back when it did not end well.
 *
 * Property "form": what is asked. Action "deed.start": the button of the deed.
 */
struct _KabDeedDialogClass
{
  AdwWindowClass parent_class;

  KabPackageJob * (*start)    (KabDeedDialog       *self,
                               const char * const  *accepted,
                               char               **done_text);
  char *          (*dup_told) (KabDeedDialog       *self);
};

/* Shows the dialog. */
void          kab_deed_dialog_begin           (KabDeedDialog *self,
                                               GtkWidget     *from,
                                               KabSession    *session,
                                               const char    *title);
KabSession   *kab_deed_dialog_get_session     (KabDeedDialog *self);
/* Cancelled when the dialog goes */
GCancellable *kab_deed_dialog_get_cancellable (KabDeedDialog *self);
KabDeedView  *kab_deed_dialog_get_view        (KabDeedDialog *self);
/* (nullable): whose toasts tell of it */
GtkWidget    *kab_deed_dialog_get_parent      (KabDeedDialog *self);

/* The button: its label with mnemonic, and whether it destroys */
void          kab_deed_dialog_set_deed        (KabDeedDialog *self,
                                               const char    *label,
                                               gboolean       destructive);
void          kab_deed_dialog_focus_deed      (KabDeedDialog *self);
/* Why it cannot be done now; NULL = it can */
void          kab_deed_dialog_set_obstacle    (KabDeedDialog *self,
                                               const char    *why);
/* From what came of it to what is asked */
void          kab_deed_dialog_go_back         (KabDeedDialog *self);

G_END_DECLS
