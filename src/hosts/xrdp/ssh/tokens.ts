import { homePath } from './paths.ts';
import type { SshEnvironment } from './environment.ts';

/** What the `%` tokens of ssh_config(5), TOKENS, stand for. */
export interface TokenValues {
  /** `%h`: the name to connect to. */
  readonly hostName: string;
  /** `%n`: the name as it was given. */
  readonly alias: string;
  /** `%k`: `HostKeyAlias`, or the name as it was given. */
  readonly hostKeyAlias: string | null;
  /** `%p` */
  readonly port: number;
  /** `%r`: who logs on. */
  readonly user: string;
}

/** Expands `~`, `${NAME}` and `%` tokens in a file name. An unknown variable or token is left as it stands. */
export function expandFileName(text: string, values: TokenValues, environment: SshEnvironment): string {
  return expandTokens(expandVariables(homePath(text, environment), environment), {
    d: environment.home,
    h: values.hostName,
    i: environment.uid === null ? undefined : String(environment.uid),
    k: values.hostKeyAlias ?? values.alias,
    l: environment.machine,
    L: environment.machine.split('.')[0],
    n: values.alias,
    p: String(values.port),
    r: values.user,
    u: environment.account,
  });
}

/** `HostName` knows `%h`, the name as it was given, alone. */
export function expandHostName(text: string, alias: string): string {
  return expandTokens(text, { h: alias });
}

function expandVariables(text: string, environment: SshEnvironment): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => environment.variables[name] ?? whole);
}

function expandTokens(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (values[token] ?? whole)));
}
