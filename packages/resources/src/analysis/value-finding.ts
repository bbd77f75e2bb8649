import type { FindingCode } from '../codes.ts';
import type { Finding } from '../finding.ts';
import { makeFinding } from '../make-finding.ts';
import { type Resource, resourceName } from '../resource.ts';

/**
 * A finding of istioctl's about the value at a JSON pointer. Its line is istioctl's: that of the value when it is written there as a plain scalar, else
 * (missing, behind an alias, a block) that of the document.
 */
export function valueFinding(code: FindingCode, resource: Resource, pointer: string, message: string): Finding {
  const { file } = resource.origin;
  return makeFinding(code, { origin: resourceName(resource), file, line: scalarLine(resource, pointer), column: 0 }, message);
}

/** A finding of istioctl's about a resource as a whole, at the line where its document begins. */
export function resourceFinding(code: FindingCode, resource: Resource, message: string): Finding {
  const { file, line } = resource.origin;
  return makeFinding(code, { origin: resourceName(resource), file, line, column: 0 }, message);
}

function scalarLine(resource: Resource, pointer: string): number {
  const { lines, origin } = resource;
  const holder = lines[pointer.slice(0, pointer.lastIndexOf('/'))];
  if (holder === undefined || !isScalar(valueAt(resource, pointer))) return origin.line;
  return lines[pointer] ?? holder;
}

const isScalar = (value: unknown): boolean => value !== undefined && value !== null && typeof value !== 'object';

function valueAt(resource: Resource, pointer: string): unknown {
  const steps = pointer.slice(1).split('/');
  return steps.reduce<unknown>((value, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Readonly<Record<string, unknown>>)[key]
      : undefined;
  }, resource);
}
