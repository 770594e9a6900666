/* kab-bulk-numbers.h: the server's numbers of updates and the mirror's
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KabBulkNumbers: a bulk answer names updates by the server's numbers, which hold for one epoch. States of today may name
 * a number that was told weeks ago, so the table is kept in the mirror as text: "n number update_id", one a line.
 */
typedef struct _KabBulkNumbers KabBulkNumbers;

KabBulkNumbers *kab_bulk_numbers_new       (const char     *text);     /* NULL or damaged: empty */
void            kab_bulk_numbers_free      (KabBulkNumbers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabBulkNumbers, kab_bulk_numbers_free)

void            kab_bulk_numbers_clear     (KabBulkNumbers *self);
void            kab_bulk_numbers_set       (KabBulkNumbers *self,
                                            guint32         n,
                                            guint32         number,
                                            const char     *update_id);
void            kab_bulk_numbers_remove    (KabBulkNumbers *self,
                                            guint32         n);
guint32         kab_bulk_numbers_get       (KabBulkNumbers *self,      /* the mirror's; 0 = not known */
                                            guint32         n);
const char     *kab_bulk_numbers_get_id    (KabBulkNumbers *self,      /* NULL = not known */
                                            guint32         n);
guint           kab_bulk_numbers_count     (KabBulkNumbers *self);
gboolean        kab_bulk_numbers_changed   (KabBulkNumbers *self);     /* since it was made of text */
char           *kab_bulk_numbers_to_text   (KabBulkNumbers *self);

G_END_DECLS
