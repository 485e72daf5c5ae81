import { Reader } from '../bytes/reader.ts';
import { readAcl, type Ace } from './acl.ts';
import { readSid } from './sid.ts';

/** A SECURITY_DESCRIPTOR (MS-DTYP 2.4.6), without its SACL: who is audited is nobody's right. */
export interface SecurityDescriptor {
  readonly owner: string | null;
  readonly group: string | null;
  /** Null where there is none: then everybody may do everything. */
  readonly dacl: readonly Ace[] | null;
}

/** Bits of Control. */
const control = { daclPresent: 0x0004, selfRelative: 0x8000 } as const;

const revisionOne = 1;

/** Decodes the self-relative form. Throws `UsherError` `bad_answer`. */
export function decodeSecurityDescriptor(bytes: Uint8Array): SecurityDescriptor {
  const from = new Reader('SECURITY_DESCRIPTOR', bytes);
  const revision = from.within('Revision', () => from.u8());
  if (revision !== revisionOne) throw from.wrong(`has revision ${revision}, where ${revisionOne} is the only one`);
  from.skip(1);
  const bits = from.within('Control', () => from.u16());
  if ((bits & control.selfRelative) === 0) throw from.wrong('is not self-relative');
  const [owner, group, , dacl] = ['OffsetOwner', 'OffsetGroup', 'OffsetSacl', 'OffsetDacl'].map((field) =>
    from.within(field, () => from.u32()),
  );
  const at = <T>(field: string, offset: number | undefined, read: () => T): T | null => {
    if (offset === undefined || offset === 0) return null;
    return from.within(field, () => {
      from.seek(offset);
      return read();
    });
  };
  return {
    owner: at('OwnerSid', owner, () => readSid(from)),
    group: at('GroupSid', group, () => readSid(from)),
    dacl: (bits & control.daclPresent) === 0 ? null : at('Dacl', dacl, () => readAcl(from)),
  };
}
