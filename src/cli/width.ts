import { createRequire } from 'node:module';

/** One cell each: ASCII, the letters of European languages, and what Usher itself writes between them. */
const narrow = /^[ -~\u{a0}-\u{ac}\u{ae}-\u{24f}–…]*$/u;

let measured: ((text: string) => number) | null = null;

/** How many cells of a terminal the text takes. Nearly all of it is narrow, and what knows the rest takes long to load. */
export function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  measured ??= loaded();
  return measured(text);
}

function loaded(): (text: string) => number {
  const library = createRequire(import.meta.url)('string-width') as { readonly default: (text: string) => number };
  return library.default;
}

let segmenter: Intl.Segmenter | null = null;

/** The text in pieces that a reader takes for one character each. What splits it takes long to make. */
export function graphemesOf(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
