import { sameText } from './expectation.ts';

/** What a proxy would add and a library has not got. */
const NOT_BINDING: ReadonlySet<string> = new Set(['server', 'date']);

/** Compares the headers that a case is about; null stands for absent, repeated lines are joined. */
export function compareHeaders(
  what: string,
  expected: Readonly<Record<string, string | null>>,
  lines: readonly string[],
  separator?: string,
): string[] {
  return Object.entries(expected).flatMap(([name, wanted]) => {
    if (NOT_BINDING.has(name)) return [];
    const actual = headerText(lines, name, separator);
    if (wanted === null ? actual === undefined : actual !== undefined && sameText(wanted, actual)) return [];
    return [
      `${what} ${name}: ${actual === undefined ? 'absent' : JSON.stringify(actual)}, Istio ${wanted === null ? 'none' : JSON.stringify(wanted)}`,
    ];
  });
}

/** All lines of a header in one, as the recordings have them; undefined when there is none. */
export function headerText(lines: readonly string[], lowerName: string, separator = ', '): string | undefined {
  const values = lines.filter((_, i) => i % 2 === 1 && (lines[i - 1] as string).toLowerCase() === lowerName);
  // In HTTP/1.1 it says what its absence says.
  if (lowerName === 'connection' && values.join() === 'keep-alive') return undefined;
  return values.length === 0 ? undefined : values.join(separator);
}
