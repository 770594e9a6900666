#!/usr/bin/env python3
"""kabinet-server against the recorded answers of a WAPT server 1.8.2: test-server.py SERVER RECORDINGS

Structure, order of keys, status and headers; every odd behaviour that wapt-server-api names; Kabinet's own routes.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import gzip
import http.client
import io
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import zipfile

SERVER = os.path.abspath(sys.argv[1])
RECORDINGS = pathlib.Path(sys.argv[2]).resolve()
RESPONSES = RECORDINGS / 'responses'


class Server:
    """One kabinet-server on a folder of its own."""

    def __init__(self, folder, *options, environment=None):
        self.folder = folder
        if '--tls' in options:
            # The leak sanitizer's own tracer crashes once GIO has loaded the module that speaks TLS.
            environment = {'ASAN_OPTIONS': 'detect_leaks=0', **(environment or {})}
        self.process = subprocess.Popen([SERVER, '--data', folder, '--until-eof', *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        self.ready = json.loads(line) if line else None
        if self.ready:
            self.url = urllib.parse.urlsplit(self.ready['address'])
            self.basic = self.basic_for(self.ready['user'], self.ready['password'])

    @staticmethod
    def basic_for(user, password):
        return 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()

    def connect(self, timeout=30):
        if self.url.scheme == 'https':
            context = ssl.create_default_context(cafile=self.ready['ca'])
            return http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=timeout, context=context)
        return http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=timeout)

    def send(self, method, path, body=None, headers=None, auth=True, timeout=30):
        connection = self.connect(timeout)
        headers = dict(headers or {})
        if auth:
            headers.setdefault('Authorization', self.basic)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault('Content-Type', 'application/json')
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    def get(self, path, **rest):
        return self.send('GET', path, **rest)

    def json(self, path, **rest):
        return json.loads(self.get(path, **rest).body)

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


def recorded(name):
    return json.loads((RESPONSES / f'{name}.json').read_text())


def recorded_head(name):
    lines = (RESPONSES / f'{name}.hdr').read_text().strip().split('\n')
    headers = {k.strip().lower(): v.strip() for k, v in (line.split(':', 1) for line in lines[1:] if ':' in line)}
    status, reason = lines[0].split(' ', 2)[1:]
    return int(status), reason.strip(), headers


def shape(value):
    """What kind of value it is, null being like anything."""
    return type(value) if value is not None and not isinstance(value, (int, float)) else None if value is None else float


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Server(cls.folder.name, '--hosts', '40', '--updates', '60', '--seed', '7', '--speed', '200',
                            '--now', '2026-11-21T07:30:00', '--viewer', '--publisher',
                            '--trust', str(RECORDINGS / 'keys' / 'self.crt'),
                            '--trust', str(RECORDINGS / 'keys' / 'ca.crt'))
        rows = cls.server.json('/api/v3/hosts?columns=platform,reachable,waptwua_status')['result']
        cls.windows = next(r for r in rows if r['waptwua_status'] and r['reachable'] == 'OK')
        cls.away = next((r for r in rows if r['reachable'] != 'OK'), None)
        cls.uuid = cls.windows['uuid']

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.folder.cleanup()
        assert code == 0, f'ended with {code}'

    def same_head(self, response, name):
        status, reason, headers = recorded_head(name)
        self.assertEqual((response.status, response.reason), (status, reason), name)
        for header in ('content-type', 'www-authenticate', 'vary'):
            self.assertEqual(response.getheader(header), headers.get(header), f'{name}: {header}')
        self.assertEqual(response.getheader('set-cookie') is not None, 'set-cookie' in headers, f'{name}: set-cookie')
        if 'set-cookie' in headers:
            self.assertRegex(response.getheader('set-cookie'), r'^session=[^;]*;.*HttpOnly; Path=/')

    def same_keys(self, ours, theirs, where):
        """Ours has the keys of theirs in that order, with values of that kind."""
        self.assertEqual(list(ours), list(theirs), where)
        for key in theirs:
            if ours[key] is not None and theirs[key] is not None:
                self.assertEqual(shape(ours[key]), shape(theirs[key]), f'{where}: {key}')

    def same(self, response, name, deep=True):
        self.same_head(response, name)
        text = response.body.decode('ascii')
        ours, theirs = json.loads(text), recorded(name)
        self.same_keys(ours, theirs, name)
        self.assertEqual(text, json.dumps(ours) if 'request_time' not in ours else text)
        self.assertNotIn('":', text.replace('": ', ''), 'spacing')
        if deep and isinstance(theirs.get('result'), dict):
            self.same_keys(ours['result'], theirs['result'], name)
        if deep and isinstance(theirs.get('result'), list) and theirs['result'] and isinstance(theirs['result'][0], dict):
            self.assertTrue(ours['result'], name)
            self.same_keys(ours['result'][0], theirs['result'][0], name)
        return ours

    # Sessions

    def test_ping(self):
        response = self.server.get('/ping', auth=False)
        self.same_head(response, 'ping')
        ours, theirs = json.loads(response.body), recorded('ping')
        self.assertEqual(ours['result'].pop('kabinet'), {'api': 1, 'wua': '/api/kabinet/v1'})
        self.same_keys(ours, theirs, 'ping')
        self.same_keys(ours['result'], theirs['result'], 'ping')
        self.assertEqual(ours['msg'], theirs['msg'])
        self.assertEqual(ours['request_time'], None)
        self.assertTrue(ours['result']['date'].startswith('2026-11-21T07:3'), 'the fleet has a clock of its own')

    def login(self, **credentials):
        return self.server.send('POST', '/api/v3/login', credentials, auth=False)

    def test_login(self):
        ready = self.server.ready
        response = self.login(user=ready['user'], password=ready['password'])
        ours = self.same(response, 'login')
        self.same_keys(ours['result']['auth_result'], recorded('login')['result']['auth_result'], 'auth_result')
        self.assertEqual(ours['result']['hosts_count'], 40)
        cookie = response.getheader('set-cookie').split(';')[0]
        self.assertEqual(self.server.get('/api/v3/hosts?limit=1', auth=False, headers={'Cookie': cookie}).status, 200)
        bearer = {'Authorization': 'Bearer ' + ours['result']['token']}
        response = self.server.get('/api/v3/hosts', auth=False, headers=bearer)
        self.same_head(response, 'hosts_bearer_token')
        self.assertEqual(response.body, (RESPONSES / 'hosts_bearer_token.json').read_bytes())
        stolen = cookie[:-1] + ('0' if cookie[-1] != '0' else '1')
        self.assertEqual(self.server.get('/api/v3/hosts', auth=False, headers={'Cookie': stolen}).status, 401)
        token = {'Cookie': 'session=' + ours['result']['token']}
        self.assertEqual(self.server.get('/api/v3/hosts', auth=False, headers=token).status, 401)

    def test_login_refused(self):
        response = self.login(user='admin', password='wrong')
        self.same_head(response, 'login_bad')
        self.assertEqual(response.body, (RESPONSES / 'login_bad.json').read_bytes())
        response = self.server.send('POST', '/api/v3/login', 'x', auth=False)
        self.assertEqual(json.loads(response.body), recorded('login_notjson'))
        self.assertEqual(response.status, 200)
        response = self.server.send('POST', '/api/v3/login', {})
        self.assertTrue(json.loads(response.body)['success'], 'Basic with {}')

    def test_nobody(self):
        for path in ('/api/v3/hosts', '/api/v1/host_data', '/api/kabinet/v1/states', '/api/v3/get_ad_groups'):
            response = self.server.get(path, auth=False)
            self.same_head(response, 'noauth')
            self.assertEqual(response.body, (RESPONSES / 'noauth.json').read_bytes())
        response = self.server.get('/api/v3/nothing')
        self.same_head_404(response)
        self.assertEqual(self.server.send('PUT', '/api/v3/hosts').status, 405)

    def same_head_404(self, response):
        status, reason, headers = recorded_head('notfound')
        self.assertEqual((response.status, response.reason), (status, reason))
        self.assertEqual(response.getheader('content-type'), headers['content-type'])
        self.assertEqual(response.body, (RESPONSES / 'notfound.json').read_bytes())

    def test_who_may_only_look(self):
        ready = self.server.ready
        viewer = {'Authorization': self.server.basic_for(ready['viewer'], ready['viewer_password'])}
        self.assertEqual(self.server.get('/api/v3/hosts?limit=1', headers=viewer).status, 200)
        self.assertEqual(self.server.json('/api/v3/user_infos', headers=viewer)['result']['user_acls'], {'*': ['view']})
        for path in ('trigger_host_action', 'packages_delete', 'upload_packages', 'change_password', 'hosts_delete'):
            for method in ('POST', 'HEAD'):
                response = self.server.send(method, '/api/v3/' + path, '[]', headers=viewer)
                self.assertEqual(response.status, 403, path)
                self.assertEqual(response.body, b'' if method == 'HEAD' else b'Restricted access.')

    def test_who_may_publish(self):
        ready = self.server.ready
        publisher = {'Authorization': self.server.basic_for(ready['publisher'], ready['publisher_password'])}
        self.assertEqual(self.server.json('/api/v3/user_infos', headers=publisher)['result']['user_acls'],
                         {'*': ['view', 'edit_wua_package']})
        self.assertEqual(self.server.send('HEAD', '/api/v3/upload_packages', headers=publisher).status, 200)
        answer = json.loads(self.upload(self.package('grp-compta_7.wapt'), **publisher).body)
        self.assertTrue(answer['success'], answer)
        name = answer['result']['done'][0]['filename']
        response = self.server.send('POST', '/api/v3/packages_delete', [name], headers=publisher)
        self.assertEqual((response.status, response.body), (403, b'Restricted access.'))
        self.assertEqual(self.server.get('/wapt/' + name, auth=False).status, 200, 'it is still there')
        for path in ('trigger_host_action', 'change_password', 'hosts_delete'):
            self.assertEqual(self.server.send('POST', '/api/v3/' + path, '[]', headers=publisher).status, 403, path)

    def test_user_infos(self):
        self.same(self.server.get('/api/v3/user_infos'), 'user_infos')
        nobody = self.server.json('/api/v3/user_infos', auth=False)
        self.assertEqual(set(nobody['result'].values()), {None})
        response = self.server.send('POST', '/api/v3/logout')
        self.assertIn('Max-Age=0', response.getheader('set-cookie'))

    def test_head(self):
        self.assertEqual(self.server.send('HEAD', '/api/v3/upload_packages').status, 200)
        self.assertEqual(self.server.send('HEAD', '/api/v3/upload_packages', auth=False).status, 401)
        response = self.server.send('HEAD', '/ping', auth=False)
        self.assertEqual((response.status, response.body), (200, b''))

    def test_usage_statistics(self):
        self.same(self.server.get('/api/v1/usage_statistics'), 'usage_statistics')

    # Hosts

    def test_hosts(self):
        columns = ('reachable,manufacturer,productname,serialnr,mac_addresses,connected_ips,depends,computer_type,'
                   'os_name,os_version,platform,repositories')
        for version, name in (('v1', 'hosts_v1'), ('v3', 'hosts_v3')):
            response = self.server.get(f'/api/{version}/hosts?columns={columns}')
            ours = self.same(response, name)
            self.assertEqual(ours['msg'], '40 hosts returned')
            dates = [r['last_seen_on'] or '' for r in ours['result']]
            self.assertEqual(dates, sorted(dates, reverse=True))

    def test_hosts_columns(self):
        names = 'dmi,wmi,host_info,host_metrics,waptwua_status,wuauserv_status,wapt_status'
        response = self.server.get(f'/api/v3/hosts?uuid={self.uuid}&columns={names}')
        ours = self.same(response, 'hosts_v3_columns')
        theirs = recorded('hosts_v3_columns')['msg'].rsplit(' ', 1)[0]
        self.assertEqual(ours['msg'], f'{theirs} {self.uuid}')

    def test_hosts_paths(self):
        path = 'wapt_status/pending_reboot_reasons'
        row = self.server.json(f'/api/v3/hosts?uuid={self.uuid}&columns=nonsense,{path},waptwua_status/status,a/b')
        row = row['result'][0]
        whole = self.server.json(f'/api/v3/hosts?uuid={self.uuid}&columns=wapt_status,waptwua_status')['result'][0]
        self.assertEqual(list(row)[-2:], [path, 'waptwua_status/status'])
        self.assertEqual(row[path], (whole['wapt_status'] or {}).get('pending_reboot_reasons'))
        self.assertEqual(row['waptwua_status/status'], whole['waptwua_status']['status'])

    def test_hosts_none(self):
        response = self.server.get('/api/v3/hosts?uuid=UNKNOWN')
        ours = self.same(response, 'hosts_none')
        self.assertEqual(ours['msg'], 'No data found for uuid UNKNOWN')

    def test_hosts_limit_is_no_page(self):
        self.assertEqual(len(self.server.json('/api/v3/hosts?limit=3')['result']), 3)
        self.assertEqual(self.server.json('/api/v3/hosts?limit=3')['result'],
                         self.server.json('/api/v3/hosts?limit=3&offset=10')['result'])

    def test_hosts_filters(self):
        rows = self.server.json('/api/v3/hosts?columns=os_name,depends,computer_ad_ou,computer_ad_site,reachable,'
                                'host_info')['result']
        pick = rows[0]

        def uuids(query):
            return {r['uuid'] for r in self.server.json('/api/v3/hosts?' + query)['result']}

        def where(test):
            return {r['uuid'] for r in rows if test(r)}

        name = pick['computer_name'].lower()
        self.assertEqual(uuids(f'filter=computer_name,description:^{name}$'), {pick['uuid']})
        self.assertEqual(uuids(f'filter=computer_name:^{name}$&not_filter=1'), where(lambda r: r is not pick))
        self.assertEqual(uuids(f'filter=not computer_name:^{name}$'.replace(' ', '%20')), where(lambda r: r is not pick))
        self.assertEqual(uuids('filter=os_name:windows%2011'),
                         where(lambda r: re.search('windows 11', r['os_name'] or '', re.I)))
        site = pick['computer_ad_site']
        self.assertEqual(uuids('ad_site=' + urllib.parse.quote(site or '-')),
                         where(lambda r: r['computer_ad_site'] == site) if site else set())
        unit = next(r['computer_ad_ou'] for r in rows if r['computer_ad_ou'])
        parent = unit.split(',', 1)[1]
        self.assertEqual(uuids('organizational_unit=' + urllib.parse.quote(parent)),
                         where(lambda r: r['computer_ad_ou'] and (',' + r['computer_ad_ou']).endswith(',' + parent)))
        self.assertEqual(uuids('include_childs_ou=0&organizational_unit=' + urllib.parse.quote(unit)),
                         where(lambda r: r['computer_ad_ou'] == unit))
        group = next(r['depends'] for r in rows if r['depends'])[0]
        self.assertEqual(uuids('groups=' + group), where(lambda r: group in r['depends']))
        self.assertEqual(uuids('reachable=1'), where(lambda r: r['reachable'] == 'OK'))
        self.assertEqual(uuids('has_errors=1'), where(lambda r: r['host_status'] == 'ERROR'))
        self.assertEqual(uuids('need_upgrade=1'), where(lambda r: r['host_status'] in ('ERROR', 'TO-UPGRADE')))
        for bad in ("filter=computer_name:o'neil", 'filter=computer_name:('):
            answer = self.server.json('/api/v3/hosts?' + bad)
            self.assertEqual(list(answer), ['success', 'error_code', 'msg'])
            self.assertEqual(answer['error_code'], 'programmingerror')

    def test_hosts_gzip(self):
        plain = self.server.get('/api/v3/hosts?columns=host_info')
        packed = self.server.get('/api/v3/hosts?columns=host_info', headers={'Accept-Encoding': 'gzip'})
        self.assertIsNone(plain.getheader('content-encoding'))
        self.assertEqual(packed.getheader('content-encoding'), 'gzip')
        self.assertEqual(json.loads(gzip.decompress(packed.body))['result'], json.loads(plain.body)['result'])
        refused = self.server.get('/api/v3/hosts', headers={'Accept-Encoding': 'gzip;q=0'})
        self.assertIsNone(refused.getheader('content-encoding'))

    def test_fleet(self):
        for path, name in (('/api/v1/groups', 'groups'), ('/api/v3/get_ad_ou', 'get_ad_ou'),
                           ('/api/v3/get_ad_sites', 'get_ad_sites'), ('/api/v3/get_ad_groups', 'get_ad_groups')):
            self.same(self.server.get(path), name, deep=name != 'get_ad_groups')
        split = self.server.json('/api/v3/get_ad_ou_split')['result']
        self.assertTrue(split and len(split[0][0]) == 3 and split[0][-1][2] == '')

    # Host data

    def host_data(self, field, uuid=None):
        return self.server.get(f'/api/v1/host_data?uuid={uuid or self.uuid}&field={field}')

    def test_host_data(self):
        for field in ('host_capabilities', 'last_update_status', 'waptwua_status'):
            ours = self.same(self.host_data(field), f'host_data_{field}', deep=False)
            self.assertEqual(ours['msg'], f'{field} data for host {self.uuid}')
        for field in ('installed_packages', 'installed_softwares', 'wsusupdates'):
            response = self.host_data(field)
            rows = json.loads(response.body)['result']
            if rows:
                self.same(response, f'host_data_{field}')
        self.assertTrue(json.loads(self.host_data('wsusupdates').body)['result'])

    def test_host_inventory(self):
        for field in ('host_info', 'dmi', 'last_update_status', 'installed_softwares'):
            ours = self.same(self.host_data(field), f'host_data_{field}', deep=field == 'installed_softwares')['result']
            theirs = recorded(f'host_data_{field}')['result']
            if isinstance(ours, dict):
                self.assertLessEqual(set(ours), set(theirs), field)
                for key, value in ours.items():
                    self.assertEqual(shape(value), shape(theirs[key]), f'{field}: {key}')
        status = json.loads(self.host_data('last_update_status').body)['result']
        self.assertEqual(set(status), set(recorded('host_data_last_update_status')['result']))
        row = next(r for r in self.server.json('/api/v3/hosts?columns=host_metrics,wmi')['result'] if r['uuid'] == self.uuid)
        theirs = recorded('hosts_v3_columns')['result'][0]
        self.assertLessEqual(set(row['host_metrics']), set(theirs['host_metrics']))
        self.assertEqual(set(row['wmi']), set(theirs['wmi']))

    def test_host_data_order(self):
        dates = [r['changetime'] for r in json.loads(self.host_data('wsusupdates').body)['result']]
        self.assertEqual(dates, sorted(dates))

    def test_host_data_nothing(self):
        answer = self.same(self.host_data('gateways', self.empty_host('gateways')), 'host_data_waptwua_rules')
        self.assertEqual(answer['error_code'], 'empty_data')
        self.assertEqual(json.loads(self.host_data('zzz').body), recorded('host_data_badfield'))
        self.assertEqual(json.loads(self.host_data('dmi', 'NOPE').body), recorded('host_data_unknownhost'))
        self.assertEqual(json.loads(self.host_data('wsusupdates', 'NOPE').body)['result'], [])
        self.assertEqual(self.server.json('/api/v1/host_data')['error_code'], 'ewaptmissingparameter')

    def empty_host(self, column):
        rows = self.server.json(f'/api/v3/hosts?columns={column}')['result']
        return next((r['uuid'] for r in rows if r[column] is None), None) or self.skipTest('none is null')

    # Packages

    def package(self, name):
        return (RECORDINGS / 'packages' / name).read_bytes()

    def upload(self, body, **headers):
        return self.server.send('POST', '/api/v3/upload_packages', body,
                                headers={'Content-Type': 'application/octet-stream', **headers})

    @staticmethod
    def multipart(*parts):
        out = io.BytesIO()
        for name, data in parts:
            out.write(f'--xyz\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                      'Content-Type: application/octet-stream\r\n\r\n'.encode() + data + b'\r\n')
        out.write(b'--xyz--\r\n')
        return out.getvalue(), {'Content-Type': 'multipart/form-data; boundary=xyz'}

    def test_upload(self):
        data = self.package('self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt')
        ours = self.same(self.upload(data), 'upload_stream')
        theirs = recorded('upload_stream')
        self.same_keys(ours['result']['done'][0], theirs['result']['done'][0], 'done')
        self.same_keys(ours['result']['packages_index_result'], theirs['result']['packages_index_result'], 'index')
        name = ours['result']['done'][0]['filename']
        self.assertRegex(name, r'^tis-hello_1\.2\.3-4_x64_PROD_fr-en_[0-9a-f]{32}\.wapt$')
        self.assertEqual(self.server.get('/wapt/' + name, auth=False).body, data)

        body, headers = self.multipart(('x.wapt', self.package('grp-compta_7.wapt')))
        self.same(self.upload(body, **headers), 'upload_multipart')
        body, headers = self.multipart(('été.wapt', data), ('../x.wapt', data))
        self.same(self.upload(body, **headers), 'upload_badname_multipart')
        response = self.upload(b'garbage')
        self.same(response, 'upload_garbage_stream')
        self.assertEqual(response.status, 500)

        connection = self.server.connect()
        connection.request('POST', '/api/v3/upload_packages', iter([data[:1000], data[1000:]]), encode_chunked=True,
                           headers={'Authorization': self.server.basic, 'Transfer-Encoding': 'chunked'})
        self.assertTrue(json.loads(connection.getresponse().read())['success'], 'chunked')
        connection.close()

        self.same(self.server.get('/api/v3/known_packages'), 'known_packages')
        ours = self.same(self.server.get('/api/v3/packages'), 'packages', deep=False)['result']
        hello = next(row for row in ours if row['package'] == 'tis-hello')
        self.same_keys(hello, recorded('packages')['result'][0], 'packages')
        self.same(self.server.get('/api/v3/trusted_signers_certificates'), 'trusted_signers_certificates')
        index = self.server.get('/wapt/Packages', auth=False)
        with zipfile.ZipFile(io.BytesIO(index.body)) as archive:
            text = archive.read('Packages').decode()
        self.assertIn(name, text)
        since = {'If-Modified-Since': index.getheader('last-modified')}
        self.assertEqual(self.server.get('/wapt/Packages', auth=False, headers=since).status, 304)

        answer = self.same(self.server.send('POST', '/api/v3/packages_delete', [name, '../secrets.ini', 'no.wapt']),
                           'packages_delete')
        self.assertEqual(answer['msg'], '1 packages deleted')
        self.assertEqual(self.server.get('/wapt/' + name, auth=False).status, 404)
        answer = json.loads(self.server.send('POST', '/api/v3/packages_delete', [name]).body)
        self.assertEqual((answer['success'], answer['msg']), (True, '0 packages deleted'))
        self.assertTrue(pathlib.Path(self.folder.name, 'secrets.ini').exists())

    def test_upload_untrusted(self):
        answer = json.loads(self.upload(self.package('untrusted_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt')).body)
        self.assertFalse(answer['success'])

    def test_who_has_what(self):
        self.same(self.server.get('/api/v3/packages_for_hosts?sections=wsus'), 'packages_for_hosts')
        rows = self.server.json('/api/v3/packages_for_hosts?sections=wsus')['result']
        self.assertEqual(rows[0]['count'], len(rows[0]['host_uuids']))
        hosts = self.server.json('/api/v3/hosts_for_package?package=' + rows[0]['package'])['result']
        self.assertGreaterEqual({h['host'] for h in hosts}, set(rows[0]['host_uuids']))
        self.assertIn('host_computer_name', hosts[0])

    def test_static_files(self):
        name = self.server.json('/api/kabinet/v1/files')['result'][0]['name']
        path = '/waptwua/' + urllib.parse.quote(name)
        head = self.server.send('HEAD', path, auth=False)
        self.assertEqual((head.status, head.body), (200, b''))
        size = int(head.getheader('content-length'))
        self.assertGreater(size, 0)
        part = self.server.get(path, auth=False, headers={'Range': f'bytes={size - 10}-'})
        self.assertEqual((part.status, len(part.body)), (206, 10))
        self.assertEqual(part.getheader('content-range'), f'bytes {size - 10}-{size - 1}/{size}')
        self.assertEqual(self.server.get(path, auth=False, headers={'Range': f'bytes={size}-'}).status, 416)
        for bad in ('/waptwua/../secrets.ini', '/waptwua/..%2fsecrets.ini', '/waptwua/%2e%2e/depot.sqlite',
                    '/wapt/..%5c..%5csecrets.ini', '/wapt/', '/wapt/.', '/wapt-host/Packages', '/wapt/%00'):
            self.assertIn(self.server.get(bad, auth=False).status, (400, 404), bad)

    # Actions and tasks

    def action(self, uuid, name='trigger_waptwua_scan', **more):
        return {'action': name, 'uuid': uuid, 'notify_server': True, 'signature': 'AAAA', 'signer': '00', **more}

    def trigger(self, body):
        return self.server.send('POST', '/api/v3/trigger_host_action', body)

    def test_trigger(self):
        unsigned = self.action(self.uuid)
        del unsigned['signature']
        response = self.trigger([self.action(self.uuid), unsigned])
        self.assertEqual(json.loads(response.body), recorded('trigger_unsigned'))
        ours = self.same(self.trigger([self.action(self.uuid)]), 'trigger_connected')
        self.assertEqual(ours['msg'], '1 actions launched, 0 errors, 0 skipped, 0 server errors')
        quiet = json.loads(self.trigger(self.action(self.uuid, notify_server=False)).body)
        self.assertEqual(quiet['msg'], '0 actions launched, 0 errors, 0 skipped, 0 server errors')
        gone = self.same(self.trigger([self.action('NOPE')]), 'trigger_disconnected')
        self.assertEqual(gone['msg'], recorded('trigger_disconnected')['msg'])

    def test_tasks(self):
        away = self.away['uuid'] if self.away else 'NOPE'
        response = self.server.get(f'/api/v3/host_tasks_status?uuid={away}')
        self.assertEqual(json.loads(response.body), recorded('host_tasks_status_disconnected'))
        answer = self.server.json(f'/api/v3/host_tasks_status?uuid={self.uuid}&last_event_id=-1')
        self.assertEqual(set(answer['result']),
                         {'running', 'pending', 'done', 'cancelled', 'errors', 'last_task_id', 'last_event_id'})
        last = answer['result']['last_event_id']
        start = time.monotonic()
        held = self.server.json(f'/api/v3/host_tasks_status?uuid={self.uuid}&last_event_id={last}&timeout=1')
        if set(held['result']) == {'last_event_id'}:
            self.assertGreater(time.monotonic() - start, 0.5)
        cancel = self.server.json(f'/api/v3/trigger_cancel_task?uuid={self.uuid}')
        self.assertFalse(cancel['success'])
        self.assertEqual(cancel['result']['errors'][0]['uuid'], self.uuid)

    # Kabinet's own

    def bulk(self, what, **query):
        response = self.server.get(f'/api/kabinet/v1/{what}?' + urllib.parse.urlencode(query))
        self.assertEqual(response.getheader('content-type'), 'application/x-ndjson')
        lines = [json.loads(line) for line in response.body.decode().splitlines()]
        self.assertEqual(lines[-1], {'end': True, 'rows': len(lines) - 2})
        self.assertEqual(lines[0]['rows'], len(lines) - 2)
        return lines[0], lines[1:-1]

    def test_bulk(self):
        head, updates = self.bulk('updates', since=0)
        self.assertTrue(head['full'])
        self.assertEqual(head['updates_count'], len(updates))
        by_number = {u['n']: u for u in updates}
        head, hosts = self.bulk('states', since=0)
        self.assertEqual(head['hosts_count'], len(hosts))
        host = next(h for h in hosts if h['uuid'] == self.uuid)
        rows = {r['update_id']: r for r in json.loads(self.host_data('wsusupdates').body)['result']}
        words = ['UNKNOWN', 'OK', 'PENDING', 'MISSING', 'DISCARDED', 'ERROR', 'SUPERSEDED']
        states = [host['states'][i:i + 5] for i in range(0, len(host['states']), 5)]
        self.assertEqual({by_number[s[0]]['update_id']: words[s[1]] for s in states},
                         {k: r['local_status_status'] for k, r in rows.items()})
        other, everything = self.bulk('states', since=head['counter'], epoch='another')
        self.assertTrue(other['full'])
        self.assertEqual(len(everything), len(hosts))
        one = updates[0]['update_id']
        answer = self.server.json('/api/kabinet/v1/update_hosts?update_id=' + one)['result']
        number = updates[0]['n']
        self.assertEqual({r['uuid'] for r in answer},
                         {h['uuid'] for h in hosts if number in h.get('states', [])[::5]})

    def test_limits(self):
        connection = self.server.connect()
        connection.putrequest('POST', '/api/v3/packages_delete')
        connection.putheader('Authorization', self.server.basic)
        connection.putheader('Content-Length', str(10 ** 12))
        connection.endheaders()
        response = connection.getresponse()
        self.assertEqual(response.status, 413)
        response.close()
        connection.close()
        deep = '[' * 100000
        self.assertEqual(json.loads(self.server.send('POST', '/api/v3/trigger_host_action', deep).body)['error_code'],
                         'badrequest')


class Life(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *options, **rest):
        return Server(self.folder.name, '--hosts', '30', '--updates', '40', *options, **rest)

    def refused(self, *options):
        process = subprocess.run([SERVER, '--data', self.folder.name, *options], capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertEqual(process.stdout, '')
        self.errors = process.stderr
        return process.returncode

    def test_options(self):
        self.assertEqual(self.refused('--listen', '0.0.0.0:0'), 2)
        for option in ('--updates', '--speed'):
            self.assertEqual(self.refused(option, '0'), 2)
            self.assertIn(f'{option} 0', self.errors)
        self.assertNotEqual(self.refused('--trust', '/no/such/file'), 0)
        self.assertEqual(os.listdir(self.folder.name), [], 'a mistake leaves something behind')
        self.assertEqual(self.refused('--listen', 'localhost:0'), 2)
        self.assertEqual(self.refused('--now', 'yesterday'), 2)
        self.assertEqual(self.refused('--hosts', 'many'), 2)
        self.assertEqual(self.refused('stray'), 2)

    def test_tls_restart_and_sigterm(self):
        server = self.start('--tls', '--no-agents')
        self.assertEqual(server.url.scheme, 'https')
        first = server.json('/api/v3/hosts?limit=100')['result']
        ready = server.ready
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(server.process.wait(20), 0)
        server.stop()
        server = self.start('--tls', '--no-agents')
        for key in ('user', 'password', 'ca', 'key', 'certificate', 'passphrase'):
            self.assertEqual(server.ready[key], ready[key], key)
        self.assertEqual(server.json('/api/v3/hosts?limit=100')['result'], first)
        self.assertIn('ENCRYPTED', pathlib.Path(ready['key']).read_text())
        for path in pathlib.Path(self.folder.name).rglob('*'):
            if path.is_file() and path.stat().st_size < 10 ** 6 and b'PRIVATE KEY' in path.read_bytes():
                self.assertIn(b'ENCRYPTED', path.read_bytes(), path)
                self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        self.assertEqual(server.stop(), 0)

    def test_same_seed_same_fleet(self):
        with tempfile.TemporaryDirectory() as other:
            options = ('--no-agents', '--now', '2026-01-02T03:04:05')
            one = self.start(*options)
            two = Server(other, '--hosts', '30', '--updates', '40', *options)
            path = '/api/kabinet/v1/states?since=0'
            # Whom hosts trust is the one thing that is new with each server: its key.
            trust = re.compile(rb'"authorized_certificates_sha256":\[[^]]*\]')
            first, second = (trust.sub(b'', server.get(path).body).split(b'\n')[1:] for server in (one, two))
            self.assertEqual(first, second)
            one.stop()
            two.stop()

    def test_relative_folder(self):
        process = subprocess.run([SERVER, '--data', 'here', '--hosts', '2', '--updates', '9', '--tls', '--until-eof'],
                                 stdin=subprocess.DEVNULL, capture_output=True, cwd=self.folder.name, timeout=60, check=True)
        ready = json.loads(process.stdout)
        for name in ('ca', 'key', 'certificate'):
            self.assertTrue(os.path.isabs(ready[name]) and os.path.exists(ready[name]), ready[name])

    def test_reachable_while_agents_run(self):
        def ask(server):
            rows = server.json('/api/v3/hosts?columns=reachable')['result']
            states = server.get('/api/kabinet/v1/states?since=0').body.splitlines()
            hosts = {line['uuid']: line for line in map(json.loads, states[1:-1])}
            up = {r['uuid'] for r in rows if r['reachable'] == 'OK'}
            self.assertEqual(up, {r['uuid'] for r in rows if r['listening_protocol'] == 'websockets'})
            self.assertEqual(up, {u for u, h in hosts.items() if h['reachable'] == 'OK'})
            self.assertEqual(up, {u for u, h in hosts.items() if h.get('listening_protocol') == 'websockets'})
            self.assertEqual(up, {r['uuid'] for r in server.json('/api/v3/hosts?reachable=1')['result']})
            uuid = rows[0]['uuid']
            task = server.json(f'/api/v3/host_tasks_status?uuid={uuid}')
            self.assertEqual(task.get('error_code') == 'ewapthostunreachable', uuid not in up)
            return up, json.loads(states[0])['counter']

        server = self.start('--no-agents')
        self.assertEqual(ask(server)[0], set())
        server.stop()
        server = self.start()
        up, counter = ask(server)
        self.assertGreater(len(up), 10)
        server.stop()
        server = self.start('--no-agents')
        none, later = ask(server)
        self.assertEqual(none, set())
        news = server.get(f'/api/kabinet/v1/states?since={counter}').body.splitlines()
        self.assertEqual({json.loads(line)['uuid'] for line in news[1:-1]}, up, 'a mirror hears of it')
        self.assertGreater(later, counter)
        server.stop()

    def test_password_changes(self):
        server = self.start('--no-agents')
        body = {'user': 'admin', 'password': server.ready['password'], 'new_password': 'short'}
        answer = json.loads(server.send('POST', '/api/v3/change_password', body).body)
        self.assertFalse(answer['success'])
        body['new_password'] = 'long enough now'
        self.assertTrue(json.loads(server.send('POST', '/api/v3/change_password', body).body)['success'])
        self.assertEqual(server.get('/api/v3/hosts').status, 401)
        server.basic = server.basic_for('admin', 'long enough now')
        self.assertEqual(server.get('/api/v3/hosts').status, 200)
        server.stop()
        server = self.start('--no-agents')
        self.assertIsNone(server.ready['password'])
        server.stop()

    def test_changes_move_alone(self):
        server = self.start('--no-agents', '--speed', '1')
        head = json.loads(server.get('/api/kabinet/v1/states?since=0').body.split(b'\n')[0])
        run = subprocess.run([SERVER, '--data', self.folder.name, '--change', '10'], capture_output=True, check=True,
                             timeout=60)
        changed = json.loads(run.stdout)['changed_hosts']
        self.assertEqual(changed, 3)
        lines = server.get(f'/api/kabinet/v1/states?since={head["counter"]}&epoch={head["epoch"]}').body.splitlines()
        again = json.loads(lines[0])
        self.assertFalse(again['full'])
        self.assertEqual(len(lines) - 2, changed)
        uuid = json.loads(lines[1])['uuid']
        server.send('POST', '/api/v3/hosts_delete', {'uuids': [uuid]})
        lines = server.get(f'/api/kabinet/v1/states?since={again["counter"]}').body.splitlines()
        self.assertEqual([json.loads(line) for line in lines[1:-1]], [{'gone': uuid}])
        server.stop()

    def test_killed_while_it_writes(self):
        """At each place where a test may kill it, and after: the folder opens, whole."""
        listing = subprocess.run([SERVER, '--data', self.folder.name, '--hosts', '20', '--updates', '30',
                                  '--no-agents', '--until-eof'], stdin=subprocess.DEVNULL, capture_output=True,
                                 text=True, env={**os.environ, 'KABINET_FAULT': 'list'}, timeout=60, check=True)
        self.assertIn('depot-before-commit', listing.stderr)
        n_commits = listing.stderr.count('depot-before-commit')
        for place in ('depot-before-commit', 'depot-after-commit'):
            for visit in range(1, n_commits + 1):
                with self.subTest(place=place, visit=visit), tempfile.TemporaryDirectory() as folder:
                    options = ('--hosts', '20', '--updates', '30', '--no-agents')
                    broken = Server(folder, *options, environment={'KABINET_FAULT': f'{place}:{visit}'})
                    broken.process.stdin.close()
                    self.assertIn(broken.process.wait(60), (0, -signal.SIGKILL))
                    broken.process.stdout.close()
                    server = Server(folder, *options)
                    self.assertIsNotNone(server.ready)
                    lines = server.get('/api/kabinet/v1/states?since=0').body.splitlines()
                    self.assertEqual(len(lines) - 2, 20)
                    self.assertEqual(server.stop(), 0)

    def test_killed_while_it_answers(self):
        for place in ('server-before-answer', 'server-after-answer'):
            server = self.start('--no-agents', environment={'KABINET_FAULT': f'{place}:2'})
            before = server.get('/api/kabinet/v1/states?since=0').body
            with self.assertRaises((OSError, http.client.HTTPException)):
                server.get('/api/v3/hosts')
                server.get('/api/v3/hosts')
            self.assertEqual(server.process.wait(20), -signal.SIGKILL)
            server.stop()
            server = self.start('--no-agents')
            self.assertEqual(server.get('/api/kabinet/v1/states?since=0').body, before)
            server.stop()

    def test_slow_reader_stops_nobody(self):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(folder, '--hosts', '3000', '--updates', '150', '--no-agents')
            sleeper = socket.create_connection((server.url.hostname, server.url.port))
            sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sleeper.sendall((f'GET /api/kabinet/v1/states?since=0 HTTP/1.1\r\nHost: x\r\n'
                             f'Authorization: {server.basic}\r\n\r\n').encode())
            sleeper.recv(10)
            worst = 0
            for _ in range(20):
                start = time.monotonic()
                self.assertEqual(server.get('/ping', auth=False).status, 200)
                worst = max(worst, time.monotonic() - start)
            self.assertLess(worst, 1.0)
            sleeper.close()
            lines = server.get('/api/kabinet/v1/states?since=0').body.splitlines()
            self.assertEqual(len(lines), 3002)
            self.assertEqual(server.stop(), 0)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
