"""One call: its method, who asks, and what its host says to it."""
import asyncio
import time

import codec
from faults import Fault
from interface import Refusal


CONTEXT_MISMATCH = 0x1C00001A
BAD_STUB = 0x000006F7


class Call:
    def __init__(self, host, association, interface, method):
        self.host = host
        self.association = association
        self.interface = interface
        self.method = method

    @property
    def world(self):
        return self.host.world

    def may(self, right):
        """Whether the caller has a right of `settings.RIGHTS`."""
        return self.host.settings.may(self.association.account, right)

    def may_see(self, session):
        """Whether the caller may look at a session: it is his, or he may query any."""
        return self.may('query') or (session is not None and session.user.lower() == self.association.account)

    def handle_for(self, thing):
        """A new context handle of this pipe that stands for the thing."""
        handle = codec.new_handle()
        self.association.handles[handle] = thing
        return handle

    def behind(self, handle, kind):
        """What the context handle stands for; a fault when it stands for nothing of that kind."""
        thing = self.association.handles.get(handle)
        if not isinstance(thing, kind):
            raise Fault(CONTEXT_MISMATCH)
        return thing

    def forget(self, handle):
        self.association.handles.pop(handle, None)

    def session_of(self, request):
        """The id of the session that a request is about; None where it is about none."""
        for name in ('SessionId', 'LogonId', 'LoginId'):
            if name in request:
                return request[name]
        thing = self.association.handles.get(request.get('hSession'))
        return getattr(thing, 'session_id', None)

    async def run(self, stub):
        """The answer's stub."""
        began = time.monotonic()
        try:
            request = codec.request(self.method.name, stub)
        except Exception as error:
            raise Fault(BAD_STUB) from error
        fault = self.host.fault_for(self, request)
        outcome = {}
        try:
            try:
                if fault is not None:
                    await fault.strike()
                values = await self.method.serve(self, **request)
            except Refusal as refusal:
                unchanged = {name: request[name] for name in self.method.empty if name in request}
                values = {**self.method.empty, **unchanged, **self.interface.refused(refusal.status)}
            outcome = {key: value for key, value in values.items() if key in ('Return', 'pResult')}
            return codec.response(self.method.name, values)
        except Fault as struck:
            outcome = {'fault': hex(struck.status)}
            raise
        except asyncio.CancelledError:
            outcome = {'cancelled': True}
            raise
        finally:
            said = {key: value for key, value in request.items() if not isinstance(value, bytes)}
            self.host.log(
                account=self.association.account,
                level=self.association.security.level if self.association.security else None,
                call=f'{self.interface.name}.{self.method.name}',
                request=said,
                **outcome,
                ms=round((time.monotonic() - began) * 1000, 1),
            )
