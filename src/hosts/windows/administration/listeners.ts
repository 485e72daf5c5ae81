import { UsherError } from '../../../sessions/errors.ts';
import { rcmListener } from '../../../wire/ms-tsts/interfaces.ts';
import { closeListener } from '../../../wire/ms-tsts/rcm-listener/close-listener.ts';
import { isListening } from '../../../wire/ms-tsts/rcm-listener/is-listening.ts';
import { openListener } from '../../../wire/ms-tsts/rcm-listener/open-listener.ts';
import { startListener } from '../../../wire/ms-tsts/rcm-listener/start-listener.ts';
import { stopListener } from '../../../wire/ms-tsts/rcm-listener/stop-listener.ts';
import { getAllListeners } from '../../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import type { ActReport } from '../../act.ts';
import type { ListenerFacts } from '../facts.ts';
import { needs, orRefused, refused } from '../refusals.ts';
import { failureOfHresult } from '../results.ts';
import type { OpenPipe, RpcPipe } from '../rpc-pipe.ts';
import { withPipe } from './lazy-pipe.ts';

/** Where Remote Desktop is switched off, its service does not offer the pipe. */
export const remoteDesktopOff = {
  message:
    'Remote Desktop is switched off on the host, or its service does not run: there is no pipe TermSrv_API_service',
  hint: String.raw`on the host, as administrator: Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' fDenyTSConnections 0; Start-Service TermService`,
} as const;

/** The listeners that the account may see (RpcGetAllListeners). Throws `UsherError`. */
export async function readListeners(rcm: RpcPipe): Promise<readonly ListenerFacts[]> {
  const operation = 'listing listeners';
  const { ppListeners, returnValue } = await rcm.call(getAllListeners, { level: 1 }, { operation });
  succeed(returnValue, operation);
  return (ppListeners ?? []).map(({ value: { id, name, bListening } }) => ({ id, name, listening: bListening }));
}

/**
 * Starts or stops a listener, unless it is as wanted already. What came of it is read on the same handle. Throws `not_found` where
 * the account sees none of this name.
 */
export async function switchListener(
  { open, rcm }: { readonly open: OpenPipe; readonly rcm: RpcPipe },
  wanted: string,
  listening: boolean,
): Promise<ActReport> {
  const listeners = await readListeners(rcm);
  const name = listeners.find((one) => one.name.toLowerCase() === wanted.toLowerCase())?.name;
  if (name === undefined) throw noListener(wanted, listeners);
  return withPipe({ open, interface: rcmListener, absent: remoteDesktopOff }, async (pipe) => {
    const operation = `opening the listener ${name}`;
    const { phListener, returnValue } = await pipe.call(openListener, { szListenerName: name }, { operation });
    succeed(returnValue, operation);
    try {
      return { did: await switchOn(pipe, { name, hListener: phListener }, listening) };
    } finally {
      await pipe
        .call(closeListener, { phListener }, { operation: `closing the listener ${name}` })
        .catch(() => undefined);
    }
  });
}

interface Opened {
  readonly name: string;
  readonly hListener: ContextHandle;
}

async function switchOn(pipe: RpcPipe, opened: Opened, listening: boolean): Promise<readonly string[]> {
  const { name, hListener } = opened;
  if ((await listens(pipe, opened)) === listening) return [`nothing: ${name} ${saying(listening)} already`];
  const [call, operation, lack] = listening
    ? [startListener, `starting the listener ${name}`, needs.startListener(name)]
    : [stopListener, `stopping the listener ${name}`, needs.stopListener(name)];
  const { returnValue } = await orRefused(lack, () => pipe.call(call, { hListener }, { operation }));
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw refused(failure, lack);
  return [`${call.name} of ${name}`, `${name} ${saying(await listens(pipe, opened))} now`];
}

async function listens(pipe: RpcPipe, { name, hListener }: Opened): Promise<boolean> {
  const operation = `asking whether the listener ${name} listens`;
  const { pbIsListening, returnValue } = await pipe.call(isListening, { hListener }, { operation });
  succeed(returnValue, operation);
  return pbIsListening;
}

const saying = (listening: boolean): string => (listening ? 'listens' : 'does not listen');

function noListener(wanted: string, listeners: readonly ListenerFacts[]): UsherError {
  const names = listeners.map(({ name }) => name).join(', ');
  return new UsherError({
    code: 'not_found',
    message: `the host has no listener '${wanted}', or the account may not see it`,
    hint: names === '' ? undefined : `it has ${names}`,
  });
}

function succeed(returnValue: number, operation: string): void {
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw failure;
}
