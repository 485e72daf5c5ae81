import { UsherError } from './errors.ts';

declare const unit: unique symbol;
/** A number of seconds, whole or not. */
export type Seconds = number & { readonly [unit]: 'seconds' };
/** A number of milliseconds, whole or not. */
export type Milliseconds = number & { readonly [unit]: 'milliseconds' };

export const seconds = (value: number): Seconds => value as Seconds;
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
export const toMilliseconds = (value: Seconds): Milliseconds => milliseconds(value * 1000);

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const longestDays = 3650;

/** Reads `90s`, `5m`, `2h` or `1d`. Throws {@link UsherError} `usage`. */
export function parseDuration(text: string): Seconds {
  const [, digits, letter] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const value = Number(digits) * units[(letter ?? 's') as keyof typeof units];
  if (digits === undefined || value > longestDays * units.d) {
    throw new UsherError({
      code: 'usage',
      message: `'${text}' is not a duration`,
      hint: `write a whole number and a unit, such as 90s, 5m, 2h or 1d, at most ${longestDays}d`,
    });
  }
  return seconds(value);
}

/** The two largest units that matter: `2d 3h`, `1h 05m`, `4m 10s`, `12s`. */
export function formatDuration(value: Seconds): string {
  const total = Math.max(0, Math.floor(value));
  const two = (count: number): string => String(count).padStart(2, '0');
  if (total >= units.d) return `${Math.floor(total / units.d)}d ${Math.floor((total % units.d) / units.h)}h`;
  if (total >= units.h) return `${Math.floor(total / units.h)}h ${two(Math.floor((total % units.h) / units.m))}m`;
  if (total >= units.m) return `${Math.floor(total / units.m)}m ${two(total % units.m)}s`;
  return `${total}s`;
}
