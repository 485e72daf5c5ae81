"""The unix sockets through which smbd hands over a pipe that it does not serve itself.

Samba's named_pipe_auth: a request of smbd that tells who the client is, an answer, then messages either way, each
behind its length (16 bits, little-endian).
"""
import asyncio
import re
import struct

MAGIC = b'NPAM'
LEVEL = 7
LONGEST_REQUEST = 1 << 20
MESSAGE_MODE_PIPE = 2
DEVICE_STATE = 0x05FF
ALLOCATION_SIZE = 4096


async def accept(reader, writer, accounts):
    """Answers the handshake; gives the name of the account that logged on over SMB, in lower case, or None."""
    length = struct.unpack('>I', await reader.readexactly(4))[0]
    if length > LONGEST_REQUEST:
        raise ValueError(f'a handshake of {length} bytes')
    request = await reader.readexactly(length)
    magic, level, _ = struct.unpack_from('<4sII', request)
    if magic != MAGIC or level != LEVEL:
        raise ValueError(f'smbd speaks level {level} of named_pipe_auth, not {LEVEL}')
    reply = MAGIC + struct.pack(
        '<IIHHIQI', LEVEL, LEVEL, MESSAGE_MODE_PIPE, DEVICE_STATE, 0, ALLOCATION_SIZE, 0
    )
    writer.write(struct.pack('>I', len(reply)) + reply)
    return account_in(request[12:], accounts)


def account_in(info, accounts):
    """The first of the accounts that the request has as an NDR string of UTF-8 (varying, with its terminator)."""
    found = []
    for account in accounts:
        text = account.encode() + b'\0'
        pattern = re.escape(struct.pack('<III', len(text), 0, len(text)) + text)
        match = re.search(pattern, info, re.IGNORECASE)
        if match is not None:
            found.append((match.start(), account.lower()))
    return min(found)[1] if found else None


async def read_message(reader):
    """The next message of the client; None when the pipe was closed."""
    try:
        length = struct.unpack('<H', await reader.readexactly(2))[0]
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


async def write_message(writer, message):
    writer.write(struct.pack('<H', len(message)) + message)
    await writer.drain()
