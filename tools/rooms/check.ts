import { posix } from 'node:path';
import { lineAt } from '../tree/files.ts';
import type { Finding, TreeFile } from '../tree/files.ts';
import { isScript, parse } from '../tree/syntax.ts';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import { cryptoDoor, randomCrypto, rooms } from './plan.ts';
import type { Opening } from './plan.ts';
import { impureImport, impurities } from './purity.ts';

const root = 'src/';

/** The room of a path below `src/`, or null where no room holds it. */
function roomOf(path: string): string | null {
  const folders = posix.dirname(path).split('/');
  for (let depth = folders.length; depth > 0; depth -= 1) {
    const name = folders.slice(0, depth).join('/');
    if (Object.hasOwn(rooms, name)) return name;
  }
  return null;
}

/** A test, or what only tests use. */
function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/testing/');
}

/** Where the tree's files under `src/` break the room rules. */
export function checkRooms(files: readonly TreeFile[]): readonly Finding[] {
  return files.filter(({ path }) => path.startsWith(root)).flatMap(checkFile);
}

function checkFile(file: TreeFile): readonly Finding[] {
  const inner = file.path.slice(root.length);
  const room = roomOf(inner);
  if (room === null) {
    return [{ path: file.path, line: 1, rule: 'unknown-room', message: 'no room of tools/rooms/plan.ts holds it' }];
  }
  if (!isScript(file.path)) return [];
  const { program } = parse(file.path, file.text);
  const findings: Finding[] = [];
  const find = (at: number, rule: string, message: string): void => {
    findings.push({ path: file.path, line: lineAt(file.text, at), rule, message });
  };
  const pure = rooms[room]?.pure === true && !isTest(inner);
  for (const one of importsOf(program)) {
    const complaint = complaintAbout(one, inner, room, pure);
    if (complaint !== null) find(one.at, ...complaint);
  }
  if (pure) for (const { at, message } of impurities(program)) find(at, 'pure-room', `${room} is pure: ${message}`);
  return findings;
}

type Complaint = readonly [rule: string, message: string];

function complaintAbout(one: Import, inner: string, room: string, pure: boolean): Complaint | null {
  const { from } = one;
  if (from === null) return ['computed-import', 'what it imports cannot be read from the text'];
  if (from.startsWith('.')) return complaintAboutPath(one, posix.join(posix.dirname(inner), from), inner, room);
  if (/^(node:)?crypto$/.test(from)) return complaintAboutCrypto(one, inner);
  const impure = pure ? impureImport(one, from) : null;
  return impure === null ? null : ['pure-room', `${room} is pure: ${impure}`];
}

function complaintAboutPath(one: Import, target: string, inner: string, room: string): Complaint | null {
  if (target.startsWith('../')) {
    const allowed = isTest(inner) && target.startsWith('../test/');
    return allowed ? null : ['outside', `${target.slice(3)} lies outside src`];
  }
  if (isTest(target) && !isTest(inner)) return ['test-import', `${target} is there for tests`];
  const to = roomOf(target);
  if (to === room) return null;
  const opening = openingFor(target, to, room);
  if (opening === null) return ['room-import', `${room} may not import ${to ?? target}`];
  if (opening.typesOnly === true && !one.typesOnly) {
    return ['room-import', `${room} may only import types from ${opening.path}`];
  }
  return null;
}

function openingFor(target: string, to: string | null, room: string): Opening | null {
  for (const entry of rooms[room]?.mayImport ?? []) {
    const opening = typeof entry === 'string' ? { path: entry } : entry;
    const inside = target === opening.path || target.startsWith(`${opening.path}/`);
    if (typeof entry === 'string' ? entry === to : inside) return opening;
  }
  return null;
}

function complaintAboutCrypto(one: Import, inner: string): Complaint | null {
  if (!inner.startsWith(`${cryptoDoor}/`)) return ['crypto-door', `node:crypto is imported only in src/${cryptoDoor}/`];
  if (one.dynamic || one.names.length === 0 || one.names.includes('*') || one.names.includes('default')) {
    return ['crypto-door', 'node:crypto is imported by names'];
  }
  const random = one.names.find((name) => randomCrypto.test(name));
  return random === undefined ? null : ['crypto-door', `${random} is random: randomness reaches wire as a parameter`];
}
