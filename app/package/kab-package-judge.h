/* kab-package-judge.h: would WAPT accept this file, and would that be safe?
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-reader.h"
#include "kab-revocation-list.h"

G_BEGIN_DECLS

typedef enum {
  KAB_JUDGEMENT_ACCEPTED,   /* every agent that trusts the signer takes it */
  KAB_JUDGEMENT_REFUSED,    /* WAPT refuses it */
  KAB_JUDGEMENT_UNSAFE,     /* an agent takes it, but not what people saw may be what was signed */
} KabJudgementOutcome;

/**
 * KabJudgement:
 * @code: short and stable, for programs: "good", "not-signed", "untrusted", "member-twice" …
 * @reason: one line
 * @package: (nullable): %NULL when no control could be read
 * @signature: (nullable): likewise
 */
typedef struct {
  KabJudgementOutcome  outcome;
  const char          *code;
  char                *reason;
  KabPackage          *package;
  KabSignature        *signature;
} KabJudgement;

const char   *kab_judgement_outcome_get_text (KabJudgementOutcome   outcome);   /* "accepted", "refused", "unsafe" */
void          kab_judgement_free             (KabJudgement         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabJudgement, kab_judgement_free)

/**
 * kab_package_judge:
 * @trusted: (element-type KabCertificate): the agent's ssl folder
 * @lists: (nullable) (element-type KabRevocationList)
 *
 * Reads the archive as agents do, who believe what no honest writer makes: the last of two members of one name, names
 * that climb, a program in front. Such a package is never ACCEPTED.
 *
 * Returns: %NULL only when the file cannot be read: KAB_ERROR_NOT_FOUND, KAB_ERROR_STORAGE; or when only its host can
 *   read it: KAB_ERROR_UNSUPPORTED (§ 5.4)
 */
KabJudgement *kab_package_judge              (const char           *path,
                                              GPtrArray            *trusted,
                                              GPtrArray            *lists,
                                              gint64                now,
                                              GError              **error);
KabJudgement *kab_package_judge_bytes        (GBytes               *bytes,
                                              GPtrArray            *trusted,
                                              GPtrArray            *lists,
                                              gint64                now,
                                              GError              **error);

G_END_DECLS
