// Writes packages/resources/schema/istio.json, by which editors complete and check Istio's YAML, from the declarations in packages/resources/src/kinds.
// `node --conditions=@lateen/source scripts/editor-schemas.ts`
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type IstioKind, KINDS, type Refusal } from '@lateen/resources';
import { FORMATS } from '../packages/resources/src/schema/formats.ts';
import type { SchemaNode } from '../packages/resources/src/schema/schema-node.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A part that stands in several places is written once, if it is worth a reference. */
const WORTH_A_REFERENCE = 400;

/** One JSON Schema (draft 7) for documents of any of Istio's kinds, which leaves other documents alone. */
export function editorSchema(): JsonSchema {
  const shared = new SharedParts();
  const kinds = (Object.keys(KINDS) as IstioKind[]).map((kind) => ({
    if: {
      properties: { kind: { const: kind }, apiVersion: { enum: KINDS[kind].apiVersions } },
      required: ['kind', 'apiVersion'],
    },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's word; nobody awaits it
    then: documentOf(kind, shared),
  }));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: "Istio's resources as Lateen reads them",
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string', examples: Object.keys(KINDS) } },
    allOf: kinds,
    definitions: shared.definitions(),
  };
}

function documentOf(kind: IstioKind, shared: SharedParts): JsonSchema {
  const { schema, refused, moot } = KINDS[kind];
  const remark = refused ? refusedText(refused) : moot;
  const spec = shared.part('spec', convert(schema as SchemaNode, shared));
  return {
    ...(remark ? { description: remark } : {}),
    properties: { apiVersion: true, kind: true, metadata: { type: 'object' }, spec, status: true },
    required: ['metadata'],
    additionalProperties: false,
  };
}

/** What stands in many places, by what it says. */
class SharedParts {
  readonly #byText = new Map<string, { readonly name: string; readonly schema: JsonSchema }>();

  /** The part itself, or a reference to it. */
  part(field: string, schema: JsonSchema): JsonSchema {
    const text = JSON.stringify(schema);
    if (text.length < WORTH_A_REFERENCE) return schema;
    const known = this.#byText.get(text) ?? { name: `${field}-${this.#byText.size + 1}`, schema };
    this.#byText.set(text, known);
    return { $ref: `#/definitions/${known.name}` };
  }

  definitions(): JsonSchema {
    return Object.fromEntries([...this.#byText.values()].map(({ name, schema }) => [name, schema]));
  }
}

/** Our marks become words that editors show. */
function convert(node: SchemaNode, shared: SharedParts): JsonSchema {
  const {
    properties,
    items,
    additionalProperties,
    propertyNames: _names,
    format: _format,
    nullable,
    type,
    enum: words,
    ...rest
  } = node;
  const plain = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !keyword.startsWith('x-lateen-')));
  const description = descriptionOf(node);
  return {
    ...(type ? { type: nullable ? [type, 'null'] : type } : {}),
    ...(description ? { description } : {}),
    ...(words ? (node['x-lateen-any-case'] ? { examples: words } : { enum: words }) : {}),
    ...plain,
    ...(properties ? { properties: convertAll(properties, shared) } : {}),
    ...(items ? { items: shared.part('item', convert(items, shared)) } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties: convertOthers(additionalProperties, shared) }),
    ...(node['x-lateen-exclusive'] ? { allOf: node['x-lateen-exclusive'].flatMap(atMostOne) } : {}),
  };
}

function convertAll(properties: Readonly<Record<string, SchemaNode>>, shared: SharedParts): JsonSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, shared.part(name, convert(field, shared))]));
}

const convertOthers = (others: boolean | SchemaNode, shared: SharedParts): unknown =>
  typeof others === 'boolean' ? others : shared.part('value', convert(others, shared));

/** Each two of them. */
function atMostOne(names: readonly string[]): JsonSchema[] {
  return names.flatMap((name, index) => names.slice(index + 1).map((other) => ({ not: { required: [name, other] } })));
}

function descriptionOf(node: SchemaNode): string {
  const { 'x-lateen-refused': refused, 'x-lateen-moot': moot, format } = node;
  const wanted = format === undefined ? undefined : FORMATS[format]?.wanted;
  return [refused && refusedText(refused), moot && `No effect: ${moot}.`, wanted && `Must be ${wanted}.`]
    .filter(Boolean)
    .join(' ');
}

const refusedText = ({ because, instead }: Refusal): string => `Refused by a running mesh: ${because}. Instead: ${instead}.`;

export const EDITOR_SCHEMA_FILE = join(import.meta.dirname, '../packages/resources/schema/istio.json');

/** As the file holds it. */
export const editorSchemaText = (): string => `${JSON.stringify(editorSchema(), undefined, 1)}\n`;

if (process.argv[1] === import.meta.filename) {
  mkdirSync(dirname(EDITOR_SCHEMA_FILE), { recursive: true });
  writeFileSync(EDITOR_SCHEMA_FILE, editorSchemaText());
}
