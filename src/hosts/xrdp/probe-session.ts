import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Milliseconds, milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Secret } from '../credential.ts';
import type { Answer, HelloAnswer } from './answer.ts';
import { answerTo, helloId, type Mailbox, mailboxOf, printable, timedOut } from './mailbox.ts';
import { bootLine, loaderInput, type ProbeMode, probeCommand, sudoPrompt } from './probe/command.ts';
import { probeSource } from './probe/source.ts';
import type { RunningCommand, Transport } from './transport.ts';

/** A probe that runs on the host: requests go in, each answer comes back as one frame. */
export interface ProbeSession extends Disposable {
  readonly hello: HelloAnswer;
  /** What sudo said when it refused; null when it was not asked or agreed. */
  readonly sudoRefusal: string | null;
  /** Whether it was a password that sudo refused. */
  readonly sudoPasswordRefused: boolean;
  /** Sends a request and returns its answer. A signal that aborts ends the whole probe. */
  request(verb: string, signal: AbortSignal): Promise<Answer>;
  /** Sends a request whose answers keep coming, until the probe ends or the subscription does. */
  subscribe(request: Subscription): Disposable;
  /** Sends a request that has no answer and concerns one that was subscribed to. */
  tell(request: Subscription, verb: string, ...words: readonly string[]): void;
}

/** A request whose answers keep coming. */
export interface Subscription {
  readonly verb: string;
  /** What takes it back, before the request's own number where that is needed. */
  readonly stop: 'unwatch' | 'stop';
  receive(answer: Answer): void;
  /** Called once, when the probe ends. */
  end(reason: UsherError): void;
}

/** Runs the callback after the delay, unless the answer is disposed of before. */
export type After = (delay: Milliseconds, run: () => void) => Disposable;

/** Characters of standard error that are kept, its last ones. */
const mostComplaint = 4096;
/** From the start of sudo until the loader runs. The host itself has answered by then, so only sudo can be slow. */
const sudoLimit = milliseconds(5000);

/**
 * Starts the probe through this transport, as root where that can be had; the password is asked for when sudo wants one.
 * Where sudo does not start the probe within 5 s, whatever it waits for, the probe runs without it. Throws
 * {@link UsherError} `unsupported` (no perl), `timeout`, `connection_lost` or `bad_answer`.
 */
export async function startProbe(
  transport: Transport,
  sudoPassword: () => Promise<Secret | null>,
  signal: AbortSignal,
  after: After = afterReal,
): Promise<ProbeSession> {
  const nothingToPass = (): Promise<void> => Promise.resolve();
  if (transport.user === 'root') return converse(transport, 'own', nothingToPass, signal);
  const without = await converse(transport, 'sudo', nothingToPass, signal);
  if (without.sudoRefusal === null) return without;
  const password = await sudoPassword();
  if (password === null) return without;
  try {
    const probe = await converse(
      transport,
      'sudo-password',
      (command, complaint) => passSudo(command, complaint, password, signal, after),
      signal,
    );
    without[Symbol.dispose]();
    return probe;
  } catch (error) {
    if (error instanceof SudoRefused)
      return { ...without, sudoRefusal: error.message, sudoPasswordRefused: error.ofPassword };
    without[Symbol.dispose]();
    throw error;
  }
}

const afterReal: After = (delay, run) => {
  const timer = setTimeout(run, delay);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
};

/** sudo did not start the probe. The password was offered once at most; a second prompt is never answered. */
class SudoRefused extends Error {
  /** Whether it is the password that sudo refused, and not the account or something of its own. */
  readonly ofPassword: boolean;

  constructor(why: string, ofPassword: boolean) {
    super(why);
    this.ofPassword = ofPassword;
  }
}

/** What sudo(8) says of a wrong password where it does not ask again. */
const saysWrongPassword = /\bincorrect password attempt|^Sorry, try again/m;

/** Starts the probe one way and waits until it greets. `begin` ends when the loader may be written to. */
async function converse(
  transport: Transport,
  mode: ProbeMode,
  begin: (command: RunningCommand, complaint: Complaint) => Promise<void>,
  signal: AbortSignal,
): Promise<ProbeSession> {
  const command = await transport.start(probeCommand(mode), signal);
  const complaint = collectComplaint(command);
  try {
    await begin(command, complaint);
    command.stdin.write(loaderInput(probeSource()));
    const mailbox = mailboxOf(command, () => complaint.text());
    const hello = await answerTo(mailbox, helloId, signal);
    if (hello.kind !== 'hello') throw new UsherError({ code: 'bad_answer', message: 'the probe did not greet' });
    return {
      hello,
      sudoRefusal: hello.uid === 0 ? null : sudoComplaint(complaint.text()),
      sudoPasswordRefused: false,
      ...requestsThrough(mailbox, command),
    };
  } catch (error) {
    command[Symbol.dispose]();
    throw error;
  }
}

/** What a command writes on standard error. */
interface Complaint {
  /** The last of it. */
  text(): string;
  onMore(listener: (more: string) => void): void;
}

function collectComplaint(command: RunningCommand): Complaint {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let listener = (_more: string): void => {};
  command.stderr.on('data', (chunk: Buffer) => {
    const more = decoder.write(chunk);
    text = (text + more).slice(-mostComplaint);
    listener(more);
  });
  command.stderr.on('error', () => {});
  return {
    text: () => text,
    onMore: (next) => {
      listener = next;
    },
  };
}

function sudoComplaint(text: string): string | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith('sudo: '));
  return line === undefined ? null : printable(line);
}

function firstLine(text: string): string | null {
  return (
    text
      .split('\n')
      .map(printable)
      .find((line) => line !== '') ?? null
  );
}

/** Gives sudo its password when it asks for it, once, and returns when the loader runs. Throws {@link SudoRefused}. */
async function passSudo(
  command: RunningCommand,
  complaint: Complaint,
  password: Secret,
  signal: AbortSignal,
  after: After,
): Promise<void> {
  const { promise: running, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (why: string, ofPassword = false): void => reject(new SudoRefused(why, ofPassword));
  const onAbort = (): void => reject(timedOut(signal));
  let unread = '';
  let asked = 0;
  complaint.onMore((more) => {
    unread += more;
    for (let at = unread.indexOf(sudoPrompt); at >= 0; at = unread.indexOf(sudoPrompt)) {
      unread = unread.slice(at + sudoPrompt.length);
      asked += 1;
      if (asked === 1) command.stdin.write(`${password.reveal()}\n`);
      else refuse('sudo did not take the password', true);
    }
    unread = unread.slice(-mostComplaint);
  });
  // What was said before the end may be read after it.
  void command.exited.then(nextTurn).then(() => {
    const why = sudoComplaint(unread) ?? firstLine(unread) ?? 'sudo did not start the probe';
    refuse(why, asked > 0 && saysWrongPassword.test(unread));
  });
  using _limit = after(sudoLimit, () => refuse(whySudoStalled(asked > 0, unread)));
  using _boot = onBoot(command.stdout, resolve);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await running;
  } finally {
    signal.removeEventListener('abort', onAbort);
    complaint.onMore(() => {});
  }
}

/** `said`: standard error since the prompt, or all of it where there was none. */
function whySudoStalled(answered: boolean, said: string): string {
  const last = printable(said.trim().split('\n').at(-1) ?? '');
  const wait = `within ${sudoLimit / 1000} s`;
  if (last === '') return answered ? `sudo did not judge the password ${wait}` : `sudo asked for no password ${wait}`;
  return `sudo did not start the probe ${wait}: it says '${last}', which is not answered`;
}

/** Waits for the boot line, and leaves it and what follows in the stream. */
function onBoot(stdout: Readable, booted: () => void): Disposable {
  let chatter: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    for (let chunk = read(stdout); chunk !== null; chunk = read(stdout)) {
      chatter = Buffer.concat([chatter, chunk]);
      const at = chatter.indexOf(bootLine);
      if (at >= 0) {
        stdout.off('readable', onReadable);
        stdout.unshift(chatter.subarray(at));
        booted();
        return;
      }
      chatter = chatter.subarray(Math.max(0, chatter.length - bootLine.length));
    }
  };
  stdout.on('readable', onReadable);
  return { [Symbol.dispose]: () => void stdout.off('readable', onReadable) };
}

function read(stream: Readable): Buffer | null {
  const chunk: unknown = stream.read();
  return Buffer.isBuffer(chunk) ? chunk : null;
}

function requestsThrough(
  mailbox: Mailbox,
  command: RunningCommand,
): Pick<ProbeSession, 'request' | 'subscribe' | 'tell' | typeof Symbol.dispose> {
  let lastId = helloId;
  const send = (verb: string): void => {
    const [name, ...rest] = verb.split(' ');
    command.stdin.write(`${[name, lastId, ...rest].join(' ')}\n`);
  };

  const numbers = new WeakMap<Subscription, number>();
  const tell = (request: Subscription, verb: string, ...words: readonly string[]): void => {
    const id = numbers.get(request);
    if (id === undefined || mailbox.ended !== null) return;
    lastId += 1;
    send([verb, id, ...words].join(' '));
  };

  return {
    async request(verb, signal) {
      lastId += 1;
      const answer = answerTo(mailbox, lastId, signal);
      if (mailbox.ended === null) send(verb);
      return answer;
    },
    subscribe(request) {
      lastId += 1;
      const id = lastId;
      if (mailbox.ended !== null) {
        request.end(mailbox.ended);
        return { [Symbol.dispose]: () => undefined };
      }
      mailbox.wait(id, request);
      numbers.set(request, id);
      send(request.verb);
      return {
        [Symbol.dispose]() {
          if (!mailbox.forget(id) || mailbox.ended !== null) return;
          if (request.stop === 'unwatch') command.stdin.write('unwatch\n');
          else tell(request, request.stop);
        },
      };
    },
    tell,
    [Symbol.dispose]() {
      mailbox.end(new UsherError({ code: 'connection_lost', message: 'the connection was closed' }));
    },
  };
}
