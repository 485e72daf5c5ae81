import { connect } from 'node:net';
import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { Finding } from '../../finding.ts';
import type { Endpoint } from '../dial.ts';
import { argument, failureAt, finding, mend } from './finding.ts';
import { type Patient, within } from './patient.ts';

const patience = milliseconds(5000);

/** What came of opening a TCP connection: `refused` by the host itself, `silent`, or `barred` by something on the way. */
export type PortState = 'open' | 'refused' | 'silent' | 'barred';

/** Whether something listens on the host's port. Returns whether it makes sense to go on. */
export async function* examinePort(patient: Patient, endpoint: Endpoint): AsyncGenerator<Finding, boolean> {
  const { state, cause } = await tryPort(patient, endpoint);
  yield portFinding(patient.host.name, endpoint, state, cause);
  return state === 'open';
}

interface Tried {
  readonly state: PortState;
  readonly cause: unknown;
}

async function tryPort(patient: Patient, { address, port }: Endpoint): Promise<Tried> {
  try {
    await within(patient, patience, async (signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const socket = connect({ host: address, port }, resolve).on('error', reject);
      signal.addEventListener('abort', () => socket.destroy(), { once: true });
      await promise.finally(() => socket.destroy());
    });
    return { state: 'open', cause: null };
  } catch (cause) {
    patient.signal.throwIfAborted();
    if (cause instanceof UsherError) return { state: 'silent', cause };
    return { state: stateOf(codesOf(cause)), cause };
  }
}

/** The codes of a failed connection: one for each address that was tried. A defect is thrown. */
function codesOf(cause: unknown): readonly string[] {
  if (cause instanceof AggregateError) return cause.errors.flatMap(codesOf);
  if (cause instanceof Error && 'code' in cause) return [String(cause.code)];
  throw cause;
}

function stateOf(codes: readonly string[]): PortState {
  if (codes.includes('ECONNREFUSED')) return 'refused';
  return codes.every((code) => code === 'ETIMEDOUT') ? 'silent' : 'barred';
}

export function portFinding(host: string, { address, port }: Endpoint, state: PortState, cause: unknown): Finding {
  const told = { check: 'port', of: String(port) } as const;
  if (state === 'open') return finding({ ...told, verdict: 'ok', summary: `something listens on port ${port}` });
  const message = `port ${port} cannot be reached`;
  const error = failureAt(
    host,
    new UsherError({ code: state === 'silent' ? 'timeout' : 'unreachable', message, cause }),
  );
  const look = mend('here', `nc -vz -w 5 ${argument(address)} ${port}`);
  return finding({ ...told, verdict: 'problem', ...closed[state](port), mends: [...mends[state], look], error });
}

const openFirewall = mend(
  'host',
  "Enable-NetFirewallRule -Group '@FirewallAPI.dll,-28502'   # File and Printer Sharing, in every language",
);
const startServer = mend('host', 'Set-Service LanmanServer -StartupType Automatic; Start-Service LanmanServer');

type Closed = Exclude<PortState, 'open'>;

const mends = { refused: [startServer, openFirewall], silent: [openFirewall], barred: [] } as const;

const closed: Readonly<Record<Closed, (port: number) => Pick<Finding, 'summary' | 'meaning'>>> = {
  refused: (port) => ({
    summary: `port ${port} is closed: the host is there, and nothing listens`,
    meaning: "The host's Server service (LanmanServer) does not run, or its firewall refuses the connection.",
  }),
  silent: (port) => ({
    summary: `port ${port} is filtered: nothing answers`,
    meaning: "A firewall, the host's own or one on the way, drops the connection; or the host is off.",
  }),
  barred: () => ({
    summary: 'there is no way to the host',
    meaning:
      'This computer, a router or a firewall on the way says that the host cannot be reached: a route or a VPN is missing.',
  }),
};
