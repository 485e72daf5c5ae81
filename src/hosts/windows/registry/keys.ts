const terminalServer = String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server`;

/** Keys below HKEY_LOCAL_MACHINE that Remote Desktop Services obey. */
export const keys = {
  terminalServer,
  winStations: String.raw`${terminalServer}\WinStations`,
  policy: String.raw`SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services`,
  winlogon: String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`,
} as const;

export const listenerKey = (name: string): string => `${keys.winStations}\\${name}`;
