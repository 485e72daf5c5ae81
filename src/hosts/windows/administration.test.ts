import { describe, expect, test } from 'vitest';
import { shutdownSystem } from '../../wire/ms-tsts/ica-api/shutdown-system.ts';
import { closeListener } from '../../wire/ms-tsts/rcm-listener/close-listener.ts';
import { isListening } from '../../wire/ms-tsts/rcm-listener/is-listening.ts';
import { openListener } from '../../wire/ms-tsts/rcm-listener/open-listener.ts';
import { startListener } from '../../wire/ms-tsts/rcm-listener/start-listener.ts';
import { stopListener } from '../../wire/ms-tsts/rcm-listener/stop-listener.ts';
import { nullHandle } from '../../wire/ndr/context-handle.ts';
import { administer } from './testing/administered.ts';
import { type Answer, answer, fault, type LoopbackHost } from './testing/host.ts';
import { never } from './testing/reading.ts';

const denied = 0x8007_0005 | 0;

/** A listener that does as it is told. */
function aListener(listening = true, otherwise: readonly Answer[] = []): readonly Answer[] {
  let on = listening;
  const turn = (to: boolean) => () => {
    on = to;
    return { returnValue: 0 };
  };
  return [
    answer(openListener, ({ szListenerName }) => ({
      phListener: { ...nullHandle, attributes: szListenerName.length },
      returnValue: 0,
    })),
    answer(closeListener, () => ({ phListener: nullHandle, returnValue: 0 })),
    answer(isListening, () => ({ pbIsListening: on, returnValue: 0 })),
    answer(stopListener, turn(false)),
    answer(startListener, turn(true)),
    ...otherwise,
  ];
}

const callsOf = (server: LoopbackHost): readonly string[] =>
  server.calls.filter((name) => /Listen(er|ing)$/.test(name));

describe('listeners', () => {
  test('are those that the host tells of', async () => {
    const { administration } = await administer([]);
    expect(await administration.listeners(never)).toEqual([{ id: 65_536, name: 'RDP-Tcp', listening: true }]);
  });

  test('of a host without Remote Desktop are unsupported, with how it is switched on', async () => {
    const { administration } = await administer([], { missing: ['TermSrv_API_service'] });
    await expect(administration.listeners(never)).rejects.toMatchObject({
      code: 'unsupported',
      host: 'wh1',
      hint: expect.stringContaining('fDenyTSConnections 0'),
    });
  });

  test('are stopped by name in any case, and asked what they do then', async () => {
    const { server, administration } = await administer(aListener());
    const { did } = await administration.setListener('rdp-tcp', false, never);
    expect(did).toEqual(['RpcStopListener of RDP-Tcp', 'RDP-Tcp does not listen now']);
    expect(callsOf(server)).toEqual([
      'RpcOpenListener',
      'RpcIsListening',
      'RpcStopListener',
      'RpcIsListening',
      'RpcCloseListener',
    ]);
  });

  test('are started', async () => {
    const { administration } = await administer(aListener(false));
    const { did } = await administration.setListener('RDP-Tcp', true, never);
    expect(did).toEqual(['RpcStartListener of RDP-Tcp', 'RDP-Tcp listens now']);
  });

  test('that are as wanted are left alone', async () => {
    const { server, administration } = await administer(aListener());
    const { did } = await administration.setListener('RDP-Tcp', true, never);
    expect(did).toEqual(['nothing: RDP-Tcp listens already']);
    expect(callsOf(server)).not.toContain('RpcStartListener');
  });

  test('that do not stop are told as they are', async () => {
    const stubborn = answer(stopListener, () => ({ returnValue: 0 }));
    const { administration } = await administer(aListener(true, [stubborn]));
    const { did } = await administration.setListener('RDP-Tcp', false, never);
    expect(did).toEqual(['RpcStopListener of RDP-Tcp', 'RDP-Tcp listens now']);
  });

  test('that the account may not stop are refused, and their handle is closed', async () => {
    const refusing = answer(stopListener, () => ({ returnValue: denied }));
    const { server, administration } = await administer(aListener(true, [refusing]));
    await expect(administration.setListener('RDP-Tcp', false, never)).rejects.toMatchObject({
      code: 'access_denied',
      host: 'wh1',
    });
    expect(callsOf(server).at(-1)).toBe('RpcCloseListener');
  });

  test('of an unknown name are not found, and nothing is opened', async () => {
    const { server, administration } = await administer(aListener());
    await expect(administration.setListener('ICA-Tcp', false, never)).rejects.toMatchObject({
      code: 'not_found',
      hint: 'it has RDP-Tcp',
    });
    expect(callsOf(server)).toEqual([]);
  });
});

describe('going down', () => {
  const asked: number[] = [];
  const obeying = answer(shutdownSystem, ({ shutdownFlags }) => {
    asked.push(shutdownFlags);
    return { pResult: 0, returnValue: true };
  });

  test.each([
    ['shutdown', 0b0011],
    ['restart', 0b0111],
    ['power-off', 0b1011],
  ] as const)('by %s is asked for with the flags %i', async (kind, flags) => {
    asked.length = 0;
    const { administration } = await administer([obeying]);
    const { did } = await administration.shutdown(kind, never);
    expect(asked).toEqual([flags]);
    expect(did).toEqual([`RpcWinStationShutdownSystem (${kind})`]);
  });

  test('without the privilege is refused, with its name', async () => {
    const refusing = answer(shutdownSystem, () => ({ pResult: 0xc000_0022, returnValue: false }));
    const { administration } = await administer([refusing]);
    await expect(administration.shutdown('restart', never)).rejects.toMatchObject({
      code: 'access_denied',
      host: 'wh1',
      hint: expect.stringContaining('SeRemoteShutdownPrivilege'),
    });
  });

  test('of a host that hangs up meanwhile is not told as done', async () => {
    const { server, administration } = await administer([
      answer(shutdownSystem, () => new Promise<never>(() => undefined)),
    ]);
    const asking = administration.shutdown('restart', never);
    await expect.poll(() => server.calls).toContain('RpcWinStationShutdownSystem');
    server.hangUp();
    await expect(asking).rejects.toMatchObject({ code: 'connection_lost', operation: 'shutting down' });
  });

  test('of a host without the WinStation service is told as what it lacks', async () => {
    const { administration } = await administer([], { missing: ['Ctx_WinStation_API_service'] });
    await expect(administration.shutdown('restart', never)).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('that a fault answers is an error', async () => {
    const { administration } = await administer([answer(shutdownSystem, () => fault('ERROR_ACCESS_DENIED'))]);
    await expect(administration.shutdown('restart', never)).rejects.toMatchObject({ code: 'access_denied' });
  });
});

test('an abort ends the connection, with the operation', async () => {
  const { server, administration } = await administer([
    answer(shutdownSystem, () => new Promise<never>(() => undefined)),
  ]);
  const abort = new AbortController();
  const asking = administration.shutdown('shutdown', abort.signal);
  await expect.poll(() => server.calls).toContain('RpcWinStationShutdownSystem');
  abort.abort();
  await expect(asking).rejects.toMatchObject({ code: 'timeout', operation: 'shutting down' });
});
