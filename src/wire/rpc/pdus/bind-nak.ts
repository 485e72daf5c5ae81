import { type Codec, u16, u8, type ValueOf } from '../../bytes/codec.ts';
import { counted } from '../../bytes/counted.ts';
import { layout } from '../../bytes/layout.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** provider_reject_reason ([C706] 12.6.3.1, [MS-RPCE] 2.2.2.5). */
export const rejectReason = {
  reason_not_specified: 0,
  temporary_congestion: 1,
  local_limit_exceeded: 2,
  called_paddr_unknown: 3,
  protocol_version_not_supported: 4,
  default_context_not_supported: 5,
  user_data_not_readable: 6,
  no_psap_available: 7,
  authentication_type_not_recognized: 8,
  invalid_checksum: 9,
} as const;

export type RejectReasonName = keyof typeof rejectReason;

const versions = layout({ versions: counted(u8, layout({ major: u8, minor: u8 })) });

/** p_rt_versions_supported_t, which some servers leave out. */
const versionsSupported: Codec<ValueOf<typeof versions>['versions']> = {
  read: (from) => (from.left === 0 ? [] : versions.read(from).versions),
  write: (to, value) => versions.write(to, { versions: value }),
};

const body = layout({ providerRejectReason: u16, versions: versionsSupported });

export type BindNak = ValueOf<typeof body>;

/** [C706] 12.6.4.5. The extended error information that may follow is left alone. */
export const bindNak: PduKind<BindNak> = { ptype: packetType.bindNak, body };

/** The name of a reason; null where the table does not have it. */
export function rejectReasonName(reason: number): RejectReasonName | null {
  const names = Object.keys(rejectReason) as RejectReasonName[];
  return names.find((name) => rejectReason[name] === reason) ?? null;
}
