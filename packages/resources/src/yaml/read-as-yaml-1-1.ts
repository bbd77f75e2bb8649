import { propertyOf, type SchemaNode } from '../schema/schema-node.ts';
import type { AmbiguousScalar } from './positions.ts';

/**
 * Where a number or a boolean is wanted and the text is one to readers of YAML 1.1 only (`1_000`, `yes`), it is what kubectl and istioctl take it for:
 * nobody can have meant anything else. `value` is changed.
 *
 * @param at pointer of `value` below the document
 */
export function readAsYaml11(schema: SchemaNode, value: unknown, at: string, ambiguous: readonly AmbiguousScalar[]): void {
  for (const { pointer, yaml11 } of ambiguous) {
    if (!pointer.startsWith(`${at}/`)) continue;
    const steps = pointer
      .slice(at.length + 1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    readAt(schema, value, steps, yaml11);
  }
}

function readAt(node: SchemaNode, holder: unknown, [step = '', ...rest]: readonly string[], yaml11: string): void {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step) || step === '__proto__') return;
  const inner = Array.isArray(holder) ? node.items : propertyOf(node, step);
  if (!inner) return;
  const members = holder as Record<string, unknown>;
  if (rest.length > 0) return readAt(inner, members[step], rest, yaml11);
  if (inner.type === 'boolean' && /^(?:true|false)$/.test(yaml11)) members[step] = yaml11 === 'true';
  if ((inner.type === 'integer' || inner.type === 'number') && /^[-+]?\d+$/.test(yaml11)) members[step] = Number(yaml11);
}
