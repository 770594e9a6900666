/* kab-server-agents-busy.h: hosts that told the server that they scan, download or install right now
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-server-agents-host.h"

G_BEGIN_DECLS

/**
 * The list lies in the depot too and changes in the same transaction as the hosts, so that no kill leaves a host busy
 * for ever. It is short: of ten thousand hosts triggered at once only the first say that they are busy.
 */
void kab_agents_busy_begin   (KabAgentsWorld *world, const char *uuid, const char *status);
void kab_agents_busy_end     (KabAgentsWorld *world, const char *uuid);
/* Before a transaction ends */
void kab_agents_busy_write   (KabAgentsWorld *world);
/* After a start: those that were busy when the server ended are so no more */
void kab_agents_busy_recover (KabAgentsWorld *world);

G_END_DECLS
