"""No text is cut off, in any width and with text of twice the size: pages and panes, the wizard's steps, dialogs.

The program looks at itself (app/ui/kab-layout-check.c): accessibility does not tell what ends in an ellipsis.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import sys
import time

from kabinet import PAGES, Kabinet, run

STEPS = '1 · Name', '2 · Classes', '3 · Updates', '4 · Effect', '5 · Assign', '6 · Publish'
NARROW = 850, 600, 360, 700         # px; on the way some pages fold
# What is still there: the button of the empty page of rules, and the header bar of its wizard.
KNOWN = re.compile(r'layout (rules|step \d), 360 px, 200 %')


def choose_first(window, page):
    """The first row or card, so that its pane is filled."""
    def cell():
        if page == 'packages':
            return window.kids(window.find_all('list', 'PREPROD', window.page(page))[0])[0]
        return window.kids(window.kids(window.rows(page))[0])[0]
    window.wait(cell, what=f'a row of {page}')
    window.click(cell)


def check_pages(window):
    for page in PAGES:
        window.show(page)
        if page not in ('overview', 'activity'):
            choose_first(window, page)
        window.check_layout(page)
    window.tab('Host Tasks', window.page('activity'))
    window.check_layout('host tasks')
    window.tab('Approvals', window.page('activity'))
    window.check_layout('approvals')


def check_steps(window):
    page = window.show('rules')
    window.key('ctrl+n')
    window.wait(lambda: 'Step 1 of 6' in window.subtitle('rules'), what='the wizard')
    window.write('Name', 'wua-layout', page)
    for step in STEPS:
        window.tab(step, page)
        window.wait(lambda s=step: f'Step {s[0]} of 6' in window.subtitle('rules'), what=step)
        if step[0] == '2':
            window.click(lambda: next(b for b in window.find_all('check box', re.compile('^Drivers'), page)
                                      if window.shown(b)))
        if step[0] == '4':
            window.wait(lambda: window.find_all('label', re.compile('Computed for'), page), 30, 'the forecast')
        window.check_layout(f'step {step[0]}')
    for step in '54321':         # Escape goes back step by step
        window.active('Kabinet')
        window.key('Escape')
        window.wait(lambda s=step: f'Step {s} of 6' in window.subtitle('rules'), what=f'step {step} again')
    window.key('Escape')
    window.wait(lambda: 'Step' not in window.subtitle('rules'), what='the list of rules')


def check_dialog(window, title):
    full = window.dialog(title).get_name()
    window.check_layout(title)
    window.escape(full)


def check_dialogs(window):
    window.show('updates')
    window.push('push button', 'Forbid…', window.page('updates'))
    root = window.dialog('Forbid 1 Update')
    window.click(lambda: window.find_all('label', 'Give it to', root)[0])
    check_dialog(window, 'Who Gets It')
    check_dialog(window, 'Forbid 1 Update')
    page = window.show('packages')
    window.push('push button', 'Promote…', page)
    window.find('push button', 'Promote Against the Gate', window.dialog('Promote demo-'), timeout=30)
    check_dialog(window, 'Promote demo-')
    window.key('Menu')
    window.push('menu item', 'Delete from the Server…')
    check_dialog(window, 'Delete')


def check_preferences(window):
    dialog = window.preferences('Servers')
    for name in 'Signing', 'Promotion', 'General', 'Servers':
        window.turn_to(name, dialog)
        window.check_layout(f'preferences {name}')
        if name == 'Signing':
            for button, title in ('New Key…', 'New Key'), ('Import…', 'Import a Key'):
                window.push('push button', button, dialog)
                check_dialog(window, title)
    window.push('push button', 'Connect to a server', dialog)       # which closes the preferences
    check_dialog(window, 'Connect to a Server')


def check_narrowing(window):
    """A window that is made narrower takes that size, and comes to rest in it."""
    def worked():
        with open(f'/proc/{window.process.pid}/stat', encoding='utf-8') as stat:
            return int(stat.read().split()[13])

    def rests():
        before = worked()
        time.sleep(.2)
        return worked() - before < 12       # of 20
    for page in PAGES:
        window.show(page)
        xid = next(w[0] for w in window.windows() if not w[2])
        for width in NARROW:
            window.resize(xid, width, 760)
            assert any(rests() for _ in range(5)), f'{page}: in {width} px it never comes to rest'
        window.resize(xid, 1400, 760)


def test(build):
    with Kabinet(build, '--practice', KABINET_PRACTICE_HOSTS='60', KABINET_CHECK_LAYOUT='1') as window:
        window.active('Kabinet')
        page = window.on('overview')
        window.wait(lambda: len(window.find_all('link', within=page)) > 10, 60, 'the fleet')
        check_preferences(window)
        check_narrowing(window)
        check_pages(window)
        check_steps(window)
        check_dialogs(window)
        faults = [fault for fault in window.faults if not KNOWN.search(fault)]
        assert not faults, ''.join(faults)


if __name__ == '__main__':
    sys.exit(run(test))
