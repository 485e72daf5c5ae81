"""The arrays of processes, written without impacket's structures: those take a millisecond a process.

The one of Windows Server 2003 counts the bytes of a name as if they were characters, so that its buffer is twice as
long as its name; the one of NT 6 halves the counts (MS-TSTS 3.7.4.1.27 and 3.7.4.1.29).
"""
import struct

FIXED = struct.Struct('<II24xqqqHHIi17I')


def RpcWinStationGetAllProcessesResponse(pResult, pNumberOfProcesses, ppTsAllProcessesInfo, Return):
    return _answer(pResult, pNumberOfProcesses, ppTsAllProcessesInfo, Return, 1)


def RpcWinStationGetAllProcesses_NT6Response(pResult, pNumberOfProcesses, ppTsAllProcessesInfo, Return):
    return _answer(pResult, pNumberOfProcesses, ppTsAllProcessesInfo, Return, 2)


def _answer(result, count, processes, success, halve):
    stub = bytearray(struct.pack('<II', result & 0xFFFFFFFF, count))
    if not processes:
        return bytes(stub + struct.pack('<IB', 0, success))
    stub += struct.pack('<II', 1, len(processes))
    for index, process in enumerate(processes):
        sid = process['pSid']
        stub += struct.pack('<III', 8 * index + 4, len(sid), 8 * index + 8 if sid else 0)
    for process in processes:
        stub += b'\0' * (-len(stub) % 8)
        stub += _process(process['pTsProcessInfo'], halve)
        if process['pSid']:
            stub += b'\0' * (-len(stub) % 4)
            stub += struct.pack('<I', len(process['pSid'])) + process['pSid']
    return bytes(stub + struct.pack('<B', success))


def _process(info, halve):
    name = info['ImageName'].encode('utf-16-le')
    length, room = len(name), len(name) + 2 if name else 0
    fixed = FIXED.pack(
        0,
        info['NumberOfThreads'],
        info['CreateTime'],
        info['UserTime'],
        info['KernelTime'],
        length,
        room,
        1 if name else 0,
        info['BasePriority'],
        info['UniqueProcessId'],
        info['InheritedFromUniqueProcessId'],
        info['HandleCount'],
        info['SessionId'],
        0,
        info['PeakVirtualSize'],
        info['VirtualSize'],
        info['PageFaultCount'],
        info['PeakWorkingSetSize'],
        info['WorkingSetSize'],
        0,
        0,
        0,
        0,
        info['PagefileUsage'],
        info['PeakPagefileUsage'],
        info['PrivatePageCount'],
    )
    if not name:
        return fixed
    return fixed + struct.pack('<III', room // halve, 0, length // halve) + name + b'\0' * (2 * (length // halve) - length)
