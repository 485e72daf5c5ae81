import { lineAt } from '../tree/files.ts';
import type { Finding, TreeFile } from '../tree/files.ts';
import { childAt, isFunction, isScript, nameOf, parse, walk } from '../tree/syntax.ts';
import type { Place, SyntaxNode } from '../tree/syntax.ts';

/** Longest file and function, in lines. */
export const limits = { file: 400, function: 70 } as const;

/** What was longer than the limits when they were set → its lines then. `path` for a file, `path#name` for a function. */
export type Ratchet = Readonly<Record<string, number>>;

export const ratchetPath = 'tools/tidy-ratchet.json';

interface Size {
  readonly key: string;
  readonly path: string;
  readonly line: number;
  readonly what: keyof typeof limits;
  readonly lines: number;
}

const program = /^(src|tools|bin|test)\/.*(\.(ts|js|cjs|mjs|pl|sh|py)|\/usher)$/;

/** Where a file or function is too long, and where the ratchet holds more than there is. */
export function checkSizes(files: readonly TreeFile[], ratchet: Ratchet): readonly Finding[] {
  const sizes = tooLong(files);
  const findings = sizes.flatMap((size) => {
    const message = complaintAbout(size, ratchet[size.key]);
    return message === null ? [] : [{ path: size.path, line: size.line, rule: `${size.what}-length`, message }];
  });
  const known = new Set(sizes.map(({ key }) => key));
  const stale = Object.keys(ratchet).filter((key) => !known.has(key));
  return [
    ...findings,
    ...stale.map((key) => ({
      path: ratchetPath,
      line: 1,
      rule: 'ratchet',
      message: `${key} keeps the limit: drop it`,
    })),
  ];
}

function complaintAbout({ key, what, lines }: Size, allowed: number | undefined): string | null {
  if (allowed === undefined) return `${lines} lines, a ${what} has ${limits[what]} at most`;
  if (lines > allowed) return `grew to ${lines} lines, ${ratchetPath} allows ${allowed}`;
  return lines < allowed ? `shrank to ${lines} lines: lower ${key} in ${ratchetPath} from ${allowed}` : null;
}

function tooLong(files: readonly TreeFile[]): readonly Size[] {
  return files
    .filter(({ path }) => program.test(path))
    .flatMap((file) => [fileSize(file), ...functionSizes(file)])
    .filter(({ what, lines }) => lines > limits[what]);
}

function fileSize({ path, text }: TreeFile): Size {
  return { key: path, path, line: 1, what: 'file', lines: text.split('\n').length - 1 };
}

/** The suites of a test file are functions too, but not ones to read at once: they are left out. */
function functionSizes({ path, text }: TreeFile): readonly Size[] {
  if (!isScript(path) || path.endsWith('.test.ts')) return [];
  const sizes: Size[] = [];
  walk(parse(path, text).program, (node, place) => {
    if (!isFunction(node)) return;
    const line = lineAt(text, node.start);
    const lines = lineAt(text, node.end) - line + 1;
    sizes.push({ key: `${path}#${functionName(node, place)}`, path, line, what: 'function', lines });
  });
  return sizes;
}

function functionName(node: SyntaxNode, { parent }: Place): string {
  const holder = parent === null ? null : (childAt(parent, 'id') ?? childAt(parent, 'key'));
  return nameOf(childAt(node, 'id')) ?? nameOf(holder) ?? 'anonymous';
}
