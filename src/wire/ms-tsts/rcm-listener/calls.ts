import type { RpcCall } from '../../ndr/call.ts';
import { closeListener } from './close-listener.ts';
import { isListening } from './is-listening.ts';
import { openListener } from './open-listener.ts';
import { startListener } from './start-listener.ts';
import { stopListener } from './stop-listener.ts';

/** The interface's calls, by their opnums. */
export const rcmListenerCalls: readonly RpcCall<unknown, unknown>[] = [
  openListener,
  closeListener,
  stopListener,
  startListener,
  isListening,
];
