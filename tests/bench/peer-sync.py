#!/usr/bin/env python3
"""The peer of the sync bench: the least a script can do for the same rows over the same transport.

peer-sync.py full|changes DATABASE URL USER PASSWORD CA — asks the server's bulk routes, reads every line with the json module
and writes one row for each update, host and (host, update) pair into SQLite, in one transaction. Prints what it wrote.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import gzip
import json
import os
import sqlite3
import ssl
import sys
import urllib.request

SCHEMA = """
CREATE TABLE IF NOT EXISTS updates (n INTEGER PRIMARY KEY, update_id TEXT, title TEXT, severity TEXT, product TEXT,
                                    classification TEXT, kbids TEXT, urls TEXT, changetime TEXT, downloaded_on TEXT);
CREATE TABLE IF NOT EXISTS hosts (uuid TEXT PRIMARY KEY, id INTEGER, line TEXT);
CREATE TABLE IF NOT EXISTS states (host INTEGER, n INTEGER, state INTEGER, flags INTEGER, installed_at INTEGER, result INTEGER,
                                   PRIMARY KEY (host, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
"""


def lines_of(url, user, password, ca):
    """The answer's lines; asks for gzip only over a real network, as our own client does."""
    token = base64.b64encode(f'{user}:{password}'.encode()).decode()
    request = urllib.request.Request(url, headers={'Authorization': f'Basic {token}'})
    context = ssl.create_default_context(cafile=ca) if url.startswith('https') else None
    with urllib.request.urlopen(request, context=context, timeout=120) as answer:
        stream = gzip.GzipFile(fileobj=answer) if answer.headers.get('Content-Encoding') == 'gzip' else answer
        yield from stream


def read_updates(db, base, since, *account):
    for line in lines_of(f'{base}/updates?since={since}', *account):
        row = json.loads(line)
        if 'update_id' in row:
            db.execute('INSERT OR REPLACE INTO updates VALUES (?,?,?,?,?,?,?,?,?,?)',
                       (row['n'], row['update_id'], row.get('title'), row.get('severity'), row.get('product'),
                        row.get('classification'), json.dumps(row.get('kbids')), json.dumps(row.get('download_urls')),
                        row.get('changetime'), row.get('downloaded_on')))


def read_states(db, base, since, *account):
    next_id = db.execute('SELECT coalesce(max(id), 0) FROM hosts').fetchone()[0]
    known = dict(db.execute('SELECT uuid, id FROM hosts'))
    counter = since
    for line in lines_of(f'{base}/states?since={since}', *account):
        row = json.loads(line)
        if 'kabinet_bulk' in row:
            counter = row['counter']
        elif 'uuid' in row:
            host = known.get(row['uuid'])
            if host is None:
                next_id += 1
                host = next_id
            flat = row.pop('states', None)
            db.execute('INSERT OR REPLACE INTO hosts VALUES (?,?,?)', (row['uuid'], host, json.dumps(row)))
            if flat is not None:
                if since:
                    db.execute('DELETE FROM states WHERE host = ?', (host,))
                it = iter(flat)
                db.executemany('INSERT INTO states VALUES (?,?,?,?,?,?)', ((host, *five) for five in zip(it, it, it, it, it)))
    return counter


def main():
    mode, path, url, *account = sys.argv[1:]
    base = url.rstrip('/') + '/api/kabinet/v1'
    if mode == 'full' and os.path.exists(path):
        os.unlink(path)
    db = sqlite3.connect(path)
    db.executescript(SCHEMA)
    db.execute('PRAGMA journal_mode=WAL')
    db.execute('PRAGMA synchronous=NORMAL')
    since = int((db.execute("SELECT value FROM facts WHERE name = 'counter'").fetchone() or [0])[0]) if mode == 'changes' else 0
    with db:
        read_updates(db, base, since, *account)
        counter = read_states(db, base, since, *account)
        db.execute("INSERT OR REPLACE INTO facts VALUES ('counter', ?)", (counter,))
    print(json.dumps({name: db.execute(f'SELECT count(*) FROM {name}').fetchone()[0] for name in ('updates', 'hosts', 'states')}))


if __name__ == '__main__':
    main()
