import { sidBytes } from './sid.ts';

/** What is written of an entry: ACCESS_ALLOWED_ACE or ACCESS_DENIED_ACE ([MS-DTYP] 2.4.4.2, 2.4.4.4). */
export interface AccessEntry {
  readonly effect: 'allow' | 'deny';
  readonly sid: string;
  readonly mask: number;
}

/** A SECURITY_DESCRIPTOR to be written. */
export interface WrittenDescriptor {
  readonly owner: string | null;
  readonly group: string | null;
  /** Null: there is no list, and everybody may do everything. */
  readonly dacl: readonly AccessEntry[] | null;
}

const selfRelative = 0x8000;
const daclPresent = 0x0004;
const headLength = 20;
const aclHead = 8;
const aceHead = 8;
const aceTypes = { allow: 0, deny: 1 } as const;

/** SECURITY_DESCRIPTOR in self-relative form ([MS-DTYP] 2.4.6). */
export function encodeSecurityDescriptor({ owner, group, dacl }: WrittenDescriptor): Uint8Array {
  const acl = dacl === null ? new Uint8Array() : encodeAcl(dacl);
  const parts = [
    acl,
    owner === null ? new Uint8Array() : sidBytes(owner),
    group === null ? acl.subarray(0, 0) : sidBytes(group),
  ];
  const [aclLength = 0, ownerLength = 0] = parts.map(({ length }) => length);
  const head = new Uint8Array(headLength);
  const view = new DataView(head.buffer);
  head[0] = 1;
  view.setUint16(2, selfRelative | (dacl === null ? 0 : daclPresent), true);
  view.setUint32(4, owner === null ? 0 : headLength + aclLength, true);
  view.setUint32(8, group === null ? 0 : headLength + aclLength + ownerLength, true);
  view.setUint32(16, dacl === null ? 0 : headLength, true);
  return new Uint8Array(Buffer.concat([head, ...parts]));
}

function encodeAcl(entries: readonly AccessEntry[]): Uint8Array {
  const aces = entries.map(({ effect, sid, mask }) => {
    const sidPart = sidBytes(sid);
    const ace = new Uint8Array(aceHead + sidPart.length);
    const view = new DataView(ace.buffer);
    ace[0] = aceTypes[effect];
    view.setUint16(2, ace.length, true);
    view.setUint32(4, mask, true);
    ace.set(sidPart, aceHead);
    return ace;
  });
  const head = new Uint8Array(aclHead);
  const view = new DataView(head.buffer);
  head[0] = 2;
  view.setUint16(
    2,
    aces.reduce((sum, { length }) => sum + length, aclHead),
    true,
  );
  view.setUint16(4, aces.length, true);
  return new Uint8Array(Buffer.concat([head, ...aces]));
}
