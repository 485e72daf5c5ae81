/** What other tools (`ss`, `ps`) say about the sessions of a host, for tests that must not trust Usher's own probe. */
export interface SeenSession {
  readonly display: number;
  readonly user: string;
  readonly xServerPid: number;
  /** The program's name: Xorg or Xvnc. */
  readonly xServer: string;
}

/** From `ps -eo pid=,user:64=,comm=,args=`. An X server that starts a program is there twice until that program begins. */
export function sessionsIn(ps: string): readonly SeenSession[] {
  const servers = ps.split('\n').flatMap((line) => {
    const [, pid, user, xServer, display] = /^ *(\d+) +(.+?) +(Xorg|Xvnc|Xtigervnc) +\S+ :(\d+) /.exec(line) ?? [];
    if (user === undefined || xServer === undefined) return [];
    return [{ display: Number(display), user, xServerPid: Number(pid), xServer: xServer.replace('Xtiger', 'X') }];
  });
  return servers.filter(({ display, user }, at) => {
    return at === servers.findIndex((one) => one.display === display && one.user === user);
  });
}

/** The display that a client's address is connected to, from `ss -tnpH` and `ss -xpH`. */
export function displayOfClient(address: string, tcp: string, unix: string): number | undefined {
  const rows = tcp.split('\n').map((line) => line.replaceAll('[::ffff:', '').replaceAll(']', '').split(/ +/));
  const served = rows.find(([state, , , local, peer]) => {
    return state === 'ESTAB' && local?.endsWith(':3389') && peer?.startsWith(`${address}:`);
  });
  const xrdp = /\(("xrdp",pid=\d+,)/.exec(served?.[5] ?? '')?.[1];
  if (xrdp === undefined) return undefined;
  const vnc = rows.find((row) => row[5]?.includes(xrdp) && /^(127\.0\.0\.1|\[::1):59/.test(row[4] ?? ''));
  if (vnc) return Number(vnc[4]?.split(':').at(-1)) - 5900;
  const sockets = unix.split('\n').map((line) => line.split(/ +/));
  const ofXrdp = new Set(sockets.filter((row) => row[8]?.includes(xrdp)).map((row) => row[7]));
  const display = sockets.find((row) => row[1] === 'ESTAB' && row[4]?.includes('xrdp_display_') && ofXrdp.has(row[5]));
  return display?.[4] === undefined ? undefined : Number(display[4].replace(/.*_/, ''));
}
