#!/usr/bin/env python3
"""Forecasts against what agents then do, pair by pair: test-forecast.py SERVER KABINETCTL FORECAST-TOOL [SEEDS] [HOSTS]

SPDX-License-Identifier: GPL-3.0-or-later

For each seed a fleet of its own and some random changes one after the other: rules, versions, maturities, assignments to hosts,
units, groups and profiles, conflicts, removals, conditions, signers. Each change is foreseen, then carried out (packages are built
and signed here, by zipfile and the openssl command), then every connected host updates its packages and scans. What it reports
must be what the forecast said and what the second reading of the specification (tests/reference) says; all others stay.

SEEDS: a number for that many (default 2), or "from-to". More of them on demand: test-forecast.py … 1-500
"""
import base64
import hashlib
import http.client
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid as uuids
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'reference'))
import wua_rules as reference  # noqa: E402

SERVER, KABINETCTL, TOOL = (os.path.abspath(a) for a in sys.argv[1:4])
STATES = ['UNKNOWN', 'OK', 'PENDING', 'MISSING', 'DISCARDED', 'ERROR', 'SUPERSEDED']
UNKNOWN_OUTCOMES = {'silent', 'never-scanned', 'rules-unknown', 'signer-unknown', 'assignment-unknown'}
CHANGES = 8
NOW = '2026-11-20T07:30:00'           # the fleet's clock when it begins: the same changes on any day
SEVERITIES = ['Critical', 'Important', 'Moderate', 'Low', 'critical']


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=True).replace('\x7f', '\\u007f').encode()


class Key:
    """A signer, used through the openssl command."""

    def __init__(self, key, certificate, passphrase=''):
        self.key, self.passphrase = key, passphrase
        self.pem = pathlib.Path(certificate).read_text()
        body = self.pem.split('-----BEGIN CERTIFICATE-----')[1].split('-----END CERTIFICATE-----')[0]
        self.fingerprint = hashlib.sha256(base64.b64decode(body)).hexdigest()

    @staticmethod
    def make(folder, name):
        key, certificate = folder / f'{name}.pem', folder / f'{name}.crt'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate,
                        '-days', '3650', '-subj', f'/CN={name}'], check=True, capture_output=True)
        return Key(key, certificate)

    def sign(self, data):
        return subprocess.run(['openssl', 'dgst', '-sha256', '-sign', self.key, '-passin', 'env:KAB_PASS'], input=data, check=True,
                              capture_output=True, env={**os.environ, 'KAB_PASS': self.passphrase}).stdout


ATTRIBUTES = ['package', 'version', 'architecture', 'section', 'priority', 'name', 'categories', 'maintainer', 'description',
              'depends', 'conflicts', 'maturity', 'locale', 'target_os', 'min_os_version', 'max_os_version', 'min_wapt_version',
              'package_uuid', 'signer', 'signer_fingerprint', 'signature_date']


def build(control, rules, key):
    """A signed .wapt (wapt-package-format § 1–4); fills in what signing adds to @control."""
    control.update(architecture=control.get('architecture') or 'all', priority='critical', package_uuid=str(uuids.uuid4()),
                   signer='Test', signer_fingerprint=key.fingerprint,
                   signature_date=time.strftime('%Y-%m-%dT%H:%M:%S.') + f'{time.time_ns() // 1000 % 1000000:06}')
    signed = {name: control.get(name) or '' for name in ATTRIBUTES}
    signed['signed_attributes'] = ','.join(ATTRIBUTES + ['signed_attributes'])
    lines = [f'{name:<18}: {value}' for name, value in signed.items()]
    lines.append(f'{"signature":<18}: {base64.b64encode(key.sign(canonical(signed))).decode()}')
    files = {'WAPT/control': '\n'.join(lines).encode(), 'WAPT/certificate.crt': key.pem.encode()}
    if rules is not None:
        files['WAPT/persistent/waptwua_rules.json'] = files['WAPT/waptwua_rules.json'] = rules.encode()
    manifest = canonical([[name, hashlib.sha256(data).hexdigest()] for name, data in files.items()])
    files['WAPT/manifest.sha256'] = manifest
    files['WAPT/signature.sha256'] = base64.encodebytes(key.sign(manifest))
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


class Fleet:
    """A kabinet-server with its agents, and what it tells."""

    def __init__(self, folder, seed, n_hosts):
        self.folder = folder
        self.second = Key.make(folder, 'second')
        self.process = subprocess.Popen([SERVER, '--data', folder / 'depot', '--until-eof', '--hosts', str(n_hosts),
                                         '--updates', '90', '--seed', str(seed), '--now', NOW,
                                         '--speed', '1000000', '--trust', folder / 'second.crt'],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ready = json.loads(self.process.stdout.readline())
        self.began = time.time()
        self.url = urllib.parse.urlsplit(self.ready['address'])
        self.key = Key(self.ready['key'], self.ready['certificate'], self.ready['passphrase'])
        self.basic = 'Basic ' + base64.b64encode(f"{self.ready['user']}:{self.ready['password']}".encode()).decode()
        self.password = folder / 'password'
        self.password.write_text(self.ready['password'])
        self.password.chmod(0o600)
        self.rules = {}               # package_uuid → text of its rules
        self.depends, self.conflicts = {}, {}

    def now(self):
        return int(reference_time(NOW) + time.time() - self.began)

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(60) == 0

    def call(self, method, path, body=None, content='application/json'):
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=120)
        connection.request(method, path, body, {'Authorization': self.basic, 'Content-Type': content})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        assert answer.status == 200, (path, answer.status, data[:300])
        return data

    def result(self, path, body=None):
        answer = json.loads(self.call('POST' if body is not None else 'GET', path, body))
        assert answer['success'], (path, answer)
        return answer['result']

    def updates(self):
        result = {}
        for line in self.call('GET', '/api/kabinet/v1/updates?since=0').splitlines()[1:-1]:
            update = json.loads(line)
            update['changed_at'] = reference_time(update.get('changetime'))
            update['on_server'] = bool(update.get('downloaded_on'))
            result[update['n']] = update
        return result

    def hosts(self, updates):
        """uuid → host with its rows by update id"""
        result = {}
        for line in self.call('GET', '/api/kabinet/v1/states?since=0').splitlines()[1:-1]:
            host = json.loads(line)
            host['rows'] = {}
            flat = host.get('states') or []
            for i in range(0, len(flat), 5):
                n, status, flags, _, result_code = flat[i:i + 5]
                host['rows'][updates[n]['update_id']] = {
                    'status': STATES[status], 'installed': flags >> 2 & 3 == 2, 'downloaded': flags >> 8 & 3 == 2,
                    'failed': result_code != 0}
            result[host['uuid']] = host
        return result

    def index(self):
        """Control records of the index; vouchers as the agents see them."""
        with zipfile.ZipFile(io.BytesIO(self.call('GET', '/wapt/Packages'))) as archive:
            text = archive.read('Packages').decode()
        packages = []
        for record in text.split('\n\n'):
            package = {k.strip(): v.strip() for k, _, v in (line.partition(':') for line in record.splitlines() if line.strip())}
            if package:
                packages.append({**package, 'vouchers': [package['signer_fingerprint']]})
        return packages

    def rules_of(self, packages):
        """Agents keep the rules of what they installed: so do we, by uuid."""
        for package in packages:
            if package['section'] == 'wsus' and package['package_uuid'] not in self.rules:
                with zipfile.ZipFile(io.BytesIO(self.call('GET', '/wapt/' + package['filename']))) as archive:
                    self.rules[package['package_uuid']] = archive.read('WAPT/persistent/waptwua_rules.json').decode()

    def trigger(self, hosts, action):
        """Signed as agents want it (wapt-server-api § 5.2), then waited for."""
        actions = []
        for host in hosts:
            body = {'action': action, 'uuid': host, 'notify_server': True, 'force': False, 'signer': self.key.fingerprint,
                    'signature_date': time.strftime('%Y-%m-%dT%H:%M:%S.000001', time.gmtime()), 'signer_certificate': self.key.pem}
            body['signed_attributes'] = ['action', 'uuid', 'notify_server', 'force', 'signed_attributes', 'signer',
                                         'signature_date', 'signer_certificate']
            body['signature'] = base64.b64encode(self.key.sign(canonical(body))).decode()
            actions.append(body)
        self.result('/api/v3/trigger_host_action?timeout=5', json.dumps(actions))
        deadline = time.monotonic() + 60
        for host in hosts:
            while True:
                tasks = self.result(f'/api/v3/host_tasks_status?uuid={host}&last_event_id=-1&timeout=0')
                if not tasks.get('running') and not tasks.get('pending'):
                    break
                assert time.monotonic() < deadline, f'{action} of {host} does not end'
                time.sleep(0.02)

    def sync(self, mirror):
        subprocess.run([KABINETCTL, 'sync', '--server', self.ready['address'], '--user', self.ready['user'], '--password-file',
                        self.password, '--store', mirror], check=True, stdout=subprocess.DEVNULL)

    def upload(self, data):
        answer = json.loads(self.call('POST', '/api/v3/upload_packages', data, 'application/octet-stream'))
        assert answer['success'], answer

    def seen_by_reference(self, host, installed):
        capabilities = host.get('host_capabilities/packages_maturities')
        return {'maturities': capabilities, 'locales': host.get('host_capabilities/packages_locales'),
                'trusted': host.get('authorized_certificates_sha256'), 'os_version': host.get('os_version', ''),
                'wapt_version': host.get('wapt_version', ''), 'ou': host.get('computer_ad_ou'),
                'ad_groups': host.get('computer_ad_groups'), 'conflicts': self.conflicts.get(host['uuid'], []),
                'depends': reference.split_requirements(host.get('depends') or ''), 'installed': installed}

    def installed(self, uuid):
        rows = self.result(f'/api/v1/host_data?uuid={uuid}&field=installed_packages')
        return [r for r in reversed(rows) if r['install_status'] == 'OK']


def reference_time(text):
    return 0 if not text else int(time.mktime(time.strptime(text[:19], '%Y-%m-%dT%H:%M:%S')) - time.timezone)


class Change:
    """One random plan: for the forecast, and as it is carried out."""

    def __init__(self, fleet, dice, packages, hosts, updates):
        self.fleet, self.dice, self.packages, self.hosts, self.updates = fleet, dice, packages, hosts, list(updates.values())
        self.plan = {'packages': [], 'removals': [], 'assignments': []}
        self.deeds = []          # functions, in order
        self.words = []
        kinds = [self.new_version] * 4 + [self.new_package] * 3 + [self.promote, self.remove, self.assign,
                                                                                  self.forbid]
        dice.choice(kinds)()

    def random_rules(self):
        dice = self.dice
        ids = [u['update_id'] for u in self.updates]
        kbs = ['KB' + k for u in self.updates for k in u.get('kbids') or []] or ['KB1']
        parts = [('allowed_updates', dice.sample(ids, dice.randint(0, 20))),
                 ('forbidden_updates', dice.sample(ids, dice.randint(0, 12))),
                 ('allowed_kbs', dice.sample(kbs, min(len(kbs), 5))), ('forbidden_kbs', dice.sample(kbs, min(len(kbs), 4))),
                 ('allowed_severities', dice.sample(SEVERITIES, dice.randint(0, 3))),
                 ('allowed_classifications', dice.sample(sorted({u.get('classification') or '' for u in self.updates}), 2)),
                 ('allowed_products', dice.sample(sorted({u.get('product') or '' for u in self.updates}), 2)),
                 ('default_allow', dice.choice([True, False])), ('allowed_products', None),
                 ('include_potentially_superseded_updates', dice.choice([True, True, False])), ('comment', 'unknown key')]
        chosen = [p for p in parts if dice.random() < (0.08 if p[0] == 'comment' else 0.5)]
        dice.shuffle(chosen)
        if dice.random() < 0.03:
            return '{"allowed_updates": [broken'
        return '{' + ','.join(json.dumps(k) + ':' + json.dumps(v) for k, v in dict(chosen).items()) + '}'

    def conditions(self):
        dice = self.dice
        result = {'maturity': dice.choice(['PROD'] * 7 + ['PREPROD', 'PREPROD', 'DEV', 'TEST'])}
        if dice.random() < 0.15:
            result.update(dice.choice([{'max_os_version': '10.0.20000'}, {'min_os_version': '10.0.22000'},
                                       {'min_wapt_version': '2.5'}, {'architecture': 'x86'},
                                       {'architecture': 'x64'}, {'locale': 'de'}, {'locale': 'fr'},
                                       {'target_os': 'linux'}, {'target_os': 'windows'}]))
        return result

    def publish(self, control, rules, key=None):
        key = key or self.dice.choice([self.fleet.key, self.fleet.key, self.fleet.second])
        data = build(control, rules, key)
        entry = {'control': {k: v for k, v in control.items() if v}, 'vouchers': [key.fingerprint]}
        if rules is not None:
            entry['rules'] = rules
            self.fleet.rules[control['package_uuid']] = rules
        self.plan['packages'].append(entry)
        self.deeds.append(lambda: self.fleet.upload(data))
        self.words.append(f"publish {control['package']} {control['version']} {control.get('maturity')} by {key.fingerprint[:6]}")

    def rule_packages(self):
        return [p for p in self.packages if p['section'] == 'wsus']

    def next_version(self, name):
        known = [p['version'] for p in self.packages if p['package'] == name]
        return str(1 + max([int(reference.version_key(v)[0][0][0][1]) for v in known] or [0])) + self.dice.choice(['', '.5', '-2'])

    def new_version(self):
        package = self.dice.choice(self.rule_packages() + [p for p in self.rule_packages() if 'base' in p['package']] * 3)
        extra = {'conflicts': self.dice.choice(self.rule_packages())['package'] + '(<2)'} if self.dice.random() < 0.1 else {}
        self.publish({'package': package['package'], 'version': self.next_version(package['package']), 'section': 'wsus', **extra,
                      **self.conditions()}, self.random_rules())

    def target(self):
        host = self.dice.choice([h for h in self.hosts.values() if h.get('computer_ad_ou')])
        parts = host['computer_ad_ou'].split(',')
        kind = self.dice.choice(['host', 'unit', 'unit', 'unit', 'group', 'group', 'profile'])
        groups = [p['package'] for p in self.packages if p['section'] == 'group']
        first = max(0, self.dice.randint(0, 2 * len(parts) - 1) - len(parts)) if self.dice.random() < 0.5 else -3
        return kind, {'host': host['uuid'], 'unit': ','.join(parts[first:]),
                      'group': self.dice.choice(groups), 'profile': (host.get('computer_ad_groups') or ['GG-Pilots'])[0]}[kind]

    def give(self, kind, target, requirement, assignment):
        """The target's own package with the next version, as the forecast sees it."""
        name = reference.parse_requirement(requirement)[0]
        self.plan['assignments'].append({'assignment': assignment, 'kind': kind, 'target': target, 'requirement': requirement})
        if kind == 'host':
            host = self.hosts[target]
            depends, conflicts = reference.split_requirements(host.get('depends')), self.fleet.conflicts.get(target, [])
            control = {'package': target, 'version': '1'}
        else:
            known = reference.Repository(self.packages).of(target)
            depends = reference.split_requirements(known[0].get('depends') if known else '')
            conflicts = reference.split_requirements(known[0].get('conflicts') if known else '')
            control = {'package': target, 'version': str(1 + int(known[0]['version'])) if known else '1',
                       'maturity': known[0].get('maturity', '') if known else ''}
        depends = [d for d in depends if reference.parse_requirement(d)[0] != name] + [requirement] * (assignment == 'assign')
        conflicts = [c for c in conflicts if reference.parse_requirement(c)[0] != name] + [requirement] * (assignment == 'forbid')
        control.update(section=kind, depends=','.join(depends), conflicts=','.join(conflicts))
        self.words.append(f'{assignment} {requirement} to {kind} {target}')
        trusted = self.hosts[target].get('authorized_certificates_sha256') if kind == 'host' else None
        self.plan['signer'] = [self.fleet.key.fingerprint]
        if trusted is not None and self.fleet.key.fingerprint not in trusted:
            return                # the server refuses a package that its host would not take
        data = build(control, None, self.fleet.key)

        def carry_out():
            self.fleet.upload(data)
            if kind == 'host':
                self.fleet.conflicts[target] = conflicts
        self.deeds.append(carry_out)

    def new_package(self):
        name = f'demo-wua-x{self.dice.randint(1, 3)}'
        self.publish({'package': name, 'version': self.next_version(name), 'section': 'wsus', **self.conditions()},
                     self.random_rules())
        self.give(*self.target(), name + self.dice.choice(['', '', '(>=1)', '(<3)']), 'assign')

    def assign(self):
        self.give(*self.target(), self.dice.choice(self.rule_packages())['package'] + self.dice.choice(['', '(<=12)', '(=13)']),
                  self.dice.choice(['assign', 'assign', 'unassign']))

    def forbid(self):
        self.give(*self.target(), self.dice.choice(self.rule_packages())['package'], 'forbid')

    def delete(self, package):
        self.plan['removals'].append({'name': package['package'], 'version': package['version'],
                                      'maturity': package.get('maturity') or 'PROD'})
        same = [p['filename'] for p in self.packages if (p['package'], p['version'], p.get('maturity') or 'PROD') ==
                (package['package'], package['version'], package.get('maturity') or 'PROD')]
        self.deeds.append(lambda: self.fleet.result('/api/v3/packages_delete', json.dumps(same)))
        self.words.append(f"delete {package['package']} {package['version']} {package.get('maturity')}")

    def remove(self):
        self.delete(self.dice.choice(self.rule_packages()))

    def promote(self):
        known = self.rule_packages()
        package = self.dice.choice([p for p in known if p.get('maturity') not in ('PROD', '')] or known)
        kept = ('package', 'version', 'section', 'locale', 'max_os_version', 'min_os_version', 'min_wapt_version', 'target_os',
                'conflicts', 'depends', 'architecture')
        control = {k: package[k] for k in kept if package.get(k)}
        self.publish({**control, 'maturity': 'PROD'}, self.fleet.rules[package['package_uuid']], self.fleet.key)
        if package.get('maturity') not in ('PROD', ''):
            self.delete(package)


def expect_by_reference(fleet, host, installed, packages, updates, replacements, now):
    """(states, names and uuids of rule packages) that the second reading expects of a host that updates its packages and scans"""
    after = reference.Repository(packages).resolve(fleet.seen_by_reference(host, installed))
    rules = [p for p in after if (p.get('section') or 'wsus') == 'wsus']
    files = [reference.read_rules(fleet.rules[p['package_uuid']]) for p in rules]
    params = (host.get('waptwua_rules') or {}).get('params') or {}
    return (reference.foresee(host['rows'], {u['update_id']: u for u in updates.values()}, replacements, files, params, now),
            [p['package_uuid'] for p in rules])


def run(folder, seed, n_hosts):
    dice = random.Random(seed)
    fleet = Fleet(folder, seed, n_hosts)
    counts = {'hosts': 0, 'pairs': 0, 'foreseen': 0, 'changed': 0, 'unknown hosts': 0}
    try:
        updates = fleet.updates()
        hosts = fleet.hosts(updates)
        mirror = folder / 'test.mirror'
        connected = [u for u, h in hosts.items() if h.get('reachable') == 'OK' and h.get('listening_protocol') == 'websockets']
        managed = [u for u in connected if (hosts[u].get('waptwua_status') or {}).get('enabled')]
        replacements = reference.replaced_by({u['update_id']: u for u in updates.values()})
        fleet.trigger(managed, 'trigger_waptwua_scan')    # what came out since their last scan is no business of a forecast
        for step in range(CHANGES):
            fleet.sync(mirror)
            hosts = fleet.hosts(updates)
            packages = fleet.index()
            fleet.rules_of(packages)
            installed = {u: fleet.installed(u) for u in managed}
            change = Change(fleet, dice, packages, hosts, updates)
            for uuid, conflicts in fleet.conflicts.items():
                hosts[uuid]['forbids'] = bool(conflicts)
            for deed in change.deeds:
                deed()
            now = fleet.now()
            (folder / 'plan.json').write_text(json.dumps({**change.plan, 'now': now}))
            told = json.loads(subprocess.run([TOOL, mirror, folder / 'plan.json', '--pairs'], check=True,
                                             capture_output=True).stdout)
            where = f'seed {seed}, change {step} ({"; ".join(change.words)})'
            fleet.trigger(managed, 'trigger_host_upgrade')
            fleet.trigger(managed, 'trigger_waptwua_scan')
            after = fleet.hosts(updates)
            check(fleet, where, updates, hosts, after, managed, told, installed, replacements, now, counts)
    finally:
        fleet.stop()
    assert counts['foreseen'] > counts['pairs'] // 2, counts
    return counts


def check(fleet, where, updates, hosts, after, managed, told, installed, replacements, now, counts):
    on_server = {u['update_id']: u['on_server'] for u in updates.values()}
    packages = fleet.index()
    foreseen = {}
    for uuid, update, before, to, kind in told['pairs']:
        assert before == reference.effective(hosts[uuid]['rows'][update], on_server[update]), (where, uuid, update, before)
        foreseen.setdefault(uuid, {})[update] = 'UNKNOWN' if kind == 'unknown' else to
    for uuid, host in hosts.items():
        shown = {i: reference.effective(r, on_server[i]) for i, r in after[uuid]['rows'].items()}
        if uuid not in managed:
            assert after[uuid]['rows'] == host['rows'], f'{where}: {uuid} changed by itself'
            continue
        counts['hosts'] += 1
        changed = {**host, 'depends': after[uuid].get('depends')}      # its own package may be new
        expected, rules = expect_by_reference(fleet, changed, installed[uuid], packages, updates, replacements, now)
        has = [p['package_uuid'] for p in fleet.installed(uuid) if p['section'] == 'wsus']
        assert has == rules, f'{where}: {uuid} {host["computer_name"]} installed {has}, the reference says {rules}'
        outcome, _ = told['hosts'][uuid]
        counts['unknown hosts'] += outcome in UNKNOWN_OUTCOMES
        for update, row in host['rows'].items():
            state = shown.get(update, reference.GONE)
            assert state == expected[update], \
                f'{where}: {uuid} {update}: the agent says {state}, the reference {expected[update]}: {row}'
            counts['pairs'] += 1
            counts['changed'] += state != reference.effective(row, on_server[update])
            said = foreseen.get(uuid, {}).get(update, reference.effective(row, on_server[update]))
            # No route of a server tells what a host's own package forbids, so later forecasts do not know it.
            if outcome in UNKNOWN_OUTCOMES or said == 'UNKNOWN' or host.get('forbids'):
                continue
            counts['foreseen'] += 1
            assert state == said, \
                f'{where}: {uuid} ({outcome}) {update}: the forecast said {said}, the agent {state}: {row}'


def main():
    seeds = sys.argv[4] if len(sys.argv) > 4 else "2"
    first, _, last = seeds.partition('-')
    seeds = range(int(first), int(last) + 1) if last else range(1, int(first) + 1)
    n_hosts = int(sys.argv[5]) if len(sys.argv) > 5 else 60
    n_changed = 0
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix='kabinet-forecast-') as folder:
            started = time.monotonic()
            counts = run(pathlib.Path(folder), seed, n_hosts)
            n_changed += counts['changed']
            print(f'seed {seed}: {counts} in {time.monotonic() - started:.1f} s', flush=True)
    assert n_changed > 100 * len(seeds), f'only {n_changed} pairs changed: nothing was tested'
    return 0


if __name__ == '__main__':
    os.environ['TZ'] = 'UTC'
    time.tzset()
    sys.exit(main())
