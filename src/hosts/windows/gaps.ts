import { UsherError } from '../../sessions/errors.ts';
import type { Gap } from './facts.ts';
import type { HostPipes } from './host-pipes.ts';

/** What is asked about a session, and the columns that hang on it. */
export const questions = {
  state: ['loggedOnAt', 'connectedAt', 'disconnectedAt', 'lastInputAt', 'idleFor', 'locked'],
  user: ['user', 'domain'],
  'last input': ['lastInputAt', 'idleFor'],
  client: ['client', 'protocol'],
  address: ['client'],
  traffic: ['bytesInPerSecond', 'bytesOutPerSecond'],
} as const;

export type Question = keyof typeof questions;

/** Another user's session took the id between the list and the details: neither tells of both. */
export const replaced = (id: number): Gap => ({
  code: 'session-replaced',
  columns: [...new Set(Object.values(questions).flat())],
  error: new UsherError({ code: 'session_changed', message: `session ${id} became another one's while it was read` }),
});

export const sessionsHidden: Gap = {
  code: 'sessions-hidden',
  columns: [],
  error: new UsherError({
    code: 'access_denied',
    message: 'the host does not list session 0, which every Windows host has: this account does not see all sessions',
    hint: 'usher doctor says which rights it has',
  }),
};

export const rdpOff = { code: 'rdp-off', columns: ['client', 'protocol', 'idleFor', 'lastInputAt'] } as const;

/** The pipe of Remote Desktop's service, or what it means that there is none. */
export function remoteDesktopOf({ rcm }: Pick<HostPipes, 'rcm'>): HostPipes['rcm'] {
  if (!(rcm instanceof UsherError) || rcm.code !== 'unsupported') return rcm;
  const message = 'Remote Desktop is switched off on the host, or its service does not run';
  return new UsherError({ code: rcm.code, message, hint: 'usher doctor says how to switch it on', cause: rcm });
}

export const listenersHidden = { code: 'listeners-hidden', columns: [] } as const;
export const icaClosed = {
  code: 'no-winstation-service',
  columns: ['bytesInPerSecond', 'bytesOutPerSecond', 'memoryBytes', 'cpuPercent', 'processCount'],
} as const;
export const processesHidden = {
  code: 'processes-hidden',
  columns: ['memoryBytes', 'cpuPercent', 'processCount'],
} as const;

/** Told once, however many sessions it is about. */
export function noteFailure(gaps: Gap[], question: Question, failure: UsherError): void {
  const code = `${question.replace(' ', '-')}-hidden`;
  if (gaps.some((gap) => gap.code === code)) return;
  const isRefusal = failure.code === 'access_denied';
  const message = isRefusal
    ? `this user may not know the ${question} of every session`
    : `not every session's ${question} is known: ${failure.message}`;
  gaps.push({ code, columns: questions[question], error: new UsherError({ code: failure.code, message }) });
}
