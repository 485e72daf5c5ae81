import type { SecurityDescriptor } from './security-descriptor.ts';

/** Whether a token has a SID, as far as that is known. */
export type Membership = 'yes' | 'no' | 'unknown';

/** What an access check would come to. */
export interface Verdict {
  readonly access: 'granted' | 'denied' | 'unknown';
  /** The SIDs that decided it, or would if they were known to be in the token, in their order. */
  readonly by: readonly string[];
}

/**
 * The access check (MS-DTYP 2.5.3.2) for one access right, over a token of which not every SID is known: the first ACE that is
 * about the right and a SID of the token decides. What nobody grants is denied.
 */
export function checkAccess(
  { dacl }: Pick<SecurityDescriptor, 'dacl'>,
  right: number,
  memberOf: (sid: string) => Membership,
): Verdict {
  if (dacl === null) return { access: 'granted', by: [] };
  const open: { readonly effect: 'allow' | 'deny'; readonly sid: string }[] = [];
  for (const { effect, conditional, inheritOnly, mask, sid } of dacl) {
    if (effect === null || sid === null || inheritOnly || (mask & right) === 0) continue;
    const member = memberOf(sid);
    if (member === 'no') continue;
    if (member === 'unknown' || conditional) {
      open.push({ effect, sid });
      continue;
    }
    return decided(effect === 'allow' ? 'granted' : 'denied', sid, open);
  }
  return decided('denied', null, open);
}

type Open = readonly { readonly effect: 'allow' | 'deny'; readonly sid: string }[];

/** What stands for certain, unless one of those before it says otherwise. */
function decided(access: 'granted' | 'denied', sid: string | null, open: Open): Verdict {
  const opposed = open.filter(({ effect }) => (effect === 'allow') !== (access === 'granted'));
  if (opposed.length > 0) return { access: 'unknown', by: [...new Set(opposed.map((one) => one.sid))] };
  return { access, by: sid === null ? [] : [sid] };
}

/** The SIDs that have the right by an ACE of their own, and those to whom it is denied, in their order. */
export function holdersOf(
  { dacl }: Pick<SecurityDescriptor, 'dacl'>,
  right: number,
): { readonly allowed: readonly string[]; readonly denied: readonly string[] } {
  const about = (effect: 'allow' | 'deny'): readonly string[] => [
    ...new Set(
      (dacl ?? []).flatMap((ace) =>
        ace.effect === effect && !ace.inheritOnly && (ace.mask & right) !== 0 && ace.sid !== null ? [ace.sid] : [],
      ),
    ),
  ];
  return { allowed: about('allow'), denied: about('deny') };
}
