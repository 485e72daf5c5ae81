"""Lists the sessions of Windows hosts with impacket, as a peer of Usher's benchmarks: a process for each host that it speaks to at once.

The first line of its input says who lists what: {"user", "password", "places": [{"address", "port"}], "parallel"}. For each line `cold` it
connects to all places anew and lists them; for each `warm` it lists them again over the connections that it kept. It answers with one
line: the milliseconds that passed, those of processor time, and the rows.
"""
import json
import multiprocessing
import sys
import time
from datetime import datetime

from impacket.dcerpc.v5 import tsts
from impacket.smbconnection import SMBConnection

EPOCH = datetime(1970, 1, 1)
NEVER = datetime(1601, 1, 1)
ACTIVE = 0
LISTEN = 6


def instant(moment):
    """Milliseconds since 1970; none where there was none."""
    if moment == NEVER:
        return None
    since = moment - EPOCH
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000


class Host:
    """One that is connected to, with a pipe for each interface."""

    def __init__(self, task, at):
        place = task['places'][at]
        domain, user = task['user'].split('\\')
        self.at = at
        self.connection = SMBConnection(place['address'], place['address'], sess_port=place['port'])
        self.connection.login(user, task['password'], domain)
        parts = (self.connection, place['address'], False)
        self.enumeration = tsts.TermSrvEnumeration(*parts)
        self.sessions = tsts.TermSrvSession(*parts)
        self.public = tsts.RCMPublic(*parts)

    def close(self):
        for pipe in (self.enumeration, self.sessions, self.public):
            pipe.__exit__(None, None, None)
        self.connection.close()

    def list(self):
        handle = self.enumeration.hRpcOpenEnum()
        entries = self.enumeration.hRpcGetEnumResult(handle, Level=1)['ppSessionEnumResult']
        self.enumeration.hRpcCloseEnum(handle)
        rows = [self.row(entry['SessionInfo']['SessionEnum_Level1']) for entry in entries]
        return [row for row in rows if row is not None]

    def row(self, entry):
        session, state = entry['SessionId'], entry['State']
        answer = self.sessions.hRpcGetSessionInformationEx(session)
        info = answer['LSMSessionInfoExPtr']['LSM_SessionInfo_Level1']
        # Services and listeners have no input.
        if session == 0 or state == LISTEN:
            return None
        last_input = instant(self.public.hRpcGetLastInputTime(session)['pLastInputTime'])
        client = self.public.hRpcGetClientData(session) if state == ACTIVE else None
        if info['UserName'] == '':
            return None
        return {
            'host': self.at,
            'id': session,
            'user': info['UserName'],
            'domain': info['DomainName'],
            'state': state,
            'client': '' if client is None else client['ppBuff']['ClientName'],
            'logonAt': instant(info['LogonTime']),
            'inputAt': last_input,
        }


def work(task, orders, next_host, answers):
    """One of the processes: takes hosts as long as there are any, and keeps those that it took."""
    hosts = {}
    for order in iter(orders.get, None):
        if order == 'close':
            for host in hosts.values():
                host.close()
            hosts.clear()
            answers.put(0)
            continue
        spent = time.process_time()
        rows = []
        if order == 'cold':
            for at in iter(lambda: taken(next_host, len(task['places'])), None):
                hosts[at] = Host(task, at)
                rows += hosts[at].list()
        else:
            for host in hosts.values():
                rows += host.list()
        answers.put((time.process_time() - spent, rows))


def taken(next_host, count):
    with next_host.get_lock():
        if next_host.value == count:
            return None
        next_host.value += 1
        return next_host.value - 1


def main():
    task = json.loads(sys.stdin.readline())
    next_host = multiprocessing.Value('i', 0)
    answers = multiprocessing.Queue()
    orders = [multiprocessing.Queue() for _ in range(task['parallel'])]
    processes = [multiprocessing.Process(target=work, args=(task, own, next_host, answers)) for own in orders]
    for process in processes:
        process.start()

    def everybody(order):
        for own in orders:
            own.put(order)
        return [] if order is None else [answers.get() for _ in orders]

    for line in sys.stdin:
        order = line.strip()
        if order == 'cold':
            everybody('close')
            next_host.value = 0
        began = time.monotonic()
        parts = everybody(order)
        took = time.monotonic() - began
        rows = [row for _, own in parts for row in own]
        answer = {'took': took * 1000, 'cpu': sum(spent for spent, _ in parts) * 1000, 'rows': rows}
        print(json.dumps(answer), flush=True)
    everybody(None)
    for process in processes:
        process.join()


main()
