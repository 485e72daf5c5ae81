import { isFailure } from '../../ms-erref/failure.ts';
import { frame } from '../frames.ts';
import { decodeBody, decodeHeader, encodeMessage } from '../messages/command.ts';
import { negotiate } from '../messages/negotiate.ts';
import { broken, failureOf } from './failures.ts';
import { type Agreement, agree, offer } from './negotiation.ts';
import type { ConnectionParameters } from './parameters.ts';

type Offer = Omit<ConnectionParameters, 'initiator'>;

/** A NEGOTIATE request alone, framed: what a connection begins with, for those who want no logon. */
export function firstWord(parameters: Offer): Uint8Array {
  const head = {
    creditCharge: 0,
    status: 0,
    command: negotiate.code,
    credits: 1,
    flags: 0,
    nextCommand: 0,
    messageId: 0n,
    asyncId: null,
    reserved: 0,
    treeId: 0,
    sessionId: 0n,
    signature: new Uint8Array(16),
  };
  return frame(encodeMessage(head, negotiate.request, offer(parameters)));
}

/** What the host made of {@link firstWord}. Throws `UsherError`. */
export function firstAnswer(parameters: Offer, message: Uint8Array): Agreement {
  const { command, status } = decodeHeader(message);
  if (command !== negotiate.code) throw broken(`the host answered SMB command ${command} to NEGOTIATE`);
  if (isFailure('ntstatus', status)) throw failureOf(status, 'negotiating SMB');
  return agree(parameters, decodeBody(negotiate.name, negotiate.response, message));
}

/** SMB 1's protocol id in the place of SMB 2's (MS-CIFS 2.2.3.1). */
const smb1 = 'ÿSMB';
const smb1HeaderSize = 32;
const smb1Negotiate = 0x72;
const ntLanManager = '\u0002NT LM 0.12\0';

/** SMB_COM_NEGOTIATE of `NT LM 0.12`, framed (MS-CIFS 2.2.4.52): it asks whether SMB 1 is spoken, which Usher never does. */
export function smb1FirstWord(): Uint8Array {
  const message = Buffer.alloc(smb1HeaderSize + 3 + ntLanManager.length);
  message.write(smb1, 'latin1');
  message[4] = smb1Negotiate;
  message.writeUInt16LE(ntLanManager.length, smb1HeaderSize + 1);
  message.write(ntLanManager, smb1HeaderSize + 3, 'latin1');
  return frame(message);
}

/** Whether a message is SMB 1's. */
export function isSmb1(message: Uint8Array): boolean {
  return Buffer.from(message.subarray(0, 4)).toString('latin1') === smb1;
}
