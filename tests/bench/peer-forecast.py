#!/usr/bin/env python3
"""The peer of bench forecast: the same change judged over the same mirror by a plain script: peer-forecast.py MIRROR PLAN

As an administrator would write it who knows § 6.4: decide once for each set of packages and options, then look at every pair.
It takes part of the tests' second reading for what is in a package and who takes it, and understands plans of new packages only.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import re
import sqlite3
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'reference'))
import wua_rules as reference  # noqa: E402

STATES = ['UNKNOWN', 'OK', 'PENDING', 'MISSING', 'DISCARDED', 'ERROR', 'SUPERSEDED']


def split(text):
    return None if text is None else text.split('\x1f')[:-1]


def read_updates(db):
    columns = ('number, update_id, severity, product, classification, kbids, superseded_update_ids, changed_at, downloaded_at')
    result = {}
    for row in db.execute(f'SELECT {columns} FROM updates WHERE gone = 0'):
        update = dict(zip(columns.split(', '), row))
        update['kbids'] = split(update['kbids'])
        update['superseded_update_ids'] = split(update['superseded_update_ids'])
        result[update['number']] = update
    return result


def read_packages(db):
    packages = []
    for control, in db.execute('SELECT control FROM packages'):
        package = {k.strip(): v.strip() for k, _, v in (line.partition(':') for line in control.splitlines())}
        packages.append({**package, 'vouchers': [package.get('signer_fingerprint')]})
    return packages


class Kind:
    """Hosts with the same packages and options: what they allow, without and with the plan."""

    def __init__(self, files, options, updates, now):
        merged = reference.merge(files)
        delay = reference.delay_seconds(options['install_delay']) or 0
        self.shows = merged.get('include_potentially_superseded_updates', False)
        self.allowed = {n: reference.is_allowed(u, merged, options['default_allow']) and
                        not (delay and u['changed_at'] and now - u['changed_at'] < delay) for n, u in updates.items()}


def main():
    plan = json.load(open(sys.argv[2], encoding='utf-8'))
    now = plan['now']
    db = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)
    updates = read_updates(db)
    by_id = {u['update_id']: n for n, u in updates.items()}
    replaced = reference.replaced_by({u['update_id']: u for u in updates.values()})
    replacements = {n: [by_id[i] for i in replaced[u['update_id']]] for n, u in updates.items()}
    rules = {uuid: reference.read_rules(text) for uuid, text in db.execute('SELECT package_uuid, rules FROM known_rules')}
    packages = read_packages(db)
    planned = []
    for i, entry in enumerate(plan['packages']):
        planned.append({**entry['control'], 'package_uuid': f'planned {i}', 'vouchers': entry['vouchers']})
        rules[f'planned {i}'] = reference.read_rules(entry['rules'])
    repositories = [reference.Repository(packages), reference.Repository(packages + planned)]
    kinds, answers = {}, {}
    totals = dict.fromkeys(['effects', 'catch_up', 'changing', 'restarts'], 0)
    may_restart = {n for n, b in db.execute('SELECT number, reboot_behaviour FROM updates')
                   if not re.match('0$|never', b or '', re.I)}
    wanted = {'PENDING', 'MISSING', 'ERROR'}

    def kind_of(uuids, default_allow, delay):
        key = (uuids, default_allow, delay)
        if key not in kinds:
            kinds[key] = Kind([rules[u] for u in uuids], {'default_allow': default_allow, 'install_delay': delay}, updates, now)
        return kinds[key]

    def answer_for(host):
        """Whom the plan reaches is the same for all hosts that differ in nothing that counts."""
        key = tuple(host[2:])
        if key not in answers:
            (ou, groups, ad_groups, maturities, trusted, locales, names, uuids, default_allow, delay, version, agent) = host[2:]
            installed = [{'package': n.rsplit(' ', 1)[0], 'version': n.rsplit(' ', 1)[1], 'package_uuid': u}
                         for n, u in zip(split(names), split(uuids))]
            seen = {'ou': ou, 'depends': split(groups) or [], 'ad_groups': split(ad_groups), 'maturities': split(maturities),
                    'trusted': split(trusted), 'locales': split(locales), 'installed': installed, 'os_version': version,
                    'wapt_version': agent, 'conflicts': []}
            sides = [tuple(p['package_uuid'] for p in r.resolve(seen) if p.get('section', 'wsus') == 'wsus') for r in repositories]
            answers[key] = [kind_of(s, default_allow == 2, delay or '') for s in sides]
        return answers[key]

    query = ('SELECT h.last_seen_at, h.last_scan_at, h.organizational_unit, h.groups, h.ad_groups, h.maturities, h.trusted,'
             ' h.locales, h.rules_packages, h.rules_uuids, h.default_allow, h.install_delay, h.os_version, h.wapt_version,'
             ' s.records'
             " FROM hosts h LEFT JOIN host_states s ON s.host = h.number WHERE h.platform LIKE 'windows%' AND h.enabled <> 1")
    for *host, blob in db.execute(query):
        if host[0] < now - 14 * 86400 or (host[1] == 0 and not blob) or host[8] is None:
            continue
        without, with_plan = answer_for(host)
        rows = [r for r in struct.iter_unpack('<IIIi', blob or b'') if r[0] in updates]
        known = {r[0] for r in rows}
        installed = {r[0] for r in rows if r[1] >> 6 & 3 == 2}
        n_effects, restarts = 0, False
        for number, flags, _, result in rows:
            if number in installed:
                continue
            on_server = updates[number]['downloaded_at'] != 0
            has_file = on_server or flags >> 12 & 3 == 2
            before = STATES[flags & 15]
            if before in wanted:
                before = 'ERROR' if before == 'ERROR' or result else 'PENDING' if has_file else 'MISSING'
            after = []
            for kind in (without, with_plan):
                others = [o for o in replacements[number] if o in known]
                if not kind.shows and others:
                    after.append('GONE')
                elif kind.shows and any(o in installed or kind.allowed[o] for o in others):
                    after.append('SUPERSEDED')
                elif not kind.allowed[number]:
                    after.append('DISCARDED')
                else:
                    after.append('ERROR' if result else 'PENDING' if has_file else 'MISSING')
            if after[1] != before:
                if after[0] == after[1]:
                    totals['catch_up'] += 1
                else:
                    n_effects += 1
                    restarts = restarts or (after[1] in wanted and before not in wanted and number in may_restart)
        totals['effects'] += n_effects
        totals['changing'] += n_effects > 0
        totals['restarts'] += restarts
    print(json.dumps(totals))


if __name__ == '__main__':
    start = time.monotonic()
    main()
    print(f'{time.monotonic() - start:.3f} s', file=sys.stderr)
