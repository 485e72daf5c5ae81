"""What runs on the host, and what happens to it."""
import asyncio
import time
from dataclasses import asdict

from generate import generated
from things import EPOCH, TICKS_PER_SECOND, Client, Listener, Process, Session, filetime, made

STATES = ['active', 'connected', 'connect-query', 'shadow', 'disconnected', 'idle', 'listen', 'reset', 'down', 'init']

CREATE, CONNECT, DISCONNECT, LOGON, LOGOFF = 0x1, 0x2, 0x4, 0x8, 0x10
TERMINATE, CONSOLE_CONNECT, CONSOLE_DISCONNECT, LOCK, UNLOCK = 0x80, 0x100, 0x200, 0x400, 0x800

CRITICAL = {'csrss.exe', 'smss.exe', 'wininit.exe', 'lsass.exe', 'services.exe', 'System'}
"""Windows does not survive the end of any of these."""
IMAGES = ['csrss.exe', 'winlogon.exe', 'dwm.exe', 'explorer.exe']
"""What a session that logs on starts with."""
SYSTEM_SID, USER_SID = 'S-1-5-18', 'S-1-5-21-3623811015-3361044348-30300820'
MEBIBYTE = 1 << 20


class World:
    def __init__(self, described, crash):
        """`crash` is called with the reason when the host goes down."""
        if 'generate' in described:
            described = {**described, **generated(described['clock'], **described['generate'])}
        self.computer = described.get('computer', 'ORACLE')
        self.clock = filetime(described['clock']) if 'clock' in described else None
        self.absent = described.get('absent', [])
        self.faults = described.get('faults', [])
        self.listeners = [made(Listener, one) for one in described.get('listeners', [])]
        self.sessions = {one['id']: made(Session, one) for one in described['sessions']}
        self.processes = {one['pid']: made(Process, one) for one in described.get('processes', [])}
        self.handles_follow_ids = described.get('handlesFollowIds', False)
        """Whether an open SESSION_HANDLE stands for whoever has its id now."""
        self.shutdowns = []
        """The flags of every shutdown that was asked for."""
        self.silent = False
        """Whether nobody is told what happens."""
        self.subscriptions = []
        self._crash = crash

    def now(self):
        """The host's clock: it stands still where the world says what time it is."""
        return self.clock if self.clock is not None else EPOCH + time.time_ns() // 100

    def advance(self, seconds):
        """Sets a clock that stands still forward."""
        self.clock += round(seconds * TICKS_PER_SECOND)

    def subscribe(self, subscription):
        self.subscriptions.append(subscription)

    def unsubscribe(self, subscription):
        if subscription in self.subscriptions:
            self.subscriptions.remove(subscription)

    def tell(self, session_id, *events):
        for subscription in [] if self.silent else list(self.subscriptions):
            for event in events:
                subscription.tell(session_id, event)

    def log_on(self, user, id=None, name=None, domain=None, client=None, **more):
        """A new session of a user, connected, with the processes that everybody has. Keys as in a world's file."""
        session_id = id if id is not None else max(self.sessions, default=0) + 1
        if session_id in self.sessions:
            raise ValueError(f'there is a session {session_id} already')
        now = self.now()
        times = {'connectTime': now, 'logonTime': now, 'lastInputTime': now, 'locked': False}
        basis = {'id': session_id, 'name': name or f'RDP-Tcp#{session_id}', 'user': user, 'domain': domain or self.computer}
        client = client or {'name': f'PC-{user.upper()}', 'address': '192.0.2.77', 'width': 1920, 'height': 1080}
        session = made(Session, {**times, **basis, 'client': client, **more})
        self.sessions[session_id] = session
        for image in IMAGES:
            self.start(session_id, image, f'{USER_SID}-{1100 + session_id}' if image == 'explorer.exe' else SYSTEM_SID)
        self.tell(session_id, CREATE, CONNECT, LOGON)
        return session

    def start(self, session_id, image, sid=None, pid=None, **more):
        """A new process; its number is one that no process has."""
        pid = pid if pid is not None else max([4, *self.processes]) // 4 * 4 + 4
        basis = {'pid': pid, 'session': session_id, 'image': image, 'sid': sid, 'createTime': self.now()}
        self.processes[pid] = made(Process, {'workingSet': 16 * MEBIBYTE, **basis, **more})
        return self.processes[pid]

    def disconnect(self, session):
        """The user's programs stay, the client goes. Where nobody is logged on nothing stays."""
        if 'disconnect' in session.stuck:
            return
        if not session.user:
            self.end(session)
            return
        session.state, session.name, session.client = 'disconnected', '', None
        session.disconnect_time = self.now()
        self.tell(session.id, DISCONNECT)

    def reconnect(self, session, name=None, client=None):
        """The user is back at a disconnected session."""
        session.name, session.state = name or f'RDP-Tcp#{session.id}', 'active'
        session.client = client or Client(name='PC-BACK', address='192.0.2.78', width=1280, height=1024)
        session.connect_time = session.last_input_time = self.now()
        session.input_time = None
        self.tell(session.id, CONNECT)

    def connect(self, session, target):
        """tscon: the client of the target shows the session from now on; the target is left disconnected."""
        session.name, session.client, session.protocol = target.name, target.client, target.protocol
        session.state, session.connect_time = 'active', self.now()
        target.state, target.name, target.client = 'disconnected', '', None
        target.disconnect_time = self.now()
        self.tell(target.id, DISCONNECT)
        self.tell(session.id, CONNECT)

    def lock(self, session, locked):
        session.locked = locked
        self.tell(session.id, LOCK if locked else UNLOCK)

    def logoff(self, session):
        if 'logoff' not in session.stuck and session.ends_with == 'request':
            self._end_later(session, LOGOFF)

    def reset(self, session):
        if 'reset' not in session.stuck and session.ends_with == 'request':
            self._end_later(session)

    def terminate(self, process):
        """Ends a process; with its winlogon a session ends too, if nothing holds it."""
        session = self.sessions.get(process.session)
        if process.unkillable or (session is not None and 'terminate' in session.stuck):
            return
        del self.processes[process.pid]
        if process.image in CRITICAL:
            self._crash(f'{process.image} of session {process.session} was terminated')
        elif session is not None and session.kind != 'services':
            self._go_on_without(session, process)

    def _go_on_without(self, session, process):
        if process.image == 'winlogon.exe' and session.ends_with in ('request', 'winlogon'):
            self._end_later(session)
            return
        if process.image == 'winlogon.exe':
            self._go_down(session)
        left = [one for one in self.processes.values() if one.session == session.id and one.image != 'csrss.exe']
        if session.ends_with == 'processes' and not left:
            self._end_later(session)

    def _go_down(self, session):
        was_seen = session.state in ('active', 'connected')
        session.state, session.name, session.client = 'down', '', None
        if session.forgets:
            session.user = session.domain = ''
            session.connect_time = session.disconnect_time = session.logon_time = session.last_input_time = 0
        self.tell(session.id, *([DISCONNECT] if was_seen else []))

    def _end_later(self, session, *events):
        if session.ends_after == 0:
            self.end(session, *events)
        else:
            asyncio.get_running_loop().call_later(session.ends_after, self.end, session, *events)

    def end(self, session, *events):
        """Whatever holds it: it is gone, and its heir takes its id."""
        if self.sessions.get(session.id) is not session:
            return
        for process in [one for one in self.processes.values() if one.session == session.id]:
            del self.processes[process.pid]
        del self.sessions[session.id]
        if session.state in ('active', 'connected'):
            events = (*events, DISCONNECT)
        self.tell(session.id, *events, TERMINATE)
        if session.heir is not None:
            self.log_on(**{**session.heir, 'id': session.id})

    def described(self):
        """All that there is, for a test to compare with. FILETIMEs are decimal strings: a number of JSON may lose digits."""
        return {
            'computer': self.computer,
            'now': str(self.now()),
            'listeners': [asdict(one) for one in self.listeners],
            'sessions': [_with_digits(asdict(one)) for one in self.sessions.values()],
            'processes': [_with_digits(asdict(one)) for one in self.processes.values()],
            'shutdowns': self.shutdowns,
        }


def _with_digits(values):
    is_time = lambda name, value: name.endswith('_time') and value is not None
    return {name: str(value) if is_time(name, value) else value for name, value in values.items()}
