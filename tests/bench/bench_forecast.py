"""Bench forecast: what a new version of the base rules would do to the design fleet and to the stress fleet, against a plain
Python script over the same mirror that must come to the same numbers.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import hashlib
import json
import pathlib
import statistics
import sys
import tempfile
import time

from bench_common import Run, ratio, row, server

STRESS = (100000, 300)
RULES = {'allowed_severities': ['Critical', 'Important'], 'allowed_classifications': ['Drivers', 'Security Updates'],
         'include_potentially_superseded_updates': True}


def run(top, build, options):
    """Prints the figures; returns whether both came to the same numbers."""
    good = True
    for hosts, updates in dict.fromkeys([(options.hosts, options.updates), STRESS]):
        with tempfile.TemporaryDirectory(prefix='kab-bench-') as name:
            folder = pathlib.Path(name)
            mirror, plan = prepare(build, folder, hosts, updates)
            print(f'  {hosts} hosts × {updates} updates')
            good = measure(top, build, options, mirror, plan) and good
    return good


def prepare(build, folder, hosts, updates):
    """A mirror of a fleet of that size, and the plan."""
    password, mirror, plan = folder / 'password', folder / 'ours.mirror', folder / 'plan.json'
    with server(build, folder / 'depot', '--hosts', hosts, '--updates', updates, '--no-agents') as (ready, _):
        password.touch(mode=0o600)
        password.write_text(ready['password'], encoding='utf-8')
        Run([build / 'app' / 'cli' / 'kabinetctl', 'sync', '--server', ready['address'], '--user', ready['user'],
             '--password-file', password, '--store', mirror])
        pem = pathlib.Path(ready['certificate']).read_text(encoding='utf-8')
    fingerprint = hashlib.sha256(base64.b64decode(pem.split('-----')[2])).hexdigest()
    control = {'package': 'demo-wua-base', 'version': '14', 'section': 'wsus', 'architecture': 'all', 'maturity': 'PROD',
               'signer_fingerprint': fingerprint}
    plan.write_text(json.dumps({'now': int(time.time()), 'assumed_default_allow': False, 'assumed_delay': 0,
                                'packages': [{'control': control, 'rules': json.dumps(RULES), 'vouchers': [fingerprint]}]}),
                    encoding='utf-8')
    return mirror, plan


def measure(top, build, options, mirror, plan):
    tool = [build / 'tests' / 'support' / 'forecast-tool', mirror, plan]
    peer = [sys.executable, top / 'tests' / 'bench' / 'peer-forecast.py', mirror, plan]
    ours, theirs = [], []
    for turn in range(options.runs + 1):            # the first is a warm-up
        mine = Run(tool)
        if turn == 0:
            continue
        ours.append(mine)
        if turn <= 3 or len(theirs) < 1:
            theirs.append(Run(peer))
    answers = [json.loads(r.output) for r in ours]
    inside = [a['duration_us'] / 1e6 for a in answers]
    row('a process that forecasts once', ours, f'of that the forecast {statistics.median(inside):.3f} s')
    row('Python script, the same numbers', theirs, f'ours is {1 / ratio(ours, theirs):.1f} × faster')
    told = json.loads(theirs[-1].output)
    mine = {'effects': answers[-1]['effects'], 'catch_up': answers[-1]['catch_up'], 'changing': answers[-1]['outcomes']['changes'],
            'restarts': answers[-1]['restarts']}
    print(f'  numbers: {mine}')
    if mine != told:
        print(f'  NOT the same: the script says {told}')
    return mine == told
