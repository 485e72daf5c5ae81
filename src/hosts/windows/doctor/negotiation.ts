import { connect } from 'node:net';
import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { ConnectionParameters } from '../../../wire/smb/connection/parameters.ts';
import { firstAnswer, firstWord, isSmb1, smb1FirstWord } from '../../../wire/smb/connection/first-word.ts';
import type { Agreement } from '../../../wire/smb/connection/negotiation.ts';
import { takeFrame } from '../../../wire/smb/frames.ts';
import type { Finding } from '../../finding.ts';
import type { Endpoint } from '../dial.ts';
import { clockFinding } from './clock.ts';
import { dialectFinding, noDialectFinding } from './dialect.ts';
import { failureOf, type Patient, within } from './patient.ts';
import { encryptionFinding, signingFinding } from './protection.ts';

const patience = milliseconds(5000);
/** Bytes of an answer to NEGOTIATE: a Windows host's are some hundred. */
const longestAnswer = 2 ** 17;

/** What SMB dialect, signing and encryption the host agrees to, and what its clock says. Nobody logs on. Null where it speaks no SMB 2. */
export async function* examineNegotiation(
  patient: Patient,
  endpoint: Endpoint & { readonly parameters: Omit<ConnectionParameters, 'initiator'> },
): AsyncGenerator<Finding, Agreement | null> {
  const { host, surroundings } = patient;
  const asked = surroundings.now();
  const answer = await orFailure(patient, () => say(patient, endpoint, firstWord(endpoint.parameters)));
  const answered = surroundings.now();
  const agreement =
    answer instanceof Uint8Array
      ? await orFailure(patient, async () => firstAnswer(endpoint.parameters, answer))
      : (answer ?? hungUp());
  if (agreement instanceof UsherError) {
    yield noDialectFinding(host.name, agreement, answer === null && (await speaksSmb1(patient, endpoint)));
    return null;
  }
  yield dialectFinding(agreement);
  yield signingFinding(agreement);
  yield encryptionFinding(agreement);
  yield clockFinding(agreement.response.systemTime, asked, answered);
  return agreement;
}

const hungUp = (): UsherError =>
  new UsherError({ code: 'connection_lost', message: 'the host hung up on the first word of SMB 2' });

async function speaksSmb1(patient: Patient, endpoint: Endpoint): Promise<boolean> {
  const answer = await orFailure(patient, () => say(patient, endpoint, smb1FirstWord()));
  return answer instanceof Uint8Array && isSmb1(answer);
}

async function orFailure<T>(patient: Patient, work: () => Promise<T>): Promise<T | UsherError> {
  try {
    return await work();
  } catch (error) {
    return failureOf(patient, error);
  }
}

/** The host's first message to the first one of ours; null where it hangs up instead. Throws `UsherError`. */
function say(patient: Patient, { address, port }: Endpoint, word: Uint8Array): Promise<Uint8Array | null> {
  return within(patient, patience, async (signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | null>();
    const socket = connect({ host: address, port, noDelay: true });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      try {
        const taken = takeFrame(received, longestAnswer);
        if (taken !== null) resolve(taken.message);
      } catch (error) {
        reject(error);
      }
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(null));
    socket.write(word);
    return promise.finally(() => socket.destroy());
  });
}
