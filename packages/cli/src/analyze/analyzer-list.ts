import { ANALYZERS, type Analyzer } from '@lateen/resources/analysis';

/** As istioctl lists them: each name, and what it is after. */
export function analyzerList(): string {
  const byName = new Map<string, Analyzer[]>();
  for (const analyzer of ANALYZERS) byName.set(analyzer.name, [...(byName.get(analyzer.name) ?? []), analyzer]);
  return [...byName.keys()]
    .sort()
    .map((name) => `* ${name}:\n${(byName.get(name) ?? []).map(({ description }) => `    ${description}\n`).join('')}`)
    .join('');
}

/** The analyzers of `--analyzer`; undefined for all: none named, or, as in istioctl, none that exists. */
export function chosenAnalyzers(names: readonly string[]): readonly string[] | undefined {
  const known = names.filter((name) => name.startsWith(SCHEMA) || ANALYZERS.some((analyzer) => analyzer.name === name));
  return known.length > 0 ? known : undefined;
}

const SCHEMA = 'schema.ValidationAnalyzer.';

/** Whether what the schema says of a resource of this kind is asked for. */
export function choosesSchemaOf(chosen: readonly string[] | undefined, kind: string): boolean {
  return !chosen || chosen.includes(`${SCHEMA}${kind}`);
}
