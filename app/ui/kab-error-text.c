/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error.h"
#include "kab-error-text.h"

static const struct {
  const char *title;
  const char *text;
} texts[] = {
  [KAB_ERROR_FAILED] = {
    N_("That did not work"),
    N_("Something went wrong that has no better name. The details say more.") },
  [KAB_ERROR_USAGE] = {
    N_("Not understood"),
    N_("The request makes no sense as it is. Change it and try again.") },
  [KAB_ERROR_NETWORK] = {
    N_("Server not reachable"),
    N_("The server cannot be reached, or the connection broke off. Check the address and the network, then try again.") },
  [KAB_ERROR_UNTRUSTED] = {
    N_("Certificate not trusted"),
    N_("The server showed a certificate that nobody you trust has signed. Compare its fingerprint before you trust it.") },
  [KAB_ERROR_AUTH] = {
    N_("Sign-in needed"),
    N_("The server does not know this user, or the password is wrong. Sign in again.") },
  [KAB_ERROR_REFUSED] = {
    N_("Refused"),
    N_("You are signed in, but the server says no. Ask its administrator for the right to do this.") },
  [KAB_ERROR_NOT_FOUND] = {
    N_("Not found"),
    N_("It is not there, or not any more. Synchronise, then look again.") },
  [KAB_ERROR_UNREACHABLE] = {
    N_("Host not connected"),
    N_("The host is not connected to the server now. Try again when it is.") },
  [KAB_ERROR_BAD_DATA] = {
    N_("Unusable data"),
    N_("What arrived is damaged or is not what it claims to be, and was not used. Your data is as it was before.") },
  [KAB_ERROR_BAD_SIGNATURE] = {
    N_("Signature does not match"),
    N_("A signature could not be confirmed, so the content was not used. Do not trust it before you know why.") },
  [KAB_ERROR_PASSPHRASE] = {
    N_("Passphrase needed"),
    N_("The key is locked: its passphrase is missing or wrong. Enter it again.") },
  [KAB_ERROR_STORAGE] = {
    N_("Storing failed"),
    N_("The disk is full, or the files of Kabinet cannot be written. Make room or check their permissions, then try again.") },
  [KAB_ERROR_UNSUPPORTED] = {
    N_("Not possible here"),
    N_("This server, or this version of Kabinet, cannot do that.") },
  [KAB_ERROR_CONFLICT] = {
    N_("Changed by somebody else"),
    N_("The server does not have what the editing began with any more. Look at the difference, then go on from there.") },
};

static guint
index_of (const GError *error)
{
  if (error->domain == KAB_ERROR && (guint) error->code < G_N_ELEMENTS (texts))
    return (guint) error->code;

  return KAB_ERROR_FAILED;
}

const char *
kab_error_text_describe (const GError *error)
{
  g_return_val_if_fail (error != NULL, "");

  return _(texts[index_of (error)].text);
}

const char *
kab_error_text_title (const GError *error)
{
  g_return_val_if_fail (error != NULL, "");

  return _(texts[index_of (error)].title);
}

gboolean
kab_error_text_is_shown (const GError *error)
{
  return error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
