import { startDeadline, untilAborted } from '../fleet/deadline.ts';
import { toldOf } from '../fleet/fleet.ts';
import { hostOfUrl } from '../fleet/selection.ts';
import type { Credential } from '../hosts/credential.ts';
import type { HostDriver } from '../hosts/driver.ts';
import type { Finding } from '../hosts/finding.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Host } from '../sessions/host.ts';
import type { Run } from './run.ts';

/** The checks of an examination that come before the logon: its name, its port, and what it speaks. */
const beforeLogon: readonly string[] = ['name', 'port', 'dialect'];

/**
 * Looks whether a Windows host answers, without logging on to it. Throws {@link UsherError} where its name is not known, nothing
 * listens, or what answers does not speak as Windows does.
 */
export async function lookAtWindows({ around, globals }: Run, host: Host, driver: HostDriver): Promise<void> {
  using deadline = startDeadline(globals.timeout, around.signal, around);
  const findings = driver.examine(host, noCredential, deadline.signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(findings.next(), deadline.signal);
      if (next.done === true || !beforeLogon.includes(next.value.check)) return;
      if (next.value.verdict === 'problem') throw notThere(host, next.value);
      if (next.value.check === beforeLogon.at(-1)) return;
    }
  } catch (error) {
    throw toldOf({ ...hostOfUrl(host.url), name: host.name }, deadline, globals.timeout, error);
  } finally {
    // What is looked at goes on by itself where it does not heed the abort, and nobody waits for that.
    void findings.return?.(undefined)?.catch(() => undefined);
  }
}

const noCredential: Credential = {
  user: null,
  identityFiles: [],
  password: async () => null,
  passphrase: async () => null,
  sudoPassword: async () => null,
};

function notThere({ name }: Host, { summary, error }: Finding): UsherError {
  return new UsherError({
    code: error?.code ?? 'unreachable',
    message: summary,
    host: name,
    hint: 'nothing was added: --offline adds it without a look at it',
    cause: error?.cause,
  });
}
