import { limits } from '../association/limits.ts';
import { broken } from '../failures.ts';
import { bindTimeFeature, offeredFeatures } from '../pdus/bind-time-features.ts';
import type { PresentationContext } from '../pdus/presentation-context.ts';
import { contextResult, type PresentationResult, providerReason } from '../pdus/presentation-result.ts';
import { ndr, noSyntax, type SyntaxId, sameSyntax } from '../pdus/syntax-id.ts';

/** Which interface each presentation context of a connection is of. */
export class Presentation {
  readonly #interfaces: readonly SyntaxId[];
  readonly #features: number;
  readonly #bound = new Map<number, SyntaxId>();

  constructor(interfaces: readonly SyntaxId[], keepsConnectionOnOrphan: boolean) {
    this.#interfaces = interfaces;
    this.#features = keepsConnectionOnOrphan ? bindTimeFeature.keepConnectionOnOrphan : 0;
  }

  interfaceOf(contextId: number): SyntaxId | null {
    return this.#bound.get(contextId) ?? null;
  }

  /** Throws `UsherError` where there are too many. */
  propose(contexts: readonly PresentationContext[]): readonly PresentationResult[] {
    return contexts.map((context) => this.#answer(context));
  }

  #answer({ contextId, abstractSyntax, transferSyntaxes }: PresentationContext): PresentationResult {
    const [only] = transferSyntaxes;
    const offered = only === undefined || transferSyntaxes.length > 1 ? null : offeredFeatures(only);
    if (offered !== null) {
      return { result: contextResult.negotiateAck, reason: offered & this.#features, transferSyntax: noSyntax };
    }
    const known = this.#interfaces.find((one) => sameSyntax(one, abstractSyntax));
    if (known === undefined) return rejected('abstract_syntax_not_supported');
    if (!transferSyntaxes.some((one) => sameSyntax(one, ndr))) {
      return rejected('proposed_transfer_syntaxes_not_supported');
    }
    const before = this.#bound.get(contextId) ?? known;
    if (!sameSyntax(before, known)) throw broken(`presentation context ${contextId} became one of another interface`);
    if (this.#bound.size >= limits.contexts)
      throw broken(`there are more than ${limits.contexts} presentation contexts`);
    this.#bound.set(contextId, known);
    return { result: contextResult.acceptance, reason: 0, transferSyntax: ndr };
  }
}

function rejected(reason: keyof typeof providerReason): PresentationResult {
  return { result: contextResult.providerRejection, reason: providerReason[reason], transferSyntax: noSyntax };
}
