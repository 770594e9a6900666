/* kab-revocation-list.h: an issuer's list of the certificates that it takes back (wapt-package-format § 5.2, § 11)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Never changes after new. */
#define KAB_TYPE_REVOCATION_LIST (kab_revocation_list_get_type ())
G_DECLARE_FINAL_TYPE (KabRevocationList, kab_revocation_list, KAB, REVOCATION_LIST, GObject)

/* DER, as in an index, or one block of PEM. KAB_ERROR_BAD_DATA. */
KabRevocationList *kab_revocation_list_new            (gconstpointer       data,
                                                       gsize               size,
                                                       GError            **error);
/* KAB_ERROR_NOT_FOUND, KAB_ERROR_STORAGE, KAB_ERROR_BAD_DATA */
KabRevocationList *kab_revocation_list_new_from_file  (const char         *path,
                                                       GError            **error);
/* Hex of the authority key id, "" when it has none: its name in an index */
const char        *kab_revocation_list_get_authority  (KabRevocationList  *self);
GBytes            *kab_revocation_list_get_der        (KabRevocationList  *self);    /* (transfer none) */
gint64             kab_revocation_list_get_next_update (KabRevocationList *self);    /* 0 = it does not say */

G_END_DECLS
