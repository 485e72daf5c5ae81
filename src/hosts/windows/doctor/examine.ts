import type { Finding } from '../../finding.ts';
import { targetOf } from '../reaching.ts';
import { examineLogon } from './logon.ts';
import { examineName } from './name.ts';
import { examineNegotiation } from './negotiation.ts';
import type { Patient } from './patient.ts';
import { examinePipes } from './pipes.ts';
import { examinePort } from './port.ts';
import { examineSessions } from './sessions.ts';

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
  yield* examineSessions(patient, pipes, agreement.response.systemTime);
}
