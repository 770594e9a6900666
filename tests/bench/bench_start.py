"""Bench start: from exec to the first painted frame that shows numbers of the mirror, against a bare libadwaita window.

The mirror is that of a fleet of the asked size, synced before; the server is away, as on a morning without network.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from bench_common import Run, make_profile, run_in_session, server, window_environment


def first_line(argv, wanted, env):
    """Milliseconds from exec to the line."""
    start = time.monotonic()
    process = subprocess.Popen([str(a) for a in argv], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
    line = process.stdout.readline().strip()
    elapsed = (time.monotonic() - start) * 1000
    process.wait()
    if line != wanted:
        raise RuntimeError(f'{argv[0]} said {line!r} instead of {wanted!r}')
    return elapsed


def run(top, build, options):
    with tempfile.TemporaryDirectory(prefix='kab-bench-') as name:
        return run_in_session(top, __file__, top, build, name, options.runs, options.hosts, options.updates)


def inside(top, build, folder, runs, hosts, updates):
    """Runs in the private session."""
    with server(build, folder / 'depot', '--hosts', hosts, '--updates', updates, '--no-agents') as (ready, _):
        password = make_profile(folder, ready)
        Run([build / 'app' / 'cli' / 'kabinetctl', '--profile', 'bench', '--password-file', password, 'sync'])
    env = window_environment(build)
    ours, bare = [], []
    for turn in range(runs + 1):
        mine = first_line([build / 'app' / 'ui' / 'kabinet', '--profile', 'bench', '--measure', 'start'], 'first-numbers', env)
        plain = first_line([build / 'tests' / 'bench' / 'bare-window'], 'first-frame', env)
        if turn:
            ours.append(mine)
            bare.append(plain)
    print(f'  mirror of {hosts} hosts × {updates} updates, cairo renderer, server away')
    for label, values in (('Kabinet, first frame with numbers', ours), ('bare libadwaita window', bare)):
        print(f'  {label:34} {statistics.median(values):8.0f} ms   ({min(values):.0f}–{max(values):.0f})')
    print(f'  ratio {statistics.median(a / b for a, b in zip(ours, bare)):.2f}')


if __name__ == '__main__':
    inside(*map(pathlib.Path, sys.argv[1:4]), *map(int, sys.argv[4:7]))
