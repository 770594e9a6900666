/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-assign-selection.h"

struct _KabAssignSelection
{
  KabSnapshot *snapshot;                       /* (nullable) */
  GListStore  *choices[KAB_N_TARGET_KINDS];    /* none of hosts */
  GHashTable  *known[KAB_N_TARGET_KINDS];      /* target → its KabAssignChoice, borrowed from the list */
  GArray      *targets;
  GHashTable  *chosen;                         /* "1 OU=…" */
};

static void
target_clear (gpointer data)
{
  KabAssignTarget *target = data;

  g_free ((char *) target->target);
  g_free ((char *) target->name);
}

GArray *
kab_assign_targets_new (void)
{
  GArray *targets = g_array_new (FALSE, FALSE, sizeof (KabAssignTarget));

  g_array_set_clear_func (targets, target_clear);
  return targets;
}

void
kab_assign_targets_add (GArray        *targets,
                        KabTargetKind  kind,
                        const char    *target,
                        const char    *name)
{
  KabAssignTarget one = { kind, g_strdup (target), g_strdup (name) };

  g_array_append_val (targets, one);
}

static char *
dup_key (KabTargetKind  kind,
         const char    *target)
{
  return g_strdup_printf ("%d %s", (int) kind, target);
}

/* @choices: (transfer full) */
static void
take_choices (KabAssignSelection *self,
              KabTargetKind       kind,
              GListStore         *choices)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (choices));

  g_clear_object (&self->choices[kind]);
  self->choices[kind] = choices;
  g_hash_table_remove_all (self->known[kind]);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabAssignChoice) choice = g_list_model_get_item (G_LIST_MODEL (choices), i);

      g_hash_table_insert (self->known[kind], choice->target, choice);
    }
}

KabAssignSelection *
kab_assign_selection_new (KabSnapshot *snapshot)
{
  KabAssignSelection *self = g_new0 (KabAssignSelection, 1);

  self->snapshot = snapshot != NULL ? g_object_ref (snapshot) : NULL;
  self->targets = kab_assign_targets_new ();
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < KAB_N_TARGET_KINDS; i++)
    self->known[i] = g_hash_table_new (g_str_hash, g_str_equal);
  take_choices (self, KAB_TARGET_HOST, g_list_store_new (KAB_TYPE_ASSIGN_CHOICE));
  take_choices (self, KAB_TARGET_UNIT, kab_assign_choices_new_units (snapshot));
  kab_assign_selection_set_packages (self, NULL);
  return self;
}

void
kab_assign_selection_free (KabAssignSelection *self)
{
  for (guint i = 0; i < KAB_N_TARGET_KINDS; i++)
    {
      g_hash_table_unref (self->known[i]);
      g_object_unref (self->choices[i]);
    }
  g_clear_object (&self->snapshot);
  g_array_unref (self->targets);
  g_hash_table_unref (self->chosen);
  g_free (self);
}

void
kab_assign_selection_set_packages (KabAssignSelection *self,
                                   GListModel         *packages)
{
  take_choices (self, KAB_TARGET_GROUP, kab_assign_choices_new_groups (packages));
  take_choices (self, KAB_TARGET_PROFILE, kab_assign_choices_new_profiles (self->snapshot, packages));
}

GListModel *
kab_assign_selection_get_choices (KabAssignSelection *self,
                                  KabTargetKind       kind)
{
  return G_LIST_MODEL (self->choices[kind]);
}

void
kab_assign_selection_toggle (KabAssignSelection *self,
                             KabTargetKind       kind,
                             const char         *target,
                             const char         *name)
{
  char *key = dup_key (kind, target);

  if (!g_hash_table_remove (self->chosen, key))
    {
      g_hash_table_add (self->chosen, key);
      kab_assign_targets_add (self->targets, kind, target, name);
      return;
    }

  g_free (key);
  for (guint i = 0; i < self->targets->len; i++)
    {
      const KabAssignTarget *one = &g_array_index (self->targets, KabAssignTarget, i);

      if (one->kind == kind && g_str_equal (one->target, target))
        {
          g_array_remove_index (self->targets, i);
          break;
        }
    }
}

gboolean
kab_assign_selection_contains (KabAssignSelection *self,
                               KabTargetKind       kind,
                               const char         *target)
{
  g_autofree char *key = dup_key (kind, target);

  return g_hash_table_contains (self->chosen, key);
}

gboolean
kab_assign_selection_is_known (KabAssignSelection *self,
                               KabTargetKind       kind,
                               const char         *target)
{
  if (kind == KAB_TARGET_HOST)
    return self->snapshot != NULL && kab_snapshot_find_host (self->snapshot, target) >= 0;

  return g_hash_table_contains (self->known[kind], target);
}

void
kab_assign_selection_clear (KabAssignSelection *self)
{
  g_hash_table_remove_all (self->chosen);
  g_array_set_size (self->targets, 0);
}

GArray *
kab_assign_selection_get_targets (KabAssignSelection *self)
{
  return self->targets;
}

GArray *
kab_assign_selection_dup_hosts (KabAssignSelection *self)
{
  GArray *hosts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree guint8 *reached = NULL;
  guint n = 0;

  if (self->snapshot == NULL)
    return hosts;

  kab_snapshot_get_hosts (self->snapshot, &n);
  reached = g_new0 (guint8, n + 1);
  for (guint i = 0; i < self->targets->len; i++)
    {
      const KabAssignTarget *target = &g_array_index (self->targets, KabAssignTarget, i);
      KabAssignChoice *choice = g_hash_table_lookup (self->known[target->kind], target->target);
      int index = target->kind == KAB_TARGET_HOST ? kab_snapshot_find_host (self->snapshot, target->target) : -1;

      if (index >= 0)
        reached[index] = 1;
      for (guint j = 0; choice != NULL && j < choice->hosts->len; j++)
        if (g_array_index (choice->hosts, guint, j) < n)
          reached[g_array_index (choice->hosts, guint, j)] = 1;
    }
  for (guint i = 0; i < n; i++)
    if (reached[i])
      g_array_append_val (hosts, i);

  return hosts;
}
