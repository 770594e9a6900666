#!/usr/bin/env python3
"""In `meson devenv` kabinetctl speaks French with the catalogue of the build tree: test-french.py MESON BUILD KABINETCTL

C.UTF-8 is never translated, so that a French locale is made here. SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import subprocess
import sys
import tempfile

ENGLISH, FRENCH = 'Bring the mirror up to date with the server', 'Mettre le miroir à jour avec le serveur'
SKIPPED = 77


def main():
    meson, build, kabinetctl = sys.argv[1], *map(os.path.abspath, sys.argv[2:4])
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which('localedef'):
            subprocess.run(['localedef', '-i', 'fr_FR', '-f', 'UTF-8', f'{folder}/fr_FR.UTF-8'], capture_output=True, check=False)
        if not os.path.isdir(f'{folder}/fr_FR.UTF-8'):
            print('SKIPPED: no French locale can be made here (localedef of the package locales): translations go untested')
            return SKIPPED
        for language, sentence in ('fr', FRENCH), ('en', ENGLISH):
            said = subprocess.run([meson, 'devenv', '-C', build, kabinetctl, '--help'], capture_output=True, check=True,
                                  env={**os.environ, 'LOCPATH': folder, 'LC_ALL': 'fr_FR.UTF-8', 'LANGUAGE': language})
            assert sentence in said.stdout.decode(), f'{language}:\n{said.stdout.decode()}\n{said.stderr.decode()}'
    return 0


if __name__ == '__main__':
    sys.exit(main())
