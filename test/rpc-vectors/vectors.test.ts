import { describe, expect, test } from 'vitest';
import { readCases, type VectorCase } from './files.ts';
import { compareCase } from './suite.ts';

const cases = readCases(new URL('../vectors', import.meta.url).pathname);

test('every call and case of the vectors is there', () => {
  const calls = (list: readonly VectorCase[]): number => new Set(list.map(({ call }) => call.name)).size;
  const winreg = cases.filter(({ interface: { name } }) => name === 'winreg');
  const tsts = cases.filter((one) => !winreg.includes(one));
  expect([calls(tsts), tsts.length, winreg.length]).toEqual([73, 163, 32]);
});

test.each(cases)('$name is decoded to its values, which are encoded to its bytes', (one) => {
  expect(compareCase(one)).toBeGreaterThan(2);
});

describe('the comparison', () => {
  const [sample] = cases.filter(({ name }) => name.startsWith('TermSrvSession.RpcGetUserName'));
  if (sample === undefined) throw new Error('no sample');

  test.each<readonly [string, Partial<VectorCase>, string]>([
    ['another value', { response: { ...sample.response, pszDomain: 'OTHER' } }, 'where'],
    ['a field that is not declared', { response: { ...sample.response, more: 1 } }, '.more is not declared'],
    ['a field that no vector says', { response: { Return: 0, pszDomain: 'CORP' } }, '.pszUserName is in no vector'],
    ['a call that is not declared', { call: { name: 'RpcOther', opnum: 99 } }, 'RpcOther is not declared'],
    ['a pipe of another name', { interface: { ...sample.interface, pipe: '\\PIPE\\other' } }, 'must be'],
  ])('finds %s', (_, change, complaint) => {
    expect(() => compareCase({ ...sample, ...change })).toThrow(complaint);
  });

  const changed = (name: string, at: readonly number[]): VectorCase => {
    const one = cases.find((one) => one.name === name) ?? sample;
    const responseStub = Uint8Array.from(one.responseStub);
    for (const byte of at) responseStub[byte] = 9;
    return { ...one, responseStub };
  };

  test.each([
    ['padding', 'RCMPublic.RpcGetRemoteAddress v4', [6]],
    ['referent ids', 'TermSrvSession.RpcGetUserName user_5_4', [0, 1, 2, 3]],
  ])('leaves %s out', (_, name, at) => {
    expect(compareCase(changed(name, at))).toBeGreaterThan(2);
  });

  test('finds another byte', () => {
    expect(() => compareCase(changed('RCMPublic.RpcGetLastInputTime typ', [7]))).toThrow('decoded is');
  });

  test('finds a null pointer where there is a value', () => {
    const responseStub = Uint8Array.from(sample.responseStub).fill(0, 0, 4);
    expect(() => compareCase({ ...sample, responseStub })).toThrow('RpcGetUserName');
  });
});
