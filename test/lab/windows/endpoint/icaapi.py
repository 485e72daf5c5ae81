"""IcaApi, the interface of Windows 2000 and XP that still has processes and reset (MS-TSTS 3.7.4.1)."""
from types import SimpleNamespace

import layouts
from codec import NULL_HANDLE
from interface import Interface, Refusal
from session import message
from statuses import (
    BUFFER_TOO_SMALL,
    DENIED,
    NO_SUCH_PROCESS,
    NT_DENIED,
    NT_INVALID_CLASS,
    NT_INVALID_PARAMETER,
    NT_LENGTH_MISMATCH,
    NT_NO_MORE_ENTRIES,
    NT_NO_SUCH_SESSION,
)
from world import STATES

IcaApi = Interface(
    'IcaApi',
    'Ctx_WinStation_API_service',
    '5ca4a760-ebb1-11cf-8611-00a0245420ed',
    refused=lambda status: {'pResult': status, 'Return': 0},
)
DONE = {'pResult': 0, 'Return': 1}

CLIENT, INFORMATION = 6, 8
LOGON_ID_LENGTH = 76


class Server:
    """What a SERVER_HANDLE stands for."""


def existing(call, session_id):
    session = call.world.sessions.get(session_id)
    if session is None:
        raise Refusal(NT_NO_SUCH_SESSION)
    return session


def to_act(call, handle, *rights):
    call.behind(handle, Server)
    if not all(call.may(right) for right in rights):
        raise Refusal(NT_DENIED)


@IcaApi.serves(0, 'RpcWinStationOpenServer', phServer=NULL_HANDLE)
async def open_server(call):
    return {'phServer': call.handle_for(Server()), **DONE}


@IcaApi.serves(1, 'RpcWinStationCloseServer')
async def close_server(call, hServer):
    call.behind(hServer, Server)
    call.forget(hServer)
    return DONE


@IcaApi.serves(60, 'RpcWinStationCloseServerEx', phServer=NULL_HANDLE)
async def close_server_ex(call, hServer):
    await close_server(call, hServer)
    return {'phServer': NULL_HANDLE, **DONE}


@IcaApi.serves(3, 'RpcWinStationEnumerate', pEntries=0, pLogonId=None, pByteCount=0, pIndex=0)
async def enumerate_sessions(call, hServer, pEntries, pLogonId, pByteCount, pIndex):
    call.behind(hServer, Server)
    listening = [
        SimpleNamespace(id=one.id, name=one.name, state='listen') for one in call.world.listeners if one.listening
    ]
    everything = [*(one for one in call.world.sessions.values() if one.enumerated), *listening]
    count = min(pEntries, pByteCount // LOGON_ID_LENGTH)
    found = everything[pIndex : pIndex + count]
    if not found:
        raise Refusal(NT_NO_MORE_ENTRIES)
    entries = b''.join(layouts.logon_id(session, STATES.index(session.state)) for session in found)
    counts = {'pEntries': len(found), 'pByteCount': len(entries), 'pIndex': pIndex + len(found)}
    return {'pLogonId': entries, **counts, **DONE}


@IcaApi.serves(5, 'RpcWinStationQueryInformation', pWinStationInformation=None, pReturnLength=0)
async def query_information(
    call, hServer, LogonId, WinStationInformationClass, pWinStationInformation, WinStationInformationLength
):
    call.behind(hServer, Server)
    session = existing(call, LogonId)
    if not call.may_see(session):
        raise Refusal(NT_DENIED)
    if WinStationInformationClass == INFORMATION:
        data = layouts.information(session, STATES.index(session.state), call.world.now())
    elif WinStationInformationClass == CLIENT and session.client is not None:
        data = layouts.client_data(session)
    else:
        raise Refusal(NT_INVALID_CLASS)
    wire = bytes(layouts.VarData(Size=len(data), Offset=4)) + data
    if WinStationInformationLength != len(wire):
        raise Refusal(NT_LENGTH_MISMATCH)
    return {'pWinStationInformation': wire, 'pReturnLength': len(wire), **DONE}


@IcaApi.serves(7, 'RpcWinStationSendMessage', pResponse=0)
async def send_message(
    call, hServer, LogonId, pTitle, TitleLength, pMessage, MessageLength, Style, Timeout, DoNotWait
):
    to_act(call, hServer, 'message')
    return {'pResponse': await message(existing(call, LogonId), DoNotWait, Timeout), **DONE}


@IcaApi.serves(8, 'RpcLogonIdFromWinStationName', pLogonId=0)
async def logon_id_from_name(call, hServer, pWinStationName, NameSize):
    call.behind(hServer, Server)
    wanted = pWinStationName.rstrip('\0').lower()
    for session in call.world.sessions.values():
        if session.name.lower() == wanted:
            return {'pLogonId': session.id, **DONE}
    raise Refusal(NT_NO_SUCH_SESSION)


@IcaApi.serves(9, 'RpcWinStationNameFromLogonId')
async def name_from_logon_id(call, hServer, LoginId, pWinStationName, NameSize):
    call.behind(hServer, Server)
    session = call.world.sessions.get(LoginId)
    if session is None:
        return {'pWinStationName': '\0' * NameSize, 'pResult': NT_NO_SUCH_SESSION, 'Return': 0}
    return {'pWinStationName': session.name[: NameSize - 1].ljust(NameSize, '\0'), **DONE}


@IcaApi.serves(10, 'RpcWinStationConnect')
async def connect(call, hServer, ClientLogonId, ConnectLogonId, TargetLogonId, pPassword, PasswordSize, Wait):
    to_act(call, hServer, 'connect', 'disconnect')
    session, target = existing(call, ConnectLogonId), existing(call, TargetLogonId)
    if target.state not in ('active', 'connected') or target.id == session.id or not session.user:
        raise Refusal(NT_INVALID_PARAMETER)
    call.world.connect(session, target)
    return DONE


@IcaApi.serves(13, 'RpcWinStationDisconnect')
async def disconnect(call, hServer, LoginId, bWait):
    to_act(call, hServer, 'disconnect')
    call.world.disconnect(existing(call, LoginId))
    return DONE


@IcaApi.serves(14, 'RpcWinStationReset')
async def reset(call, hServer, LogonId, bWait):
    to_act(call, hServer, 'reset')
    session = existing(call, LogonId)
    if session.kind == 'services':
        raise Refusal(NT_DENIED)
    call.world.reset(session)
    return DONE


@IcaApi.serves(15, 'RpcWinStationShutdownSystem')
async def shutdown_system(call, hServer, ClientLogonId, ShutdownFlags):
    """The world remembers it, and that is all: what a test host does not do."""
    to_act(call, hServer, 'shutdown')
    call.world.shutdowns.append(ShutdownFlags)
    return DONE


@IcaApi.serves(37, 'RpcWinStationTerminateProcess')
async def terminate_process(call, hServer, ProcessId, ExitCode):
    to_act(call, hServer, 'terminate')
    process = call.world.processes.get(ProcessId)
    if process is None:
        raise Refusal(NT_INVALID_PARAMETER)
    call.world.terminate(process)
    return DONE


@IcaApi.serves(44, 'RpcWinStationGetProcessSid', pProcessUserSid=None, pdwSizeNeeded=0)
async def get_process_sid(call, hServer, dwUniqueProcessId, ProcessStartTime, pProcessUserSid, dwSidSize, pdwSizeNeeded):
    """The process is the one with this number and this start. Its answers that say no are HRESULTs."""
    call.behind(hServer, Server)
    process = call.world.processes.get(dwUniqueProcessId)
    if process is None or process.create_time != ProcessStartTime:
        raise Refusal(NO_SUCH_PROCESS)
    if not call.may_see(call.world.sessions.get(process.session)) or process.sid is None:
        raise Refusal(DENIED)
    found = sid(process.sid)
    if dwSidSize < len(found):
        given = {'pProcessUserSid': pProcessUserSid, 'pdwSizeNeeded': len(found)}
        return {**given, 'pResult': BUFFER_TOO_SMALL, 'Return': 0}
    return {'pProcessUserSid': found.ljust(dwSidSize, b'\0'), 'pdwSizeNeeded': len(found), **DONE}


@IcaApi.serves(43, 'RpcWinStationGetAllProcesses', pNumberOfProcesses=0, ppTsAllProcessesInfo=[])
@IcaApi.serves(70, 'RpcWinStationGetAllProcesses_NT6', pNumberOfProcesses=0, ppTsAllProcessesInfo=[])
async def get_all_processes(call, hServer, Level, pNumberOfProcesses):
    call.behind(hServer, Server)
    if Level != 0:
        raise Refusal(NT_INVALID_PARAMETER)
    processes = [_process(process, call) for process in call.world.processes.values()]
    return {'pNumberOfProcesses': len(processes), 'ppTsAllProcessesInfo': processes, **DONE}


def _process(process, call):
    session = call.world.sessions.get(process.session)
    info = {
        'NumberOfThreads': process.threads,
        'CreateTime': process.create_time,
        'UserTime': process.user_time,
        'KernelTime': process.kernel_time,
        'ImageName': process.image,
        'BasePriority': 8,
        'UniqueProcessId': process.pid,
        'InheritedFromUniqueProcessId': process.parent,
        'HandleCount': process.handles,
        'SessionId': process.session,
        'PeakVirtualSize': process.virtual & 0xFFFFFFFF,
        'VirtualSize': process.virtual & 0xFFFFFFFF,
        'PageFaultCount': 0,
        'PeakWorkingSetSize': max(process.peak_working_set, process.working_set) & 0xFFFFFFFF,
        'WorkingSetSize': process.working_set & 0xFFFFFFFF,
        'PagefileUsage': process.private & 0xFFFFFFFF,
        'PeakPagefileUsage': process.private & 0xFFFFFFFF,
        'PrivatePageCount': process.private & 0xFFFFFFFF,
    }
    return {'pTsProcessInfo': info, 'pSid': sid(process.sid) if call.may_see(session) else b''}


def sid(text):
    """A SID in binary (MS-DTYP 2.4.2.2); b'' for None."""
    if text is None:
        return b''
    authority, *parts = (int(part) for part in text.split('-')[2:])
    return bytes([1, len(parts)]) + authority.to_bytes(6, 'big') + b''.join(part.to_bytes(4, 'little') for part in parts)
