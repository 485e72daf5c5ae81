import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defectOf, hostile } from '../../testing/hostile.ts';
import { takeFrame } from '../frames.ts';
import { decodeBody, decodeHeader, encodeMessage } from '../messages/command.ts';
import { negotiate } from '../messages/negotiate.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { negotiateResponse, usualScript } from '../testing/dialogue.ts';
import { offer } from './negotiation.ts';
import { firstAnswer, firstWord, isSmb1, smb1FirstWord } from './first-word.ts';

const parameters = {
  serverName: 'host.example',
  clientGuid: new Uint8Array(16).fill(0xc1),
  salt: new Uint8Array(32).fill(0x5a),
  nonceStart: 7n,
};

const said = (framed: Uint8Array): Uint8Array => takeFrame(framed, 2 ** 16)?.message ?? new Uint8Array();
const request = said(firstWord(parameters));
const answerOf = (changes: Partial<ReturnType<typeof decodeHeader>>): Uint8Array => {
  const header = { ...decodeHeader(request), flags: 1, ...changes } as ReturnType<typeof decodeHeader>;
  return encodeMessage(header, negotiate.response, negotiateResponse(usualScript));
};

test('the first word offers what a connection offers', () => {
  expect(decodeBody('NEGOTIATE', negotiate.request, request)).toEqual(offer(parameters));
});

test('what the host agrees to is told without a logon', () => {
  expect(firstAnswer(parameters, answerOf({}))).toMatchObject({
    dialect: '3.1.1',
    cipher: 'aes128Gcm',
    signingAlgorithm: 'aesGmac',
  });
});

test.each([
  ['a refusal', { status: ntStatus.STATUS_NOT_SUPPORTED }, 'STATUS_NOT_SUPPORTED'],
  ['an answer to something else', { command: 1 }, 'answered SMB command 1'],
])('%s is a UsherError', (_, changes, complaint) => {
  expect(() => firstAnswer(parameters, answerOf(changes))).toThrow(complaint);
});

test('an answer that is cut or garbled is decoded or a UsherError', () => {
  const good = answerOf({});
  fc.assert(
    fc.property(hostile(good), (garbled) => {
      expect(defectOf(() => firstAnswer(parameters, garbled))).toBeNull();
    }),
  );
});

// MS-CIFS 2.2.3.1 and 2.2.4.52.1: header, no words, the dialects by their format byte.
test("SMB 1's first word is as its specification lays it out", () => {
  const header = `ff534d4272${'00'.repeat(27)}`;
  const dialect = '024e54204c4d20302e313200';
  expect(Buffer.from(said(smb1FirstWord())).toString('hex')).toBe(`${header}000c00${dialect}`);
});

test("SMB 1's messages are told from SMB 2's", () => {
  expect([isSmb1(said(smb1FirstWord())), isSmb1(request), isSmb1(new Uint8Array())]).toEqual([true, false, false]);
});
