import { join } from 'node:path';
import type { Credential } from '../../credential.ts';
import { readAgentKeys } from './agent-keys.ts';
import type { SshSettings } from './config.ts';
import type { SshEnvironment } from './environment.ts';
import { offerFile, readIdentityFile } from './identity-file.ts';
import type { OfferedKey } from './offered-key.ts';
import { homePath, userDirectory } from './paths.ts';

export interface KeyChoice {
  /** In the order in which they are offered. */
  readonly keys: readonly OfferedKey[];
  /** Keys of the agent that were left out so that the host does not hang up before the rest was tried. */
  readonly withheld: number;
  /** Why a file that was named is of no use. */
  readonly complaints: readonly string[];
}

/**
 * sshd hangs up at the sixth failure (`MaxAuthTries`, sshd_config(5)), and every key that it does not know is one.
 * Five leave the last for a password.
 */
const mostKeys = 5;
/** ssh(1), -i. Without DSA, which OpenSSH dropped. */
const defaultFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Chooses the keys to offer: first those that the credential's files name, then those of the configuration's, then
 * the agent's others unless `IdentitiesOnly`; ssh's default files only where no file was named. A named key that the
 * agent holds too is signed for by the agent, so nobody is asked for its passphrase. Named keys come before the
 * agent's others because those may be many: only they are left out past the limit, then the last of the named. The signal ends what an agent is asked; its reason
 * is thrown.
 */
export async function chooseKeys(
  settings: SshSettings,
  credential: Credential,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<KeyChoice> {
  const agentKeys = await readAgentKeys(settings.agent, signal);
  const { files, isDefault } = namedFiles(settings, credential, environment);
  const named: OfferedKey[] = [];
  const complaints: string[] = [];
  for (const file of files) {
    const identity = await readIdentityFile(file, credential);
    if (identity.kind === 'absent') {
      if (!isDefault) complaints.push(`${file} does not exist`);
    } else if (identity.kind === 'unusable') {
      complaints.push(identity.why);
    } else {
      const held = agentKeys.find((key) => isSameKey(key, identity.publicKey.getPublicSSH()));
      const key = held ?? (identity.kind === 'private' ? offerFile(file, identity) : null);
      if (key === null) complaints.push(`${file} is a public key, and the agent does not hold its private half`);
      else if (!named.some((other) => isSameKey(other, key.publicKey.getPublicSSH()))) named.push(key);
    }
  }
  const others = settings.identitiesOnly ? [] : agentKeys.filter((key) => !named.includes(key));
  const room = Math.max(0, mostKeys - named.length);
  const keys = isDefault
    ? [...named.filter((key) => agentKeys.includes(key)), ...others.slice(0, room), ...without(named, agentKeys)]
    : [...named, ...others.slice(0, room)];
  return { keys: keys.slice(0, mostKeys), withheld: Math.max(0, others.length - room), complaints };
}

function namedFiles(
  settings: SshSettings,
  credential: Credential,
  environment: SshEnvironment,
): { readonly files: readonly string[]; readonly isDefault: boolean } {
  const given = credential.identityFiles.map((file) => homePath(file, environment));
  const files = [...new Set([...given, ...(settings.identityFiles ?? [])])];
  const isDefault = given.length === 0 && settings.identityFiles === null;
  return isDefault
    ? { files: defaultFiles.map((name) => join(userDirectory(environment), name)), isDefault }
    : { files, isDefault };
}

function without(keys: readonly OfferedKey[], left: readonly OfferedKey[]): readonly OfferedKey[] {
  return keys.filter((key) => !left.includes(key));
}

function isSameKey(key: OfferedKey, blob: Buffer): boolean {
  return key.publicKey.getPublicSSH().equals(blob);
}
