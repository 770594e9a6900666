"""Two updates are forbidden from the list: what the dialog says of the fleet, the package on the server, and undo.

The numbers of the dialog are compared with what kabinetctl lists of the same mirror, the package with what the server
answers over HTTP.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib
import os
import re
import sys
import tempfile

from kabinet import Kabinet, ask, name_of, number_in, run

main_job = importlib.import_module('test-main-job')
PACKAGE = 'demo-wua-test'
GROUP = 'grp-workstations'
DISCARDED = re.compile(r'^[\d,]+: Pending → Discarded$')


def choose_two(window):
    """Selects two updates that hosts have pending; returns them as the command line lists them."""
    window.show('updates')
    pending = sorted(window.told('updates', 'list', 'state:pending'), key=lambda u: -u['pending'])[:2]
    assert len(pending) == 2, 'the practice fleet has nothing pending'
    window.search('updates', 'id:' + ','.join(u['update_id'] for u in pending))
    window.wait(lambda: window.rows('updates').get_child_count() == 2, what='two rows')
    window.rows('updates').get_selection_iface().select_all()
    return pending


def expect(window, updates):
    """Pairs that the package will discard: pending ones on hosts that accept PREPROD and are in the group."""
    hosts = [h for h in window.told('hosts', 'list', f'ring:preprod group:{GROUP} is:counted')
             if h['state'] not in ('silent', 'never-scanned')]
    pairs = 0
    for update in updates:
        having = {h['uuid'] for h in window.told('hosts', 'list', f'update:{update["update_id"]}/pending')}
        pairs += len(having & {h['uuid'] for h in hosts})
    return pairs


def give_to_group(window, root):
    """The picker: search, choose, and what it reaches."""
    window.click(lambda: window.find_all('label', 'Give it to', root)[0])
    picker = window.dialog('Who Gets It')
    window.find('label', re.compile('^Nobody yet'), picker)
    window.push(None, re.compile(r'^Groups \('), picker)
    box = window.find('check box', re.compile(f'^{GROUP}, [1-9]'), picker)
    count = number_in(name_of(box).removeprefix(GROUP))
    assert count == window.count('hosts', f'group:{GROUP}'), f'{name_of(box)} is not what the mirror lists'
    window.click(lambda: window.find_all('check box', name_of(box), picker)[0])
    window.wait(lambda: window.find_all('push button', re.compile(f'^Reaches {count} hosts?$'), picker),
                what='the summary')
    window.push('push button', 'Done', picker)
    window.closed('Who Gets It')


def foreseen(window, root):
    return number_in(name_of(window.find_all('link', DISCARDED, root)[0]))


def packages(ready):
    return [p for p in ask(ready, '/api/v3/packages') if p['package'] == PACKAGE]


def forbid(window, ready):
    updates = choose_two(window)
    assert expect(window, updates) > 0, 'no PREPROD host of the group has them pending'
    window.push('push button', 'Forbid…', window.page('updates'))
    root = window.dialog('Forbid 2 Updates')
    for update in updates:
        window.find('label', update['title'], root)
    window.write('Name', PACKAGE, root)
    give_to_group(window, root)
    window.active('Forbid 2 Updates')
    # Agents work on meanwhile: after each sync it is another number.
    pairs = window.wait(lambda: next(n for n in [expect(window, updates)] if n == foreseen(window, root)), 30,
                        'the dialog to say what the mirror says')
    window.picture('allow-dialog.png')

    # The number is a door: exactly these pairs.
    window.push('link', DISCARDED, root)
    behind = window.wait(lambda: next(n for n in window.kids(window.root) if 'Pending → Discarded' in n.get_name()), 15,
                         'the list behind the number')
    window.wait(lambda: any(re.match(rf'^{pairs} rows?$', n.get_name() or '') for n in window.walk(behind)),
                what=f'{pairs} rows behind the door')
    window.key('Escape')
    window.active('Forbid 2 Updates')

    window.push('push button', 'Publish', root)
    window.said(f'{PACKAGE} 1 is published', 40)
    found = packages(ready)
    assert len(found) == 1 and found[0]['maturity'] == 'PREPROD' and found[0]['section'] == 'wsus', found
    return updates


def undo(window, ready):
    """What was done is taken back: the assignment, then the package."""
    window.active('Kabinet')
    window.push('push button', 'Undo', timeout=15)
    window.said('Taken back', 40)
    assert not packages(ready), packages(ready)


def clear(window, updates):
    """Updates that no package names: the dialog says so, and nothing can be published."""
    window.active('Kabinet')
    window.push('push button', 'Clear…', window.page('updates'))
    root = window.dialog('Clear')
    publish = window.find('push button', 'Publish', root)
    window.wait(lambda: window.find_all('label', re.compile('No rule package names'), root) or
                window.find_all(None, 'Rule package', root), what='which packages name them')
    if window.find_all('label', re.compile('^No rule package names'), root):
        assert not window.has(publish, 'sensitive')
    window.key('Escape')
    window.closed('Clear')


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab allow ') as folder:
        script, said = main_job.keep_ready_line(build, folder)
        with Kabinet(build, KABINET_SERVER=script, KABINET_PRACTICE_HOSTS=str(main_job.HOSTS)) as window:
            ready = main_job.start_practice(window, said)
            updates = forbid(window, ready)
            undo(window, ready)
            clear(window, updates)
    assert not os.path.exists(folder)


if __name__ == '__main__':
    sys.exit(run(test))
