import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../../../../sessions/host.ts';
import { type Credential, Secret } from '../../../credential.ts';
import type { SshEnvironment } from '../environment.ts';

/** A home directory with files in it, gone when it is disposed of. */
export interface TestHome extends AsyncDisposable {
  readonly directory: string;
  readonly environment: SshEnvironment;
  /** Writes a file below the home directory. */
  write(name: string, text: string): Promise<string>;
}

export async function makeHome(files: Readonly<Record<string, string>> = {}): Promise<TestHome> {
  const directory = await mkdtemp(join(tmpdir(), 'usher-ssh-'));
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    directory,
    environment: makeEnvironment(directory),
    write,
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true });
    },
  };
}

export function makeEnvironment(home: string): SshEnvironment {
  return {
    home,
    account: 'anna',
    uid: 1000,
    machine: 'desk.example.org',
    platform: 'posix',
    variables: {},
    configFile: null,
    systemDirectory: join(home, 'etc-ssh'),
    jumpCredential: null,
  };
}

/** What was asked of a credential, and what it answers. */
export interface TestCredential extends Credential {
  readonly asked: string[];
}

export function makeCredential(
  given: { user?: string; files?: readonly string[]; password?: string; passphrase?: string } = {},
): TestCredential {
  const asked: string[] = [];
  const answer = (question: string, text: string | undefined): Promise<Secret | null> => {
    asked.push(question);
    return Promise.resolve(text === undefined ? null : new Secret(text));
  };
  return {
    user: given.user ?? null,
    identityFiles: given.files ?? [],
    asked,
    password: (host, user) => answer(`password of ${user} at ${host.name}`, given.password),
    passphrase: (file) => answer(`passphrase of ${file.replace(/^.*\//, '')}`, given.passphrase),
    sudoPassword: (host, user) => answer(`sudo password of ${user} at ${host.name}`, undefined),
  };
}

export function makeHost(address: string, port: number | null, user: string | null = 'bob'): Host {
  return { name: 'ts01', url: { scheme: 'ssh', user, domain: null, address, port } };
}
