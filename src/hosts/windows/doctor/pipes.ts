import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { access } from '../../../wire/ms-rrp/access.ts';
import { winreg } from '../../../wire/ms-rrp/interface.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { closeServerEx } from '../../../wire/ms-tsts/ica-api/close-server-ex.ts';
import { openServer } from '../../../wire/ms-tsts/ica-api/open-server.ts';
import {
  icaApi,
  rcmListener,
  rcmPublic,
  sessEnvPublicRpc,
  termSrvEnumeration,
  termSrvNotification,
  termSrvSession,
} from '../../../wire/ms-tsts/interfaces.ts';
import { getAllListeners } from '../../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { closeEnum } from '../../../wire/ms-tsts/term-srv-enumeration/close-enum.ts';
import { openEnum } from '../../../wire/ms-tsts/term-srv-enumeration/open-enum.ts';
import type { RpcInterface } from '../../../wire/ndr/call.ts';
import { failureOf as failureOfCode, isFailure } from '../../../wire/ms-erref/failure.ts';
import type { Finding } from '../../finding.ts';
import { failureOfHresult, failureOfIcaApi } from '../results.ts';
import type { RpcPipe } from '../rpc-pipe.ts';
import type { Reached } from './logon.ts';
import { failureOf, type Patient, within } from './patient.ts';
import { type PipeName, pipeFinding } from './pipe-finding.ts';

const patience = milliseconds(5000);
/** RemoteRegistry starts when its pipe is asked for, which the first who ask do not see. */
const startOfRegistry = milliseconds(1500);

/** The pipes of a host, or why each is not to be had. */
export type Opened = Readonly<Record<PipeName, RpcPipe | UsherError>>;

interface Wanted {
  readonly name: PipeName;
  readonly interfaces: readonly [RpcInterface, ...RpcInterface[]];
  /** The least that can be asked there, which changes nothing. Throws `UsherError`. */
  readonly ask: (pipe: RpcPipe) => Promise<void>;
}

const operation = 'asking for a sign of life';

const wanted: readonly Wanted[] = [
  {
    name: 'LSM_API_service',
    interfaces: [termSrvSession, termSrvEnumeration, termSrvNotification],
    async ask(pipe) {
      const { phEnum, returnValue } = await pipe.call(openEnum, {}, { operation });
      succeed(failureOfHresult(returnValue, operation));
      await pipe.call(closeEnum, { phEnum }, { operation });
    },
  },
  {
    name: 'TermSrv_API_service',
    interfaces: [rcmPublic, rcmListener],
    async ask(pipe) {
      const { returnValue } = await pipe.call(getAllListeners, { level: 1 }, { operation });
      succeed(failureOfHresult(returnValue, operation));
    },
  },
  {
    name: 'Ctx_WinStation_API_service',
    interfaces: [icaApi],
    async ask(pipe) {
      const answer = await pipe.call(openServer, {}, { operation });
      succeed(failureOfIcaApi(answer, operation));
      await pipe.call(closeServerEx, { phServer: answer.phServer }, { operation });
    },
  },
  // Its only call begins to watch a session.
  { name: 'SessEnvPublicRpc', interfaces: [sessEnvPublicRpc], ask: async () => undefined },
  {
    name: 'winreg',
    interfaces: [winreg],
    async ask(pipe) {
      const request = { serverName: null, samDesired: access.queryValue };
      const { returnValue } = await pipe.call(openLocalMachine, request, { operation });
      if (isFailure('win32', returnValue)) throw failureOfCode('win32', returnValue, operation);
    },
  },
];

function succeed(failure: UsherError | null): void {
  if (failure !== null) throw failure;
}

/** Each pipe that Usher uses: whether it is there, and answers. All are asked at once. */
export async function* examinePipes(patient: Patient, reached: Reached): AsyncGenerator<Finding, Opened> {
  const opening = wanted.map(async (one) => [one.name, await openPatiently(patient, reached, one)] as const);
  const opened: [PipeName, RpcPipe | UsherError][] = [];
  for (const one of await Promise.all(opening)) {
    const [name, pipe] = one;
    opened.push([name, pipe]);
    yield pipeFinding(patient.host.name, reached.subject, name, pipe instanceof UsherError ? pipe : null);
  }
  return Object.fromEntries(opened) as Opened;
}

async function openPatiently(patient: Patient, reached: Reached, one: Wanted): Promise<RpcPipe | UsherError> {
  const first = await open(patient, reached, one);
  const isMissing = first instanceof UsherError && ['unsupported', 'unreachable'].includes(first.code);
  if (one.name !== 'winreg' || !isMissing || reached.smb.lost !== null) return first;
  const started = Promise.withResolvers<void>();
  using _timer = patient.surroundings.after(startOfRegistry, started.resolve);
  await Promise.race([started.promise, reached.smb.over]);
  return await open(patient, reached, one);
}

async function open(patient: Patient, reached: Reached, { interfaces, ask }: Wanted): Promise<RpcPipe | UsherError> {
  try {
    return await within(patient, patience, async () => {
      const pipe = await reached.open(...interfaces);
      for (const called of interfaces) succeed(await pipe.refusalOf(called));
      await ask(pipe);
      return pipe;
    });
  } catch (error) {
    return failureOf(patient, error);
  }
}
