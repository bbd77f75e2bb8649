import { type CliIo, UsageError } from './io.ts';

export type OutputFormat = 'table' | 'json' | 'yaml';

export const OUTPUT_OPTION = ['-o, --output <format>', 'table, json or yaml', 'table'] as const;

export function outputFormat(text: string): OutputFormat {
  if (text === 'table' || text === 'json' || text === 'yaml') return text;
  throw new UsageError(`-o ${text}: write table, json or yaml`);
}

/** `value` as JSON or YAML, or what `table` makes of it. Nothing else goes to stdout, so that it can be piped. */
export async function print(io: CliIo, format: OutputFormat, value: unknown, table: () => string): Promise<void> {
  if (format === 'json') io.out(`${JSON.stringify(value, null, 2)}\n`);
  else if (format === 'yaml') io.out((await import('yaml')).stringify(value));
  else io.out(table());
}

/** `1 resource`, `2 resources`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** An X.509 subject in one line: `O=cluster.local, CN=Lateen root authority`. */
export const subjectText = (subject: string): string => subject.trim().replaceAll('\n', ', ');

/** Columns padded to their widest cell, two spaces apart. An empty list is just its heading. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[heading, ...rows].map(line).join('\n')}\n`;
}

/** `in 42m`, `in 3h`, `in 10y`, `expired`. */
export function untilText(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1_000);
  if (seconds <= 0) return 'expired';
  if (seconds < 120) return `in ${seconds}s`;
  if (seconds < 7_200) return `in ${Math.round(seconds / 60)}m`;
  if (seconds < 172_800) return `in ${Math.round(seconds / 3_600)}h`;
  const days = Math.round(seconds / 86_400);
  return days < 730 ? `in ${days}d` : `in ${Math.round(days / 365.25)}y`;
}
