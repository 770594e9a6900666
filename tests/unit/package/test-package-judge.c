/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives that nobody honest makes: what agents would do, and that no other part of Kabinet opens them. */

#include "package-forge.h"

#include "kab-archive-private.h"
#include "kab-package-judge.h"

static KabJudgement *
judge_by (GBytes     *bytes,
          const char *trusted_name)
{
  g_autoptr(GPtrArray) trusted = trust (trusted_name, NULL);
  g_autoptr(GError) error = NULL;
  KabJudgement *judgement = kab_package_judge_bytes (bytes, trusted, NULL, TEST_NOW, &error);

  g_assert_no_error (error);
  g_assert_nonnull (judgement);
  g_test_message ("%s, %s: %s", kab_judgement_outcome_get_text (judgement->outcome), judgement->code, judgement->reason);
  g_assert_null (strchr (judgement->reason, '\n'));
  return judgement;
}

static void
assert_judged (GBytes              *bytes,
               KabJudgementOutcome  outcome,
               const char          *code)
{
  g_autoptr(KabJudgement) judgement = judge_by (bytes, "keys/self.crt");
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, NULL);

  g_assert_cmpint (judgement->outcome, ==, outcome);
  g_assert_cmpstr (judgement->code, ==, code);
  /* What is unsafe in an archive is not opened at all elsewhere, or does not verify. */
  if (outcome == KAB_JUDGEMENT_UNSAFE && reader != NULL)
    {
      g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
      g_autoptr(KabSignature) signature = kab_package_reader_verify (reader, trusted, TEST_NOW);

      g_assert_cmpint (signature->status, ==, KAB_SIGNATURE_BROKEN);
    }
}

static void
test_members (void)
{
  static const struct {
    const char *what;
    TestMember members[4];
    KabJudgementOutcome outcome;
    const char *code;
  } cases[] = {
    { "honest", { { "a", "x" }, { "é/b", "y" } }, KAB_JUDGEMENT_ACCEPTED, "good" },
    { "folder not listed", { { "d/", "", FALSE, "" }, { "d/a", "y" } }, KAB_JUDGEMENT_ACCEPTED, "good" },
    { "folder listed", { { "d/", "" }, { "d/a", "y" } }, KAB_JUDGEMENT_REFUSED, "broken" },
    { "not listed", { { "a", "x", FALSE, "" } }, KAB_JUDGEMENT_REFUSED, "broken" },
    { "listed elsewhere", { { "a", "x", FALSE, "b" } }, KAB_JUDGEMENT_REFUSED, "broken" },
    { "not listed, as old signatures are", { { "WAPT/signature", "x", FALSE, "" }, { "WAPT/manifest.sha1", "y", FALSE, "" } },
      KAB_JUDGEMENT_ACCEPTED, "good" },
    { "twice, the last is good", { { "a", "bad", FALSE, "" }, { "a", "x" } }, KAB_JUDGEMENT_UNSAFE, "member-twice" },
    { "twice, the last is bad", { { "a", "x" }, { "a", "bad", FALSE, "" } }, KAB_JUDGEMENT_REFUSED, "broken" },
    { "case clash", { { "Readme", "x" }, { "README", "y" } }, KAB_JUDGEMENT_UNSAFE, "member-case" },
    { "case clash outside of ASCII", { { "É", "x" }, { "é", "y" } }, KAB_JUDGEMENT_UNSAFE, "member-case" },
    { "climbs, found where agents put it", { { "../x", "x", FALSE, "x" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "climbs inside", { { "a/../b", "x", FALSE, "a/b" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "climbs, listed so", { { "../x", "x" } }, KAB_JUDGEMENT_REFUSED, "broken" },
    { "absolute", { { "/etc/x", "x", FALSE, "etc/x" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "on a drive", { { "C:/x", "x", FALSE, "x" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "backslashes", { { "a\\b", "x", FALSE, "a/b" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "climbs over what is signed", { { "./WAPT/control", "x", FALSE, "" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "no name on Windows", { { "ab:c", "x" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "device of Windows", { { "data/aux.txt", "x" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "ends in a point", { { "x.", "x" } }, KAB_JUDGEMENT_UNSAFE, "member-name" },
    { "link", { { "a", "/etc/passwd", TRUE } }, KAB_JUDGEMENT_UNSAFE, "link" },
    { "two rules", { { "WAPT/waptwua_rules.json", "{}" }, { "WAPT/persistent/waptwua_rules.json", "{ }" } },
      KAB_JUDGEMENT_UNSAFE, "two-rules" },
    { "the same rules", { { "WAPT/waptwua_rules.json", "{}" }, { "WAPT/persistent/waptwua_rules.json", "{}" } },
      KAB_JUDGEMENT_ACCEPTED, "good" },
  };
  g_autoptr(KabSigner) signer = recorded_signer ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) plain = forge_members (signer, "wsus", cases[i].members);
      g_autoptr(GBytes) bytes = NULL;
      gsize size;
      guint8 *copy = g_memdup2 (g_bytes_get_data (plain, &size), g_bytes_get_size (plain));

      g_test_message ("%s", cases[i].what);
      if (cases[i].members[0].is_link)
        central_header (copy, size, 0)[41] = 0xa1;     /* S_IFLNK */
      bytes = g_bytes_new_take (copy, size);
      if (g_str_equal (cases[i].code, "two-rules"))
        {
          g_autoptr(KabJudgement) judgement = judge_by (bytes, "keys/self.crt");

          g_assert_cmpstr (judgement->code, ==, "two-rules");
          g_assert_cmpint (judgement->outcome, ==, KAB_JUDGEMENT_UNSAFE);
        }
      else
        assert_judged (bytes, cases[i].outcome, cases[i].code);
    }
}

enum { STUB, TRAILING, CUT, ENCRYPTED, METHOD, LOCAL_NAME, LOCAL_SIZE, LOCAL_CRC, HUGE, TOO_LITTLE,
       TOO_MUCH, BAD_CRC, OVERLAP, ELSEWHERE, MULTIPART, COUNT, NO_END, DAMAGED_EXTRA, PADDED, TOO_NEW, LONG_COMMENT };

/* The first member is 1,000 bytes, "a". */
static GBytes *
damage (GBytes *plain,
        int     what)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (plain, &size);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 *central, *local, *end;

  if (what == STUB)
    g_byte_array_append (bytes, (const guint8 *) "MZ program", 10);
  g_byte_array_append (bytes, data, (guint) size);
  central = central_header (bytes->data, bytes->len, 0);
  local = bytes->data + (what == STUB ? 10 : 0);
  end = bytes->data + bytes->len - 22;
  switch (what)
    {
    case TRAILING:
      g_byte_array_append (bytes, (const guint8 *) "garbage", 7);
      break;
    case CUT:
      g_byte_array_set_size (bytes, bytes->len / 2);
      break;
    case ENCRYPTED:
      central[8] |= 1;
      break;
    case METHOD:
      central[10] = local[8] = 12;      /* bzip2 */
      break;
    case LOCAL_NAME:
      local[30] = 'b';
      break;
    case LOCAL_SIZE:
      local[22] ^= 1;
      break;
    case LOCAL_CRC:
      local[14] ^= 1;
      break;
    case HUGE:
      memcpy (central + 24, "\xff\xff\xff\x7f", 4);
      break;
    case TOO_LITTLE:
    case TOO_MUCH:
      central[24] = local[22] = what == TOO_LITTLE ? 0xe9 : 0xe7;
      break;
    case BAD_CRC:
      central[16] ^= 1;
      local[14] ^= 1;
      break;
    case OVERLAP:
      central_header (bytes->data, bytes->len, 1)[42] = 0;
      central_header (bytes->data, bytes->len, 1)[46] = 'a';
      break;
    case ELSEWHERE:
      central[42] = 3;
      break;
    case MULTIPART:
      end[4] = 1;
      break;
    case COUNT:
      end[10] ^= 3;
      break;
    case NO_END:
      end[0] = 'X';
      break;
    case PADDED:
      central[20]++;
      local[18]++;
      break;
    case TOO_NEW:
      central[6] = 64;
      break;
    case LONG_COMMENT:
      central_header (bytes->data, bytes->len, 5)[32] = 1;
      break;
    case DAMAGED_EXTRA:
      memset (central + 24, 0xff, 4);
      break;
    default:
      break;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
test_archives (void)
{
  static const struct {
    int damage;
    const char *section;
    KabJudgementOutcome outcome;
    const char *code;
  } cases[] = {
    { STUB, "wsus", KAB_JUDGEMENT_UNSAFE, "stub" },
    { STUB, "host", KAB_JUDGEMENT_REFUSED, "stub" },
    { TRAILING, "wsus", KAB_JUDGEMENT_UNSAFE, "trailing" },
    { CUT, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { ENCRYPTED, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { METHOD, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { LOCAL_NAME, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { LOCAL_SIZE, "wsus", KAB_JUDGEMENT_UNSAFE, "headers" },
    { LOCAL_CRC, "wsus", KAB_JUDGEMENT_UNSAFE, "headers" },
    { HUGE, "wsus", KAB_JUDGEMENT_UNSAFE, "limit" },
    { TOO_LITTLE, "wsus", KAB_JUDGEMENT_UNSAFE, "headers" },
    { TOO_MUCH, "wsus", KAB_JUDGEMENT_REFUSED, "broken" },
    { BAD_CRC, "wsus", KAB_JUDGEMENT_REFUSED, "broken" },
    { OVERLAP, "wsus", KAB_JUDGEMENT_REFUSED, "broken" },
    { ELSEWHERE, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { MULTIPART, "wsus", KAB_JUDGEMENT_UNSAFE, "headers" },
    { COUNT, "wsus", KAB_JUDGEMENT_UNSAFE, "headers" },
    { NO_END, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { DAMAGED_EXTRA, "wsus", KAB_JUDGEMENT_UNSAFE, "limit" },
    { PADDED, "wsus", KAB_JUDGEMENT_UNSAFE, "overlap" },
    { TOO_NEW, "wsus", KAB_JUDGEMENT_REFUSED, "no-package" },
    { LONG_COMMENT, "wsus", KAB_JUDGEMENT_UNSAFE, "headers" },
  };
  g_autofree char *content = g_strnfill (1000, 'a');
  const TestMember members[] = { { "a", content }, { "b", "x" }, { NULL } };
  g_autoptr(KabSigner) signer = recorded_signer ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) plain = forge_members (signer, cases[i].section, members);
      g_autoptr(GBytes) bytes = damage (plain, cases[i].damage);

      g_test_message ("case %u", i);
      assert_judged (bytes, cases[i].outcome, cases[i].code);
    }
}

/* Members that share their bytes, each honestly listed. */
static void
test_overlap (void)
{
  static const TestMember members[] = { { "aa", "same" }, { "aa", "same" }, { NULL } };
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GBytes) plain = forge_members (signer, "wsus", members);
  gsize size;
  guint8 *copy = g_memdup2 (g_bytes_get_data (plain, &size), g_bytes_get_size (plain));
  g_autoptr(GBytes) bytes = g_bytes_new_take (copy, size);
  g_autoptr(KabArchive) archive = NULL;
  g_autoptr(GError) error = NULL;

  memset (central_header (copy, size, 1) + 42, 0, 4);
  archive = kab_archive_open_bytes (bytes, FALSE, &error);
  g_assert_null (archive);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  assert_judged (bytes, KAB_JUDGEMENT_UNSAFE, "member-twice");
}

/* A directory with more members than any package, and one that says it is larger than its file. */
static void
test_limits (void)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (-1);
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) bomb = NULL;
  g_autoptr(KabArchiveWriter) other = kab_archive_writer_new (-1);
  g_autoptr(GBytes) zeros = g_bytes_new_take (g_malloc0 (KAB_ARCHIVE_RATIO_FREE + 1), KAB_ARCHIVE_RATIO_FREE + 1);
  static const TestMember control[] = { { "a", "x" }, { "WAPT/control", MINIMAL_CONTROL }, { NULL } };
  g_autoptr(GBytes) honest = zip_of (control);
  g_autoptr(GBytes) unsigned_bomb = damage (honest, HUGE);
  g_autoptr(KabJudgement) judgement = NULL;
  g_autoptr(GByteArray) large = g_byte_array_new ();
  g_autoptr(GBytes) long_directory = NULL;

  for (guint i = 0; i <= KAB_ARCHIVE_MAX_MEMBERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      g_assert_true (kab_archive_writer_add (writer, name, empty, NULL));
    }
  bytes = kab_archive_writer_end (writer, NULL);
  assert_judged (bytes, KAB_JUDGEMENT_UNSAFE, "limit");
  judgement = judge_by (unsigned_bomb, "keys/self.crt");
  g_assert_cmpstr (judgement->code, ==, "not-signed");

  /* A directory that is larger than any, whatever it holds. */
  memcpy (g_byte_array_set_size (large, KAB_ARCHIVE_MAX_DIRECTORY + 100)->data, "PK\3\4", 4);
  g_byte_array_append (large, (const guint8 *) "PK\5\6\0\0\0\0\1\0\1\0\1\0\0\4\0\0\0\0\0\0", 22);
  long_directory = g_byte_array_free_to_bytes (g_steal_pointer (&large));
  assert_judged (long_directory, KAB_JUDGEMENT_UNSAFE, "limit");

  /* 16 MiB of zeros in 16 kB: honest deflate, and still nothing to unpack. */
  g_assert_true (kab_archive_writer_add (other, "zeros", zeros, NULL));
  bomb = kab_archive_writer_end (other, NULL);
  g_assert_cmpuint (g_bytes_get_size (bomb), <, 20000);
  assert_judged (bomb, KAB_JUDGEMENT_UNSAFE, "limit");
}

static void
test_people (void)
{
  static const TestMember code[] = { { "Setup.PY", "print()" }, { NULL } };
  static const struct {
    const char *file;
    const char *trusted;
    KabJudgementOutcome outcome;
    const char *code;
  } cases[] = {
    { "self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/self.crt", KAB_JUDGEMENT_ACCEPTED, "good" },
    { "ca-chain_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/ca.crt", KAB_JUDGEMENT_ACCEPTED, "good" },
    { "untrusted_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/self.crt", KAB_JUDGEMENT_REFUSED, "untrusted" },
    { "01_file_changed.wapt", "keys/self.crt", KAB_JUDGEMENT_REFUSED, "broken" },
    { "06_manifest_changed.wapt", "keys/self.crt", KAB_JUDGEMENT_REFUSED, "broken" },
    { "10_certificate_swapped.wapt", "keys/self.crt", KAB_JUDGEMENT_REFUSED, "broken" },
  };
  g_autoptr(KabSigner) not_for_code = recorded_signer_of ("keys/nocs.crt", "keys/nocs.pem");
  g_autoptr(KabSigner) weak = data_signer ("weak.crt", "weak.pem");
  g_autoptr(GBytes) program = forge_members (not_for_code, "base", code);
  g_autoptr(GBytes) plain = forge_members (weak, "wsus", NULL);
  g_autoptr(KabJudgement) judgement = judge_by (program, "keys/nocs.crt");
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  g_autoptr(KabJudgement) weakly = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (judgement->code, ==, "not-for-code");
  g_assert_cmpint (judgement->outcome, ==, KAB_JUDGEMENT_REFUSED);
  g_ptr_array_add (trusted, kab_signer_get_certificate (weak));
  weakly = kab_package_judge_bytes (plain, trusted, NULL, TEST_NOW, NULL);
  g_assert_cmpstr (weakly->code, ==, "weak-certificate");
  g_assert_cmpint (weakly->outcome, ==, KAB_JUDGEMENT_UNSAFE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = recorded ("packages");
      g_autofree char *path = g_build_filename (folder, cases[i].file, NULL);
      g_autoptr(GPtrArray) anchors = trust (cases[i].trusted, NULL);
      g_autoptr(KabJudgement) found = kab_package_judge (path, anchors, NULL, TEST_NOW, &error);

      g_assert_no_error (error);
      g_assert_cmpint (found->outcome, ==, cases[i].outcome);
      g_assert_cmpstr (found->code, ==, cases[i].code);
    }
}

/* Neither refused nor accepted: nobody but its host can say. */
static void
test_encrypted_host (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("RSAFERNET256................", 28);
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_package_is_encrypted (bytes));
  g_assert_null (kab_package_judge_bytes (bytes, trusted, NULL, TEST_NOW, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (kab_package_judge ("/nonexistent", trusted, NULL, TEST_NOW, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-judge/members", test_members);
  g_test_add_func ("/package-judge/archives", test_archives);
  g_test_add_func ("/package-judge/overlap", test_overlap);
  g_test_add_func ("/package-judge/limits", test_limits);
  g_test_add_func ("/package-judge/people", test_people);
  g_test_add_func ("/package-judge/encrypted-host", test_encrypted_host);
  return g_test_run ();
}
