#!/usr/bin/env python3
"""kabinetctl's verbs on package files and keys: test-package-cli.py KABINETCTL KABINET-SERVER DATA

What it signs is read here a second time, by Python's own zip reader and JSON writer and by the openssl command.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import hashlib
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import warnings
import zipfile
import zlib

CTL, SERVER, DATA = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
KEYS = DATA / 'wapt-1.8.2' / 'keys'
PACKAGES = DATA / 'wapt-1.8.2' / 'packages'
AT = '2027-01-01T00:00:00'
SEALED = {'WAPT/control', 'WAPT/certificate.crt', 'WAPT/manifest.sha256', 'WAPT/signature.sha256'}


def ctl(*arguments, stdin=''):
    done = subprocess.run([CTL, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def read_control(text):
    """A control record as wapt-package-format § 2.1 says, read once more."""
    record, name = {}, None
    for line in text.splitlines():
        if not line.strip():
            break
        if line.startswith(' '):
            record[name] += '\n' + line.strip()
        else:
            name, value = line.split(':', 1)
            name = name.strip().lower()
            record[name] = value.strip()
    if record.get('installed_size', '').isdigit():
        record['installed_size'] = int(record['installed_size'])
    return record


def openssl(*arguments, **options):
    return subprocess.run(['openssl', *map(str, arguments)], capture_output=True, check=False, **options)


class Packages(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kab-cli-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.secret = self.folder / 'secret'
        self.secret.write_text('long secret\n')
        self.secret.chmod(0o600)
        warnings.simplefilter('ignore', UserWarning)        # duplicate names are what we want

    def new_key(self, *arguments):
        code, out, err = ctl('keys', 'new', 'Test Signer', '--folder', self.folder / 'keys', '--passphrase-file', self.secret,
                             '--format', 'json', *arguments)
        self.assertEqual(code, 0, err)
        self.assertNotIn('long secret', out + err)
        return json.loads(out)

    def sign(self, source, key, *arguments):
        target = self.folder / 'signed.wapt'
        code, out, err = ctl('package', 'sign', source, '--key', key['key'], '--certificate', key['certificate'],
                             '--passphrase-file', self.secret, '--out', target, '--format', 'json', *arguments)
        self.assertEqual(code, 0, err)
        return target, json.loads(out)

    def verify(self, file, trusted=KEYS / 'self.crt', *arguments, at=('--at', AT)):
        code, out, err = ctl('package', 'verify', file, '--trust', trusted, *at, '--format', 'json', *arguments)
        return code, json.loads(out) if out else err

    # Keys

    def test_keys(self):
        key = self.new_key('--days', '30')
        self.assertEqual(pathlib.Path(key['key']).stat().st_mode & 0o777, 0o600)
        self.assertIn('ENCRYPTED', pathlib.Path(key['key']).read_text())
        self.assertEqual((key['expiry'], key['code_signing'], key['encrypted'], key['bits']), ('soon', True, True, 2048))
        text = openssl('x509', '-in', key['certificate'], '-noout', '-text').stdout.decode()
        for word in ('CA:TRUE', 'Code Signing, TLS Web Client Authentication', 'Digital Signature, Non Repudiation', 'sha256'):
            self.assertIn(word, text)
        self.assertNotEqual(ctl('keys', 'new', 'Test Signer', '--folder', self.folder / 'keys', '--passphrase-file',
                                self.secret)[0], 0, 'a key is not written over')
        code, out, _ = ctl('keys', 'list', '--folder', self.folder / 'keys')
        self.assertEqual(code, 0)
        self.assertRegex(out, r'ends in \d+ days')
        self.assertIn('May sign every package', out)
        plain = json.loads(ctl('keys', 'new', 'No Code', '--no-code', '--folder', self.folder / 'keys', '--passphrase-file',
                               self.secret, '--format', 'json')[1])
        self.assertFalse(plain['code_signing'])
        self.assertEqual(len(json.loads(ctl('keys', 'list', '--folder', self.folder / 'keys', '--format', 'json')[1])), 2)

    def test_keys_import(self):
        self.secret.write_text('secretpw\n')
        for source, name in ((DATA / 'package' / 'old-ciphers.p12', 'peer-self-signed'),
                             (KEYS / 'enc.pem', 'peer-encrypted-key')):
            code, out, err = ctl('keys', 'import', source, '--folder', self.folder, '--passphrase-file', self.secret,
                                 '--format', 'json')
            self.assertEqual(code, 0, err)
            key = json.loads(out)
            self.assertEqual(key['name'], name)
            self.assertEqual(openssl('rsa', '-in', key['key'], '-passin', 'pass:secretpw', '-noout').returncode, 0)
        fresh = ('--folder', self.folder / 'other', '--new-passphrase-file', self.secret, '--format', 'json')
        code, out, err = ctl('keys', 'import', DATA / 'package' / 'no-passphrase.p12', *fresh)
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out)['name'], 'peer-self-signed')
        self.secret.write_text('wrong\n')
        code, out, err = ctl('keys', 'import', DATA / 'package' / 'chain.p12', '--folder', self.folder, '--passphrase-file',
                             self.secret)
        self.assertEqual((code, out), (5, ''))
        self.assertEqual(ctl('keys', 'import', DATA / 'package' / 'chain.p12', '--folder', self.folder)[0], 2)

    # Verifying

    def test_verify_recorded(self):
        for name, trusted, outcome in (
                ('self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en', 'self', (0, 'good')),
                ('ca-chain_tis-hello_1.2.3-4_x64_PROD_fr-en', 'ca', (0, 'good')),
                ('grp-compta_7', 'self', (0, 'good')),
                ('untrusted_tis-hello_1.2.3-4_x64_PROD_fr-en', 'self', (3, 'untrusted')),
                ('01_file_changed', 'self', (3, 'broken')),
                ('06_manifest_changed', 'self', (3, 'broken')),
                ('10_certificate_swapped', 'self', (3, 'broken'))):
            code, said = self.verify(PACKAGES / f'{name}.wapt', KEYS / f'{trusted}.crt')
            self.assertEqual((code, said['code']), outcome, name)

    def test_verify_ways(self):
        group = PACKAGES / 'grp-compta_7.wapt'
        code, out, _ = ctl('package', 'verify', group, '--trust', KEYS / 'ca.crt', KEYS / 'self.crt', '--at', AT)
        self.assertEqual((code, out.count('\n')), (0, 1), 'several certificates, one line')
        self.assertEqual(ctl('package', 'verify', group, '--trust', KEYS, '--at', AT)[0], 0, 'a folder')
        self.assertEqual(ctl('package', 'verify', group, '--trust', KEYS / 'self.crt', '--at', '2060-01-01')[0], 3, 'expired')
        self.assertEqual(ctl('package', 'verify', group, '--trust', KEYS / 'self.crt', '--at', '2000-01-01')[0], 3, 'too early')
        self.assertEqual(ctl('package', 'verify', group, '--trust', KEYS / 'self.crt', '--at', 'soon')[0], 2)
        self.assertEqual(ctl('package', 'verify', group)[0], 2, 'trusts nobody')
        self.assertEqual(ctl('package', 'verify', group, '--trust', KEYS / 'self.pem')[0], 2, 'no certificate')
        self.assertEqual(ctl('package', 'verify', self.folder / 'absent', '--trust', KEYS / 'self.crt')[0], 2)
        noise = self.folder / 'noise.wapt'
        noise.write_bytes(b'garbage')
        self.assertEqual(self.verify(noise), (3, self.verify(noise)[1]))
        noise.write_bytes(b'RSAFERNET256' + bytes(300))
        self.assertEqual(self.verify(noise)[0], 1, 'only its host can say')

    def test_verify_unsafe(self):
        whole = (PACKAGES / 'grp-compta_7.wapt').read_bytes()
        file = self.folder / 'unsafe.wapt'
        for data, outcome in ((whole + b'more', (6, 'trailing')), (b'MZ' + whole, (6, 'stub')), (whole[:-30], (3, 'no-package'))):
            file.write_bytes(data)
            code, said = self.verify(file)
            self.assertEqual((code, said['code']), outcome)
        with zipfile.ZipFile(PACKAGES / 'grp-compta_7.wapt') as old:
            for extra, outcome in (({'WAPT/control': b'package: evil'}, (6, 'member-twice')), ({'x': b''}, (3, 'broken'))):
                with zipfile.ZipFile(file, 'w') as new:
                    for name, content in extra.items():
                        new.writestr(name, content)
                    for info in old.infolist():
                        new.writestr(info.filename, old.read(info))
                code, said = self.verify(file)
                self.assertEqual((code, said['code']), outcome)
        code, out, err = ctl('package', 'show', file)
        self.assertEqual(code, 0, err)
        file.write_bytes(whole + b'more')
        self.assertEqual(ctl('package', 'show', file)[0], 6, 'nothing else opens it')

    def test_damaged_as_agents_read(self):
        """Damaged headers: what is accepted is what Python's zipfile, which agents use, unpacks; else it is refused or unsafe."""
        whole = (PACKAGES / 'self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt').read_bytes()
        file = self.folder / 'damaged.wapt'

        def unpack(data):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return {info.filename: archive.read(info) for info in archive.infolist() if not info.filename.endswith('/')}

        chance = random.Random(20261121)
        headers = [at for at in range(len(whole)) if whole[at:at + 2] == b'PK']
        wanted, outcomes = unpack(whole), set()
        for _ in range(150):
            data = bytearray(whole)
            at = min(chance.choice(headers) + chance.randrange(46), len(whole) - 1)
            data[at] = chance.choice([data[at] ^ 1 << chance.randrange(8), 0, 255, 1])
            file.write_bytes(data)
            code, said = self.verify(file)
            try:
                same = unpack(bytes(data)) == wanted
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error, EOFError, OSError):
                same = False
            self.assertIn(code, (0, 3, 6), said)
            self.assertTrue(same or code != 0, (at, said))
            outcomes.add((same, code))
        self.assertLessEqual({(True, 0), (True, 6), (False, 3)}, outcomes)

    def test_revoked(self):
        revoked = ('--revoked', DATA / 'package' / 'revoked.crl')
        code, said = self.verify(PACKAGES / 'grp-compta_7.wapt', KEYS / 'self.crt', *revoked)
        self.assertEqual((code, said['code']), (0, 'good'), 'a list of somebody else')
        self.assertEqual(ctl('package', 'verify', PACKAGES / 'grp-compta_7.wapt', '--trust', KEYS / 'self.crt', '--revoked',
                             KEYS / 'self.crt')[0], 2)

    # Signing

    def check_by_others(self, file, certificate):
        """Both signatures by openssl over bytes that Python made, and the manifest over what Python unpacks."""
        public = self.folder / 'public.pem'
        public.write_bytes(openssl('x509', '-in', certificate, '-noout', '-pubkey').stdout)
        signature = self.folder / 'signature'
        with zipfile.ZipFile(file) as archive:
            self.assertIsNone(archive.testzip())
            members = {name: archive.read(name) for name in archive.namelist() if not name.endswith('/')}
        self.assertEqual(len(members), len(archive.namelist()))
        record = read_control(members['WAPT/control'].decode())
        names = record['signed_attributes'].split(',')
        canonical = json.dumps({name: record.get(name, '') for name in names}, sort_keys=True, separators=(',', ':'))
        for text, data in ((record['signature'], canonical.encode()),
                           (members['WAPT/signature.sha256'].decode(), members['WAPT/manifest.sha256'])):
            signature.write_bytes(base64.b64decode(text))
            done = openssl('dgst', '-sha256', '-verify', public, '-signature', signature, input=data)
            self.assertEqual(done.stdout, b'Verified OK\n', data[:200])
        self.assertEqual(set(names) | {'signature'}, set(record))
        lines = members['WAPT/signature.sha256'].decode().split('\n')
        self.assertEqual((max(map(len, lines)), lines[-1]), (76, ''))
        manifest = dict(json.loads(members['WAPT/manifest.sha256']))
        self.assertEqual(manifest, {name: hashlib.sha256(data).hexdigest() for name, data in members.items()
                                    if name not in ('WAPT/manifest.sha256', 'WAPT/signature.sha256')})
        return record, members

    def test_sign(self):
        key = self.new_key()
        source = PACKAGES / 'self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt'
        target, said = self.sign(source, key, '--maturity', 'PREPROD', '--next-version', '--set', 'description=Été « 😀 »',
                                 '--set', 'changelog=one')
        record, members = self.check_by_others(target, key['certificate'])
        self.assertEqual((record['maturity'], record['version'], record['description'], record['changelog']),
                         ('PREPROD', '1.2.3-5', 'Été « 😀 »', 'one'))
        self.assertEqual((said['package_uuid'], said['signer']), (record['package_uuid'], 'Test Signer'))
        with zipfile.ZipFile(source) as old:
            before = read_control(old.read('WAPT/control').decode())
            for name in set(old.namelist()) - SEALED:
                self.assertTrue(name.endswith('/') or old.read(name) == members[name], name)
        self.assertNotEqual(before['package_uuid'], record['package_uuid'])
        self.assertEqual(self.verify(target, key['certificate'], at=())[0], 0)
        self.assertEqual(self.verify(target)[0], 3, 'nobody trusts the new signer yet')
        _, said = self.sign(source, key, '--keep-date')
        self.assertEqual(said['signature_date'], before['signature_date'])

    def test_sign_in_place(self):
        key = self.new_key()
        file = self.folder / 'group.wapt'
        shutil.copy(PACKAGES / 'grp-compta_7.wapt', file)
        code, _, err = ctl('package', 'sign', file, '--key', key['key'], '--certificate', key['certificate'], '--passphrase-file',
                           self.secret, '--set', 'depends=a,b')
        self.assertEqual(code, 0, err)
        record, _ = self.check_by_others(file, key['certificate'])
        self.assertEqual(record['depends'], 'a,b')
        self.assertEqual(sorted(os.listdir(self.folder)), ['group.wapt', 'keys', 'public.pem', 'secret', 'signature'])

    def test_sign_refused(self):
        key = self.new_key('--no-code')
        whole = ('--key', key['key'], '--certificate', key['certificate'], '--passphrase-file', self.secret, '--out',
                 self.folder / 'x.wapt')
        group = PACKAGES / 'grp-compta_7.wapt'
        wrong = self.folder / 'wrong'
        wrong.write_text('wrong\n')
        for arguments, expected in (
                ((PACKAGES / 'self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt', *whole), 2),     # a program
                ((PACKAGES / '01_file_changed.wapt', *whole), 6),
                ((group, *whole, '--set', 'signature=x'), 2),
                ((group, *whole, '--set', 'nothing'), 2),
                ((group, *whole, '--set', 'version=1.2a'), 2),
                ((group, *whole[:4], '--passphrase-file', wrong), 5),
                ((group, *whole[:4]), 5),
                ((group, '--key', KEYS / 'self.pem', '--certificate', key['certificate'], '--out', self.folder / 'x.wapt'), 6),
                ((group,), 2)):
            before = group.read_bytes()
            code, out, err = ctl('package', 'sign', *arguments)
            self.assertEqual((code, out), (expected, ''), err)
            self.assertEqual(group.read_bytes(), before)
            self.assertFalse((self.folder / 'x.wapt').exists())
            self.assertFalse(list(self.folder.glob('*.part')))


class Server(unittest.TestCase):
    """Packages on a server that is really there; nobody waits for hosts here, so its agents are away."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='kab-cli-'))
        cls.process = subprocess.Popen([SERVER, '--data', cls.folder / 'server', '--until-eof', '--hosts', '30', '--updates', '20',
                                        '--no-agents', '--publisher', '--trust', KEYS / 'self.crt'],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.ready = json.loads(cls.process.stdout.readline())
        cls.wapt = cls.folder / 'server' / 'repository' / 'wapt'

    @classmethod
    def tearDownClass(cls):
        cls.process.stdin.close()
        code = cls.process.wait(30)
        cls.process.stdout.close()
        shutil.rmtree(cls.folder)
        assert code == 0, code

    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.signing = ('--key', self.ready['key'], '--certificate', self.ready['certificate'], '--passphrase-file',
                        self.place / 'secret')
        (self.place / 'secret').write_text(self.ready['passphrase'] + '\n')
        (self.place / 'secret').chmod(0o600)
        self.assertEqual(self.ctl('sync')[0], 0)

    def ctl(self, *arguments, user='user', password='password'):
        return ctl('--store', self.place / 'mirror', '--server', self.ready['address'], '--user', self.ready[user],
                   '--password-file', '-', *arguments, stdin=self.ready[password] + '\n')

    def sign(self, name, *changes, source='grp-compta_7.wapt'):
        target = self.place / name
        code, _, err = ctl('package', 'sign', PACKAGES / source, *self.signing, '--out', target, *changes)
        self.assertEqual(code, 0, err)
        return target

    def on_server(self, package):
        """{(version, maturity): file name}, as the server itself has it"""
        with zipfile.ZipFile(self.wapt / 'Packages') as index:
            records = [read_control(text) for text in index.read('Packages').decode().split('\n\n') if text.strip()]
        return {(r['version'], r.get('maturity') or 'PROD'): r['filename'] for r in records if r['package'] == package}

    def test_upload_and_delete(self):
        file = self.sign('a.wapt', '--set', 'package=grp-a')
        code, out, err = self.ctl('package', 'upload', file, '--format', 'json')
        self.assertEqual(code, 0, err)
        name = self.on_server('grp-a')['7', 'PROD']
        self.assertRegex(name, r'^grp-a_7_[0-9a-f]{32}\.wapt$')
        self.assertEqual((self.wapt / name).read_bytes(), file.read_bytes())
        self.assertEqual(self.ctl('package', 'delete', 'grp-a')[0], 2, 'a bare name is too little to delete by')
        code, out, err = self.ctl('package', 'delete', 'grp-a=7', user='publisher', password='publisher_password')
        self.assertIn(name, out + err)
        self.assertEqual(list(self.on_server('grp-a').values()), [name], 'who may not delete does not')
        unit = 'OU=Büro,DC=example,DC=lan'
        code, _, err = self.ctl('package', 'upload', self.sign('u.wapt', '--set', f'package={unit}', '--set', 'section=unit'))
        self.assertEqual(code, 0, err)
        self.assertTrue(self.on_server(unit)['7', 'PROD'].startswith(hashlib.md5(unit.encode()).hexdigest() + '_7_'))
        code, _, err = self.ctl('package', 'delete', 'grp-a=7', '--reason', 'a test')
        self.assertEqual((code, self.on_server('grp-a')), (0, {}), err)
        # It says where the copy is, and that brings it back.
        copy = pathlib.Path(re.search(r'a copy of grp-a 7 is kept: (.*)', err)[1])
        self.assertEqual(copy.read_bytes(), file.read_bytes())
        self.assertEqual(self.ctl('package', 'upload', copy)[0], 0)
        self.assertEqual((self.wapt / name).read_bytes(), file.read_bytes())
        (self.wapt / name).write_bytes(b'nothing')
        copy.unlink()
        code, _, err = self.ctl('package', 'delete', name)
        self.assertEqual((code, list(self.on_server('grp-a').values())), (2, [name]), err)
        self.assertIn('--no-copy', err)
        code, _, err = self.ctl('package', 'delete', name, '--no-copy')
        self.assertEqual((code, self.on_server('grp-a')), (0, {}), err)
        self.assertNotIn('is kept', err)

    def test_upload_refused(self):
        before = sorted(os.listdir(self.wapt))
        tail = self.place / 'tail.wapt'
        tail.write_bytes(self.sign('b.wapt').read_bytes() + b'more')
        encrypted = self.place / 'encrypted.wapt'
        encrypted.write_bytes(b'RSAFERNET256' + bytes(300))
        for file in (PACKAGES / '01_file_changed.wapt', PACKAGES / '06_manifest_changed.wapt',
                     PACKAGES / '10_certificate_swapped.wapt', tail, encrypted, self.place / 'absent.wapt'):
            code, _, err = self.ctl('package', 'upload', file)
            self.assertNotEqual(code, 0, file)
            self.assertTrue(err)
        self.assertEqual(sorted(os.listdir(self.wapt)), before)

    def test_promote(self):
        file = self.sign('c.wapt', '--set', 'package=grp-c', '--maturity', 'PREPROD')
        self.assertEqual(self.ctl('package', 'upload', file)[0], 0)
        code, out, err = self.ctl('package', 'promote', 'grp-c', *self.signing, '--out',
                                  self.place / 'saved.wapt')
        self.assertEqual((code, list(self.on_server('grp-c'))), (0, [('7', 'PREPROD')]), err)
        self.assertIn('PROD', ctl('package', 'show', self.place / 'saved.wapt')[1])
        code, out, err = self.ctl('package', 'promote', 'grp-c', *self.signing)
        self.assertEqual((code, list(self.on_server('grp-c'))), (0, [('7', 'PROD')]), err)
        file = self.wapt / self.on_server('grp-c')['7', 'PROD']
        self.assertEqual(ctl('package', 'verify', file, '--trust', self.ready['certificate'])[0], 0)
        self.assertNotIn(self.ready['passphrase'], out + err)
        self.assertNotEqual(self.ctl('package', 'promote', 'grp-c', *self.signing)[0], 0,
                            'it is there already')

    def test_promote_by_publisher(self):
        account = {'user': 'publisher', 'password': 'publisher_password'}
        self.assertEqual(self.ctl('package', 'upload', self.sign('d.wapt', '--set', 'package=grp-d', '--maturity', 'PREPROD'),
                                  **account)[0], 0)
        old = self.on_server('grp-d')['7', 'PREPROD']
        code, out, err = self.ctl('package', 'promote', 'grp-d', *self.signing, **account)
        self.assertEqual((code, set(self.on_server('grp-d'))), (0, {('7', 'PROD'), ('7', 'PREPROD')}), err)
        self.assertIn(old, out + err, 'the file that is left is named')

    def test_roll_back(self):
        for version, depends in (('1', 'a'), ('2', 'b')):
            file = self.sign(f'e{version}.wapt', '--set', 'package=grp-e', '--set', f'version={version}', '--set',
                             f'depends={depends}')
            self.assertEqual(self.ctl('package', 'upload', file)[0], 0)
        code, _, err = self.ctl('package', 'rollback', 'grp-e', *self.signing)
        self.assertEqual(code, 0, err)
        self.assertEqual(set(self.on_server('grp-e')), {('1', 'PROD'), ('2', 'PROD'), ('3', 'PROD')})
        _, out, _ = ctl('package', 'show', self.wapt / self.on_server('grp-e')['3', 'PROD'], '--format', 'json')
        self.assertEqual(json.loads(out)['depends'], 'a')

    def ask(self, path):
        basic = base64.b64encode(f"{self.ready['user']}:{self.ready['password']}".encode()).decode()
        request = urllib.request.Request(self.ready['address'] + path, headers={'Authorization': 'Basic ' + basic})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)['result']

    def test_host_package(self):
        hosts = self.ask('/api/v3/hosts?columns=authorized_certificates_sha256')
        ours = json.loads(ctl('package', 'verify', self.sign('x.wapt'), '--trust', self.ready['certificate'], '--format',
                              'json')[1])['signer_fingerprint']
        uuid = next(host['uuid'] for host in hosts if ours in (host['authorized_certificates_sha256'] or []))
        stranger = next(host['uuid'] for host in hosts if ours not in (host['authorized_certificates_sha256'] or [ours]))
        file = self.sign('s.wapt', '--set', f'package={stranger}', '--set', 'section=host', '--set', 'version=1')
        code, out, err = self.ctl('package', 'upload', file)
        self.assertNotEqual(code, 0, 'that host trusts somebody else')
        self.assertIn('not trusted by host', out + err)
        file = self.sign('h.wapt', '--set', f'package={uuid}', '--set', 'section=host', '--set', 'version=1')
        there = self.wapt.with_name('wapt-host') / f'{uuid}.wapt'
        code, _, err = self.ctl('package', 'upload', file)
        self.assertEqual(code, 0, err)
        self.assertEqual(there.read_bytes(), file.read_bytes())
        self.assertEqual(self.on_server(uuid), {}, 'host packages are in no index')
        there.write_bytes(b'RSAFERNET256' + bytes(300))
        self.assertNotEqual(self.ctl('package', 'upload', file)[0], 0)
        self.assertTrue(there.read_bytes().startswith(b'RSAFERNET'),
                        'an encrypted host package is never overwritten')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
