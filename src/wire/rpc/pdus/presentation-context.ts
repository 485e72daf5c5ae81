import { u16, u8, type ValueOf } from '../../bytes/codec.ts';
import { counted } from '../../bytes/counted.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { syntaxId } from './syntax-id.ts';

/** p_cont_elem_t ([C706] 12.6.3.1): an interface, and the transfer syntaxes that it may be spoken in. */
export const presentationContext = layout({
  contextId: u16,
  transferSyntaxes: counted(u8, syntaxId),
  reserved: unused(1),
  abstractSyntax: syntaxId,
});

export type PresentationContext = ValueOf<typeof presentationContext>;
