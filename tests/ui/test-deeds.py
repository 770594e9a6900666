"""Deeds that meet somebody else: a card that is dragged, a stranger's signature, a package taken away, a package that another
administrator published meanwhile, hosts that report meanwhile, and keys that do not open.

After each the window is compared with what the server has.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from freshness import sync_beside
from kabinet import Kabinet, Server, ask, name_of, number_in, run, write_profile

STRANGE, SHARED, GONE = 'demo-wua-strange', 'demo-wua-shared', 'demo-wua-office'
PASSPHRASE = 'a long enough phrase'


def secret_file(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8', opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
        file.write(text + '\n')
    return path


class Others:
    """Whoever else has the server: kabinetctl with a mirror of its own."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.passphrase = secret_file(folder, 'strange-passphrase', PASSPHRASE)
        self.stranger = json.loads(self.run('keys', 'new', 'Stranger', '--folder', folder, '--passphrase-file',
                                            self.passphrase, '--format', 'json'))
        self.ready = None

    def run(self, *words):
        done = subprocess.run([self.build.ctl, *words], capture_output=True, text=True, cwd=self.folder, check=False)
        assert done.returncode == 0, f'{words}: {done.stderr}'
        return done.stdout

    def meet(self, server):
        self.ready = server.ready
        self.ready_passphrase = secret_file(self.folder, 'passphrase', self.ready['passphrase'])
        self.password = secret_file(self.folder, 'password', self.ready['password'])

    def ctl(self, *words):
        return self.run('--server', self.ready['address'], '--user', self.ready['user'], '--password-file', self.password,
                        '--store', os.path.join(self.folder, 'others.mirror'), *words)

    def publish(self, rules, stranger=False):
        key, certificate = (self.stranger['key'], self.stranger['certificate']) if stranger else \
            (self.ready['key'], self.ready['certificate'])
        self.ctl('rules', 'publish', rules, '--key', key, '--certificate', certificate, '--passphrase-file',
                 self.passphrase if stranger else self.ready_passphrase)

    def prepare(self):
        self.ctl('sync')
        for name in STRANGE, SHARED:
            self.ctl('rules', 'new', name, '--allow', 'KB5063878', '--maturity', 'PREPROD', '--out', f'{name}.rules')
            self.publish(f'{name}.rules', stranger=name == STRANGE)

    def mirror(self, what):
        """What kabinetctl lists of the mirror of its own."""
        return json.loads(self.ctl(what, 'list', '--format', 'json'))

    def packages(self, name):
        """What the server offers of a package: its newest version in each maturity."""
        return sorted((p['version'], p['maturity']) for p in ask(self.ready, '/api/v3/packages') if p['package'] == name)

    def values(self, name):
        """The lines of the newest version."""
        self.ctl('sync')
        return {line['value'] for line in json.loads(self.ctl('rules', 'show', name, '--format', 'json'))}


def card(window, name, ring):
    """The function that finds a card."""
    def find():
        column = window.find_all('list', ring, window.page('packages'))[0]
        return next(c for c in window.kids(column) if name_of(c) == name)
    window.wait(find, 20, f'the card {name} in {ring}')
    return find


def drag(window):
    """A card that is dropped on the next column asks for its promotion."""
    page = window.show('packages')
    window.drag(card(window, f'{SHARED} 1', 'PREPROD'), lambda: window.find_all('list', 'PROD', page)[0])
    title = f'Promote {SHARED} 1 to PROD'
    window.dialog(title)
    window.escape(title)


def vouch(window, others):
    """What a stranger signed is not promoted before somebody vouches for it."""
    page = window.show('packages')
    window.click(card(window, f'{STRANGE} 1', 'PREPROD'))
    window.push('push button', 'Promote…', page)
    dialog = window.dialog(f'Promote {STRANGE} 1 to PROD')
    window.find('push button', 'Promote Against the Gate', dialog, timeout=30)
    window.write('Why go on against the gate?', 'seen and tried', dialog)
    window.push('push button', 'Promote Against the Gate', dialog)
    window.unlock(others.ready['passphrase'])
    window.find('label', re.compile('is signed by Stranger, whom this profile does not trust'), dialog, timeout=60)
    assert others.packages(STRANGE) == [('1', 'PREPROD')], 'signed anew before anybody vouched for it'
    assert not window.find_all('push button', 'Details'), 'the toast says what the dialog says'
    window.push('push button', re.compile('^(Vouch for It and Promote|Accept and Sign)$'), dialog)
    window.find('label', f'{STRANGE} 1 is in PROD now.', dialog, timeout=60)
    window.push('push button', 'Close', dialog)
    window.closed(f'Promote {STRANGE}')
    assert others.packages(STRANGE) == [('1', 'PROD')], others.packages(STRANGE)


def delete(window, others):
    """Asked first, with how many hosts have it; no is no, and yes can be undone."""
    window.show('packages')
    had = others.packages(GONE)
    (version, ring), = had
    title = f'Delete {GONE} {version} from the Server?'
    installed = next(p['installed'] for p in json.loads(others.ctl('rules', 'list', GONE, '--format', 'json')))
    for answer in 'Cancel', 'Delete':
        window.active('Kabinet')
        window.click(card(window, f'{GONE} {version}', ring))
        window.key('Menu')
        window.push('menu item', 'Delete from the Server…')
        window.find('label', title, deep=False)
        text = name_of(window.find('label', re.compile('A copy is kept here'), deep=False))
        assert (number_in(text) or 0) == installed, f'{installed} hosts have it, and the question says: {text}'
        assert others.packages(GONE) == had, 'deleted before it was answered'
        window.push('push button', answer)
        window.gone('label', title, deep=False)
    window.wait(lambda: not others.packages(GONE), 30, 'the package to be gone')
    window.said(f'toast: {GONE} {version} is deleted from the server')
    window.push('push button', 'Undo')
    window.said('toast: 1 package is on the server again, as it was', 60)
    assert others.packages(GONE) == had, others.packages(GONE)
    card(window, f'{GONE} {version}', ring)
    # What nobody has goes at once, and comes back under the same signature.
    window.click(card(window, f'{STRANGE} 1', 'PROD'))
    window.key('Menu')
    window.push('menu item', 'Delete from the Server…')
    window.said(f'toast: {STRANGE} 1 is deleted from the server', 60)
    assert not others.packages(STRANGE), others.packages(STRANGE)
    window.push('push button', 'Undo')
    window.wait(lambda: others.packages(STRANGE) == [('1', 'PROD')], 60, 'the package to be back')


def on_step(window, number):
    window.wait(lambda: f'Step {number} of 6' in window.subtitle('rules'), 15, f'step {number}')


def conflict(window, others):
    """Somebody publishes the package while it is being edited: shown, nothing written over, and merged on demand."""
    page = window.show('rules')

    def row():
        return next(r for r in window.kids(window.rows('rules')) if f'{SHARED} 1' in name_of(r))
    window.wait(row, 20, 'the package')
    window.click(lambda: window.kids(row())[0])
    window.key('Menu')
    window.push('menu item', 'Edit…')
    on_step(window, 1)
    window.tab('2 · Classes', page)
    on_step(window, 2)
    window.click(lambda: next(b for b in window.find_all('check box', re.compile('^Drivers'), page) if window.shown(b)))
    others.ctl('sync')
    others.ctl('rules', 'show', SHARED, '--out', 'theirs.rules')
    others.ctl('rules', 'edit', 'theirs.rules', '--allow', 'KB5000001')
    others.publish('theirs.rules')
    window.tab('6 · Publish', page)
    on_step(window, 6)
    window.push('push button', 'Publish', page, 30)
    window.find('label', 'Somebody Else Changed the Package', page, timeout=60)
    window.find('label', re.compile(f'{SHARED} 2 was published by .* Nothing of yours was published'), page)
    window.find('label', re.compile('KB5000001'), page)
    assert others.packages(SHARED) == [('2', 'PREPROD')], others.packages(SHARED)
    window.push('push button', 'Take Over Their Changes', page)
    window.find('label', 'Since the version before', page)
    assert not window.find_all('label', re.compile('has the name|another description|the maturity'), page), 'the base has none'
    window.push('push button', 'Publish', page, 30)
    window.said(f'toast: {SHARED} 3 is published', 60)
    window.wait(lambda: 'rule package' in window.subtitle('rules'), 20, 'the list of rules')
    assert others.packages(SHARED) == [('3', 'PREPROD')], others.packages(SHARED)
    assert {'KB5063878', 'KB5000001', 'Drivers'} <= others.values(SHARED), others.values(SHARED)


def keys(window, others):
    """A wrong passphrase, and a certificate of another key: said in words, and nothing is kept of them."""
    archive = os.path.join(others.folder, 'stranger.p12')
    subprocess.run(['openssl', 'pkcs12', '-export', '-inkey', others.stranger['key'], '-in', others.stranger['certificate'],
                    '-passin', 'env:PHRASE', '-passout', 'env:PHRASE', '-out', archive],
                   env={**os.environ, 'PHRASE': PASSPHRASE}, check=True)
    preferences = window.preferences('Signing')
    window.push('push button', 'Import…', preferences)
    dialog = window.dialog('Import a Key')

    def attempt(passphrase, problem):
        window.write('Passphrase of that file', passphrase, dialog)
        window.push('push button', 'Import', dialog)
        window.find('label', re.compile(problem), dialog, timeout=30)
        assert not glob.glob(os.path.join(os.environ['XDG_DATA_HOME'], 'kabinet', 'keys', '*')), 'something was kept'
    window.choose_file(dialog, 'File with the key', archive)
    for title in 'Passphrase for the stored key', 'The same again':
        window.write(title, PASSPHRASE, dialog)
    attempt('this is not it', 'its passphrase is missing or wrong')
    window.choose_file(dialog, 'File with the key', others.stranger['key'])
    window.choose_file(dialog, 'Certificate, when it is in a file of its own', others.ready['certificate'])
    attempt('this is not it', 'its passphrase is missing or wrong')
    attempt(PASSPHRASE, 'is not what it claims to be')
    window.choose_file(dialog, 'Certificate, when it is in a file of its own', others.stranger['certificate'])
    window.push('push button', 'Import', dialog)
    window.closed('Import a Key')
    window.find('label', 'Stranger', preferences, timeout=30)
    window.escape('Preferences')


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab deeds ') as folder:
        others = Others(build, folder)
        with Server(build, os.path.join(folder, 'data'), '--hosts', '60', '--updates', '80', '--no-agents', '--trust',
                    others.stranger['certificate']) as server:
            others.meet(server)
            others.prepare()
            write_profile('lab', server.ready)
            with Kabinet(build, '--profile', 'lab', '--password-file', others.password) as window:
                window.active('Kabinet')
                window.on('overview')
                window.wait(lambda: window.told('status', name='lab')['hosts'] == 60, 60, 'the first sync')
                sync_beside(window, others, os.path.join(folder, 'data'))
                drag(window)
                vouch(window, others)
                conflict(window, others)
                delete(window, others)
                keys(window, others)


if __name__ == '__main__':
    sys.exit(run(test))
