"""What dialogs are made of, in words of the window: entries by their titles, tabs, questions, file choosers.

Each is found and used in one step that is tried again: what was found may have been made anew before it is used.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

from uidriver import App, name_of

TABS = 'page tab', 'radio button', 'toggle button'


def names_around(node, most=6):
    """The names of a node and of those it is in: entry rows say their titles there."""
    names = []
    while node and len(names) < most:
        names.append(name_of(node))
        node = node.get_parent()
    return names


class Dialogs(App):
    """A program with dialogs."""

    def dialog(self, title, timeout=15):
        """Waits until a window is there and has the keyboard. @title: its beginning"""
        def look():
            return next(n for n in self.kids(self.root) if name_of(n).startswith(title))
        node = self.wait(look, timeout, f'the dialog {title}')
        self.active(node.get_name())
        return node

    def closed(self, title, timeout=15):
        """Waits until no window of that title is left."""
        self.wait(lambda: not any(name_of(n).startswith(title) for n in self.kids(self.root)), timeout, f'{title} to close')

    def entry(self, title, within):
        """Where one writes, by the title of its row."""
        return self.wait(lambda: next(n for n in self.walk(within, rows=False) if n.get_editable_text_iface()
                                      and self.shown(n) and title in names_around(n)), what=f'the entry {title}')

    def write(self, title, text, within):
        """Writes into an entry."""
        self.set_text(self.entry(title, within), text)

    def toggle(self, name, within):
        """A switch."""
        self.wait(lambda: self.find_all('check box', name, within)[0].get_action_iface().do_action(0), what=f'the switch {name}')

    def tab(self, name, within):
        """Goes to a page of a view switcher, by mouse."""
        self.click(lambda: next(n for n in self.walk(within, rows=False) if n.get_role_name() in TABS
                                and name_of(n) == name and self.shown(n)))

    def preferences(self, page):
        """Opens the preferences on a page."""
        self.active('Kabinet')
        self.key('ctrl+comma')
        dialog = self.dialog('Preferences')
        self.turn_to(page, dialog)
        return dialog

    def turn_to(self, page, dialog):
        """Another page of the preferences; there are two switchers, of which one is in use."""
        self.wait(lambda: self.pressed(next(n for n in self.find_all('page tab', page, dialog) if n.get_action_iface())), what=page)

    def escape(self, title):
        """Closes a window with its key."""
        self.active(title)
        self.key('Escape')
        self.closed(title)

    def choose_file(self, dialog, title, path):
        """Presses the button of a file's row and writes @path into the chooser."""
        def text_field():
            return next(n for n in self.walk(chooser) if n.get_editable_text_iface() and self.shown(n))
        self.push('push button', re.compile(f'^Choose: {title}'), dialog)
        chooser = self.dialog(title)
        self.key('ctrl+l')
        self.wait(text_field, what='the place of the file')
        self.set_text(text_field(), path)
        self.push('push button', 'Choose', chooser)
        self.closed(title)

    def unlock(self, passphrase):
        """Answers the question for the passphrase of the signing key."""
        dialog = self.dialog('Unlock Signing Key')
        self.write('Passphrase', passphrase, dialog)
        self.push('push button', 'Unlock', dialog)
