"""Bench sync: kabinetctl sync against a Python script over the same transport, and against sqlite3 .import.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from bench_common import Run, ratio, row, server

EXPORT = """.mode csv
.output {0}/updates.csv
SELECT * FROM updates;
.output {0}/hosts.csv
SELECT * FROM hosts;
.output {0}/states.csv
SELECT * FROM states;
"""
IMPORT = """PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE updates (n INTEGER PRIMARY KEY, update_id TEXT, title TEXT, severity TEXT, product TEXT, classification TEXT,
                      kbids TEXT, urls TEXT, changetime TEXT, downloaded_on TEXT);
CREATE TABLE hosts (uuid TEXT PRIMARY KEY, id INTEGER, line TEXT);
CREATE TABLE states (host INTEGER, n INTEGER, state INTEGER, flags INTEGER, installed_at INTEGER, result INTEGER,
                     PRIMARY KEY (host, n)) WITHOUT ROWID;
.mode csv
.import {0}/updates.csv updates
.import {0}/hosts.csv hosts
.import {0}/states.csv states
"""


def remove(*paths):
    for path in paths:
        for file in path.parent.glob(path.name + '*'):
            file.unlink()


def counts_of(database):
    return {name: int(subprocess.run(['sqlite3', str(database), f'SELECT count(*) FROM {name}'], capture_output=True, text=True,
                                     check=True).stdout) for name in ('updates', 'hosts', 'states')}


def run(top, build, options):
    """Prints the figures; returns whether everybody did the same work."""
    with tempfile.TemporaryDirectory(prefix='kab-bench-') as name:
        folder = pathlib.Path(name)
        depot = folder / 'depot'
        arguments = ['--hosts', options.hosts, '--updates', options.updates, '--no-agents', '--tls']
        with server(build, depot, *arguments) as (ready, _):
            return measure(top, build, options, folder, depot, ready)


def measure(top, build, options, folder, depot, ready):
    password = folder / 'password'
    password.touch(mode=0o600)
    password.write_text(ready['password'], encoding='utf-8')
    mirror, peer_db, limit_db = folder / 'ours.mirror', folder / 'peer.db', folder / 'limit.db'
    ctl = [build / 'app' / 'cli' / 'kabinetctl', '--server', ready['address'], '--user', ready['user'], '--password-file', password,
           *(['--ca', ready['ca']] if ready.get('ca') else []), '--store', mirror, '--format', 'json']
    peer = [sys.executable, top / 'tests' / 'bench' / 'peer-sync.py']
    account = [peer_db, ready['address'], ready['user'], ready['password'], ready.get('ca') or '']

    ours, theirs, limits = [], [], []
    for turn in range(options.runs + 1):            # the first is a warm-up
        remove(mirror, limit_db, folder / 'ours.ledger')
        mine = Run([*ctl, 'sync'])
        script = Run([*peer, 'full', *account])
        if turn == 0:
            subprocess.run(['sqlite3', str(peer_db)], input=EXPORT.format(folder), text=True, check=True)
        bare = Run(['sqlite3', str(limit_db)], stdin=subprocess.Popen(['printf', '%s', IMPORT.format(folder)],
                                                                       stdout=subprocess.PIPE).stdout)
        if turn:
            ours.append(mine)
            theirs.append(script)
            limits.append(bare)
    good = check(ctl, json.loads(script.output), counts_of(limit_db))

    print(f'  {options.hosts} hosts × {options.updates} updates, level bulk, TLS on loopback')
    row('kabinetctl sync, full', ours)
    row('Python script, the same rows', theirs, f'ours is {1 / ratio(ours, theirs):.1f} × faster')
    row('sqlite3 .import of the same rows', limits, f'ours takes {ratio(ours, limits):.2f} × that')

    changes, script_changes, idle = [], [], []
    for turn in range(options.runs):
        changed = Run([build / 'app' / 'server' / 'kabinet-server', '--data', depot, '--change', 1, '--seed', turn + 1])
        changes.append(Run([*ctl, 'sync']))
        script_changes.append(Run([*peer, 'changes', *account]))
        idle.append(Run([*ctl, 'sync']))
    row(f'kabinetctl sync, 1 % ({json.loads(changed.output)["changed_hosts"]} hosts)', changes,
        f'{100 * ratio(changes, ours):.1f} % of a full one')
    row('Python script, 1 %', script_changes, f'ours is {1 / ratio(changes, script_changes):.1f} × faster')
    row('kabinetctl sync, nothing changed', idle)
    return check(ctl, json.loads(script_changes[-1].output), None) and good


def check(ctl, peer_counts, limit_counts):
    """Everybody must have the rows that the server has."""
    status = json.loads(Run([*ctl, 'status']).output)
    ours = {'updates': status['updates'], 'hosts': status['hosts'], 'states': status['pairs']}
    print(f'  rows: {ours}')
    if ours != peer_counts or (limit_counts and limit_counts != ours):
        print(f'  NOT the same work: script {peer_counts}, import {limit_counts}')
        return False
    return True
