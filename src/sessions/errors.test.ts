import { expect, test } from 'vitest';
import { errorRow, UsherError, withContext } from './errors.ts';

test('an error row keeps the chain of causes', () => {
  const socket = new Error('connect ECONNREFUSED');
  const cause = new Error('the TCP connection failed', { cause: socket });
  const error = new UsherError({
    code: 'unreachable',
    message: 'nothing listens',
    host: 'xh1',
    hint: 'start sshd',
    cause,
  });
  expect(errorRow(error)).toEqual({
    host: 'xh1',
    code: 'unreachable',
    message: 'nothing listens',
    cause: 'the TCP connection failed: connect ECONNREFUSED',
    hint: 'start sshd',
  });
});

test('context is added where there was none and never replaces what was known', () => {
  const error = new UsherError({ code: 'timeout', message: 'no answer', operation: 'listing' });
  const told = withContext(error, { host: 'xh1', operation: 'connecting' });
  expect([told.host, told.operation]).toEqual(['xh1', 'listing']);
});

test('a chain of causes that bites its own tail ends', () => {
  const loop: Error = new Error('again');
  loop.cause = loop;
  expect(errorRow(new UsherError({ code: 'timeout', message: 'no answer', cause: loop })).cause).toHaveLength(
    8 * 5 + 7 * 2,
  );
});
