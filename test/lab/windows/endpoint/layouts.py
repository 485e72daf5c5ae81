"""The structures of C that travel as they stand in memory (MS-TSTS 2.2.2), aligned as a C compiler does."""
from ctypes import LittleEndianStructure, c_byte, c_int32, c_uint16, c_uint32, c_uint64, sizeof

from codec import fixed


def text(length):
    return c_uint16 * length


class SystemTime(LittleEndianStructure):
    _fields_ = [(name, c_uint16) for name in 'year month weekday day hour minute second milliseconds'.split()]


class TimeZone(LittleEndianStructure):
    _fields_ = [
        ('Bias', c_int32),
        ('StandardName', text(32)),
        ('StandardDate', SystemTime),
        ('StandardBias', c_int32),
        ('DaylightName', text(32)),
        ('DaylightDate', SystemTime),
        ('DaylightBias', c_int32),
    ]


class WinStationClient(LittleEndianStructure):
    _fields_ = [
        ('Flags', c_uint32),
        ('ClientName', text(21)),
        ('Domain', text(18)),
        ('UserName', text(21)),
        ('Password', text(15)),
        ('WorkDirectory', text(257)),
        ('InitialProgram', text(257)),
        ('SerialNumber', c_uint32),
        ('EncryptionLevel', c_byte),
        ('ClientAddressFamily', c_uint32),
        ('ClientAddress', text(31)),
        ('HRes', c_uint16),
        ('VRes', c_uint16),
        ('ColorDepth', c_uint16),
        ('ProtocolType', c_uint16),
        ('KeyboardLayout', c_uint32),
        ('KeyboardType', c_uint32),
        ('KeyboardSubType', c_uint32),
        ('KeyboardFunctionKey', c_uint32),
        ('imeFileName', text(33)),
        ('ClientDirectory', text(257)),
        ('ClientLicense', text(33)),
        ('ClientModem', text(41)),
        ('ClientBuildNumber', c_uint32),
        ('ClientHardwareId', c_uint32),
        ('ClientProductId', c_uint16),
        ('OutBufCountHost', c_uint16),
        ('OutBufCountClient', c_uint16),
        ('OutBufLength', c_uint16),
        ('AudioDriverName', text(9)),
        ('ClientTimeZone', TimeZone),
        ('ClientSessionId', c_uint32),
        ('clientDigProductId', text(32)),
        ('PerformanceFlags', c_uint32),
        ('ActiveInputLocale', c_uint32),
    ]


class ProtocolCounters(LittleEndianStructure):
    _fields_ = [
        *((name, c_uint32) for name in 'WdBytes WdFrames WaitForOutBuf Frames Bytes CompressedBytes'.split()),
        *((name, c_uint32) for name in 'CompressFlushes Errors Timeouts AsyncFramingError AsyncOverrunError'.split()),
        *((name, c_uint32) for name in 'AsyncOverflowError AsyncParityError TdErrors'.split()),
        ('ProtocolType', c_uint16),
        ('Length', c_uint16),
        ('Specific', c_uint32 * 100),
    ]


class CacheStatistics(LittleEndianStructure):
    _fields_ = [('ProtocolType', c_uint16), ('Length', c_uint16), ('Specific', c_uint32 * 20)]


class ProtocolStatus(LittleEndianStructure):
    _fields_ = [
        ('Output', ProtocolCounters),
        ('Input', ProtocolCounters),
        ('Cache', CacheStatistics),
        ('AsyncSignal', c_uint32),
        ('AsyncSignalMask', c_uint32),
    ]


class ProtocolStatusEx(LittleEndianStructure):
    _fields_ = [('Status', ProtocolStatus), ('Counters', c_uint64 * 2)]


class WinStationInformation(LittleEndianStructure):
    _fields_ = [
        ('ConnectState', c_uint32),
        ('WinStationName', text(33)),
        ('LogonId', c_uint32),
        ('ConnectTime', c_uint64),
        ('DisconnectTime', c_uint64),
        ('LastInputTime', c_uint64),
        ('LogonTime', c_uint64),
        ('Status', ProtocolStatus),
        ('Domain', text(18)),
        ('UserName', text(21)),
        ('CurrentTime', c_uint64),
    ]


class LogonId(LittleEndianStructure):
    _fields_ = [('LogonId', c_uint32), ('WinStationName', text(33)), ('State', c_uint32)]


class VarData(LittleEndianStructure):
    """VARDATA_WIRE, in front of a structure of QueryInformation."""

    _fields_ = [('Size', c_uint16), ('Offset', c_uint16)]


SIZES = {WinStationClient: 2296, ProtocolStatus: 1012, ProtocolStatusEx: 1032, WinStationInformation: 1216, LogonId: 76}
for layout, expected in SIZES.items():
    if sizeof(layout) != expected:
        raise TypeError(f'{layout.__name__} has {sizeof(layout)} bytes, not {expected}')


def put(structure, name, value):
    """Sets a WCHAR array: cut where it is too long."""
    field = getattr(structure, name)
    field[:] = type(field).from_buffer_copy(fixed(value, len(field)))


def client_data(session):
    client = session.client
    data = WinStationClient(
        EncryptionLevel=2,
        ClientAddressFamily=23 if ':' in client.address else 2,
        HRes=client.width,
        VRes=client.height,
        ColorDepth={8: 1, 15: 16, 16: 4, 24: 8, 32: 32}.get(client.depth, client.depth),
        ProtocolType=session.protocol,
        ClientBuildNumber=client.build,
        ClientSessionId=0xFFFFFFFF,
    )
    put(data, 'ClientName', client.name)
    put(data, 'Domain', session.domain)
    put(data, 'UserName', session.user)
    put(data, 'ClientAddress', client.address)
    put(data, 'ClientDirectory', client.directory)
    zone = data.ClientTimeZone
    put(zone, 'StandardName', client.time_zone)
    return bytes(data)


def protocol_status(session):
    status = ProtocolStatus()
    for counters, count in ((status.Output, session.bytes_out), (status.Input, session.bytes_in)):
        counters.Bytes = counters.WdBytes = count & 0xFFFFFFFF
        counters.ProtocolType = session.protocol
    return status


def information(session, state, now):
    info = WinStationInformation(
        ConnectState=state,
        LogonId=session.id,
        ConnectTime=session.connect_time,
        DisconnectTime=session.disconnect_time,
        LastInputTime=session.last_input_time,
        LogonTime=session.logon_time,
        Status=protocol_status(session),
        CurrentTime=now,
    )
    put(info, 'WinStationName', session.name)
    put(info, 'Domain', session.domain)
    put(info, 'UserName', session.user)
    return bytes(info)


def logon_id(session, state):
    entry = LogonId(LogonId=session.id, State=state)
    put(entry, 'WinStationName', session.name)
    return bytes(entry)
