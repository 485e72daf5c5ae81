import type { HostFacts, ProcessFacts, SessionFacts } from '../facts.ts';
import { fileTimeOf } from '../filetime.ts';

/** The moment of every reading made here. */
export const nowInstant = Temporal.Instant.from('2026-11-23T00:00:00Z');
export const now = fileTimeOf(nowInstant);

/** A FILETIME so many seconds before now. */
export const ago = (seconds: number): bigint => now - BigInt(seconds * 10_000_000);

/** A user who logged on two hours ago, connected an hour ago, and typed ten minutes ago. */
export const alice: SessionFacts = {
  id: 2,
  state: 0,
  name: 'RDP-Tcp#3',
  user: 'alice',
  domain: 'CORP',
  times: { connected: ago(3600), disconnected: ago(4000), loggedOn: ago(7200), lastInput: ago(700) },
  locked: false,
  lastInputTime: ago(600),
  client: { name: 'PC-ALICE', width: 1920, height: 1080, colorDepth: 32, protocolType: 2 },
  address: '192.0.2.7',
  traffic: { fromClient: 1000, toClient: 5000 },
  silent: [],
};

/** The same session after its client left, five minutes ago. */
export const disconnected: SessionFacts = {
  ...alice,
  state: 4,
  name: '',
  times: { connected: ago(3600), disconnected: ago(300), loggedOn: ago(7200), lastInput: ago(700) },
  client: null,
  address: null,
};

export const services: SessionFacts = {
  id: 0,
  state: 4,
  name: 'Services',
  user: '',
  domain: '',
  times: { connected: 0n, disconnected: 0n, loggedOn: 0n, lastInput: 0n },
  locked: null,
  lastInputTime: null,
  client: null,
  address: null,
  traffic: null,
  silent: [],
};

/** The console, where nobody is logged on. */
export const console: SessionFacts = {
  ...services,
  id: 1,
  state: 1,
  name: 'Console',
  client: { name: '', width: 0, height: 0, colorDepth: 0, protocolType: 0 },
};

/** The SID of CORP\alice. */
export const aliceSid = 'S-1-5-21-1-2-3-1104';

export function process(changes: Partial<ProcessFacts> = {}): ProcessFacts {
  return {
    pid: 4000,
    parentPid: 600,
    sessionId: 2,
    name: 'explorer.exe',
    createTime: ago(7190),
    cpuTime: 50_000_000n,
    workingSetBytes: 60_000_000,
    sid: aliceSid,
    ...changes,
  };
}

/** The host's first process, by which its boot is known. */
export const system = process({
  pid: 4,
  parentPid: 0,
  sessionId: 0,
  name: 'System',
  createTime: ago(90_000),
  sid: 'S-1-5-18',
});

export const winlogon = process({ pid: 900, name: 'winlogon.exe', createTime: ago(7205), sid: 'S-1-5-18' });

export function hostFacts(changes: Partial<HostFacts> = {}): HostFacts {
  return {
    now,
    boot: system.createTime,
    sessions: [services, console, alice],
    listeners: [],
    processes: [system, winlogon, process()],
    complete: true,
    gone: new Set(),
    gaps: [],
    ...changes,
  };
}

export const instantAgo = (seconds: number): Temporal.Instant => nowInstant.subtract({ seconds });
