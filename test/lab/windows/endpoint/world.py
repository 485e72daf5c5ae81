"""What runs on the host: sessions, processes, listeners, and what happens to them. All times are FILETIMEs."""
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone

from generate import generated

EPOCH = 116444736000000000
TICKS_PER_SECOND = 10_000_000

STATES = ['active', 'connected', 'connect-query', 'shadow', 'disconnected', 'idle', 'listen', 'reset', 'down', 'init']

CREATE, CONNECT, DISCONNECT, LOGON, LOGOFF = 0x1, 0x2, 0x4, 0x8, 0x10
TERMINATE, CONSOLE_CONNECT, CONSOLE_DISCONNECT, LOCK, UNLOCK = 0x80, 0x100, 0x200, 0x400, 0x800


def filetime(moment):
    """An ISO 8601 moment, or a FILETIME as it stands: nonsense must be possible."""
    if isinstance(moment, int):
        return moment
    seconds = datetime.fromisoformat(moment).astimezone(timezone.utc).timestamp()
    return EPOCH + round(seconds * 1000) * (TICKS_PER_SECOND // 1000)


@dataclass
class Client:
    """What the machine in front of the user says of itself, and where its packets come from."""

    name: str = ''
    address: str = ''
    peer: str | None = None
    """Transport address where it is not `address`."""
    width: int = 0
    height: int = 0
    depth: int = 32
    build: int = 0
    directory: str = ''
    time_zone: str = ''


@dataclass
class Session:
    id: int
    name: str = ''
    state: str = 'active'
    user: str = ''
    domain: str = ''
    connect_time: int = 0
    disconnect_time: int = 0
    logon_time: int = 0
    last_input_time: int = 0
    input_time: int | None = None
    """What RCMPublic says of the last input, where that is another time."""
    locked: bool | None = None
    kind: str = 'desktop'
    protocol: int = 2
    """0 console, 1 ICA, 2 RDP."""
    client: Client | None = None
    bytes_in: int = 0
    bytes_out: int = 0
    enumerated: bool = True
    answer: int | None = None
    """The button that its user presses on a message (IDOK 1 … IDNO 7); None: nobody answers."""
    answer_after: float = 0.0
    """Seconds."""
    stuck: list = field(default_factory=list)
    """Acts that succeed without effect: logoff, disconnect, reset, terminate."""


@dataclass
class Process:
    pid: int
    session: int
    image: str
    sid: str | None = None
    parent: int = 0
    create_time: int = 0
    user_time: int = 0
    kernel_time: int = 0
    working_set: int = 0
    """Bytes, as all of memory."""
    peak_working_set: int = 0
    private: int = 0
    virtual: int = 0
    threads: int = 1
    handles: int = 0


@dataclass
class Listener:
    id: int
    name: str
    listening: bool = True


def _of(kind, described):
    """A dataclass from JSON whose keys are in camelCase; keys in …Time are moments."""
    values = {}
    for key, value in described.items():
        name = ''.join('_' + letter.lower() if letter.isupper() else letter for letter in key)
        is_time = kind in (Session, Process) and name.endswith('_time') and name not in ('user_time', 'kernel_time')
        values[name] = filetime(value) if is_time else value
    if values.get('client') is not None and kind is Session:
        values['client'] = _of(Client, values['client'])
    return kind(**values)


class World:
    def __init__(self, described):
        if 'generate' in described:
            described = {**described, **generated(described['clock'], **described['generate'])}
        self.computer = described.get('computer', 'ORACLE')
        self.clock = filetime(described['clock']) if 'clock' in described else None
        self.absent = described.get('absent', [])
        self.faults = described.get('faults', [])
        self.listeners = [_of(Listener, one) for one in described.get('listeners', [])]
        self.sessions = {one['id']: _of(Session, one) for one in described['sessions']}
        self.processes = {one['pid']: _of(Process, one) for one in described.get('processes', [])}
        self.subscriptions = []

    def now(self):
        """The host's clock: it stands still where the world says what time it is."""
        return self.clock if self.clock is not None else EPOCH + time.time_ns() // 100

    def subscribe(self, subscription):
        self.subscriptions.append(subscription)

    def unsubscribe(self, subscription):
        if subscription in self.subscriptions:
            self.subscriptions.remove(subscription)

    def _tell(self, session_id, *events):
        for subscription in list(self.subscriptions):
            for event in events:
                subscription.tell(session_id, event)

    def disconnect(self, session):
        """The user's programs stay, the client goes. Where nobody is logged on nothing stays."""
        if 'disconnect' in session.stuck:
            return
        if not session.user:
            self._remove(session)
            return
        session.state, session.name, session.client = 'disconnected', '', None
        session.disconnect_time = self.now()
        self._tell(session.id, DISCONNECT)

    def connect(self, session, target):
        """tscon: the client of the target shows the session from now on; the target is left disconnected."""
        session.name, session.client, session.protocol = target.name, target.client, target.protocol
        session.state, session.connect_time = 'active', self.now()
        target.state, target.name, target.client = 'disconnected', '', None
        target.disconnect_time = self.now()
        self._tell(target.id, DISCONNECT)
        self._tell(session.id, CONNECT)

    def logoff(self, session):
        if 'logoff' not in session.stuck:
            self._remove(session, LOGOFF)

    def reset(self, session):
        if 'reset' not in session.stuck:
            self._remove(session)

    def terminate(self, process):
        """Ends a process; with its winlogon or csrss a session ends too."""
        session = self.sessions.get(process.session)
        if session is not None and 'terminate' in session.stuck:
            return
        del self.processes[process.pid]
        if session is not None and session.kind != 'services' and process.image in ('winlogon.exe', 'csrss.exe'):
            self._remove(session)

    def _remove(self, session, *events):
        for process in [one for one in self.processes.values() if one.session == session.id]:
            del self.processes[process.pid]
        del self.sessions[session.id]
        if session.state in ('active', 'connected'):
            events = (*events, DISCONNECT)
        self._tell(session.id, *events, TERMINATE)

    def described(self):
        """All that there is, for a test to compare with. FILETIMEs are decimal strings: a number of JSON may lose digits."""
        return {
            'computer': self.computer,
            'now': str(self.now()),
            'listeners': [asdict(one) for one in self.listeners],
            'sessions': [_with_digits(asdict(one)) for one in self.sessions.values()],
            'processes': [_with_digits(asdict(one)) for one in self.processes.values()],
        }


def _with_digits(values):
    is_time = lambda name, value: name.endswith('_time') and value is not None
    return {name: str(value) if is_time(name, value) else value for name, value in values.items()}
