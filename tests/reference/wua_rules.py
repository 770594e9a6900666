"""A second reading of what WAPT agents do with rules (waptwua-model § 6.4) and packages (wapt-package-format § 8).

Written from the specification and not from the C code, plainly and slowly, so that it can judge both the forecast and the
simulated agents. Nothing here is used by the program.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import re

LISTS = ['allowed_products', 'allowed_classifications', 'allowed_severities', 'allowed_updates', 'forbidden_updates',
         'allowed_kbs', 'forbidden_kbs']
BOOLEANS = ['default_allow', 'include_potentially_superseded_updates']
GONE = 'GONE'
UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 7 * 86400}


# --- rules ---------------------------------------------------------------------------------------------------------------

def read_rules(text):
    """One waptwua_rules.json as an agent reads it: from the first key it does not know on, the rest is lost."""
    rules = {}
    try:
        pairs = json.loads(text, object_pairs_hook=lambda p: p)
    except ValueError:
        return rules
    if not isinstance(pairs, list):
        return rules
    for key, value in pairs:
        if key not in LISTS and key not in BOOLEANS:
            break
        rules[key] = value
    return rules


def merge(files):
    """In order of install date: lists are united, null adds nothing, of booleans the last one counts."""
    merged = {}
    for rules in files:
        for key, value in rules.items():
            if key in LISTS:
                merged.setdefault(key, [])
                merged[key] += [v for v in value or [] if v not in merged[key]]
            elif isinstance(value, bool):
                merged[key] = value
    return merged


def delay_seconds(text):
    """install_delay: days without a letter; None = none; inf = cannot be read, which delays everything."""
    if text is None or str(text).strip() == '':
        return None
    match = re.fullmatch(r'\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*', str(text))
    return float(match[1]) * UNITS[match[2] or 'd'] if match else float('inf')


def is_allowed(update, merged, default_allow):
    kbs = ['KB' + re.sub('^KB', '', k) for k in update.get('kbids') or []]

    def has(key, value):
        return bool(value) and value in merged.get(key, [])
    if has('forbidden_updates', update['update_id']) or any(has('forbidden_kbs', k) for k in kbs):
        return False
    if has('allowed_updates', update['update_id']) or any(has('allowed_kbs', k) for k in kbs):
        return True
    if has('allowed_products', update.get('product')) or has('allowed_severities', update.get('severity')):
        return True
    return has('allowed_classifications', update.get('classification')) or default_allow


def replaced_by(updates):
    """update id → ids of all updates that replace it, directly or through others."""
    by_guid = {}
    for update in updates.values():
        by_guid.setdefault(update['update_id'].rsplit('_', 1)[0].lower(), []).append(update['update_id'])
    direct = {i: {o for g in u.get('superseded_update_ids') or [] for o in by_guid.get(g.lower(), [])} - {i}
              for i, u in updates.items()}
    result = {i: set() for i in updates}
    for newer in updates:
        seen, queue = set(), [newer]
        while queue:
            for older in direct[queue.pop()] - seen:
                seen.add(older)
                queue.append(older)
        for older in seen - {newer}:
            result[older].add(newer)
    return result


def effective(record, on_server):
    """§ 7, for reports without contradictions: what the console shows of a reported row."""
    if record['installed']:
        return 'OK'
    if record['status'] in ('PENDING', 'ERROR', 'MISSING'):
        if record['status'] == 'ERROR' or record['failed']:
            return 'ERROR'
        return 'PENDING' if record['downloaded'] or on_server else 'MISSING'
    return record['status']


def foresee(records, updates, replacements, files, options, now):
    """The states of one host after a scan: {update id: state}. records: {update id: row}; files: rules in install order."""
    own = {}
    if options.get('allowed_severities'):
        own['allowed_severities'] = options['allowed_severities']
    if options.get('include_potentially_superseded_updates') is not None:
        own['include_potentially_superseded_updates'] = options['include_potentially_superseded_updates']
    merged = merge([own] + files)
    default_allow = bool(options.get('default_allow'))
    delay = delay_seconds(options.get('install_delay'))
    lists_superseded = merged.get('include_potentially_superseded_updates', False)
    verdicts = {}
    for i in records:
        changed = updates[i]['changed_at']
        delayed = delay == float('inf') or (delay is not None and changed != 0 and now - changed < delay)
        verdicts[i] = is_allowed(updates[i], merged, default_allow) and not delayed

    states = {}
    for i, record in records.items():
        known = replacements[i] & set(records)
        if record['installed']:
            states[i] = 'OK'
        elif not lists_superseded and known:
            states[i] = GONE
        elif lists_superseded and any(records[o]['installed'] or verdicts[o] for o in known):
            states[i] = 'SUPERSEDED'
        elif not verdicts[i]:
            states[i] = 'DISCARDED'
        elif record['failed']:
            states[i] = 'ERROR'
        else:
            states[i] = 'PENDING' if record['downloaded'] or updates[i]['on_server'] else 'MISSING'
    return states


# --- packages ------------------------------------------------------------------------------------------------------------

def natural(text):
    return [(0, int(p), '') if p.isdigit() else (1, 0, p.lower()) for p in re.findall(r'\d+|\D', text)]


def version_key(version):
    """§ 8.2: four members, then the packaging; what is missing is lower than anything."""
    members, _, packaging = version.partition('-')
    return [natural(m) for m in members.split('.')], (natural(packaging) if '-' in version else [(-1, 0, '')])


def compare_loosely(version, wanted):
    """Against a requirement: members that only one side has count as equal, and a packaging that @wanted has not."""
    (a, a_packaging), (b, b_packaging) = version_key(version), version_key(wanted)
    n = min(len(a), len(b))
    if a[:n] != b[:n]:
        return -1 if a[:n] < b[:n] else 1
    if '-' not in wanted or a_packaging == b_packaging:
        return 0
    return -1 if a_packaging < b_packaging else 1


def split_requirements(text):
    """A comma list in which names may be distinguished names."""
    parts = []
    for piece in re.split(r'(?<!\\),', text or ''):
        piece = piece.strip()
        is_rdn = re.match(r'[A-Za-z][A-Za-z0-9]*=', piece)
        last = parts[-1] if parts else ''
        is_open = re.match(r'[A-Za-z][A-Za-z0-9]*=', last) and not last.endswith(')')
        was_domain = re.split(r'(?<!\\),', last)[-1].upper().startswith('DC=')
        if is_rdn and is_open and (not was_domain or piece.upper().startswith('DC=')):
            parts[-1] += ',' + piece
        elif piece:
            parts.append(piece)
    return parts


def parse_requirement(text):
    match = re.fullmatch(r'(.*?)\s*\(\s*(==|<=|>=|=|<|>)\s*([^)]+?)\s*\)', text.strip())
    return (match[1], match[2], match[3]) if match else (text.strip(), None, None)


def fulfils(requirement, name, version):
    wanted, operator, than = parse_requirement(requirement)
    if wanted != name:
        return False
    if operator is None:
        return True
    order = compare_loosely(version, than)
    return {'=': order == 0, '==': order == 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0}[operator]


def package_key(package):
    return (*version_key(package['version']), package.get('maturity') or 'PROD', package.get('signature_date', ''),
            package.get('package_uuid', ''))


class Repository:
    """Packages: dictionaries of control attributes, with 'vouchers', the fingerprints any one of which is enough."""

    def __init__(self, packages):
        self.packages = packages

    def of(self, name):
        return sorted((p for p in self.packages if p['package'] == name), key=package_key, reverse=True)

    def find_uuid(self, uuid):
        return next((p for p in self.packages if uuid and p.get('package_uuid') == uuid), None)

    def accepts(self, host, package):
        if (package.get('maturity') or 'PROD') not in (host['maturities'] or ['PROD']):
            return 'maturity'
        if host['trusted'] is not None and not set(package['vouchers']) & set(host['trusted']):
            return 'signer'
        if package.get('architecture', 'all') not in ('all', '', 'x64'):
            return 'architecture'
        if package.get('target_os') and package['target_os'].lower() not in ('all', 'windows'):
            return 'platform'
        if package.get('min_os_version') and compare_loosely(host['os_version'], package['min_os_version']) < 0:
            return 'os-version'
        if package.get('max_os_version') and compare_loosely(host['os_version'], package['max_os_version']) > 0:
            return 'os-version'
        if package.get('min_wapt_version') and compare_loosely(host['wapt_version'], package['min_wapt_version']) < 0:
            return 'agent-version'
        if package.get('locale') and host['locales'] and not set(split_requirements(package['locale'])) & set(host['locales']):
            return 'locale'
        return None

    def roots(self, host):
        """The host package's depends, units from the widest, profiles."""
        result = list(host['depends'])
        parts = re.split(r'(?<!\\),', host['ou'] or '')
        for n in range(len(parts) - 1, -1, -1):
            result += [p['package'] for p in self.of(','.join(parts[n:]))[:1] if p['section'] == 'unit']
        for group in host['ad_groups'] or []:
            result += [p['package'] for p in self.of(group)[:1] if p['section'] == 'profile']
        return result

    def resolve(self, host):
        """Names, versions and uuids of all packages after *Update packages*, in the order of install date."""
        requirements, conflicts = {}, [(c, None) for c in host['conflicts']]
        for _ in range(8):
            state = Pass(self, host, requirements, conflicts)
            for root in self.roots(host):
                state.want(root)
            state.follow_installed()
            if not state.learn():
                break
        kept = [i for n, i in enumerate(host['installed']) if n in state.stays]
        return kept + state.coming


class Pass:
    def __init__(self, repository, host, requirements, conflicts):
        self.repository, self.host, self.requirements, self.conflicts = repository, host, requirements, conflicts
        self.heard, self.chosen, self.stays, self.coming = set(), {}, set(), []
        self.again = False

    def in_conflict(self, package, name, version):
        return any(fulfils(c, name, version) and (by is None or by is not package) for c, by in self.conflicts)

    def best(self, name, requirements):
        for package in self.repository.of(name):
            if all(fulfils(r, name, package['version']) for r in requirements) and \
                    not self.in_conflict(package, name, package['version']) and \
                    self.repository.accepts(self.host, package) is None:
                return package
        return None

    def is_newer(self, package, installed):
        known = self.repository.find_uuid(installed.get('package_uuid'))
        if known is not None:
            return package_key(package)[:4] > package_key(known)[:4]
        ours, theirs = version_key(package['version']), version_key(installed['version'])
        if ours != theirs:
            return ours > theirs
        if installed.get('maturity') and installed['maturity'] != (package.get('maturity') or 'PROD'):
            return (package.get('maturity') or 'PROD') > installed['maturity']
        if installed.get('signature_date'):
            return package.get('signature_date', '') > installed['signature_date']
        return bool(installed.get('package_uuid')) and installed['package_uuid'] != package.get('package_uuid')

    def choose(self, name, package, requirements):
        position = max((n for n, i in enumerate(self.host['installed']) if i['package'] == name), default=None)
        if position is not None:
            installed = self.host['installed'][position]
            known = self.repository.find_uuid(installed.get('package_uuid'))
            if not self.in_conflict(known, name, installed['version']) and \
                    all(fulfils(r, name, installed['version']) for r in requirements) and \
                    (package is None or not self.is_newer(package, installed)):
                self.stays.add(position)
                package = known or {'package': name, 'version': installed['version']}
        if package is None:
            return
        self.chosen[name] = package
        for requirement in split_requirements(package.get('depends')):
            self.want(requirement)
        if position is None or position not in self.stays:
            self.coming.append(package)

    def want(self, requirement):
        if requirement in self.heard:
            return
        self.heard.add(requirement)
        name = parse_requirement(requirement)[0]
        known = self.requirements.setdefault(name, [])
        if requirement not in known:
            known.append(requirement)
            if name in self.chosen and not fulfils(requirement, name, self.chosen[name]['version']):
                self.again = True
        if name in self.chosen:
            return
        package = self.best(name, known)
        if package is None and len(known) > 1:
            self.choose(name, self.best(name, [requirement]), [requirement])
        else:
            self.choose(name, package, known)

    def follow_installed(self):
        for installed in self.host['installed']:
            if installed.get('section') in ('group', 'unit', 'profile'):
                continue            # lists count only while something asks for them
            if installed['package'] not in self.chosen:
                self.choose(installed['package'], self.best(installed['package'],
                                                            self.requirements.get(installed['package'], [])), [])

    def learn(self):
        """Conflicts of what is there now; TRUE when the next pass would hear something new."""
        there = [self.chosen[self.host['installed'][n]['package']] for n in sorted(self.stays)] + self.coming
        for package in there:
            if self.in_conflict(package, package['package'], package['version']):
                continue
            for requirement in split_requirements(package.get('conflicts')):
                if (requirement, id(package)) not in [(c, id(by)) for c, by in self.conflicts]:
                    self.conflicts.append((requirement, package))
                    self.again = True
        return self.again
