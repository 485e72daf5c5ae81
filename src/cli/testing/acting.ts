import type { HostPlan } from '../../fleet/testing/estate.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import { aSession } from '../../sessions/testing/session.ts';
import type { Terminal } from '../surroundings.ts';
import { RunningClock } from './running-clock.ts';
import { type Setting, usher } from './usher.ts';

const users = ['alice', 'bob', 'carol'] as const;
export const sessions = users.map((user, index) => aSession({ host: 'ssh://a', id: 10 + index, user }));
/** What runs on the imagined host, in whichever of its sessions is asked. */
export const writer: SessionProcess = {
  pid: 900,
  parentPid: 1,
  name: 'soffice.bin',
  command: null,
  user: 'alice',
  startedAt: null,
  start: '9000',
  state: 'sleeping',
  cpuTime: null,
  cpuPercent: null,
  memoryBytes: null,
  role: 'user',
};

/** A command line on one host with three sessions, while time passes. */
export function act(line: string | readonly string[], plan: Partial<HostPlan> = {}, more: Partial<Setting> = {}) {
  const hosts = { 'ssh://a': { readings: [sessions], processes: [writer], ...plan } };
  const words = typeof line === 'string' ? line.split(' ') : line;
  return usher([...words, '-s', 'ssh://a'], { hosts, clock: new RunningClock(), ...more });
}

/** A person who answers each question like this. */
export function person(answer: string | null): Terminal & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async (question) => {
      asked.push(question);
      return answer;
    },
    askSecret: async () => null,
  };
}

/** What was done in the estate, without the connecting and closing. */
export const actsIn = ({ events }: { readonly events: readonly string[] }): readonly string[] =>
  events.filter((event) => !/^(connect|close) /.test(event));
