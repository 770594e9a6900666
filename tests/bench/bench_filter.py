"""Bench filter: every key of a typed word on 10,000, 100,000 and 1,000,000 updates.

"own" is the longest time one turn of the main loop took with no window at all: our callbacks alone. "paint" is from the key
to the painted frame with a GtkColumnView of eight columns, GTK's layout included.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import subprocess
import sys
import tempfile

WORD = 'cumulative'
LIMIT_MS = 16


def milliseconds(figures, name):
    return f'{figures[name + "_us"] / 1000:.2f} ms'


def run(top, build, options):
    good = True
    with tempfile.TemporaryDirectory(prefix='kab-bench-') as name:
        for rows in (10_000, 100_000, 1_000_000):
            store = pathlib.Path(name, f'{rows}.mirror')
            subprocess.run([build / 'tests' / 'bench' / 'filter-fill', store, str(rows)], check=True)
            probe = [str(build / 'tests' / 'bench' / 'filter-probe'), str(store), WORD]
            own = json.loads(subprocess.run([*probe, 'own'], capture_output=True, text=True, check=True).stdout)
            paint = json.loads(subprocess.run([sys.executable, top / 'tests' / 'ui' / 'session.py', '--', *probe, 'paint'],
                                              capture_output=True, text=True, check=True).stdout.splitlines()[-1])
            longest = own['turn_longest_us'] / 1000
            print(f"  {rows:9,} rows, {own['keys']} keys, {own['matches']} left: "
                  f"own work per key {milliseconds(own, 'turn_median')}, longest {milliseconds(own, 'turn_longest')}; "
                  f"answer {milliseconds(own, 'answer_median')}; "
                  f"to paint {milliseconds(paint, 'answer_median')}, longest {milliseconds(paint, 'answer_longest')}", flush=True)
            good = good and longest <= LIMIT_MS and own['rows'] >= rows
            store.unlink()
    print(f"  no callback of ours over {LIMIT_MS} ms: {'kept' if good else 'NOT kept'}")
    return True
