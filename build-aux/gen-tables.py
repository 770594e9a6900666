#!/usr/bin/env python3
"""Makes C of the tables in data/tables.

gen-tables.py result-codes IN.csv OUT.c
gen-tables.py categories CLASSIFICATIONS.csv PRODUCTS.csv OUT.c
gen-tables.py --all FOLDER      everything, from data/tables; for the extraction of translatable texts

A table with a wrong header, a malformed or repeated key or a short line is an error: nothing is written.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import pathlib
import re
import sys

GUID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')
CODE = re.compile(r'0x[0-9A-F]{8}')
TABLES = pathlib.Path(__file__).resolve().parent.parent / 'data' / 'tables'


def read_table(path, header, key):
    with open(path, encoding='utf-8', newline='') as file:
        rows = list(csv.reader(file, strict=True))
    if not rows or rows[0] != header:
        raise SystemExit(f'{path}: the header is not {",".join(header)}')
    seen = set()
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise SystemExit(f'{path}, line {number}: {len(row)} fields, not {len(header)}')
        if not key.fullmatch(row[0]) or row[0] in seen:
            raise SystemExit(f'{path}, line {number}: {row[0]!r} is malformed or repeated')
        seen.add(row[0])
    return [dict(zip(header, row)) for row in rows[1:]]


def quote(text):
    """A C literal. Bytes that are not ASCII as octal, which cannot swallow the digit behind it."""
    out = []
    for char in text:
        if char in '"\\':
            out.append('\\' + char)
        elif char == '?':
            out.append('\\?')       # no trigraphs
        elif char.isprintable():
            out.append(char)
        else:
            out += [f'\\{byte:03o}' for byte in char.encode()]
    return '"' + ''.join(out) + '"'


def translatable(text):
    return f'N_ ({quote(text)})' if text else '""'


def head(source, header):
    return (f'/* Made from {source} by build-aux/gen-tables.py.\n * SPDX-License-Identifier: GPL-3.0-or-later */\n\n'
            f'#include "config.h"\n\n#include <glib/gi18n-lib.h>\n\n#include "{header}"\n\n')


def make_result_codes(source, target):
    rows = read_table(source, ['code', 'symbol', 'meaning', 'remedy'], CODE)
    rows.sort(key=lambda row: int(row['code'], 16))
    lines = [head(pathlib.Path(source).name, 'kab-result-code-table.h'),
             'const KabResultCode kab_result_code_table[] = {\n']
    for row in rows:
        lines.append(f'  {{ {row["code"]}u, {quote(row["symbol"])},\n    {translatable(row["meaning"])},\n'
                     f'    {translatable(row["remedy"])} }},\n')
    lines.append(f'}};\n\nconst guint kab_n_result_codes = {len(rows)};\n')
    pathlib.Path(target).write_text(''.join(lines), encoding='utf-8')


def make_categories(classifications, products, target):
    classes = read_table(classifications, ['guid', 'name', 'wapt_name', 'in_offline_catalogue', 'observed_2026_05',
                                           'meaning'], GUID)
    goods = read_table(products, ['guid', 'name', 'kind', 'group', 'sources'], GUID)
    lines = [head('wua-classifications.csv and wua-products.csv', 'kab-category-table.h'),
             'const KabClassification kab_classification_table[] = {\n']
    for row in classes:
        in_catalogue = 'TRUE' if row['in_offline_catalogue'] in ('yes', 'rare') else 'FALSE'
        lines.append(f'  {{ {quote(row["guid"])}, {quote(row["name"])}, {quote(row["wapt_name"])},\n'
                     f'    {translatable(row["meaning"])}, {in_catalogue} }},\n')
    lines.append(f'}};\n\nconst guint kab_n_classifications = {len(classes)};\n\n'
                 'const KabProduct kab_product_table[] = {\n')
    for row in goods:
        lines.append(f'  {{ {quote(row["guid"])}, {quote(row["name"])}, {quote(row["kind"])}, '
                     f'{quote(row["group"])} }},\n')
    lines.append(f'}};\n\nconst guint kab_n_products = {len(goods)};\n')
    pathlib.Path(target).write_text(''.join(lines), encoding='utf-8')


def main():
    match sys.argv[1:]:
        case ['result-codes', source, target]:
            make_result_codes(source, target)
        case ['categories', classifications, products, target]:
            make_categories(classifications, products, target)
        case ['--all', folder]:
            folder = pathlib.Path(folder)
            make_result_codes(TABLES / 'wua-errors.csv', folder / 'kab-result-code-table.c')
            make_categories(TABLES / 'wua-classifications.csv', TABLES / 'wua-products.csv',
                            folder / 'kab-category-table.c')
        case _:
            raise SystemExit(__doc__)


if __name__ == '__main__':
    main()
