import { describe, expect, test } from 'vitest';
import { checkRooms } from './check.ts';

function rulesBroken(path: string, ...lines: readonly string[]): readonly string[] {
  return checkRooms([{ path, text: `${lines.join('\n')}\n` }]).map(({ line, rule }) => `${line} ${rule}`);
}

test('a clean tree passes', () => {
  const files = [
    { path: 'src/sessions/state.ts', text: "export const at = (ms: number) => new Date(ms);\nimport './errors.ts';\n" },
    { path: 'src/wire/crypto/kdf.ts', text: "import { createHmac } from 'node:crypto';\n" },
    { path: 'src/hosts/xrdp/probe/probe.pl', text: 'print 1;\n' },
    { path: 'src/hosts/xrdp/driver.ts', text: "import { x } from '../driver.ts';\nimport net from 'node:net';\n" },
    { path: 'src/fleet/sweep.ts', text: "import '../sessions/state.ts';\nsetTimeout(run, 1, performance.now());\n" },
    { path: 'src/cli/end.ts', text: "import type { HostDriver } from '../hosts/driver.ts';\n" },
    { path: 'src/main/usher.ts', text: "import { xrdp } from '../hosts/xrdp/driver.ts';\n" },
    { path: 'tools/anything.ts', text: "import '../src/wire/x.ts';\n" },
  ];
  expect(checkRooms(files)).toEqual([]);
});

describe('who may import whom', () => {
  test.each([
    ['upward', 'src/sessions/a.ts', '../hosts/driver.ts'],
    ['upward from the port into a driver', 'src/hosts/driver.ts', './xrdp/driver.ts'],
    ['sideways', 'src/fleet/a.ts', '../store/rows.ts'],
    ['past the layer below', 'src/fleet/a.ts', '../wire/bytes/reader.ts'],
    ['the Windows driver from the xrdp driver', 'src/hosts/xrdp/a.ts', '../windows/a.ts'],
    ['the xrdp driver from the Windows driver', 'src/hosts/windows/a.ts', '../xrdp/a.ts'],
    ['a driver from the command line', 'src/cli/a.ts', '../hosts/xrdp/driver.ts'],
    ['the port as a value from the command line', 'src/cli/a.ts', '../hosts/driver.ts'],
    ['hosts from the simulator', 'src/simulator/a.ts', '../hosts/driver.ts'],
    ['the fleet from the simulator', 'src/simulator/a.ts', '../fleet/sweep.ts'],
    ['the controller from the simulator', 'src/simulator/a.ts', '../controller/api.ts'],
    ['the domain from the console', 'src/console/a.ts', '../sessions/state.ts'],
    ["the controller's loops from the console", 'src/console/a.ts', '../controller/loops/sweep.ts'],
    ['what carries a call from its declaration', 'src/wire/ms-tsts/a.ts', '../smb/connection/pipes.ts'],
    ['a call from what carries it', 'src/wire/rpc/a.ts', '../ms-tsts/calls.ts'],
    ['how a stub is made from what carries it', 'src/wire/rpc/a.ts', '../ndr/call.ts'],
    ['main from anywhere', 'src/cli/a.ts', '../main/usher.ts'],
  ])('%s is caught', (_what, path, target) => {
    expect(rulesBroken(path, '', `import { x } from '${target}';`)).toEqual(['2 room-import']);
  });

  test.each([
    ["export * from '../fleet/sweep.ts';"],
    ["export { x } from '../fleet/sweep.ts';"],
    ["const x = await import('../fleet/sweep.ts');"],
    ["type X = import('../fleet/sweep.ts').X;"],
    ["import type { X } from '../fleet/sweep.ts';"],
  ])('%s counts as an import', (line) => {
    expect(rulesBroken('src/store/a.ts', line)).toEqual(['1 room-import']);
  });

  test("the console may import the API's schemas", () => {
    expect(rulesBroken('src/console/a.ts', "import { x } from '../controller/api/schemas/session.ts';")).toEqual([]);
  });

  test('what is outside src is closed, but for tests that read vectors', () => {
    expect(rulesBroken('src/wire/a.ts', "import x from '../../tools/a.ts';")).toEqual(['1 outside']);
    expect(rulesBroken('src/wire/a.ts', "import x from '../../test/vectors/a.ts';")).toEqual(['1 outside']);
    expect(rulesBroken('src/wire/a.test.ts', "import x from '../../test/vectors/a.ts';")).toEqual([]);
  });

  test('what is there for tests is closed to all but tests', () => {
    const line = "import { x } from './testing/server.ts';";
    expect(rulesBroken('src/hosts/xrdp/a.ts', line)).toEqual(['1 test-import']);
    expect(rulesBroken('src/hosts/xrdp/a.test.ts', line)).toEqual([]);
    expect(rulesBroken('src/hosts/xrdp/testing/a.ts', "import { x } from './server.ts';")).toEqual([]);
  });

  test('an import that cannot be read is caught', () => {
    expect(rulesBroken('src/main/a.ts', 'await import(name);')).toEqual(['1 computed-import']);
  });

  test.each(['src/lost/a.ts', 'src/a.ts', 'src/lost/a.pl'])('%s has no room', (path) => {
    expect(rulesBroken(path, '')).toEqual(['1 unknown-room']);
  });
});

describe('a pure room', () => {
  test.each([
    ["import { readFile } from 'node:fs';"],
    ["import fs from 'fs';"],
    ["import type { Readable } from 'node:stream';"],
    ["import { setTimeout } from 'node:timers/promises';"],
    ["import { promisify } from 'node:util';"],
    ["import { Client } from 'ssh2';"],
    ["const fs = await import('node:fs');"],
    ['setTimeout(run, 1);'],
    ['setInterval(run, 1);'],
    ['setImmediate(run);'],
    ['AbortSignal.timeout(1);'],
    ['Date.now();'],
    ["Date['now']();"],
    ['new Date();'],
    ['Date();'],
    ['const { now } = Date;'],
    ['const clock = Date;'],
    ['performance.now();'],
    ['Temporal.Now.instant();'],
    ['Math.random();'],
    ['Math[name]();'],
    ['crypto.randomUUID();'],
    ['crypto.getRandomValues(bytes);'],
    ['globalThis.crypto;'],
    ['process.env;'],
    ['const { env } = process;'],
    ['const all = { process };'],
    ['export { process };'],
    ['(setTimeout as Timer)(run, 1);'],
    ["fetch('x');"],
    ["console.log('x');"],
  ])('does without %s', (line) => {
    for (const room of ['wire', 'sessions', 'policy', 'ending/ladder']) {
      expect(rulesBroken(`src/${room}/a.ts`, '', line)).toEqual(['2 pure-room']);
    }
  });

  test.each([
    ["import { Buffer } from 'node:buffer';"],
    ["import { types } from 'node:util';"],
    ["import { z } from 'zod';"],
    ['new Date(0); Date.UTC(2026); x instanceof Date; Math.max(1, 2);'],
    ['Temporal.Instant.compare(a, b);'],
    ['export function kill(process: Process) { return process.pid; }'],
    ['for (const { process } of all) stop(process.pid);'],
    ['export const f = ({ performance = 1 }) => performance;'],
    ['session.process; const x = { process: 1, console() {} };'],
    ['type T = typeof setTimeout; interface P { process: string }'],
    ["export { pid as process } from './a.ts';"],
    ["import { console } from './a.ts'; console.log(1);"],
  ])('may say %s', (line) => {
    expect(rulesBroken('src/sessions/b.ts', line)).toEqual([]);
  });

  test('may do in its tests what it does not do itself', () => {
    expect(rulesBroken('src/wire/a.test.ts', "import 'node:fs'; Date.now();")).toEqual([]);
  });
});

describe('node:crypto', () => {
  test.each(['src/wire/ntlm/a.ts', 'src/hosts/xrdp/a.ts', 'src/main/a.ts'])('is closed to %s', (path) => {
    expect(rulesBroken(path, "import { createHash } from 'node:crypto';")).toEqual(['1 crypto-door']);
  });

  test.each([
    ["import crypto from 'node:crypto';"],
    ["import * as crypto from 'node:crypto';"],
    ["import 'node:crypto';"],
    ["const crypto = await import('crypto');"],
    ["import { randomBytes } from 'node:crypto';"],
    ["import { createHash, randomUUID as id } from 'node:crypto';"],
    ["import { generateKeyPairSync } from 'node:crypto';"],
    ["import { webcrypto } from 'node:crypto';"],
    ["export { default } from 'node:crypto';"],
  ])('is not imported as %s', (line) => {
    expect(rulesBroken('src/wire/crypto/a.ts', line)).toEqual(['1 crypto-door']);
  });
});
