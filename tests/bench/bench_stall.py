"""Bench stall: how long the interface thread lets others wait during a sync of 1 % of the hosts, on each page.

One window a page stays open for all syncs. A thread asks the main loop for a turn every 2 ms and notes the wait. Processor time is
told apart: our longest callback, and the longest frame (GTK's layout and painting without a GPU). "Own" waits leave out the time in
which the thread was ready and the kernel had given all processors to others.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from bench_common import Run, make_profile, run_in_session, server, window_environment

PAGES = ('overview', 'updates', 'hosts', 'rules', 'packages', 'activity')


def run(top, build, options):
    with tempfile.TemporaryDirectory(prefix='kab-bench-') as name:
        return run_in_session(top, __file__, build, name, options.runs, options.hosts, options.updates)


def inside(build, folder, runs, hosts, updates):
    """Runs in the private session."""
    env = window_environment(build)
    print(f'  {hosts} hosts × {updates} updates, 1 % changes, cairo renderer; milliseconds')
    for page in PAGES:
        depot = folder / page                  # the same fleet for each
        with server(build, depot, '--hosts', hosts, '--updates', updates, '--no-agents', gives_way=True) as (ready, _):
            password = make_profile(folder, ready, page)
            profile = ['--profile', page, '--password-file', password]
            Run([build / 'app' / 'cli' / 'kabinetctl', *profile, 'sync'])
            command = [build / 'app' / 'ui' / 'kabinet', *profile, '--page', page, '--measure', 'sync']
            report(page, measure(build, depot, env, command, range(1, runs + 1)))


def report(page, figures):
    waits = [one['longest_us'] / 1000 for one in figures]
    work = [one['longest_work_us'] / 1000 for one in figures]
    frame = [one['longest_frame_us'] / 1000 for one in figures]
    own = [one['longest_own_us'] / 1000 for one in figures]
    print(f'  {page:10} longest wait {statistics.median(waits):5.1f}  '
          f'({min(waits):.1f}–{max(waits):.1f}; first {waits[0]:.1f})   '
          f'own {statistics.median(own):5.1f}  (at most {max(own):.1f})   '
          f'callback {statistics.median(work):4.1f}  (at most {max(work):.1f})   '
          f'frame {statistics.median(frame):4.1f}  (at most {max(frame):.1f})   '
          f'over 16 ms: {sum(one["over_16_ms"] for one in figures)} of {sum(one["asked"] for one in figures)} waits, '
          f'{sum(one["own_over_16_ms"] for one in figures)} own, in {len(figures)} syncs', flush=True)


def measure(build, depot, env, command, seeds):
    """One window, one sync for each of @seeds, before which 1 % of the hosts change. Returns what each sync showed."""
    def change(seed):
        Run([build / 'app' / 'server' / 'kabinet-server', '--data', depot, '--change', 1, '--seed', seed])

    change(seeds[0])
    with subprocess.Popen([str(word) for word in command], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as window:
        figures = [json.loads(window.stdout.readline())]
        for seed in seeds[1:]:
            change(seed)
            window.stdin.write(b'.')
            window.stdin.flush()
            figures.append(json.loads(window.stdout.readline()))
        window.stdin.close()
    return figures


if __name__ == '__main__':
    inside(*map(pathlib.Path, sys.argv[1:3]), *map(int, sys.argv[3:6]))
