#!/usr/bin/env python3
"""Checks what a compiler does not: check-source.py [TOP]

SPDX line, tabs, trailing blanks, long lines, log domain = room, config.h first, functions that are banned, files that
grew too long, and the library column of the architecture: which room may include which foreign header.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import subprocess
import sys

MAX_COLUMNS = 132           # aim for 100; a table of declarations may be wider
MAX_LINES = 600

# A foreign header's first folder or name, and the rooms that may include it.
LIBRARIES = {
    'json-glib/': {'wire', 'client', 'package', 'jobs', 'cli', 'server', 'store'},
    'yajl/': {'wire'},
    'sqlite3': {'database'},
    'libsoup/': {'http', 'client', 'server'},
    'archive': {'media'},
    'openssl/': {'package', 'media', 'http', 'server'},
    'libsecret/': {'jobs'},
    'gtk/': {'ui'},
    'adwaita': {'ui'},
    'gdk/': {'ui'},
}
BANNED = {
    r'\b(strcpy|strcat|sprintf|gets|strtok|atoi|atol|system|popen|mktemp|tmpnam)\s*\(': 'unsafe function',
    r'\b(malloc|calloc|free|strdup)\s*\(': 'use GLib or the owner\'s function',
    r'\b(g_print|printf)\s*\(': 'only a face prints',
}
PRINTING_ROOMS = {'cli', 'server', 'ui'}


def tracked(top):
    names = subprocess.run(['git', '-C', top, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                           capture_output=True, check=False).stdout.decode()
    return [pathlib.Path(top, n) for n in names.split('\0') if n and pathlib.Path(top, n).is_file()]


def without_comments(text):
    """Blanks comments and strings, keeping line numbers."""
    def blank(match):
        return re.sub(r'[^\n]', ' ', match[0])
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|//[^\n]*', blank, text, flags=re.S)


def check_text(path, text, complain):
    if 'SPDX-License-Identifier: GPL-3.0-or-later' not in text[:600]:
        complain(path, 1, 'no SPDX line')
    for number, line in enumerate(text.split('\n'), 1):
        if '\t' in line:
            complain(path, number, 'tab')
        if line != line.rstrip():
            complain(path, number, 'trailing blanks')
        if len(line) > MAX_COLUMNS:
            complain(path, number, f'{len(line)} columns')


def check_c(top, path, text, complain):
    parts = path.relative_to(top).parts
    room = parts[1] if parts[0] == 'app' else None
    code = without_comments(text)
    for number, line in enumerate(text.split('\n'), 1):
        include = re.match(r'\s*#\s*include\s*<([^>]+)>', line)
        if include and room:
            for library, rooms in LIBRARIES.items():
                if include[1].startswith(library) and room not in rooms:
                    complain(path, number, f'{room} may not include <{include[1]}>')
        include = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if include and room and '/' in include[1]:
            complain(path, number, f'"{include[1]}" names a folder: the room\'s dependency gives the path')
    if room is None:
        return
    for pattern, why in BANNED.items():
        if 'prints' in why and room in PRINTING_ROOMS:
            continue
        for match in re.finditer(pattern, code):
            complain(path, code.count('\n', 0, match.start()) + 1, f'{match[0]}…: {why}')
    if path.suffix == '.c':
        if f'G_LOG_DOMAIN "kab-{room}"' not in text:
            complain(path, 1, f'G_LOG_DOMAIN is not "kab-{room}"')
        includes = re.findall(r'#include\s+["<]([^">]+)', text)
        if not includes or includes[0] != 'config.h':
            complain(path, 1, 'config.h is not the first include')
    if text.count('\n') > MAX_LINES:
        complain(path, 1, f'{text.count(chr(10))} lines: look for the seam')
    if re.search(r'\b(TODO|FIXME|XXX)\b', text):
        complain(path, 1, 'an unfinished thought')


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.').resolve()
    problems = []

    def complain(path, line, why):
        problems.append(f'{path.relative_to(top)}:{line}: {why}')

    for path in tracked(top):
        inside = path.relative_to(top).parts[0]
        if inside not in ('app', 'tests', 'build-aux') or 'data' in path.relative_to(top).parts:
            continue
        if path.suffix in ('.c', '.h', '.py'):
            text = path.read_text(encoding='utf-8')
            check_text(path, text, complain)
            if path.suffix != '.py':
                check_c(top, path, text, complain)
    print('\n'.join(problems) if problems else 'no complaint')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
