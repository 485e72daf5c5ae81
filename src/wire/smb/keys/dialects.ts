import { dialectRevision } from '../messages/negotiate.ts';

export type Dialect = keyof typeof dialectRevision;

/** Oldest first, which is the order in which Windows offers them. */
export const allDialects: readonly Dialect[] = ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'];

export function dialectOf(revision: number): Dialect | null {
  return allDialects.find((dialect) => dialectRevision[dialect] === revision) ?? null;
}

/** The SMB 3.x dialect family. */
export const isSmb3 = (dialect: Dialect): boolean => dialect.startsWith('3.');
