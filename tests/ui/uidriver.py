"""Looks at a GTK program through AT-SPI and acts with real keys and a real mouse. Run inside session.py.

Every wait polls, nothing sleeps blindly; a node that vanished counts as "not yet".
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = float(os.environ.get('UI_PATIENCE', 1))
IN_ROWS = None, 'label', 'panel', 'table cell'      # roles that rows of tables are made of; two thirds of all nodes are theirs
# A program that is busy for longer answers all the same: an answer that is not waited for is a press that is done twice.
Atspi.set_timeout(int(10000 * PATIENCE), int(15000 * PATIENCE))


def output_of(*argv):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False).stdout.strip()


def name_of(node):
    """The accessible name, cleaned: GTK 4.8 names a button "_Open Open" (property and inner label)."""
    text = re.sub('_(?=.)', '', node.get_name() or '')
    half = len(text) // 2
    return text[:half] if text[half:half + 1] == ' ' and text[:half] == text[half + 1:] else text


class NotYet(Exception):
    """What is asked for may come: a wait asks again."""


class App:
    """One running program."""

    def __init__(self, argv, log, **env):
        self.log, self.last_click = log, (0, 0, 0)
        with open(log, 'w', encoding='utf-8') as out:
            self.process = subprocess.Popen(argv, env={**os.environ, **env}, stdout=out, stderr=subprocess.STDOUT)
        self.root = self.wait(self.find_program, 30, 'the program on the accessibility bus')
        self.root.set_cache_mask(Atspi.Cache.ROLE)      # all else changes
        self.wait(self.windows, 30)

    def find_program(self):
        return next(a for a in self.kids(Atspi.get_desktop(0)) if a.get_process_id() == self.process.pid)

    # waiting and looking

    def wait(self, condition, timeout=8, what='condition'):
        end = time.time() + timeout * PATIENCE
        while True:
            try:
                result = condition()
            except (GLib.Error, StopIteration, AttributeError, IndexError, NotYet):
                result = None       # the tree changes under our feet
            if result:
                return result
            if time.time() > end:
                with open(self.log, encoding='utf-8', errors='replace') as log:
                    raise AssertionError(f'timed out waiting for {what}; the program said:\n{log.read()[-1500:]}')
            time.sleep(.03)

    @staticmethod
    def kids(node):
        return [c for c in (node.get_child_at_index(i) for i in range(node.get_child_count())) if c]

    def away(self):
        """The names of parts that are not on the screen: whoever looks through the whole program does not look into these."""
        return ()

    def walk(self, node=None, deep=True, rows=True):
        """@deep: into lists too; @rows: into rows of tables too"""
        away = self.away() if node is None else ()

        def below(node):
            yield node
            role = node.get_role_name()
            if (deep or role != 'list') and not (away and role == 'filler' and node.get_name() in away):
                for child in self.kids(node):
                    if not rows and child.get_role_name() == 'table row':
                        yield child
                    else:
                        yield from below(child)
        yield from below(node or self.root)

    def matches(self, role=None, name=None, within=None, deep=True, rows=True):
        """One after the other, as far as anybody asks. @name: a text, or a compiled pattern; @rows: in rows of tables too, if
        there can be one"""
        def fits(node):
            if role and node.get_role_name() != role:
                return False
            if isinstance(name, re.Pattern):
                return name.search(name_of(node))
            return name is None or name_of(node) == name
        return (node for node in self.walk(within, deep, rows and role in IN_ROWS) if fits(node))

    def find_all(self, role=None, name=None, within=None, deep=True, rows=True):
        return list(self.matches(role, name, within, deep, rows))

    def find(self, role=None, name=None, within=None, timeout=8, deep=True, rows=True):
        return self.wait(lambda: next(self.matches(role, name, within, deep, rows), None), timeout, f'{role} {name}')

    def gone(self, role, name, timeout=8, deep=True):
        self.wait(lambda: next(self.matches(role, name, deep=deep), None) is None, timeout, f'{role} {name} to go')

    @staticmethod
    def has(node, state):
        return node.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    @staticmethod
    def shown(node):
        """Is it on the page that is shown? Others have no size."""
        extents = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return extents.width > 0 and extents.height > 0

    @staticmethod
    def text(node):
        iface = node.get_text_iface()
        return Atspi.Text.get_text(iface, 0, Atspi.Text.get_character_count(iface))

    def said(self, text, timeout=8):
        def look():
            with open(self.log, encoding='utf-8', errors='replace') as log:
                return text in log.read()
        self.wait(look, timeout, f'the log to say {text}')

    # acting

    @staticmethod
    def pressed(node):
        """Buttons, menu items; not check buttons, which have no action in GTK 4.8. False: it is gone."""
        iface = node.get_action_iface()
        names = [Atspi.Action.get_action_name(iface, i) for i in range(iface.get_n_actions())]
        return iface.do_action(names.index('click'))

    def usable(self, node):
        """Is it on the page that is shown, and does it take what one does to it?"""
        return self.shown(node) and self.has(node, 'sensitive')

    def press(self, node):
        assert self.pressed(node), name_of(node)

    def push(self, role, name, within=None, timeout=8):
        """Finds a button that can be used and presses it; one that was made anew in between is looked for again."""
        self.wait(lambda: self.pressed(next(n for n in self.find_all(role, name, within) if self.usable(n))), timeout,
                  f'{role} {name} to press')

    @staticmethod
    def set_text(node, text):
        node.get_editable_text_iface().set_text_contents(text)

    @staticmethod
    def key(*keys):
        output_of('xdotool', 'key', '--delay', 30, *keys)

    @staticmethod
    def type(text):
        """ASCII only: xdotool loses others now and then."""
        output_of('xdotool', 'type', '--delay', 12, text)

    def active(self, title):
        """Wait for this before any key()."""
        self.wait(lambda: output_of('xdotool', 'getwindowfocus', 'getwindowname') == title, what=f'focus on {title}')

    def point_at(self, find):
        """Moves the pointer onto what @find returns, and looks whether that stands there still."""
        node = find()
        before = self.extents(node)
        x, y, width, height = self.rectangle(node)
        x, y = x + width // 2, y + height // 2
        if self.last_click[:2] == (x, y):       # or it counts as a double click
            time.sleep(max(0, .5 - time.time() + self.last_click[2]))
        # GTK drops a click after a single motion
        output_of('xdotool', 'mousemove', x - 2, y, 'sleep', .05, 'mousemove', x, y, 'sleep', .05)
        return (x, y) if width > 0 and self.extents(find()) == before else None

    def click(self, node, button=1, times=1):
        """@node: or a function that finds it, which is asked again when what it found goes or moves away"""
        find = node if callable(node) else lambda: node
        x, y = self.wait(lambda: self.point_at(find), what='a thing to click on that stands still')
        output_of('xdotool', 'click', '--repeat', times, '--delay', 60, button)
        self.last_click = (x, y, time.time())

    def drag(self, find, find_target):
        """From one thing to another, as slowly as a hand."""
        def target():
            x, y, width, height = self.rectangle(find_target())
            return x + width // 2, y + height // 2
        x, y = self.wait(lambda: self.point_at(find), what='a thing to drag that stands still')
        goal = self.wait(target)
        output_of('xdotool', 'mousedown', 1)
        for step in range(1, 11):
            output_of('xdotool', 'mousemove', x + (goal[0] - x) * step // 10, y + (goal[1] - y) * step // 10)
            time.sleep(.05)
        time.sleep(.3)
        output_of('xdotool', 'mouseup', 1)

    @staticmethod
    def action(app_id, name, *parameter):
        output_of('gapplication', 'action', app_id, name, *parameter)

    def quit(self, app_id):
        self.action(app_id, 'quit')
        return self.process.wait(20 * PATIENCE)

    @staticmethod
    def picture(name):
        """Into the folder $UI_ARTIFACTS; none, no picture."""
        if 'UI_ARTIFACTS' in os.environ:
            output_of('import', '-window', 'root', os.path.join(os.environ['UI_ARTIFACTS'], name))

    # where things are

    def windows(self):
        """(X id, title, override-redirect, x, y, width, height) of each visible window"""
        found = []
        for xid in output_of('xdotool', 'search', '--onlyvisible', '--pid', self.process.pid).split():
            facts = output_of('xwininfo', '-id', xid)
            numbers = [int(re.search(key + r':\s+(-?\d+)', facts)[1])
                       for key in ('left X', 'left Y', 'Width', 'Height') if key in facts]
            if len(numbers) == 4:
                title = re.search(r'Window id: \S+ "?(.*?)"?$', facts, re.M)[1]
                found.append((xid, title, 'State: yes' in facts, *numbers))
        return found

    def resize(self, xid, width, height):
        """Pulls at the corner of a window until it has that size: what is in it makes room bit by bit."""
        def pull():
            output_of('xdotool', 'windowsize', xid, width, height)
            return next(w[5:] for w in self.windows() if w[0] == xid) == (width, height)
        self.wait(pull, what=f'a window of {width}×{height}')

    @staticmethod
    def extents(node):
        e = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return e.x, e.y, e.width, e.height

    def rectangle(self, node):
        """On the screen. AT-SPI gives window coordinates only; popovers are X windows of their own."""
        x, y, width, height = self.extents(node)
        parent = node
        while parent.get_parent().get_role_name() != 'application':
            component = parent.get_component_iface()
            if component and component.get_layer() == Atspi.ComponentLayer.POPUP:
                px, py, pw, ph = self.extents(parent)
                X, Y, _, H = [w[3:] for w in self.windows() if w[2] and w[5] == pw][-1]
                return X + x - px, Y + y - py + (H - ph) // 2, width, height
            parent = parent.get_parent()
        xid, _, _, X, Y, W, H = next(w for w in self.windows() if not w[2] and w[1] == name_of(parent))
        _, _, fw, fh = self.extents(parent)
        frame = re.search(r'= (\d+), \d+, (\d+)', output_of('xprop', '-id', xid, '_GTK_FRAME_EXTENTS'))
        dx, dy = (int(frame[1]), int(frame[2])) if frame and int(frame[1]) else ((W - fw) // 2, (H - fh) // 2)
        return X + dx + x, Y + dy + y, width, height
