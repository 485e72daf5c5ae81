import { lookup } from 'node:dns/promises';
import { UsherError } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import type { Credential } from '../../credential.ts';
import { type Finding, finding } from '../../finding.ts';
import { closeLinks, keepTransport, nameJump } from '../ssh/connection.ts';
import type { SshEnvironment } from '../ssh/environment.ts';
import { type HopWitness, type Link, openHop } from '../ssh/hop.ts';
import { type Hop, planRoute } from '../ssh/route.ts';
import type { Transport } from '../transport.ts';
import { foundByName, notFoundByName } from './name.ts';
import { keyProved, letIn, portReached, type SeenHop, wayFailed } from './way-findings.ts';

/** The addresses that a name stands for. Throws where it stands for none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveByName: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Looks at the way to a host, machine after machine: name, port, host key, logon. Answers with the way where it leads to
 * the host, for the caller to close. Throws nothing but defects and the signal's reason.
 */
export async function* examineWay(
  host: Host,
  credential: Credential,
  environment: SshEnvironment,
  signal: AbortSignal,
  resolve: Resolve = resolveByName,
): AsyncGenerator<Finding, Transport | null, undefined> {
  const planned = await plan(host, credential, environment);
  const named = planned.complaint ?? (await nameOf(planned.route[0], resolve));
  yield named;
  if (named.verdict === 'problem') return null;
  const links: Link[] = [];
  let kept = false;
  try {
    for (const hop of planned.route) {
      if (!(yield* openNext(hop, links, environment, signal))) return null;
    }
    kept = true;
    return keepTransport(host, planned.route.at(-1)?.settings.user ?? null, links);
  } finally {
    if (!kept) await closeLinks(links);
  }
}

type Planned =
  | { readonly route: readonly [Hop, ...Hop[]]; readonly complaint: null }
  | { readonly route: readonly []; readonly complaint: Finding };

async function plan(host: Host, credential: Credential, environment: SshEnvironment): Promise<Planned> {
  try {
    const [first, ...others] = await planRoute(host, credential, environment);
    return { route: [first, ...others], complaint: null };
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    return {
      route: [],
      complaint: finding('configuration', 'problem', error.message, { meaning: error.hint, error }),
    };
  }
}

/** Only the first machine's name is looked up here; the others' are by the machine before them. */
async function nameOf({ settings }: Hop, resolve: Resolve): Promise<Finding> {
  try {
    return foundByName(settings, await resolve(settings.hostName));
  } catch (error) {
    return notFoundByName(settings, error);
  }
}

/** Opens the link to a machine, and tells how far it comes. False where it came to nothing. */
async function* openNext(
  hop: Hop,
  links: Link[],
  environment: SshEnvironment,
  signal: AbortSignal,
): AsyncGenerator<Finding, boolean, undefined> {
  const seen: { -readonly [key in keyof SeenHop]: SeenHop[key] } = { reached: false, key: null, progress: null };
  const [reached, proved] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const witness: HopWitness = {
    reached() {
      seen.reached = true;
      reached.resolve();
    },
    shown: (blob, verdict, name) => void (seen.key = { blob, verdict, name }),
    loggingOn(progress) {
      seen.progress = progress;
      proved.resolve();
    },
  };
  const opening = nameJump(hop, () => openHop(hop, links.at(-1)?.client ?? null, environment, signal, witness));
  const settled = opening.then(
    (link) => void links.push(link),
    () => undefined,
  );
  // What is known already is told while somebody is asked for a password.
  await Promise.race([reached.promise, settled]);
  if (seen.reached) yield* portReached(hop);
  await Promise.race([proved.promise, settled]);
  if (seen.progress !== null) yield* keyProved(hop, seen);
  try {
    await opening;
  } catch (error) {
    if (!(error instanceof UsherError) || signal.aborted) throw error;
    yield wayFailed(hop, seen, error);
    return false;
  }
  yield letIn(hop, seen);
  return true;
}
