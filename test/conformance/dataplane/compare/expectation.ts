/** A recorded number: the same in all runs, or a range. Without `accept` nothing is asserted. */
export type Expectation = number | { readonly seen: readonly number[]; readonly accept?: readonly [number, number] };

export function holds(expected: Expectation, actual: number): boolean {
  if (typeof expected === 'number') return expected === actual;
  if (!expected.accept) return true;
  const [low, high] = expected.accept;
  return actual >= low && actual <= high;
}

export function describeExpectation(expected: Expectation): string {
  if (typeof expected === 'number') return String(expected);
  return expected.accept ? `${expected.accept[0]} to ${expected.accept[1]}` : 'any number';
}

/** Compares counts by key; a key that was not recorded must not occur. */
export function compareCounts(
  what: string,
  expected: Readonly<Record<string, Expectation>>,
  actual: ReadonlyMap<string, number>,
): string[] {
  const keys = new Set([...Object.keys(expected), ...actual.keys()]);
  return [...keys].flatMap((key) => {
    const wanted = expected[key] ?? 0;
    const counted = actual.get(key) ?? 0;
    return holds(wanted, counted) ? [] : [`${what} ${JSON.stringify(key)}: ${counted}, Istio ${describeExpectation(wanted)}`];
  });
}

export function countBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<date>': '[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT',
  '<uuid>': '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  '<ms>': '\\d+',
  '<hex>': '[0-9a-f]+',
  '<any instance>': '[\\w.-]+',
};

/** Whether a text is the recorded one, placeholders and abbreviations (`xxx… (200000 characters)`) understood. */
export function sameText(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  const short = /^(.*)… \((\d+) characters\)$/s.exec(expected);
  if (short) return actual.length === Number(short[2]) && actual.startsWith(short[1] as string);
  if (!expected.includes('<')) return false;
  const pattern = expected
    .split(/(<[a-z ]+>)/)
    .map((part) => PLACEHOLDERS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${pattern}$`, 's').test(actual);
}
