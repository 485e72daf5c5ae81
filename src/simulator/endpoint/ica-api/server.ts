import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import { Held } from '../handles.ts';
import type { Caller } from '../served-call.ts';

/** What a SERVER_HANDLE stands for: this host, for calls of the interface. */
export class OpenedServer extends Held {
  readonly host: string;

  constructor(host: string) {
    super();
    this.host = host;
  }
}

/** Throws `RpcFault` where the handle is none. */
export function mustBeOpen({ handles }: Caller, { hServer }: { readonly hServer: ContextHandle }): void {
  handles.held(hServer, OpenedServer);
}

export const done = { pResult: 0, returnValue: true } as const;
