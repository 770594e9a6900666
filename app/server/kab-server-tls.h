/* kab-server-tls.h: who the server is: its own authority, its certificate, and the administrator of its fleet
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * kab_server_tls_load:
 * @folder: of the keys; made when it is missing
 * @listen: "127.0.0.1:8443", "[::1]:0", "wapt.example.org:443": the certificate is valid for it, beside loopback
 * @passphrase: of the keys in @folder, which lie there encrypted only (PKCS#8)
 * @ca_path: (out) (transfer full) (optional): the authority to give to clients
 *
 * The authority is made once and stays; the certificate is made anew when it nears its end or lacks @listen. Blocks
 * for the time that takes.
 *
 * Returns: (transfer full): the certificate with its key and the authority behind it. KAB_ERROR_PASSPHRASE for the
 *   wrong one, KAB_ERROR_BAD_DATA for an authority that is damaged, KAB_ERROR_STORAGE
 */
GTlsCertificate *kab_server_tls_load           (const char  *folder,
                                                const char  *listen,
                                                const char  *passphrase,
                                                char       **ca_path,
                                                GError     **error);

/**
 * kab_server_administrator_load:
 * @key_path: (out) (transfer full)
 * @certificate_path: (out) (transfer full)
 *
 * The key and certificate of an administrator whom the agents trust, made when they are missing: may sign code.
 */
gboolean         kab_server_administrator_load (const char  *folder,
                                                const char  *passphrase,
                                                char       **key_path,
                                                char       **certificate_path,
                                                GError     **error);

G_END_DECLS
