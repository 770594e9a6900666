#!/usr/bin/python3
"""Runs a command in a private X server and session bus: session.py [--size WxH] [--tries N] -- COMMAND…

Nothing of the user's own session is seen or touched: its own home, its own bus with only the accessibility service, a
window manager for focus and stacking, a compositor so that popovers look right. Set-up takes a quarter of a second.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BUS = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><servicedir>{0}</servicedir>
<policy context="default"><allow send_destination="*"/><allow own="*"/><allow receive_type="*"/></policy></busconfig>"""
A11Y_SERVICE = '/usr/share/dbus-1/services/org.a11y.Bus.service'


def environment(folder):
    """The variables of a session that starts from defaults and keeps everything below @folder."""
    env = dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder, GDK_BACKEND='x11', GSK_RENDERER='cairo', GDK_DEBUG='gl-disable',
               GSETTINGS_BACKEND='memory', LC_ALL=os.environ.get('LC_ALL', 'C.UTF-8'))
    for kind in ('CONFIG', 'DATA', 'CACHE', 'STATE'):
        env[f'XDG_{kind}_HOME'] = f'{folder}/{kind.lower()}'
    for name in ('WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'AT_SPI_BUS_ADDRESS', 'GTK_A11Y'):
        env.pop(name, None)
    os.makedirs(f'{folder}/config/gtk-4.0')
    with open(f'{folder}/config/gtk-4.0/settings.ini', 'w', encoding='utf-8') as settings:
        settings.write('[Settings]\ngtk-font-name=Cantarell 11\n')
    os.mkdir(f'{folder}/services')
    if os.path.exists(A11Y_SERVICE):
        os.symlink(A11Y_SERVICE, f'{folder}/services/org.a11y.Bus.service')
    return env


def wait_for_window_manager(env):
    end = time.time() + 5
    while time.time() < end:
        answer = subprocess.run(['xprop', '-root', '_NET_SUPPORTING_WM_CHECK'], env=env, capture_output=True, text=True,
                                check=False)
        if '_NET_SUPPORTING_WM_CHECK(WINDOW)' in answer.stdout:
            return
        time.sleep(.05)


def run(command, size='1480x840'):
    """Runs @command inside; returns its exit code."""
    folder = tempfile.mkdtemp(prefix='kab-ui-')
    processes = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))     # clean up when the test runner loses patience
    env = environment(folder)
    with open(f'{folder}/session.log', 'w', encoding='utf-8') as log:
        def start(argv, **options):
            processes.append(subprocess.Popen(argv, env=env, stderr=log, **options))
            return processes[-1]
        try:
            reader, writer = os.pipe()
            # -noreset: otherwise the server forgets its properties when the last client leaves
            start(['Xvfb', '-displayfd', str(writer), '-screen', '0', f'{size}x24', '-nolisten', 'tcp', '-noreset'],
                  pass_fds=[writer])
            os.close(writer)
            with os.fdopen(reader) as display:
                env['DISPLAY'] = ':' + display.readline().strip()
            with open(f'{folder}/bus.conf', 'w', encoding='utf-8') as conf:
                conf.write(BUS.format(f'{folder}/services'))
            bus = start(['dbus-daemon', f'--config-file={folder}/bus.conf', '--nofork', '--print-address=1'],
                        stdout=subprocess.PIPE, text=True)
            env['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().strip()
            if shutil.which('openbox'):
                start(['openbox'], stdout=log)
                wait_for_window_manager(env)
            if shutil.which('picom'):
                start(['picom', '--backend', 'xrender', '--config', '/dev/null', '--no-fading-openclose'], stdout=log)
            return subprocess.run(command, env=env, check=False).returncode
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()
            shutil.rmtree(folder, ignore_errors=True)


def main():
    arguments = sys.argv[1:]
    split = arguments.index('--')
    options, command = arguments[:split], arguments[split + 1:]
    size = options[options.index('--size') + 1] if '--size' in options else '1480x840'
    tries = int(options[options.index('--tries') + 1]) if '--tries' in options else 1
    for left in reversed(range(tries)):
        code = run(command, size)
        if code == 0 or left == 0:
            break
        print(f'session.py: ended with {code}; once more, in a new session', file=sys.stderr, flush=True)
    return code


if __name__ == '__main__':
    sys.exit(main())
