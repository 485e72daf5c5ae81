import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tstsCalls } from '../../wire/ms-tsts/calls.ts';
import { openServer } from '../../wire/ms-tsts/ica-api/open-server.ts';
import { terminateProcess } from '../../wire/ms-tsts/ica-api/terminate-process.ts';
import { icaApi, rcmPublic, termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { winregCalls } from '../../wire/ms-rrp/calls.ts';
import { hostile } from '../../wire/testing/hostile.ts';
import { runs } from '../../wire/testing/runs.ts';
import { type Dialogue, dialogues, populated } from '../testing/every-call.ts';
import { counting, PipeClient } from '../testing/pipe.ts';
import { accounts, aWorld } from '../testing/world.ts';
import { theHost } from '../world/actor.ts';
import { shutDown } from '../world/acts/shut-down.ts';
import { withValue } from '../world/registry/hive.ts';
import { keyPaths } from '../world/registry/windows-hive.ts';
import { dword } from '../world/registry/values.ts';
import { openPipe, servedNames } from './pipes.ts';

/** What a host of today has not, or only since Windows Server 2025. */
const leftOut = [
  'IcaApi.RpcIcaServerPing',
  'IcaApi.RpcWinStationSetInformation',
  'IcaApi.RpcWinStationWaitSystemEvent',
  'IcaApi.RpcWinStationShadow',
  'IcaApi.RpcWinStationReInitializeSecurity',
  'IcaApi.RpcWinStationUpdateSettings',
  'IcaApi.RpcWinStationShadowStop',
  'IcaApi.RpcWinStationIsHelpAssistantSession',
  'TSVIPPublic.RpcGetSessionIP',
  'TermSrvSession.RpcGetActivityId',
];

const answered = dialogues().flatMap((dialogue) => dialogue.answered);

test('every call that is declared is served, but for those that hosts of today have not', () => {
  const declared = [...tstsCalls, ...winregCalls].map((call) => `${call.interface.name}.${call.name}`);
  expect(declared.filter((name) => !servedNames.includes(name))).toEqual(leftOut.toSorted(byPlace(declared)));
});

const byPlace = (names: readonly string[]) => (one: string, other: string) => names.indexOf(one) - names.indexOf(other);

test('every call that is served is answered', () => {
  const told = new Set(
    answered.flatMap(({ interface: of, name, response }) => (response instanceof Uint8Array ? [`${of}.${name}`] : [])),
  );
  expect(servedNames.filter((name) => !told.has(name))).toEqual([]);
});

describe('a dialogue of which a stub is cut or garbled', () => {
  const calls = [...tstsCalls, ...winregCalls];
  const mayWait = /Wait|Message|Shadow2/;

  /** The names of the calls that got no answer, and what was answered. */
  function replay({ interfaces, answered: said }: Dialogue, at: number, garbled: Uint8Array) {
    const { host, clock } = populated();
    const client = new PipeClient(host, accounts.anna, interfaces);
    const mute = said.flatMap(({ name, request }, index) => {
      const call = calls.find((one) => one.name === name && interfaces.includes(one.interface));
      if (call === undefined) throw new Error(`nothing is called ${name}`);
      const id = client.send(call, index === at ? garbled : request);
      clock.stepTo(clock.now());
      return client.isAnswered(id) || client.isClosed || mayWait.test(name) ? [] : [name];
    });
    return { mute, answered: client.answered };
  }

  test('is answered as before where nothing is garbled', () => {
    const [lsm] = dialogues();
    if (lsm === undefined) throw new Error('there is no dialogue');
    expect(replay(lsm, -1, new Uint8Array()).answered).toEqual(lsm.answered);
  });

  test.each(dialogues().map((dialogue) => [dialogue.interfaces[0].name, dialogue] as const))(
    'of %s goes on: every call is answered, or with a fault',
    (_name, dialogue) => {
      const chosen = fc
        .nat(dialogue.answered.length - 1)
        .chain((at) => fc.tuple(fc.constant(at), hostile(dialogue.answered[at]?.request ?? new Uint8Array())));
      fc.assert(
        fc.property(chosen, ([at, stub]) => {
          expect(replay(dialogue, at, stub).mute).toEqual([]);
        }),
        { numRuns: runs(50) },
      );
    },
  );
});

test('bytes that are no RPC end the connection and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const { host } = aWorld();
      let closed = 0;
      const carrier = { send: () => undefined, closed: () => void closed++, random: counting() };
      const pipe = openPipe(host, 'LSM_API_service', accounts.anna, carrier);
      pipe?.receive(bytes);
      pipe?.close();
      expect(closed).toBe(1);
    }),
    { numRuns: runs(200) },
  );
});

describe('a pipe', () => {
  const carrier = { send: () => undefined, closed: () => undefined, random: counting() };

  test('that no host has is not there', () => {
    expect(openPipe(aWorld().host, 'spoolss', accounts.anna, carrier)).toBeNull();
  });

  test('is found in any case', () => {
    expect(openPipe(aWorld().host, 'lsm_api_SERVICE', accounts.anna, carrier)).not.toBeNull();
  });

  test('of Remote Desktop ends with it', () => {
    const { host } = aWorld();
    host.registry = withValue(host.registry, keyPaths.terminalServer, dword('fDenyTSConnections', 1), 0n);
    expect(openPipe(host, 'TermSrv_API_service', accounts.anna, carrier)).toBeNull();
    expect(openPipe(host, 'LSM_API_service', accounts.anna, carrier)).not.toBeNull();
  });

  test('lets nobody call who has not logged on', () => {
    const { host } = aWorld();
    const client = new PipeClient(host, null, [termSrvSession]);
    expect(client.begin(openSession, { sessionId: 1 }).fault()).toBe('ERROR_ACCESS_DENIED');
  });

  test('is closed when the host goes down', () => {
    const { host, clock } = aWorld();
    const client = new PipeClient(host, accounts.anna, [rcmPublic]);
    shutDown(host, 'shutdown', theHost);
    clock.stepTo(clock.now());
    expect(client.isClosed).toBe(true);
    expect(openPipe(host, 'LSM_API_service', accounts.anna, carrier)).toBeNull();
  });

  test('says nothing more once the host has crashed', () => {
    const { host } = aWorld();
    const client = new PipeClient(host, accounts.anna, [icaApi]);
    const { phServer: hServer } = client.ask(openServer, {});
    const lsass = [...host.processes.values()].find(({ image }) => image === 'lsass.exe');
    const asked = client.begin(terminateProcess, { hServer, processId: lsass?.pid ?? 0, exitCode: 1 });
    expect([client.isClosed, asked.answer(), asked.fault()]).toEqual([true, null, null]);
  });

  test('takes nothing but packet privacy where the policy says so', () => {
    const { host } = aWorld();
    host.registry = withValue(host.registry, keyPaths.policies, dword('fEncryptRPCTraffic', 1), 0n);
    const client = new PipeClient(host, accounts.anna, [termSrvSession]);
    expect(client.begin(openSession, { sessionId: 1 }).fault()).toBe('ERROR_ACCESS_DENIED');
  });
});
