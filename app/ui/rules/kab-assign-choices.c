/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>

#include "kab-assign-choices.h"
#include "kab-requirement.h"
#include "kab-rules-lookup.h"
#include "kab-text.h"

/* Deeper units than this do not exist outside of hostile data. */
#define MAX_DEPTH 24

G_DEFINE_FINAL_TYPE (KabAssignChoice, kab_assign_choice, G_TYPE_OBJECT)

static void
kab_assign_choice_finalize (GObject *object)
{
  KabAssignChoice *self = KAB_ASSIGN_CHOICE (object);

  g_free (self->target);
  g_free (self->label);
  g_free (self->detail);
  g_free (self->folded);
  g_clear_pointer (&self->hosts, g_array_unref);

  G_OBJECT_CLASS (kab_assign_choice_parent_class)->finalize (object);
}

static void
kab_assign_choice_class_init (KabAssignChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_assign_choice_finalize;
}

static void
kab_assign_choice_init (KabAssignChoice *self)
{
}

static KabAssignChoice *
choice_new (KabTargetKind  kind,
            const char    *target,
            const char    *label,
            const char    *detail,
            GArray        *hosts)
{
  KabAssignChoice *self = g_object_new (KAB_TYPE_ASSIGN_CHOICE, NULL);
  g_autofree char *words = g_strjoin ("\n", label, target, detail, NULL);

  self->kind = kind;
  self->target = g_strdup (target);
  self->label = g_strdup (label);
  self->detail = g_strdup (detail);
  self->folded = kab_text_fold (words, -1);
  self->hosts = hosts != NULL ? g_array_ref (hosts) : g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

/* Units */

char *
kab_assign_unit_dup_label (const char *dn)
{
  const char *equals = strchr (dn, '=');
  GString *label = g_string_new (NULL);

  for (const char *p = equals != NULL ? equals + 1 : dn; *p != '\0' && *p != ','; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (label, *p);
    }

  return g_string_free (label, FALSE);
}

static GArray *
ensure_hosts (GHashTable *table,
              const char *key)
{
  GArray *hosts = g_hash_table_lookup (table, key);

  if (hosts == NULL)
    {
      hosts = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (table, g_strdup (key), hosts);
    }
  return hosts;
}

static GHashTable *
hosts_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

/* A unit and those above it, the widest first, without the domain. */
static GPtrArray *
dup_units (const char *dn)
{
  GStrv parents = kab_unit_dup_parents (dn);
  GPtrArray *units = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; parents[i] != NULL; i++)
    if (units->len < MAX_DEPTH && (g_ascii_strncasecmp (parents[i], "DC=", 3) != 0 || parents[i + 1] == NULL))
      g_ptr_array_add (units, parents[i]);
    else
      g_free (parents[i]);
  g_free (parents);

  return units;
}

static GPtrArray *
find_lists (GHashTable *units,
            const char *dn)
{
  g_autoptr(GPtrArray) above = dup_units (dn);
  GPtrArray *lists = g_ptr_array_new ();

  for (guint i = 0; i < above->len; i++)
    g_ptr_array_add (lists, ensure_hosts (units, above->pdata[i]));

  return lists;
}

/* "Paris, France": where a unit is, for lists that are no tree */
static char *
dup_place (const char *dn)
{
  g_autoptr(GPtrArray) above = dup_units (dn);
  GString *place = g_string_new (NULL);

  for (guint i = above->len > 0 ? above->len - 1 : 0; i-- > 0;)
    {
      g_autofree char *label = kab_assign_unit_dup_label (above->pdata[i]);

      g_string_append_printf (place, "%s%s", place->len > 0 ? ", " : "", label);
    }

  return g_string_free (place, FALSE);
}

/* "france\001paris": sorts a unit right behind the one above. */
static char *
dup_path (const char *dn,
          guint      *depth)
{
  g_autoptr(GPtrArray) above = dup_units (dn);
  GString *path = g_string_new (NULL);

  for (guint i = 0; i < above->len; i++)
    {
      g_autofree char *label = kab_assign_unit_dup_label (above->pdata[i]);
      g_autofree char *folded = kab_text_fold (label, -1);

      g_string_append (path, folded);
      g_string_append_c (path, '\001');
    }
  *depth = above->len > 0 ? above->len - 1 : 0;

  return g_string_free (path, FALSE);
}

typedef struct {
  char            *path;
  KabAssignChoice *choice;
} Row;

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  return strcmp (((const Row *) a)->path, ((const Row *) b)->path);
}

static void
row_clear (gpointer data)
{
  Row *row = data;

  g_free (row->path);
  g_object_unref (row->choice);
}

/* In the order of their paths */
static GListStore *
store_new (GArray *rows)
{
  GListStore *store = g_list_store_new (KAB_TYPE_ASSIGN_CHOICE);
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_array_sort (rows, compare_rows);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, g_array_index (rows, Row, i).choice);
  g_list_store_splice (store, 0, 0, items->pdata, items->len);

  return store;
}

static GArray *
rows_new (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  g_array_set_clear_func (rows, row_clear);
  return rows;
}

GListStore *
kab_assign_choices_new_units (KabSnapshot *snapshot)
{
  g_autoptr(GHashTable) units = hosts_table_new ();
  g_autoptr(GHashTable) known = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr(GArray) rows = rows_new ();
  guint n_hosts = 0;
  const KabHostRecord *hosts = snapshot != NULL ? kab_snapshot_get_hosts (snapshot, &n_hosts) : NULL;
  GHashTableIter iter;
  gpointer dn, list;

  for (guint i = 0; i < n_hosts; i++)
    {
      /* Texts of a snapshot are interned. */
      GPtrArray *lists = g_hash_table_lookup (known, hosts[i].ou);

      if (*hosts[i].ou == '\0')
        continue;
      if (lists == NULL)
        {
          lists = find_lists (units, hosts[i].ou);
          g_hash_table_insert (known, (gpointer) hosts[i].ou, lists);
        }
      for (guint j = 0; j < lists->len; j++)
        g_array_append_val ((GArray *) lists->pdata[j], i);
    }

  g_hash_table_iter_init (&iter, units);
  while (g_hash_table_iter_next (&iter, &dn, &list))
    {
      g_autofree char *label = kab_assign_unit_dup_label (dn);
      g_autofree char *place = dup_place (dn);
      Row row;
      guint depth;

      row.path = dup_path (dn, &depth);
      row.choice = choice_new (KAB_TARGET_UNIT, dn, label, place, list);
      row.choice->depth = depth;
      g_array_append_val (rows, row);
    }

  return store_new (rows);
}

/* Groups and profiles */

static void
add_packages (GArray        *rows,
              GHashTable    *seen,
              GListModel    *packages,
              KabTargetKind  kind)
{
  const char *section = kab_target_kind_get_section (kind);

  for (guint i = 0; packages != NULL && i < g_list_model_get_n_items (packages); i++)
    {
      g_autoptr(KabRulePackage) package = g_list_model_get_item (packages, i);
      const char *name = kab_package_get_name (package->package);
      Row row;

      /* Its newest record comes first. */
      if (!g_str_equal (kab_package_get_section (package->package), section) ||
          !g_hash_table_add (seen, g_strdup (name)))
        continue;
      row.path = kab_text_fold (name, -1);
      row.choice = choice_new (kind, name, name, kab_package_get (package->package, "description"), package->assigned);
      g_array_append_val (rows, row);
    }
}

GListStore *
kab_assign_choices_new_groups (GListModel *packages)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) rows = rows_new ();

  add_packages (rows, seen, packages, KAB_TARGET_GROUP);
  return store_new (rows);
}

/* AD group → its hosts */
static GHashTable *
find_members (KabSnapshot *snapshot)
{
  GHashTable *members = hosts_table_new ();
  g_autoptr(GHashTable) known = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  guint n_hosts = 0;
  const KabHostRecord *hosts = snapshot != NULL ? kab_snapshot_get_hosts (snapshot, &n_hosts) : NULL;

  for (guint i = 0; i < n_hosts; i++)
    {
      /* Texts of a snapshot are interned. */
      GPtrArray *lists = g_hash_table_lookup (known, hosts[i].ad_groups);

      if (*hosts[i].ad_groups == '\0')
        continue;
      if (lists == NULL)
        {
          g_auto(GStrv) groups = g_strsplit (hosts[i].ad_groups, "\x1f", -1);

          lists = g_ptr_array_new ();
          for (guint j = 0; groups[j] != NULL; j++)
            if (*groups[j] != '\0' && !g_ptr_array_find (lists, ensure_hosts (members, groups[j]), NULL))
              g_ptr_array_add (lists, ensure_hosts (members, groups[j]));
          g_hash_table_insert (known, (gpointer) hosts[i].ad_groups, lists);
        }
      for (guint j = 0; j < lists->len; j++)
        g_array_append_val ((GArray *) lists->pdata[j], i);
    }

  return members;
}

GListStore *
kab_assign_choices_new_profiles (KabSnapshot *snapshot,
                                 GListModel  *packages)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) members = find_members (snapshot);
  g_autoptr(GArray) rows = rows_new ();
  GHashTableIter iter;
  gpointer name, hosts;

  /* Whoever is in the group gets the profile: also where no package of that name is there yet. */
  g_hash_table_iter_init (&iter, members);
  while (g_hash_table_iter_next (&iter, &name, &hosts))
    {
      Row row;

      g_hash_table_add (seen, g_strdup (name));
      row.path = kab_text_fold (name, -1);
      row.choice = choice_new (KAB_TARGET_PROFILE, name, name, "", hosts);
      g_array_append_val (rows, row);
    }
  add_packages (rows, seen, packages, KAB_TARGET_PROFILE);
  return store_new (rows);
}
