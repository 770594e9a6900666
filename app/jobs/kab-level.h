/* kab-level.h: the words of the levels on which a server can be read
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-client.h"

G_BEGIN_DECLS

static inline const char *
kab_level_get_text (KabLevel level)
{
  switch (level)
    {
    case KAB_LEVEL_BULK:
      return "bulk";
    case KAB_LEVEL_CONFIGURED:
      return "configured";
    case KAB_LEVEL_OPEN:
    default:
      return "open";
    }
}

G_END_DECLS
