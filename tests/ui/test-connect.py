"""The connect dialog against a server whose authority nobody knows: fingerprint, pin, wrong and right password, sync.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import os
import re
import ssl
import sys
import tempfile
from urllib.parse import urlsplit

from kabinet import Kabinet, Server, ask, output_of, run


def real_fingerprint(address):
    """SHA-256 of the certificate that the server shows, asked by other means."""
    url = urlsplit(address)
    pem = ssl.get_server_certificate((url.hostname, url.port))
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


class Dialog:
    """The dialog, in words of its rows."""

    def __init__(self, window):
        self.window = window
        window.push('push button', 'Connect to a WAPT Server…')
        self.node = window.dialog('Connect to a Server')

    def write(self, title, text):
        self.window.write(title, text, self.node)

    def texts(self):
        return [node.get_name() for node in self.window.find_all('label', within=self.node)]

    def test(self, expected):
        self.window.push('push button', 'Test Connection', self.node)
        self.wait_for(expected)

    def wait_for(self, title):
        """A title of the result row."""
        self.window.wait(lambda: title in self.texts(), 20, f'“{title}”')

    def fingerprint(self):
        """64 hexadecimal digits, however they are grouped."""
        for text in self.texts():
            digits = re.sub(r'\s', '', text)
            if re.fullmatch('[0-9a-f]{64}', digits):
                return digits
        return None


def titles_by_height(window):
    """Of its windows, the one in front last."""
    titles = {int(w[0]): w[1] for w in window.windows()}
    stack = re.findall('0x[0-9a-f]+', output_of('xprop', '-root', '_NET_CLIENT_LIST_STACKING'))
    return [titles[int(xid, 16)] for xid in stack if int(xid, 16) in titles]


def check_french(build):
    """The window speaks French with the catalogue of the build tree."""
    with tempfile.TemporaryDirectory(prefix='kab french ') as folder:
        output_of('localedef', '-i', 'fr_FR', '-f', 'UTF-8', f'{folder}/fr_FR.UTF-8')
        with Kabinet(build, LOCPATH=folder, LC_ALL='fr_FR.UTF-8', LANGUAGE='', KABINET_LOCALE_DIR=build.translations) as window:
            window.find('push button', 'Se connecter à un serveur WAPT…')


def test(build):
    check_french(build)
    with tempfile.TemporaryDirectory(prefix='kab connect ') as folder, \
            Server(build, os.path.join(folder, 'server'), '--tls', '--hosts', '12', '--updates', '30',
                   '--no-agents') as server, Kabinet(build, '--server', server.ready['address']) as window:
        ready = server.ready

        # A server that is not set up yet is asked about, in front of the window.
        asked = window.dialog('Connect to a Server')
        assert window.text(window.entry('Address, such as https://srvwapt.example.lan', asked)) == ready['address']
        window.wait(lambda: titles_by_height(window) == ['Kabinet', 'Connect to a Server'], what='the dialog in front')
        window.escape('Connect to a Server')

        window.active('Kabinet')
        dialog = Dialog(window)
        dialog.write('Address, such as https://srvwapt.example.lan', ready['address'])
        dialog.write('Name in Kabinet (optional)', 'private')
        dialog.write('User', ready['user'])
        dialog.write('Password', ready['password'])

        # Unknown authority: not trusted, but its fingerprint is shown, and it is the real one.
        dialog.test('Certificate not trusted')
        window.wait(dialog.fingerprint, what='a fingerprint')
        assert dialog.fingerprint() == real_fingerprint(ready['address']), dialog.fingerprint()

        # Trusted after a look; a wrong password is told in words.
        dialog.write('Password', 'not this one')
        window.toggle('Trust exactly this certificate', dialog.node)
        dialog.wait_for('Sign-in needed')

        # The right one connects, and the fleet is read.
        dialog.write('Password', ready['password'])
        dialog.test('Connected and signed in')
        window.push('push button', 'Connect', dialog.node)
        window.closed('Connect to a Server')
        window.wait(lambda: window.told('status', name='private')['hosts'] == 12, 30, 'the first sync')
        status = window.told('status', name='private')
        assert status['hosts'] == len(ask(ready, '/api/v1/hosts?columns=uuid&limit=100')), status
        with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'kabinet', 'servers.ini'), encoding='utf-8') as file:
            stored = file.read()
        assert real_fingerprint(ready['address']) in stored.replace(':', '').lower(), 'the pin is not kept'
        assert ready['password'] not in stored, 'the password is kept in the clear'


if __name__ == '__main__':
    sys.exit(run(test))
