import type { Credential, Secret } from '../../hosts/credential.ts';
import type { HostConnection, HostDriver, HostNote, HostReading, ProcessReading } from '../../hosts/driver.ts';
import type { HostAdministration } from '../../hosts/administration.ts';
import { type Finding, finding } from '../../hosts/finding.ts';
import type { Host } from '../../sessions/host.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import { readAt } from '../../sessions/testing/session.ts';
import { UsherError } from '../../sessions/errors.ts';
import { type Fates, imagineSessions } from './imagined-sessions.ts';

/** What a host of the estate does. */
export interface HostPlan extends Fates {
  /** Its sessions; with several lists, one for each reading of a watch. */
  readonly readings?: readonly (readonly Session[])[];
  readonly complete?: boolean;
  /** When it started, as it tells it now. */
  readonly bootedAt?: () => Temporal.Instant | null;
  readonly notes?: readonly HostNote[];
  /** What an examination finds after the logon, if it asks for a password. A silent host falls silent after that. */
  readonly findings?: readonly Finding[];
  readonly administration?: HostAdministration;
  readonly processes?: readonly SessionProcess[];
  /** A message is on the screen, whatever comes of it, until nobody waits for it any more; and it stays there. */
  readonly keepsMessages?: boolean;
  /** Thrown by connect. */
  readonly failure?: Error;
  /** Why it cannot be connected to now. */
  readonly onConnect?: () => UsherError | null;
  /** What a listing finds now instead of its sessions. */
  readonly onList?: () => readonly Session[] | UsherError | null;
  /** Connect never answers. It heeds the abort only where `heeds` says so. */
  readonly silent?: 'heeds' | 'ignores';
  /** What connect waits for. */
  readonly after?: Promise<void>;
  /** The only password that it takes; it asks for one whenever this is set. */
  readonly password?: string;
  /** The only password that its sudo takes; it asks for one whenever this is set. */
  readonly sudoPassword?: string;
  /** Its sudo lets nobody become root, whatever the password. */
  readonly sudoForbids?: boolean;
  /** What it waits for once it has let the account in, and tells so. */
  readonly afterLogon?: Promise<void>;
  /** What it waits for before it judges the password. */
  readonly judging?: Promise<void>;
}

/** What happened in the estate, in order: `connect xh1`, `password xh1`, `close xh1`. */
export interface Estate {
  readonly driver: HostDriver;
  readonly events: readonly string[];
  /** The most connections that were open at once. */
  readonly mostOpen: () => number;
}

/** Hosts that do as planned, by name; an unplanned one has no sessions. */
export function anEstate(plans: Readonly<Record<string, HostPlan>>, now = (): Temporal.Instant => readAt): Estate {
  const events: string[] = [];
  let [open, mostOpen] = [0, 0];
  return {
    events,
    mostOpen: () => mostOpen,
    driver: {
      // Only an estate that plans for Windows hosts, by their URLs, speaks to them.
      schemes: Object.keys(plans).some((name) => name.startsWith('windows:'))
        ? ['ssh', 'local', 'windows']
        : ['ssh', 'local'],
      async *examine(host, credential, signal) {
        const plan = plans[host.name] ?? {};
        events.push(`examine ${host.name}`);
        await plan.after;
        if (plan.failure !== undefined) throw plan.failure;
        if (plan.password !== undefined) yield await logonFinding(plan, host, credential, events);
        yield* plan.findings ?? [];
        if (plan.silent !== undefined) await silence(plan.silent, signal);
      },
      async connect(host, credential, signal) {
        const plan = plans[host.name] ?? {};
        events.push(`connect ${host.name}`);
        await plan.after;
        const failure = plan.failure ?? plan.onConnect?.() ?? null;
        if (failure !== null) throw failure;
        if (plan.silent !== undefined) await silence(plan.silent, signal);
        if (plan.password !== undefined) await logOn(plan, host, credential, events);
        if (plan.afterLogon !== undefined) {
          credential.accepted?.();
          await plan.afterLogon;
        }
        const sudoNotes = plan.sudoPassword === undefined ? [] : await becomeRoot(plan, host, credential, events);
        open += 1;
        mostOpen = Math.max(mostOpen, open);
        const notes = [...(plan.notes ?? []), ...sudoNotes];
        const tell = (event: string): void => void events.push(event);
        return connectionTo(host, { ...plan, notes }, now, tell, () => {
          open -= 1;
          events.push(`close ${host.name}`);
        });
      },
    },
  };
}

function userOn({ url }: Host, { user }: Credential): string {
  if (url.scheme === 'local') return 'root';
  const name = url.user ?? user ?? 'root';
  return url.domain === null ? name : `${url.domain}\\${name}`;
}

async function logOn(plan: HostPlan, host: Host, credential: Credential, events: string[]): Promise<void> {
  const user = userOn(host, credential);
  const password: Secret | null = await credential.password(host, user);
  if (password === null) throw new UsherError({ code: 'no_credential', message: 'no password to try' });
  events.push(`password ${host.name}`);
  await plan.judging;
  if (password.reveal() !== plan.password) {
    throw new UsherError({ code: 'logon_failed', message: `the password of ${user} was refused` });
  }
}

async function logonFinding(plan: HostPlan, host: Host, credential: Credential, events: string[]): Promise<Finding> {
  try {
    await logOn(plan, host, credential, events);
    return finding('logon', 'ok', 'logged on');
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    return finding('logon', 'problem', error.message, { error });
  }
}

const notRoot: HostNote = { code: 'not-root', message: 'not root', columns: [], hint: null };
const sudoRefused: HostNote = { code: 'sudo-refused', message: 'a wrong password', columns: [], hint: null };

async function becomeRoot(
  plan: HostPlan,
  host: Host,
  credential: Credential,
  events: string[],
): Promise<readonly HostNote[]> {
  const password = await credential.sudoPassword(host, userOn(host, credential));
  if (password === null) return [notRoot];
  events.push(`sudo ${host.name}`);
  if (password.reveal() !== plan.sudoPassword) return [sudoRefused, notRoot];
  return plan.sudoForbids === true ? [notRoot] : [];
}

function silence(kind: 'heeds' | 'ignores', signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (kind === 'heeds') signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function connectionTo(
  host: Host,
  plan: HostPlan,
  now: () => Temporal.Instant,
  tell: (event: string) => void,
  closed: () => void,
): HostConnection {
  const { readings = [[]], complete = true, notes = [], processes = [] } = plan;
  const reading = (sessions: readonly Session[]): HostReading => ({
    host: host.name,
    readAt,
    bootedAt: plan.bootedAt?.() ?? null,
    complete,
    sessions,
    notes,
  });
  const imagined = imagineSessions({ sessions: readings[0] ?? [], processes }, now, plan, tell);
  let isOpen = true;
  return {
    host,
    list: async () => {
      const found = plan.onList?.() ?? imagined.now();
      if (found instanceof UsherError) throw found;
      return reading(found);
    },
    processes: async (session): Promise<ProcessReading> => {
      return { readAt, complete, processes: imagined.processes(session), notes: [] };
    },
    async *watch() {
      for (const sessions of readings) yield reading(sessions);
    },
    act: async (target, act) => imagined.act(target, act),
    presence: async (target) => imagined.presence(target),
    message: async (target, message, watcher, signal) => {
      const outcome = imagined.message(target, message);
      if (outcome.kind !== 'not-shown') watcher.shown('an imagined screen');
      if (plan.keepsMessages !== true) return outcome;
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { kind: 'left' };
    },
    administration: plan.administration ?? null,
    async [Symbol.asyncDispose]() {
      if (isOpen) closed();
      isOpen = false;
    },
  };
}
