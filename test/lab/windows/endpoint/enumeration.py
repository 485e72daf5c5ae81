"""TermSrvEnumeration (MS-TSTS 3.3.4.3)."""
from codec import NULL_HANDLE
from interface import Interface, Refusal
from statuses import INVALID_LEVEL
from world import STATES

TermSrvEnumeration = Interface('TermSrvEnumeration', 'LSM_API_service', '88143fd0-c28d-4b2b-8fef-8d882f6a9390')

DESKTOP = bytes.fromhex('f84b0a0f62835d43938c222a518a8b78')
SERVICES = bytes.fromhex('7d76f5883fd14d40a3488b8e030294a9')


class Enumeration:
    """What an ENUM_HANDLE stands for: filters that a session has to pass."""

    def __init__(self):
        self.filters = []


@TermSrvEnumeration.serves(0, 'RpcOpenEnum')
async def open_enum(call):
    return {'phEnum': call.handle_for(Enumeration()), 'Return': 0}


@TermSrvEnumeration.serves(1, 'RpcCloseEnum')
async def close_enum(call, phEnum):
    call.behind(phEnum, Enumeration)
    call.forget(phEnum)
    return {'phEnum': NULL_HANDLE, 'Return': 0}


@TermSrvEnumeration.serves(2, 'RpcFilterByState')
async def filter_by_state(call, hEnum, State, bInvert):
    wanted = STATES[State]
    call.behind(hEnum, Enumeration).filters.append(lambda session: (session.state == wanted) != bool(bInvert))
    return {'Return': 0}


@TermSrvEnumeration.serves(3, 'RpcFilterByCallersName')
async def filter_by_callers_name(call, hEnum):
    caller = call.association.account
    call.behind(hEnum, Enumeration).filters.append(lambda session: session.user.lower() == caller)
    return {'Return': 0}


@TermSrvEnumeration.serves(5, 'RpcGetEnumResult', ppSessionEnumResult=[], pEntries=0)
@TermSrvEnumeration.serves(9, 'RpcGetEnumResultEx', ppSessionEnumResult=[], pEntries=0)
async def get_enum_result(call, hEnum, Level):
    filters = call.behind(hEnum, Enumeration).filters
    found = [session for session in enumerated(call.world) if all(passes(session) for passes in filters)]
    if Level not in (1, 2):
        raise Refusal(INVALID_LEVEL)
    entries = [{'Level': Level, 'Data': _level1(session) if Level == 1 else _level2(session)} for session in found]
    return {'ppSessionEnumResult': entries, 'pEntries': len(entries), 'Return': 0}


@TermSrvEnumeration.serves(8, 'RpcGetSessionIds', pSessionIds=[], pcSessionIds=0)
async def get_session_ids(call, Filter, MaxEntries):
    ids = [session.id for session in enumerated(call.world) if session.kind != 'listener'][:MaxEntries]
    return {'pSessionIds': ids, 'pcSessionIds': len(ids), 'Return': 0}


@TermSrvEnumeration.serves(10, 'RpcGetAllSessions', pLevel=1, ppSessionData=[], pcEntries=0)
async def get_all_sessions(call, pLevel):
    if pLevel not in (1, 2):
        raise Refusal(INVALID_LEVEL)
    make = _environment1 if pLevel == 1 else _environment2
    entries = [{'Level': pLevel, 'Data': make(call.world, session)} for session in enumerated(call.world)]
    return {'pLevel': pLevel, 'ppSessionData': entries, 'pcEntries': len(entries), 'Return': 0}


@TermSrvEnumeration.serves(11, 'RpcGetAllSessionsEx', ppSessionData=[], pcEntries=0)
async def get_all_sessions_ex(call, Level):
    if Level != 1:
        raise Refusal(INVALID_LEVEL)
    entries = [{'Level': 1, 'Data': _environment_ex(call.world, session)} for session in enumerated(call.world)]
    return {'ppSessionData': entries, 'pcEntries': len(entries), 'Return': 0}


def enumerated(world):
    return [session for session in world.sessions.values() if session.enumerated]


def _level1(session):
    basis = {'SessionId': session.id, 'State': STATES.index(session.state), 'Name': session.name}
    return {'SessionEnum_Level1': basis}


def _level2(session):
    is_services = session.kind == 'services'
    kind = {'Source': 0, 'bFullDesktop': not is_services, 'SessionType': SERVICES if is_services else DESKTOP}
    return {'SessionEnum_Level2': {**_level1(session)['SessionEnum_Level1'], **kind}}


def _environment1(_, session):
    state = STATES.index(session.state)
    return {'ExecEnvEnum_Level1': {'ExecEnvId': session.id, 'State': state, 'SessionName': session.name}}


def _environment2(world, session):
    more = {
        'AbsSessionId': session.id,
        'HostName': world.computer,
        'UserName': session.user,
        'DomainName': session.domain,
        'FarmName': '',
    }
    return {'ExecEnvEnum_Level2': {**_environment1(world, session)['ExecEnvEnum_Level1'], **more}}


def _environment_ex(world, session):
    return {
        'ExecEnvEnumEx_Level1': {
            'ExecEnvId': session.id,
            'State': STATES.index(session.state),
            'AbsSessionId': session.id,
            'pszSessionName': session.name,
            'pszHostName': world.computer,
            'pszUserName': session.user or None,
            'pszDomainName': session.domain or None,
            'pszFarmName': None,
        }
    }
