import { expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { deriveKeys } from '../keys/derivation.ts';
import { extendPreauthHash, noPreauthHash } from '../keys/preauth.ts';
import { decodeBody, decodeHeader } from '../messages/command.ts';
import { negotiate } from '../messages/negotiate.ts';
import { session } from '../testing/windows-session.ts';
import { agree } from './negotiation.ts';
import { Protection } from './protection.ts';

const { packets, keys } = session;

const offered = { serverName: 'SUT311', clientGuid: new Uint8Array(16), salt: new Uint8Array(32) };
const agreement = agree(offered, decodeBody('NEGOTIATE', negotiate.response, packets.neg_resp));

function protectionAfter(messages: readonly Uint8Array[]): Protection {
  const preauthHash = messages.reduce(extendPreauthHash, noPreauthHash);
  const { dialect, cipher, signingAlgorithm } = agreement;
  const derived = deriveKeys({ dialect, cipher, sessionKey: keys.SessionKey, preauthHash });
  const { sessionId } = decodeHeader(packets.ss_resp1);
  return new Protection({ sessionId, keys: derived, signingAlgorithm, cipher, nonceStart: 0n });
}

const { neg_req, neg_resp, ss_req1, ss_resp1, ss_req2, ss_resp2 } = packets;

test('a Windows server is agreed with as its published session was', () => {
  expect(agreement).toMatchObject({
    dialect: '3.1.1',
    cipher: 'aes128Gcm',
    signingAlgorithm: 'aesCmac',
    multiCredit: true,
    longestPayload: 2 ** 20,
  });
});

test("the dialogue of a Windows session leads to the key that signs the server's last word", () => {
  const protection = protectionAfter([neg_req, neg_resp, ss_req1, ss_resp1, ss_req2]);
  expect(() => protection.checkSignature(ss_resp2, decodeHeader(ss_resp2))).not.toThrow();
});

test('a dialogue that lacks or changes a message leads to another key', () => {
  const all = [neg_req, neg_resp, ss_req1, ss_resp1, ss_req2];
  for (const at of all.keys()) {
    const changed = all.with(
      at,
      Uint8Array.from(all[at] ?? [], (byte, offset) => (offset === 70 ? byte ^ 1 : byte)),
    );
    for (const messages of [changed, all.toSpliced(at, 1)]) {
      expect(() => protectionAfter(messages).checkSignature(ss_resp2, decodeHeader(ss_resp2))).toThrow(UsherError);
    }
  }
});
