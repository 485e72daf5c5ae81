"""An RPC interface as a table of methods; `serves` puts a function into it."""
import struct
from typing import Callable, NamedTuple
from uuid import UUID


class Refusal(Exception):
    """Ends a method with an answer that says no: an HRESULT, or for IcaApi an NTSTATUS."""

    def __init__(self, status):
        super().__init__(hex(status))
        self.status = status


class Method(NamedTuple):
    name: str
    serve: Callable
    empty: dict


class Interface:
    """`refused` makes of a status what a method says with it."""

    def __init__(self, name, pipe, uuid, refused=lambda status: {'Return': status}):
        self.name = name
        self.pipe = pipe
        self.syntax = UUID(uuid).bytes_le + struct.pack('<HH', 1, 0)
        self.methods = {}
        self.refused = refused

    def serves(self, opnum, name, **empty):
        """Makes the decorated coroutine the method with this number. It takes a Call and the request's fields, and gives
        the answer's; `empty` are those of an answer that says no, where the request has none to be left unchanged."""

        def put(serve):
            self.methods[opnum] = Method(name, serve, empty)
            return serve

        return put
