import { lineAt } from '../tree/files.ts';
import type { Finding, TreeFile } from '../tree/files.ts';
import { isScript, parse } from '../tree/syntax.ts';

const unfinished = /\b(TODO|FIXME|XXX)\b/;

/** Comments that put something off: what is left to do is an issue. */
export function checkComments(files: readonly TreeFile[]): readonly Finding[] {
  return files.flatMap((file) =>
    commentsOf(file).flatMap(({ line, text }) => {
      const word = unfinished.exec(text)?.[0];
      return word === undefined ? [] : [{ path: file.path, line, rule: 'unfinished', message: `says ${word}` }];
    }),
  );
}

interface CommentLine {
  readonly line: number;
  readonly text: string;
}

function commentsOf({ path, text }: TreeFile): readonly CommentLine[] {
  if (isScript(path)) {
    return parse(path, text).comments.map(({ value, start }) => ({ line: lineAt(text, start), text: value }));
  }
  if (!/\.(sh|pl|py|ya?ml)$|^\.ci\/run$/.test(path)) return [];
  return text.split('\n').flatMap((content, at) => {
    const comment = /(?:^|\s)#(.*)$/.exec(content)?.[1];
    return comment === undefined ? [] : [{ line: at + 1, text: comment }];
  });
}
