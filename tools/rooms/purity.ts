import { childAt, childrenOf, nameOf } from '../tree/syntax.ts';
import type { SyntaxNode } from '../tree/syntax.ts';
import { globalUses } from './globals.ts';
import type { GlobalUse } from './globals.ts';
import type { Import } from './imports.ts';
import { impureGlobals, impureMembers, purePackages } from './plan.ts';

export interface Impurity {
  /** Offset into the text. */
  readonly at: number;
  readonly message: string;
}

/** Why a pure room may not import this, or null where it may. */
export function impureImport(one: Import, from: string): string | null {
  const allowed = Object.hasOwn(purePackages, from) ? purePackages[from] : undefined;
  if (allowed === undefined || one.dynamic) return `it may not import ${from}`;
  if (allowed === 'all') return null;
  const name = one.names.find((wanted) => !allowed.includes(wanted));
  return name === undefined ? null : `of ${from} it may import ${allowed.join(', ')} only`;
}

/** Where a program reaches for the clock, a timer, randomness, I/O or the process by itself. */
export function impurities(program: SyntaxNode): readonly Impurity[] {
  return globalUses(program).flatMap((use) => {
    const message = complaintAbout(use);
    return message === null ? [] : [{ at: use.node.start, message }];
  });
}

function complaintAbout(use: GlobalUse): string | null {
  const { name } = use;
  if (Object.hasOwn(impureGlobals, name)) return `${name} brings in ${impureGlobals[name]}`;
  const banned = Object.hasOwn(impureMembers, name) ? impureMembers[name] : undefined;
  if (banned === undefined) return null;
  const how = usage(use);
  if (how === 'now') return `new ${name}() without arguments brings in ${banned.brings}`;
  if (how === 'alias') return `${name} itself is passed on, and with it ${banned.brings}`;
  return how.member === banned.member ? `${name}.${banned.member} brings in ${banned.brings}` : null;
}

/** How a restricted global is used: a member of it, a value of now, or in a way that hides what is done with it. */
function usage({ name, node, place: { parent, field } }: GlobalUse): 'now' | 'alias' | { readonly member: string } {
  if (parent === null) return 'alias';
  if (parent.type === 'MemberExpression' && field === 'object') {
    const member = nameOf(childAt(parent, 'property'));
    return member === null || (parent['computed'] === true && childAt(parent, 'property')?.type !== 'Literal')
      ? 'alias'
      : { member };
  }
  if (parent.type === 'BinaryExpression' && parent['operator'] === 'instanceof') return { member: 'instanceof' };
  if (parent.type === 'NewExpression' && field === 'callee') {
    const given = childrenOf(parent).filter(([at]) => at === 'arguments');
    return name === 'Date' && given.length === 0 ? 'now' : { member: 'constructor' };
  }
  if (parent.type === 'CallExpression' && childAt(parent, 'callee') === node) return 'now';
  return 'alias';
}
