import type { Duplex } from 'node:stream';
import ssh2, { type AgentProtocol, type ParsedKey } from 'ssh2';
import type { OfferedKey } from './offered-key.ts';

/**
 * The keys that an agent holds; none where it cannot be reached. `agent` is a socket, a pipe or `pageant`. The signal
 * ends this and every later signature, with the way to the agent. Throws the reason of the signal.
 */
export async function readAgentKeys(agent: string | null, signal: AbortSignal): Promise<readonly OfferedKey[]> {
  if (agent === null) return [];
  try {
    const keys = await ask<readonly ParsedKey[]>(agent, signal, (protocol, answer) => protocol.getIdentities(answer));
    return keys.map((key) => offerAgentKey(agent, key, signal));
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function offerAgentKey(agent: string, publicKey: ParsedKey, signal: AbortSignal): OfferedKey {
  return {
    label: `${publicKey.comment || publicKey.type} of the agent`,
    publicKey,
    sign: (data, hash) =>
      ask<Buffer>(agent, signal, (protocol, answer) => {
        protocol.sign(publicKey, data, hash === undefined ? {} : { hash }, answer);
      }),
  };
}

type Answer<T> = (error?: Error | null, answered?: T) => void;

/** Asks an agent one question on a way of its own, which is gone afterwards, whatever became of the question. */
async function ask<T>(
  agent: string,
  signal: AbortSignal,
  question: (protocol: AgentProtocol, answer: Answer<T>) => void,
): Promise<T> {
  const { promise: answered, resolve, reject } = Promise.withResolvers<T>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const reaching = reach(agent);
  const asked = reaching.then((stream) => {
    if (signal.aborted) return;
    const protocol = new ssh2.AgentProtocol(true);
    const lose = (error?: Error): void => reject(error ?? new Error('the agent hung up'));
    protocol.on('error', lose);
    stream.on('error', lose).on('end', lose).on('close', lose);
    protocol.pipe(stream).pipe(protocol);
    question(protocol, (error, answer) => {
      if (answer === undefined) reject(error ?? new Error('the agent gave no answer'));
      else resolve(answer);
    });
  });
  asked.catch(reject);
  try {
    return await answered;
  } finally {
    signal.removeEventListener('abort', abort);
    reaching.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
  }
}

/** A stream to the agent, as ssh2 opens it on each system. */
function reach(agent: string): Promise<Duplex> {
  const client = ssh2.createAgent(agent);
  return new Promise((resolve, reject) => {
    if (!(client instanceof ssh2.OpenSSHAgent)) throw new Error('ssh2 knows no way to this agent');
    client.getStream((error, stream) => {
      if (stream === undefined) reject(error ?? new Error('the agent cannot be reached'));
      else resolve(stream);
    });
  });
}
