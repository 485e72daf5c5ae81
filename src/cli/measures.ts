/** Bytes for people, in powers of ten: `512 B`, `3.1 MB`, `22 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? 'B'}`;
}

/** An instant in the zone: the time alone when it is today, with the day in this year, the date alone before. */
export function formatInstant(at: Temporal.Instant, now: Temporal.Instant, timeZone: string): string {
  const then = at.toZonedDateTimeISO(timeZone);
  const today = now.toZonedDateTimeISO(timeZone);
  const time = then.toPlainTime().toString({ smallestUnit: 'minute' });
  const date = then.toPlainDate();
  if (date.equals(today.toPlainDate())) return time;
  return then.year === today.year ? `${date.toString().slice(5)} ${time}` : date.toString();
}

/** The time of day in the zone, to the second. */
export function formatTime(at: Temporal.Instant, timeZone: string): string {
  return at.toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'second' });
}

/** `1 session`, `2 sessions`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
