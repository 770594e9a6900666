"""The keyboard is enough: shortcuts, Tab out of tables, context menus, focus that comes back; and names for all.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import sys

from kabinet import PAGES, Kabinet, name_of, output_of, run

# What GTK itself leaves focusable and unnamed: the scroller, the list inside of a table and its header.
OF_GTK = {('scroll pane', ''), ('list', 'GtkColumnListView'), ('table row', 'GtkListItemWidget')}


def click_row(window, page, number):
    """Rows are wider than the window: the click goes to the first cell."""
    def row():
        return window.kids(window.rows(page))[number]
    window.wait(row, what=f'rows of {page}')
    window.click(lambda: window.kids(row())[0])
    on_row(window, page, number)


def on_row(window, page, number):
    """Waits for the focus on a row; looking for it in the whole window takes long."""
    window.wait(lambda: window.has(window.kids(window.rows(page))[number], 'focused'), 15,
                f'focus on the row {number} of {page}')


def check_pages(window):
    """Ctrl+1 … Ctrl+4, in any order."""
    for name in ('hosts', 'overview', 'activity', 'updates'):
        window.show(name)


def check_search(window):
    """Ctrl+F opens the search with the focus in it; Escape clears and closes it."""
    window.show('hosts')
    entry = window.part('hosts', 'entry', 'Search hosts')
    window.key('ctrl+f')
    window.wait(lambda: window.shown(entry) and window.has(entry, 'focused'), what='focus in the search')
    window.type('state:pending')
    window.wait(lambda: window.subtitle('hosts').endswith(' · state:pending'), what='the search')
    window.key('Escape')
    window.wait(lambda: ' of ' not in window.subtitle('hosts') and not window.text(entry), what='all hosts')
    button = window.find(None, 'Search', window.page('hosts'), deep=False)
    window.wait(lambda: not window.has(button, 'pressed'), what='the search to close')


def check_filters(window):
    """F9 hides and shows the filter pane."""
    pane = window.part('hosts', 'filler', 'Filters')

    def in_sight():
        x, _, width, _ = window.extents(pane)
        return window.shown(pane) and x + width > window.extents(window.page('hosts'))[0]

    window.show('hosts')
    before = bool(in_sight())
    window.key('F9')
    window.wait(lambda: bool(in_sight()) != before, what='F9 to toggle the filters')
    window.key('F9')
    window.wait(lambda: bool(in_sight()) == before, what='F9 to toggle them back')


def check_filter_focus(window):
    """A value that is toggled keeps the focus, although the search opens and closes above it."""
    window.show('hosts')
    pane = window.part('hosts', 'filler', 'Filters')

    def box():
        return next(node for node in window.find_all('check box', within=pane) if window.shown(node))
    value = window.wait(lambda: name_of(box()).split(',')[0], what='values of filters')

    def is_here():
        return any(window.has(node, 'focused') and name_of(node).split(',')[0] == value
                   for node in window.find_all('check box', within=pane))

    window.click(box)       # the first one, wherever counts that arrive have put it
    window.wait(lambda: ' of ' in window.subtitle('hosts'), what='the list to be filtered')
    window.wait(is_here, what=f'focus on the filter {value}')
    window.key('space')
    window.wait(lambda: ' of ' not in window.subtitle('hosts'), what='all hosts again')
    window.wait(is_here, what=f'focus still on the filter {value}')


def check_details(window):
    """Arrow keys choose a row; Alt+Enter hides and shows its details."""
    window.show('hosts')
    click_row(window, 'hosts', 1)

    def panes():
        return [pane for pane in window.find_all('filler', 'KabHostPane', window.page('hosts'), deep=False)
                if window.shown(pane)]

    window.wait(panes, what='the details')
    window.key('alt+Return')
    window.wait(lambda: not panes(), what='the details to go')
    window.key('alt+Return')
    window.wait(panes, what='the details to come back')


def check_context_menu(window, page):
    """Menu and Shift+F10 open it; Escape gives the focus back to the row."""
    window.show(page)
    click_row(window, page, 2)
    for key in ('Menu', 'shift+F10'):
        window.key(key)
        window.wait(lambda: window.find_all('menu item', re.compile('Copy Rows')), what=f'the menu of {key}')
        window.key('Escape')
        window.gone('menu item', re.compile('Copy Rows'))
        on_row(window, page, 2)


def check_tab(window, page):
    """Tab gets out of a table at once, and Shift+Tab back into it."""
    window.show(page)
    click_row(window, page, 0)
    window.key('Tab')
    window.wait(lambda: not any(window.has(row, 'focused') for row in window.kids(window.rows(page))), 15,
                'Tab to leave the table')
    window.key('shift+Tab')
    window.wait(lambda: any(window.has(row, 'focused') for row in window.kids(window.rows(page))), 15,
                'Shift+Tab to come back')


def check_windows(window):
    """Ctrl+? and Ctrl+comma open their windows, Escape closes them, and the main window has the focus again."""
    def toplevels():
        return [xid for xid, _, is_popup, *_ in window.windows() if not is_popup]

    for key in ('ctrl+question', 'ctrl+comma'):
        window.active('Kabinet')
        main = toplevels()
        window.key(key)
        window.wait(lambda: len(toplevels()) == 2, what=f'the window of {key}')
        new = next(xid for xid in toplevels() if xid not in main)
        window.wait(lambda: output_of('xdotool', 'getwindowfocus') == new, what=f'focus on the window of {key}')
        window.key('Escape')
        window.wait(lambda: toplevels() == main, what=f'the window of {key} to close')
        window.wait(lambda: output_of('xdotool', 'getwindowfocus') == main[0], what='focus on the main window')


def check_sync(window):
    """F5 reads the server, and says so."""
    window.show('overview')
    window.key('F5')
    window.said('toast: Synchronised', 30)


def is_part_of_named(node, role):
    """The button inside of a drop-down has no name; the drop-down around it has."""
    above = node.get_parent()
    while above is not None and above.get_role_name() != role:
        above = above.get_parent()
    return above is not None and not re.match('$|(Gtk|Adw|Kab)[A-Z]', name_of(above))


def check_names(window):
    """Whatever can have the focus has a name that a person understands."""
    nameless = []
    for page in PAGES:
        for node in window.walk(window.show(page), deep=page not in ('updates', 'hosts')):
            name = name_of(node)
            if not window.has(node, 'focusable') or (node.get_role_name(), name) in OF_GTK:
                continue
            if is_part_of_named(node, 'combo box'):
                continue
            if not name.strip() or re.match('(Gtk|Adw|Kab)[A-Z]', name):
                nameless.append(f'{page}: {node.get_role_name()} “{name}”, {window.extents(node)}')
        for row in window.kids(window.rows(page)) if page in ('updates', 'hosts') else ():
            if name_of(row).startswith('Gtk'):
                nameless.append(f'{page}: a row without a name')
    assert not nameless, '\n'.join(nameless)


def test(build):
    with Kabinet(build, '--practice', KABINET_PRACTICE_HOSTS='60') as window:
        window.active('Kabinet')
        page = window.on('overview')
        window.wait(lambda: len(window.find_all('link', within=page)) > 10, 60, 'the fleet')
        check_pages(window)
        check_search(window)
        check_filters(window)
        check_filter_focus(window)
        check_details(window)
        for name in ('updates', 'hosts'):
            check_context_menu(window, name)
            check_tab(window, name)
        check_windows(window)
        check_sync(window)
        check_names(window)
        window.active('Kabinet')
        window.key('ctrl+q')
        assert window.process.wait(20) == 0, 'Ctrl+Q'
        window.check_log()


if __name__ == '__main__':
    sys.exit(run(test))
