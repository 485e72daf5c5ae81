import { childAt, childrenOf, isFunction, nameOf, walk } from '../tree/syntax.ts';
import type { Place, SyntaxNode } from '../tree/syntax.ts';

/** A place where a program reads a name that it does not declare itself. */
export interface GlobalUse {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly place: Place;
}

/**
 * The uses of global names outside types. A name that a function declares anywhere inside counts as its own in all of
 * that function: blocks are not told apart.
 */
export function globalUses(program: SyntaxNode): readonly GlobalUse[] {
  const found: GlobalUse[] = [];
  look(program, { parent: null, field: null }, [], found);
  return found;
}

function look(node: SyntaxNode, place: Place, scopes: readonly ReadonlySet<string>[], found: GlobalUse[]): void {
  if (isType(node)) return;
  const name = node.type === 'Identifier' && !isLabel(node, place) ? nameOf(node) : null;
  if (name !== null && !scopes.some((scope) => scope.has(name))) found.push({ name, node, place });
  const inside = node.type === 'Program' || isFunction(node) ? [...scopes, declaredIn(node)] : scopes;
  for (const [field, child] of childrenOf(node)) look(child, { parent: node, field }, inside, found);
}

const expressionsOfTypeScript: readonly string[] = [
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
];

function isType(node: SyntaxNode): boolean {
  return node.type.startsWith('TS') && !expressionsOfTypeScript.includes(node.type);
}

const namedByKey: readonly string[] = ['Property', 'MethodDefinition', 'PropertyDefinition', 'AccessorProperty'];

/** Whether the identifier stands for a member, key, label or foreign name rather than for a variable. */
function isLabel(node: SyntaxNode, { parent, field }: Place): boolean {
  if (parent === null) return false;
  if (parent.type === 'MemberExpression') return field === 'property' && parent['computed'] !== true;
  if (namedByKey.includes(parent.type)) {
    return field === 'key' && parent['computed'] !== true && childAt(parent, 'value') !== node;
  }
  if (parent.type === 'ImportSpecifier') return field === 'imported';
  if (parent.type === 'ExportSpecifier') return field === 'exported';
  return field === 'label' || parent.type === 'MetaProperty' || parent.type === 'ImportAttribute';
}

function declaredIn(scope: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  walk(scope, (node, { parent, field }) => {
    if (isType(node)) return false;
    if (node !== scope && isFunction(node)) {
      if (node.type === 'FunctionDeclaration') bind(childAt(node, 'id'), names);
      return false;
    }
    if (field === 'params' && parent === scope) bind(node, names);
    if (node.type === 'VariableDeclarator' || node.type === 'ClassDeclaration') bind(childAt(node, 'id'), names);
    if (node.type === 'CatchClause') bind(childAt(node, 'param'), names);
    if (node.type.startsWith('Import')) bind(childAt(node, 'local'), names);
    return true;
  });
  if (scope.type === 'FunctionExpression') bind(childAt(scope, 'id'), names);
  return names;
}

/** Adds the names that a pattern binds. */
function bind(pattern: SyntaxNode | null, names: Set<string>): void {
  if (pattern === null) return;
  switch (pattern.type) {
    case 'Identifier': {
      const name = nameOf(pattern);
      if (name !== null) names.add(name);
      return;
    }
    case 'AssignmentPattern':
      bind(childAt(pattern, 'left'), names);
      return;
    case 'RestElement':
      bind(childAt(pattern, 'argument'), names);
      return;
    case 'Property':
      bind(childAt(pattern, 'value'), names);
      return;
    case 'ObjectPattern':
    case 'ArrayPattern':
      for (const [field, child] of childrenOf(pattern)) if (field !== 'typeAnnotation') bind(child, names);
      return;
    default:
  }
}
