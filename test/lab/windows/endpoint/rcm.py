"""RCMPublic and RCMListener (MS-TSTS 3.5.4)."""
from ipaddress import ip_address

import layouts
from codec import NULL_HANDLE
from interface import Interface, Refusal
from session import existing
from statuses import DENIED, INVALID_LEVEL, NO_SUCH_LISTENER, NO_SUCH_SESSION
from things import Listener

RCMPublic = Interface('RCMPublic', 'TermSrv_API_service', 'bde95fdf-eee0-45de-9e12-e5a61cd0d4fe')
RCMListener = Interface('RCMListener', 'TermSrv_API_service', '497d95a6-2d27-4bf5-9bbd-a6046957133c')

BASIC = 0


def seen(call, session_id):
    """A session, for a caller who may look at it."""
    session = existing(call, session_id)
    if not call.may_see(session):
        raise Refusal(DENIED)
    return session


@RCMPublic.serves(0, 'RpcGetClientData', ppBuff=None, pOutBuffByteLen=0)
async def get_client_data(call, SessionId):
    session = seen(call, SessionId)
    if session.client is None:
        raise Refusal(NO_SUCH_SESSION)
    data = layouts.client_data(session)
    return {'ppBuff': data, 'pOutBuffByteLen': len(data), 'Return': 0}


def _status(session, info_type):
    status = layouts.protocol_status(session)
    if info_type == BASIC:
        return bytes(status)
    return bytes(layouts.ProtocolStatusEx(Status=status, Counters=(session.bytes_out, session.bytes_in)))


@RCMPublic.serves(2, 'RpcGetProtocolStatus', ppProtoStatus=None, pcbProtoStatus=0)
async def get_protocol_status(call, SessionId, InfoType):
    status = _status(seen(call, SessionId), InfoType)
    return {'ppProtoStatus': status, 'pcbProtoStatus': len(status), 'Return': 0}


def _last_input(session):
    return session.last_input_time if session.input_time is None else session.input_time


@RCMPublic.serves(3, 'RpcGetLastInputTime', pLastInputTime=0)
async def get_last_input_time(call, SessionId):
    return {'pLastInputTime': _last_input(existing(call, SessionId)), 'Return': 0}


@RCMPublic.serves(4, 'RpcGetRemoteAddress', address=b'\0' * 4)
async def get_remote_address(call, SessionId):
    client = seen(call, SessionId).client
    if client is None or not (client.peer or client.address):
        raise Refusal(NO_SUCH_SESSION)
    return {'address': ip_address(client.peer or client.address).packed, 'Return': 0}


@RCMPublic.serves(8, 'RpcGetAllListeners', ppListeners=[], pNumListeners=0)
async def get_all_listeners(call, Level):
    if Level != 1:
        raise Refusal(INVALID_LEVEL)
    listeners = [
        {'Level': 1, 'Data': {'ListenerEnum_Level1': {'Id': one.id, 'bListening': int(one.listening), 'Name': one.name}}}
        for one in call.world.listeners
    ]
    return {'ppListeners': listeners, 'pNumListeners': len(listeners), 'Return': 0}


@RCMPublic.serves(9, 'RpcGetSessionProtocolLastInputTime', ppProtoStatus=None, pcbProtoStatus=0, pLastInputTime=0)
async def get_session_protocol_last_input_time(call, SessionId, InfoType):
    session = seen(call, SessionId)
    status = _status(session, InfoType)
    known = {'ppProtoStatus': status, 'pcbProtoStatus': len(status)}
    return {**known, 'pLastInputTime': _last_input(session), 'Return': 0}


@RCMListener.serves(0, 'RpcOpenListener', phListener=NULL_HANDLE)
async def open_listener(call, szListenerName):
    found = next((one for one in call.world.listeners if one.name == szListenerName), None)
    if found is None:
        raise Refusal(NO_SUCH_LISTENER)
    return {'phListener': call.handle_for(found), 'Return': 0}


@RCMListener.serves(1, 'RpcCloseListener', phListener=NULL_HANDLE)
async def close_listener(call, phListener):
    call.behind(phListener, Listener)
    call.forget(phListener)
    return {'phListener': NULL_HANDLE, 'Return': 0}


def _set_listening(call, handle, listening):
    listener = call.behind(handle, Listener)
    if not call.may('listeners'):
        raise Refusal(DENIED)
    listener.listening = listening
    return {'Return': 0}


@RCMListener.serves(2, 'RpcStopListener')
async def stop_listener(call, phListener):
    return _set_listening(call, phListener, False)


@RCMListener.serves(3, 'RpcStartListener')
async def start_listener(call, phListener):
    return _set_listening(call, phListener, True)


@RCMListener.serves(4, 'RpcIsListening', pbIsListening=0)
async def is_listening(call, phListener):
    return {'pbIsListening': int(call.behind(phListener, Listener).listening), 'Return': 0}
