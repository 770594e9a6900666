"""A sync while somebody works: the keyboard stays where it was, the page shows the new numbers, and so do pages that were left.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import subprocess

from kabinet import name_of, number_in

TRIES = 12
DOOR = re.compile('^Shows (?:all )?(updates|hosts)(?:: (.*))?$')


def tab_to_one(window, within, role, most=40):
    """Presses Tab until something of that role has the keyboard; tells what it is, which its number may be no part of."""
    def here():
        return [identity(node) for node in window.find_all(role, within=within) if window.has(node, 'focused')]
    for _ in range(most):
        try:
            return window.wait(here, .3)[0]
        except AssertionError:
            window.key('Tab')
    raise AssertionError(f'Tab gets to no {role}')


def identity(node):
    return node.get_role_name(), node.get_description() or name_of(node)


def check_focus(window, within, what):
    """Exactly there, and for good: whoever gives it back a moment later is too late."""
    held = [identity(node) for node in window.find_all(what[0], within=within) if window.has(node, 'focused')]
    assert held == [what], f'the keyboard was on {what}, and is on {held}'


class Change:
    """Other hosts report while the window looks away; what the server then has is known from a mirror of our own."""

    def __init__(self, window, others, data, seed):
        self.window = window
        before = self.pending(window.told('updates', 'list', name='lab'))
        hosts = window.told('hosts', 'list', name='lab')
        was = {host['uuid']: host['state'] for host in hosts}
        states = self.states(hosts)
        # What a change does hangs on the fleet, and that on the hour: a host with two updates left stays as it is.
        for attempt in range(TRIES):
            subprocess.run([window.build.server, '--data', data, '--change', '60', '--seed', str(seed + attempt)],
                           stdout=subprocess.DEVNULL, check=True)
            others.ctl('sync')
            after = self.pending(others.mirror('updates'))
            hosts_after = others.mirror('hosts')
            states_after = self.states(hosts_after)
            self.update = max(before, key=lambda u: abs(after[u] - before[u]))
            self.state = max(states, key=lambda s: abs(states_after.get(s, 0) - states[s]))
            self.pending_before, self.pending_after = before[self.update], after[self.update]
            self.hosts_before, self.hosts_after = states[self.state], states_after.get(self.state, 0)
            if self.pending_before != self.pending_after and self.hosts_before != self.hosts_after:
                break
        else:
            raise AssertionError(f'nothing changed in {TRIES} changes')
        self.host = next(host['computer_name'] for host in hosts_after if host['state'] != was[host['uuid']])

    @staticmethod
    def pending(updates):
        return {update['update_id']: update['pending'] for update in updates}

    @staticmethod
    def states(hosts):
        count = {}
        for host in hosts:
            count[host['state']] = count.get(host['state'], 0) + 1
        return count

    def cells(self):
        """The texts of the row of the update; the page lists nothing else."""
        row, = self.window.kids(self.window.rows('updates'))
        return [name_of(label) for label in self.window.find_all('label', within=row)]

    def visit(self):
        """Both lists, with the old numbers."""
        self.window.show('updates')
        self.window.search('updates', f'id:{self.update}')
        cells = self.window.wait(lambda: str(self.pending_before) in self.cells() and self.cells(), what='the row of an update')
        self.places = [place for place, text in enumerate(cells) if text == str(self.pending_before)]
        self.window.show('hosts')
        self.window.search('hosts', f'state:{self.state}')
        self.window.lists('hosts', f'state:{self.state}', self.hosts_before)

    def check_updates(self):
        def fresh():
            cells = self.cells()
            return any(cells[place] == str(self.pending_after) for place in self.places)
        self.window.show('updates')
        self.window.wait(fresh, what=f'{self.pending_after} pending')

    def check_hosts(self):
        self.window.show('hosts')
        self.window.lists('hosts', f'state:{self.state}', self.hosts_after)


def doors_agree(window, page):
    """Every number of the Overview is what kabinetctl lists of the mirror now."""
    doors = [(DOOR.match(node.get_description() or ''), number_in(name_of(node)))
             for node in window.find_all('link', within=page) if window.shown(node)]
    doors = [(door, number) for door, number in doors if door and number is not None and door[2]]
    return len(doors) > 5 and all(window.count(door[1], door[2], name='lab') == number for door, number in doors)


def sync_beside(window, others, data):
    """The server changed meanwhile; F5 with the keyboard on a door, and then on a button beside a list."""
    change = Change(window, others, data, 11)
    change.visit()
    page = window.show('overview')
    door = tab_to_one(window, page, 'link')
    window.key('F5')
    window.wait(lambda: Change.states(window.told('hosts', 'list', name='lab')).get(change.state, 0) == change.hosts_after, 30,
                'the sync')
    window.wait(lambda: doors_agree(window, page), 20, 'the new numbers of the Overview')
    check_focus(window, page, door)
    change.check_updates()
    change.check_hosts()

    change = Change(window, others, data, 11 + TRIES)
    change.visit()
    window.search('hosts', change.host)
    row = window.wait(lambda: next(row for row in window.kids(window.rows('hosts')) if name_of(row).startswith(change.host)))
    before = name_of(row)
    window.click(lambda: window.kids(row)[0])
    pane = window.part('hosts', 'filler', 'KabHostPane')
    button = tab_to_one(window, pane, 'push button')
    window.key('F5')
    window.wait(lambda: before not in map(name_of, window.kids(window.rows('hosts'))), 30, f'another state than {before}')
    window.wait(lambda: window.find_all('label', name_of(row).split(', ')[1], pane, rows=False), what='the new state beside it')
    check_focus(window, pane, button)
    change.check_updates()
    for name in 'updates', 'hosts':
        window.show(name)
        window.search(name, '')
