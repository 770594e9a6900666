/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli.h"
#include "kab-error.h"

/* What happened, what to do, how the program ends. */
static const struct {
  KabExit     exit;
  const char *what;
  const char *remedy;
} texts[] = {
  [KAB_ERROR_FAILED] = {
    KAB_EXIT_FAILED, N_("That did not work."), N_("The line above says more.") },
  [KAB_ERROR_USAGE] = {
    KAB_EXIT_USAGE, N_("That was not understood."), N_("“kabinetctl --help” tells what can be asked.") },
  [KAB_ERROR_NETWORK] = {
    KAB_EXIT_NETWORK, N_("The server cannot be reached, or it broke off."),
    N_("Check the address and the network, then try again. The mirror is as it was before.") },
  [KAB_ERROR_UNTRUSTED] = {
    KAB_EXIT_BAD_DATA, N_("The server is not the one that is trusted."),
    N_("Give its authority with --ca FILE, or look at its fingerprint in Kabinet. "
       "If the server was set up anew, “sync --accept-server” fills the mirror again.") },
  [KAB_ERROR_AUTH] = {
    KAB_EXIT_AUTH, N_("The server does not accept the sign-in."),
    N_("Check --user and --password-file.") },
  [KAB_ERROR_REFUSED] = {
    KAB_EXIT_REFUSED, N_("The server refuses that."),
    N_("Ask its administrator for the right to do it.") },
  [KAB_ERROR_NOT_FOUND] = {
    KAB_EXIT_FAILED, N_("That does not exist."),
    N_("Check the name, or run “kabinetctl sync” and look again.") },
  [KAB_ERROR_UNREACHABLE] = {
    KAB_EXIT_FAILED, N_("The host is not connected to the server."),
    N_("Wait until it is switched on, then try again.") },
  [KAB_ERROR_BAD_DATA] = {
    KAB_EXIT_BAD_DATA, N_("What came is not what it claims to be."),
    N_("Nothing of it was used; the mirror is as it was before.") },
  [KAB_ERROR_BAD_SIGNATURE] = {
    KAB_EXIT_BAD_DATA, N_("A signature is not good."),
    N_("Check that --certificate and --key belong together and that the hosts trust them.") },
  [KAB_ERROR_PASSPHRASE] = {
    KAB_EXIT_AUTH, N_("The key needs its passphrase."),
    N_("Give it with --passphrase-file FILE.") },
  [KAB_ERROR_STORAGE] = {
    KAB_EXIT_STORAGE, N_("The mirror could not be read or written."),
    N_("Check that the disk has room and that no other program holds the mirror.") },
  [KAB_ERROR_UNSUPPORTED] = {
    KAB_EXIT_FAILED, N_("This server, or this version of Kabinet, cannot do that."),
    N_("Look for a newer version.") },
  [KAB_ERROR_CONFLICT] = {
    KAB_EXIT_REFUSED, N_("The server does not have what the editing began with any more."),
    N_("Look at what is there, then go on from that.") },
};

KabExit
kab_cli_exit_of (const GError *error)
{
  if (error == NULL)
    return KAB_EXIT_DONE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return KAB_EXIT_CANCELLED;
  if (error->domain == KAB_ERROR && (guint) error->code < G_N_ELEMENTS (texts))
    return texts[error->code].exit;

  return KAB_EXIT_FAILED;
}

void
kab_cli_print_error (const KabCli *cli,
                     const GError *error)
{
  guint code = error->domain == KAB_ERROR && (guint) error->code < G_N_ELEMENTS (texts) ? (guint) error->code
                                                                                         : KAB_ERROR_FAILED;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_printerr ("kabinetctl: %s\n", _("Cancelled; nothing was lost."));
      return;
    }

  /* Messages of use are written for people already. */
  if (code == KAB_ERROR_USAGE)
    g_printerr ("kabinetctl: %s\n%s\n", error->message, _(texts[code].remedy));
  else
    g_printerr ("kabinetctl: %s\n%s %s\n", error->message, _(texts[code].what), _(texts[code].remedy));
}
