/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-control.h"
#include "kab-text.h"
#include "kab-package.h"

/* wapt-package-format § 2.2, in the order they are written. */
static const char * const attribute_order[] = {
  "package", "version", "architecture", "section", "priority",
  "name", "categories", "maintainer", "description", "depends", "conflicts", "maturity", "locale", "target_os",
  "min_os_version", "max_os_version", "min_wapt_version", "sources", "installed_size", "impacted_process",
  "description_fr", "description_pl", "description_de", "description_es", "description_pt", "description_it",
  "description_nl", "description_ru", "audit_schedule", "editor", "keywords", "licence", "homepage", "package_uuid",
  "valid_from", "valid_until", "forced_install_on", "changelog",
  "signer", "signer_fingerprint", "signature", "signature_date", "signed_attributes",
  NULL
};

/* Group 4: of the repository, never in a package. */
static const char * const index_order[] = { "filename", "size", "md5sum", NULL };

struct _KabPackage
{
  GObject    parent_instance;

  GPtrArray *names;      /* lower case, in the order they came */
  GPtrArray *values;     /* one for each name */
};

G_DEFINE_FINAL_TYPE (KabPackage, kab_package, G_TYPE_OBJECT)

static void
kab_package_finalize (GObject *object)
{
  KabPackage *self = KAB_PACKAGE (object);

  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);

  G_OBJECT_CLASS (kab_package_parent_class)->finalize (object);
}

static void
kab_package_class_init (KabPackageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_package_finalize;
}

static void
kab_package_init (KabPackage *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func (g_free);
}

static int
find_attribute (KabPackage *self,
                const char *name)
{
  for (guint i = 0; i < self->names->len; i++)
    if (strcmp (g_ptr_array_index (self->names, i), name) == 0)
      return (int) i;

  return -1;
}

/* A name that comes twice keeps its last value, as in the agent. */
static void
take_attribute (KabPackage *self,
                char       *name,
                char       *value)
{
  int known = find_attribute (self, name);

  if (known < 0)
    {
      g_ptr_array_add (self->names, name);
      g_ptr_array_add (self->values, value);
      return;
    }

  g_free (name);
  g_free (g_ptr_array_index (self->values, known));
  g_ptr_array_index (self->values, known) = value;
}

static void
take_attribute_cb (char     *name,
                   char     *value,
                   gpointer  user_data)
{
  take_attribute (user_data, name, value);
}

/* Returns: (transfer full) (nullable): the record at *@cursor, which moves behind it; NULL without error at the end */
static KabPackage *
read_record (const char **cursor,
             const char  *end,
             GError     **error)
{
  g_autoptr(KabPackage) self = g_object_new (KAB_TYPE_PACKAGE, NULL);

  if (!kab_control_read (cursor, end, take_attribute_cb, self, error) || self->names->len == 0)
    return NULL;
  return g_steal_pointer (&self);
}

KabPackage *
kab_package_new_from_control (const char  *text,
                              gssize       length,
                              GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  const char *end;
  KabPackage *self;

  g_return_val_if_fail (text != NULL, NULL);

  end = text + (length < 0 ? strlen (text) : (gsize) length);
  self = read_record (&text, end, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (self == NULL)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "control: no attribute before the first empty line");
  return self;
}

static void
add_normalised (KabPackage *self,
                GHashTable *attributes,
                const char *name)
{
  const char *value = g_hash_table_lookup (attributes, name);

  if (value != NULL)
    take_attribute (self, g_ascii_strdown (name, -1), kab_control_normalise (value));
}

static gboolean
is_known (const char *name)
{
  return g_strv_contains (attribute_order, name) || g_strv_contains (index_order, name);
}

/* Values are made what a reader would read: lines stripped, empty ones dropped, any line end made LF. */
KabPackage *
kab_package_new (GHashTable *attributes)
{
  g_autoptr(GPtrArray) others = NULL;
  KabPackage *self;
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (attributes != NULL, NULL);

  self = g_object_new (KAB_TYPE_PACKAGE, NULL);
  for (guint i = 0; attribute_order[i] != NULL; i++)
    add_normalised (self, attributes, attribute_order[i]);
  for (guint i = 0; index_order[i] != NULL; i++)
    add_normalised (self, attributes, index_order[i]);

  others = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, attributes);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!is_known (name))
      g_ptr_array_add (others, name);
  g_ptr_array_sort (others, kab_text_compare);
  for (guint i = 0; i < others->len; i++)
    add_normalised (self, attributes, g_ptr_array_index (others, i));

  return self;
}

GPtrArray *
kab_package_parse_index (const char  *text,
                         gssize       length,
                         GError     **error)
{
  g_autoptr(GPtrArray) packages = NULL;
  const char *end;

  g_return_val_if_fail (text != NULL, NULL);

  packages = g_ptr_array_new_with_free_func (g_object_unref);
  end = text + (length < 0 ? strlen (text) : (gsize) length);
  while (text < end)
    {
      g_autoptr(GError) local_error = NULL;
      KabPackage *package = read_record (&text, end, &local_error);

      if (local_error != NULL)
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "index, record %u: ", packages->len + 1);
          return NULL;
        }
      if (package != NULL)
        g_ptr_array_add (packages, package);
    }

  return g_steal_pointer (&packages);
}

static void
write_attribute (KabPackage *self,
                 GString    *text,
                 const char *name)
{
  int index = find_attribute (self, name);

  if (index >= 0)
    kab_control_write (text, name, g_ptr_array_index (self->values, index));
}

/* Known attributes in their order, then the others as they came. */
static GString *
write_record (KabPackage *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; attribute_order[i] != NULL; i++)
    write_attribute (self, text, attribute_order[i]);
  for (guint i = 0; i < self->names->len; i++)
    if (!is_known (g_ptr_array_index (self->names, i)))
      write_attribute (self, text, g_ptr_array_index (self->names, i));

  return text;
}

char *
kab_package_to_control (KabPackage *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE (self), NULL);

  return g_string_free (write_record (self), FALSE);
}

char *
kab_package_to_index (KabPackage *self)
{
  GString *text;

  g_return_val_if_fail (KAB_IS_PACKAGE (self), NULL);

  text = write_record (self);
  for (guint i = 0; index_order[i] != NULL; i++)
    write_attribute (self, text, index_order[i]);
  return g_string_free (text, FALSE);
}

const char *
kab_package_get (KabPackage *self,
                 const char *attribute)
{
  int index;

  g_return_val_if_fail (KAB_IS_PACKAGE (self), "");
  g_return_val_if_fail (attribute != NULL, "");

  index = find_attribute (self, attribute);
  return index >= 0 ? g_ptr_array_index (self->values, index) : "";
}

gboolean
kab_package_has (KabPackage *self,
                 const char *attribute)
{
  g_return_val_if_fail (KAB_IS_PACKAGE (self), FALSE);
  g_return_val_if_fail (attribute != NULL, FALSE);

  return find_attribute (self, attribute) >= 0;
}

char **
kab_package_dup_attribute_names (KabPackage *self)
{
  GStrvBuilder *builder;
  char **names;

  g_return_val_if_fail (KAB_IS_PACKAGE (self), NULL);

  builder = g_strv_builder_new ();
  for (guint i = 0; i < self->names->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->names, i));
  names = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return names;
}

const char *
kab_package_get_name (KabPackage *self)
{
  return kab_package_get (self, "package");
}

const char *
kab_package_get_version (KabPackage *self)
{
  return kab_package_get (self, "version");
}

const char *
kab_package_get_maturity (KabPackage *self)
{
  const char *maturity = kab_package_get (self, "maturity");

  return *maturity != '\0' ? maturity : "PROD";
}

const char *
kab_package_get_section (KabPackage *self)
{
  return kab_package_get (self, "section");
}

static gboolean
has_plain_name (const char *name)
{
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && strchr ("-_~.", *name) == NULL)
      return FALSE;

  return TRUE;
}

static void
add_part (GString    *name,
          const char *part,
          gboolean    keep_all)
{
  if (part == NULL || *part == '\0' || (!keep_all && strcmp (part, "all") == 0))
    return;

  g_string_append_c (name, '_');
  g_string_append (name, part);
}

/* "fr, en" → "fr-en" */
static char *
join_locales (const char *locales)
{
  g_auto(GStrv) parts = g_strsplit (locales, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_strstrip (parts[i]);
  return g_strjoinv ("-", parts);
}

/* The last rule of § 7: what no file name may hold. */
static char *
clean_file_name (const char *name)
{
  GString *clean = g_string_sized_new (strlen (name));

  for (; *name != '\0'; name++)
    {
      if (name[0] == '.' && name[1] == '.')
        {
          g_string_append_c (clean, '_');
          name++;
        }
      else if (strchr ("@|():/%,\\[]<>*?;`\n", *name) == NULL)
        g_string_append_c (clean, *name);
    }

  return g_string_free (clean, FALSE);
}

char *
kab_package_dup_file_name (KabPackage *self,
                           const char *md5)
{
  g_autofree char *stem = NULL;
  g_autofree char *locales = NULL;
  g_autoptr(GString) name = NULL;
  const char *package;

  g_return_val_if_fail (KAB_IS_PACKAGE (self), NULL);

  package = kab_package_get_name (self);
  stem = has_plain_name (package) ? g_strdup (package)
                                  : g_compute_checksum_for_string (G_CHECKSUM_MD5, package, -1);
  name = g_string_new (stem);

  if (strcmp (kab_package_get_section (self), "host") != 0)
    {
      locales = join_locales (kab_package_get (self, "locale"));
      add_part (name, kab_package_get_version (self), TRUE);
      add_part (name, kab_package_get (self, "architecture"), g_str_has_suffix (package, "-waptupgrade"));
      add_part (name, kab_package_get (self, "maturity"), FALSE);
      add_part (name, locales, FALSE);
      add_part (name, md5, TRUE);
    }

  g_string_append (name, ".wapt");
  return clean_file_name (name->str);
}

const char * const *
kab_package_get_attribute_order (void)
{
  return attribute_order;
}

int
kab_package_compare (KabPackage *a,
                     KabPackage *b)
{
  int order;

  g_return_val_if_fail (KAB_IS_PACKAGE (a), 0);
  g_return_val_if_fail (KAB_IS_PACKAGE (b), 0);

  order = kab_version_compare (kab_package_get_version (a), kab_package_get_version (b));
  if (order == 0)
    order = strcmp (kab_package_get_maturity (a), kab_package_get_maturity (b));
  if (order == 0)
    order = strcmp (kab_package_get (a, "signature_date"), kab_package_get (b, "signature_date"));
  return order < 0 ? -1 : order > 0;
}
