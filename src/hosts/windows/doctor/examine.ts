import { UsherError } from '../../../sessions/errors.ts';
import { milliseconds } from '../../../sessions/duration.ts';
import type { Finding } from '../../finding.ts';
import { targetOf } from '../reaching.ts';
import { examineLimits, unknownLimits } from './limits.ts';
import { examineLogon, type Reached } from './logon.ts';
import { examineName } from './name.ts';
import { examineNegotiation } from './negotiation.ts';
import { failureOf, type Patient, within } from './patient.ts';
import { missingMends } from './pipe-finding.ts';
import { examinePipes, type Opened } from './pipes.ts';
import { examinePort } from './port.ts';
import { Registry } from '../registry/registry.ts';
import { examineRights, unknownRights } from './rights.ts';
import { examineSessions } from './sessions.ts';

const patienceWithRegistry = milliseconds(5000);

/** Everything on the way to a Windows host and on it, in the order in which it is needed. Nothing is changed there. */
export async function* examineHost(patient: Patient): AsyncGenerator<Finding, void> {
  const { url } = patient.host;
  if (url.scheme === 'local') throw new TypeError('local: is no Windows host');
  const target = targetOf(url, patient.surroundings);
  if (!(yield* examineName(patient, target.address))) return;
  if (!(yield* examinePort(patient, target))) return;
  const agreement = yield* examineNegotiation(patient, target);
  if (agreement === null) return;
  const reached = yield* examineLogon(patient, url, agreement);
  if (reached === null) return;
  await using _smb = reached.smb;
  const pipes = yield* examinePipes(patient, reached);
  yield* examineRegistry(patient, reached, pipes);
  yield* examineSessions(patient, pipes, agreement.response.systemTime);
}

/** What the host's registry tells: rights, and limits. */
async function* examineRegistry(patient: Patient, reached: Reached, { winreg }: Opened): AsyncGenerator<Finding> {
  const registry = await openRegistry(patient, winreg);
  if (registry instanceof UsherError) {
    const mends = missingMends('winreg');
    yield unknownRights(registry, mends);
    yield unknownLimits(registry, mends);
    return;
  }
  yield* examineRights(patient, reached, registry);
  yield* examineLimits(patient, registry);
}

async function openRegistry(patient: Patient, winreg: Opened['winreg']): Promise<Registry | UsherError> {
  if (winreg instanceof UsherError) return winreg;
  try {
    return await within(patient, patienceWithRegistry, () => Registry.open(winreg));
  } catch (error) {
    return failureOf(patient, error);
  }
}
