import { graphemesOf, widthOf } from '../width.ts';
import type { Seconds } from '../../sessions/duration.ts';
import type { SessionState } from '../../sessions/state.ts';
import { printable } from '../printable.ts';

/*
 * What Microsoft's listings look like, as published outputs of Windows Server 2012 to 2019 show them: columns of fixed
 * width, in the English words that scripts look for.
 */

/** The states as qwinsta and quser abbreviate them. */
const stateNames: Readonly<Record<SessionState, string>> = {
  active: 'Active',
  connected: 'Conn',
  'connect-query': 'ConnQ',
  shadow: 'Shadow',
  disconnected: 'Disc',
  idle: 'Idle',
  listen: 'Listen',
  reset: 'Reset',
  down: 'Down',
  init: 'Init',
};

export const stateName = (state: SessionState | null): string => (state === null ? '' : stateNames[state]);

/** A column of a fixed width in terminal cells: what is longer is cut and ends with three dots, as Microsoft cuts it. */
export function left(text: string, width: number): string {
  const safe = printable(text);
  if (widthOf(safe) <= width) return filled(safe, width);
  let cut = '';
  for (const grapheme of graphemesOf(safe)) {
    if (widthOf(cut + grapheme) > width - dots.length) break;
    cut += grapheme;
  }
  return filled(`${cut}${dots}`, width);
}

const filled = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const dots = '...';

/** A number's cell. One that is longer than its column is not cut. */
export const right = (value: number | string, width: number): string => String(value).padStart(width);

/** Idle time: `none` where none is known, `.` below a minute, then `5`, `1:05` and `2+03:17`. */
export function idleTime(idleFor: Seconds | null): string {
  if (idleFor === null) return 'none';
  const minutes = Math.floor(idleFor / 60);
  if (minutes < 1) return '.';
  if (minutes < 60) return String(minutes);
  const two = (count: number): string => String(count).padStart(2, '0');
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  return days === 0 ? `${hours}:${two(minutes % 60)}` : `${days}+${two(hours)}:${two(minutes % 60)}`;
}

/** A moment as English Windows writes it: `9/8/2026 12:21 AM`. Empty where it is unknown. */
export function logonTime(at: Temporal.Instant | null, timeZone: string): string {
  if (at === null) return '';
  const { month, day, year, hour, minute } = at.toZonedDateTimeISO(timeZone);
  const half = hour < 12 ? 'AM' : 'PM';
  return `${month}/${day}/${year} ${hour % 12 === 0 ? 12 : hour % 12}:${String(minute).padStart(2, '0')} ${half}`;
}
