"""Connection-oriented PDUs of DCE/RPC as a server reads and writes them (C706 chapter 12, MS-RPCE 2.2.2)."""
import struct
from typing import NamedTuple

REQUEST = 0
RESPONSE = 2
FAULT = 3
BIND = 11
BIND_ACK = 12
ALTER_CONTEXT = 14
ALTER_CONTEXT_RESPONSE = 15
AUTH3 = 16
CANCEL = 18
ORPHANED = 19

FIRST = 0x01
LAST = 0x02
HEADER_SIGNING = 0x04
CONCURRENT = 0x10
DID_NOT_EXECUTE = 0x20
OBJECT = 0x80

HEADER_LENGTH = 16
TRAILER_LENGTH = 8
LITTLE_ENDIAN = 0x00000010

ACCEPTED = (0, 0)
NO_SUCH_INTERFACE = (2, 1)
NO_SUCH_TRANSFER_SYNTAX = (2, 2)
NEGOTIATED = 3


class Trailer(NamedTuple):
    auth_type: int
    level: int
    pad_length: int
    context_id: int
    raw: bytes


class Pdu(NamedTuple):
    type: int
    flags: int
    call_id: int
    raw: bytes
    body: bytes
    trailer: Trailer | None
    token: bytes


def length_of(buffer):
    """How long the PDU at the start of the buffer is; None while its header is not there."""
    if len(buffer) < HEADER_LENGTH:
        return None
    version, representation, length = buffer[0], struct.unpack_from('<I', buffer, 4)[0], struct.unpack_from('<H', buffer, 8)[0]
    if version != 5 or representation != LITTLE_ENDIAN or length < HEADER_LENGTH:
        raise ValueError(f'not a PDU: {buffer[:HEADER_LENGTH].hex()}')
    return length


def read(raw):
    type_, flags, auth_length, call_id = raw[2], raw[3], *struct.unpack_from('<HI', raw, 10)
    if auth_length == 0:
        return Pdu(type_, flags, call_id, raw, raw[HEADER_LENGTH:], None, b'')
    at = len(raw) - auth_length - TRAILER_LENGTH
    if at < HEADER_LENGTH:
        raise ValueError('an authentication token longer than its PDU')
    auth_type, level, pad_length, _, context_id = struct.unpack_from('<BBBBI', raw, at)
    trailer = Trailer(auth_type, level, pad_length, context_id, raw[at : at + TRAILER_LENGTH])
    return Pdu(type_, flags, call_id, raw, raw[HEADER_LENGTH:at], trailer, raw[at + TRAILER_LENGTH :])


def header(type_, flags, call_id, length, auth_length=0):
    return struct.pack('<BBBBIHHI', 5, 0, type_, flags, LITTLE_ENDIAN, length, auth_length, call_id)


def write(type_, flags, call_id, body, trailer=b'', token=b''):
    """A PDU that nothing signs; its token, where it has one, follows a trailer of eight bytes."""
    length = HEADER_LENGTH + len(body) + len(trailer) + len(token)
    return header(type_, flags, call_id, length, len(token)) + body + trailer + token


def trailer(security, pad_length=0):
    return struct.pack('<BBBBI', security.auth_type, security.level, pad_length, 0, security.context_id)


class Context(NamedTuple):
    id: int
    interface: bytes
    transfer_syntaxes: list


def contexts(body):
    """What a bind or alter_context proposes: its greatest fragments, its group, its contexts."""
    transmit, receive, group, count = struct.unpack_from('<HHIB', body)
    at = 12
    proposed = []
    for _ in range(count):
        context_id, syntaxes = struct.unpack_from('<HB', body, at)
        interface = body[at + 4 : at + 24]
        at += 24
        proposed.append(Context(context_id, interface, [body[at + 20 * n : at + 20 * n + 20] for n in range(syntaxes)]))
        at += 20 * syntaxes
    return transmit, receive, group, proposed


def accepted(transmit, receive, group, address, results):
    """The body of a bind_ack; results are (result, reason, transfer syntax)."""
    named = struct.pack('<H', len(address)) + address
    body = struct.pack('<HHI', transmit, receive, group) + named
    body += b'\0' * (-len(body) % 4) + struct.pack('<BBH', len(results), 0, 0)
    return body + b''.join(struct.pack('<HH', result, reason) + syntax for result, reason, syntax in results)
