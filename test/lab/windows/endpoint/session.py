"""TermSrvSession (MS-TSTS 3.3.4.1)."""
import asyncio

from codec import NULL_HANDLE
from interface import Interface, Refusal
from statuses import CONNECTED, DENIED, INVALID_LEVEL, LOGGED_OFF, NO_SUCH_SESSION, NOT_LOCKED, WRONG_STATE
from world import STATES

TermSrvSession = Interface('TermSrvSession', 'LSM_API_service', '484809d6-4239-471b-b5bc-61df8c23ac48')

NOBODY_SAYS, LOCKED, UNLOCKED = 0xFFFFFFFF, 0, 1
KINDS = {'services': 1, 'listener': 2, 'desktop': 3}
ASYNC, TIMEOUT = 32001, 32000


class Opened:
    """What a SESSION_HANDLE stands for: one session, even if its id goes to another."""

    def __init__(self, session):
        self.session = session
        self.session_id = session.id


def existing(call, session_id):
    session = call.world.sessions.get(session_id)
    if session is None:
        raise Refusal(NO_SUCH_SESSION)
    return session


def behind(call, handle):
    opened = call.behind(handle, Opened)
    session = existing(call, opened.session_id)
    if session is not opened.session and not call.world.handles_follow_ids:
        raise Refusal(NO_SUCH_SESSION)
    return session


def to_act(call, handle, *rights):
    """The session behind the handle, for a caller who has the rights."""
    session = behind(call, handle)
    if not all(call.may(right) for right in rights):
        raise Refusal(DENIED)
    return session


@TermSrvSession.serves(0, 'RpcOpenSession', phSession=NULL_HANDLE)
async def open_session(call, SessionId):
    return {'phSession': call.handle_for(Opened(existing(call, SessionId))), 'Return': 0}


@TermSrvSession.serves(1, 'RpcCloseSession', phSession=NULL_HANDLE)
async def close_session(call, phSession):
    call.behind(phSession, Opened)
    call.forget(phSession)
    return {'phSession': NULL_HANDLE, 'Return': 0}


@TermSrvSession.serves(2, 'RpcConnect')
async def connect(call, hSession, TargetSessionId, szPassword):
    session = to_act(call, hSession, 'connect', 'disconnect')
    target = existing(call, TargetSessionId)
    if target.state not in ('active', 'connected') or target.id == session.id or not session.user:
        raise Refusal(WRONG_STATE)
    call.world.connect(session, target)
    return {'Return': CONNECTED}


@TermSrvSession.serves(3, 'RpcDisconnect')
async def disconnect(call, hSession):
    session = to_act(call, hSession, 'disconnect')
    if session.state not in ('active', 'connected', 'shadow'):
        raise Refusal(WRONG_STATE)
    call.world.disconnect(session)
    return {'Return': 0}


@TermSrvSession.serves(4, 'RpcLogoff')
async def logoff(call, hSession):
    session = to_act(call, hSession, 'logoff')
    call.world.logoff(session)
    return {'Return': LOGGED_OFF}


@TermSrvSession.serves(5, 'RpcGetUserName', pszUserName=None, pszDomain=None)
async def get_user_name(call, hSession):
    session = behind(call, hSession)
    return {'pszUserName': session.user, 'pszDomain': session.domain, 'Return': 0}


@TermSrvSession.serves(6, 'RpcGetTerminalName', pszTerminalName=None)
async def get_terminal_name(call, hSession):
    return {'pszTerminalName': behind(call, hSession).name, 'Return': 0}


@TermSrvSession.serves(7, 'RpcGetState', plState=0)
async def get_state(call, hSession):
    return {'plState': STATES.index(behind(call, hSession).state), 'Return': 0}


@TermSrvSession.serves(8, 'RpcIsSessionDesktopLocked')
async def is_session_desktop_locked(call, hSession):
    return {'Return': 0 if behind(call, hSession).locked else NOT_LOCKED}


@TermSrvSession.serves(9, 'RpcShowMessageBox', pulResponse=0)
async def show_message_box(call, hSession, szTitle, szMessage, ulStyle, ulTimeout, bDoNotWait):
    session = to_act(call, hSession, 'message')
    answer = await message(session, bDoNotWait, ulTimeout)
    return {'pulResponse': answer, 'Return': 0}


async def message(session, do_not_wait, seconds):
    """The button that ends a message box. A time of zero waits until somebody answers."""
    if do_not_wait:
        return ASYNC
    answers = session.answer is not None and session.state == 'active'
    if answers and (seconds == 0 or session.answer_after < seconds):
        await asyncio.sleep(session.answer_after)
        return session.answer
    await asyncio.sleep(seconds if seconds else 1e9)
    return TIMEOUT


@TermSrvSession.serves(10, 'RpcGetTimes', pConnectTime=0, pDisconnectTime=0, pLogonTime=0)
async def get_times(call, hSession):
    session = behind(call, hSession)
    times = {'pConnectTime': session.connect_time, 'pDisconnectTime': session.disconnect_time}
    return {**times, 'pLogonTime': session.logon_time, 'Return': 0}


NO_INFORMATION = dict.fromkeys(('pszUserName', 'pszDomain', 'pszTerminalName')) | dict.fromkeys(
    ('SessionState', 'DesktopLocked', 'ConnectTime', 'DisconnectTime', 'LogonTime'), 0
)


@TermSrvSession.serves(12, 'RpcGetSessionInformation', pSessionInfo=NO_INFORMATION)
async def get_session_information(call, SessionId):
    session = existing(call, SessionId)
    info = {
        'pszUserName': session.user,
        'pszDomain': session.domain,
        'pszTerminalName': session.name,
        'SessionState': STATES.index(session.state),
        'DesktopLocked': 1 if session.locked else 0,
        'ConnectTime': session.connect_time,
        'DisconnectTime': session.disconnect_time,
        'LogonTime': session.logon_time,
    }
    return {'pSessionInfo': info, 'Return': 0}


@TermSrvSession.serves(15, 'RpcGetLoggedOnCount', pUserSessions=0, pDeviceSessions=0)
async def get_logged_on_count(call):
    users = sum(1 for session in call.world.sessions.values() if session.user)
    return {'pUserSessions': users, 'pDeviceSessions': 0, 'Return': 0}


@TermSrvSession.serves(16, 'RpcGetSessionType', pSessionType=0)
async def get_session_type(call, SessionId):
    return {'pSessionType': KINDS[existing(call, SessionId).kind], 'Return': 0}


def extended(state=0, flags=NOBODY_SAYS, name='', domain='', user='', connect=0, disconnect=0, logon=0, last_input=0):
    level1 = {
        'SessionState': state,
        'SessionFlags': flags,
        'SessionName': name,
        'DomainName': domain,
        'UserName': user,
        'ConnectTime': connect,
        'DisconnectTime': disconnect,
        'LogonTime': logon,
        'LastInputTime': last_input,
        'ProtocolDataSize': 0,
        'ProtocolData': None,
    }
    return {'Level': 1, 'Data': {'LSM_SessionInfo_Level1': level1}}


@TermSrvSession.serves(17, 'RpcGetSessionInformationEx', LSMSessionInfoExPtr=extended())
async def get_session_information_ex(call, SessionId, Level):
    session = existing(call, SessionId)
    if Level != 1:
        raise Refusal(INVALID_LEVEL)
    flags = NOBODY_SAYS if session.locked is None else LOCKED if session.locked else UNLOCKED
    info = extended(
        STATES.index(session.state),
        flags,
        session.name,
        session.domain,
        session.user,
        session.connect_time,
        session.disconnect_time,
        session.logon_time,
        session.last_input_time,
    )
    return {'LSMSessionInfoExPtr': info, 'Return': 0}
