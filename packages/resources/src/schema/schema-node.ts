import type { Refusal } from '../kinds/kind-definition.ts';

/** What the check of a value knows of JSON Schema, and our own marks in it. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'boolean' | 'integer' | 'number';
  /** `null` is as good as nothing. */
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  /** False: no others. A schema: that of every value whose key the writer chooses. */
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: { readonly format: string };
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Fields of which one alone may be written, by group. */
  readonly 'x-lateen-exclusive'?: readonly (readonly string[])[];
  /** The words are an enumeration of Istio's, not just the ones that make sense: nobody could read another. */
  readonly 'x-lateen-enumeration'?: true;
  /** The words of `enum` count in capitals and not. */
  readonly 'x-lateen-any-case'?: true;
  readonly 'x-lateen-refused'?: Refusal;
  readonly 'x-lateen-refused-values'?: Readonly<Record<string, string>>;
  readonly 'x-lateen-moot'?: string;
}

/** The word of an enumeration that was written, as its schema writes it. */
export function wordOf(node: SchemaNode, written: unknown): unknown {
  return node['x-lateen-any-case'] && typeof written === 'string' ? written.toUpperCase() : written;
}

/** The schema of a property that an object may have; undefined for one that it may not. */
export function propertyOf(node: SchemaNode, name: string): SchemaNode | undefined {
  const { properties = {}, additionalProperties } = node;
  if (Object.hasOwn(properties, name)) return properties[name];
  if (typeof additionalProperties === 'object') return additionalProperties;
  return additionalProperties === false ? undefined : {};
}
