/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-editor-private.h"

#include "kab-assign-selection.h"
#include "kab-error.h"

#define SETTLE_MS 250       /* after the last change */
#define MAX_UNDO 200

G_DEFINE_FINAL_TYPE (KabRuleEditor, kab_rule_editor, G_TYPE_OBJECT)

enum {
  CHANGED,
  FORECAST,
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void queue_settle (KabRuleEditor *self);

void
kab_rule_editor_emit_changed (KabRuleEditor *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kab_rule_editor_emit_forecast (KabRuleEditor *self)
{
  g_signal_emit (self, signals[FORECAST], 0);
}

static void
context_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesContext) context = kab_session_read_rules_context_finish (KAB_SESSION (source), result, &error);
  KabRuleEditor *self;

  if (context == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("no forecast: %s", error->message);
      return;
    }

  self = KAB_RULE_EDITOR (user_data);
  g_set_object (&self->context, context);
  kab_rule_editor_lint (self);
  g_signal_emit (self, signals[CHANGED], 0);
  kab_rule_editor_restart (self);
}

static void
read_context (KabRuleEditor *self)
{
  kab_session_read_rules_context_async (self->session, self->cancellable, context_read_cb, self);
}

/* Changes */

static gboolean
settle_cb (gpointer user_data)
{
  KabRuleEditor *self = KAB_RULE_EDITOR (user_data);
  g_autofree char *text = kab_rules_document_to_text (self->document);

  self->settle_id = 0;
  if (!g_str_equal (text, self->text))
    {
      if (!self->restoring)
        {
          g_ptr_array_set_size (self->redo, 0);
          g_ptr_array_add (self->undo, g_steal_pointer (&self->text));
          if (self->undo->len > MAX_UNDO)
            g_ptr_array_remove_index (self->undo, 0);
        }
      g_free (self->text);
      self->text = g_steal_pointer (&text);
    }
  self->restoring = FALSE;
  self->unsaved = TRUE;
  kab_rule_editor_lint (self);
  g_signal_emit (self, signals[CHANGED], 0);
  kab_rule_editor_restart (self);
  kab_rule_editor_flush (self);

  return G_SOURCE_REMOVE;
}

void
kab_rule_editor_settle (KabRuleEditor *self)
{
  if (self->settle_id == 0)
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  settle_cb (self);
}

void
kab_rule_editor_emit_saved (KabRuleEditor *self)
{
  g_signal_emit (self, signals[SAVED], 0);
}

static void
queue_settle (KabRuleEditor *self)
{
  self->current = FALSE;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

/* The document is the same object for all its views; its content becomes that of @other. */
static void
take_content (KabRulesDocument *document,
              KabRulesDocument *other)
{
  GPtrArray *lines;
  g_autoptr(KabRulesDocument) before = kab_rules_document_copy (document);

  lines = kab_rules_document_get_lines (before);
  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];

      if (kab_rules_document_find (other, line->list, line->value) == NULL)
        kab_rules_document_remove (document, line->list, line->value);
    }
  lines = kab_rules_document_get_lines (other);
  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];

      kab_rules_document_put (document, line->list, line->value, line->reason);
      if (*line->comment != '\0')
        kab_rules_document_set_comment (document, line->list, line->value, line->comment);
    }
  kab_rules_document_set_include_superseded (document, kab_rules_document_get_include_superseded (other));
}

static void
restore (KabRuleEditor *self,
         GPtrArray     *from,
         GPtrArray     *to)
{
  g_autofree char *text = NULL;
  g_autoptr(KabRulesDocument) document = NULL;

  kab_rule_editor_settle (self);
  if (from->len == 0)
    return;

  text = g_ptr_array_steal_index (from, from->len - 1);
  document = kab_rules_document_new_from_text (text, -1, NULL);
  if (document == NULL)
    return;

  g_ptr_array_add (to, g_strdup (self->text));
  take_content (self->document, document);
  kab_rules_document_set_name (self->document, kab_rules_document_get_name (document));
  kab_rules_document_set_description (self->document, kab_rules_document_get_description (document));
  kab_rules_document_set_maturity (self->document, kab_rules_document_get_maturity (document));
  self->restoring = TRUE;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  settle_cb (self);
}

static void
kab_rule_editor_dispose (GObject *object)
{
  KabRuleEditor *self = KAB_RULE_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->linting);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  kab_rule_editor_drop_job (self);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  G_OBJECT_CLASS (kab_rule_editor_parent_class)->dispose (object);
}

static void
kab_rule_editor_finalize (GObject *object)
{
  KabRuleEditor *self = KAB_RULE_EDITOR (object);

  g_clear_object (&self->session);
  g_clear_object (&self->document);
  g_clear_object (&self->base);
  g_array_unref (self->targets);
  g_clear_object (&self->context);
  g_clear_object (&self->forecast);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  g_clear_object (&self->linting);
  g_ptr_array_unref (self->undo);
  g_ptr_array_unref (self->redo);
  g_free (self->base_version);
  g_free (self->text);
  g_free (self->draft_id);

  G_OBJECT_CLASS (kab_rule_editor_parent_class)->finalize (object);
}

static void
kab_rule_editor_class_init (KabRuleEditorClass *klass)
{
  static const char * const names[N_SIGNALS] = { "changed", "forecast", "saved" };

  G_OBJECT_CLASS (klass)->dispose = kab_rule_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_rule_editor_finalize;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], KAB_TYPE_RULE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
kab_rule_editor_init (KabRuleEditor *self)
{
  self->targets = kab_assign_targets_new ();
  self->delay_seconds = -1;
  self->tried_delay = -1;
  self->cancellable = g_cancellable_new ();
  self->undo = g_ptr_array_new_with_free_func (g_free);
  self->redo = g_ptr_array_new_with_free_func (g_free);
}

static void
begin (KabRuleEditor    *self,
       KabSession       *session,
       KabRulesDocument *document)
{
  self->session = g_object_ref (session);
  self->document = g_object_ref (document);
  self->text = kab_rules_document_to_text (document);
  g_signal_connect_swapped (document, "changed", G_CALLBACK (queue_settle), self);
  g_signal_connect_swapped (session, "notify::snapshot", G_CALLBACK (read_context), self);
  read_context (self);
}

KabRuleEditor *
kab_rule_editor_new (KabSession       *session,
                     KabRulesDocument *document)
{
  KabRuleEditor *self = g_object_new (KAB_TYPE_RULE_EDITOR, NULL);

  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (document), NULL);

  begin (self, session, document);
  if (kab_rule_editor_is_edit (self))
    {
      self->base = kab_rules_document_copy (document);
      self->base_version = g_strdup (kab_rules_document_get_base_version (document));
    }

  return self;
}

KabRuleEditor *
kab_rule_editor_new_from_draft (KabSession  *session,
                                KabDraft    *draft,
                                GError     **error)
{
  g_autoptr(KabRulesDocument) document = NULL;
  KabRuleEditor *self;

  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);
  g_return_val_if_fail (KAB_IS_DRAFT (draft), NULL);

  document = kab_rules_document_new_from_text (draft->text, -1, error);
  if (document == NULL)
    return NULL;

  self = g_object_new (KAB_TYPE_RULE_EDITOR, NULL);
  self->draft_id = g_strdup (draft->id);
  kab_rule_editor_read_extra (self, draft->extra);
  begin (self, session, document);

  return self;
}

KabSession *
kab_rule_editor_get_session (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->session;
}

KabRulesDocument *
kab_rule_editor_get_document (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->document;
}

gboolean
kab_rule_editor_is_edit (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);

  return *kab_rules_document_get_base_version (self->document) != '\0';
}

/* (nullable): what the document's number stands for, as the server has it */
static KabRulesDocument *
find_base (KabRuleEditor *self)
{
  const char *name = kab_rules_document_get_name (self->document);
  const char *version = kab_rules_document_get_base_version (self->document);
  const char *uuid = kab_rules_document_get_base_uuid (self->document);
  KabRuleSet *rules = kab_rules_context_get_rules (self->context, name, version);
  GPtrArray *packages = kab_rules_context_get_packages (self->context);

  for (guint i = 0; rules != NULL && i < packages->len; i++)
    {
      KabPackage *package = packages->pdata[i];

      if (g_str_equal (kab_package_get_name (package), name) &&
          g_str_equal (kab_package_get_version (package), version) &&
          g_str_equal (kab_package_get (package, "package_uuid"), uuid))
        return kab_rules_document_new_from_rules (rules, package);
    }

  return NULL;
}

KabRulesDocument *
kab_rule_editor_get_base (KabRuleEditor *self)
{
  const char *version;

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  /* A draft, or what was taken over, has only its number; the server still knows the rest. */
  version = kab_rules_document_get_base_version (self->document);
  if (g_strcmp0 (self->base_version, version) != 0 && self->context != NULL)
    {
      g_clear_object (&self->base);
      g_clear_pointer (&self->base_version, g_free);
      self->base = find_base (self);
      if (self->base != NULL)
        self->base_version = g_strdup (version);
    }

  return self->base;
}

KabRulesContext *
kab_rule_editor_get_context (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->context;
}

void
kab_rule_editor_start_from (KabRuleEditor    *self,
                            KabRulesDocument *other)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (other));

  take_content (self->document, other);
}

GArray *
kab_rule_editor_get_targets (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->targets;
}

void
kab_rule_editor_set_targets (KabRuleEditor *self,
                             GArray        *targets)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));
  g_return_if_fail (targets != NULL);

  g_array_ref (targets);
  g_array_unref (self->targets);
  self->targets = targets;
  queue_settle (self);
}

void
kab_rule_editor_assume (KabRuleEditor *self,
                        KabTristate    default_allow,
                        gint64         delay_seconds)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (self->default_allow == default_allow && self->delay_seconds == delay_seconds)
    return;
  self->default_allow = default_allow;
  self->delay_seconds = delay_seconds;
  queue_settle (self);
}

gboolean
kab_rule_editor_can_undo (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);

  return self->undo->len > 0;
}

gboolean
kab_rule_editor_can_redo (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);

  return self->redo->len > 0;
}

void
kab_rule_editor_undo (KabRuleEditor *self)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  restore (self, self->undo, self->redo);
}

void
kab_rule_editor_redo (KabRuleEditor *self)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  restore (self, self->redo, self->undo);
}

void
kab_rule_editor_set_step (KabRuleEditor *self,
                          guint          step)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (self->step == step)
    return;
  self->step = step;
  self->unsaved = TRUE;
  if (self->settle_id == 0)
    kab_rule_editor_flush (self);
}

guint
kab_rule_editor_get_step (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), 0);

  return self->step;
}
