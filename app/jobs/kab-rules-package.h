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
/* The document in a package, whose base it is then: its text where that agrees with the JSON, else what agents read.
 * KAB_ERROR_NOT_FOUND: it has no rules. Signatures are not looked at. */
KabRulesDocument *kab_rules_package_read  (KabPackageReader  *reader,
                                           GError           **error);
KabRulesDocument *kab_rules_package_read_bytes (GBytes       *bytes,
                                                GError      **error);
/* The same of a file on the server, as the index names it: downloads it. Blocks. */
KabRulesDocument *kab_rules_package_fetch (KabSignIn         *sign_in,
                                           const char        *file_name,
                                           GCancellable      *cancellable,
                                           GError           **error);

G_END_DECLS
