"""TermSrvNotification (MS-TSTS 3.3.4.2)."""
import asyncio

from codec import NULL_HANDLE
from interface import Interface, Refusal
from session import existing
from statuses import ABORTED, TIMED_OUT
from world import STATES

TermSrvNotification = Interface('TermSrvNotification', 'LSM_API_service', '11899a43-2b68-4a76-92e3-a3d6ad8c26ce')

ALL_SESSIONS = -1
ANY_CHANGE = 0xFFFFFFFF


class Subscription:
    """What a NOTIFY_HANDLE stands for; keeps what happened until somebody asks."""

    def __init__(self, session_id, mask):
        self._session_id, self._mask = session_id, mask
        self._changes = []
        self._changed = asyncio.Event()
        self._ended = False

    def tell(self, session_id, event):
        if self._session_id in (ALL_SESSIONS, session_id) and event & self._mask:
            self._changes.append({'SessionId': session_id, 'TNotificationId': event})
            self._changed.set()

    def end(self):
        self._ended = True
        self._changed.set()

    async def wait(self):
        """All changes since the last time, at least one; none at all once the subscription has ended."""
        await self._changed.wait()
        if not self._ended:
            self._changed.clear()
        changes, self._changes = self._changes, []
        return changes


@TermSrvNotification.serves(0, 'RpcWaitForSessionState')
async def wait_for_session_state(call, SessionId, State, Timeout):
    """Timeout is in milliseconds; all ones wait for ever."""
    subscription = Subscription(SessionId, ANY_CHANGE)
    call.world.subscribe(subscription)
    try:
        async with asyncio.timeout(None if Timeout == 0xFFFFFFFF else Timeout / 1000):
            while STATES.index(existing(call, SessionId).state) != State:
                await subscription.wait()
    except TimeoutError as late:
        raise Refusal(TIMED_OUT) from late
    finally:
        call.world.unsubscribe(subscription)
    return {'Return': 0}


@TermSrvNotification.serves(1, 'RpcRegisterAsyncNotification', phNotify=NULL_HANDLE)
async def register_async_notification(call, SessionId, Mask):
    if SessionId != ALL_SESSIONS:
        existing(call, SessionId)
    subscription = Subscription(SessionId, Mask)
    call.world.subscribe(subscription)
    return {'phNotify': call.handle_for(subscription), 'Return': 0}


@TermSrvNotification.serves(2, 'RpcWaitAsyncNotification', SessionChange=[], pEntries=0)
async def wait_async_notification(call, hNotify):
    changes = await call.behind(hNotify, Subscription).wait()
    if not changes:
        raise Refusal(ABORTED)
    return {'SessionChange': changes, 'pEntries': len(changes), 'Return': 0}


@TermSrvNotification.serves(3, 'RpcUnRegisterAsyncNotification', hNotify=NULL_HANDLE)
async def unregister_async_notification(call, hNotify):
    subscription = call.behind(hNotify, Subscription)
    call.world.unsubscribe(subscription)
    subscription.end()
    call.forget(hNotify)
    return {'hNotify': NULL_HANDLE, 'Return': 0}
