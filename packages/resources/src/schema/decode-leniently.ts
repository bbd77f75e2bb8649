import type { TSchema } from 'typebox';
import { isJsonType } from './describe.ts';
import { propertyOf, type SchemaNode, wordOf } from './schema-node.ts';

/**
 * What Istio's decoder would make of a spec with mistakes in it: `null` is nothing, `"50"` a number, an unknown field not there. So that rules and
 * analyzers, which are told types, can look at what else is wrong. The spec itself stays as it is.
 */
export function decodeLeniently(schema: TSchema, spec: unknown): unknown {
  return decode(schema as SchemaNode, spec) ?? {};
}

/** Undefined: as if it were not written. */
function decode(node: SchemaNode, value: unknown): unknown {
  if (value === null) return undefined;
  if (node.anyOf || !node.type) return value;
  if (value === '' && node['x-lateen-any-case']) return undefined; // a protocol that is not said
  if (isJsonType(node.type, value)) return decodeInside(node, value);
  const isNumber = node.type === 'integer' || node.type === 'number';
  return isNumber && typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function decodeInside(node: SchemaNode, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => decode(node.items ?? {}, item) ?? emptyOf(node.items));
  if (typeof value !== 'object') return wordOf(node, value);
  const fields = Object.entries(value as Readonly<Record<string, unknown>>).map(([name, member]) => {
    const property = propertyOf(node, name);
    return [name, property && decode(property, member)] as const;
  });
  return Object.fromEntries(fields.filter(([, member]) => member !== undefined));
}

/** An item cannot be left out: those behind it would move. */
function emptyOf(node: SchemaNode | undefined): unknown {
  if (node?.type === 'object') return {};
  return node?.type === 'string' ? '' : undefined;
}
