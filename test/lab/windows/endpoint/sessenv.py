"""SessEnvPublicRpc (MS-TSTS 3.10.4.1)."""
from interface import Interface, Refusal
from session import existing
from statuses import BUFFER_TOO_SMALL, DENIED, WRONG_STATE

SessEnvPublicRpc = Interface('SessEnvPublicRpc', 'SessEnvPublicRpc', '1257b580-ce2f-4109-82d6-a9459d0bf6bc')

ALLOWED, PERMISSION_REQUIRED = 0, 2
SILENT = 0


def invitation(session):
    """A connection string in the form of MS-RAI 2.2.2, of nobody's machine."""
    return (
        f'<E><A KH="usher-lab" ID="session-{session.id}"/><C><T ID="1" SID="0">'
        '<L P="49157" N="192.0.2.200"/></T></C></E>'
    )


@SessEnvPublicRpc.serves(0, 'RpcShadow2', pePermission=1, pszInvitation='', cchInvitation=1)
async def shadow2(call, TargetSessionId, eRequestControl, eRequestPermission, cchInvitation):
    session = existing(call, TargetSessionId)
    if not call.may('shadow'):
        raise Refusal(DENIED)
    if session.state != 'active' or not session.user:
        raise Refusal(WRONG_STATE)
    answer = session.shadow_answer
    if answer == PERMISSION_REQUIRED and eRequestPermission != SILENT:
        answer = ALLOWED
    text = invitation(session) if answer == ALLOWED else ''
    if len(text) >= cchInvitation:
        raise Refusal(BUFFER_TOO_SMALL)
    return {'pePermission': answer, 'pszInvitation': text, 'cchInvitation': cchInvitation, 'Return': 0}
