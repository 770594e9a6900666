/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-editor-private.h"

#include <string.h>

#include "kab-assign-selection.h"

/* Group of the extra text */
#define WIZARD "wizard"

static char *
describe_extra (KabRuleEditor *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, WIZARD, "step", (int) self->step);
  g_key_file_set_integer (file, WIZARD, "default-allow", self->default_allow);
  g_key_file_set_int64 (file, WIZARD, "delay", self->delay_seconds);
  for (guint i = 0; i < self->targets->len; i++)
    {
      const KabAssignTarget *target = &g_array_index (self->targets, KabAssignTarget, i);
      g_autofree char *group = g_strdup_printf ("target %u", i);

      g_key_file_set_integer (file, group, "kind", target->kind);
      g_key_file_set_string (file, group, "target", target->target);
      g_key_file_set_string (file, group, "name", target->name != NULL ? target->name : target->target);
    }

  return g_key_file_to_data (file, NULL, NULL);
}

void
kab_rule_editor_read_extra (KabRuleEditor *self,
                            const char    *extra)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  int step, allow;

  if (!g_key_file_load_from_data (file, extra, strlen (extra), G_KEY_FILE_NONE, NULL))
    return;

  step = g_key_file_get_integer (file, WIZARD, "step", NULL);
  allow = g_key_file_get_integer (file, WIZARD, "default-allow", NULL);
  self->step = (guint) CLAMP (step, 0, 5);
  self->default_allow = (KabTristate) CLAMP (allow, 0, (int) KAB_TRISTATE_TRUE);
  self->delay_seconds = g_key_file_has_key (file, WIZARD, "delay", NULL)
                        ? MAX (-1, g_key_file_get_int64 (file, WIZARD, "delay", NULL)) : -1;
  for (guint i = 0;; i++)
    {
      g_autofree char *group = g_strdup_printf ("target %u", i);
      g_autofree char *target = g_key_file_get_string (file, group, "target", NULL);
      g_autofree char *name = g_key_file_get_string (file, group, "name", NULL);
      int kind = g_key_file_get_integer (file, group, "kind", NULL);

      if (target == NULL)
        break;
      if (kind >= 0 && kind < KAB_N_TARGET_KINDS)
        kab_assign_targets_add (self->targets, (KabTargetKind) kind, target, name);
    }
}

static void
draft_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(KabRuleEditor) self = KAB_RULE_EDITOR (user_data);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = kab_session_save_draft_finish (KAB_SESSION (source), result, &error);

  self->n_saving--;
  if (id == NULL)
    {
      g_info ("the draft is not saved: %s", error->message);
      self->unsaved = TRUE;
      return;
    }

  if (self->unsaved && !self->let_go)
    kab_rule_editor_flush (self);
  else
    kab_rule_editor_emit_saved (self);
}

void
kab_rule_editor_flush (KabRuleEditor *self)
{
  g_autofree char *extra = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (!self->unsaved || self->let_go)
    return;

  if (self->draft_id == NULL)
    self->draft_id = g_uuid_string_random ();
  self->unsaved = FALSE;
  self->n_saving++;
  text = kab_rules_document_to_text (self->document);
  extra = describe_extra (self);
  kab_session_save_draft_async (self->session, self->draft_id, kab_rules_document_get_name (self->document), text, extra,
                                NULL, draft_saved_cb, g_object_ref (self));
}

const char *
kab_rule_editor_get_draft_id (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->draft_id;
}

gboolean
kab_rule_editor_is_saved (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);

  return self->draft_id != NULL && self->n_saving == 0 && !self->unsaved && self->settle_id == 0;
}

KabDraft *
kab_rule_editor_dup_draft (KabRuleEditor *self)
{
  KabDraft *draft = g_object_new (KAB_TYPE_DRAFT, NULL);

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), draft);

  draft->id = g_strdup (self->draft_id != NULL ? self->draft_id : "");
  draft->changed_at = g_get_real_time () / G_USEC_PER_SEC;
  draft->name = g_strdup (kab_rules_document_get_name (self->document));
  draft->text = kab_rules_document_to_text (self->document);
  draft->extra = describe_extra (self);

  return draft;
}

void
kab_rule_editor_let_go (KabRuleEditor *self,
                        gboolean       discard)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (!discard)
    kab_rule_editor_settle (self);
  if (!discard)
    kab_rule_editor_flush (self);
  self->let_go = TRUE;
  self->watched = FALSE;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  kab_rule_editor_drop_job (self);
  if (discard && self->draft_id != NULL)
    kab_session_discard_draft_async (self->session, self->draft_id, NULL, NULL, NULL);
}
