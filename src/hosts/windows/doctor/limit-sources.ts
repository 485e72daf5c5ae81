import type { Mend } from '../../finding.ts';
import { mend } from './finding.ts';
import { keys, listenerKey } from '../registry/keys.ts';

/** Values of one key that are set, by their names; a REG_SZ of digits counts as a number. */
export type Values = ReadonlyMap<string, number>;

/** What the registry of a host says about limits. */
export interface LimitFacts {
  /** Of the computer's policy, which wins over all others. */
  readonly policy: Values;
  readonly server: Values;
  readonly logon: Values;
  /** A listener's own; what it inherits is set for each account. */
  readonly listener: Values;
  readonly listenerName: string;
}

/** Where a value comes from that is in force; `account`: each account's own, in its domain or on the host; `default`: nobody set it. */
export type SourceName = 'policy' | 'listener' | 'server' | 'account' | 'default';

/** A value, and which source won. */
export interface InForce {
  readonly name: string;
  /** Null where each account has its own. */
  readonly value: number | null;
  readonly source: SourceName;
  /** Every source that says something, the winner first. */
  readonly said: readonly string[];
}

interface Said {
  readonly source: SourceName;
  readonly value: number | null;
  readonly where: string;
}

const told = (name: string, unit: string, said: readonly Said[], fallback: number | null): InForce => {
  const [winner] = said;
  return {
    name,
    value: winner === undefined ? fallback : winner.value,
    source: winner?.source ?? 'default',
    said: said.map(({ value, where }, at) => {
      const number = value === null ? "each account's own" : `${value}${unit === '' ? '' : ` ${unit}`}`;
      return `${at === 0 ? 'in force' : 'not in force'}: ${number}, by ${where}`;
    }),
  };
};

function said(source: SourceName, values: Values, name: string, where: string): readonly Said[] {
  const value = values.get(name);
  return value === undefined ? [] : [{ source, value, where: `${where} (${name})` }];
}

const policyWhere = "the computer's policy";

/** Policy over the listener; a listener that inherits leaves it to each account. */
export function ofListener(facts: LimitFacts, name: string, flag: string, unit: string, fallback: number): InForce {
  const inherits = (facts.listener.get(flag) ?? 1) !== 0;
  const own = said('listener', facts.listener, name, `the listener ${facts.listenerName}`);
  const account: Said = { source: 'account', value: null, where: `the accounts, as ${flag} of the listener says` };
  const below = inherits ? (facts.listener.has(flag) ? [account, ...own] : []) : own;
  return told(name, unit, [...said('policy', facts.policy, name, policyWhere), ...below], fallback);
}

/** Policy over the host's own setting. */
export function ofServer(facts: LimitFacts, name: string, unit: string, fallback: number | null): InForce {
  const sources = [
    ...said('policy', facts.policy, name, policyWhere),
    ...said('server', facts.server, name, "the host's own setting"),
  ];
  return told(name, unit, sources, fallback);
}

/** Policy over the listener, which inherits nothing. */
export function ofListenerAlone(facts: LimitFacts, name: string, unit: string, fallback: number): InForce {
  const sources = [
    ...said('policy', facts.policy, name, policyWhere),
    ...said('listener', facts.listener, name, `the listener ${facts.listenerName}`),
  ];
  return told(name, unit, sources, fallback);
}

/** A value that one key alone has. */
export function ofLogon(facts: LimitFacts, name: string, fallback: number): InForce {
  return told(name, '', said('server', facts.logon, name, 'Winlogon'), fallback);
}

export const sourceText: Readonly<Record<SourceName, string>> = {
  policy: 'by policy',
  listener: 'by the listener',
  server: 'by the host',
  account: "by each account's own setting",
  default: 'by default',
};

/** How a value is set where it comes from. What a policy sets, a policy alone changes for good. */
export function setterOf(
  { name, source }: InForce,
  { listenerName }: LimitFacts,
  value: number,
  setting: string,
): readonly Mend[] {
  if (source === 'policy')
    return [{ where: "in Group Policy (gpedit.msc, or the domain's), as computer configuration", paste: setting }];
  const key =
    source === 'listener' && /^[\w .#()-]{1,32}$/.test(listenerName) ? listenerKey(listenerName) : keys.terminalServer;
  return [mend('hostPrompt', `reg add "HKLM\\${key}" /v ${name} /t REG_DWORD /d ${value} /f`)];
}
