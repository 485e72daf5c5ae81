"""list.py PORT USER PASSWORD: what impacket's client sees of a host, as one JSON document. Shares nothing with the endpoint.

It asks as a lister does: the sessions, for each its information, client and last input, then listeners and processes.
"""
import json
import sys
from datetime import datetime

from impacket.dcerpc.v5 import tsts
from impacket.smbconnection import SMBConnection

ADDRESS = '127.0.0.1'
EPOCH = datetime(1601, 1, 1)
LISTEN = 6


def filetime(moment):
    """In decimal digits. impacket gives a datetime; its microseconds are as exact as the worlds are."""
    since = moment - EPOCH
    return str((since.days * 86400 + since.seconds) * 10_000_000 + since.microseconds * 10)


def enumerated(connection):
    with tsts.TermSrvEnumeration(connection, ADDRESS, False) as enumeration:
        handle = enumeration.hRpcOpenEnum()
        entries = enumeration.hRpcGetEnumResult(handle, Level=1)['ppSessionEnumResult']
        enumeration.hRpcCloseEnum(handle)
    levels = [entry['SessionInfo']['SessionEnum_Level1'] for entry in entries]
    return [{'id': one['SessionId'], 'state': one['State'], 'name': one['Name']} for one in levels]


def add_information(connection, sessions):
    with tsts.TermSrvSession(connection, ADDRESS, False) as api:
        for session in sessions:
            answer = api.hRpcGetSessionInformationEx(session['id'])
            info = answer['LSMSessionInfoExPtr']['LSM_SessionInfo_Level1']
            session |= {
                'flags': info['SessionFlags'],
                'user': info['UserName'],
                'domain': info['DomainName'],
                'connect': filetime(info['ConnectTime']),
                'disconnect': filetime(info['DisconnectTime']),
                'logon': filetime(info['LogonTime']),
                'lastInput': filetime(info['LastInputTime']),
            }


def add_clients(connection, sessions):
    with tsts.RCMPublic(connection, ADDRESS, False) as api:
        for session in sessions:
            if session['state'] == LISTEN:
                continue
            session['input'] = filetime(api.hRpcGetLastInputTime(session['id'])['pLastInputTime'])
            answer = api.hRpcGetClientData(session['id'])
            data = None if answer is None else answer['ppBuff']
            session['client'] = data and {
                'name': data['ClientName'],
                'address': data['ClientAddress'],
                'width': data['HRes'],
                'height': data['VRes'],
                'protocol': data['ProtocolType'],
                'timeZone': data['ClientTimeZone']['StandardName'],
            }


def listeners(connection):
    with tsts.RCMPublic(connection, ADDRESS, False) as api:
        found = api.hRpcGetAllListeners()['ppListeners']
    levels = [entry['ListenerInfo']['ListenerEnum_Level1'] for entry in found]
    return [{'id': one['Id'], 'name': one['Name'], 'listening': bool(one['bListening'])} for one in levels]


def processes(connection):
    with tsts.LegacyAPI(connection, ADDRESS, False) as api:
        handle = api.hRpcWinStationOpenServer()
        entries = api.hRpcWinStationGetAllProcesses(handle)
        api.hRpcWinStationCloseServer(handle)
    rows = []
    for entry in entries:
        info = entry.getProcessInfo()
        raw = entry.fields['pSid'].fields['ReferentID'] and b''.join(entry['pSid'])
        rows.append(
            {
                'pid': info['UniqueProcessId'],
                'session': info['SessionId'],
                'image': info['ImageName'].getValue(),
                'sid': tsts.binary_sid_to_string(raw) if raw else None,
                'parent': info['InheritedFromUniqueProcessId'],
                'create': str(info['CreateTime']),
                'user': str(info['UserTime']),
                'kernel': str(info['KernelTime']),
                'workingSet': info['WorkingSetSize'],
            }
        )
    return rows


def main():
    port, user, password = sys.argv[1:]
    connection = SMBConnection(ADDRESS, ADDRESS, sess_port=int(port))
    connection.login(user, password, 'ORACLE')
    sessions = enumerated(connection)
    add_information(connection, sessions)
    document = {'dialect': connection.getDialect(), 'sessions': sessions}
    try:
        add_clients(connection, sessions)
        document['listeners'] = listeners(connection)
    except Exception as error:
        document['withoutTermSrv'] = str(error)
    document['processes'] = processes(connection)
    json.dump(document, sys.stdout, ensure_ascii=False)


main()
