import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defectOf, hostile } from '../../testing/hostile.ts';
import {
  decodeInformation,
  encodeInformation,
  type InformationClass,
  informationClass,
  informationLength,
} from './winstation-information-class.ts';

const file = new URL('../../../../test/vectors/tsts/IcaApi.RpcWinStationQueryInformation.json', import.meta.url);
const { cases } = z
  .object({
    cases: z.array(
      z.object({
        request: z.object({ WinStationInformationClass: z.number() }),
        response: z.object({ pWinStationInformation: z.string() }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(file, 'utf8')));

/** What a host answered for the class. */
function answered({ code }: InformationClass<unknown>): Uint8Array {
  const one = cases.find(({ request }) => request.WinStationInformationClass === code);
  return new Uint8Array(Buffer.from(one?.response.pWinStationInformation ?? '', 'hex'));
}

const { client, information, loadIndicator, remoteAddress } = informationClass;

test('a client is what it said of itself', () => {
  expect(decodeInformation(client, answered(client))).toMatchObject({
    clientName: 'WKS-日本',
    clientAddressFamily: 2,
    hRes: 2560,
    vRes: 1440,
  });
});

test("a session's information has the server's clock", () => {
  expect(decodeInformation(information, answered(information))).toMatchObject({
    winStationName: 'RDP-Tcp#7',
    domain: 'CORP',
    userName: 'alice',
  });
});

test('the load is counted in sessions', () => {
  expect(decodeInformation(loadIndicator, answered(loadIndicator))).toMatchObject({
    remainingSessionCapacity: 100,
    totalSessions: 7,
    disconnectedSessions: 2,
  });
});

test('an address is in network order, and none where no client is connected', () => {
  const { value } = decodeInformation(remoteAddress, answered(remoteAddress)) ?? {};
  expect(value).toMatchObject({ inAddr: Uint8Array.of(10, 1, 2, 3) });
  expect(decodeInformation(remoteAddress, new Uint8Array(32))).toBeNull();
});

const all = Object.entries<InformationClass<unknown>>(informationClass);

test.each(all)('%s has its length, and is encoded to the bytes that it was decoded from', (_, one) => {
  const bytes = answered(one).length > 0 ? answered(one) : new Uint8Array(informationLength(one));
  expect(informationLength(one)).toBe(bytes.length);
  expect(encodeInformation(one, decodeInformation(one, bytes))).toEqual(bytes);
});

test.each(all)('%s, cut or garbled, is decoded or a UsherError', (_, one) => {
  const good = answered(one).length > 0 ? answered(one) : new Uint8Array(informationLength(one));
  fc.assert(
    fc.property(hostile(good), (bytes) => {
      expect(defectOf(() => decodeInformation(one, bytes))).toBeNull();
    }),
  );
});
