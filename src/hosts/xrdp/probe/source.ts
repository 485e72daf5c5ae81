import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The probe's parts, in the order in which Perl reads them. */
const parts = [
  'prelude',
  'frame',
  'processes',
  'sockets',
  'x-servers',
  'client-log',
  'sessions',
  'answers',
  'acts',
  'messages',
  'examine',
  'main',
] as const;

let kept: Buffer | null = null;

/** The whole probe, a Perl program for perl-base, without its comments and indentation. */
export function probeSource(): Buffer {
  kept ??= Buffer.from(
    parts
      .map((part) => readFileSync(join(import.meta.dirname, `${part}.pl`), 'utf8').replace(/^ *(?:#.*)?\n?|^ +/gm, ''))
      .join(''),
  );
  return kept;
}
