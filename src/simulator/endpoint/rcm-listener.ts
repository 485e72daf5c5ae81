import { nullHandle } from '../../wire/ndr/context-handle.ts';
import { closeListener } from '../../wire/ms-tsts/rcm-listener/close-listener.ts';
import { isListening } from '../../wire/ms-tsts/rcm-listener/is-listening.ts';
import { openListener } from '../../wire/ms-tsts/rcm-listener/open-listener.ts';
import { startListener } from '../../wire/ms-tsts/rcm-listener/start-listener.ts';
import { stopListener } from '../../wire/ms-tsts/rcm-listener/stop-listener.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import type { WinStationRight } from '../security/winstation-access.ts';
import { setListening } from '../world/acts/listener.ts';
import type { SimulatedListener } from '../world/listener.ts';
import { hasRight, rightsWithListener } from '../world/rights.ts';
import { Held } from './handles.ts';
import { mustBeTakenOn, Refused } from './refusal.ts';
import { type Caller, hresultCall, type ServedCall } from './served-call.ts';

/** What a HLISTENER stands for. */
class OpenedListener extends Held {
  readonly listener: SimulatedListener;

  constructor(listener: SimulatedListener) {
    super();
    this.listener = listener;
  }
}

const ok = { returnValue: 0 } as const;

function behind({ handles, host, account }: Caller, handle: ContextHandle, right: WinStationRight): SimulatedListener {
  const { listener } = handles.held(handle, OpenedListener);
  if (!hasRight(rightsWithListener(host, account, listener.name), right)) throw new Refused('access-denied');
  return listener;
}

/** RCMListener ([MS-TSTS] 3.5.4.2). To start and to stop one needs WINSTATION_RESET. */
export const rcmListenerCalls: readonly ServedCall[] = [
  hresultCall(
    openListener,
    () => ({ phListener: nullHandle }),
    ({ host, handles }, { szListenerName }) => {
      const listener = host.listener(szListenerName);
      if (listener === null) throw new Refused('no-such-listener');
      return { phListener: handles.open(new OpenedListener(listener)), ...ok };
    },
  ),
  hresultCall(
    closeListener,
    () => ({ phListener: nullHandle }),
    ({ handles }, { phListener }) => ({ phListener: handles.close(phListener, OpenedListener), ...ok }),
  ),
  hresultCall(
    stopListener,
    () => ({}),
    (caller, { hListener }) => {
      mustBeTakenOn(setListening(caller.host, behind(caller, hListener, 'reset'), false, caller.actor));
      return ok;
    },
  ),
  hresultCall(
    startListener,
    () => ({}),
    (caller, { hListener }) => {
      mustBeTakenOn(setListening(caller.host, behind(caller, hListener, 'reset'), true, caller.actor));
      return ok;
    },
  ),
  hresultCall(
    isListening,
    () => ({ pbIsListening: false }),
    (caller, { hListener }) => ({ pbIsListening: behind(caller, hListener, 'query').isListening, ...ok }),
  ),
];
