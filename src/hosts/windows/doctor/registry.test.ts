import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { nullHandle } from '../../../wire/ndr/context-handle.ts';
import type { Finding } from '../../finding.ts';
import { answer, fault } from '../testing/host.ts';
import { keys, listenerKey } from '../registry/keys.ts';
import { examined, the } from './testing/examination.ts';
import { registryOf, type Tree } from './testing/registry.ts';

const vectors = new URL('../../../../test/vectors/security-descriptors.json', import.meta.url);

/** The bytes of a descriptor that Samba made. */
function descriptor(name: string): Uint8Array {
  const { descriptors } = JSON.parse(readFileSync(vectors, 'utf8')) as {
    descriptors: readonly { readonly name: string; readonly bytes: string }[];
  };
  const found = descriptors.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no descriptor ${name}`);
  return new Uint8Array(Buffer.from(found.bytes, 'hex'));
}

const administratorsOnly = descriptor('administrators and SYSTEM');
const listener = listenerKey('RDP-Tcp');
const usual: Tree = {
  [keys.terminalServer]: { fDenyTSConnections: 0 },
  [keys.winStations]: { DefaultSecurity: administratorsOnly },
  [listener]: { Security: administratorsOnly },
};

const withRegistry = (tree: Tree, writable = true): Promise<readonly Finding[]> =>
  examined({ answers: registryOf({ tree, writable }) });

const verdicts = (findings: readonly Finding[], check: string): Readonly<Record<string, string>> =>
  Object.fromEntries(findings.filter((one) => one.check === check).map(({ of, verdict }) => [of ?? '', verdict]));

test('whom the registry lets write is taken for an administrator, who has every right of Administrators', async () => {
  const findings = await withRegistry(usual);
  expect(verdicts(findings, 'right')).toEqual({
    'query information': 'ok',
    'set information': 'ok',
    reset: 'ok',
    'virtual channels': 'ok',
    'remote control': 'ok',
    logon: 'ok',
    'log off': 'ok',
    message: 'ok',
    connect: 'ok',
    disconnect: 'ok',
  });
  const reset = the(findings, 'right reset');
  expect(reset?.summary).toBe(String.raw`CORP\alice has the right "reset", as Administrators`);
  expect(reset?.details).toContain('granted to: SYSTEM, Administrators');
});

test('whom it does not let write lacks what Administrators alone have; what other groups have is unknown', async () => {
  const findings = await withRegistry(usual, false);
  expect(verdicts(findings, 'right')).toEqual({
    'query information': 'unknown',
    'set information': 'ok',
    reset: 'problem',
    'virtual channels': 'ok',
    'remote control': 'warning',
    logon: 'unknown',
    'log off': 'problem',
    message: 'problem',
    connect: 'unknown',
    disconnect: 'problem',
  });
  expect(the(findings, 'right query information')?.summary).toContain('hangs on Remote Desktop Users');
  expect(the(findings, 'right query information')?.mends[0]?.paste).toContain('Get-LocalGroupMember -SID S-1-5-32-555');
  expect(the(findings, 'right reset')?.mends[0]?.paste).toContain(String.raw`AccountName='CORP\alice'`);
  expect(the(findings, 'right reset')?.mends[0]?.paste).toContain(`TerminalName='RDP-Tcp'`);
});

test("a listener without Security has the host's DefaultSecurity", async () => {
  const findings = await withRegistry({ ...usual, [listener]: {} });
  expect(the(findings, 'right reset')?.details[0]).toBe(
    'sessions of RDP-Tcp: by the value DefaultSecurity of the registry',
  );
  expect(the(findings, 'right reset')?.verdict).toBe('ok');
});

test('listeners that differ, and the console, are told apart', async () => {
  const denies = descriptor('a denial stands before');
  const findings = await withRegistry({
    ...usual,
    [keys.winStations]: { ConsoleSecurity: denies },
    [listenerKey('Console')]: {},
    [listenerKey('ICA-Tcp')]: { Security: administratorsOnly },
  });
  expect(Object.keys(verdicts(findings, 'right'))).toContain('reset (RDP-Tcp, ICA-Tcp)');
  expect(verdicts(findings, 'right')['reset (Console)']).toBe('problem');
  expect(the(findings, 'right reset (Console)')?.details).toContain('denied to: Guests, Authenticated Users');
});

test('a name of a listener that is no name stands in no command', async () => {
  const bad = `x'"; Remove-Item C:\\`;
  const findings = await withRegistry(
    { [keys.terminalServer]: {}, [keys.winStations]: {}, [listenerKey(bad)]: { Security: administratorsOnly } },
    false,
  );
  const pasted = findings.flatMap(({ mends }) => mends.map(({ paste }) => paste)).join('\n');
  expect(pasted).toContain("TerminalName='LISTENER'");
  expect(pasted).not.toContain('Remove-Item');
});

test('a descriptor that makes no sense is unknown, and says why', async () => {
  const findings = await withRegistry({ ...usual, [listener]: { Security: Uint8Array.of(1, 0, 0) } });
  expect(the(findings, 'right')).toMatchObject({ verdict: 'unknown' });
  expect(the(findings, 'right')?.meaning).toContain('SECURITY_DESCRIPTOR');
});

describe('without any descriptor', () => {
  const rightsOf = async (writable: boolean): Promise<readonly Finding[]> =>
    (await withRegistry({ [keys.terminalServer]: {} }, writable)).filter(({ check }) => check === 'right');

  test("an administrator has every right by Windows' own default, as one finding says", async () => {
    const summary = String.raw`CORP\alice has every right to sessions, as Administrators by Windows' own default`;
    expect(await rightsOf(true)).toMatchObject([{ of: null, verdict: 'ok', summary }]);
  });

  test('what who is none may do is not known, and the default says who may act', async () => {
    const findings = await rightsOf(false);
    expect(findings).toMatchObject([{ of: null, verdict: 'unknown' }]);
    expect(findings[0]?.summary).toContain("by Windows' own default, and it seems to be none");
    expect(findings[0]?.meaning).toContain('Administrators may do everything');
    expect(findings[0]?.mends[0]?.paste).toContain(`TerminalName='RDP-Tcp'`);
  });
});

test('without the registry rights and limits are unknown, and its service is to be started', async () => {
  const findings = await examined({ answers: [answer(openKey, () => fault('ERROR_ACCESS_DENIED'))] });
  for (const check of ['right', 'limit']) {
    expect(findings.filter((one) => one.check === check)).toMatchObject([{ of: null, verdict: 'unknown' }]);
  }
});

test('keys that the account may not read leave what they tell unknown', async () => {
  const refusing = answer(openKey, () => ({ phkResult: nullHandle, returnValue: 5 }));
  const findings = await examined({ answers: [...registryOf({ tree: usual }), refusing] });
  expect(the(findings, 'limit')?.details.join('\n')).toContain('ERROR_ACCESS_DENIED');
});

test('a policy wins over the listener, which is told with its unit', async () => {
  const findings = await withRegistry({
    ...usual,
    [keys.policy]: { MaxIdleTime: 1_800_000 },
    [listener]: { Security: administratorsOnly, MaxIdleTime: 3_600_000, fInheritMaxIdleTime: 0 },
  });
  const idle = the(findings, 'limit MaxIdleTime');
  expect(idle?.summary).toBe('sessions idle for 30m 00s are ended or disconnected by the host, by policy');
  expect(idle?.details).toEqual([
    "in force: 1800000 ms, by the computer's policy (MaxIdleTime)",
    'not in force: 3600000 ms, by the listener RDP-Tcp (MaxIdleTime)',
  ]);
});

test.each<[string, Tree, string, string, string]>([
  ['nothing is set', {}, 'MaxIdleTime', 'ok', 'by default'],
  [
    'the listener has its own',
    { [listener]: { MaxIdleTime: 60_000, fInheritMaxIdleTime: 0 } },
    'MaxIdleTime',
    'ok',
    '1m 00s',
  ],
  [
    'the listener leaves it to accounts',
    { [listener]: { MaxIdleTime: 60_000, fInheritMaxIdleTime: 1 } },
    'MaxIdleTime',
    'ok',
    'each account',
  ],
  [
    'it ends disconnected sessions',
    { [keys.policy]: { MaxDisconnectionTime: 60_000 } },
    'MaxDisconnectionTime',
    'warning',
    'disconnected for 1m 00s',
  ],
  [
    'it ends instead of disconnecting',
    { [keys.policy]: { fResetBroken: 1 } },
    'fResetBroken',
    'warning',
    'ends the session',
  ],
  ['it limits connections', { [keys.policy]: { MaxConnectionTime: 7_200_000 } }, 'MaxConnectionTime', 'ok', '2h 00m'],
  [
    'Remote Desktop is off',
    { [keys.terminalServer]: { fDenyTSConnections: 1 } },
    'fDenyTSConnections',
    'problem',
    'switched off',
  ],
  [
    'policy switches Remote Desktop off',
    { [keys.policy]: { fDenyTSConnections: 1 } },
    'fDenyTSConnections',
    'problem',
    'by policy',
  ],
  [
    'users may have several sessions',
    { [keys.terminalServer]: { fSingleSessionPerUser: 0 } },
    'fSingleSessionPerUser',
    'warning',
    'several sessions',
  ],
  ['connections are counted', { [listener]: { MaxInstanceCount: 2 } }, 'MaxInstanceCount', 'ok', '2 connections'],
  [
    'connections are not counted',
    { [listener]: { MaxInstanceCount: 0xffffffff } },
    'MaxInstanceCount',
    'ok',
    'any number',
  ],
  [
    'RPC must be sealed',
    { [keys.policy]: { fEncryptRPCTraffic: 1 } },
    'fEncryptRPCTraffic',
    'ok',
    'demanded, by policy',
  ],
  ['nobody may be watched', { [keys.policy]: { Shadow: 0 } }, 'Shadow', 'warning', 'must not be watched'],
  [
    'clients are looked for',
    { [keys.policy]: { KeepAliveEnable: 1, KeepAliveInterval: 5 } },
    'KeepAliveEnable',
    'ok',
    'after 5 min',
  ],
  [
    'calls from afar are off',
    { [keys.terminalServer]: { AllowRemoteRPC: 0 } },
    'AllowRemoteRPC',
    'warning',
    'not allowed',
  ],
  ['it is drained', { [keys.terminalServer]: { TSServerDrainMode: 2 } }, 'TSServerDrainMode', 'warning', 'mode 2'],
  [
    'logons are disabled',
    { [keys.winlogon]: { WinStationsDisabled: '1' } },
    'WinStationsDisabled',
    'warning',
    'disabled',
  ],
])('where %s, the limit says so', async (_, tree, name, verdict, text) => {
  const findings = await withRegistry({ ...usual, ...tree });
  const limit = the(findings, `limit ${name}`);
  expect(limit?.verdict).toBe(verdict);
  expect(limit?.summary).toContain(text);
});

test('limits of listeners that differ are told apart', async () => {
  const findings = await withRegistry({
    ...usual,
    [listener]: { MaxIdleTime: 60_000, fInheritMaxIdleTime: 0 },
    [listenerKey('ICA-Tcp')]: { MaxIdleTime: 120_000, fInheritMaxIdleTime: 0 },
  });
  expect(the(findings, 'limit MaxIdleTime (RDP-Tcp)')?.summary).toContain('1m 00s');
  expect(the(findings, 'limit MaxIdleTime (ICA-Tcp)')?.summary).toContain('2m 00s');
});
