"""Pictures of all pages in all looks; text of twice the size; a Hebrew locale.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from kabinet import PAGES, PATIENCE, Kabinet, name_of, output_of, run

LOOKS = {'light-wide': (1280, 800), 'dark-wide': (1280, 800), 'light-narrow': (360, 720), 'dark-narrow': (360, 720)}
FEWEST_COLOURS = 40         # a page with text on it has hundreds, an empty one a few


def check_pictures(build, folder):
    """kabinet --practice --pictures leaves a picture of each page in each look, and ends well."""
    pictures, log = os.path.join(folder, 'pictures of pages'), os.path.join(folder, 'log')
    with open(log, 'w+', encoding='utf-8') as out:
        done = subprocess.run([build.kabinet, '--practice', '--pictures', pictures], stdout=out,
                              stderr=subprocess.STDOUT, timeout=120 * PATIENCE, check=False,
                              env={**os.environ, 'KABINET_PRACTICE_HOSTS': '60'})
        out.seek(0)
        said = out.read()
    assert done.returncode == 0, said
    assert not re.search('WARNING|CRITICAL', said), said
    for page in PAGES:
        brightness = {}
        for look, (width, height) in LOOKS.items():
            path = os.path.join(pictures, f'{page}-{look}.png')
            facts = output_of('identify', '-format', '%w %h %k %[fx:mean]', path).split()
            assert len(facts) == 4, f'{path} is no picture: {facts}'
            assert (int(facts[0]), int(facts[1])) == (width, height), f'{path}: {facts}'
            assert int(facts[2]) >= FEWEST_COLOURS, f'{path} is blank: {facts}'
            brightness[look] = float(facts[3])
        assert brightness['dark-wide'] < .4 < brightness['light-wide'], brightness
        assert brightness['dark-narrow'] < .4 < brightness['light-narrow'], brightness
    for option, value, code in ('--page', 'nope', 2), ('--pictures', '/dev/null/nope', 1):
        refused = subprocess.run([build.kabinet, option, value], capture_output=True, text=True, timeout=60 * PATIENCE, check=False)
        assert refused.returncode == code and value in refused.stderr, refused
    if 'UI_ARTIFACTS' in os.environ:
        shutil.copytree(pictures, os.path.join(os.environ['UI_ARTIFACTS'], 'pictures'), dirs_exist_ok=True)


def walk_pages(window):
    """Each page can be shown, and nothing of the shell hangs over the edge of the window."""
    window.active('Kabinet')
    window.wait(lambda: len(window.find_all('link', within=window.on('overview'))) > 10, 60, 'the fleet')
    _, _, width, height = window.extents(window.find('frame', 'Kabinet'))
    screen = [int(n) for n in output_of('xdotool', 'getdisplaygeometry').split()]
    assert width <= screen[0] and height <= screen[1], f'a window of {width}x{height} on {screen}'
    for page in PAGES:
        node = window.show(page)
        x, _, wide, _ = window.extents(node)
        assert x >= 0 and x + wide <= width, f'{page}: {x}+{wide} in {width}'
        for button in window.find_all('push button', within=node, deep=False):
            left, _, room, _ = window.extents(button)
            assert room == 0 or (left >= 0 and left + room <= width), f'{page}: {name_of(button)} hangs over'
        window.picture(f'{page}-{os.path.basename(os.environ.get("LOOK", "look"))}.png')


def wait_for_settings():
    """Until the settings manager has told the X server of itself."""
    end = time.time() + 5 * PATIENCE
    while not output_of('dump_xsettings') and time.time() < end:
        time.sleep(.05)


def check_large_text(build, folder):
    """Text of 200 %, as the desktop's setting makes it."""
    conf = os.path.join(folder, 'xsettingsd.conf')
    with open(conf, 'w', encoding='utf-8') as file:
        file.write(f'Xft/DPI {96 * 1024 * 2}\n')
    manager = subprocess.Popen(['xsettingsd', '-c', conf], stderr=subprocess.DEVNULL)
    try:
        wait_for_settings()
        with Kabinet(build, '--practice', KABINET_PRACTICE_HOSTS='60') as window:
            os.environ['LOOK'] = 'large'
            walk_pages(window)
            title = window.find('label', 'Updates', window.find('list', 'Pages'))
            assert window.extents(title)[2] > 0, 'the sidebar has no title'
    finally:
        manager.terminate()
        manager.wait()


def check_hebrew(build, folder):
    """A locale that is written from right to left. GTK turns round only what is translated (g_dgettext), which Kabinet
    is not there, so the sidebar stays on its side; with a translation it stands on the other."""
    locales = os.path.join(folder, 'locales')
    os.mkdir(locales)
    subprocess.run(['localedef', '-i', 'he_IL', '-f', 'UTF-8', os.path.join(locales, 'he_IL.UTF-8')],
                   capture_output=True, check=False)
    with Kabinet(build, '--practice', KABINET_PRACTICE_HOSTS='60', LOCPATH=locales, LC_ALL='he_IL.UTF-8',
                 LANGUAGE='') as window:
        os.environ['LOOK'] = 'hebrew'
        walk_pages(window)
        dates = [n.get_name() for n in window.find_all('label', within=window.page('overview'))
                 if re.search('[\u05d0-\u05ea]', n.get_name())]
        assert dates, 'no date is in Hebrew: was the locale taken?'


def test(build):
    with tempfile.TemporaryDirectory(prefix='kab looks ') as folder:
        check_pictures(build, folder)
        check_large_text(build, folder)
        check_hebrew(build, folder)


if __name__ == '__main__':
    sys.exit(run(test))
