"""How the endpoint is to behave, from the file that the lab wrote."""
import json
from dataclasses import dataclass, field


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
    accounts: list
    require_privacy: bool = False
    fragment: int = 4280
    """Greatest fragment in bytes."""
    fragment_delay: float = 0.0
    """Seconds between two fragments of an answer."""
    absent: list = field(default_factory=list)
    """Methods that this host does not know, as Interface.Method."""
    faults: list = field(default_factory=list)


def read(path):
    with open(path, encoding='utf-8') as file:
        return Settings(**json.load(file))
