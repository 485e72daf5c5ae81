import { childAt, childrenOf, literalText, nameOf, walk } from '../tree/syntax.ts';
import type { SyntaxNode } from '../tree/syntax.ts';

/** One import or re-export of a file. */
export interface Import {
  /** As it is written; null where it is computed. */
  readonly from: string | null;
  /** The imported names; `*` for all of them, `default` for the default one. */
  readonly names: readonly string[];
  /** Nothing of it is left when types are erased. */
  readonly typesOnly: boolean;
  readonly dynamic: boolean;
  /** Offset into the text. */
  readonly at: number;
}

/** Every way in which a file reaches another: import, export from, import() and import types. */
export function importsOf(program: SyntaxNode): readonly Import[] {
  const found: Import[] = [];
  walk(program, (node) => {
    const one = importAt(node);
    if (one !== null) found.push(one);
  });
  return found;
}

function importAt(node: SyntaxNode): Import | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
      return childAt(node, 'source') === null ? null : declared(node);
    case 'ExportAllDeclaration':
      return { ...declared(node), names: ['*'] };
    case 'ImportExpression':
      return { from: sourceOf(node), names: ['*'], typesOnly: false, dynamic: true, at: node.start };
    case 'TSImportType':
      return { from: sourceOf(node), names: ['*'], typesOnly: true, dynamic: false, at: node.start };
    default:
      return null;
  }
}

function sourceOf(node: SyntaxNode): string | null {
  return literalText(childAt(node, 'source'));
}

function declared(node: SyntaxNode): Import {
  const specifiers = childrenOf(node).filter(([field]) => field === 'specifiers');
  const kind = node['importKind'] ?? node['exportKind'];
  return {
    from: sourceOf(node),
    names: specifiers.map(([, specifier]) => specifierName(specifier)),
    typesOnly: kind === 'type' || (specifiers.length > 0 && specifiers.every(([, one]) => isTypeSpecifier(one))),
    dynamic: false,
    at: node.start,
  };
}

function isTypeSpecifier(specifier: SyntaxNode): boolean {
  return specifier['importKind'] === 'type' || specifier['exportKind'] === 'type';
}

function specifierName(specifier: SyntaxNode): string {
  switch (specifier.type) {
    case 'ImportDefaultSpecifier':
      return 'default';
    case 'ImportSpecifier':
      return nameOf(childAt(specifier, 'imported')) ?? '*';
    case 'ExportSpecifier':
      return nameOf(childAt(specifier, 'local')) ?? '*';
    default:
      return '*';
  }
}
