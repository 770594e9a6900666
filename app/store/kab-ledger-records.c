/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-ledger-deeds.h"
#include "kab-ledger-private.h"

G_DEFINE_FINAL_TYPE (KabApproval, kab_approval, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (KabDraft, kab_draft, G_TYPE_OBJECT)

static const gsize offsets[] = {
  G_STRUCT_OFFSET (KabApproval, deed),
  G_STRUCT_OFFSET (KabApproval, who),
  G_STRUCT_OFFSET (KabApproval, person),
  G_STRUCT_OFFSET (KabApproval, package),
  G_STRUCT_OFFSET (KabApproval, version),
  G_STRUCT_OFFSET (KabApproval, maturity),
  G_STRUCT_OFFSET (KabApproval, package_uuid),
  G_STRUCT_OFFSET (KabApproval, file_name),
  G_STRUCT_OFFSET (KabApproval, sha256),
  G_STRUCT_OFFSET (KabApproval, target),
  G_STRUCT_OFFSET (KabApproval, signer),
  G_STRUCT_OFFSET (KabApproval, signer_fingerprint),
  G_STRUCT_OFFSET (KabApproval, reason),
  G_STRUCT_OFFSET (KabApproval, gate),
  G_STRUCT_OFFSET (KabApproval, note),
};

G_STATIC_ASSERT (G_N_ELEMENTS (offsets) == KAB_N_APPROVAL_TEXTS);

char **
kab_approval_text (KabApproval *self,
                   int          i)
{
  return (char **) (gpointer) ((guint8 *) self + offsets[i]);
}

static void
kab_approval_finalize (GObject *object)
{
  for (int i = 0; i < KAB_N_APPROVAL_TEXTS; i++)
    g_free (*kab_approval_text (KAB_APPROVAL (object), i));

  G_OBJECT_CLASS (kab_approval_parent_class)->finalize (object);
}

static void
kab_approval_class_init (KabApprovalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_approval_finalize;
}

static void
kab_approval_init (KabApproval *self)
{
  for (int i = 0; i < KAB_N_APPROVAL_TEXTS; i++)
    *kab_approval_text (self, i) = g_strdup ("");
}

KabApproval *
kab_approval_new (const char *deed)
{
  KabApproval *self = g_object_new (KAB_TYPE_APPROVAL, NULL);

  g_free (self->deed);
  self->deed = g_strdup (deed);

  return self;
}

static void
kab_draft_finalize (GObject *object)
{
  KabDraft *self = KAB_DRAFT (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->text);
  g_free (self->extra);

  G_OBJECT_CLASS (kab_draft_parent_class)->finalize (object);
}

static void
kab_draft_class_init (KabDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_draft_finalize;
}

static void
kab_draft_init (KabDraft *self)
{
}

static void
step_free (gpointer data)
{
  KabJournalStep *step = data;

  g_free (step->section);
  g_free (step->expected);
  g_free (step->file_name);
  g_free (step->message);
  g_clear_object (&step->approval);
  g_free (step);
}

KabJournalEntry *
kab_journal_entry_new (const char *deed)
{
  KabJournalEntry *self = g_new0 (KabJournalEntry, 1);

  self->deed = g_strdup (deed);
  self->steps = g_ptr_array_new_with_free_func (step_free);

  return self;
}

void
kab_journal_entry_free (KabJournalEntry *self)
{
  if (self == NULL)
    return;

  g_free (self->deed);
  g_free (self->draft_id);
  g_ptr_array_unref (self->steps);
  g_free (self);
}

KabJournalStep *
kab_journal_entry_add (KabJournalEntry *self,
                       KabStepKind      kind)
{
  KabJournalStep *step = g_new0 (KabJournalStep, 1);

  step->kind = kind;
  step->approval = kab_approval_new (self->deed);
  g_ptr_array_add (self->steps, step);

  return step;
}
