"""reencode.py STUBS: decodes each response of a simulated host with impacket's structures, writes it again, and compares.

STUBS has one JSON object a line: `call`, such as TermSrvSession.RpcLogoff, and `response` in hexadecimal. Prints one JSON object:
by call, how many stubs impacket's own structures gave back byte for byte but for padding (`same`), how many did so once a known
error of impacket was mended (`mended`), and what is wrong with any other (`different`).
"""
import json
import logging
import os
import struct
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'endpoint'))

from impacket.dcerpc.v5 import rrp, tsts  # noqa: E402

import corrections  # noqa: E402

# What impacket fills gaps with.
PADDING = {0x00, 0xAA, 0xAB, 0xBB, 0xBC, 0xBF, 0xCA, 0xCB, 0xCC, 0xCE, 0xDD, 0xEE, 0xEF}
IPV4 = 2


COUNTER = struct.Struct('<IB3xI4xq')


def counters(begin, end):
    """An array of TS_COUNTER behind `begin` bytes and before `end`, as the IDL has it: read and written again."""

    def write_again(stub):
        head = begin + (-begin % 4)
        count = struct.unpack_from('<I', stub, head)[0]
        first = head + 4 + (-(head + 4) % 8)
        found = [COUNTER.unpack_from(stub, first + COUNTER.size * at) for at in range(count)]
        written = stub[:begin].ljust(head, b'\0') + struct.pack('<I', len(found))
        written = written.ljust(first, b'\0') + b''.join(COUNTER.pack(*one) for one in found)
        return written + stub[len(stub) - end :]

    return write_again


def remote_address(stub):
    """RCM_REMOTEADDRESS as the IDL has it: its address, written again."""
    if struct.unpack_from('<H', stub)[0] == IPV4:
        address, scope, end = stub[8:12], 0, 20
    else:
        address, scope, end = stub[12:28], struct.unpack_from('<I', stub, 28)[0], 32
    return corrections.RpcGetRemoteAddressResponse(address, struct.unpack_from('<I', stub, end)[0], scope)


def by(structure):
    return lambda stub: structure(stub).getData()


# What impacket 0.13.1 has wrong, and how the stub is read instead.
KNOWN_ERRORS = {
    'RpcCloseSession': ('lacks the handle', by(corrections.RpcCloseSessionResponse)),
    'RpcGetUserName': ('reads strings without offset and count', by(corrections.RpcGetUserNameResponse)),
    'RpcGetTerminalName': ('reads strings without offset and count', by(corrections.RpcGetTerminalNameResponse)),
    'RpcGetSessionInformation': ('reads strings without offset and count', by(corrections.RpcGetSessionInformationResponse)),
    'RpcGetSessionCounters': ('takes a reference for a unique pointer', counters(0, 4)),
    'RpcGetSessionIds': ('takes ids for 8 bytes', by(corrections.RpcGetSessionIdsResponse)),
    'RpcGetClientData': ('does not count the bytes of the structure', by(corrections.RpcGetClientDataResponse)),
    'RpcGetConfigData': ('does not count the bytes of the structure', by(corrections.RpcGetConfigDataResponse)),
    'RpcGetProtocolStatus': ('has other fields', by(corrections.RpcGetProtocolStatusResponse)),
    'RpcGetRemoteAddress': ('has the family once', remote_address),
    'RpcWinStationGetTermSrvCountersValue': ('takes a reference for a unique pointer', counters(4, 1)),
    # It is not there; the counts of names, which are all that differs from the older call, are told in the stub.
    'RpcWinStationGetAllProcesses_NT6': ('lacks the call', by(tsts.RpcWinStationGetAllProcessesResponse)),
}


def agree(theirs, ours):
    """Whether they are the same but for padding: impacket fills it, and we have zeros there."""
    same = len(theirs) == len(ours)
    return same and all(a == b or (b == 0 and a in PADDING) for a, b in zip(theirs, ours, strict=True))


def difference(write_again, stub):
    """What is otherwise in the stub as it was written again; None for nothing."""
    try:
        theirs = write_again(stub)
    except Exception as error:
        return f'{type(error).__name__}: {error}'
    if agree(theirs, stub):
        return None
    at = next((at for at, (a, b) in enumerate(zip(theirs, stub)) if a != b and not (b == 0 and a in PADDING)), None)
    return f'{len(theirs)} bytes for {len(stub)}, the first difference at {at}'


def main():
    logging.disable(logging.CRITICAL)
    same, mended, different = Counter(), Counter(), {}
    with open(sys.argv[1], encoding='utf-8') as file:
        for line in file:
            said = json.loads(line)
            call, stub = said['call'], bytes.fromhex(said['response'])
            name = call.partition('.')[2]
            known = KNOWN_ERRORS.get(name)
            write_again = known[1] if known else by(getattr(rrp if call.startswith('winreg.') else tsts, f'{name}Response'))
            why = difference(write_again, stub)
            if why is not None:
                different.setdefault(call, []).append(why)
            else:
                (mended if known else same)[call] += 1
    json.dump({'same': same, 'mended': mended, 'different': different}, sys.stdout, ensure_ascii=False)


main()
