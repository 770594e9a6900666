"""The main job, in the real window: first run, practice fleet, critical updates, the hosts of one, why, scan, done.

After each step the window is compared with what kabinet-server answers over HTTP, or with what kabinetctl says of
the mirror.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import re
import sys
import tempfile

from kabinet import Kabinet, ask, keep_ready_line, name_of, number_in, run

HOSTS = 40


def start_practice(window, said):
    """The welcome page offers two ways; the second leads to a fleet that is all there."""
    window.active('Kabinet')
    window.find('push button', 'Connect to a WAPT Server…')
    window.push('push button', 'Try the Practice Fleet')
    page = window.on('overview')
    window.wait(lambda: 'of' in ' '.join(name_of(n) for n in window.find_all('link', within=page)), 60, 'figures')
    with open(said, encoding='utf-8') as file:
        ready = json.load(file)
    status = window.told('status')
    assert status['hosts'] == HOSTS == len(ask(ready, '/api/v1/hosts?columns=uuid&limit=1000')), status
    return ready


def filter_critical(window):
    """The filter pane's “Critical” lists what the command line lists."""
    window.show('updates')
    pane = window.part('updates', 'filler', 'Filters')

    def box():
        return window.find_all('check box', re.compile('^Critical, [1-9]'), pane)[0]
    count = number_in(window.wait(lambda: name_of(box()), what='the critical ones').split(', ')[1])
    window.click(box)
    window.lists('updates', 'severity:critical', count)
    listed = window.told('updates', 'list', 'severity:critical')
    assert len(listed) == count, listed
    assert all(update['severity'] == 'Critical' for update in listed)
    return listed


def choose(window, page, title):
    """Selects the row whose name contains @title, as a screen reader does."""
    rows = window.rows(page)
    place = window.wait(lambda: 1 + next(i for i, row in enumerate(window.kids(rows)) if title in row.get_name()),
                        what=f'the row of {title}') - 1
    rows.get_selection_iface().select_child(place)


def open_hosts(window, listed):
    """The detail pane of one critical update leads to the hosts that need it, over its door “N pending”."""
    update = max(listed, key=lambda u: u['pending'])
    assert update['pending'] > 0, 'the practice fleet needs no critical update'
    choose(window, 'updates', update['title'])
    pane = window.part('updates', 'filler', 'KabUpdatePane')
    door = window.find('link', re.compile(r'^\d+ pending$', re.I), pane)
    assert update['update_id'] in door.get_description(), door.get_description()
    window.push('link', re.compile(r'^\d+ pending$', re.I), pane)
    window.on('hosts')
    query = f'update:{update["update_id"]}/pending'
    window.lists('hosts', query, window.count('hosts', query))
    return update, window.told('hosts', 'list', query)


def see_why(window, update, hosts):
    """The pane of the host says why, in the sentence that the command line has for the pair."""
    host = next(h for h in hosts if h['reachable'])
    choose(window, 'hosts', host['computer_name'])
    pane = window.part('hosts', 'filler', 'KabHostPane')
    window.find('label', 'Connected', pane)
    sentence = window.told('explain', host['uuid'], update['update_id'])[0]['why']
    window.wait(lambda: [n for n in window.walk(pane) if sentence in n.get_name()], 15, f'“{sentence}”')
    return host


def scan(window, ready, host):
    """Scan is asked without a question; Activity follows it to its end, and the last scan moves."""
    before = window.told('hosts', 'show', host['uuid'])['last_scan_date']
    page = window.page('hosts')
    window.push('push button', 'Scan', page)
    window.said('Scan asked of 1 host', 20)
    window.show('activity')
    activity = window.page('activity')
    window.tab('Host Tasks', activity)
    tasks = window.part('activity', 'tree table', 'Tasks of hosts')
    window.wait(lambda: any(window.find_all('label', 'Done', row) for row in window.find_all('table row', within=tasks)
                            if host['computer_name'] in name_of(row)), 90, 'the scan to be done')
    tasks = ask(ready, f'/api/v3/host_tasks_status?uuid={host["uuid"]}')
    done = json.dumps(tasks).lower()
    assert 'scan' in done, tasks
    window.wait(lambda: window.told('hosts', 'show', host['uuid'])['last_scan_date'] > before, 60,
                'a younger last scan in the mirror')
    fresh = ask(ready, f'/api/v3/hosts?uuid={host["uuid"]}&columns=uuid,waptwua_status')[0]
    assert fresh['uuid'] == host['uuid'], fresh
    return before


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab main ') as folder:
        script, said = keep_ready_line(build, folder)
        with Kabinet(build, KABINET_SERVER=script, KABINET_PRACTICE_HOSTS=str(HOSTS),
                     KABINET_PRACTICE_SPEED='20') as window:
            ready = start_practice(window, said)
            update, hosts = open_hosts(window, filter_critical(window))
            host = see_why(window, update, hosts)
            scan(window, ready, host)


if __name__ == '__main__':
    sys.exit(run(test))
