import { type BaseAgent, createAgent, type ParsedKey } from 'ssh2';
import type { OfferedKey } from './offered-key.ts';

/** The keys that an agent holds; none where it cannot be reached. `agent` is a socket, a pipe or `pageant`. */
export async function readAgentKeys(agent: string | null): Promise<readonly OfferedKey[]> {
  if (agent === null) return [];
  const held = await new Promise<{ agent: BaseAgent; keys: readonly unknown[] } | null>((resolve) => {
    const connected = createAgent(agent);
    connected.getIdentities((error, keys) => {
      resolve(error || keys === undefined ? null : { agent: connected, keys });
    });
  });
  if (held === null) return [];
  return held.keys.filter(isParsedKey).map((key) => offerAgentKey(held.agent, key));
}

function offerAgentKey(agent: BaseAgent, publicKey: ParsedKey): OfferedKey {
  return {
    label: `${publicKey.comment || publicKey.type} of the agent`,
    publicKey,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        agent.sign(publicKey, data, hash === undefined ? {} : { hash }, (error, signature) => {
          if (signature === undefined) reject(error ?? new Error('the agent gave no signature'));
          else resolve(signature);
        });
      }),
  };
}

/** ssh2's agent answers with parsed keys; its types allow for text too. */
function isParsedKey(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key;
}
