import type { Session } from './session.ts';

type Owner = Pick<Session, 'user' | 'domain' | 'identity'>;

/** `DOMAIN\user`, `user` where there is no domain, null where nobody has logged on. */
export function accountOf(session: Pick<Session, 'user' | 'domain'>): string | null {
  const { user, domain } = session;
  return user === null || domain === null || domain === '' ? user : `${domain}\\${user}`;
}

/** Text compared as host systems do: composed (NFC), and without case where they ignore it. */
const plain = (text: string): string => text.normalize('NFC');
const folded = (text: string): string => plain(text).toLowerCase();

/**
 * Whether `text`, a user with or without its domain (`bob`, `CORP\bob`, `bob@corp.example`), means the session's user.
 * Domains and their users ignore case, as Windows does; a plain Linux user does not.
 */
export function isUser(session: Owner, text: string): boolean {
  const account = accountOf(session);
  if (account === null) return false;
  const user = account.slice(account.lastIndexOf('\\') + 1);
  const ignoresCase = user !== account || session.identity.kind !== 'xrdp';
  const same = (one: string): boolean => (ignoresCase ? folded(one) === folded(text) : plain(one) === plain(text));
  return same(account) || same(user);
}
