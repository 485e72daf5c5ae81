"""What there is on a host: sessions, processes, listeners. All times are FILETIMEs."""
from dataclasses import dataclass, field
from datetime import datetime, timezone

EPOCH = 116444736000000000
TICKS_PER_SECOND = 10_000_000


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
    ends_with: str = 'request'
    """What it takes to end it: a `request` (log off, reset); its `winlogon` must die; all its `processes` must, but csrss;
    `nothing`: with csrss left alone it stays down."""
    ends_after: float = 0.0
    """Seconds between what ends it and its end."""
    forgets: bool = False
    """Whether nobody's name and times are known any more once it is down."""
    heir: dict | None = None
    """The session that has its id as soon as it has ended: what `World.log_on` takes."""
    shadow_answer: int = 0
    """SHADOW_REQUEST_RESPONSE of its user or of the policy: 0 allows, 1 declines, 3 is switched off by policy."""


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
    unkillable: bool = False
    """Whether ending it succeeds without effect."""


@dataclass
class Listener:
    id: int
    name: str
    listening: bool = True


def made(kind, described):
    """A dataclass from JSON whose keys are in camelCase; keys in …Time are moments."""
    values = {}
    for key, value in described.items():
        name = ''.join('_' + letter.lower() if letter.isupper() else letter for letter in key)
        is_time = kind in (Session, Process) and name.endswith('_time') and name not in ('user_time', 'kernel_time')
        values[name] = filetime(value) if is_time else value
    if values.get('client') is not None and kind is Session:
        values['client'] = made(Client, values['client'])
    return kind(**values)
