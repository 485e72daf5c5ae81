import { isAbsolute, join } from 'node:path';
import type { SshEnvironment } from './environment.ts';

/** The account's own directory of SSH files. */
export function userDirectory(environment: SshEnvironment): string {
  return join(environment.home, '.ssh');
}

/** `~` and `~/x` below the home directory, anything else as it stands. `~name` is not looked up. */
export function homePath(text: string, environment: SshEnvironment): string {
  return /^~(?=$|[/\\])/.test(text) ? join(environment.home, text.slice(1)) : text;
}

/** The name as an absolute one, relative ones below the directory. */
export function below(directory: string, name: string): string {
  return isAbsolute(name) ? name : join(directory, name);
}
