import { type UsherError, withContext } from '../../../sessions/errors.ts';
import { type Finding, finding as findingOf, type Mend } from '../../finding.ts';

type Told = Pick<Finding, 'check' | 'verdict' | 'summary'> & Partial<Finding>;

/** A finding of which nothing more is to be said than is given. */
export const finding = ({ check, verdict, summary, ...more }: Told): Finding =>
  findingOf(check, verdict, summary, more);

/** The failure behind a finding, with the host that it belongs to. */
export const failureAt = (host: string, error: UsherError): UsherError => withContext(error, { host });

/** Where a mend is pasted. */
export const where = {
  here: 'on this computer, in a terminal',
  host: 'on the host, in PowerShell as administrator',
  hostPrompt: 'on the host, in a command prompt as administrator',
  otherWindows: 'on another Windows computer, in a command prompt as an administrator of the host',
  domain: "in PowerShell with the ActiveDirectory module, as an administrator of the account's domain",
  inventory: 'as the host on the command line, or as its url in the inventory',
} as const;

export const mend = (at: keyof typeof where, paste: string): Mend => ({ where: where[at], paste });

/** Text as a literal of PowerShell. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A host's name as an argument of a command in any shell: a placeholder for what is none. */
export const argument = (name: string): string => (/^[\w.:-]{1,255}$/.test(name) ? name : 'HOST');
