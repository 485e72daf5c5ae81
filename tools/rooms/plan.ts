/** A folder or file of another room that a room may know. */
export interface Opening {
  readonly path: string;
  /** Only `import type`. */
  readonly typesOnly?: true;
}

export interface Room {
  /** Room names, and openings into rooms that stay closed otherwise. A room's own files are always known to it. */
  readonly mayImport: readonly (string | Opening)[];
  /** No I/O, timers, clock, randomness or process: these reach it as parameters. */
  readonly pure?: true;
}

/** What declarations of calls are made of, and what their tests share: not the protocols that carry them. */
const bytes: readonly Opening[] = [{ path: 'wire/bytes' }, { path: 'wire/testing' }];

/** Calls, and how they become stubs. */
const calls: readonly string[] = ['wire/ndr', 'wire/ms-tsts', 'wire/ms-rrp'];

/**
 * Every room under `src/`, lowest first, and whom it may import. A folder that is named here beside the folder around
 * it is a room of its own: `hosts` is what lies in `src/hosts/` outside `windows` and `xrdp`.
 */
export const rooms: Readonly<Record<string, Room>> = {
  sessions: { mayImport: [], pure: true },
  wire: { mayImport: ['sessions', { path: 'wire/ndr/call.ts', typesOnly: true }], pure: true },
  'wire/ndr': { mayImport: ['sessions', ...bytes], pure: true },
  'wire/ms-tsts': { mayImport: ['wire/ndr', ...bytes], pure: true },
  'wire/ms-rrp': { mayImport: ['wire/ndr', ...bytes], pure: true },
  'wire/ms-dtyp': { mayImport: [...bytes], pure: true },
  hosts: { mayImport: ['sessions', 'wire'] },
  'hosts/windows': { mayImport: ['sessions', 'wire', ...calls, 'wire/ms-dtyp', 'hosts'] },
  'hosts/xrdp': { mayImport: ['sessions', 'wire', 'hosts'] },
  policy: { mayImport: ['sessions'], pure: true },
  'ending/ladder': { mayImport: ['sessions'], pure: true },
  ending: { mayImport: ['sessions', 'hosts', 'ending/ladder'] },
  fleet: { mayImport: ['sessions', 'hosts'] },
  store: { mayImport: ['sessions', 'hosts'] },
  cli: {
    mayImport: [
      'sessions',
      'fleet',
      'ending',
      'ending/ladder',
      'policy',
      'store',
      { path: 'hosts/driver.ts', typesOnly: true },
      { path: 'hosts/act.ts', typesOnly: true },
      { path: 'hosts/administration.ts', typesOnly: true },
      { path: 'hosts/message.ts', typesOnly: true },
      { path: 'hosts/finding.ts' },
      { path: 'hosts/credential.ts', typesOnly: true },
    ],
  },
  controller: { mayImport: ['sessions', 'fleet', 'ending', 'ending/ladder', 'policy', 'store'] },
  console: { mayImport: [{ path: 'controller/api/schemas' }] },
  simulator: { mayImport: ['sessions', 'wire', ...calls, 'wire/ms-dtyp'] },
  main: {
    mayImport: [
      'sessions',
      'wire',
      ...calls,
      'wire/ms-dtyp',
      'hosts',
      'hosts/windows',
      'hosts/xrdp',
      'policy',
      'ending',
      'fleet',
      'store',
      'cli',
      'controller',
      'simulator',
    ],
  },
};

/** The only folder that may import node:crypto. */
export const cryptoDoor = 'wire/crypto';

/** Names of node:crypto that make or hold randomness. */
export const randomCrypto = /^(random|generate|getRandom|webcrypto|subtle|default$)/;

/** What a pure room may import from outside: a module → the names, or all of it. */
export const purePackages: Readonly<Record<string, readonly string[] | 'all'>> = {
  'node:buffer': 'all',
  'node:util': ['types'],
  picomatch: 'all',
  yaml: 'all',
  zod: 'all',
};

/** Global names that a pure room does without, and what each would bring in. */
export const impureGlobals: Readonly<Record<string, string>> = {
  setTimeout: 'a timer',
  setInterval: 'a timer',
  setImmediate: 'a timer',
  performance: 'the clock',
  crypto: 'randomness',
  process: 'the process',
  console: 'I/O',
  fetch: 'I/O',
  WebSocket: 'I/O',
  EventSource: 'I/O',
  XMLHttpRequest: 'I/O',
  Worker: 'I/O',
  BroadcastChannel: 'I/O',
  navigator: 'the process',
  require: 'I/O',
  eval: 'anything',
  Function: 'anything',
  global: 'anything',
  globalThis: 'anything',
};

/** Global objects of which a pure room does without one member. The object itself must not be passed around. */
export const impureMembers: Readonly<Record<string, { readonly member: string; readonly brings: string }>> = {
  Date: { member: 'now', brings: 'the clock' },
  Temporal: { member: 'Now', brings: 'the clock' },
  Math: { member: 'random', brings: 'randomness' },
  AbortSignal: { member: 'timeout', brings: 'a timer' },
};
