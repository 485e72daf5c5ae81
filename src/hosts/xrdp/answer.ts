import { z } from 'zod';
import { UsherError } from '../../sessions/errors.ts';
import { examination, type ExaminationFacts } from './doctor/facts.ts';

/** The largest number of sessions, and of processes of one session, that an answer may hold. */
const mostSessions = 10_000;
const mostProcesses = 100_000;

const text = z.string().max(8192);
const count = z.int().min(0);
const pid = z.int().min(1).max(4_194_304);
const uid = z.int().min(0).max(4_294_967_295);
const measure = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** Seconds since 1970-01-01Z, with fractions. */
const moment = z.number().min(0).max(253_402_300_799);
/** Clock ticks since boot. */
const ticks = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const bootId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const processBrief = z.strictObject({ pid, start: ticks, name: text, state: text });

const sessionFacts = z.strictObject({
  display: z.int().min(0).max(99_999),
  uid,
  user: text.nullable(),
  xServer: processBrief.nullable(),
  leader: processBrief.nullable(),
  /** The oldest process that is left where there is no X server. */
  oldest: processBrief.nullable(),
  /** Whether the leader is still a child of a running xrdp-sesman. */
  managed: z.boolean(),
  windowManager: processBrief.nullable(),
  connected: z.boolean().nullable(),
  startedAt: moment,
  joinedAt: moment.nullable(),
  leftAt: moment.nullable(),
  /** For how many seconds the probe has seen it without an X server. */
  leftFor: measure.nullable(),
  clientAddress: text.nullable(),
  clientPort: count.nullable(),
  clientName: text.nullable(),
  rttMicroseconds: measure.nullable(),
  unackedSegments: count.nullable(),
  ackAgeMs: measure.nullable(),
  bytesInPerSecond: measure.nullable(),
  bytesOutPerSecond: measure.nullable(),
  /** False: silent for a second. Null: it could not be asked. */
  xAnswered: z.boolean().nullable(),
  idleMs: measure.nullable(),
  width: count.nullable(),
  height: count.nullable(),
  depth: count.nullable(),
  processCount: count.nullable(),
  userProcessCount: count.nullable(),
  stopped: z.array(processBrief).max(64),
  cpuPercent: measure.nullable(),
  memoryBytes: measure.nullable(),
});

const hello = z.strictObject({ kind: z.literal('hello'), version: z.literal(1), uid, user: text });

const list = z.strictObject({
  kind: z.literal('list'),
  id: count,
  version: z.literal(1),
  now: moment,
  bootId,
  /** False where /proc hides other users' processes (hidepid). */
  everyProcessSeen: z.boolean(),
  socketsSeen: z.boolean(),
  /** False where the socket owners of xrdp's processes cannot be read. */
  ownersSeen: z.boolean(),
  clientLogSeen: z.boolean(),
  sesmanRunning: z.boolean(),
  /** Display numbers whose lock file names a process that is gone. */
  staleLocks: z.array(count).max(100_000),
  /** Users who called more processes X servers or leftovers than are listed. */
  crowded: z.array(uid).max(mostSessions),
  sessions: z.array(z.unknown()).max(mostSessions),
  tookMs: measure,
});

const processFacts = z.strictObject({
  pid,
  parent: z.int().min(0),
  name: text,
  start: ticks,
  state: text,
  user: text.nullable(),
  uid,
  command: text.nullable(),
  startedAt: moment,
  cpuSeconds: measure,
  cpuPercent: measure.nullable(),
  memoryBytes: measure.nullable(),
  role: z.enum(['leader', 'x-server', 'channel-server', 'window-manager', 'system', 'user']),
});

const processes = z.strictObject({
  kind: z.literal('processes'),
  id: count,
  version: z.literal(1),
  now: moment,
  bootId,
  everyProcessSeen: z.boolean(),
  found: z.boolean(),
  processes: z.array(processFacts).max(mostProcesses),
});

const act = z.strictObject({
  kind: z.literal('act'),
  id: count,
  version: z.literal(1),
  /** What was done, one line each. */
  did: z.array(text).max(mostProcesses),
  /** Why nothing was done: it is another session by now, or the reason is gone. */
  changed: text.nullable(),
  /** What the system refused, and why. */
  refused: text.nullable(),
});

const presence = z.strictObject({
  kind: z.literal('presence'),
  id: count,
  version: z.literal(1),
  now: moment,
  bootId,
  everyProcessSeen: z.boolean(),
  found: z.boolean(),
  /** Whether anything is known of what ran in it. */
  traced: z.boolean(),
  traces: z.array(text).max(mostProcesses),
  /** What is left of a session that was not found. */
  processes: z.array(processFacts).max(mostProcesses),
});

/** What became of a message that a program of the host shows. */
const message = z.strictObject({
  kind: z.literal('message'),
  id: count,
  version: z.literal(1),
  event: z.enum(['shown', 'answered', 'closed', 'timed-out', 'no-program', 'session-ended', 'changed', 'refused']),
  by: text.nullable(),
  answer: text.nullable(),
  why: text.nullable(),
  connected: z.boolean().nullable(),
});

/** Bytes from an X server, in hexadecimal, or what became of the connection to it. */
const x = z.strictObject({
  kind: z.literal('x'),
  id: count,
  version: z.literal(1),
  event: z.enum(['open', 'data', 'failed', 'changed']),
  data: z.hex().max(131_072).nullable(),
  why: text.nullable(),
  connected: z.boolean().nullable(),
});

const answer = z.discriminatedUnion('kind', [hello, list, processes, act, presence, message, x, examination]);

export type SessionFacts = z.infer<typeof sessionFacts>;
export type HelloAnswer = z.infer<typeof hello>;
export interface ListAnswer extends Omit<z.infer<typeof list>, 'sessions'> {
  readonly sessions: readonly SessionFacts[];
  /** Why a session's row could not be read, one line for each. */
  readonly unread: readonly string[];
}
export type ProcessesAnswer = z.infer<typeof processes>;
export type ActAnswer = z.infer<typeof act>;
export type PresenceAnswer = z.infer<typeof presence>;
export type MessageEvent = z.infer<typeof message>;
export type XEvent = z.infer<typeof x>;
export type Answer =
  | HelloAnswer
  | ListAnswer
  | ProcessesAnswer
  | ActAnswer
  | PresenceAnswer
  | MessageEvent
  | XEvent
  | ExaminationFacts;

/** Takes a probe's document for what it is. Throws {@link UsherError} `bad_answer`, which names the field. */
export function readAnswer(document: unknown): Answer {
  const read = answer.safeParse(document);
  if (!read.success) {
    throw new UsherError({
      code: 'bad_answer',
      message: `the probe's answer is not understood: ${whatIsWrong(read.error)}`,
    });
  }
  return read.data.kind === 'list' ? withRows(read.data) : read.data;
}

/** A row that is not understood costs itself, and not the others. */
function withRows(listed: z.infer<typeof list>): ListAnswer {
  const rows = listed.sessions.map((row, index) => ({ index, read: sessionFacts.safeParse(row) }));
  return {
    ...listed,
    sessions: rows.flatMap(({ read }) => (read.success ? [read.data] : [])),
    unread: rows.flatMap(({ index, read }) => (read.success ? [] : [`sessions.${index}: ${whatIsWrong(read.error)}`])),
  };
}

function whatIsWrong({ issues: [first] }: z.ZodError): string {
  const path = first?.path.join('.') ?? '';
  return `${path === '' ? 'it' : path}: ${first?.message ?? 'unreadable'}`;
}
