"""Faults that a world or a lab asks for: `{"call": "Interface.Method", "session": 3, …what happens}`.

What happens is one of `"hang": true`, `"delay": seconds`, `"fault": RPC status`, `"status": HRESULT or NTSTATUS`; a
fault without "session" strikes every call of the method.
"""
import asyncio

from interface import Refusal


class Fault(Exception):
    """Ends a call with a fault PDU; status is a code of C706 or a Win32 error."""

    def __init__(self, status):
        super().__init__(hex(status))
        self.status = status


class Planned:
    def __init__(self, described):
        self._described = described

    async def strike(self):
        described = self._described
        if described.get('hang'):
            await asyncio.Event().wait()
        await asyncio.sleep(described.get('delay', 0))
        if 'fault' in described:
            raise Fault(int(str(described['fault']), 0))
        if 'status' in described:
            raise Refusal(int(str(described['status']), 0))


def matching(described, call, request):
    """The first fault that this call is to meet; None where there is none."""
    name = f'{call.interface.name}.{call.method.name}'
    for one in described:
        if one['call'] == name and ('session' not in one or one['session'] == call.session_of(request)):
            return Planned(one)
    return None
