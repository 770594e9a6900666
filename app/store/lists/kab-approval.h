/* kab-approval.h: one line of the approval log, and one draft: what people decided, and what they have not yet
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * KabApproval: one change of one package on the server, and who is behind it. Texts are never %NULL; members are
 * read-only to readers.
 *
 * @deed: "publish", "upload", "promote", "roll-back", "delete", "assign", "unassign", "forbid"
 * @who: the account on the server
 * @person: who sat there: "marie@adm-03"
 * @package: its name; of an assignment what was assigned, by commas, while version, uuid and hash are of the target's package
 * @sha256: of the file that was published, or, for "delete", of the one that is gone; its copy is kept by that name
 * @target: of an assignment: "host uuid", "unit DN", "group name", "profile name"; else ""
 * @gate: state of the gate in one line; begins with "overridden: " where people went on against it; "" without a gate
 * @note: what was attached (forecast, lint), and files that could not be removed
 */
#define KAB_TYPE_APPROVAL (kab_approval_get_type ())
G_DECLARE_FINAL_TYPE (KabApproval, kab_approval, KAB, APPROVAL, GObject)
struct _KabApproval
{
  GObject  parent_instance;

  gint64   id;
  gint64   at;
  char    *deed;
  char    *who;
  char    *person;
  char    *package;
  char    *version;
  char    *maturity;
  char    *package_uuid;
  char    *file_name;
  char    *sha256;
  char    *target;
  char    *signer;
  char    *signer_fingerprint;
  char    *reason;
  char    *gate;
  char    *note;
};

/**
 * KabDraft: something that is written and not published.
 *
 * @text: a rules document as text
 * @extra: whatever else its editor wants to find again (step, targets); any text
 */
#define KAB_TYPE_DRAFT (kab_draft_get_type ())
G_DECLARE_FINAL_TYPE (KabDraft, kab_draft, KAB, DRAFT, GObject)
struct _KabDraft
{
  GObject  parent_instance;

  char    *id;
  gint64   changed_at;
  char    *name;
  char    *text;
  char    *extra;
};

G_END_DECLS
