import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { type CodeKind, codeText, failureOf, isFailure } from './failure.ts';

test('a failure is told with what was done, the name of its code and what that means', () => {
  expect(failureOf('win32', 5, 'logging off session 3')).toMatchObject({
    code: 'access_denied',
    message: 'logging off session 3: the host answered ERROR_ACCESS_DENIED: the account may not do this',
    operation: null,
    hint: expect.stringContaining('Administrators'),
  });
});

test('a code without a usual remedy has no hint', () => {
  expect(failureOf('win32', 87, 'reading')).toMatchObject({ hint: null });
});

test('a code without a name is told by its kind and number, and is bad_answer', () => {
  expect(failureOf('ntstatus', 0xc0000abc, 'reading')).toMatchObject({
    code: 'bad_answer',
    message: 'reading: the host answered NTSTATUS 0xC0000ABC',
  });
});

test.each<[CodeKind, number, string]>([
  ['ntstatus', 0xc0000abc, 'NTSTATUS 0xC0000ABC'],
  ['hresult', 0x80040abc, 'HRESULT 0x80040ABC'],
  ['hresult', 0x8007fff0, 'HRESULT 0x8007FFF0'],
  ['hresult', 0xd0000abc, 'HRESULT 0xD0000ABC'],
  ['win32', 65000, 'Win32 error 0x0000FDE8'],
  ['win32', 0xc0000022, 'Win32 error 0xC0000022'],
])('%s %d has no name', (kind, code, text) => {
  expect(codeText(kind, code)).toBe(text);
});

describe('an HRESULT', () => {
  test.each([
    ['of its own', 0x80004001, 'E_NOTIMPL'],
    ['that is a Win32 error code', 0x80070005, 'ERROR_ACCESS_DENIED'],
    ['that is a Win32 error code of sessions', 0x80071b6e, 'ERROR_CTX_WINSTATION_NOT_FOUND'],
    ['that is an NTSTATUS', 0xd0000022, 'STATUS_ACCESS_DENIED'],
    ['that is an NTSTATUS of success', 0x10000103, 'STATUS_PENDING'],
    ['that is an NTSTATUS of a warning', 0x90000005, 'STATUS_BUFFER_OVERFLOW'],
    ['that is an NTSTATUS of the facility Terminal Server', 0xd00a0015, 'STATUS_CTX_WINSTATION_NOT_FOUND'],
    ['that is a bare NTSTATUS', 0xc00a0015, 'STATUS_CTX_WINSTATION_NOT_FOUND'],
    ['that was read as a signed number', -2147024891, 'ERROR_ACCESS_DENIED'],
  ])('%s has its name', (_, code, name) => {
    expect(codeText('hresult', code)).toBe(name);
  });
});

test.each([
  ['an HRESULT', 0x80071b6e, 'ERROR_CTX_WINSTATION_NOT_FOUND'],
  ['FACILITY_NTWIN32', 0xc0070005, 'ERROR_ACCESS_DENIED'],
])('an NTSTATUS that is %s has the name of its Win32 error code', (_, code, name) => {
  expect(codeText('ntstatus', code)).toBe(name);
});

describe('the kind of a failure', () => {
  test.each<[CodeKind, number, string, string]>([
    ['ntstatus', 0xc0000022, 'STATUS_ACCESS_DENIED', 'access_denied'],
    ['ntstatus', 0xc0000061, 'STATUS_PRIVILEGE_NOT_HELD', 'access_denied'],
    ['ntstatus', 0xc00a002b, 'STATUS_CTX_WINSTATION_ACCESS_DENIED', 'access_denied'],
    ['ntstatus', 0xc00000df, 'STATUS_NO_SUCH_DOMAIN', 'access_denied'],
    ['hresult', 0x80090322, 'SEC_E_WRONG_PRINCIPAL', 'access_denied'],
    ['win32', 1244, 'ERROR_NOT_AUTHENTICATED', 'access_denied'],
    ['win32', 7045, 'ERROR_CTX_WINSTATION_ACCESS_DENIED', 'access_denied'],
    ['ntstatus', 0xc0000034, 'STATUS_OBJECT_NAME_NOT_FOUND', 'unsupported'],
    ['ntstatus', 0xc00000bb, 'STATUS_NOT_SUPPORTED', 'unsupported'],
    ['win32', 2, 'ERROR_FILE_NOT_FOUND', 'unsupported'],
    ['win32', 1745, 'RPC_S_PROCNUM_OUT_OF_RANGE', 'unsupported'],
    ['hresult', 0x80004001, 'E_NOTIMPL', 'unsupported'],
    ['hresult', 0x80070002, 'ERROR_FILE_NOT_FOUND', 'session_changed'],
    ['win32', 7022, 'ERROR_CTX_WINSTATION_NOT_FOUND', 'session_changed'],
    ['ntstatus', 0xc00a0015, 'STATUS_CTX_WINSTATION_NOT_FOUND', 'session_changed'],
    ['ntstatus', 0xc000000b, 'STATUS_INVALID_CID', 'session_changed'],
    ['ntstatus', 0xc00000b5, 'STATUS_IO_TIMEOUT', 'timeout'],
    ['win32', 1460, 'ERROR_TIMEOUT', 'timeout'],
    ['hresult', 0x800706ba, 'RPC_S_SERVER_UNAVAILABLE', 'unreachable'],
    ['ntstatus', 0xc00000ae, 'STATUS_PIPE_BUSY', 'unreachable'],
    ['ntstatus', 0xc000014b, 'STATUS_PIPE_BROKEN', 'connection_lost'],
    ['win32', 64, 'ERROR_NETNAME_DELETED', 'connection_lost'],
    ['ntstatus', 0xc000006d, 'STATUS_LOGON_FAILURE', 'logon_failed'],
    ['ntstatus', 0xc0000234, 'STATUS_ACCOUNT_LOCKED_OUT', 'logon_failed'],
    ['hresult', 0x8009030c, 'SEC_E_LOGON_DENIED', 'logon_failed'],
    ['win32', 7024, 'ERROR_CTX_WINSTATION_BUSY', 'not_allowed'],
    ['ntstatus', 0xc000000d, 'STATUS_INVALID_PARAMETER', 'bad_answer'],
  ])('of %s %d, %s, is %s', (kind, code, name, errorCode) => {
    const { code: told, message } = failureOf(kind, code, 'acting');
    expect([told, message]).toEqual([errorCode, expect.stringContaining(`acting: the host answered ${name}: `)]);
  });
});

test('the file that is not there is a session where a session service says so', () => {
  const { message } = failureOf('hresult', 0x80070002, 'opening session 3');
  expect(message).toContain('ERROR_FILE_NOT_FOUND: there is no such session');
});

test.each<[CodeKind, number, boolean]>([
  ['hresult', 0, false],
  ['hresult', 1, false],
  ['hresult', 0x10000000, false],
  ['hresult', 0x80070005, true],
  ['hresult', -2147024891, true],
  ['ntstatus', 0, false],
  ['ntstatus', 0x103, false],
  ['ntstatus', 0x80000005, false],
  ['ntstatus', 0xc0000022, true],
  ['ntstatus', -1073741790, true],
  ['win32', 0, false],
  ['win32', 5, true],
])('%s %d fails: %s', (kind, code, fails) => {
  expect(isFailure(kind, code)).toBe(fails);
});

test('every code of every kind can be told', () => {
  const kind = fc.constantFrom<CodeKind>('ntstatus', 'hresult', 'win32');
  const code = fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
    fc.integer({ min: 0x80070000, max: 0x8007ffff }),
    fc.integer({ min: 0xd0000000, max: 0xd000ffff }),
  );
  fc.assert(
    fc.property(kind, code, (of, value) => {
      const failure = failureOf(of, value, 'acting');
      expect(failure).toBeInstanceOf(UsherError);
      expect(failure.message).toContain(`acting: the host answered ${codeText(of, value)}`);
    }),
  );
});
