import { u16, type ValueOf } from '../../bytes/codec.ts';
import { layout } from '../../bytes/layout.ts';
import { syntaxId } from './syntax-id.ts';

/** p_cont_def_result_t ([C706] 12.6.3.1; negotiate_ack is of [MS-RPCE] 2.2.2.4). */
export const contextResult = { acceptance: 0, userRejection: 1, providerRejection: 2, negotiateAck: 3 } as const;

/** p_provider_reason_t. */
export const providerReason = {
  reason_not_specified: 0,
  abstract_syntax_not_supported: 1,
  proposed_transfer_syntaxes_not_supported: 2,
  local_limit_exceeded: 3,
} as const;

/** p_result_t. Of a negotiate_ack the reason is the BindTimeFeatureNegotiationResponseBitmask. */
export const presentationResult = layout({ result: u16, reason: u16, transferSyntax: syntaxId });

export type PresentationResult = ValueOf<typeof presentationResult>;

/** Why a context was rejected, by its name in the specification. */
export function rejectionText({ result, reason }: PresentationResult): string {
  if (result === contextResult.userRejection) return 'user_rejection';
  const name = Object.entries(providerReason).find(([, value]) => value === reason)?.[0];
  return name ?? `provider_rejection ${reason}`;
}
