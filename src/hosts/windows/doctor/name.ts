import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { Finding } from '../../finding.ts';
import { argument, failureAt, finding, mend } from './finding.ts';
import { type Patient, within } from './patient.ts';

const patience = milliseconds(5000);

/** All addresses of a name, by this computer's resolver. */
export async function lookUp(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** Whether the host's name resolves, and to what. Returns whether it makes sense to go on. */
export async function* examineName(patient: Patient, name: string): AsyncGenerator<Finding, boolean> {
  const found = isIP(name) === 0 ? await resolve(patient, name) : [name];
  yield nameFinding(patient.host.name, name, found);
  return !(found instanceof UsherError);
}

async function resolve(patient: Patient, name: string): Promise<readonly string[] | UsherError> {
  try {
    return await within(patient, patience, () => patient.lookUp(name));
  } catch (error) {
    patient.signal.throwIfAborted();
    if (error instanceof UsherError) return error;
    if (!(error instanceof Error && 'code' in error)) throw error;
    return new UsherError({
      code: 'unreachable',
      message: `the name ${name} does not resolve (${String(error.code)})`,
      cause: error,
    });
  }
}

export function nameFinding(host: string, name: string, found: readonly string[] | UsherError): Finding {
  if (!(found instanceof UsherError)) {
    const isAddress = found.length === 1 && found[0] === name;
    const summary = isAddress ? `${name} is an address: there is no name to resolve` : `${name} is ${found.join(', ')}`;
    return finding({ check: 'name', verdict: 'ok', summary });
  }
  const isSilent = found.code === 'timeout' || found.message.endsWith(' (EAI_AGAIN)');
  return finding({
    check: 'name',
    verdict: 'problem',
    summary: isSilent ? `no name server answers for ${name}` : `the name ${name} does not resolve`,
    meaning: isSilent
      ? 'This computer cannot ask its name servers, so that it finds no host by name.'
      : "This computer's name servers know no such host; a short name is found only where the search list has its domain.",
    mends: [mend('here', `nslookup ${argument(name)}`), mend('inventory', `windows://${argument(name)}.DOMAIN`)],
    error: failureAt(host, found),
  });
}
