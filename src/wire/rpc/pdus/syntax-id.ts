import { u16, type ValueOf } from '../../bytes/codec.ts';
import { layout } from '../../bytes/layout.ts';
import { nilUuid, uuid } from './uuid.ts';

/** p_syntax_id_t ([C706] 12.6.3.1), RPC_SYNTAX_IDENTIFIER: an interface or a transfer syntax, with its version. */
export const syntaxId = layout({ uuid, major: u16, minor: u16 });

export type SyntaxId = ValueOf<typeof syntaxId>;

export const syntaxIdSize = 20;

/** NDR 2.0 ([MS-RPCE] 2.2.4.12). */
export const ndr: SyntaxId = { uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860', major: 2, minor: 0 };

/** What an answer names that names none. */
export const noSyntax: SyntaxId = { uuid: nilUuid, major: 0, minor: 0 };

export function sameSyntax(one: SyntaxId, other: SyntaxId): boolean {
  return one.uuid.toLowerCase() === other.uuid.toLowerCase() && one.major === other.major && one.minor === other.minor;
}

/** `484809d6-4239-471b-b5bc-61df8c23ac48 v1.0`. */
export function syntaxText({ uuid: id, major, minor }: SyntaxId): string {
  return `${id.toLowerCase()} v${major}.${minor}`;
}
