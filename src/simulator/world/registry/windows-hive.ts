import { encodeSecurityDescriptor } from '../../security/security-descriptor.ts';
import { consoleSecurity, defaultSecurity } from '../../security/winstation-access.ts';
import { emptyKey, type HiveKey, type HiveValue, pathParts, withKey } from './hive.ts';
import { binary, dword, text } from './values.ts';

const control = String.raw`SYSTEM\CurrentControlSet\Control`;

/** Where a host keeps what this program and administrators look for, below HKEY_LOCAL_MACHINE. */
export const keyPaths = {
  computerName: pathParts(String.raw`${control}\ComputerName\ComputerName`),
  tcpip: pathParts(String.raw`SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`),
  currentVersion: pathParts(String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion`),
  winlogon: pathParts(String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`),
  terminalServer: pathParts(String.raw`${control}\Terminal Server`),
  winStations: pathParts(String.raw`${control}\Terminal Server\WinStations`),
  policies: pathParts(String.raw`SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services`),
} as const;

/** TSServerDrainMode, by what `change logon` sets it to: /drain and /drainuntilrestart. */
export const drainMode = { off: 0, on: 1, untilRestart: 2 } as const;

export const winStation = (listener: string): readonly string[] => [...keyPaths.winStations, listener];

/** No limit: so a listener's own configuration says it. */
const unlimited = 0xffffffff;
const neverWritten = 0n;

const listenerValues: readonly HiveValue[] = [
  dword('fEnableWinStation', 1),
  dword('fInheritMaxIdleTime', 1),
  dword('MaxIdleTime', 0),
  dword('fInheritMaxDisconnectionTime', 1),
  dword('MaxDisconnectionTime', 0),
  dword('fInheritMaxSessionTime', 1),
  dword('MaxConnectionTime', 0),
  dword('fInheritShadow', 1),
  dword('Shadow', 1),
  dword('MaxInstanceCount', unlimited),
  dword('MinEncryptionLevel', 3),
  dword('SecurityLayer', 2),
  dword('UserAuthentication', 1),
  dword('PortNumber', 3389),
  binary('Security', encodeSecurityDescriptor(defaultSecurity)),
];

const windowsValues: readonly (readonly [readonly string[], readonly HiveValue[]])[] = [
  [
    keyPaths.currentVersion,
    [
      text('ProductName', 'Windows Server 2022 Standard'),
      text('CurrentBuildNumber', '20348'),
      text('CurrentBuild', '20348'),
      text('InstallationType', 'Server'),
    ],
  ],
  [keyPaths.winlogon, [text('LogonType', '0'), text('WinStationsDisabled', '0')]],
  [
    keyPaths.terminalServer,
    [
      dword('fDenyTSConnections', 0),
      dword('fSingleSessionPerUser', 1),
      dword('TSServerDrainMode', 0),
      dword('TSUserEnabled', 0),
      dword('TSAppCompat', 1),
      dword('AllowRemoteRPC', 1),
    ],
  ],
  [
    keyPaths.winStations,
    [
      binary('DefaultSecurity', encodeSecurityDescriptor(defaultSecurity)),
      binary('ConsoleSecurity', encodeSecurityDescriptor(consoleSecurity)),
    ],
  ],
  [winStation('Console'), [dword('fEnableWinStation', 1)]],
  [winStation('RDP-Tcp'), listenerValues],
  // A key without a value: no policy is set.
  [keyPaths.policies, []],
];

function withValues(root: HiveKey, path: readonly string[], values: readonly HiveValue[]): HiveKey {
  return withKey(root, path, neverWritten, (key) => ({
    ...key,
    values: new Map([...key.values, ...values.map((value) => [value.name.toLowerCase(), value] as const)]),
  }));
}

/** What every new host's registry has alike. */
const newWindows = windowsValues.reduce<HiveKey>(
  (root, [path, values]) => withValues(root, path, values),
  emptyKey('HKEY_LOCAL_MACHINE', neverWritten),
);

/** HKEY_LOCAL_MACHINE of a new host. */
export function windowsHive(computerName: string, dnsDomain: string, listeners: readonly string[]): HiveKey {
  const named = withValues(newWindows, keyPaths.computerName, [text('ComputerName', computerName)]);
  const placed = withValues(named, keyPaths.tcpip, [text('Hostname', computerName), text('Domain', dnsDomain)]);
  const others = listeners.filter((name) => name.toLowerCase() !== 'rdp-tcp');
  return others.reduce((root, name) => withValues(root, winStation(name), listenerValues), placed);
}
