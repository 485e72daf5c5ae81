import { readFileSync, writeFileSync } from 'node:fs';
import type { CommandOptions, CommandResult } from './command.ts';
import { Link } from './link.ts';
import { runInside } from './namespace.ts';
import { until } from './until.ts';
import { displayOfClient, sessionsIn } from './xrdp-sessions.ts';
import type { SeenSession } from './xrdp-sessions.ts';

/** Width and height of a screen in pixels. */
export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** How long a session may take to come, in milliseconds, and how often it is asked for. */
const [oneAttempt, mostAttempts] = [8000, 3];

/** One xrdp host of the lab. What it does to itself does not use SSH, so that it works on a host that is frozen or cut off. */
export class LabHost {
  readonly name: string;
  readonly address: string;
  /** Pid that the host's first process has outside of it. */
  readonly initPid: number;
  readonly link: Link;
  readonly #lab: { readonly name: string; readonly directory: string };

  constructor(
    lab: { readonly name: string; readonly directory: string },
    name: string,
    address: string,
    initPid: number,
  ) {
    this.#lab = lab;
    this.name = name;
    this.address = address;
    this.initPid = initPid;
    this.link = new Link(lab, name, initPid);
  }

  /** Runs a shell command as root in the host, without SSH. */
  run(command: string, options?: CommandOptions): Promise<CommandResult> {
    return runInside(this.initPid, ['bash', '-c', command], options);
  }

  /** The same where it must succeed: gives what it printed. */
  async mustRun(command: string, options?: CommandOptions): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code !== 0) throw new Error(`on ${this.name}: ${command} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** The sessions as `ps` shows them. */
  async sessions(): Promise<readonly SeenSession[]> {
    return sessionsIn(await this.mustRun('ps -eo pid=,user:64=,comm=,args='));
  }

  /** Which display the client with this address is connected to. */
  async displayOfClient(address: string): Promise<number | undefined> {
    const [tcp, unix] = await Promise.all([this.mustRun('ss -tnpH'), this.mustRun('ss -xpH')]);
    return displayOfClient(address, tcp, unix);
  }

  /** Opens a session that no client is connected to (about 0.2 s); a user that is missing is made. */
  async sessionWithoutClient(
    user: string,
    { width, height }: ScreenSize = { width: 800, height: 600 },
  ): Promise<SeenSession> {
    const password = 'Passw0rd!\n';
    // A sesman that still takes the user's last session for alive opens none.
    for (let attempt = 1; ; attempt++) {
      await this.mustRun(`/run/lab/open-session.sh '${user}' ${width}x${height}`, { input: password });
      try {
        return await until(async () => (await this.sessions()).find((session) => session.user === user), {
          what: `a session of ${user} on ${this.name}`,
          timeoutMs: oneAttempt,
        });
      } catch (error) {
        if (attempt === mostAttempts) throw error;
      }
    }
  }

  /** Opens this many sessions of the users s001, s002 and so on. */
  async sessionsWithoutClients(count: number): Promise<void> {
    for (let n = 1; n <= count; n++) await this.sessionWithoutClient(`s${`${n}`.padStart(3, '0')}`);
  }

  /** Ends every session and what it left behind, and waits until none is there. */
  async endAllSessions(): Promise<void> {
    await this.mustRun('/run/lab/end-sessions.sh');
    await until(async () => (await this.sessions()).length === 0, { what: `the end of all sessions on ${this.name}` });
  }

  /** Restarts xrdp-sesman alone: every session that was there is an orphan afterwards. */
  async restartSesman(): Promise<void> {
    await this.mustRun('/run/lab/restart-sesman.sh');
  }

  /** Stops every process of the host where it is; its kernel still answers on the network. */
  freeze(): Promise<void> {
    return this.#setFrozen('1');
  }

  thaw(): Promise<void> {
    return this.#setFrozen('0');
  }

  /** Undoes freeze and link faults, and ends all sessions. */
  async recover(): Promise<void> {
    await this.thaw();
    await this.link.restore();
    await this.link.up();
    await this.endAllSessions();
  }

  async #setFrozen(frozen: '0' | '1'): Promise<void> {
    const group = `${this.#lab.directory}/cgroup/${this.#lab.name}-${this.name}`;
    writeFileSync(`${group}/cgroup.freeze`, frozen);
    await until(() => readFileSync(`${group}/cgroup.events`, 'utf8').includes(`frozen ${frozen}`), {
      what: `${this.name} to ${frozen === '1' ? 'freeze' : 'thaw'}`,
    });
  }
}
