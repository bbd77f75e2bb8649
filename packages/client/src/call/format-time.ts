const WIDTHS: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  F: (date) => date.toISOString().slice(0, 10),
  T: (date) => date.toISOString().slice(11, 19),
  z: () => '+0000',
  Z: () => 'UTC',
};

/**
 * A time as Envoy's `START_TIME` writes it: ISO 8601 with milliseconds, or by a format of strftime's letters above and `%3f`, fractions of a
 * second with so many digits. UTC.
 *
 * @param epochMs milliseconds since the epoch
 */
export function formatTime(epochMs: number, format: string): string {
  const date = new Date(Math.trunc(epochMs));
  if (format === '') return date.toISOString();
  return format.replace(/%(?:([1-9])?f|([YmdHMSsFTzZ%]))/g, (_, digits: string | undefined, letter: string | undefined) => {
    if (letter === undefined) return fraction(epochMs, Number(digits ?? 9));
    return letter === '%' ? '%' : (WIDTHS[letter] as (date: Date) => string)(date);
  });
}

function fraction(epochMs: number, digits: number): string {
  return ((epochMs % 1000) / 1000).toFixed(9).slice(2, 2 + digits);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
