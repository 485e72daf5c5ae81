"""Worlds that are too big to be written down: the same seed makes the same world."""
import random
from datetime import datetime, timedelta

FIRST_NAMES = 'anna ben clara david emma finn greta hugo ida jan käthe léo mia nils olga paul renée søren tomáš ursula'.split()
LAST_NAMES = 'ahrens bauer çelik dvořák evans fournier garcía huber ivanova jansen kowalski łukasz müller nguyễn'.split()
OTHER_NAMES = ['佐藤花子', '김민준', 'Мария', 'Γιώργος', 'محمد', 'דוד', 'สมชาย', 'प्रिया']
SYSTEM_IMAGES = ['csrss.exe', 'winlogon.exe', 'dwm.exe', 'fontdrvhost.exe']
USER_IMAGES = ['explorer.exe', 'EXCEL.EXE', 'OUTLOOK.EXE', 'WINWORD.EXE', 'chrome.exe', 'msedge.exe', 'Teams.exe', 'erp.exe']
DOMAIN_SID = 'S-1-5-21-1004336348-1177238915-682003330'
MEBIBYTE = 1 << 20


def generated(clock, seed, sessions, processes):
    """Sessions and processes as a world's file has them. Session 0, the console, then as many users as there is room for."""
    dice = random.Random(seed)
    now = datetime.fromisoformat(clock)
    users = [_session(dice, now, number) for number in range(2, sessions)]
    everyone = [
        {'id': 0, 'name': 'Services', 'state': 'disconnected', 'kind': 'services', 'protocol': 0},
        {'id': 1, 'name': 'Console', 'state': 'connected', 'protocol': 0},
        *users,
    ]
    return {'sessions': everyone, 'processes': _processes(dice, now, users, processes)}


def _session(dice, now, number):
    logon = now - timedelta(minutes=dice.randrange(5, 3000))
    is_connected = dice.random() < 0.65
    last_input = now - timedelta(seconds=dice.randrange(0, int((now - logon).total_seconds())))
    other = dice.random() < 0.1
    user = dice.choice(OTHER_NAMES) if other else f'{dice.choice(FIRST_NAMES)}.{dice.choice(LAST_NAMES)}'
    session = {
        'id': number,
        'name': f'RDP-Tcp#{number}' if is_connected else '',
        'state': 'active' if is_connected else 'disconnected',
        'user': f'{user}{number}',
        'domain': dice.choice(['ORACLE', 'CORP', 'AUSSENSTELLE']),
        'connectTime': logon.isoformat(),
        'logonTime': logon.isoformat(),
        'lastInputTime': last_input.isoformat(),
        'disconnectTime': 0 if is_connected else last_input.isoformat(),
        'locked': dice.random() < 0.2,
        'bytesIn': dice.randrange(1 << 31),
        'bytesOut': dice.randrange(1 << 32),
    }
    if is_connected:
        session['client'] = _client(dice, number)
    return session


def _client(dice, number):
    width, height = dice.choice([(1920, 1080), (2560, 1440), (1366, 768), (3840, 2160)])
    address = f'10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}'
    return {'name': f'PC-{number:04}', 'address': address, 'width': width, 'height': height, 'build': 26100}


def _processes(dice, now, users, count):
    rows = [{'pid': 4, 'session': 0, 'image': 'System', 'workingSet': 147456, 'threads': 300}]
    for user in users:
        for image in SYSTEM_IMAGES:
            rows.append(_process(dice, len(rows), user, image, now))
    while len(rows) < count:
        owner = users[len(rows) % len(users)]
        rows.append(_process(dice, len(rows), owner, dice.choice(USER_IMAGES), now))
    return rows


def _process(dice, number, user, image, now):
    is_system = image in SYSTEM_IMAGES
    return {
        'pid': 4 * (number + 100),
        'session': user['id'],
        'image': image,
        'sid': 'S-1-5-18' if is_system else f'{DOMAIN_SID}-{1000 + user["id"]}',
        'parent': 0,
        'createTime': (now - timedelta(minutes=dice.randrange(1, 600))).isoformat(),
        'userTime': dice.randrange(10**9),
        'kernelTime': dice.randrange(10**9),
        'workingSet': dice.randrange(2, 12 if is_system else 700) * MEBIBYTE,
        'private': dice.randrange(2, 500) * MEBIBYTE,
        'threads': dice.randrange(2, 60),
        'handles': dice.randrange(50, 3000),
    }
