import type { SimulatedHost } from '../world/host.ts';
import { milliseconds } from '../../sessions/duration.ts';
import { ticksOf } from '../clock/simulated-clock.ts';
import type { BehaviourKind, SessionTimes } from './behaviour.ts';
import { checkSettings, wordOf } from './settings.ts';

const hours = (count: number): bigint => ticksOf(milliseconds(3_600_000 * count));

/** What is told instead of a time; where there is none, none is told. */
const wrong = {
  zero: () => 0n,
  early: (time: bigint) => (time === 0n ? 0n : hours(5)),
  future: (time: bigint, host: SimulatedHost) => (time === 0n ? 0n : host.now() + hours(26)),
} as const;

const fields = {
  logon: 'loggedOnAt',
  connect: 'connectedAt',
  disconnect: 'disconnectedAt',
  input: 'lastInputAt',
} as const satisfies Readonly<Record<string, keyof SessionTimes>>;

type Words<T> = readonly (keyof T & string)[];

/** Times of sessions are nonsense: none, some hours after 1601 began, or tomorrow. */
export const wrongFiletimes: BehaviourKind = {
  name: 'wrong-filetimes',
  summary: 'times of sessions are wrong: as=zero|early|future (zero), of=logon|connect|disconnect|input|all (all)',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['as', 'of']);
    const as = wordOf(settings, 'as', Object.keys(wrong) as Words<typeof wrong>, 'zero');
    const of = wordOf(settings, 'of', ['all', ...(Object.keys(fields) as Words<typeof fields>)], 'all');
    const concerned = of === 'all' ? Object.values(fields) : [fields[of]];
    return {
      name: this.name,
      times: (told, _session, host) => ({
        ...told,
        ...Object.fromEntries(concerned.map((field) => [field, wrong[as](told[field], host)])),
      }),
    };
  },
};
