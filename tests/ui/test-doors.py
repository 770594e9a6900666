"""Every number is a door: each opens a list with exactly that many rows, and the command line counts the same.

Walks all doors of the Overview, all values of the filter panes, and the doors of the detail panes of some updates
and hosts. The fleet stands still: its server has no agents, and the window reads a mirror that was filled before.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess
import sys
import tempfile

from kabinet import MOST_ROWS, Kabinet, Server, name_of, number_in, run, write_profile

FEWEST = 40
PANES = 3           # how many updates and hosts are looked into
PROFILE = 'doors'


def fill_mirror(build, folder):
    """A mirror as a sync leaves it, and the profile that shows it."""
    with Server(build, os.path.join(folder, 'server'), '--tls', '--hosts', '120', '--updates', '140',
                '--seed', '7', '--no-agents') as server:
        write_profile(PROFILE, server.ready)
        secret = os.path.join(folder, 'password')
        with open(secret, 'w', encoding='utf-8', opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(server.ready['password'])
        subprocess.run([build.ctl, 'sync', '--profile', PROFILE, '--password-file', secret, '--quiet'],
                       stdout=subprocess.DEVNULL, check=True)


class Doors:
    """Opens doors and counts what is behind them."""

    def __init__(self, window):
        self.window = window
        self.opened = 0
        self.lies = []
        self.known = {}

    def command_line(self, page, query):
        """What kabinetctl lists: names of hosts, titles of updates. One run for each query."""
        if (page, query) not in self.known:
            key = 'computer_name' if page == 'hosts' else 'title'
            rows = self.window.told(page, 'list', *([query] if query else []), name=PROFILE)
            self.known[page, query] = sorted(row[key] for row in rows)
        return self.known[page, query]

    def compare_rows(self, page, listed):
        """The rows themselves, not only how many: “NAME, state”, “severity, KB, title”."""
        def names():
            shown = [row.get_name() for row in self.window.kids(self.window.rows(page))]
            if page == 'hosts':
                return sorted(name.split(', ')[0] for name in shown)
            return sorted(next((title for title in listed if name.endswith(title)), name) for name in shown)
        try:
            self.window.wait(lambda: names() == listed, 3)
        except AssertionError:
            extra, lost = set(names()) - set(listed), set(listed) - set(names())
            raise AssertionError(f'{page}: rows that do not belong: {extra}; rows not shown: {lost}') from None

    def check(self, page, query, count, where):
        """@page must show @query now, with @count rows."""
        self.opened += 1
        try:
            self.window.lists(page, query, count)
            listed = self.command_line(page, query)
            assert len(listed) == count, f'{page}: “{query}”: {count} in the window, {len(listed)} on the command line'
            if 0 < count <= MOST_ROWS:
                self.compare_rows(page, listed)
        except AssertionError as lie:
            self.lies.append(f'{where}: {lie}')
            print(self.lies[-1], flush=True)

    def find(self, within, deep=False):
        """(link, name, page, query, count) of the doors that are open."""
        doors = []
        for link in self.window.find_all('link', within=within, deep=deep):
            goal = re.fullmatch(r'Shows (?:all )?(updates|hosts)(?:: (.*))?', link.get_description() or '')
            if goal and self.window.shown(link):
                name = name_of(link)
                count = 1 if re.match('KB|[0-9a-f]{8}-', name) else number_in(name)
                doors.append((link, name, goal[1], goal[2] or '', count))
        return doors

    def press(self, within, door):
        """Presses a door, as find() told of it; or the same one, made anew meanwhile."""
        def press():
            if door[0].get_action_iface() is not None:
                return self.window.pressed(door[0])
            return self.window.pressed(next(other[0] for other in self.find(within, deep=True) if other[1:4] == door[1:4]))
        self.window.wait(press, what=f'the door {door[1]}')

    def open_all(self, page, within, where):
        """Every door in a part of @page; going back before each."""
        for door in self.find(within):
            _, name, target, query, count = door
            self.window.show(page)
            self.press(within, door)
            self.window.on(target)
            self.check(target, query, count, f'{where}, “{name}”')


def overview(doors, window):
    page = window.show('overview')
    window.wait(lambda: len(doors.find(page)) > 10, what='the figures of the Overview')
    doors.open_all('overview', page, 'Overview')


def facets(doors, window, name):
    """Every value of the filter pane that is in sight, by mouse."""
    window.show(name)
    entry = window.search(name, '')
    pane = window.part(name, 'filler', 'Filters')
    boxes = {name_of(box): box for box in window.find_all('check box', within=pane)}
    for value, box in boxes.items():
        count = re.search(r', ([\d\s.,]+)$', value)
        if count is None:
            continue
        for turn in range(3):       # a row that moves or is made anew under the pointer while counts arrive is missed
            try:
                if turn > 0:
                    box = window.find('check box', value, pane)
                window.scroll_to(box, pane)
                window.click(box)
                query = window.wait(lambda: window.text(entry), 2, f'a search for {value}')
                break
            except (AssertionError, AttributeError):
                query = None
        assert query, f'a click on {value} does nothing'
        doors.check(name, query, number_in(count[1]), f'filters of {name}, “{value}”')
        window.set_text(entry, '')
        window.wait(lambda b=box, v=value: name_of(b) == v or window.find_all('check box', v, pane), what=f'{value} again')


def badges(doors, window):
    """The numbers of the sidebar: updates and hosts that need somebody."""
    for row in window.kids(window.find('list', 'Pages')):
        count = re.search(r'\d+', row.get_description() or '')
        page = name_of(row).lower()
        if page not in ('updates', 'hosts') or count is None:
            continue
        window.show('overview')
        window.click(lambda r=row, c=count: window.find_all('label', c[0], r)[0])
        window.on(page)
        query = {'updates': 'severity:critical is:needed', 'hosts': 'state:error'}[page]
        doors.check(page, query, int(count[0]), f'badge of {page}')


def panes(doors, window, name, query):
    """The doors beside the first rows of a search."""
    def pane():
        return window.part(name, 'filler', f'Kab{name.capitalize()[:-1]}Pane')

    def choose(row):
        """Selects a row of the search."""
        window.show(name)
        if not window.subtitle(name).endswith(f' · {query}'):
            window.search(name, query)
        title = window.wait(lambda: window.rows(name).get_child_at_index(row).get_name(), what=f'row {row}')
        # By mouse: over AT-SPI it would be selected beside others.
        window.click(lambda: window.kids(window.rows(name).get_child_at_index(row))[0])
        # The pane of an update is filled in two steps, its facts in the second.
        window.find('label', 'Facts' if name == 'updates' else name_of_host(title), pane(), rows=False)
        return title

    for row in range(PANES):
        title = choose(row)
        for number, door in enumerate(window.wait(lambda: doors.find(pane(), deep=True), what=f'the doors of {title}')):
            if number > 0:
                choose(row)
            doors.press(pane(), door)
            window.on(door[2])
            doors.check(*door[2:], f'{name}, {title}, “{door[1]}”')


def name_of_host(title):
    """A row of hosts is named "NAME, state"."""
    return title.split(',')[0]


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab doors ') as folder:
        fill_mirror(build, folder)
        with Kabinet(build, '--profile', PROFILE) as window:
            window.active('Kabinet')
            doors = Doors(window)
            overview(doors, window)
            badges(doors, window)
            facets(doors, window, 'updates')
            facets(doors, window, 'hosts')
            panes(doors, window, 'updates', 'state:pending')
            panes(doors, window, 'hosts', 'state:pending')
            print(f'{doors.opened} doors opened, {len(doors.lies)} lie')
            assert not doors.lies, '\n'.join(doors.lies)
            assert doors.opened >= FEWEST, f'only {doors.opened} doors'


if __name__ == '__main__':
    sys.exit(run(test))
