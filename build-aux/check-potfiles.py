#!/usr/bin/env python3
"""Is every file with translatable texts in po/POTFILES, and every file of it there? check-potfiles.py [--write] [TOP]

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import sys

MARK = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|g_dngettext|g_dgettext)\s*\(\s*(?:"|[a-z])|translatable="yes"')
EXTRA = re.compile(r'\.(?:desktop|metainfo\.xml|gschema\.xml)\.in$')


def wanted(top):
    found = []
    for path in sorted([*top.glob('app/**/*'), *top.glob('data/*')]):
        if path.suffix in ('.c', '.h', '.ui') and MARK.search(path.read_text(encoding='utf-8')):
            found.append(str(path.relative_to(top)))
        elif EXTRA.search(path.name):
            found.append(str(path.relative_to(top)))
    found += [str(p.relative_to(top)) for p in sorted(top.glob('data/tables/*.c'))]
    return found


def main():
    arguments = [a for a in sys.argv[1:] if a != '--write']
    top = pathlib.Path(arguments[0] if arguments else '.').resolve()
    potfiles = top / 'po' / 'POTFILES'
    want = wanted(top)
    if '--write' in sys.argv:
        potfiles.write_text('\n'.join(want) + '\n', encoding='utf-8')
        return 0
    have = [line for line in potfiles.read_text(encoding='utf-8').split('\n') if line and not line.startswith('#')]
    for path in sorted(set(want) - set(have)):
        print(f'{path} is missing in po/POTFILES')
    for path in sorted(set(have) - set(want)):
        print(f'{path} is in po/POTFILES and has no text to translate')
    return 0 if set(have) == set(want) else 1


if __name__ == '__main__':
    sys.exit(main())
