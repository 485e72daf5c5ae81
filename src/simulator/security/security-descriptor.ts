import { readSid, sidBytes } from './sid.ts';

/** An entry of a discretionary list: ACCESS_ALLOWED_ACE or ACCESS_DENIED_ACE ([MS-DTYP] 2.4.4.2, 2.4.4.4). */
export interface AccessEntry {
  readonly kind: 'allow' | 'deny';
  readonly sid: string;
  readonly mask: number;
}

export interface SecurityDescriptor {
  readonly owner: string | null;
  readonly group: string | null;
  /** Null: there is no list, and everybody may do everything. */
  readonly entries: readonly AccessEntry[] | null;
}

const selfRelative = 0x8000;
const daclPresent = 0x0004;
const headLength = 20;
const aclHead = 8;
const aceHead = 8;
const aceTypes = { allow: 0, deny: 1 } as const;
/** INHERIT_ONLY_ACE: the entry is for what lies below. */
const inheritOnly = 0x08;

/** SECURITY_DESCRIPTOR in self-relative form ([MS-DTYP] 2.4.6). */
export function encodeSecurityDescriptor({ owner, group, entries }: SecurityDescriptor): Uint8Array {
  const acl = entries === null ? new Uint8Array() : encodeAcl(entries);
  const parts = [
    acl,
    owner === null ? new Uint8Array() : sidBytes(owner),
    group === null ? acl.subarray(0, 0) : sidBytes(group),
  ];
  const [aclLength = 0, ownerLength = 0] = parts.map(({ length }) => length);
  const head = new Uint8Array(headLength);
  const view = new DataView(head.buffer);
  head[0] = 1;
  view.setUint16(2, selfRelative | (entries === null ? 0 : daclPresent), true);
  view.setUint32(4, owner === null ? 0 : headLength + aclLength, true);
  view.setUint32(8, group === null ? 0 : headLength + aclLength + ownerLength, true);
  view.setUint32(16, entries === null ? 0 : headLength, true);
  return new Uint8Array(Buffer.concat([head, ...parts]));
}

/** Null where the bytes are no security descriptor, or one with entries of other kinds. */
export function decodeSecurityDescriptor(bytes: Uint8Array): SecurityDescriptor | null {
  if (bytes.length < headLength || bytes[0] !== 1) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const control = view.getUint16(2, true);
  const sidAt = (at: number): string | null => (at === 0 ? null : (readSid(bytes.subarray(at))?.text ?? null));
  const [owner, group] = [sidAt(view.getUint32(4, true)), sidAt(view.getUint32(8, true))];
  const dacl = view.getUint32(16, true);
  if ((control & daclPresent) === 0 || dacl === 0) return { owner, group, entries: null };
  const entries = decodeAcl(bytes.subarray(dacl));
  return entries === null ? null : { owner, group, entries };
}

function encodeAcl(entries: readonly AccessEntry[]): Uint8Array {
  const aces = entries.map(({ kind, sid, mask }) => {
    const sidPart = sidBytes(sid);
    const ace = new Uint8Array(aceHead + sidPart.length);
    const view = new DataView(ace.buffer);
    ace[0] = aceTypes[kind];
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

function decodeAcl(acl: Uint8Array): readonly AccessEntry[] | null {
  if (acl.length < aclHead) return null;
  const view = new DataView(acl.buffer, acl.byteOffset, acl.byteLength);
  const entries: AccessEntry[] = [];
  let at = aclHead;
  for (let left = view.getUint16(4, true); left > 0; left--) {
    if (at + aceHead > acl.length) return null;
    const [type, flags] = [view.getUint8(at), view.getUint8(at + 1)];
    const [size, mask] = [view.getUint16(at + 2, true), view.getUint32(at + 4, true)];
    const sid = readSid(acl.subarray(at + aceHead, at + size));
    const kind = type === aceTypes.allow ? 'allow' : type === aceTypes.deny ? 'deny' : null;
    if (size < aceHead || sid === null || kind === null) return null;
    if ((flags & inheritOnly) === 0) entries.push({ kind, sid: sid.text, mask });
    at += size;
  }
  return entries;
}

/** Every right that a token with these SIDs has: entries are taken in their order, what was decided stays ([MS-DTYP] 2.5.3.2). */
export function grantedAccess({ entries }: SecurityDescriptor, sids: ReadonlySet<string>): number {
  if (entries === null) return 0xffffffff;
  let [granted, denied] = [0, 0];
  for (const { kind, sid, mask } of entries) {
    if (!sids.has(sid)) continue;
    if (kind === 'allow') granted |= mask & ~denied;
    else denied |= mask & ~granted;
  }
  return granted >>> 0;
}
