"""Structures of MS-TSTS that impacket lacks or that differ from the IDL, on impacket's NDR engine."""
import struct

from impacket.dcerpc.v5 import tsts
from impacket.dcerpc.v5.dtypes import BOOL, BOOLEAN, DWORD, LARGE_INTEGER, LONG, LPWSTR, ULONG, USHORT, WSTR
from impacket.dcerpc.v5.ndr import NDRCALL, NDRPOINTER, NDRSTRUCT, NDRUNION, NDRUniConformantArray

from processes import RpcWinStationGetAllProcesses_NT6Response, RpcWinStationGetAllProcessesResponse

__all__ = ['RpcWinStationGetAllProcesses_NT6Response', 'RpcWinStationGetAllProcessesResponse']

HANDLE = tsts.context_handle
STATE = tsts.WINSTATIONSTATECLASS
BYTES = tsts.TS_PBYTE
TEXT = tsts.TS_WCHAR


class Nothing(NDRCALL):
    """A request whose only parameter is handle_t, which is not marshalled. Surplus bytes, as impacket sends, are ignored."""


RpcOpenEnum = RpcGetLoggedOnCount = RpcWinStationOpenServer = rpc__mgmt_is_server_listening = Nothing


class rpc__mgmt_is_server_listeningResponse(NDRCALL):
    structure = (('status', ULONG), ('ErrorCode', ULONG))


class RpcOpenSession(NDRCALL):
    structure = (('SessionId', LONG),)


class RpcCloseSessionResponse(NDRCALL):
    structure = (('phSession', HANDLE), ('ErrorCode', ULONG))


class RpcGetUserNameResponse(NDRCALL):
    structure = (('pszUserName', LPWSTR), ('pszDomain', LPWSTR), ('ErrorCode', ULONG))


class RpcGetTerminalNameResponse(NDRCALL):
    structure = (('pszTerminalName', LPWSTR), ('ErrorCode', ULONG))


class RpcShowMessageBoxResponse(NDRCALL):
    structure = (('pulResponse', ULONG), ('ErrorCode', ULONG))


class LSMSESSIONINFORMATION(NDRSTRUCT):
    structure = (
        ('pszUserName', LPWSTR),
        ('pszDomain', LPWSTR),
        ('pszTerminalName', LPWSTR),
        ('SessionState', STATE),
        ('DesktopLocked', BOOL),
        ('ConnectTime', LARGE_INTEGER),
        ('DisconnectTime', LARGE_INTEGER),
        ('LogonTime', LARGE_INTEGER),
    )


class RpcGetSessionInformationResponse(NDRCALL):
    structure = (('pSessionInfo', LSMSESSIONINFORMATION), ('ErrorCode', ULONG))


class LSM_SESSIONINFO_EX_STRUCT(NDRSTRUCT):
    structure = (('Level', DWORD), ('Info', tsts.LSM_SESSIONINFO_EX))


class RpcGetSessionInformationExResponse(NDRCALL):
    structure = (('LSMSessionInfoExPtr', LSM_SESSIONINFO_EX_STRUCT), ('ErrorCode', ULONG))


class RpcIsListeningResponse(NDRCALL):
    structure = (('pbIsListening', BOOL), ('ErrorCode', ULONG))


class RpcGetSessionIds(NDRCALL):
    structure = (('Filter', USHORT), ('MaxEntries', ULONG))


class LONGS(NDRUniConformantArray):
    item = '<l'


class LONGS_POINTER(NDRPOINTER):
    referent = (('Data', LONGS),)


class RpcGetSessionIdsResponse(NDRCALL):
    structure = (('pSessionIds', LONGS_POINTER), ('pcSessionIds', ULONG), ('ErrorCode', ULONG))


class NAME(WSTR):
    """A string whose array has max_is(256)."""

    commonHdr = (('MaximumCount', '<L=257'), ('Offset', '<L=0'), ('ActualCount', '<L=len(Data)//2'))


class PNAME(LPWSTR):
    referent = (('Data', NAME),)


class EXECENVDATAEX_LEVEL1(NDRSTRUCT):
    structure = (
        ('ExecEnvId', LONG),
        ('State', STATE),
        ('AbsSessionId', LONG),
        ('pszSessionName', PNAME),
        ('pszHostName', PNAME),
        ('pszUserName', PNAME),
        ('pszDomainName', PNAME),
        ('pszFarmName', PNAME),
    )


class ExecEnvDataEx(NDRUNION):
    commonHdr = (('tag', DWORD),)
    union = {1: ('ExecEnvEnumEx_Level1', EXECENVDATAEX_LEVEL1)}


class EXECENVDATAEX(NDRSTRUCT):
    structure = (('Level', DWORD), ('ExecEnvData', ExecEnvDataEx))


class EXECENVDATAEX_ARRAY(NDRUniConformantArray):
    item = EXECENVDATAEX


class PEXECENVDATAEX(NDRPOINTER):
    referent = (('Data', EXECENVDATAEX_ARRAY),)


class RpcGetAllSessionsExResponse(NDRCALL):
    structure = (('ppSessionData', PEXECENVDATAEX), ('pcEntries', ULONG), ('ErrorCode', ULONG))


class RpcGetClientDataResponse(NDRCALL):
    structure = (('ppBuff', BYTES), ('pOutBuffByteLen', ULONG), ('ErrorCode', ULONG))


RpcGetConfigDataResponse = RpcGetClientDataResponse


class RpcGetProtocolStatusResponse(NDRCALL):
    structure = (('ppProtoStatus', BYTES), ('pcbProtoStatus', ULONG), ('ErrorCode', ULONG))


class RpcGetSessionProtocolLastInputTime(NDRCALL):
    structure = (('SessionId', ULONG), ('InfoType', USHORT))


class RpcGetSessionProtocolLastInputTimeResponse(NDRCALL):
    structure = (
        ('ppProtoStatus', BYTES),
        ('pcbProtoStatus', ULONG),
        ('pLastInputTime', LARGE_INTEGER),
        ('ErrorCode', ULONG),
    )


def RpcGetRemoteAddressResponse(address, Return, scope=0):
    """RCM_REMOTEADDRESS: the family, then once more as the union's tag. The port is always zero."""
    family = 2 if len(address) == 4 else 23
    if family == 2:
        body = struct.pack('<HHHxx', family, family, 0) + address + b'\0' * 8
    else:
        body = struct.pack('<HHHxxI', family, family, 0, 0) + address + struct.pack('<I', scope)
    return body + struct.pack('<I', Return & 0xFFFFFFFF)


def RpcShadow2Response(pePermission, pszInvitation, cchInvitation, Return):
    """The invitation is as long as it is; its array is as long as the caller said."""
    text = (pszInvitation + '\0').encode('utf-16-le')
    stub = struct.pack('<HxxIII', pePermission, cchInvitation, 0, len(text) // 2) + text
    return stub + b'\0' * (-len(stub) % 4) + struct.pack('<I', Return & 0xFFFFFFFF)


class RpcWinStationEnumerate(NDRCALL):
    structure = (
        ('hServer', HANDLE),
        ('pEntries', ULONG),
        ('pLogonId', BYTES),
        ('pByteCount', ULONG),
        ('pIndex', ULONG),
    )


class RpcWinStationEnumerateResponse(NDRCALL):
    structure = (
        ('pResult', ULONG),
        ('pEntries', ULONG),
        ('pLogonId', BYTES),
        ('pByteCount', ULONG),
        ('pIndex', ULONG),
        ('ErrorCode', BOOLEAN),
    )


class RpcWinStationQueryInformation(NDRCALL):
    structure = (
        ('hServer', HANDLE),
        ('LogonId', DWORD),
        ('WinStationInformationClass', DWORD),
        ('pWinStationInformation', BYTES),
        ('WinStationInformationLength', DWORD),
    )


class RpcWinStationQueryInformationResponse(NDRCALL):
    structure = (
        ('pResult', ULONG),
        ('pWinStationInformation', BYTES),
        ('pReturnLength', DWORD),
        ('ErrorCode', BOOLEAN),
    )


class RpcWinStationSendMessage(NDRCALL):
    structure = (
        ('hServer', HANDLE),
        ('LogonId', DWORD),
        ('pTitle', TEXT),
        ('TitleLength', DWORD),
        ('pMessage', TEXT),
        ('MessageLength', DWORD),
        ('Style', DWORD),
        ('Timeout', DWORD),
        ('DoNotWait', BOOLEAN),
    )


class RpcWinStationConnect(NDRCALL):
    structure = (
        ('hServer', HANDLE),
        ('ClientLogonId', DWORD),
        ('ConnectLogonId', DWORD),
        ('TargetLogonId', DWORD),
        ('pPassword', TEXT),
        ('PasswordSize', DWORD),
        ('Wait', BOOLEAN),
    )


class RpcLogonIdFromWinStationName(NDRCALL):
    structure = (('hServer', HANDLE), ('pWinStationName', TEXT), ('NameSize', DWORD))


class RpcWinStationNameFromLogonId(NDRCALL):
    structure = (('hServer', HANDLE), ('LoginId', DWORD), ('pWinStationName', TEXT), ('NameSize', DWORD))


class RpcWinStationGetProcessSid(NDRCALL):
    structure = (
        ('hServer', HANDLE),
        ('dwUniqueProcessId', DWORD),
        ('ProcessStartTime', LARGE_INTEGER),
        ('pProcessUserSid', BYTES),
        ('dwSidSize', DWORD),
        ('pdwSizeNeeded', DWORD),
    )


class RpcWinStationGetProcessSidResponse(NDRCALL):
    structure = (('pResult', ULONG), ('pProcessUserSid', BYTES), ('pdwSizeNeeded', DWORD), ('ErrorCode', BOOLEAN))


class RpcWinStationGetAllProcesses_NT6(NDRCALL):
    structure = (('hServer', HANDLE), ('Level', ULONG), ('pNumberOfProcesses', ULONG))
