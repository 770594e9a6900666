"""The page Rules and its wizard, by keyboard: a package from its name to the server, what it would do, its draft.

Each number of the preview is compared with the rows behind it, and what is published with what the server has.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import signal
import subprocess
import sys
import tempfile

from kabinet import Kabinet, Server, name_of, number_in, run, write_profile

HOSTS = 120
NAME = 'wua-display'


def tab_to(window, pattern, within, most=40):
    """Presses Tab until a check box of that name has the focus; rows are made anew now and then."""
    def on_it():
        return any(window.has(n, 'focused') for n in window.find_all('check box', pattern, within))

    for _ in range(most):
        try:
            return window.wait(on_it, .25)
        except AssertionError:
            window.key('Tab')
    raise AssertionError(f'Tab does not get to {pattern}')


def on_step(window, number):
    window.wait(lambda: f'Step {number} of 6' in window.subtitle('rules'), 15, f'step {number}')
    return window.page('rules')


def start(window):
    page = window.on('rules')
    window.wait(lambda: 'rule package' in window.subtitle('rules') and window.rows('rules').get_child_count() > 3, 60,
                'the rule packages')
    window.active('Kabinet')
    return page


def write_name(window, name):
    """Ctrl+N opens the wizard with the keyboard in it; a name makes Continue possible, and the draft is kept."""
    window.key('ctrl+n')
    page = on_step(window, 1)
    assert not window.has(window.find('push button', 'Continue', page), 'sensitive'), 'a package without a name goes on'
    window.type(name)
    window.wait(lambda: window.has(window.find_all('push button', 'Continue', page)[0], 'sensitive'), what='Continue')
    window.wait(lambda: 'draft saved' in window.subtitle('rules'), what='the draft to be saved')
    return page


def choose_class(window, name):
    """A check box of step 2, found with Tab, taken with the space bar."""
    window.key('alt+c')
    page = on_step(window, 2)
    group = window.find(None, 'Classifications', page)
    tab_to(window, re.compile(f'^{name}'), group)
    window.key('space')
    window.wait(lambda: window.has(window.find_all('check box', re.compile(f'^{name}'), group)[0], 'checked'),
                what=f'{name} to be checked')


def lists(window):
    """Windows that stand before the main one."""
    return [node for node in window.kids(window.root) if name_of(node) not in ('Kabinet', '')]


def check_doors(window, page):
    """Each number of the preview opens a list of exactly that many rows."""
    def doors():
        return {name_of(node): node for node in window.find_all('link', within=page)
                if 'forecast:' in (node.get_description() or '') and window.has(node, 'focusable')}

    def rows(dialog):
        texts = (n.get_name() for n in window.find_all('label', within=dialog))
        return next(number_in(text) for text in texts if re.fullmatch(r'[\d,]+ rows?', text))

    seen = {}
    for text in window.wait(doors, what='the numbers of the preview'):
        window.wait(lambda t=text: window.pressed(doors()[t]), what=f'the door {text}')
        dialog = window.wait(lambda: lists(window)[0], what=f'the list of {text}')
        counted = window.wait(lambda d=dialog: (rows(d),), what=f'the rows of {text}')[0]
        assert counted == number_in(text), f'{text}: {counted} rows'
        seen[text] = counted
        window.active(name_of(dialog))
        window.key('Escape')
        window.wait(lambda: not lists(window), what='the list to close')
        window.active('Kabinet')
    return seen


def preview(window):
    """Step 4: what it would do, before anybody gets it."""
    window.key('alt+c')
    on_step(window, 3)
    window.key('alt+c')
    page = on_step(window, 4)
    window.wait(lambda: [n for n in window.find_all('label', within=page) if 'Computed for' in n.get_name()], 30,
                'the forecast')
    return check_doors(window, page)


def assign(window):
    """Step 5: the first unit, with the space bar."""
    window.key('alt+c')
    page = on_step(window, 5)
    name = window.wait(lambda: next(name_of(n) for n in window.find_all('check box', re.compile(r', \d+ hosts$'), page)
                                    if window.shown(n)), what='the units')
    tab_to(window, re.compile(re.escape(name)), page)
    window.key('space')
    window.wait(lambda: window.has(window.find_all('check box', name, page)[0], 'checked'), what='the unit to be chosen')
    return number_in(name.split(', ')[-1])


def publish(window, name, hosts, passphrase):
    """Step 6: the summary, Publish, the passphrase of the key, and the package in the list with as many hosts as the unit has."""
    window.key('alt+c')
    page = on_step(window, 6)
    window.wait(lambda: window.has(window.find_all('push button', 'Publish', page)[0], 'sensitive'), 20, 'Publish')
    window.key('alt+p')
    window.dialog('Unlock Signing Key')
    window.type(passphrase)
    window.key('Return')
    window.said(f'toast: demo-{name} 1 is published', 60)
    row = window.wait(lambda: next(r for r in window.kids(window.rows('rules')) if f'demo-{name} 1' in name_of(r)), 30,
                      'the package in the list')
    window.wait(lambda: str(hosts) in [window.text(c) for c in window.walk(row) if c.get_text_iface()], 30,
                f'{hosts} hosts that ask for it')


def check_server(window, name):
    """The command line reads the same rules from the mirror."""
    listed = window.told('rules', 'list', name='lab')
    package = next(p for p in listed if p.get('package', p.get('name')) == f'demo-{name}')
    assert package['maturity'] == 'PREPROD', package


def write_draft_and_die(build, options):
    window = Kabinet(build, *options)
    try:
        start(window)
        write_name(window, 'wua-draft')
    finally:
        window.process.send_signal(signal.SIGKILL)
        window.process.wait()


def resume_draft(window, page):
    """After a crash the draft is offered again; it goes on where it was; thrown away, it can be brought back."""
    window.wait(lambda: [n for n in window.find_all('label', re.compile('^Draft of demo-wua-draft'), page)
                         if window.shown(n)], 20, 'the draft to be offered')
    window.push('push button', 'Go On', page)
    on_step(window, 1)
    window.wait(lambda: any('demo-wua-draft' in n.get_name() for n in window.find_all('label', within=page)),
                what='the name of the draft')
    window.key('Escape')
    window.wait(lambda: 'rule package' in window.subtitle('rules'), what='the list')
    window.push('push button', 'Discard', page)
    window.said('toast: Draft discarded')
    window.push('push button', 'Undo')
    window.wait(lambda: [n for n in window.find_all('label', re.compile('^Draft of demo-wua-draft'), page)
                         if window.shown(n)], 10, 'the draft to come back')


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab rules ') as folder, \
            Server(build, os.path.join(folder, 'data'), '--hosts', str(HOSTS)) as server:
        write_profile('lab', server.ready)
        secret = os.path.join(folder, 'secret')
        with open(secret, 'w', encoding='utf-8', opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(server.ready['password'])
        subprocess.run([build.ctl, 'sync', '--profile', 'lab', '--password-file', secret, '--quiet'],
                       stdout=subprocess.DEVNULL, check=True)
        options = ['--profile', 'lab', '--page', 'rules', '--password-file', secret]
        write_draft_and_die(build, options)
        with Kabinet(build, *options) as window:
            page = start(window)
            resume_draft(window, page)
            write_name(window, NAME)
            choose_class(window, 'Drivers · ')
            preview(window)
            hosts = assign(window)
            publish(window, NAME, hosts, server.ready['passphrase'])
            check_server(window, NAME)


if __name__ == '__main__':
    sys.exit(run(test))
