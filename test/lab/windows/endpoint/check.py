"""check.py: compares what the codec writes and reads with vectors.json, which go-msrpc's stubs wrote from Microsoft's IDL.

Prints how many stubs agree. Referents are compared as present or absent, padding not at all: both are arbitrary.
"""
import json
import logging
import os
import struct
import sys
from uuid import UUID

import codec

BINARY = {'ProtocolData', 'pSid', 'ppBuff', 'ppProtoStatus', 'pLogonId', 'pWinStationInformation', 'pProcessUserSid'}
GUIDS = {'SessionType'}
OTHER_NAMES = {'NotificationId': 'TNotificationId'}
NOT_SENT = {'NameSize', 'WinStationInformationLength'}
PADDING = {0xAA, 0xAB, 0xBF, 0xCA, 0xCE}
NEVER_NULL = {'RpcGetAllSessionsEx', 'RpcShadow2'}
GREATEST_REFERENT = 0xFFFF


def converted(value, name='', empty=None):
    """A value of the vectors as the codec takes it. An empty string stands for `empty`: mostly a null pointer."""
    if isinstance(value, dict):
        if set(value) == {'attributes', 'uuid'}:
            return struct.pack('<I', value['attributes']) + UUID(value['uuid']).bytes_le
        if name == 'ImageName':
            return value['Buffer']
        kept = {key: inner for key, inner in value.items() if key not in NOT_SENT}
        return {OTHER_NAMES.get(key, key): converted(inner, key, empty) for key, inner in kept.items()}
    if isinstance(value, list):
        return [converted(inner, '', empty) for inner in value]
    if name.startswith('psz') and value == '':
        return empty
    if name in BINARY and isinstance(value, str):
        return bytes.fromhex(value) if value or name == 'pSid' else None
    if name in GUIDS:
        return UUID(value).bytes_le
    if isinstance(value, str) and name.endswith('Time'):
        return int(value)
    if name in ('Return', 'pResult', 'SessionFlags'):
        return value & 0xFFFFFFFF
    return value


def answer(name, values):
    name_size = values.get('NameSize')
    values = converted(values, empty='' if name in NEVER_NULL else None)
    if name == 'RpcUnRegisterAsyncNotification':
        values['hNotify'] = values.pop('phNotify')
    if name_size is not None:
        values['pWinStationName'] = values['pWinStationName'].ljust(name_size, '\0')
    address = values.pop('pRemoteAddress', None)
    if address is not None:
        found = address['RcmRemoteaddress']['Value']
        is_v4 = 'in_addr' in found
        values['scope'] = found.get('sin6_scope_id', 0)
        values['address'] = struct.pack('<I', found['in_addr']) if is_v4 else found['sin6_addr'].encode('utf-16-le')
    return codec.response(name, values)


def agree(ours, theirs):
    """Whether the stubs are the same but for padding and referents; those of go-msrpc are small odd numbers."""
    if len(ours) != len(theirs):
        return False
    at = 0
    while at < len(ours):
        words = [int.from_bytes(stub[at : at + 4], 'little') for stub in (ours, theirs)]
        are_referents = at % 4 == 0 and 0 < min(words) and max(words) <= GREATEST_REFERENT and words[1] % 2 == 1
        if are_referents:
            at += 4
        elif ours[at] == theirs[at] or (theirs[at] == 0 and ours[at] in PADDING):
            at += 1
        else:
            return False
    return True


def reads(name, stub, values):
    """Whether every field that both sides know has the same value."""
    expected = converted(values, empty='')
    found = codec.request(name, stub)
    shared = set(found) & set(expected)
    return all(_same(found[field], expected[field]) for field in shared)


def _same(found, expected):
    if isinstance(found, int) and isinstance(expected, int):
        return (found - expected) % (1 << 32) == 0
    return found == (expected.rstrip('\0') if isinstance(expected, str) else expected)


def main():
    logging.disable(logging.CRITICAL)
    with open(os.path.join(os.path.dirname(__file__), 'vectors.json'), encoding='utf-8') as file:
        methods = json.load(file)['methods']
    wrong, right = [], 0
    for method, cases in methods.items():
        name = method.partition('.')[2]
        for case in cases:
            request, response = bytes.fromhex(case['request_stub']), bytes.fromhex(case['response_stub'])
            outcomes = {
                'request': reads(name, request, case['request']),
                'response': agree(answer(name, case['response']), response),
            }
            right += sum(outcomes.values())
            wrong += [f'{method} {case["case"]}: {which}' for which, fine in outcomes.items() if not fine]
    print(f'{right} stubs agree', *wrong, sep='\n')
    sys.exit(1 if wrong else 0)


main()
