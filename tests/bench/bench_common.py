"""What the benches share: a timed command, a running server, medians and ratios.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager


class Run:
    """One finished command: wall and processor seconds, peak memory in MB, what it printed."""

    def __init__(self, argv, **options):
        start = time.monotonic()
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen([str(a) for a in argv], stdout=out, **options)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.wall = time.monotonic() - start
            out.seek(0)
            self.output = out.read().decode()
        if process.returncode:
            raise RuntimeError(f'{argv[0]} ended with {process.returncode}: {self.output[-500:]}')
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mb = usage.ru_maxrss / 1024


@contextmanager
def server(build, folder, *options, gives_way=False):
    """A kabinet-server on @folder; gives its ready line.

    Outside of benches it has a machine of its own: with @gives_way it works only while nobody else wants the processor."""
    command = [str(build / 'app' / 'server' / 'kabinet-server'), '--data', str(folder), *map(str, options)]
    process = subprocess.Popen(['chrt', '--idle', '0', *command] if gives_way else command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError('kabinet-server did not start')
        yield json.loads(line), process
    finally:
        process.terminate()
        process.wait()


def window_environment(build):
    """The variables that the window needs when it was not installed."""
    env = dict(os.environ)
    dump = subprocess.run(['meson', 'devenv', '-C', str(build), '--dump'], capture_output=True, text=True, check=True).stdout
    for line in dump.splitlines():
        key, _, value = line.partition('=')
        if key in ('GSETTINGS_SCHEMA_DIR', 'XDG_DATA_DIRS'):
            env[key] = value.strip('"').replace(f'${key}', os.environ.get(key, ''))
    return env


def make_profile(folder, ready, name='bench'):
    """A profile of the server in this session's home. Returns the file with its password."""
    config = pathlib.Path(os.environ['XDG_CONFIG_HOME']) / 'kabinet'
    config.mkdir(parents=True, exist_ok=True)
    (config / 'servers.ini').write_text(
        f"[general]\nactive={name}\n\n[server {name}]\nurl={ready['address']}\nuser={ready['user']}\n", encoding='utf-8')
    password = pathlib.Path(folder) / 'password'
    password.touch(mode=0o600)
    password.write_text(ready['password'], encoding='utf-8')
    return password


def run_in_session(top, script, *arguments):
    """Runs @script once more inside of a private X server and bus; returns whether it went well."""
    command = [sys.executable, top / 'tests' / 'ui' / 'session.py', '--', sys.executable, script, *arguments]
    return subprocess.run([str(word) for word in command], check=False).returncode == 0


def median(runs, what):
    return statistics.median(getattr(run, what) for run in runs)


def ratio(ours, theirs, what='wall'):
    """The median of the ratios pair by pair: it holds when the machine's speed drifts."""
    return statistics.median(getattr(a, what) / getattr(b, what) for a, b in zip(ours, theirs))


def row(label, runs, extra=''):
    walls = [r.wall for r in runs]
    print(f'  {label:34} {statistics.median(walls):8.3f} s   ({min(walls):.3f}–{max(walls):.3f})   '
          f'cpu {median(runs, "cpu"):7.3f} s   peak {median(runs, "peak_mb"):6.0f} MB   {extra}', flush=True)
