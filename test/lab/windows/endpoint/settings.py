"""How the endpoint is to behave, from the file that the lab wrote."""
import json
from dataclasses import dataclass, field

RIGHTS = {'query', 'message', 'disconnect', 'logoff', 'reset', 'connect', 'shadow', 'terminate', 'shutdown', 'listeners'}
"""The permissions that WINSTATION_… stand for (MS-TSTS 3.1.1), and those of an administrator."""


@dataclass
class Settings:
    sockets: str
    """smbd's directory of pipe sockets."""
    log: str
    world: str
    """The file of a world, in JSON."""
    written_world: str
    """Where the world is written as it was made."""
    pipes: list
    administrators: list
    """Who has every right that `rights` says nothing of."""
    accounts: list
    require_privacy: bool = False
    fragment: int = 4280
    """Greatest fragment in bytes."""
    fragment_delay: float = 0.0
    """Seconds between two fragments of an answer."""
    rights: dict = field(default_factory=dict)
    """What an account may do, of RIGHTS."""
    control: str | None = None
    """The socket through which a test changes the world; see control.py."""
    absent: list = field(default_factory=list)
    """Methods that this host does not know, as Interface.Method."""
    faults: list = field(default_factory=list)

    def may(self, account, right):
        if right not in RIGHTS:
            raise ValueError(f'no right {right}')
        return right in self.rights[account] if account in self.rights else account in self.administrators


def read(path):
    with open(path, encoding='utf-8') as file:
        return Settings(**json.load(file))
