#!/usr/bin/env python3
"""Adds up what `meson test` logged: count-tests.py BUILDS-THAT-FAILED BUILD-DIR…

Prints the failures by name and ends with the line "N passed, N failed" (", N skipped" where some were).
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import sys

GOOD, SKIPPED = {'OK', 'EXPECTEDFAIL'}, {'SKIP'}


def main():
    passed, failed, skipped = 0, int(sys.argv[1]), 0
    for folder in sys.argv[2:]:
        log = pathlib.Path(folder, 'meson-logs', 'testlog.json')
        if not log.exists():
            print(f'no test ran in {folder}')
            failed += 1
            continue
        for line in log.read_text(encoding='utf-8', errors='replace').splitlines():
            test = json.loads(line)
            if test['result'] in GOOD:
                passed += 1
            elif test['result'] in SKIPPED:
                skipped += 1
            else:
                failed += 1
                print(f"{test['result'].lower()}: {test['name']} ({folder})")
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
