"""From an idea to a package in production, in the real window.

A key is imported; a new PREPROD package forbids one update and allows two; the preview says what will change; it is
published and given to a unit; agents update their packages and scan, and the PREPROD hosts have changed exactly as
foreseen, and no other did. The gate refuses, later it passes; the package is promoted, and PROD follows as foreseen.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

from kabinet import Kabinet, Server, ask, name_of, number_in, run, write_profile

NAME, UNIT = 'demo-wua-story', 'OU=France,DC=meridian,DC=example'
FLEET = ('--hosts', '80', '--updates', '150', '--seed', '3', '--speed', '20000')


class Fleet:
    """The server and what its hosts report; kabinetctl prepares what the story is about."""

    def __init__(self, build, server, folder):
        self.build, self.ready, self.folder = build, server.ready, folder
        self.secrets = {}
        for name in 'password', 'passphrase':
            self.secrets[name] = os.path.join(folder, name)
            with open(self.secrets[name], 'w', encoding='utf-8', opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(self.ready[name])
        hosts = ask(self.ready, '/api/v1/hosts?columns=uuid,host_capabilities,reachable&limit=1000')
        self.uuids = [host['uuid'] for host in hosts]
        self.reachable = {host['uuid'] for host in hosts if host['reachable'] == 'OK'}
        self.preprod = {host['uuid'] for host in hosts
                        if 'PREPROD' in ((host['host_capabilities'] or {}).get('packages_maturities') or [])}

    def ctl(self, *words, signed=True):
        """kabinetctl with a mirror of its own, so that the window learns of things by itself."""
        signing = ['--key', self.ready['key'], '--certificate', self.ready['certificate'],
                   '--passphrase-file', self.secrets['passphrase']] if signed else []
        done = subprocess.run([self.build.ctl, '--server', self.ready['address'], '--user', self.ready['user'],
                               '--password-file', self.secrets['password'], '--store', self.folder + '/ctl.mirror',
                               *words, *signing], capture_output=True, text=True, cwd=self.folder, check=False)
        return done.stdout, done.returncode, done.stderr

    def must(self, *words, signed=False):
        out, code, err = self.ctl(*words, signed=signed)
        assert code == 0, f'{words}: {err}'
        return out

    def prepare(self):
        """A fleet that waits for somebody to decide about the last month, and has caught up with all the rest."""
        self.must('sync')
        self.must('rules', 'show', 'demo-wua-base', '--out', 'base.rules')
        self.must('rules', 'edit', 'base.rules', '--maturity', 'PROD', '--remove', 'Security Updates',
                  '--remove', 'Update Rollups', '--remove', 'Critical Updates')
        names = [package['package'] for package in json.loads(self.must('rules', 'list', '--format', 'json'))]
        month = max(name for name in names if re.fullmatch(r'demo-wua-\d{4}-\d\d', name))
        ids = [line['value'] for line in json.loads(self.must('rules', 'show', month, '--format', 'json'))]
        self.must('rules', 'show', month, '--out', 'month.rules')
        self.must('rules', 'edit', 'month.rules', *[word for update in ids[1:] for word in ('--remove', update)])
        for name in 'base.rules', 'month.rules':
            self.must('rules', 'publish', name, signed=True)
        for deed in 'upgrade-packages', 'scan':
            self.ctl('tasks', 'trigger', deed, *self.reachable)
        self.must('sync')

    def forecast(self, *words):
        return json.loads(self.must('rules', 'forecast', *words, '--pairs', '--certificate', self.ready['certificate'],
                                    '--format', 'json'))

    def states(self):
        """(host, update) → state, as the agents reported it"""
        return {(uuid, row['update_id']): row['local_status_status'] for uuid in self.uuids
                for row in ask(self.ready, f'/api/v1/host_data?uuid={uuid}&field=wsusupdates')}

    def choose_updates(self):
        """One that PREPROD hosts would install, and two that they discard and would get."""
        count = {}
        for (uuid, update), state in self.states().items():
            if uuid in self.preprod & self.reachable:
                count[state, update] = count.get((state, update), 0) + 1
        ranked = sorted(((n, update, state) for (state, update), n in count.items()), reverse=True)
        forbidden = next(update for _, update, state in ranked if state == 'PENDING')
        allowed = []
        for update in (update for _, update, state in ranked if state == 'DISCARDED'):
            self.must('rules', 'new', NAME, '--allow', update, '--out', 'try.rules')
            if any(move['update_id'] == update and move['after'] == 'PENDING'
                   for move in self.forecast('try.rules', '--unit', UNIT)['updates']):
                allowed.append(update)
            if len(allowed) == 2:
                return forbidden, allowed
        raise AssertionError('the fleet discards nothing that it could get')

    def check(self, forecast, before):
        """Pair by pair: who could be reached did what was foreseen; nobody else did anything."""
        # What the server lacks is MISSING to us and PENDING to the agent.
        plain = {'MISSING': 'PENDING', 'GONE': None}
        foreseen = {(p['uuid'], p['update_id']): plain.get(p['after'], p['after']) for p in forecast['pairs']
                    if p['uuid'] in self.reachable and plain.get(p['after'], p['after']) != before.get((p['uuid'], p['update_id']))}
        after = self.states()
        changed = {pair: after.get(pair) for pair in before.keys() | after.keys() if before.get(pair) != after.get(pair)}
        assert changed == foreseen, (f'foreseen and not done: {dict(foreseen.items() - changed.items())}; '
                                     f'done and not foreseen: {dict(changed.items() - foreseen.items())}')
        return {uuid for uuid, _ in changed}


def import_key(window, fleet):
    """The key comes in with its certificate, is put under a passphrase, and signs for this server."""
    dialog = window.preferences('Signing')
    window.push('push button', 'Import…', dialog)
    importer = window.dialog('Import a Key')
    window.choose_file(importer, 'File with the key', fleet.ready['key'])
    window.choose_file(importer, 'Certificate, when it is in a file of its own', fleet.ready['certificate'])
    window.write('Passphrase of that file', fleet.ready['passphrase'], importer)
    for title in 'Passphrase for the stored key', 'The same again':
        window.write(title, fleet.ready['passphrase'], importer)
    window.push('push button', 'Import', importer)
    window.closed('Import a Key', 20)
    window.wait(lambda: window.find_all('label', 'In use', dialog), what='the key to be in use')     # the only one is used
    window.escape('Preferences')


def rule_update(window, page, update, deed):
    """Step 3: search, choose, Allow or Forbid."""
    def rows():
        return window.kids(window.kids(window.part('rules', 'tree table', 'Updates'))[-1])
    window.write('Search updates', f'id:{update}', page)
    window.wait(lambda: len(rows()) == 1, what=f'one row for {update}')
    window.click(lambda: window.kids(rows()[0])[0])
    window.push('push button', re.compile(f'^{deed}'), page)


def on_step(window, number):
    window.wait(lambda: f'Step {number} of 6' in window.subtitle('rules'), 15, f'step {number}')


def idle(window, timeout=300):
    """Waits until nothing works in the background any more: the bar below the header is gone for a while."""
    def quiet():
        bars = [bar for bar in window.find_all('progress bar', 'Work in the background', deep=False)
                if window.has(bar, 'visible')]
        quiet.since = quiet.since if not bars and quiet.since else (0 if bars else time.time())
        return quiet.since and time.time() - quiet.since > 1.5
    quiet.since = 0
    window.wait(quiet, timeout, 'the end of the work in the background')


def write_package(window, fleet, forbidden, allowed):
    """The wizard up to the preview; what that says is what kabinetctl says of the same rules."""
    page = window.show('rules')
    window.wait(lambda: 'rule package' in window.subtitle('rules'), 60, 'the rule packages')
    window.key('F5')
    idle(window)
    fleet.must('sync')
    window.key('ctrl+n')
    on_step(window, 1)
    window.write('Name', NAME.removeprefix('demo-'), page)
    window.tab('3 · Updates', page)
    for update in allowed:
        rule_update(window, page, update, 'Allow')
    rule_update(window, page, forbidden, 'Forbid')
    window.tab('5 · Assign', page)
    window.write('Search names', 'France', page)

    def unit():
        return next(b for b in window.find_all('check box', re.compile('^France, '), page) if window.shown(b))
    window.wait(unit, what='the unit')
    window.click(unit)
    window.wait(lambda: window.has(unit(), 'checked'), what='the unit to be chosen')

    fleet.must('rules', 'new', NAME, '--forbid', forbidden, '--allow', ','.join(allowed), '--maturity', 'PREPROD',
               '--out', 'story.rules')
    forecast = fleet.forecast('story.rules', '--unit', UNIT)
    n_pairs = sum(pair['kind'] == 'effect' for pair in forecast['pairs'])
    window.tab('4 · Effect', page)
    window.wait(lambda: any(number_in(name_of(n)) == n_pairs for n in window.find_all('link', within=page)
                            if window.shown(n)), 30, f'{n_pairs} pairs in the preview')
    window.wait(lambda: any(number_in(name_of(n)) == forecast['hosts_changed'] and 'host' in name_of(n)
                            for n in window.find_all('link', within=page) if window.shown(n)), 10,
                f'{forecast["hosts_changed"]} hosts in the preview')
    assert {p['uuid'] for p in forecast['pairs'] if p['kind'] == 'effect'} <= fleet.preprod
    return forecast


def publish(window, fleet):
    """Step 6: the passphrase is asked for once; the package is on the server, and its unit asks for it."""
    page = window.page('rules')
    window.tab('6 · Publish', page)
    on_step(window, 6)
    window.push('push button', 'Publish', page, 20)
    window.unlock(fleet.ready['passphrase'])
    window.said(f'toast: {NAME} 1 is published', 60)
    idle(window)
    packages = json.loads(fleet.must('rules', 'list', NAME, '--format', 'json'))
    fleet.must('sync')
    packages = json.loads(fleet.must('rules', 'list', NAME, '--format', 'json'))
    assert [(p['version'], p['maturity']) for p in packages] == [('1', 'PREPROD')], packages


def ask_hosts(window, query, deed, question=None):
    """Chooses all hosts that a search lists, and asks them; waits until what became of them is known."""
    page = window.show('hosts')
    window.search('hosts', query)

    def all_selected():
        """Rows that arrive late, from a search or a sync, are not selected."""
        window.click(lambda: window.kids(window.kids(window.rows('hosts'))[0])[0])
        window.key('ctrl+a')
        time.sleep(.5)
        return window.find_all('label', re.compile('^[0-9]+ Hosts Selected'), page)
    window.wait(all_selected, 20, 'all to be selected')
    window.key('Menu')
    window.push('menu item', deed)
    if question:
        window.push('push button', question, timeout=20)
    idle(window)


def follow(window, fleet, forecast, before):
    """*Update packages* and a scan everywhere, and then each pair is as it was foreseen."""
    ask_hosts(window, '', 'Update Packages…', 'Update Packages')
    ask_hosts(window, '', 'Scan')
    return fleet.check(forecast, before)


def promotion(window):
    """The dialog of the package's promotion, with the evidence in it."""
    page = window.show('packages')

    def card():
        column = window.find_all('list', 'PREPROD', page)[0]
        return next(card for card in window.kids(column) if name_of(card) == f'{NAME} 1')
    window.wait(card, 20, 'the card')
    window.click(card)
    window.push('push button', 'Promote…', page)
    return window.dialog(f'Promote {NAME} 1 to PROD')


def refuse(window):
    """Too few have installed it: the gate does not pass, and Promote asks for a reason."""
    dialog = promotion(window)
    window.find('push button', 'Promote Against the Gate', dialog, timeout=20)
    window.find('label', 'Gate: not yet', dialog)
    window.push('push button', 'Cancel', dialog)
    window.closed(f'Promote {NAME} 1 to PROD')


def lower_gate(window):
    """Thresholds for a small fleet that began a minute ago."""
    dialog = window.preferences('Promotion')
    for title, value in (('Success rate at least, in %', '20'), ('Hosts that reported at least, in %', '30'),
                         ('Tried for at least, in days', '0')):
        window.click(lambda t=title: next(n for n in window.find_all('spin button', within=dialog)
                                          if window.shown(n) and name_of(n).startswith(t)))
        window.key('ctrl+a')
        window.type(value)
        window.key('Tab')
    window.escape('Preferences')


def pass_gate(window):
    """The pilot installs; hosts fail now and then, as real ones do, and try again."""
    for _ in range(4):
        ask_hosts(window, 'ring:preprod reachable:yes', 'Install…', 'Install')
        dialog = promotion(window)
        window.find('label', re.compile('^Gate'), dialog, timeout=20)
        if window.find_all('label', 'Gate passes', dialog):
            return dialog
        window.push('push button', 'Cancel', dialog)
        window.closed(f'Promote {NAME} 1 to PROD')
    raise AssertionError('the pilot does not install what it may')


def promote(window, fleet, dialog):
    """Now it passes; the server has it in PROD and not in PREPROD any more."""
    window.push('push button', 'Promote', dialog)
    window.find('label', f'{NAME} 1 is in PROD now.', dialog, timeout=60)
    window.push('push button', 'Close', dialog)
    fleet.must('sync')
    packages = json.loads(fleet.must('rules', 'list', NAME, '--format', 'json'))
    assert [(p['version'], p['maturity']) for p in packages] == [('1', 'PROD')], packages


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab story ') as folder, \
            Server(build, os.path.join(folder, 'server'), *FLEET) as server:
        fleet = Fleet(build, server, folder)
        fleet.prepare()
        forbidden, allowed = fleet.choose_updates()
        write_profile('story', {**server.ready, 'key': '', 'certificate': ''})
        with Kabinet(build, '--profile', 'story', '--password-file', fleet.secrets['password']) as window:
            window.active('Kabinet')
            window.on('overview')
            import_key(window, fleet)
            before = fleet.states()
            forecast = write_package(window, fleet, forbidden, allowed)
            publish(window, fleet)
            changed = follow(window, fleet, forecast, before)
            assert changed and changed <= fleet.preprod, changed
            refuse(window)
            lower_gate(window)
            dialog = pass_gate(window)
            before = fleet.states()
            fleet.must('sync')
            forecast = fleet.forecast(NAME, '--maturity', 'PROD')
            promote(window, fleet, dialog)
            changed = follow(window, fleet, forecast, before)
            assert changed - fleet.preprod, 'nothing changed in production'


if __name__ == '__main__':
    sys.exit(run(test))
