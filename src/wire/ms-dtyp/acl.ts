import type { Reader } from '../bytes/reader.ts';
import { readSid } from './sid.ts';

/** What an ACE does: `conditional` ones do it only where an expression or an object's type says so. */
export interface Ace {
  /** Null for one that neither allows nor denies, or of a type that is reserved. */
  readonly effect: 'allow' | 'deny' | null;
  readonly conditional: boolean;
  /** It is there to be inherited, and does nothing here. */
  readonly inheritOnly: boolean;
  /** ACCESS_MASK. */
  readonly mask: number;
  /** Null where the effect is. */
  readonly sid: string | null;
}

/** The most ACEs that 64 KiB hold (MS-DTYP 2.4.5: AclSize has 16 bits, and the shortest ACE with a SID 16 bytes). */
const mostAces = 4096;

const aclHeaderSize = 8;
const aceHeaderSize = 4;

/** AceFlags (2.4.4.1). */
const inheritOnlyAce = 0x08;

type Layout = Pick<Ace, 'effect' | 'conditional'> & { readonly hasObject: boolean };

/** AceType (2.4.4.1) of what stands in a DACL. */
const layouts: ReadonlyMap<number, Layout> = new Map([
  [0x00, { effect: 'allow', conditional: false, hasObject: false }],
  [0x01, { effect: 'deny', conditional: false, hasObject: false }],
  [0x05, { effect: 'allow', conditional: true, hasObject: true }],
  [0x06, { effect: 'deny', conditional: true, hasObject: true }],
  [0x09, { effect: 'allow', conditional: true, hasObject: false }],
  [0x0a, { effect: 'deny', conditional: true, hasObject: false }],
  [0x0b, { effect: 'allow', conditional: true, hasObject: true }],
  [0x0c, { effect: 'deny', conditional: true, hasObject: true }],
]);

/** Which GUIDs an object's ACE has (2.4.4.3). */
const objectFlags = { objectType: 1, inheritedObjectType: 2 } as const;

/** An ACL (2.4.5) from where the reader stands, its ACEs in their order. */
export function readAcl(from: Reader): readonly Ace[] {
  const start = from.at;
  const revision = from.u8();
  if (revision !== 2 && revision !== 4) throw from.wrong(`is an ACL of revision ${revision}`);
  from.skip(1);
  const size = from.u16();
  const count = from.u16();
  from.skip(2);
  if (count > mostAces) throw from.wrong(`has ${count} ACEs, where ${mostAces} may be`);
  if (size < aclHeaderSize) throw from.wrong(`is an ACL of ${size} bytes`);
  const end = start + size;
  return Array.from({ length: count }, (_, index) => from.within(`Ace[${index}]`, () => readAce(from, end)));
}

/** One ACE. What stands behind its SID is not interpreted (2.4.4.1). */
function readAce(from: Reader, aclEnd: number): Ace {
  const start = from.at;
  const type = from.u8();
  const flags = from.u8();
  const size = from.u16();
  const end = start + size;
  if (size < aceHeaderSize || end > aclEnd) throw from.wrong(`has ${size} bytes, beyond the end of its ACL`);
  const layout = layouts.get(type);
  const ace = { inheritOnly: (flags & inheritOnlyAce) !== 0 };
  if (layout === undefined) {
    from.seek(end);
    return { ...ace, effect: null, conditional: false, mask: 0, sid: null };
  }
  const mask = from.u32();
  if (layout.hasObject) skipGuids(from);
  const sid = readSid(from);
  if (from.at > end) throw from.wrong(`has a SID beyond its ${size} bytes`);
  from.seek(end);
  return { ...ace, effect: layout.effect, conditional: layout.conditional, mask, sid };
}

function skipGuids(from: Reader): void {
  const flags = from.u32();
  if ((flags & objectFlags.objectType) !== 0) from.skip(16);
  if ((flags & objectFlags.inheritedObjectType) !== 0) from.skip(16);
}
