/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include "kab-error.h"

G_DEFINE_QUARK (kab-error-quark, kab_error)

gboolean
kab_error_is_none (GError **local_error,
                   GError **error)
{
  if (*local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (local_error));
  return FALSE;
}
