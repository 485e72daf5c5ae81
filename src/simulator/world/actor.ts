import type { Account } from './account.ts';

/** Who does something. */
export type Actor =
  /** Over the host's pipes. */
  | { readonly kind: 'remote'; readonly account: Account }
  /** In the session itself, such as a user who logs off. */
  | { readonly kind: 'user'; readonly account: Account | null }
  /** Windows, by what it is set to do. */
  | { readonly kind: 'host' }
  /** What a simulated host does otherwise than Windows. */
  | { readonly kind: 'behaviour'; readonly name: string };

export const theHost: Actor = { kind: 'host' };

export const remote = (account: Account): Actor => ({ kind: 'remote', account });
export const user = (account: Account | null): Actor => ({ kind: 'user', account });

/** `CORP\anna over the network`. */
export function actorText(actor: Actor): string {
  switch (actor.kind) {
    case 'remote':
      return `${actor.account.domain}\\${actor.account.name} over the network`;
    case 'user':
      return actor.account === null ? 'somebody at the screen' : `${actor.account.domain}\\${actor.account.name}`;
    case 'host':
      return 'the host';
    case 'behaviour':
      return actor.name;
  }
}
