import type { Act } from './allowed-actions.ts';

/** What an act does to people, to their programs and to the host. */
export interface ActEffect {
  /** In one line, for `--help`. */
  readonly inShort: string;
  readonly programsKept: string;
  readonly workLost: string;
  readonly slotFreed: string;
  readonly userSees: string;
  readonly onWindows: string;
  readonly onXrdp: string;
}

/** Act → what it does. Every surface reads this one table; docs/acts.md is written from it. */
export const actEffects: Readonly<Record<Act, ActEffect>> = {
  message: {
    inShort: 'Nothing ends. A box appears on the desktop until it is answered or its time is over.',
    programsKept: 'all',
    workLost: 'none',
    slotFreed: 'no',
    userSees: 'a box with the text and its buttons, if a client is connected',
    onWindows:
      'RpcShowMessageBox ([MS-TSTS]): a box on top of everything; one that counts down is shown anew as time goes, and none can be taken back',
    onXrdp: "a dialog program of the host, run as the user; else a box that Usher draws on the session's X server",
  },
  disconnect: {
    inShort:
      'Programs go on, no work is lost, the slot stays taken. The client is told and does not come back by itself.',
    programsKept: 'all, still running',
    workLost: 'none',
    slotFreed: 'no: the session and its memory stay',
    userSees: 'the client closes; the user may connect again and finds everything as it was',
    onWindows: 'RpcDisconnect',
    onXrdp:
      'SIGTERM to the xrdp process that serves the client, which says goodbye to it; where sesman.ini(5) has KillDisconnected=true, xrdp itself ends an xorgxrdp session later',
  },
  connect: {
    inShort: 'Programs go on. The desktop moves to another client.',
    programsKept: 'all',
    workLost: 'none',
    slotFreed: 'no',
    userSees: 'the desktop appears in the other client',
    onWindows: 'RpcConnect: the session is shown by the client of the other one, which is left disconnected',
    onXrdp: 'not possible: a desktop goes to whoever logs on as its user',
  },
  unfreeze: {
    inShort:
      'Programs go on, no work is lost. The client is disconnected and the user connects again, which redraws a frozen screen.',
    programsKept: 'all, still running',
    workLost: 'none',
    slotFreed: 'no',
    userSees: 'the client closes; after connecting again the screen is drawn anew',
    onWindows: 'RpcDisconnect, then waiting for the reconnect',
    onXrdp: 'as disconnect, then waiting for the reconnect',
  },
  logoff: {
    inShort: 'Programs are asked to close, unsaved work may be lost, the slot becomes free. The polite end.',
    programsKept: 'none',
    workLost:
      'what programs do not save when they are asked to close; one that asks "save?" keeps the session, and the log-off has failed',
    slotFreed: 'yes, once it is seen gone',
    userSees: 'the desktop closes, as by its own log-off',
    onWindows: 'RpcLogoff: programs get WM_QUERYENDSESSION',
    onXrdp:
      "the desktop's own session manager is asked as the user (XFCE, MATE, GNOME, Cinnamon, KDE, LXQt), where there is none or it fails SIGTERM to the window manager",
  },
  reset: {
    inShort:
      'Logs the user off without asking programs: unsaved work is lost, the slot becomes free. It does not keep the session.',
    programsKept: 'none',
    workLost: 'everything that is not saved',
    slotFreed: 'yes, once it is seen gone',
    userSees: 'the client closes at once',
    onWindows: 'RpcWinStationReset: the session is taken down, and its client disconnected',
    onXrdp: 'loginctl terminate-session where there is systemd, then SIGTERM to the X server and to what is left',
  },
  'kill-process': {
    inShort: 'One program ends and loses what it had not saved; the session goes on, unless it hangs on that program.',
    programsKept: 'all others',
    workLost: 'what that program had not saved',
    slotFreed: 'no',
    userSees: "that program's windows vanish",
    onWindows: 'RpcWinStationTerminateProcess',
    onXrdp: 'SIGTERM, after 2 s SIGKILL',
  },
  'kill-logon': {
    inShort:
      "Ends the session's logon process: unsaved work is lost, the slot becomes free. For sessions that ignore a reset.",
    programsKept: 'none, though daemons may be left',
    workLost: 'everything that is not saved',
    slotFreed: 'yes, once it is seen gone',
    userSees: 'the client closes at once',
    onWindows: 'RpcWinStationTerminateProcess on winlogon.exe of the session',
    onXrdp: 'SIGTERM to the X server, never to the session leader: that would orphan the session',
  },
  'kill-all': {
    inShort: 'Kills every process of the session: unsaved work is lost, nothing of it is left. The last resort.',
    programsKept: 'none',
    workLost: 'everything that is not saved',
    slotFreed: 'yes, once it is seen gone',
    userSees: 'the client closes at once',
    onWindows:
      'RpcWinStationTerminateProcess on every process of the session, but never csrss, smss, wininit, lsass and services',
    onXrdp: "SIGTERM to the X server, then SIGKILL to it and to every process of the session's user that is left of it",
  },
  end: {
    inShort:
      'Warns, waits, logs off and proves it. Programs are asked to close, unsaved work may be lost. With --force it goes on with reset and kill until the session is seen gone: then unsaved work is lost.',
    programsKept: 'none, once it has ended',
    workLost: 'as with logoff; with --force, where that is not enough, everything that is not saved',
    slotFreed: 'yes, once it is seen gone',
    userSees: 'a box that counts down, with "more time" and "log off now"; then the desktop closes',
    onWindows: 'message, logoff; with force reset, kill-logon, kill-all; each verified',
    onXrdp: 'message, logoff; with force reset, kill-logon, kill-all; each verified',
  },
};
