"""What the display tests share: the programs of a build, a server of their own, and Kabinet's window.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import json
import os
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import traceback
import urllib.request

from dialogs import Dialogs
from uidriver import PATIENCE, NotYet, name_of, output_of

# What GTK 4.8 says of a label of its own in each shortcuts window
OF_GTK = r'GtkLabel 0x\w+ \(label\) reported min width -\d'
APP_ID = 'io.github.kabinet.Kabinet'
MOST_ROWS = 150         # as many as a list of GTK surely makes widgets for
PAGES = ('overview', 'updates', 'hosts', 'rules', 'packages', 'activity')


class Build:
    """The programs of a build tree."""

    def __init__(self, root):
        self.kabinet = os.path.join(root, 'app', 'ui', 'kabinet')
        self.server = os.path.join(root, 'app', 'server', 'kabinet-server')
        self.ctl = os.path.join(root, 'app', 'cli', 'kabinetctl')
        self.translations = os.path.join(root, 'po')


class Server:
    """A kabinet-server of the test's own: with Server(build, folder, '--tls') as server"""

    def __init__(self, build, folder, *options):
        self.process = subprocess.Popen([build.server, '--data', folder, '--until-eof', *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line, f'kabinet-server ended with {self.process.wait()} before it was ready'
        self.ready = json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(20 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process.stdout.close()


def keep_ready_line(build, folder):
    """A kabinet-server that leaves what it says to the window in a file too: the test has questions of its own."""
    script, said = os.path.join(folder, 'kabinet-server'), os.path.join(folder, 'ready.json')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\n{shlex.quote(build.server)} "$@" | tee {shlex.quote(said)}\n')
    os.chmod(script, 0o755)
    return script, said


def ask(ready, path):
    """What the server answers: the member "result" of the envelope."""
    context = ssl.create_default_context(cafile=ready['ca']) if ready['ca'] else None
    secret = base64.b64encode(f'{ready["user"]}:{ready["password"]}'.encode()).decode()
    request = urllib.request.Request(ready['address'] + path, headers={'Authorization': f'Basic {secret}'})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=30 * PATIENCE) as answer:
        body = json.load(answer)
    assert body.get('success') is True, body
    return body['result']


class Kabinet(Dialogs):
    """The window of Kabinet, in words of its pages."""

    def __init__(self, build, *arguments, **env):
        self.build, self.parts, self.faults = build, {}, []
        self.folder = tempfile.mkdtemp(prefix='kab log ')       # a blank, as in many a home
        super().__init__([build.kabinet, *arguments], os.path.join(self.folder, 'kabinet.log'),
                         G_MESSAGES_DEBUG='kab-ui', **env)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.picture('failed-' + os.path.basename(sys.argv[0]).removesuffix('.py') + '.png')
        try:
            if self.process.poll() is None and kind is None:
                assert self.quit(APP_ID) == 0, 'quit does not quit'
                self.check_log()
        finally:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def check_log(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            bad = [line for line in log if re.search(r'WARNING|CRITICAL|ERROR \*\*', line)
                   and not re.search(OF_GTK, line)]
        assert not bad, ''.join(bad[:10])

    def check_layout(self, name):
        """Shows the window that is in front in all widths; what is cut off there becomes a fault."""
        self.action(APP_ID, 'check-layout', f"'{name}'")
        self.said(f'layout {name}: checked', 60)
        with open(self.log, encoding='utf-8', errors='replace') as log:
            self.faults += [line for line in log if line.startswith(f'layout {name},')]

    # the mirror, as the command line sees it

    def mirror(self, name='practice'):
        """The file of a server's mirror."""
        return os.path.join(os.environ['XDG_DATA_HOME'], 'kabinet', 'servers', f'{name}.mirror')

    def told(self, *words, name='practice'):
        """What kabinetctl prints about the same mirror."""
        answer = subprocess.run([self.build.ctl, *words, '--store', self.mirror(name), '--format', 'json'],
                                capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise NotYet(f'{words}: {answer.stderr}')
        return json.loads(answer.stdout)

    def count(self, page, query, name='practice'):
        """How many rows the command line lists."""
        return len(self.told(page, 'list', *([query] if query else []), name=name))

    # pages

    def away(self):
        """Pages that are not shown; before the sidebar was looked up, none is."""
        rows = self.parts.get((None, 'list', 'Pages'))
        return [f'Kab{name_of(row)}Page' for row in self.kids(rows) if not self.has(row, 'selected')] if rows else ()

    def part(self, page, role, name):
        """A node of a page that stays for as long as the window does: looked up once."""
        key = (page, role, name)
        if key not in self.parts:
            within = self.part(None, 'filler', f'Kab{page.capitalize()}Page') if page else None
            self.parts[key] = self.find(role, name, within, deep=False)
        return self.parts[key]

    def page(self, name):
        """The node of a page, whether it is shown or not."""
        return self.part(None, 'filler', f'Kab{name.capitalize()}Page')

    def show(self, name):
        """Goes to a page with its key."""
        self.active('Kabinet')
        self.key(f'ctrl+{PAGES.index(name) + 1}')
        return self.on(name)

    def on(self, name):
        """Waits until a page is shown. One that was shown before keeps its size: the sidebar tells which one is it now."""
        page, rows = self.page(name), self.part(None, 'list', 'Pages')

        def is_on():
            row = next(row for row in self.kids(rows) if name_of(row) == name.capitalize())
            return self.has(row, 'selected') and self.shown(page)
        self.wait(is_on, what=f'the page {name}')
        return page

    def subtitle(self, name):
        """What stands below the title: how many rows, and the search."""
        title = self.part(name, 'filler', 'AdwWindowTitle')
        labels = [label.get_name() for label in self.find_all('label', within=title)]
        return labels[1] if len(labels) > 1 else ''

    def rows(self, name):
        """The list of rows of a page's table; a few hundred of them exist at most."""
        table = self.part(name, 'tree table', name.capitalize())
        return self.kids(table)[-1]

    def lists(self, name, query, count):
        """Waits until a page lists @count rows for @query and says so; or tells what it says instead."""
        def agrees():
            text = self.subtitle(name)
            right = text.endswith(f' · {query}') if query else not re.search(r'\d of \d', text)
            return right and number_in(text) == count
        try:
            self.wait(agrees)
        except AssertionError:
            raise AssertionError(f'{name}: “{query}” should list {count} rows; '
                                 f'the page says “{self.subtitle(name)}”') from None
        if count <= MOST_ROWS:
            self.wait(lambda: count == 0 or self.rows(name).get_child_count() == count, what=f'{count} rows')

    def scroll_to(self, node, pane):
        """Turns the wheel until @node is inside of @pane."""
        def outside():
            _, y, _, height = self.extents(node)
            _, top, _, room = self.extents(pane)
            return y - top if y < top else max(0, y + height - top - room)
        x, y, width, height = self.rectangle(pane)
        for _ in range(60):
            far = outside()
            if far == 0:
                return
            output_of('xdotool', 'mousemove', x + width // 2, y + height // 2, 'click', 5 if far > 0 else 4)
            before = far
            try:
                self.wait(lambda: outside() != before, .5)
            except AssertionError:
                pass            # the end of the pane
        raise AssertionError(f'{name_of(node)} cannot be scrolled into sight')

    def search(self, name, query):
        """Writes a search into a page that is shown, and waits until it lists that."""
        entry = self.part(name, 'entry', f'Search {name}')
        if not self.shown(entry):
            self.active('Kabinet')
            self.key('ctrl+f')
            self.wait(lambda: self.shown(entry), what='the search')
        self.set_text(entry, query)
        self.wait(lambda: self.subtitle(name).endswith(f' · {query}') if query else
                  not re.search(r'\d of \d', self.subtitle(name)), what=f'the search for {query}')
        return entry


def write_profile(name, ready, **more):
    """A server in the preferences of the session, never synchronised by itself."""
    keys = {'url': ready['address'], 'user': ready['user'], 'ca-file': ready['ca'] or '', 'proxy': 'direct://',
            'signing-key': ready['key'], 'signing-certificate': ready['certificate'], 'sync-minutes': 0, **more}
    folder = os.path.join(os.environ['XDG_CONFIG_HOME'], 'kabinet')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'servers.ini'), 'w', encoding='utf-8') as file:
        file.write(f'[server {name}]\n' + ''.join(f'{key}={value}\n' for key, value in keys.items()))


def number_in(text):
    """The first number of a text; thousands are grouped with blanks or commas."""
    found = re.search(r'\d+(?:[\s,.\u00a0\u202f]\d{3})*(?!\d)', text)
    return int(re.sub(r'\D', '', found[0])) if found else None


def run(test):
    """Runs test(build) with the build root of the command line; the exit code says how it went."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        test(Build(sys.argv[1]))
    except AssertionError:
        traceback.print_exc()
        return 1
    return 0
