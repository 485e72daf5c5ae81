import type { HostAdministration, Listener, LogonMode, ShutdownKind } from '../../hosts/administration.ts';
import { UsherError } from '../../sessions/errors.ts';

/** What a host that can be administered does otherwise than it should. */
export interface Whims {
  readonly logons?: LogonMode;
  /** It says yes, and nothing happens. */
  readonly isDeaf?: boolean;
  readonly failure?: UsherError;
  /** Heard when it is asked to go down. */
  readonly onShutdown?: (kind: ShutdownKind) => void;
  /** Heard when it is changed otherwise. */
  readonly onChange?: () => void;
  readonly invitation?: string | UsherError;
}

/** A host that can be administered, and what was done to it. */
export interface Administered extends HostAdministration {
  readonly done: readonly string[];
}

/** A host with the listener RDP-Tcp, on which everybody may log on. */
export function anAdministered({ logons = 'on', isDeaf = false, ...whims }: Whims = {}): Administered {
  const done: string[] = [];
  let mode = logons;
  let rdp: Listener = { id: 65_536, name: 'RDP-Tcp', listening: true };
  const act = (what: string, effect: () => void) => {
    if (whims.failure !== undefined) throw whims.failure;
    done.push(what);
    whims.onChange?.();
    if (!isDeaf) effect();
    return { did: [what] };
  };
  return {
    done,
    async listeners() {
      if (whims.failure !== undefined) throw whims.failure;
      return [rdp, { id: 65_537, name: 'ICA-Tcp', listening: null }];
    },
    setListener: async (name, listening) =>
      act(`${listening ? 'start' : 'stop'} ${name}`, () => {
        rdp = { ...rdp, listening };
      }),
    async logonMode() {
      if (whims.failure !== undefined) throw whims.failure;
      return mode;
    },
    setLogonMode: async (wanted) =>
      act(`logons ${wanted}`, () => {
        mode = wanted;
      }),
    shutdown: async (kind) => act(kind, () => whims.onShutdown?.(kind)),
    async invitation(target, { control, ask }) {
      done.push(`invitation to ${target.id}${control ? ' control' : ''}${ask ? ' ask' : ''}`);
      const { invitation = '<E/>' } = whims;
      if (invitation instanceof UsherError) throw invitation;
      return invitation;
    },
  };
}
