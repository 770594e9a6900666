/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-fields.h"
#include "kab-update.h"

#define SHA1_DIGITS 40

struct _KabUpdate
{
  GObject          parent_instance;

  KabUpdateFields *fields;     /* one block, see kab_fields_copy() */
  KabSeverity      severity;
};

G_DEFINE_FINAL_TYPE (KabUpdate, kab_update, G_TYPE_OBJECT)

#define AT(member) G_STRUCT_OFFSET (KabUpdateFields, member)

static const guint16 texts[] = {
  AT (update_id), AT (title), AT (update_type), AT (severity), AT (product), AT (classification),
  AT (reboot_behaviour), AT (can_request_user_input), AT (installation_impact), AT (uninstallation_impact),
  AT (support_url), AT (release_notes),
};

static const guint16 lists[] = {
  AT (kbids), AT (download_urls), AT (superseded_update_ids), AT (security_bulletin_ids), AT (languages),
};

static const KabFieldsLayout layout = {
  sizeof (KabUpdateFields), texts, G_N_ELEMENTS (texts), lists, G_N_ELEMENTS (lists),
};

static const struct {
  const char *text;
  const char *label;
} severities[KAB_N_SEVERITIES] = {
  [KAB_SEVERITY_NONE] = { "", N_ ("Not rated") },
  [KAB_SEVERITY_LOW] = { "Low", N_ ("Low") },
  [KAB_SEVERITY_MODERATE] = { "Moderate", N_ ("Moderate") },
  [KAB_SEVERITY_IMPORTANT] = { "Important", N_ ("Important") },
  [KAB_SEVERITY_CRITICAL] = { "Critical", N_ ("Critical") },
};

static void
kab_update_finalize (GObject *object)
{
  KabUpdate *self = KAB_UPDATE (object);

  g_clear_pointer (&self->fields, g_free);

  G_OBJECT_CLASS (kab_update_parent_class)->finalize (object);
}

static void
kab_update_class_init (KabUpdateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_update_finalize;
}

static void
kab_update_init (KabUpdate *self)
{
}

KabSeverity
kab_severity_from_text (const char *text)
{
  if (text == NULL)
    return KAB_SEVERITY_NONE;

  for (guint i = KAB_SEVERITY_LOW; i < KAB_N_SEVERITIES; i++)
    if (g_ascii_strcasecmp (severities[i].text, text) == 0)
      return (KabSeverity) i;

  return KAB_SEVERITY_NONE;
}

const char *
kab_severity_get_text (KabSeverity severity)
{
  return severities[(guint) severity < KAB_N_SEVERITIES ? severity : KAB_SEVERITY_NONE].text;
}

const char *
kab_severity_get_label (KabSeverity severity)
{
  return severities[(guint) severity < KAB_N_SEVERITIES ? severity : KAB_SEVERITY_NONE].label;
}

KabUpdate *
kab_update_new (const KabUpdateFields *fields)
{
  KabUpdate *self;

  g_return_val_if_fail (fields != NULL, NULL);
  g_return_val_if_fail (fields->update_id != NULL, NULL);

  self = g_object_new (KAB_TYPE_UPDATE, NULL);
  self->fields = kab_fields_copy (fields, &layout);
  self->severity = kab_severity_from_text (fields->severity);
  return self;
}

const KabUpdateFields *
kab_update_get_fields (KabUpdate *self)
{
  g_return_val_if_fail (KAB_IS_UPDATE (self), NULL);

  return self->fields;
}

const char *
kab_update_get_id (KabUpdate *self)
{
  g_return_val_if_fail (KAB_IS_UPDATE (self), NULL);

  return self->fields->update_id;
}

/* Never NULL: an update without a title is called by its id. */
const char *
kab_update_get_title (KabUpdate *self)
{
  const char *title;

  g_return_val_if_fail (KAB_IS_UPDATE (self), NULL);

  title = self->fields->title;
  return title != NULL && *title != '\0' ? title : self->fields->update_id;
}

KabSeverity
kab_update_get_severity (KabUpdate *self)
{
  g_return_val_if_fail (KAB_IS_UPDATE (self), KAB_SEVERITY_NONE);

  return self->severity;
}

gint64
kab_update_get_changed_at (KabUpdate *self)
{
  g_return_val_if_fail (KAB_IS_UPDATE (self), 0);

  return self->fields->changed_at;
}

char *
kab_update_dup_guid (KabUpdate *self)
{
  gsize length;

  g_return_val_if_fail (KAB_IS_UPDATE (self), NULL);

  kab_update_id_split (self->fields->update_id, &length);
  return g_strndup (self->fields->update_id, length);
}

int
kab_update_get_revision (KabUpdate *self)
{
  g_return_val_if_fail (KAB_IS_UPDATE (self), -1);

  return kab_update_id_split (self->fields->update_id, NULL);
}

char *
kab_update_dup_kbs (KabUpdate *self)
{
  g_autoptr(GString) text = NULL;

  g_return_val_if_fail (KAB_IS_UPDATE (self), NULL);

  text = g_string_new (NULL);
  for (gsize i = 0; self->fields->kbids != NULL && self->fields->kbids[i] != NULL; i++)
    {
      const char *kb = self->fields->kbids[i];

      if (text->len > 0)
        g_string_append (text, ", ");
      if (g_ascii_strncasecmp (kb, "KB", 2) != 0)
        g_string_append (text, "KB");
      g_string_append (text, kb);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
kab_update_is_on_server (KabUpdate *self)
{
  g_return_val_if_fail (KAB_IS_UPDATE (self), FALSE);

  return self->fields->downloaded_at != 0;
}

/* The last segment of a URL's path, without query and fragment. */
static void
find_name (const char  *url,
           const char **start,
           gsize       *length)
{
  gsize end = strcspn (url, "?#");
  gsize begin = end;

  while (begin > 0 && url[begin - 1] != '/')
    begin--;

  *start = url + begin;
  *length = end - begin;
}

char *
kab_download_url_dup_name (const char *url)
{
  const char *start;
  gsize length;

  if (url == NULL)
    return NULL;

  find_name (url, &start, &length);
  return length > 0 ? g_strndup (start, length) : NULL;
}

char *
kab_download_url_dup_sha1 (const char *url)
{
  const char *start;
  const char *digits;
  gsize length;
  gsize stem;

  if (url == NULL)
    return NULL;

  /* "<name>_<40 hex>.<ext>" */
  find_name (url, &start, &length);
  for (stem = length; stem > 0 && start[stem - 1] != '.'; stem--)
    ;
  stem = stem > 0 ? stem - 1 : length;
  if (stem < SHA1_DIGITS + 1 || start[stem - SHA1_DIGITS - 1] != '_')
    return NULL;

  digits = start + stem - SHA1_DIGITS;
  for (guint i = 0; i < SHA1_DIGITS; i++)
    if (!g_ascii_isxdigit (digits[i]))
      return NULL;

  return g_ascii_strdown (digits, SHA1_DIGITS);
}

int
kab_update_id_split (const char *update_id,
                     gsize      *guid_length)
{
  const char *mark;
  gint64 revision = 0;

  g_return_val_if_fail (update_id != NULL, -1);

  mark = strrchr (update_id, '_');
  if (guid_length != NULL)
    *guid_length = strlen (update_id);
  if (mark == NULL || mark == update_id || mark[1] == '\0')
    return -1;

  for (const char *digit = mark + 1; *digit != '\0'; digit++)
    {
      if (!g_ascii_isdigit (*digit))
        return -1;
      revision = revision * 10 + (*digit - '0');
      if (revision > G_MAXINT)
        return -1;
    }

  if (guid_length != NULL)
    *guid_length = (gsize) (mark - update_id);
  return (int) revision;
}
