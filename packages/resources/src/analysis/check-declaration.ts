import type { Finding, FindingLevel } from '../finding.ts';
import { documentationUrl } from '../codes.ts';
import { lineOf, type Resource, resourceName } from '../resource.ts';

/** A code of our own, and its page in `docs/checks.md`. */
export interface CheckDeclaration {
  readonly code: `LTN${number}`;
  readonly level: FindingLevel;
  readonly title: string;
  /** What the finding says, in a sentence or two. */
  readonly what: string;
  /** What happens to those who let it be. */
  readonly why: string;
  readonly mend: string;
  /** YAML that gets the finding. */
  readonly example: string;
  /** Kiali's codes that say the same. */
  readonly kiali?: readonly string[];
}

/** A finding of our own about a part of a resource, by JSON pointer; `mend` is one imperative sentence. */
export function ownFinding(
  { code, level }: CheckDeclaration,
  resource: Resource,
  pointer: string,
  message: string,
  mend: string,
): Finding {
  const { file } = resource.origin;
  return {
    code,
    level,
    message,
    origin: resourceName(resource),
    reference: file ? `${file}:${lineOf(resource, pointer)}` : '',
    documentationUrl: documentationUrl(code),
    column: 0,
    fix: mend,
  };
}
