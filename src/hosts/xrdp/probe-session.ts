import type { Readable } from 'node:stream';
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

const mostComplaint = 4096;

/**
 * Starts the probe through this transport, as root where that can be had; the password is asked for when sudo wants one. Throws {@link UsherError} `unsupported`
 * (no perl), `timeout`, `connection_lost` or `bad_answer`.
 */
export async function startProbe(
  transport: Transport,
  sudoPassword: () => Promise<Secret | null>,
  signal: AbortSignal,
): Promise<ProbeSession> {
  if (transport.user === 'root') return converse(transport, 'own', null, signal);
  const without = await converse(transport, 'sudo', null, signal);
  if (without.sudoRefusal === null) return without;
  const password = await sudoPassword();
  if (password === null) return without;
  try {
    const probe = await converse(transport, 'sudo-password', password, signal);
    without[Symbol.dispose]();
    return probe;
  } catch (error) {
    if (error instanceof SudoRefused) return { ...without, sudoRefusal: error.message, sudoPasswordRefused: true };
    without[Symbol.dispose]();
    throw error;
  }
}

/** sudo did not take the password. It was offered once; a second prompt is never answered. */
class SudoRefused extends Error {}

/** Starts the probe one way and waits until it greets. */
async function converse(
  transport: Transport,
  mode: ProbeMode,
  password: Secret | null,
  signal: AbortSignal,
): Promise<ProbeSession> {
  const command = await transport.start(probeCommand(mode), signal);
  const complaint = collectComplaint(command);
  try {
    if (password !== null) await passSudo(command, complaint, password, signal);
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

interface Complaint {
  text(): string;
  onMore(listener: () => void): void;
}

function collectComplaint(command: RunningCommand): Complaint {
  let text = '';
  let listener = (): void => {};
  command.stderr.on('data', (chunk: Buffer) => {
    if (text.length < mostComplaint) text += chunk.toString('utf8');
    listener();
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

/** Gives sudo its password when it asks for it, once, and returns when the loader runs. */
async function passSudo(
  command: RunningCommand,
  complaint: Complaint,
  password: Secret,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let asked = 0;
    const onAbort = (): void => reject(timedOut(signal));
    const settle = (outcome: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      command.stdout.off('readable', onReadable);
      complaint.onMore(() => {});
      outcome();
    };
    let chatter: Buffer = Buffer.alloc(0);
    const onReadable = (): void => {
      for (let chunk = read(command.stdout); chunk !== null; chunk = read(command.stdout)) {
        chatter = Buffer.concat([chatter, chunk]);
        const at = chatter.indexOf(bootLine);
        if (at >= 0) {
          settle(resolve);
          command.stdout.unshift(chatter.subarray(at));
          return;
        }
        chatter = chatter.subarray(Math.max(0, chatter.length - bootLine.length));
      }
    };
    complaint.onMore(() => {
      const prompts = complaint.text().split(sudoPrompt).length - 1;
      if (prompts <= asked) return;
      asked += 1;
      if (asked === 1) command.stdin.write(`${password.reveal()}\n`);
      else settle(() => reject(new SudoRefused('sudo did not take the password')));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    command.stdout.on('readable', onReadable);
    void command.exited.then(() => {
      settle(() => reject(new SudoRefused(sudoComplaint(complaint.text()) ?? 'sudo did not start the probe')));
    });
  });
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
