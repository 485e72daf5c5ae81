import { expect, test } from 'vitest';
import type { Codec } from '../../bytes/codec.ts';
import { toHex } from '../../crypto/testing/vectors.ts';
import { close } from './close.ts';
import { decodeBody, decodeHeader, encodeMessage } from './command.ts';
import { create } from './create.ts';
import { ioctl } from './ioctl.ts';
import { read } from './read.ts';
import { treeConnect } from './tree-connect.ts';
import { write } from './write.ts';

/** A field as the example tells it: its size in bytes and its value, or its bytes. */
type Told = readonly [size: number, value: number] | Uint8Array;

const data = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at);
const persistent: Told = [8, 5];
const volatile = Uint8Array.of(5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
const fileId = { persistent: 5n, volatile: 0xffffffff00000005n };
const times: readonly Told[] = Array.from({ length: 4 }, () => [8, 0]);
const noTimes = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };

function bytesOf(told: readonly Told[]): Uint8Array {
  return Buffer.concat(
    told.map((field) => {
      if (field instanceof Uint8Array) return field;
      const [size, value] = field;
      const bytes = Buffer.alloc(size);
      for (let at = 0, left = value; at < size; at++, left = Math.floor(left / 256)) bytes[at] = left % 256;
      return bytes;
    }),
  );
}

interface Example {
  readonly name: string;
  readonly code: number;
  readonly body: Codec<unknown>;
  readonly told: readonly Told[];
  readonly value: unknown;
}

/** MS-SMB2 4.3 and 4.4: opening the pipe srvsvc, and what is then done with it. */
const examples: readonly Example[] = [
  {
    name: 'TREE_CONNECT request',
    code: 3,
    body: treeConnect.request,
    told: [[2, 9], [2, 0], [2, 72], [2, 34], Buffer.from('\\\\smb2server\\IPC$', 'utf16le')],
    value: { flags: 0, path: '\\\\smb2server\\IPC$' },
  },
  {
    name: 'CREATE request',
    code: 5,
    body: create.request,
    told: [
      ...([
        [2, 57],
        [1, 0],
        [1, 0],
        [4, 2],
        [8, 0],
        [8, 0],
        [4, 0x0012019f],
        [4, 0],
        [4, 3],
        [4, 1],
      ] as const),
      ...([
        [4, 0x00400040],
        [2, 120],
        [2, 12],
        [4, 0],
        [4, 0],
      ] as const),
      Buffer.from('srvsvc', 'utf16le'),
    ],
    value: {
      impersonationLevel: 2,
      desiredAccess: 0x0012019f,
      fileAttributes: 0,
      shareAccess: 3,
      createDisposition: 1,
      createOptions: 0x00400040,
      name: 'srvsvc',
    },
  },
  {
    name: 'CREATE response',
    code: 5,
    body: create.response,
    told: [
      [2, 89],
      [1, 0],
      [1, 9],
      [4, 1],
      ...times,
      [8, 4096],
      [8, 0],
      [4, 0x80],
      [4, 0],
      persistent,
      volatile,
      [4, 0],
      [4, 0],
    ],
    value: {
      oplockLevel: 0,
      flags: 9,
      createAction: 1,
      ...noTimes,
      allocationSize: 4096n,
      endOfFile: 0n,
      fileAttributes: 0x80,
      fileId,
    },
  },
  {
    name: 'WRITE request',
    code: 9,
    body: write.request,
    told: [
      [2, 49],
      [2, 112],
      [4, 116],
      [8, 0],
      persistent,
      volatile,
      [4, 0],
      [4, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      data(116),
    ],
    value: { data: data(116), offset: 0n, fileId, flags: 0 },
  },
  {
    name: 'WRITE response',
    code: 9,
    body: write.response,
    told: [
      [2, 17],
      [2, 0],
      [4, 116],
      [4, 0],
      [2, 0],
      [2, 0],
    ],
    value: { count: 116 },
  },
  {
    name: 'READ request',
    code: 8,
    body: read.request,
    told: [
      ...([[2, 49], [1, 80], [1, 0], [4, 1024], [8, 0], persistent, volatile, [4, 0], [4, 0], [4, 0]] as const),
      ...([
        [2, 0],
        [2, 0],
        [1, 0],
      ] as const),
    ],
    value: { padding: 80, flags: 0, length: 1024, offset: 0n, fileId, minimumCount: 0 },
  },
  {
    name: 'READ response',
    code: 8,
    body: read.response,
    told: [[2, 17], [1, 80], [1, 0], [4, 92], [4, 0], [4, 0], data(92)],
    value: { data: data(92), dataRemaining: 0, flags: 0 },
  },
  {
    name: 'IOCTL response',
    code: 11,
    body: ioctl.response,
    told: [
      ...([[2, 49], [2, 0], [4, 0x0011c017], persistent, volatile, [4, 112], [4, 68], [4, 184], [4, 112]] as const),
      ...([[4, 0], [4, 0], data(68), [4, 0], data(112)] as const),
    ],
    value: { ctlCode: 0x0011c017, fileId, input: data(68), output: data(112) },
  },
  {
    name: 'CLOSE request',
    code: 6,
    body: close.request,
    told: [[2, 24], [2, 1], [4, 0], persistent, volatile],
    value: { flags: 1, fileId },
  },
  {
    name: 'CLOSE response',
    code: 6,
    body: close.response,
    told: [[2, 60], [2, 0], [4, 0], ...times, [8, 0], [8, 0], [4, 0]],
    value: { flags: 0, ...noTimes, allocationSize: 0n, endOfFile: 0n, fileAttributes: 0 },
  },
];

/** The header of the example: SessionId 0x4000000000D, TreeId 1. */
const headerTold = (code: number): readonly Told[] => [
  ...([
    [4, 0x424d53fe],
    [2, 64],
    [2, 0],
    [4, 0],
    [2, code],
    [2, 111],
    [4, 0],
    [4, 0],
    [8, 9],
  ] as const),
  ...([
    [4, 0],
    [4, 1],
    [8, 0x4000000000d],
    [8, 0],
    [8, 0],
  ] as const),
];

test.each(examples)(
  "the specification's $name is read and written to the byte",
  ({ name, code, body, told, value }) => {
    const message = bytesOf([...headerTold(code), ...told]);
    const header = decodeHeader(message);
    expect(header).toMatchObject({ command: code, credits: 111, messageId: 9n, treeId: 1, sessionId: 0x4000000000dn });
    expect(decodeBody(name, body, message)).toEqual(value);
    expect(toHex(encodeMessage(header, body, value))).toBe(toHex(message));
  },
);

test("the specification's IOCTL request is read, and written without an OutputOffset", () => {
  const told = (outputOffset: number): Uint8Array =>
    bytesOf([
      ...headerTold(11),
      ...([[2, 57], [2, 0], [4, 0x0011c017], persistent, volatile, [4, 120], [4, 68], [4, 0]] as const),
      ...([[4, outputOffset], [4, 0], [4, 1024], [4, 1], [4, 0], data(68)] as const),
    ]);
  const value = {
    ctlCode: 0x0011c017,
    fileId,
    input: data(68),
    maxInputResponse: 0,
    maxOutputResponse: 1024,
    flags: 1,
  };
  expect(decodeBody('IOCTL', ioctl.request, told(120))).toEqual(value);
  expect(toHex(encodeMessage(decodeHeader(told(0)), ioctl.request, value))).toBe(toHex(told(0)));
});
