/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-rules-document-private.h"

#define MAX_VALUE 4096       /* bytes of a value; ids take 45, titles of products a hundred */

G_DEFINE_FINAL_TYPE (KabRulesDocument, kab_rules_document, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
line_free (gpointer data)
{
  KabRulesLine *line = data;

  g_free (line->value);
  g_free (line->reason);
  g_free (line->comment);
  g_free (line);
}

static void
kab_rules_document_finalize (GObject *object)
{
  KabRulesDocument *self = KAB_RULES_DOCUMENT (object);

  g_free (self->name);
  g_free (self->description);
  g_free (self->maturity);
  g_free (self->base_version);
  g_free (self->base_uuid);
  g_strfreev (self->unknown_keys);
  for (guint i = 0; i < KAB_N_RULES_COMMENTS; i++)
    g_free (self->comments[i]);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);

  G_OBJECT_CLASS (kab_rules_document_parent_class)->finalize (object);
}

static void
kab_rules_document_class_init (KabRulesDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rules_document_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KAB_TYPE_RULES_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static guint
line_hash (gconstpointer key)
{
  const KabRulesLine *line = key;

  return g_str_hash (line->value) ^ ((guint) line->list * 0x9e3779b9u);
}

static gboolean
line_equal (gconstpointer a,
            gconstpointer b)
{
  const KabRulesLine *left = a;
  const KabRulesLine *right = b;

  return left->list == right->list && strcmp (left->value, right->value) == 0;
}

static int
line_compare (gconstpointer a,
              gconstpointer b)
{
  const KabRulesLine *left = *(const KabRulesLine * const *) a;
  const KabRulesLine *right = *(const KabRulesLine * const *) b;

  return left->list != right->list ? (int) left->list - (int) right->list : strcmp (left->value, right->value);
}

static void
kab_rules_document_init (KabRulesDocument *self)
{
  self->name = g_strdup ("");
  self->description = g_strdup ("");
  self->maturity = g_strdup ("PREPROD");
  self->base_version = g_strdup ("");
  self->base_uuid = g_strdup ("");
  self->unknown_keys = g_new0 (char *, 1);
  for (guint i = 0; i < KAB_N_RULES_COMMENTS; i++)
    self->comments[i] = g_strdup ("");
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->known = g_hash_table_new (line_hash, line_equal);
}

void
kab_rules_document_changed (KabRulesDocument *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
kab_rules_document_set_text (KabRulesDocument  *self,
                             char             **text,
                             const char        *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  if (strcmp (*text, valid) == 0)
    return;

  g_free (*text);
  *text = g_steal_pointer (&valid);
  kab_rules_document_changed (self);
}

KabRulesDocument *
kab_rules_document_new (const char *name)
{
  KabRulesDocument *self = g_object_new (KAB_TYPE_RULES_DOCUMENT, NULL);

  if (name != NULL)
    kab_rules_document_set_name (self, name);
  return self;
}

/* At the end, without order: kab_rules_document_sort() follows. FALSE: it is there already, or cannot be a line. */
KabRulesLine *
kab_rules_document_append (KabRulesDocument *self,
                           KabRuleList       list,
                           const char       *value)
{
  KabRulesLine *line;
  gsize length = strlen (value);
  KabRulesLine key = { .list = list, .value = (char *) value };

  if (length == 0 || length > MAX_VALUE || self->lines->len >= KAB_RULES_DOCUMENT_MAX_LINES ||
      !g_utf8_validate (value, (gssize) length, NULL) || g_hash_table_contains (self->known, &key))
    return NULL;

  line = g_new0 (KabRulesLine, 1);
  line->list = list;
  line->value = g_strdup (value);
  line->reason = g_strdup ("");
  line->comment = g_strdup ("");
  g_ptr_array_add (self->lines, line);
  g_hash_table_add (self->known, line);
  return line;
}

void
kab_rules_document_sort (KabRulesDocument *self)
{
  g_ptr_array_sort (self->lines, line_compare);
}

/* What a control says beats what a text says: the control is what agents act on. */
static void
take_package (KabRulesDocument *self,
              KabPackage       *package)
{
  kab_rules_document_set_name (self, kab_package_get_name (package));
  kab_rules_document_set_description (self, kab_package_get (package, "description"));
  kab_rules_document_set_maturity (self, kab_package_get_maturity (package));
  kab_rules_document_set_base (self, kab_package_get_version (package), kab_package_get (package, "package_uuid"));
}

KabRulesDocument *
kab_rules_document_new_from_rules (KabRuleSet *rules,
                                   KabPackage *package)
{
  KabRulesDocument *self = kab_rules_document_new (NULL);

  g_return_val_if_fail (KAB_IS_RULE_SET (rules), NULL);

  for (KabRuleList list = 0; list < KAB_N_RULE_LISTS; list++)
    {
      const char * const *values = kab_rule_set_get_list (rules, list);

      for (guint i = 0; values[i] != NULL; i++)
        kab_rules_document_append (self, list, values[i]);
    }
  kab_rules_document_sort (self);
  self->include_superseded = kab_rule_set_get_include_superseded (rules);
  self->default_allow = kab_rule_set_get_default_allow (rules);
  g_strfreev (self->unknown_keys);
  self->unknown_keys = g_strdupv ((char **) kab_rule_set_get_dropped_keys (rules));
  if (package != NULL)
    take_package (self, package);

  return self;
}

KabRulesDocument *
kab_rules_document_new_from_package (KabRuleSet *rules,
                                     KabPackage *package,
                                     const char *text,
                                     gssize      length)
{
  g_autoptr(KabRulesDocument) self = kab_rules_document_new_from_rules (rules, package);
  g_autoptr(KabRulesDocument) written = NULL;

  if (text != NULL)
    written = kab_rules_document_new_from_text (text, length, NULL);
  if (written == NULL)
    return g_steal_pointer (&self);

  for (guint i = 0; i < KAB_N_RULES_COMMENTS; i++)
    {
      g_free (self->comments[i]);
      self->comments[i] = g_strdup (written->comments[i]);
    }
  for (guint i = 0; i < written->lines->len; i++)
    {
      KabRulesLine *from = written->lines->pdata[i];
      KabRulesLine *into = g_hash_table_lookup (self->known, from);

      if (into == NULL)
        continue;
      g_free (into->reason);
      g_free (into->comment);
      into->reason = g_strdup (from->reason);
      into->comment = g_strdup (from->comment);
    }

  return g_steal_pointer (&self);
}

KabRulesDocument *
kab_rules_document_copy (KabRulesDocument *self)
{
  KabRulesDocument *copy = kab_rules_document_new (NULL);

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), NULL);

  kab_rules_document_set_name (copy, self->name);
  kab_rules_document_set_description (copy, self->description);
  kab_rules_document_set_maturity (copy, self->maturity);
  kab_rules_document_set_base (copy, self->base_version, self->base_uuid);
  copy->include_superseded = self->include_superseded;
  copy->default_allow = self->default_allow;
  g_strfreev (copy->unknown_keys);
  copy->unknown_keys = g_strdupv (self->unknown_keys);
  for (guint i = 0; i < KAB_N_RULES_COMMENTS; i++)
    {
      g_free (copy->comments[i]);
      copy->comments[i] = g_strdup (self->comments[i]);
    }
  for (guint i = 0; i < self->lines->len; i++)
    {
      const KabRulesLine *from = self->lines->pdata[i];
      KabRulesLine *line = kab_rules_document_append (copy, from->list, from->value);

      g_free (line->reason);
      g_free (line->comment);
      line->reason = g_strdup (from->reason);
      line->comment = g_strdup (from->comment);
      line->line_number = from->line_number;
    }

  return copy;
}

KabRuleSet *
kab_rules_document_to_rules (KabRulesDocument *self,
                             const char       *origin)
{
  KabRuleSetBuilder *builder;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), NULL);

  builder = kab_rule_set_builder_new (origin != NULL ? origin : self->name);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const KabRulesLine *line = self->lines->pdata[i];

      kab_rule_set_builder_add (builder, line->list, line->value);
    }
  kab_rule_set_builder_set_default_allow (builder, self->default_allow);
  kab_rule_set_builder_set_include_superseded (builder, self->include_superseded);

  return kab_rule_set_builder_end (builder);
}

gboolean
kab_rules_document_agrees (KabRulesDocument *self,
                           KabRuleSet       *rules)
{
  guint n = 0;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), FALSE);
  g_return_val_if_fail (KAB_IS_RULE_SET (rules), FALSE);

  for (KabRuleList list = 0; list < KAB_N_RULE_LISTS; list++)
    {
      const char * const *values = kab_rule_set_get_list (rules, list);

      for (guint i = 0; values[i] != NULL; i++, n++)
        if (kab_rules_document_find (self, list, values[i]) == NULL)
          return FALSE;
    }

  return n == self->lines->len && self->include_superseded == kab_rule_set_get_include_superseded (rules) &&
         self->default_allow == kab_rule_set_get_default_allow (rules);
}

GPtrArray *
kab_rules_document_get_lines (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), NULL);

  return self->lines;
}

guint
kab_rules_document_count (KabRulesDocument *self,
                          KabRuleList       list)
{
  guint n = 0;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), 0);

  for (guint i = 0; i < self->lines->len; i++)
    n += ((const KabRulesLine *) self->lines->pdata[i])->list == list;

  return n;
}

static KabRulesLine *
find_line (KabRulesDocument *self,
           KabRuleList       list,
           const char       *value)
{
  KabRulesLine key = { .list = list, .value = (char *) value };

  return g_hash_table_lookup (self->known, &key);
}

const KabRulesLine *
kab_rules_document_find (KabRulesDocument *self,
                         KabRuleList       list,
                         const char       *value)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), NULL);
  g_return_val_if_fail (value != NULL, NULL);

  return find_line (self, list, value);
}

static gboolean
remove_line (KabRulesDocument *self,
             KabRuleList       list,
             const char       *value)
{
  KabRulesLine *line = find_line (self, list, value);
  guint position;

  if (line == NULL || !g_ptr_array_find (self->lines, line, &position))
    return FALSE;

  g_hash_table_remove (self->known, line);
  g_ptr_array_remove_index (self->lines, position);
  return TRUE;
}

/* The list that says the opposite; FALSE: categories cannot be forbidden. */
gboolean
kab_rule_list_get_opposite (KabRuleList  list,
                            KabRuleList *opposite)
{
  switch (list)
    {
    case KAB_RULE_FORBIDDEN_UPDATES:
      *opposite = KAB_RULE_ALLOWED_UPDATES;
      return TRUE;
    case KAB_RULE_FORBIDDEN_KBS:
      *opposite = KAB_RULE_ALLOWED_KBS;
      return TRUE;
    case KAB_RULE_ALLOWED_UPDATES:
      *opposite = KAB_RULE_FORBIDDEN_UPDATES;
      return TRUE;
    case KAB_RULE_ALLOWED_KBS:
      *opposite = KAB_RULE_FORBIDDEN_KBS;
      return TRUE;
    case KAB_RULE_ALLOWED_PRODUCTS:
    case KAB_RULE_ALLOWED_SEVERITIES:
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
    default:
      return FALSE;
    }
}

/* The last line is new, those before it are in order. */
static void
move_into_place (KabRulesDocument *self)
{
  gpointer line = self->lines->pdata[self->lines->len - 1];
  guint low = 0;
  guint high = self->lines->len - 1;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (line_compare (&self->lines->pdata[middle], &line) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  memmove (&self->lines->pdata[low + 1], &self->lines->pdata[low], (self->lines->len - 1 - low) * sizeof (gpointer));
  self->lines->pdata[low] = line;
}

gboolean
kab_rules_document_put (KabRulesDocument *self,
                        KabRuleList       list,
                        const char       *value,
                        const char       *reason)
{
  KabRuleList opposite;
  KabRulesLine *line;
  gboolean is_new;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), FALSE);
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  line = kab_rules_document_append (self, list, value);
  is_new = line != NULL;
  if (!is_new)
    line = find_line (self, list, value);
  if (line == NULL || (!is_new && (reason == NULL || strcmp (line->reason, reason) == 0)))
    return FALSE;

  if (reason != NULL)
    {
      g_free (line->reason);
      line->reason = g_utf8_make_valid (reason, -1);
    }
  if (is_new)
    move_into_place (self);
  if (kab_rule_list_get_opposite (list, &opposite))
    remove_line (self, opposite, value);
  kab_rules_document_changed (self);
  return TRUE;
}

gboolean
kab_rules_document_remove (KabRulesDocument *self,
                           KabRuleList       list,
                           const char       *value)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!remove_line (self, list, value))
    return FALSE;
  kab_rules_document_changed (self);
  return TRUE;
}

gboolean
kab_rules_document_clear_update (KabRulesDocument *self,
                                 const char       *id_or_kb)
{
  static const KabRuleList lists[] = {
    KAB_RULE_FORBIDDEN_UPDATES, KAB_RULE_FORBIDDEN_KBS, KAB_RULE_ALLOWED_UPDATES, KAB_RULE_ALLOWED_KBS,
  };
  gboolean removed = FALSE;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), FALSE);
  g_return_val_if_fail (id_or_kb != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    removed |= remove_line (self, lists[i], id_or_kb);
  if (removed)
    kab_rules_document_changed (self);
  return removed;
}

void
kab_rules_document_set_comment (KabRulesDocument *self,
                                KabRuleList       list,
                                const char       *value,
                                const char       *comment)
{
  KabRulesLine *line;

  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));
  g_return_if_fail (value != NULL);

  line = find_line (self, list, value);
  if (line != NULL)
    kab_rules_document_set_text (self, &line->comment, comment);
}
