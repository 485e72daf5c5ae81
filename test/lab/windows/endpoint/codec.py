"""Stubs to values and back with impacket's structures; `corrections` has those that impacket lacks or has wrong.

Values are named as in the IDL of MS-TSTS: a dictionary is a structure, `{'Level': n, 'Data': …}` one with a union, a
list an array, None a null pointer. A context handle is its 20 bytes, a string has no terminator.
"""
import os

from impacket.dcerpc.v5 import tsts
from impacket.dcerpc.v5.dtypes import LPWSTR, NULL, WIDESTR
from impacket.dcerpc.v5.ndr import NDRPOINTER, NDRUNION

import corrections

NULL_HANDLE = b'\0' * 20


def new_handle():
    return b'\0' * 4 + os.urandom(16)


def _structure(name):
    return getattr(corrections, name, None) or getattr(tsts, name)


def request(method, stub):
    parsed = _structure(method)(stub)
    return {name: _plain(parsed, name) for name, _ in parsed.structure}


def _plain(parsed, name):
    field = parsed.fields[name]
    if isinstance(field, tsts.context_handle):
        return field.getData()
    value = parsed[name]
    return value.rstrip('\0') if isinstance(value, str) else value


def response(method, values):
    """The stub of an answer. A structure that is a function writes it by itself."""
    structure = _structure(f'{method}Response')
    if not isinstance(structure, type):
        return structure(**values)
    answer = structure()
    for name, _ in answer.structure:
        _fill(answer, name, values['Return' if name == 'ErrorCode' else name])
    return answer.getData()


def _fill(structure, name, value):
    field = structure.fields[name]
    if isinstance(field, tsts.context_handle):
        field.fromString(value)
    elif isinstance(field, WIDESTR):
        field.fields['Data'] = fixed(value, field.length)
    elif isinstance(field, NDRPOINTER) and (value is None or value == []):
        structure[name] = NULL
    elif isinstance(field, LPWSTR):
        structure[name] = value + '\0'
    elif isinstance(value, list) and isinstance(value[0], dict):
        structure[name] = [_built(type(field).referent[0][1].item, item) for item in value]
    elif isinstance(value, dict):
        _fill_all(field, value)
    else:
        structure[name] = value


def _built(kind, values):
    built = kind()
    _fill_all(built, values)
    return built


def _fill_all(structure, values):
    for name, value in values.items():
        if name == 'Data':
            union = next(field for field in structure.fields.values() if isinstance(field, NDRUNION))
            union['tag'] = values['Level']
            _fill_all(union, value)
        else:
            _fill(structure, name, value)


def fixed(text, length):
    """WCHAR[length]: cut where it is too long, even within a surrogate pair, and always with a terminator."""
    units = text.encode('utf-16-le')[: 2 * (length - 1)]
    return units + b'\0' * (2 * length - len(units))
