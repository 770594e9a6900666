/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "kab-fault.h"

static char *wanted;       /* set once, never freed: the process is about to die for it */
static int   countdown;    /* visits until then; atomic */
static gsize asked;

static void
read_environment (void)
{
  const char *value = g_getenv ("KABINET_FAULT");

  if (value != NULL && *value != '\0')
    {
      const char *colon = strrchr (value, ':');
      gint64 count = colon != NULL ? g_ascii_strtoll (colon + 1, NULL, 10) : 1;

      countdown = (int) CLAMP (count, 1, G_MAXINT);
      wanted = colon != NULL ? g_strndup (value, colon - value) : g_strdup (value);
    }
}

void
kab_fault_point (const char *name)
{
  if (g_once_init_enter (&asked))
    {
      read_environment ();
      g_once_init_leave (&asked, 1);
    }

  if (G_LIKELY (wanted == NULL))
    return;

  if (strcmp (wanted, "list") == 0)
    {
      g_autofree char *line = g_strdup_printf ("fault point %s\n", name);

      if (write (STDERR_FILENO, line, strlen (line)) < 0)
        g_debug ("cannot name the fault point %s", name);
    }
  else if (strcmp (wanted, name) == 0 && g_atomic_int_dec_and_test (&countdown))
    {
      /* Not abort() nor exit(): nothing may be flushed or cleaned up, as if somebody had pulled the plug on us. */
      kill (getpid (), SIGKILL);
    }
}
