#!/usr/bin/env python3
"""What kabinetctl says and leaves behind when something is wrong: test-trouble-cli.py KABINETCTL SERVER

SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

KABINETCTL = os.path.abspath(sys.argv[1])
SERVER = os.path.abspath(sys.argv[2])
FAILED, USAGE, BAD_DATA = 1, 2, 6


class Circle(http.server.BaseHTTPRequestHandler):
    """Every answer is a redirect to itself."""
    n_requests = 0

    def do_GET(self):
        Circle.n_requests += 1
        self.send_response(302)
        self.send_header('Location', self.path)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


class Trouble(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.data = cls.path / 'data'
        cls.process = subprocess.Popen([SERVER, '--data', str(cls.path / 'server'), '--hosts', '60', '--updates', '60',
                                        '--no-agents', '--until-eof'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.stop)
        cls.ready = json.loads(cls.process.stdout.readline())
        cls.environment = {**os.environ, 'HOME': cls.folder.name, 'XDG_CONFIG_HOME': cls.folder.name,
                           'XDG_DATA_HOME': str(cls.data), 'GSETTINGS_BACKEND': 'memory', 'LC_ALL': 'C.UTF-8'}
        cls.password = cls.path / 'password'
        cls.password.touch(mode=0o600)
        cls.password.write_text(cls.ready['password'] + '\n', encoding='utf-8')

    @classmethod
    def stop(cls):
        cls.process.stdin.close()
        cls.process.wait(30)
        cls.process.stdout.close()

    def setUp(self):
        self.store = self.path / (self.id().split('.')[-1] + '.mirror')
        self.ledger = self.store.with_suffix('.ledger')
        self.server = ['--server', self.ready['address'], '--user', self.ready['user'], '--password-file', self.password,
                       '--store', self.store]

    def run_ctl(self, *words, code=0, server=None):
        words = [*(self.server if server is None else server), *words]
        done = subprocess.run([KABINETCTL, *map(str, words)], capture_output=True, text=True, env=self.environment,
                              stdin=subprocess.DEVNULL, timeout=120, check=False)
        self.assertEqual(done.returncode, code, f'{words}: {done.stderr}\n{done.stdout}')
        self.errors = done.stderr
        return done.stdout

    def json_of(self, *words):
        return json.loads(self.run_ctl(*words, '--format', 'json'))

    def test_refused_addresses_leave_nothing(self):
        for address in 'https://admin:hunter2@localhost', 'localhost', 'http://example.com', 'https://h/?password=x', '':
            for verb in 'sync', 'status':
                self.run_ctl('--server', address, '--user', 'u', '--password-file', self.password, verb, code=USAGE,
                             server=[])
                self.assertIn('--server', self.errors)
                self.assertNotIn('hunter2', self.errors)
        self.run_ctl('--server', 'https://127.0.0.1:9', 'status', code=FAILED, server=[])
        self.assertEqual([p for p in self.data.rglob('*') if p.is_file()], [])

    def assert_told_once(self, aside):
        lines = [line for line in self.errors.splitlines() if 'damaged' in line]
        self.assertEqual(len(lines), 1, self.errors)
        self.assertEqual(lines[0].count(str(self.path)), 1, 'the path is named once')
        self.assertNotIn('PRAGMA', lines[0])
        self.assertEqual(len(list(self.path.glob(aside.name + '.damaged-*Z'))), 1)

    def test_every_verb_tells_of_damage(self):
        self.run_ctl('sync')
        for verb in (['sync'], ['status'], ['hosts', 'list']):
            with open(self.store, 'r+b') as file:
                file.write(b'this is twenty-three by')
            for found in self.path.glob(self.store.name + '-*'):
                found.unlink()
            self.run_ctl(*verb, code=0 if verb == ['sync'] else FAILED)
            self.assert_told_once(self.store)
            next(self.path.glob(self.store.name + '.damaged-*')).unlink()
            self.run_ctl('sync')
            self.assertEqual(self.errors, '')

    def test_damaged_ledger(self):
        self.run_ctl('sync')
        whole = self.ledger.read_bytes()
        with open(self.ledger, 'r+b') as file:
            file.write(b'this is twenty-three by')
        self.store.unlink()
        self.run_ctl('sync')
        self.assert_told_once(self.ledger)
        self.run_ctl('status')
        self.assertEqual(self.errors, '')
        self.assertGreaterEqual(len(self.ledger.read_bytes()), len(whole) // 2)

    def test_files_that_cannot_be_read(self):
        for option in '--ca', '--password-file', '--key', '--certificate', '--passphrase-file':
            verb = ['sync'] if option in ('--ca', '--password-file') else ['tasks', 'trigger', 'scan', 'x']
            self.run_ctl(option, self.path / 'nofile', *verb, code=USAGE)
            self.assertIn('nofile', self.errors)
        for verb in 'show', 'verify', 'sign', 'upload':
            self.run_ctl('package', verb, self.path / 'nofile', code=USAGE)
            self.assertIn('nofile', self.errors)
        for verb in 'show', 'publish':
            self.run_ctl('rules', verb, self.path / 'nofile.rules', code=USAGE)
            self.assertIn('nofile', self.errors)

    def test_redirects_in_a_circle(self):
        with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Circle) as circle:
            threading.Thread(target=circle.serve_forever, daemon=True).start()
            self.run_ctl('--server', f'http://127.0.0.1:{circle.server_port}', 'sync', code=BAD_DATA)
            circle.shutdown()
        self.assertIn('redirects again and again', self.errors)
        self.assertLessEqual(Circle.n_requests, 10)

    def test_half_a_verb(self):
        self.run_ctl('updates', code=USAGE)
        self.assertIn('list, show', self.errors)
        self.run_ctl('updates', 'lst', code=USAGE)
        self.assertIn('list, show', self.errors)

    def test_why_it_is_not_there(self):
        self.run_ctl('sync')
        hosts = self.json_of('hosts', 'list')
        kb = next(u['kbids'][0] for u in self.json_of('updates', 'list') if u['kbids'])
        words = {'not-windows': 'not-windows', 'disabled': 'disabled', 'never-scanned': 'never-scanned'}
        for state, word in words.items():
            for host in [h for h in hosts if h['state'] == state][:2]:
                row = self.json_of('explain', host['uuid'], kb)[0]
                self.assertEqual((row['reason'], row['state']), (word, None))
                self.assertIn(row['why'], self.run_ctl('explain', host['uuid'], kb))
        self.assertIn('not-windows', {h['state'] for h in hosts})
        self.run_ctl('explain', hosts[0]['uuid'], 'KB1', code=FAILED)

    def test_one_name_one_meaning(self):
        self.run_ctl('sync')
        for row in self.json_of('hosts', 'list')[:10]:
            host = self.json_of('hosts', 'show', row['uuid'])
            for name in set(row) & set(host):
                self.assertEqual(row[name], host[name], name)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
