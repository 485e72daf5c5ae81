import { UsherError } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import type { Credential, Secret } from '../../credential.ts';
import { type Finding, finding } from '../../finding.ts';
import type { Answer } from '../answer.ts';
import { readingOf } from '../list.ts';
import { localTransport } from '../local.ts';
import type { ProbeRights } from '../notes.ts';
import { type ProbeSession, startProbe } from '../probe-session.ts';
import type { XrdpSurroundings } from '../surroundings.ts';
import type { Transport } from '../transport.ts';
import { clockFinding } from './clock.ts';
import { daemonFindings } from './daemons.ts';
import { desktopFindings } from './desktop.ts';
import { limitFindings } from './limits.ts';
import { listingFindings } from './listing.ts';
import { probeFailed, type ProbeStart, rightsFinding, sightFindings } from './rights.ts';
import { examineWay } from './way.ts';

/** Looks at an xrdp host, over SSH or on this machine, as `HostDriver.examine` says. */
export async function* examineHost(
  host: Host,
  credential: Credential,
  surroundings: XrdpSurroundings,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  const transport =
    host.url.scheme === 'local'
      ? yield* examineThisMachine(surroundings)
      : yield* examineWay(host, credential, surroundings.ssh, signal);
  if (transport === null) return;
  try {
    yield* examineOn(transport, host, credential, surroundings, signal);
  } finally {
    await transport[Symbol.asyncDispose]();
  }
}

async function* examineThisMachine({
  platform,
  localUser,
}: XrdpSurroundings): AsyncGenerator<Finding, Transport | null, undefined> {
  if (platform !== 'linux') {
    const message = 'this machine is no Linux machine, and xrdp runs on Linux alone';
    yield finding('kind', 'problem', message, {
      mends: [{ where: 'here, for a host', paste: 'usher doctor ssh://USER@HOST' }],
      error: new UsherError({ code: 'unsupported', message }),
    });
    return null;
  }
  yield finding('logon', 'ok', `this machine itself, as ${localUser}`);
  return localTransport(localUser);
}

/** What can be found out once commands can be run on the host. */
export async function* examineOn(
  transport: Transport,
  host: Host,
  credential: Pick<Credential, 'sudoPassword'>,
  { now }: Pick<XrdpSurroundings, 'now'>,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  const account = transport.user ?? 'this account';
  let sudoPassword: ProbeStart['sudoPassword'] = 'not-asked-for';
  const askSudoPassword = async (): Promise<Secret | null> => {
    const password = transport.user === null ? null : await credential.sudoPassword(host, transport.user);
    sudoPassword = password === null ? 'absent' : 'given';
    return password;
  };
  let probe: ProbeSession;
  try {
    probe = await startProbe(transport, askSudoPassword, signal);
  } catch (error) {
    yield failed(host, error, signal);
    return;
  }
  try {
    const before = now();
    const facts = await answered(host, () => probe.request('examine', signal), signal);
    if ('finding' in facts) return void (yield facts.finding);
    if (facts.answer.kind !== 'examination') return void (yield unexpected(host, facts.answer));
    const { answer } = facts;
    const asked = { before, after: now() };
    yield finding('perl', 'ok', `perl ${answer.perl.version} answers`, {
      details: [answer.perl.path, ...[answer.system, answer.kernel].flatMap((one) => one ?? [])],
    });
    const start: ProbeStart = { host, account, probe, sudoPassword };
    yield rightsFinding(start, answer);
    yield* sightFindings(start, answer);
    yield clockFinding(host, answer.now, asked);
    yield* daemonFindings(host, answer);
    yield* limitFindings(host, answer);
    yield* desktopFindings(host, answer);
    const list = await answered(host, () => probe.request('list', signal), signal);
    if ('finding' in list) return void (yield list.finding);
    if (list.answer.kind !== 'list') return void (yield unexpected(host, list.answer));
    yield* listingFindings(host, readingOf(host.name, list.answer, rightsOf(probe)), list.answer.staleLocks);
  } finally {
    probe[Symbol.dispose]();
  }
}

function rightsOf({ hello, sudoRefusal, sudoPasswordRefused }: ProbeSession): ProbeRights {
  return { uid: hello.uid, user: hello.user, sudoRefusal, sudoPasswordRefused };
}

type Answered = { readonly answer: Answer } | { readonly finding: Finding };

async function answered(host: Host, ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answered> {
  try {
    return { answer: await ask() };
  } catch (error) {
    return { finding: failed(host, error, signal) };
  }
}

/** An abort's reason is the caller's, and so is a defect. */
function failed(host: Host, error: unknown, signal: AbortSignal): Finding {
  if (signal.aborted) throw signal.reason;
  if (!(error instanceof UsherError)) throw error;
  return probeFailed(host, error);
}

function unexpected(host: Host, { kind }: Answer): Finding {
  const message = `the probe answered with '${kind}'`;
  return probeFailed(host, new UsherError({ code: 'bad_answer', host: host.name, message }));
}
