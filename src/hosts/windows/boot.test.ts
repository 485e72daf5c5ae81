import { expect, test } from 'vitest';
import { bootOf } from './boot.ts';
import { ago, process, system } from './testing/facts.ts';

test("a host started with session 0's first process", () => {
  const idle = process({ pid: 0, sessionId: 0, createTime: 0n });
  const young = process({ sessionId: 0, createTime: ago(5) });
  expect(bootOf([idle, young, system])).toBe(system.createTime);
});

test('what a session runs since before tells nothing', () => {
  expect(bootOf([process({ createTime: 1n }), system])).toBe(system.createTime);
});

test('without processes the start is not known', () => {
  expect(bootOf([])).toBe(0n);
});
