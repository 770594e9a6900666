/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-explanation.h"
#include "kab-result-code.h"
#include "kab-template.h"

typedef struct {
  const KabExplanation *explanation;
  KabTranslateFunc      translate;
  GString              *text;
} Speaker;

static const char *
keep_msgid (const char *msgid)
{
  return msgid;
}

/* One whole sentence, with a blank before it unless it is the first. */
static void
say_with (Speaker                *speaker,
          const char             *msgid,
          const KabTemplateValue *values)
{
  g_autofree char *sentence = kab_template_fill (speaker->translate (msgid), values);

  if (speaker->text->len > 0)
    g_string_append_c (speaker->text, ' ');
  g_string_append (speaker->text, sentence);
}

static void
say (Speaker    *speaker,
     const char *msgid)
{
  static const KabTemplateValue none[] = { { NULL, NULL } };

  say_with (speaker, msgid, none);
}

static void
say_about (Speaker    *speaker,
           const char *msgid,
           const char *name,
           const char *value)
{
  const KabTemplateValue values[] = { { name, value }, { NULL, NULL } };

  say_with (speaker, msgid, values);
}

static char *
dup_date (Speaker *speaker,
          gint64   time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local (time);
  char *text = NULL;

  if (date != NULL)
    /* Translators: a day in a sentence, see g_date_time_format(): "25 November 2026" */
    text = g_date_time_format (date, speaker->translate (N_ ("%-d %B %Y")));
  return text != NULL ? text : g_strdup ("?");
}

static void
say_line (Speaker    *speaker,
          const char *msgid,
          const char *origin,
          const char *line)
{
  const KabTemplateValue values[] = { { "package", origin }, { "line", line }, { NULL, NULL } };

  say_with (speaker, msgid, values);
}

static void
say_overruled (Speaker *speaker)
{
  const KabDecision *decision = &speaker->explanation->decision;

  if (decision->overruled == NULL)
    return;
  if (decision->verdict == KAB_VERDICT_FORBIDDEN)
    say_line (speaker, N_ ("{package} would allow it (line “{line}”)."), decision->overruled_origin, decision->overruled);
  else
    say_line (speaker, N_ ("{package} would forbid it (line “{line}”)."), decision->overruled_origin, decision->overruled);
}

static void
say_delayed (Speaker *speaker)
{
  const KabDecision *decision = &speaker->explanation->decision;
  g_autofree char *date = decision->delayed_until != 0 ? dup_date (speaker, decision->delayed_until) : NULL;
  const KabTemplateValue values[] = {
    { "package", decision->origin }, { "line", decision->line }, { "date", date }, { NULL, NULL },
  };

  if (decision->line != NULL)
    say_with (speaker, date != NULL
              ? N_ ("Discarded: {package} allows it (line “{line}”), but it waits until {date} (delay of the agent).")
              : N_ ("Discarded: {package} allows it (line “{line}”), but the delay of the agent cannot be read, and that "
                    "holds back every update."), values);
  else
    say_with (speaker, date != NULL
              ? N_ ("Discarded: the agent allows it by default, but it waits until {date} (delay of the agent).")
              : N_ ("Discarded: the agent allows it by default, but its delay cannot be read, and that holds back every "
                    "update."), values);
}

/* The rules would let it through: so the report says more, or is older. */
static void
say_discarded_though_allowed (Speaker *speaker)
{
  const KabExplanation *self = speaker->explanation;
  const KabDecision *decision = &self->decision;

  if (self->host_says_delayed && decision->line != NULL)
    say_line (speaker, N_ ("Discarded: {package} allows it (line “{line}”), but the host says that its delay still runs."),
              decision->origin, decision->line);
  else if (self->host_says_delayed)
    say (speaker, N_ ("Discarded: the agent allows it by default, but the host says that its delay still runs."));
  else if (decision->line != NULL)
    say_line (speaker, N_ ("Discarded when the host last reported, but {package} allows it now (line “{line}”)."),
              decision->origin, decision->line);
  else
    say (speaker, N_ ("Discarded when the host last reported, but the agent allows it by default."));
}

static void
say_discarded (Speaker *speaker)
{
  const KabExplanation *self = speaker->explanation;
  const KabDecision *decision = &self->decision;

  if (!self->rules_known)
    {
      if (self->host_says_delayed)
        say (speaker, N_ ("Discarded: the host says that its delay still runs."));
      else
        say (speaker, N_ ("Discarded: the rules of the host do not allow it."));
      say (speaker, N_ ("Which rules the host applies is not known."));
      return;
    }

  switch (decision->verdict)
    {
    case KAB_VERDICT_FORBIDDEN:
      if (decision->line != NULL)
        say_line (speaker, N_ ("Discarded: {package} forbids it (line “{line}”)."), decision->origin, decision->line);
      else
        say (speaker, N_ ("Discarded: no rule names it, and the agent allows only what a rule names."));
      say_overruled (speaker);
      break;
    case KAB_VERDICT_DELAYED:
      say_delayed (speaker);
      break;
    case KAB_VERDICT_ALLOWED:
      say_discarded_though_allowed (speaker);
      break;
    case KAB_VERDICT_UNDECIDED:
    default:
      say (speaker, N_ ("Discarded: no rule of the host names it."));
      break;
    }
}

static void
say_why_allowed (Speaker *speaker)
{
  const KabDecision *decision = &speaker->explanation->decision;

  if (!speaker->explanation->rules_known)
    say (speaker, N_ ("Which rules the host applies is not known."));
  else if (decision->verdict != KAB_VERDICT_ALLOWED)
    return;
  else if (decision->line != NULL)
    say_line (speaker, N_ ("{package} allows it (line “{line}”)."), decision->origin, decision->line);
  else
    say (speaker, N_ ("No rule names it, and the agent allows that by default."));
}

static void
say_pending (Speaker *speaker)
{
  const KabExplanation *self = speaker->explanation;

  if (self->host_has_files)
    say (speaker, N_ ("Pending: the host has its files and has not installed it yet."));
  else
    say (speaker, N_ ("Pending: the server has its files and the host has not fetched them yet."));
  say_why_allowed (speaker);
  if (self->restart_pending)
    say (speaker, N_ ("A restart is pending on the host and may have to come first."));
}

static void
say_missing (Speaker *speaker)
{
  g_autofree char *name = kab_download_url_dup_name (speaker->explanation->missing_url);

  if (name != NULL)
    say_about (speaker, N_ ("Missing: neither the host nor the server has {file}."), "file", name);
  else
    say (speaker, N_ ("Missing: neither the host nor the server has its files."));
  say (speaker, N_ ("It can be installed after the server has fetched them."));
  say_why_allowed (speaker);
}

static void
say_error (Speaker *speaker)
{
  guint32 code = (guint32) speaker->explanation->result;
  const KabResultCode *known = kab_result_code_lookup (code);
  g_autofree char *spelled = kab_result_code_format (code);

  if (code == 0)
    say (speaker, N_ ("Error: the newest try failed, and the host does not say why."));
  else if (known == NULL)
    {
      const KabTemplateValue values[] = {
        { "code", spelled }, { "facility", speaker->translate (kab_result_code_get_facility (code)) }, { NULL, NULL },
      };

      /* Translators: {facility} is a part of Windows, such as "Windows Update" or "Servicing stack" */
      say_with (speaker, N_ ("Error: the newest try failed with {code} ({facility})."), values);
    }
  else
    {
      say_about (speaker, N_ ("Error: the newest try failed with {code}."), "code", spelled);
      if (*known->meaning != '\0')
        say (speaker, known->meaning);
      if (*known->remedy != '\0')
        say (speaker, known->remedy);
    }
}

static void
say_installed (Speaker *speaker)
{
  const KabExplanation *self = speaker->explanation;
  const KabDecision *decision = &self->decision;

  if (self->installed_at != 0)
    {
      g_autofree char *date = dup_date (speaker, self->installed_at);

      say_about (speaker, N_ ("Installed on {date}."), "date", date);
    }
  else
    say (speaker, N_ ("Installed."));

  if (self->restart_pending)
    say (speaker, N_ ("A restart is pending on the host; until then it may not be effective."));
  if (self->rules_known && decision->verdict == KAB_VERDICT_FORBIDDEN && decision->line != NULL)
    say_line (speaker, N_ ("{package} forbids it (line “{line}”), but forbidding does not remove what is installed."),
              decision->origin, decision->line);
}

static void
say_state (Speaker *speaker)
{
  const KabExplanation *self = speaker->explanation;

  switch (self->state)
    {
    case KAB_STATE_OK:
      say_installed (speaker);
      break;
    case KAB_STATE_PENDING:
      say_pending (speaker);
      break;
    case KAB_STATE_MISSING:
      say_missing (speaker);
      break;
    case KAB_STATE_DISCARDED:
      say_discarded (speaker);
      break;
    case KAB_STATE_ERROR:
      say_error (speaker);
      break;
    case KAB_STATE_SUPERSEDED:
      if (self->superseded_by != NULL)
        say_about (speaker, N_ ("Superseded: {update} replaces it on this host."), "update", self->superseded_by);
      else
        say (speaker, N_ ("Superseded: an update that is pending or installed on this host replaces it."));
      break;
    case KAB_STATE_UNKNOWN:
    default:
      say (speaker, N_ ("Unknown: the host has not said anything about it."));
      break;
    }
}

static void
say_doubts (Speaker *speaker)
{
  const KabExplanation *self = speaker->explanation;

  if (self->disagrees)
    {
      const KabTemplateValue values[] = {
        { "word", speaker->translate (kab_state_get_label (self->reported)) },
        { "state", speaker->translate (kab_state_get_label (self->state)) },
        { NULL, NULL },
      };

      say_with (speaker, N_ ("The host reports the word “{word}”, but its flags mean “{state}”."), values);
    }

  if (!self->estimate_differs)
    return;
  switch (self->decision.verdict)
    {
    case KAB_VERDICT_FORBIDDEN:
      say (speaker, N_ ("Its report is older than the rules: they forbid it now."));
      break;
    case KAB_VERDICT_DELAYED:
      say (speaker, N_ ("Its report is older than the rules: the delay of the agent holds it back now."));
      break;
    case KAB_VERDICT_ALLOWED:
    case KAB_VERDICT_UNDECIDED:
    default:
      say (speaker, N_ ("Its report is older than the rules: they allow it now."));
      break;
    }
}

char *
kab_explanation_describe (const KabExplanation *self,
                          KabTranslateFunc      translate)
{
  Speaker speaker = { self, translate != NULL ? translate : keep_msgid, NULL };

  g_return_val_if_fail (self != NULL, NULL);

  speaker.text = g_string_new (NULL);
  say_state (&speaker);
  say_doubts (&speaker);
  return g_string_free (speaker.text, FALSE);
}
