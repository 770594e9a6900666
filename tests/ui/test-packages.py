"""Packages, in the real window: board and table, a promotion against the gate, the approval log, roll back, a new key.

After each step the window is compared with the index that kabinet-server offers to agents.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import glob
import io
import json
import os
import re
import ssl
import stat
import sys
import tempfile
import urllib.request
import zipfile

from kabinet import PATIENCE, Kabinet, keep_ready_line, name_of, number_in, run

PACKAGE = 'demo-wua-base'
REASON = 'tried in the laboratory'
PASSPHRASE = 'a long enough phrase'


def index(ready):
    """(package, version, maturity) → file name, as agents read it."""
    context = ssl.create_default_context(cafile=ready['ca'])
    secret = base64.b64encode(f'{ready["user"]}:{ready["password"]}'.encode()).decode()
    request = urllib.request.Request(ready['address'] + '/wapt/Packages', headers={'Authorization': f'Basic {secret}'})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=30 * PATIENCE) as answer, \
         zipfile.ZipFile(io.BytesIO(answer.read())) as archive:
        text = archive.read('Packages').decode()
    records = {}
    for part in text.split('\n\n'):
        fields = dict(line.split(':', 1) for line in part.splitlines() if ':' in line and not line.startswith(' '))
        fields = {name.strip(): value.strip() for name, value in fields.items()}
        if 'package' in fields:
            records[fields['package'], fields['version'], fields['maturity'] or 'PROD'] = fields['filename']
    return records


class Page:
    """The page Packages, in words of its board."""

    def __init__(self, window):
        self.window = window
        self.node = window.show('packages')

    def tab(self, name):
        """Shows the board or the table."""
        self.window.tab(name, self.node)

    def cards(self):
        """{maturity: [package and version]} of the columns of the board."""
        columns = {}
        for column in self.window.find_all('list', within=self.node):
            if name_of(column) in ('DEV', 'PREPROD', 'PROD', 'Other maturities'):
                names = [name_of(card) for card in self.window.kids(column)]
                columns[name_of(column)] = sorted(name for name in names if name)
        return columns

    def card(self, name, ring):
        """A card as it is now: cards are bound anew when something changes."""
        column = self.window.find_all('list', ring, self.node)[0]
        return next(card for card in self.window.kids(column) if name_of(card) == name)

    def wait_for(self, name, ring):
        return self.window.wait(lambda: self.card(name, ring), 20, f'the card {name} in {ring}')

    def choose(self, name, ring):
        """Clicks on a card."""
        self.wait_for(name, ring)
        self.window.click(lambda: self.card(name, ring))

    def table(self):
        """Rows of the table are named "package version, maturity"."""
        return sorted(name_of(row) for row in self.window.kids(self.window.rows('packages')))


def board_and_table(window, page, ready):
    """Two views of one list; the index has the same packages."""
    records = index(ready)
    expected = sorted(f'{name} {version}, {maturity}' for name, version, maturity in records)
    window.wait(lambda: sum(map(len, page.cards().values())) == len(records), 20, f'{len(records)} cards')
    cards = sorted(f'{name}, {ring}' for ring, names in page.cards().items() for name in names)
    assert cards == expected, (cards, expected)
    page.tab('Table')
    window.wait(lambda: page.table() == expected, 10, 'the same rows')
    window.search('packages', 'is:waiting')
    waiting = window.wait(lambda: len(page.table()) < len(expected) and page.table(), what='rows that wait')
    assert f'{PACKAGE} 13, PREPROD' in waiting and not any(row.endswith(', PROD') for row in waiting), waiting
    page.tab('Board')
    window.wait(lambda: sorted(f'{name}, {ring}' for ring, names in page.cards().items() for name in names) == waiting,
                what='the same cards')
    window.search('packages', '')


def promote(window, page, ready):
    """The gate refuses; with a reason it goes on; the index has the new file and not the old one."""
    before = index(ready)
    page.choose(f'{PACKAGE} 13', 'PREPROD')
    window.push('push button', 'Promote…', page.node)
    dialog = window.dialog(f'Promote {PACKAGE} 13 to PROD')
    window.find('push button', 'Promote Against the Gate', dialog, timeout=30)
    texts = [name_of(n) for n in window.find_all('label', within=dialog)]
    assert 'Gate: not yet' in texts and any(t.startswith('Needs ') for t in texts), texts
    assert any(re.fullmatch(r'[\d.]+ % \(wanted: 80.0 %\)', t) for t in texts), texts
    assert not window.has(window.find('push button', 'Promote Against the Gate', dialog), 'sensitive'), 'the gate does not refuse'
    window.write('Why go on against the gate?', REASON, dialog)
    window.push('push button', 'Promote Against the Gate', dialog)
    window.find('label', f'{PACKAGE} 13 is in PROD now.', dialog, timeout=60)
    window.push('push button', 'Close', dialog)
    after = index(ready)
    assert (PACKAGE, '13', 'PREPROD') in before and (PACKAGE, '13', 'PREPROD') not in after, after
    assert (PACKAGE, '13', 'PROD') in after, after
    window.active('Kabinet')
    page.wait_for(f'{PACKAGE} 13', 'PROD')


def roll_back(window, page, ready):
    """The content before comes back as a newer version, and its difference is said first."""
    page.choose(f'{PACKAGE} 13', 'PROD')
    window.key('Menu')
    window.push('menu item', 'Roll Back…')
    dialog = window.dialog(f'Roll Back {PACKAGE} 13')
    assert not window.has(window.find('push button', 'Roll Back', dialog), 'sensitive'), 'a version need not be chosen'
    window.find('check box', '12 · PROD', dialog, timeout=20)
    window.click(lambda: window.find_all('check box', '12 · PROD', dialog)[0])
    window.find('label', 'What changes', dialog)
    window.push('push button', 'Roll Back', dialog)
    window.find('label', re.compile('^The content of version 12 of .* is the newest in PROD now'), dialog, timeout=60)
    window.push('push button', 'Close', dialog)
    assert (PACKAGE, '14', 'PROD') in index(ready), sorted(index(ready))
    window.active('Kabinet')
    page.wait_for(f'{PACKAGE} 14', 'PROD')


def approvals(window):
    """Activity keeps who decided what and why."""
    window.show('activity')
    activity = window.page('activity')
    window.tab('Approvals', activity)
    table = window.find('tree table', 'Approval log', activity)
    for name, reason in ((f'Promoted against the gate: {PACKAGE} 13', REASON), (f'Rolled back: {PACKAGE} 14', '')):
        row = window.wait(lambda n=name: next(row for row in window.find_all('table row', within=table) if name_of(row) == n),
                          20, f'the line {name}')
        assert not reason or [n for n in window.walk(row) if reason in (n.get_name() or '')], f'{name}: no reason'


def new_key(window):
    """A key of one's own: on disk encrypted, for its owner only, and in the list with its purpose."""
    preferences = window.preferences('Signing')
    window.push('push button', 'New Key…', preferences)
    dialog = window.dialog('New Key')
    window.write('Whose key is it', 'Laboratory', dialog)
    window.write('Passphrase for the stored key', PASSPHRASE, dialog)
    assert not window.has(window.find('push button', 'Create', dialog), 'sensitive'), 'a passphrase counts once'
    window.write('The same again', PASSPHRASE, dialog)
    window.push('push button', 'Create', dialog)
    window.find('label', 'Laboratory', preferences, timeout=30)
    keys = glob.glob(os.path.join(os.environ['XDG_DATA_HOME'], 'kabinet', 'keys', '*.pem'))
    assert len(keys) == 1, keys
    assert stat.S_IMODE(os.stat(keys[0]).st_mode) == 0o600, oct(os.stat(keys[0]).st_mode)
    with open(keys[0], encoding='ascii') as file:
        assert 'ENCRYPTED' in file.read(), 'a key that anybody can use'
    window.escape('Preferences')


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab packages ') as folder:
        script, said = keep_ready_line(build, folder)
        with Kabinet(build, '--practice', KABINET_SERVER=script, KABINET_PRACTICE_HOSTS='60') as window:
            window.active('Kabinet')
            overview = window.on('overview')
            window.wait(lambda: window.find_all('link', f'{PACKAGE} 13', overview), 90, 'packages on their way')
            with open(said, encoding='utf-8') as file:
                ready = json.load(file)
            waiting = number_in(next(name_of(n) for n in window.find_all('link', within=overview)
                                     if (n.get_description() or '') == 'Shows is:waiting'))
            page = Page(window)
            board_and_table(window, page, ready)
            assert waiting == sum(len(names) for ring, names in page.cards().items() if ring in ('DEV', 'PREPROD'))
            promote(window, page, ready)
            roll_back(window, page, ready)
            approvals(window)
            new_key(window)


if __name__ == '__main__':
    sys.exit(run(test))
