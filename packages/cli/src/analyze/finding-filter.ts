import type { Finding, Resource } from '@lateen/resources';
import { askedSuppressions, isSuppressed, knownCodes, parseSuppression, type Suppression } from '@lateen/resources/analysis';
import { type CliIo, UsageError } from '../io.ts';

/** The suppressions of `-S`; a code that nobody says is told of, and does nothing. */
export function suppressionsOf(io: CliIo, texts: readonly string[]): Suppression[] {
  const known = knownCodes();
  return texts.map((text) => {
    const suppression = parseSuppression(text);
    if (!suppression) throw new UsageError(`--suppress ${text}: write CODE=Kind namespace/name, with * for any text`);
    if (!known.has(suppression.code)) io.err(`nobody says ${suppression.code}: --suppress ${text} does nothing\n`);
    return suppression;
  });
}

export interface FindingFilter {
  /** Undefined for all. */
  readonly namespace: string | undefined;
  readonly suppressions: readonly Suppression[];
  readonly resources: readonly Resource[];
}

/** Without other namespaces, and without what the command line or the resources themselves ask not to hear. */
export function filterFindings(findings: readonly Finding[], { namespace, suppressions, resources }: FindingFilter): Finding[] {
  const isAskedAway = askedSuppressions(resources);
  return findings.filter((finding) => {
    const of = namespaceOf(finding);
    const isElsewhere = namespace !== undefined && of !== undefined && of !== namespace;
    return !isElsewhere && !isSuppressed(finding, suppressions) && !isAskedAway(finding);
  });
}

/** The namespace in `VirtualService default/web`; undefined for what belongs to none. */
function namespaceOf({ origin }: Finding): string | undefined {
  return /^[A-Z]\w* (?<namespace>[^/ ]+)\/[^/ ]*$/.exec(origin)?.groups?.['namespace'];
}
