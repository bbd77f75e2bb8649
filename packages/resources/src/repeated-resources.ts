import type { Finding } from './finding.ts';
import { makeFinding } from './make-finding.ts';
import { type Resource, resourceKey, resourceName } from './resource.ts';

/** Resources that are written more than once, in one file or several: of each the last counts. */
export function repeatedResources(resources: readonly Resource[]): Finding[] {
  const latest = new Map<string, Resource>();
  const findings: Finding[] = [];
  for (const resource of resources) {
    const key = resourceKey(resource);
    const earlier = latest.get(key);
    if (earlier) findings.push(writtenAgain(earlier, resource));
    latest.set(key, resource);
  }
  return findings;
}

function writtenAgain(earlier: Resource, { origin }: Resource): Finding {
  const where = origin.file === earlier.origin.file ? `line ${origin.line}` : `${origin.file}:${origin.line}`;
  const message = `this is written again in ${where}, and only the later counts`;
  return makeFinding(
    'LTN0006',
    { ...earlier.origin, origin: resourceName(earlier), column: 1 },
    message,
    'remove one, or name it otherwise',
  );
}
