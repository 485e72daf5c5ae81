import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mustRun } from './command.ts';
import type { LabHost, ScreenSize } from './host.ts';
import { Link } from './link.ts';
import { runInside } from './namespace.ts';
import { writeScreenshot } from './screenshot.ts';
import { end, isRunning, startedProcess } from './started-process.ts';
import type { StartedProcess } from './started-process.ts';
import { until } from './until.ts';

/** How long one attempt may take, in milliseconds, and how often a client dials: xrdp loses a logon now and then. */
const oneAttempt = 12_000;
const attempts = 3;

const connectScript = fileURLToPath(new URL('../clients/connect.sh', import.meta.url));

/** Without a window manager nothing else gives xfreerdp the focus, and it would miss the first key. */
const focusClient = ['search', '--onlyvisible', '--class', 'xfreerdp', 'windowfocus', '--sync'];

export interface ClientOptions extends Partial<ScreenSize> {
  readonly host: LabHost;
  readonly user: string;
  readonly password?: string;
  /** The PC's name as the host hears it; PC-USER by default. */
  readonly clientName?: string;
  /** More arguments for xfreerdp, such as /network:lan. */
  readonly args?: readonly string[];
  /** Wait until the session is there; true by default. False for a logon that must fail. */
  readonly awaitSession?: boolean;
}

/** What connect.sh started. */
interface Started {
  readonly directory: string;
  readonly address: string;
  readonly pc: StartedProcess;
  /** Pid that the PC's first process has outside of it. */
  readonly pcInitPid: number;
  readonly program: StartedProcess;
}

/** A real FreeRDP client on a PC of its own: address, network link, X server. */
export class LabClient {
  readonly host: LabHost;
  readonly user: string;
  readonly name: string;
  readonly address: string;
  readonly link: Link;
  readonly #started: Started;
  #display: number | undefined;

  constructor(host: LabHost, user: string, name: string, link: Link, started: Started) {
    this.host = host;
    this.user = user;
    this.name = name;
    this.address = started.address;
    this.link = link;
    this.#started = started;
  }

  /** The display number of the session it is, or was last, connected to. */
  get display(): number {
    if (this.#display === undefined) throw new Error(`${this.name} has not been connected to a session`);
    return this.#display;
  }

  async awaitSession(): Promise<void> {
    this.#display = await until(
      async () => {
        if (!this.isRunning()) throw new Error(`xfreerdp of ${this.user} ended: ${await this.log()}`);
        return this.host.displayOfClient(this.address);
      },
      { timeoutMs: oneAttempt, what: `a session of ${this.user} on ${this.host.name}` },
    );
  }

  isRunning(): boolean {
    return isRunning(this.#started.program);
  }

  /** Ends xfreerdp without a word of RDP, as a crash does: the host's kernel still hears that the connection closed. */
  async kill(): Promise<void> {
    await end(this.#started.program);
    await this.#hostHeard();
    await this.#remove();
  }

  /** Disconnects as a person does who closes the client's window. */
  async close(): Promise<void> {
    const askToClose = 'openbox --sm-disable >/dev/null 2>&1 & until wmctrl -c FreeRDP; do sleep 0.1; done';
    await this.#run(['bash', '-c', askToClose]);
    await until(() => !this.isRunning(), { what: `the end of ${this.name}'s client` });
    await this.#hostHeard();
    await this.#remove();
  }

  /** Lets the PC vanish from the network: the host hears nothing more, not even that the connection closed. */
  async vanish(): Promise<void> {
    await this.link.down();
    await end(this.#started.program);
    await this.#remove();
  }

  /** Types text into the session, as keys of the PC's keyboard; a line's end is the key Return. */
  async type(text: string): Promise<void> {
    const lines = text.split('\n').map((line) => (line === '' ? [] : ['type', '--delay', '20', line]));
    for (const [index, typing] of lines.entries()) {
      if (typing.length > 0) await this.#xdotool([...focusClient, ...typing]);
      if (index < lines.length - 1) await this.press('Return');
    }
  }

  /** Presses keys by X11 name, such as Return or ctrl+alt+Delete. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#xdotool([...focusClient, 'key', ...keys]);
  }

  /** Clicks with the left button, in pixels from the top left. */
  async click(x = 20, y = 20): Promise<void> {
    await this.#xdotool(['mousemove', `${x}`, `${y}`, 'click', '1']);
  }

  /** The windows of the session that it is connected to, as `xwininfo -root -tree` prints them. */
  windows(): Promise<string> {
    const { initPid } = this.host;
    const cookies = `XAUTHORITY=/proc/${initPid}/root/home/${this.user}/.Xauthority`;
    const inNetwork = ['-t', `${initPid}`, '--net', '--uts', 'env', cookies, `DISPLAY=:${this.display}`];
    return mustRun('nsenter', [...inNetwork, 'xwininfo', '-root', '-tree']);
  }

  /** Writes what the PC's screen shows as a PNG file. */
  screenshot(path: string): Promise<void> {
    return writeScreenshot(`${this.#started.directory}/tmp/screen/Xvfb_screen0`, path);
  }

  /** What xfreerdp printed. */
  log(): Promise<string> {
    return mustRun('cat', [`${this.#started.directory}/tmp/xfreerdp.log`]);
  }

  #xdotool(args: readonly string[]): Promise<void> {
    return this.#run(['xdotool', ...args]);
  }

  async #run(program: readonly string[]): Promise<void> {
    const { code, stderr } = await runInside(this.#started.pcInitPid, ['env', 'DISPLAY=:1', ...program]);
    if (code !== 0) throw new Error(`${program.join(' ')} ended with ${code}: ${stderr}`);
  }

  /** Waits until the host's kernel has acknowledged the end of the connection. */
  async #hostHeard(): Promise<void> {
    await until(
      async () => (await runInside(this.#started.pcInitPid, ['ss', '-tnH', 'state', 'fin-wait-1'])).stdout === '',
      {
        what: `the end of ${this.name}'s connection`,
      },
    );
  }

  async #remove(): Promise<void> {
    if (!isRunning(this.#started.pc)) return;
    await this.link.remove();
    await end(this.#started.pc);
    rmSync(this.#started.directory, { recursive: true });
  }
}

/** Starts a PC with a client that connects, and waits for the session. Dials again as a person would. */
export async function connectClient(
  lab: { readonly name: string; readonly directory: string },
  options: ClientOptions,
): Promise<LabClient> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await startClient(lab, options);
    if (options.awaitSession === false) return client;
    try {
      await client.awaitSession();
      return client;
    } catch (error) {
      await client.kill();
      if (attempt === attempts) throw error;
      console.warn(`${client.name} dials ${options.host.name} again:`, error);
    }
  }
}

async function startClient(
  lab: { readonly name: string; readonly directory: string },
  { host, user, password, width = 800, height = 600, clientName, args = [] }: ClientOptions,
): Promise<LabClient> {
  const name = clientName ?? `PC-${user.toUpperCase()}`;
  const env = { CLIENT_NAME: name, SIZE: `${width}x${height}`, ...(password !== undefined && { PASSWORD: password }) };
  const line = await mustRun('bash', [connectScript, lab.name, user, host.address, ...args], { env });
  const started = startedFrom(line);
  const link = new Link(lab, `c${started.address.split('.').at(-1)}`, started.pcInitPid);
  return new LabClient(host, user, name, link, started);
}

function startedFrom(line: string): Started {
  const [directory, address, pc, pcInit, program] = line.trim().split('\t');
  if (directory === undefined || address === undefined) throw new Error(`connect.sh said: ${line}`);
  return {
    directory,
    address,
    pc: startedProcess(Number(pc)),
    pcInitPid: Number(pcInit),
    program: startedProcess(Number(program)),
  };
}
