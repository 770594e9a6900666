#!/usr/bin/env python3
"""From an idea to a signed package in production, told with kabinetctl: test-rules-story.py KABINETCTL SERVER

A key is imported; a new PREPROD package forbids one update and allows two; the forecast says what will change; it is
published and given to a unit; the agents update their packages and scan, and the PREPROD hosts have changed exactly as
the forecast said, and no other did. The gate refuses, later it passes; the package is promoted, and PROD follows, again
exactly as forecast.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

KABINETCTL = os.path.abspath(sys.argv[1])
SERVER = os.path.abspath(sys.argv[2])
PACKAGE = 'story-wua-pilot'
UNIT = 'DC=meridian,DC=example'
REFUSED, BAD_DATA = 3, 6


class Story(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.process = subprocess.Popen([SERVER, '--data', str(self.path / 'server'), '--hosts', '80', '--updates', '150',
                                         '--seed', '3', '--speed', '20000', '--until-eof'],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.stop)
        self.ready = json.loads(self.process.stdout.readline())
        self.environment = {**os.environ, 'HOME': self.folder.name, 'XDG_CONFIG_HOME': self.folder.name,
                            'XDG_DATA_HOME': self.folder.name, 'GSETTINGS_BACKEND': 'memory'}
        self.secret('password', self.ready['password'])
        self.secret('passphrase', self.ready['passphrase'])

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def secret(self, name, text):
        path = self.path / name
        path.touch(mode=0o600)
        path.write_text(text + '\n', encoding='utf-8')

    def run_ctl(self, *words, code=0):
        """Standard output; with code None whatever it ended with."""
        done = subprocess.run([KABINETCTL, '--server', self.ready['address'], '--user', self.ready['user'],
                               '--password-file', str(self.path / 'password'), '--store', str(self.path / 'a.mirror'),
                               *words], capture_output=True, text=True, env=self.environment, cwd=self.folder.name,
                              timeout=240, check=False)
        if code is not None:
            self.assertEqual(done.returncode, code, f'{words}: {done.stderr}\n{done.stdout}')
        self.errors = done.stderr
        return done.stdout

    def json_of(self, *words, code=0):
        return json.loads(self.run_ctl(*words, '--format', 'json', code=code))

    def read_host(self, uuid):
        return {u['update_id']: u['state'] for u in self.json_of('hosts', 'show', uuid)['updates']}

    def read_states(self):
        """(host, update) → effective state, of the whole fleet"""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            all_hosts = zip(self.hosts, pool.map(self.read_host, self.hosts))
            return {(uuid, update): state for uuid, states in all_hosts for update, state in states.items()}

    def ask_hosts(self, deed, hosts):
        """Hosts fail as real ones do, and those that may not have a package say so: its exit tells of them."""
        self.run_ctl('tasks', 'trigger', deed, *hosts, *self.signing, code=None)

    def changes(self, before, after):
        """What became of each pair; GONE: the host does not list it any more"""
        return {pair: (before.get(pair, 'GONE'), after.get(pair, 'GONE')) for pair in before.keys() | after.keys()
                if before.get(pair) != after.get(pair)}

    def check_forecast(self, forecast, before, after):
        """The agents that can be reached did what the forecast said, pair by pair; nobody else did anything."""
        self.assertFalse(forecast['pairs_cut'])
        # Only a host that has been away for long may keep to itself what its options are.
        self.assertEqual([p for p in forecast['pairs'] if p['kind'] == 'unknown' and p['uuid'] in self.reachable], [])
        expected = {(p['uuid'], p['update_id']): (p['before'], p['after']) for p in forecast['pairs']
                    if p['uuid'] in self.reachable}
        self.assertEqual(self.changes(before, after), expected)
        return {uuid for uuid, _ in expected}

    def prepare(self):
        """A fleet that waits for somebody to decide about the last month, and that has caught up with all the rest."""
        self.run_ctl('rules', 'show', 'demo-wua-base', '--out', 'base.rules')
        self.run_ctl('rules', 'edit', 'base.rules', '--maturity', 'PROD', '--remove', 'Security Updates',
                     '--remove', 'Update Rollups', '--remove', 'Critical Updates')
        month = max(p['package'] for p in self.json_of('rules', 'list') if re.fullmatch(r'demo-wua-\d{4}-\d\d', p['package']))
        ids = [line['value'] for line in self.json_of('rules', 'show', month)]
        self.run_ctl('rules', 'show', month, '--out', 'month.rules')
        self.run_ctl('rules', 'edit', 'month.rules', *[word for update in ids[1:] for word in ('--remove', update)])
        for name in 'base.rules', 'month.rules':
            self.run_ctl('rules', 'publish', name, *self.signing)
        self.ask_hosts('upgrade-packages', self.reachable)
        self.ask_hosts('scan', self.reachable)

    def choose_updates(self, states):
        """One that most PREPROD hosts would install, and two that they discard and could get: the forecast knows."""
        count = {}
        for (uuid, update), state in states.items():
            if uuid in self.preprod & self.reachable:
                count[state, update] = count.get((state, update), 0) + 1
        pending = sorted((n, u) for (state, u), n in count.items() if state == 'PENDING')
        allowed = []
        for _, update in sorted(((n, u) for (state, u), n in count.items() if state == 'DISCARDED'), reverse=True):
            self.run_ctl('rules', 'new', PACKAGE, '--allow', update, '--out', 'try.rules')
            moves = self.json_of('rules', 'forecast', 'try.rules', '--unit', UNIT)['updates']
            if any(move['update_id'] == update and move['after'] == 'PENDING' for move in moves):
                allowed.append(update)
            if len(allowed) == 2:
                break
        self.assertEqual(len(allowed), 2)
        return pending[-1][1], allowed

    def test_story(self):
        # A key, and a server that has a fleet.
        self.run_ctl('keys', 'import', self.ready['key'], '--certificate', self.ready['certificate'], '--folder', 'keys',
                     '--passphrase-file', str(self.path / 'passphrase'))
        entry = self.json_of('keys', 'list', '--folder', 'keys')[0]
        self.signing = ['--key', entry['key'], '--certificate', entry['certificate'], '--passphrase-file',
                        str(self.path / 'passphrase')]
        self.run_ctl('sync')
        hosts = self.json_of('hosts', 'list')
        self.hosts = [h['uuid'] for h in hosts]
        self.reachable = {h['uuid'] for h in hosts if h['reachable']}
        self.preprod = {h['uuid'] for h in hosts if 'PREPROD' in (h['maturities'] or [])}
        self.prepare()
        before = self.read_states()

        # The idea, as text.
        forbidden, allowed = self.choose_updates(before)
        self.run_ctl('rules', 'new', PACKAGE, '--forbid', forbidden, '--allow', ','.join(allowed), '--maturity', 'PREPROD',
                     '--reason', 'ticket 4711', '--out', 'pilot.rules')
        self.run_ctl('rules', 'lint', 'pilot.rules')
        text = (self.path / 'pilot.rules').read_text(encoding='utf-8')
        self.assertIn(f'{forbidden}=ticket 4711\n', text)
        (self.path / 'bad.rules').write_text(text + '\n[allowed_severities]\nCritcal=\n', encoding='utf-8')
        findings = self.json_of('rules', 'lint', 'bad.rules', code=BAD_DATA)
        self.assertIn('severity', {f['kind'] for f in findings})

        # What it would do.
        certificate = ['--certificate', entry['certificate']]
        forecast = self.json_of('rules', 'forecast', 'pilot.rules', '--unit', UNIT, '--pairs', *certificate)
        self.assertGreater(forecast['hosts_changed'], 0)
        self.assertEqual({p['uuid'] for p in forecast['pairs'] if p['kind'] == 'effect'} - self.preprod, set())
        rings = {r['ring']: r for r in forecast['rings']}
        self.assertEqual(rings['PROD']['hosts_changed'], 0)
        self.assertFalse(rings['PROD']['reached'])

        # Published, assigned, taken and applied.
        self.run_ctl('rules', 'publish', 'pilot.rules', '--reason', 'November', *self.signing)
        self.assertIn('base-version=1\n', (self.path / 'pilot.rules').read_text(encoding='utf-8'))
        self.assertEqual(self.run_ctl('rules', 'show', PACKAGE), (self.path / 'pilot.rules').read_text(encoding='utf-8'))
        self.assertEqual(self.json_of('rules', 'diff', PACKAGE, 'pilot.rules'), [])
        self.run_ctl('rules', 'assign', PACKAGE, '--unit', UNIT, *self.signing)
        self.ask_hosts('upgrade-packages', self.reachable)
        self.ask_hosts('scan', self.reachable)
        self.run_ctl('sync')
        after = self.read_states()
        changed = self.check_forecast(forecast, before, after)
        self.assertGreater(len(changed), 0)
        self.assertLessEqual(changed, self.preprod)
        listed = self.json_of('rules', 'list', PACKAGE)[0]
        self.assertEqual((listed['version'], listed['maturity'], listed['installed']),
                         ('1', 'PREPROD', len(self.preprod & self.reachable)))

        # Somebody who began with something else does not overwrite it.
        (self.path / 'old.rules').write_text(text, encoding='utf-8')
        self.run_ctl('rules', 'publish', 'old.rules', *self.signing, code=REFUSED)

        # The gate: first too few, then enough.
        gate = ['--gate-bound', '0.2', '--gate-reported', '0.3', '--gate-days', '0']
        refused = self.json_of('package', 'promote', PACKAGE, *gate, *self.signing, code=REFUSED)
        self.assertFalse(refused['passes'])
        self.assertGreater(refused['waiting'], 0)
        self.assertIn('more success', refused['missing'])
        for _ in range(3):          # agents fail now and then, as real ones do
            self.ask_hosts('install', self.preprod & self.reachable)
            refused = self.json_of('package', 'promote', PACKAGE, *gate[:4], '--gate-days', '3', *self.signing, code=REFUSED)
            if refused['missing'] == '3 more days':
                break
        self.assertGreater(refused['succeeded'], 0)
        self.assertEqual(refused['missing'], '3 more days')
        before = self.read_states()
        forecast = self.json_of('rules', 'forecast', PACKAGE, '--maturity', 'PROD', '--pairs', *certificate)
        self.run_ctl('package', 'promote', PACKAGE, *gate, *self.signing)
        self.assertEqual([(r['version'], r['maturity']) for r in self.json_of('rules', 'list', PACKAGE)], [('1', 'PROD')])

        # Production follows.
        self.ask_hosts('upgrade-packages', self.reachable)
        self.ask_hosts('scan', self.reachable)
        self.run_ctl('sync')
        changed = self.check_forecast(forecast, before, self.read_states())
        self.assertGreater(len(changed - self.preprod), 0)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
