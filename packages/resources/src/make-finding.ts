import { CODES, documentationUrl, type FindingCode } from './codes.ts';
import type { Finding } from './finding.ts';
import { lineOf, type Resource, resourceName } from './resource.ts';

export interface FindingPlace {
  readonly origin: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function makeFinding(code: FindingCode, place: FindingPlace, message: string, fix?: string): Finding {
  return declaredFinding({ code, level: CODES[code] }, place, message, fix);
}

/** A finding of a code that is declared elsewhere, with the level that it has here. */
export function declaredFinding(
  { code, level }: Pick<Finding, 'code' | 'level'>,
  place: FindingPlace,
  message: string,
  fix?: string,
): Finding {
  return {
    code,
    level,
    message,
    origin: place.origin,
    reference: place.file ? `${place.file}:${place.line}` : '',
    documentationUrl: documentationUrl(code),
    column: place.column,
    ...(fix ? { fix } : {}),
  };
}

/** A finding about a part of a resource, by JSON pointer. */
export function findingAt(code: FindingCode, resource: Resource, pointer: string, message: string): Finding {
  const place = { origin: resourceName(resource), file: resource.origin.file, line: lineOf(resource, pointer), column: 0 };
  return makeFinding(code, place, message);
}

/** istioctl's line: `Error [IST0101] (VirtualService default/reviews x.yaml:14) Referenced …`, and the mend where there is one. */
export function formatFinding(finding: Finding): string {
  const place = [finding.origin, finding.reference].filter((part) => part !== '').join(' ');
  return `${finding.level} [${finding.code}] (${place}) ${finding.message}${finding.fix ? `; ${finding.fix}` : ''}`;
}

/** A file that is no text: nothing in it is read. */
export function unreadableFile(file: string, message: string, fix?: string): Finding {
  return makeFinding('LTN0003', { origin: file, file, line: 1, column: 1 }, message, fix);
}
