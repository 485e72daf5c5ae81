import { parseSync } from 'vite';

/** A node of the ESTree, with TypeScript's own. */
export interface SyntaxNode {
  readonly type: string;
  /** Offsets into the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Comment {
  readonly value: string;
  readonly start: number;
}

export interface Syntax {
  readonly program: SyntaxNode;
  readonly comments: readonly Comment[];
}

/** What holds at a node: where it hangs, and on which field of that. */
export interface Place {
  readonly parent: SyntaxNode | null;
  readonly field: string | null;
}

/** Whether the file is one that {@link parse} reads. */
export function isScript(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

/** Throws where the text is not JavaScript or TypeScript. */
export function parse(path: string, text: string): Syntax {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  return { program: program as unknown as SyntaxNode, comments };
}

/** The nodes right below, each with the field that it hangs on. */
export function childrenOf(node: SyntaxNode): readonly (readonly [field: string, child: SyntaxNode])[] {
  return Object.entries(node).flatMap(([field, value]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.filter(isNode).map((child) => [field, child] as const);
  });
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The node that hangs on the field, or null. */
export function childAt(node: SyntaxNode, field: string): SyntaxNode | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** Visits the node and all below it, outermost first. A visitor that returns false skips what is below. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, place: Place) => boolean | void,
  place: Place = { parent: null, field: null },
): void {
  if (visit(node, place) === false) return;
  for (const [field, child] of childrenOf(node)) walk(child, visit, { parent: node, field });
}

const functions: readonly string[] = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

export function isFunction(node: SyntaxNode): boolean {
  return functions.includes(node.type);
}

/** The text of a string literal or of a template without expressions, or null. */
export function literalText(node: SyntaxNode | null): string | null {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  return null;
}

/** The name of an identifier, or the text of a string that stands for one. */
export function nameOf(node: SyntaxNode | null): string | null {
  if (node === null) return null;
  const name = node['name'];
  return typeof name === 'string' ? name : literalText(node);
}
