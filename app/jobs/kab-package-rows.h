/* kab-package-rows.h: the rows of one deed: its thread writes them, the main loop shows them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"

G_BEGIN_DECLS

typedef struct _KabPackageRows KabPackageRows;

KabPackageRows *kab_package_rows_new      (void);
void            kab_package_rows_free     (KabPackageRows       *self);
/* (transfer none): of KabPackageRow; what kab_package_rows_publish() left there. Main thread */
GListModel     *kab_package_rows_get_list (KabPackageRows       *self);
void            kab_package_rows_publish  (KabPackageRows       *self);

/* Any thread. @name: (nullable): its id. Returns: its number */
guint           kab_package_rows_add      (KabPackageRows       *self,
                                           const char           *id,
                                           const char           *name);
/* NULL keeps a text */
void            kab_package_rows_set      (KabPackageRows       *self,
                                           guint                 row,
                                           KabPackageStepState   state,
                                           const char           *message,
                                           const char           *signer);
guint           kab_package_rows_count    (KabPackageRows       *self,
                                           KabPackageStepState   state);

G_END_DECLS
