/* kab-error.h: the one error domain of Kabinet, by what the reader can do about it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KabError:
 * @KAB_ERROR_FAILED: nothing more precise is known; read the message
 * @KAB_ERROR_USAGE: the request itself makes no sense; ask differently
 * @KAB_ERROR_NETWORK: the server cannot be reached or broke off; try again
 * @KAB_ERROR_UNTRUSTED: the server's certificate is not trusted; look at its fingerprint
 * @KAB_ERROR_AUTH: not signed in, or wrong user or password; sign in
 * @KAB_ERROR_REFUSED: signed in, but the server or an agent says no; ask for the right
 * @KAB_ERROR_NOT_FOUND: there is no such host, update or file
 * @KAB_ERROR_UNREACHABLE: the host (not the server) is away; wait for it
 * @KAB_ERROR_BAD_DATA: what came is not what it claims to be; do not use it
 * @KAB_ERROR_BAD_SIGNATURE: a signature does not verify; do not trust it
 * @KAB_ERROR_PASSPHRASE: the key needs a passphrase, or another one
 * @KAB_ERROR_STORAGE: the disk or the database failed; make room or repair
 * @KAB_ERROR_UNSUPPORTED: this server or this build cannot do that
 * @KAB_ERROR_CONFLICT: somebody else changed it meanwhile; look at the difference, then go on from theirs
 *
 * Cancelling is not one of these: it stays %G_IO_ERROR_CANCELLED.
 */
typedef enum {
  KAB_ERROR_FAILED,
  KAB_ERROR_USAGE,
  KAB_ERROR_NETWORK,
  KAB_ERROR_UNTRUSTED,
  KAB_ERROR_AUTH,
  KAB_ERROR_REFUSED,
  KAB_ERROR_NOT_FOUND,
  KAB_ERROR_UNREACHABLE,
  KAB_ERROR_BAD_DATA,
  KAB_ERROR_BAD_SIGNATURE,
  KAB_ERROR_PASSPHRASE,
  KAB_ERROR_STORAGE,
  KAB_ERROR_UNSUPPORTED,
  KAB_ERROR_CONFLICT,
} KabError;

#define KAB_ERROR (kab_error_quark ())
GQuark   kab_error_quark   (void);

/* The end of a function whose steps fail into an error of its own: is there none? Else it is handed on to @error. */
gboolean kab_error_is_none (GError **local_error,
                            GError **error);

G_END_DECLS
