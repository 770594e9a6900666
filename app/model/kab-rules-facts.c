/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-rules-document-private.h"

/* What a rules document says of its package, and whether that can be published. */

/* WAPT makes file names of it: letters, digits, "-", "_", "." (wapt-package-format § 7), and servers refuse "~". */
gboolean
kab_rules_document_check_name (const char  *name,
                               GError     **error)
{
  gsize length = name != NULL ? strlen (name) : 0;

  if (length == 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("The rule package needs a name."));
      return FALSE;
    }
  if (length > 100 || strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != length ||
      !g_ascii_isalnum (name[0]) || !g_ascii_isalnum (name[length - 1]) || strstr (name, "..") != NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   _("“%.100s” is no name for a package: use small letters, digits, “-”, “_” and “.”, such as "
                     "“demo-wua-base”."), name);
      return FALSE;
    }

  return TRUE;
}

gboolean
kab_rules_document_check (KabRulesDocument  *self,
                          GError           **error)
{
  gsize length;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), FALSE);

  if (!kab_rules_document_check_name (self->name, error))
    return FALSE;
  length = strlen (self->maturity);
  if (length == 0 || length > 40 || strspn (self->maturity, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != length)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   _("“%.40s” is no maturity: hosts accept words such as DEV, PREPROD and PROD."), self->maturity);
      return FALSE;
    }
  if (self->lines->len == 0 && self->include_superseded == KAB_TRISTATE_NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("The rules say nothing: allow or forbid something first."));
      return FALSE;
    }

  return TRUE;
}

const char *
kab_rules_document_get_name (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), "");

  return self->name;
}

void
kab_rules_document_set_name (KabRulesDocument *self,
                             const char       *name)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));

  kab_rules_document_set_text (self, &self->name, name);
}

const char *
kab_rules_document_get_description (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), "");

  return self->description;
}

void
kab_rules_document_set_description (KabRulesDocument *self,
                                    const char       *description)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));

  kab_rules_document_set_text (self, &self->description, description);
}

const char *
kab_rules_document_get_maturity (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), "");

  return self->maturity;
}

void
kab_rules_document_set_maturity (KabRulesDocument *self,
                                 const char       *maturity)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));

  kab_rules_document_set_text (self, &self->maturity, maturity);
}

const char *
kab_rules_document_get_base_version (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), "");

  return self->base_version;
}

const char *
kab_rules_document_get_base_uuid (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), "");

  return self->base_uuid;
}

void
kab_rules_document_set_base (KabRulesDocument *self,
                             const char       *version,
                             const char       *uuid)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));

  kab_rules_document_set_text (self, &self->base_version, version);
  kab_rules_document_set_text (self, &self->base_uuid, uuid);
}

KabTristate
kab_rules_document_get_include_superseded (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), KAB_TRISTATE_NULL);

  return self->include_superseded;
}

void
kab_rules_document_set_include_superseded (KabRulesDocument *self,
                                           KabTristate       value)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));

  if (self->include_superseded == value)
    return;
  self->include_superseded = value;
  kab_rules_document_changed (self);
}

KabTristate
kab_rules_document_get_default_allow (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), KAB_TRISTATE_NULL);

  return self->default_allow;
}

void
kab_rules_document_set_default_allow (KabRulesDocument *self,
                                      KabTristate       value)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (self));

  if (self->default_allow == value)
    return;
  self->default_allow = value;
  kab_rules_document_changed (self);
}

const char * const *
kab_rules_document_get_unknown_keys (KabRulesDocument *self)
{
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), NULL);

  return (const char * const *) self->unknown_keys;
}
