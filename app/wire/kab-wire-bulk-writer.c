/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-bulk.h"

#include "kab-wire.h"

/* Appends ,"name":"text"; nothing at all for NULL, so that lines stay short. */
static void
append_text (GString    *out,
             const char *name,
             const char *text)
{
  if (text == NULL)
    return;

  g_string_append_printf (out, ",\"%s\":", name);
  kab_wire_append_text (out, text);
}

static void
append_list (GString            *out,
             const char         *name,
             const char * const *list)
{
  if (list == NULL)
    return;

  g_string_append_printf (out, ",\"%s\":[", name);
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      kab_wire_append_text (out, list[i]);
    }
  g_string_append_c (out, ']');
}

static void
append_time (GString    *out,
             const char *name,
             gint64      time)
{
  g_autofree char *text = time > 0 ? kab_wire_format_time (time) : NULL;

  append_text (out, name, text);
}

static void
append_size (GString    *out,
             const char *name,
             gint64      size)
{
  if (size >= 0)
    g_string_append_printf (out, ",\"%s\":%" G_GINT64_FORMAT, name, size);
}

static void
append_tristate (GString     *out,
                 const char  *name,
                 KabTristate  value)
{
  if (value != KAB_TRISTATE_NULL)
    g_string_append_printf (out, ",\"%s\":%s", name, value == KAB_TRISTATE_TRUE ? "true" : "false");
}

void
kab_bulk_write_head (GString           *out,
                     const char        *what,
                     const KabBulkHead *head)
{
  g_return_if_fail (what != NULL && head != NULL);

  g_string_append (out, "{\"kabinet_bulk\":1");
  append_text (out, "what", what);
  append_text (out, "server_uuid", head->server_uuid);
  append_text (out, "epoch", head->epoch);
  g_string_append_printf (out, ",\"since\":%" G_GINT64_FORMAT ",\"counter\":%" G_GINT64_FORMAT ",\"full\":%s",
                          head->since, head->counter, head->full ? "true" : "false");
  g_string_append_printf (out, ",\"rows\":%" G_GUINT64_FORMAT ",\"hosts_count\":%u,\"updates_count\":%u}\n",
                          head->n_rows, head->n_hosts, head->n_updates);
}

void
kab_bulk_write_update (GString               *out,
                       guint32                number,
                       const KabUpdateFields *fields)
{
  g_return_if_fail (fields != NULL && fields->update_id != NULL);

  g_string_append_printf (out, "{\"n\":%u", number);
  append_text (out, "update_id", fields->update_id);
  append_text (out, "title", fields->title);
  append_text (out, "update_type", fields->update_type);
  append_list (out, "kbids", fields->kbids);
  append_text (out, "severity", fields->severity);
  append_time (out, "changetime", fields->changed_at);
  append_text (out, "product", fields->product);
  append_text (out, "classification", fields->classification);
  append_list (out, "download_urls", fields->download_urls);
  append_size (out, "min_download_size", fields->min_download_size);
  append_size (out, "max_download_size", fields->max_download_size);
  append_list (out, "superseded_update_ids", fields->superseded_update_ids);
  append_list (out, "security_bulletin_ids", fields->security_bulletin_ids);
  append_tristate (out, "is_mandatory", fields->is_mandatory);
  append_text (out, "reboot_behaviour", fields->reboot_behaviour);
  append_text (out, "can_request_user_input", fields->can_request_user_input);
  append_tristate (out, "requires_network_connectivity", fields->requires_network_connectivity);
  append_list (out, "languages", fields->languages);
  append_time (out, "downloaded_on", fields->downloaded_at);
  append_tristate (out, "is_beta", fields->is_beta);
  append_text (out, "support_url", fields->support_url);
  append_text (out, "release_notes", fields->release_notes);
  append_tristate (out, "is_uninstallable", fields->is_uninstallable);
  append_text (out, "installation_impact", fields->installation_impact);
  append_text (out, "uninstallation_impact", fields->uninstallation_impact);
  g_string_append (out, "}\n");
}

/* Digits by hand: a full answer of 10,000 hosts has 7.5 million of these numbers. */
static char *
put_number (char    *p,
            guint32  number)
{
  char digits[10];
  guint n = 0;

  do
    digits[n++] = '0' + number % 10;
  while ((number /= 10) > 0);
  while (n > 0)
    *p++ = digits[--n];
  return p;
}

static void
append_records (GString              *out,
                const KabStateRecord *records,
                guint                 n_records)
{
  g_string_append (out, ",\"states\":[");
  for (guint i = 0; i < n_records; i++)
    {
      char buffer[5 * 12];
      char *p = buffer;

      if (i > 0)
        *p++ = ',';
      p = put_number (p, records[i].update);
      *p++ = ',';
      p = put_number (p, records[i].flags & 0xf);
      *p++ = ',';
      p = put_number (p, records[i].flags >> 4);
      *p++ = ',';
      p = put_number (p, records[i].installed_at);
      *p++ = ',';
      if (records[i].result < 0)
        *p++ = '-';
      p = put_number (p, records[i].result < 0 ? 0u - (guint32) records[i].result : (guint32) records[i].result);
      g_string_append_len (out, buffer, p - buffer);
    }
  g_string_append_c (out, ']');
}

/**
 * kab_bulk_write_host:
 * @host_members_json: the members of the host's object, "uuid" among them, without the braces around:
 *   `"uuid":"4C4C…","computer_name":"PC-1"`; on one line
 * @records: (nullable): its states, the server's numbers in @update; @n_records of %G_MAXUINT = only the columns changed
 * @history_json: (nullable): the object of § "history" on one line
 */
void
kab_bulk_write_host (GString              *out,
                     const char           *host_members_json,
                     const KabStateRecord *records,
                     guint                 n_records,
                     const char           *history_json)
{
  g_return_if_fail (host_members_json != NULL);
  g_return_if_fail (records != NULL || n_records == 0 || n_records == G_MAXUINT);

  g_string_append_c (out, '{');
  g_string_append (out, host_members_json);
  if (n_records != G_MAXUINT)
    append_records (out, records, n_records);
  if (history_json != NULL)
    {
      g_string_append (out, ",\"history\":");
      g_string_append (out, history_json);
    }
  g_string_append (out, "}\n");
}

void
kab_bulk_write_host_gone (GString    *out,
                          const char *uuid)
{
  g_string_append (out, "{\"gone\":");
  kab_wire_append_text (out, uuid);
  g_string_append (out, "}\n");
}

void
kab_bulk_write_end (GString *out,
                    guint64  n_rows)
{
  g_string_append_printf (out, "{\"end\":true,\"rows\":%" G_GUINT64_FORMAT "}\n", n_rows);
}
