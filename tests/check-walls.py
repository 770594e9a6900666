#!/usr/bin/env python3
"""Do the walls between the rooms hold? check-walls.py BUILD-DIR

For every room, a file is compiled with that room's own flags (from compile_commands.json) that includes one header of
another room. What the architecture allows must compile, what it forbids must fail with "no such file".
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

HEADER = {
    'model': 'kab-error.h', 'wire': 'kab-wire.h', 'database': 'kab-database.h', 'http': 'kab-http-session.h',
    'store': 'kab-store.h', 'lists': 'kab-snapshot.h', 'client': 'kab-client.h', 'package': 'kab-certificate.h',
    'jobs': 'kab-job.h', 'cli': 'kab-cli.h', 'server': 'kab-server.h', 'ui': 'kab-window.h',
}
# Who may include whom: the table of the architecture. A room may always include itself.
ALLOWED = {
    'model': set(),
    'wire': {'model'},
    'database': {'model'},
    'http': {'model'},
    'store': {'model', 'database', 'lists'},
    'client': {'model', 'wire', 'http'},
    'package': {'model', 'wire'},
    'jobs': {'model', 'wire', 'http', 'store', 'lists', 'client', 'package'},
    'cli': {'model', 'wire', 'store', 'lists', 'package', 'jobs'},
    'server': {'model', 'wire', 'database', 'http', 'package'},
    'ui': {'model', 'lists', 'jobs'},
}


def flags_of(build, room):
    """The compiler call of one source file of the room, without the file itself."""
    for entry in json.loads(pathlib.Path(build, 'compile_commands.json').read_text(encoding='utf-8')):
        source = (pathlib.Path(entry['directory']) / entry['file']).resolve()
        if source.parent.name == room and source.parent.parent.name == 'app' and source.suffix == '.c':
            words = shlex.split(entry['command'])
            while words and not words[0].startswith('-') and ('ccache' in words[0]):
                words.pop(0)
            kept, skip = [], False
            for word in words:
                if skip:
                    skip = False
                elif word in ('-o', '-MF', '-MQ', '-c'):
                    skip = word != '-c'
                elif word not in ('-MD',) and not word.endswith('.c'):
                    kept.append(word)
            return entry['directory'], kept
    return None, None


def main():
    build = sys.argv[1]
    wrong, tried = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for room, allowed in ALLOWED.items():
            directory, flags = flags_of(build, room)
            if flags is None:
                wrong.append(f'no source of {room} in {build}')
                continue
            for other, header in HEADER.items():
                if other == room:
                    continue
                source = pathlib.Path(folder, f'{room}-{other}.c')
                source.write_text(f'#include "config.h"\n#include "{header}"\nint nothing;\n', encoding='utf-8')
                answer = subprocess.run([*flags, '-fsyntax-only', str(source)], cwd=directory, capture_output=True, text=True,
                                        check=False)
                missing = f'{header}: No such file' in answer.stderr or f"'{header}' file not found" in answer.stderr
                tried += 1
                if other in allowed and missing:
                    wrong.append(f'{room} cannot include {other}/{header}')
                elif other not in allowed and not missing:
                    wrong.append(f'{room} can include {other}/{header}: the wall is open')
    print('\n'.join(wrong) if wrong else f'{tried} includes tried, every wall holds')
    return 1 if wrong or not tried else 0


if __name__ == '__main__':
    sys.exit(main())
