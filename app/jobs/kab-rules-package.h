/* kab-rules-package.h: a rules document as a package, and back (wapt-package-format § 10)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KabPackageReader KabPackageReader;
typedef struct _KabRulesDocument KabRulesDocument;
typedef struct _KabSignIn KabSignIn;
typedef struct _KabSigner KabSigner;

/* Where the text form travels, beside the JSON that agents read */
#define KAB_RULES_PACKAGE_TEXT "WAPT/kabinet.rules"

/**
 * kab_rules_package_build:
 * @uuid: (nullable): fresh when %NULL
 * @date_usec: 0 = now
 *
 * Section wsus, architecture all, priority critical, min_wapt_version 1.7.3; the same JSON at both places, and the text.
 * The same document, version, signer, uuid and date give the same bytes. What comes out has been verified as an agent
 * verifies it.
 */
GBytes           *kab_rules_package_build (KabRulesDocument  *document,
                                           const char        *version,
                                           KabSigner         *signer,
                                           const char        *uuid,
                                           gint64             date_usec,
                                           GError           **error);
/* The document in a package, whose base it is then: what agents read, with the reasons and comments of the text.
 * @is_stale: (out) (optional): the text says something else, or cannot be read
 * KAB_ERROR_NOT_FOUND: it has no rules. Signatures are not looked at. */
KabRulesDocument *kab_rules_package_read  (KabPackageReader  *reader,
                                           gboolean          *is_stale,
                                           GError           **error);
KabRulesDocument *kab_rules_package_read_bytes (GBytes       *bytes,
                                                gboolean     *is_stale,
                                                GError      **error);
/* The same of a file on the server, as the index names it: downloads it. Blocks. */
KabRulesDocument *kab_rules_package_fetch (KabSignIn         *sign_in,
                                           const char        *file_name,
                                           gboolean          *is_stale,
                                           GCancellable      *cancellable,
                                           GError           **error);
/**
 * kab_rules_package_renew:
 * @maturity: that the package is about to have
 *
 * For signing a package again: a text that is stale is made anew of what agents read.
 *
 * Returns: (transfer full) (nullable): members for kab_package_resign(); %NULL when there is nothing to renew
 */
GHashTable       *kab_rules_package_renew (KabPackageReader  *reader,
                                           const char        *maturity);

G_END_DECLS
