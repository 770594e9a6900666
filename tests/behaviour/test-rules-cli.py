#!/usr/bin/env python3
"""kabinetctl on rule packages, verb by verb, against a server without agents: test-rules-cli.py KABINETCTL SERVER

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import io
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest
import zipfile

KABINETCTL = os.path.abspath(sys.argv[1])
SERVER = os.path.abspath(sys.argv[2])
USAGE, REFUSED, BAD_DATA = 2, 3, 6


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.process = subprocess.Popen([SERVER, '--data', str(cls.path / 'server'), '--hosts', '40', '--updates', '60',
                                        '--no-agents', '--publisher', '--until-eof'],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.stop)
        cls.ready = json.loads(cls.process.stdout.readline())
        cls.environment = {**os.environ, 'HOME': cls.folder.name, 'XDG_CONFIG_HOME': cls.folder.name,
                           'XDG_DATA_HOME': cls.folder.name, 'GSETTINGS_BACKEND': 'memory'}
        for name in 'password', 'passphrase', 'publisher_password':
            path = cls.path / name
            path.touch(mode=0o600)
            path.write_text(cls.ready[name] + '\n', encoding='utf-8')
        cls.signing = ['--key', cls.ready['key'], '--certificate', cls.ready['certificate'], '--passphrase-file',
                       str(cls.path / 'passphrase')]
        cls.server = ['--server', cls.ready['address'], '--user', cls.ready['user'], '--password-file',
                      str(cls.path / 'password'), '--store', str(cls.path / 'a.mirror')]
        subprocess.run([KABINETCTL, *cls.server, 'sync', '--quiet'], env=cls.environment, stdout=subprocess.DEVNULL,
                       check=True)

    @classmethod
    def stop(cls):
        cls.process.stdin.close()
        cls.process.wait(30)
        cls.process.stdout.close()

    def run_ctl(self, *words, code=0, server=None, **rest):
        done = subprocess.run([KABINETCTL, *(self.server if server is None else server), *words], capture_output=True,
                              text=True, env=self.environment, cwd=self.folder.name, timeout=120, check=False, **rest)
        self.assertEqual(done.returncode, code, f'{words}: {done.stderr}\n{done.stdout}')
        self.errors = done.stderr
        return done.stdout

    def json_of(self, *words, **rest):
        return json.loads(self.run_ctl(*words, '--format', 'json', **rest))

    def write(self, name, text):
        (self.path / name).write_text(text, encoding='utf-8')

    def read(self, name):
        return (self.path / name).read_text(encoding='utf-8')

    def test_show_and_diff(self):
        listed = {(r['package'], r['version']): r for r in self.json_of('rules', 'list')}
        self.assertEqual(listed['demo-wua-base', '12']['maturity'], 'PROD')
        self.assertTrue(listed['demo-wua-base', '12']['filename'].endswith('.wapt'))
        text = self.run_ctl('rules', 'show', 'demo-wua-base=12')
        self.assertTrue(text.startswith('[package]\nname=demo-wua-base\n'))
        self.assertIn('base-version=12\n', text)
        lines = list(csv.DictReader(io.StringIO(self.run_ctl('rules', 'show', 'demo-wua-base=12', '--format', 'csv'))))
        self.assertIn(('allowed_classifications', 'Security Updates'), {(line['list'], line['value']) for line in lines})
        changes = self.json_of('rules', 'diff', 'demo-wua-base=12', 'demo-wua-base=13')
        self.assertIn('has the maturity PREPROD, was PROD', {c['description'] for c in changes})
        self.run_ctl('rules', 'show', 'demo-wua-nobody', code=1)
        self.assertIn('neither a file nor a rule package', self.errors)

    def test_without_the_server(self):
        away = ['--server', 'http://127.0.0.1:9', '--user', 'admin', *self.server[4:]]
        text = self.run_ctl('rules', 'show', 'demo-wua-base=12', server=away)
        self.assertIn('warning', self.errors)
        self.assertEqual(text, self.run_ctl('rules', 'show', 'demo-wua-base=12'))
        self.assertTrue(self.json_of('rules', 'lint', server=away))

    def test_new(self):
        text = self.run_ctl('rules', 'new', 'demo-wua-x', '--allow', 'kb5063878,5070001', '--allow-severity', 'Critical',
                            '--allow-product', 'Windows 10, version 1903 and later', '--forbid',
                            '0A1B2C3D-0000-4000-8000-000000000001_200', '--reason', 'why')
        self.assertEqual(text, '[package]\nname=demo-wua-x\nmaturity=PREPROD\n\n'
                               '[forbidden_updates]\n0a1b2c3d-0000-4000-8000-000000000001_200=why\n\n'
                               '[allowed_kbs]\nKB5063878=why\nKB5070001=why\n\n'
                               '[allowed_products]\nWindows 10, version 1903 and later=why\n\n'
                               '[allowed_severities]\nCritical=why\n')
        for words in (['demo-wua-x'], ['Bad Name', '--allow', 'KB5063878'], ['demo-wua-x', '--allow', 'nothing'],
                      ['demo-wua-x', '--allow', 'KB5063878', '--maturity', 'preprod']):
            self.run_ctl('rules', 'new', *words, code=USAGE)

    def test_edit(self):
        self.write('edit.rules', '[package]\nname=demo-wua-x\nmaturity=DEV\n\n[allowed_kbs]\n# c\nKB1=r\nKB2=\n')
        self.run_ctl('rules', 'edit', 'edit.rules', '--remove', 'kb2', '--forbid', 'KB3', '--maturity', 'PREPROD')
        self.assertEqual(self.read('edit.rules'), '[package]\nname=demo-wua-x\nmaturity=PREPROD\n\n[forbidden_kbs]\nKB3=\n\n'
                                                  '[allowed_kbs]\n# c\nKB1=r\n')
        self.run_ctl('rules', 'edit', 'edit.rules', '--remove', 'KB9', code=1)
        self.run_ctl('rules', 'edit', 'edit.rules', code=USAGE, stdin=subprocess.DEVNULL)

    def test_editor(self):
        """On a terminal, what the editor leaves counts; what cannot be read is asked about again."""
        self.write('hand.rules', '[package]\nname=demo-wua-x\n\n[allowed_kbs]\nKB1=\n')
        self.write('editor', '#!/bin/sh\nif grep -q KB7 "$1"; then sed -i s/KB7/KB8/ "$1"; sed -i s/wrong/allowed_kbs/ "$1"\n'
                             'else printf "[wrong]\\nKB7=by hand\\n" >> "$1"; fi\n')
        (self.path / 'editor').chmod(0o755)
        try:
            terminal, other = pty.openpty()
        except OSError as reason:       # a bare root folder has no terminals
            self.skipTest(str(reason))
        os.write(terminal, b'y\n')
        environment = {**self.environment, 'EDITOR': str(self.path / 'editor'), 'VISUAL': ''}
        done = subprocess.run([KABINETCTL, *self.server, 'rules', 'edit', 'hand.rules'], stdin=other, stdout=other, stderr=other,
                              env=environment, cwd=self.folder.name, timeout=60, check=False)
        os.close(other)
        said = os.read(terminal, 10000).decode()
        os.close(terminal)
        self.assertEqual(done.returncode, 0, said)
        self.assertIn('there is no group', said)
        self.assertIn('KB8=by hand\n', self.read('hand.rules'))

    def test_lint(self):
        self.write('lint.rules', '[package]\nname=demo-wua-x\n\n[allowed_severities]\nCritcal=why\n')
        findings = self.json_of('rules', 'lint', 'lint.rules', code=BAD_DATA)
        self.assertEqual([(f['kind'], f['level'], f['line_number'], f['package']) for f in findings],
                         [('severity', 'error', 5, 'lint.rules')])
        self.run_ctl('rules', 'lint', 'lint.rules', '--fix')
        self.assertIn('[allowed_severities]\nCritical=why\n', self.read('lint.rules'))
        self.write('warn.rules', '[package]\nname=demo-wua-x\n\n[allowed_kbs]\nKB5999999=\n')
        self.run_ctl('rules', 'lint', 'warn.rules')
        self.run_ctl('rules', 'lint', 'warn.rules', '--strict', code=BAD_DATA)
        self.write('broken.rules', '[package]\nnmae=x\n')
        self.run_ctl('rules', 'lint', 'broken.rules', code=BAD_DATA)
        self.assertIn('broken.rules: Line 2', self.errors)
        self.assertIn('Line 1', (self.run_ctl('rules', 'lint', '-', code=BAD_DATA, input='KB1\n'), self.errors)[1])

    def test_forecast(self):
        self.run_ctl('rules', 'new', 'demo-wua-far', '--allow-severity', 'Critical', '--out', 'far.rules')
        words = ['rules', 'forecast', 'far.rules', '--group', 'demo-nobody', '--maturity', 'PROD']
        forecast = self.json_of(*words, '--pairs', '--default-allow', 'no', '--delay', '7d')
        self.assertEqual(forecast['hosts'], 40)
        self.assertEqual(sum(o['hosts'] for o in forecast['outcomes']), 40)
        self.assertEqual(forecast['hosts_changed'], 0)
        self.assertIn('uuid', self.run_ctl(*words, '--pairs', '--format', 'csv'))
        self.assertIn('Hosts that change', self.run_ctl(*words))
        self.run_ctl(*words, '--delay', 'soon', code=USAGE)
        self.run_ctl('rules', 'forecast', 'demo-wua-base', code=USAGE)
        self.run_ctl('rules', 'forecast', code=USAGE)
        # Nobody waits any more, or all wait for a year: what is pending is held back, what was held back is not.
        held = self.json_of('rules', 'forecast', '--new-delay', '365d', '--pairs')
        effects = [pair for pair in held['pairs'] if pair['kind'] == 'effect']
        self.assertGreater(len(effects), 0)
        self.assertEqual({pair['after'] for pair in effects}, {'DISCARDED'})
        free = self.json_of('rules', 'forecast', '--new-delay', '0', '--pairs')
        self.assertNotIn('DISCARDED', {pair['after'] for pair in free['pairs'] if pair['kind'] == 'effect'})
        # What is installed stays when the server loses it.
        gone = self.json_of('rules', 'forecast', 'demo-wua-base=12', '--remove')
        self.assertEqual(gone['hosts_changed'], 0)

    def test_out_and_verify(self):
        """Built and signed where there is no server, checked, and uploaded as it is."""
        self.run_ctl('rules', 'new', 'demo-wua-out', '--allow', 'KB5063878', '--out', 'out.rules')
        self.run_ctl('rules', 'publish', 'out.rules', '--out', 'out.wapt', *self.signing, server=[])
        self.run_ctl('package', 'verify', 'out.wapt', '--trust', self.ready['certificate'], server=[])
        self.assertEqual(self.run_ctl('rules', 'diff', 'out.rules', './out.wapt', '--format', 'json'), '[]\n')
        self.assertNotIn('demo-wua-out', self.run_ctl('rules', 'list'))
        self.run_ctl('package', 'upload', 'out.wapt')
        self.assertEqual([r['version'] for r in self.json_of('rules', 'list', 'demo-wua-out')], ['1'])

    def test_stale_text(self):
        """Somebody changed the text in a package and not the rules: it says so, and a promotion makes the text anew."""
        name, text = 'demo-wua-stale', 'WAPT/kabinet.rules'
        self.run_ctl('rules', 'new', name, '--allow', 'KB5063878', '--reason', 'why', '--out', 'stale.rules')
        self.run_ctl('rules', 'publish', 'stale.rules', '--out', 'good.wapt', *self.signing)
        with zipfile.ZipFile(self.path / 'good.wapt') as good, zipfile.ZipFile(self.path / 'stale.wapt', 'w') as stale:
            for member in good.namelist():
                content = good.read(member)
                if member == text:
                    content = content.replace(b'KB5063878=why', b'KB5063878=because\nKB5070001=')
                elif member == 'WAPT/control':
                    content = b''.join(l for l in content.splitlines(True) if not l.startswith(b'sign'))
                if not member.startswith(('WAPT/signature', 'WAPT/manifest', 'WAPT/certificate')):
                    stale.writestr(member, content)
        self.run_ctl('package', 'sign', 'stale.wapt', *self.signing)
        self.run_ctl('package', 'upload', 'stale.wapt')
        for word in 'stale.wapt', name:
            shown = self.run_ctl('rules', 'show', word)
            self.assertIn('these are what agents read', self.errors)
            self.assertIn('[allowed_kbs]\nKB5063878=because\n', shown)
            self.assertNotIn('KB5070001', shown)

        self.run_ctl('package', 'promote', name, '--reason', 'all is well', *self.signing)
        shown = self.run_ctl('rules', 'show', name)
        self.assertEqual(self.errors, '')
        self.assertIn('[allowed_kbs]\nKB5063878=because\n', shown)

    def test_versions(self):
        """Publish, publish again, go back, promote with a reason, delete."""
        name = 'demo-wua-way'
        self.run_ctl('rules', 'new', name, '--allow', 'KB5063878', '--out', 'way.rules')
        self.run_ctl('rules', 'publish', 'way.rules', *self.signing)
        self.run_ctl('rules', 'edit', 'way.rules', '--forbid', 'KB5063878')
        self.run_ctl('rules', 'publish', 'way.rules', *self.signing)
        self.assertEqual([r['version'] for r in self.json_of('rules', 'list', name)], ['2', '1'])
        self.run_ctl('package', 'rollback', name, '--reason', 'printers', *self.signing)
        self.assertEqual(self.json_of('rules', 'diff', f'{name}=1', f'{name}=3'), [])
        # What was edited began with the second.
        self.run_ctl('rules', 'edit', 'way.rules', '--allow', 'KB5070001')
        self.run_ctl('rules', 'publish', 'way.rules', *self.signing, code=REFUSED)
        self.assertIn('allows KB5070001', self.errors)
        self.run_ctl('package', 'promote', name, *self.signing, code=REFUSED)
        self.run_ctl('package', 'promote', name, '--reason', 'nobody else can', *self.signing)
        self.assertEqual([(r['version'], r['maturity']) for r in self.json_of('rules', 'list', name)],
                         [('3', 'PROD'), ('2', 'PREPROD'), ('1', 'PREPROD')])
        self.run_ctl('package', 'delete', name, code=USAGE)
        publisher = ['--server', self.ready['address'], '--user', self.ready['publisher'], '--password-file',
                     str(self.path / 'publisher_password'), '--store', str(self.path / 'b.mirror')]
        self.run_ctl('sync', server=publisher)
        self.run_ctl('package', 'delete', f'{name}=1', server=publisher, code=REFUSED)
        self.assertIn('still on the server', self.errors)
        self.run_ctl('package', 'delete', f'{name}=1', f'{name}=2')
        self.assertEqual([r['version'] for r in self.json_of('rules', 'list', name)], ['3'])

    def test_assign(self):
        self.run_ctl('rules', 'assign', 'demo-wua-base', code=USAGE)
        rows = self.json_of('rules', 'assign', 'demo-wua-base', '--unit', 'OU=New,DC=meridian,DC=example', '--ad-group', 'Kiosks',
                            *self.signing)
        self.assertEqual([r['state'] for r in rows], ['done', 'done'])
        rows = self.json_of('rules', 'assign', 'demo-wua-base', '--unit', 'OU=New,DC=meridian,DC=example', *self.signing)
        self.assertEqual([r['state'] for r in rows], ['unchanged'])
        rows = self.json_of('rules', 'assign', 'demo-wua-base', '--unit', 'OU=New,DC=meridian,DC=example', '--remove',
                            *self.signing)
        self.assertEqual([r['state'] for r in rows], ['done'])
        self.run_ctl('rules', 'assign', 'demo-wua-base', '--host', 'nobody', *self.signing, code=1)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
