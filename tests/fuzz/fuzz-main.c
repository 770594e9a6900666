/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ordinary test run of a fuzzer: every seed file as it is, cut short, and damaged a bounded number of times in
 * ways that a number chooses, so that a failure can be repeated. Long runs: tests/fuzz/meson.build says how. */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define RUNS_PER_FILE 1500
#define MAX_DAMAGES   6

static void
run (const char *content,
     gsize       size)
{
  /* A copy of exactly this size, so that a sanitizer sees every byte read past it. */
  uint8_t *copy = malloc (size > 0 ? size : 1);

  if (size > 0)
    memcpy (copy, content, size);
  LLVMFuzzerTestOneInput (copy, size);
  free (copy);
}

static void
run_file (const char *path,
          GRand      *random)
{
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, &error))
    g_error ("%s", error->message);

  run (content, size);
  for (guint i = 0; i < RUNS_PER_FILE && size > 0; i++)
    {
      g_autofree char *copy = g_memdup2 (content, size);
      guint n_damages = g_rand_int_range (random, 1, MAX_DAMAGES);
      gsize length = i % 5 == 0 ? (gsize) g_rand_int_range (random, 0, (int) size) : size;

      for (guint k = 0; k < n_damages; k++)
        {
          gsize at = g_rand_int_range (random, 0, (int) size);
          static const guchar extremes[] = { 0x00, 0xff, 0x7f, 0x80, '"', '\n' };

          if (g_rand_boolean (random))
            copy[at] ^= (char) (1 << g_rand_int_range (random, 0, 8));
          else
            copy[at] = (char) extremes[g_rand_int_range (random, 0, G_N_ELEMENTS (extremes))];
        }
      run (copy, length);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (20261121);

  run ("", 0);
  for (int i = 1; i < argc; i++)
    run_file (argv[i], random);
  return 0;
}
