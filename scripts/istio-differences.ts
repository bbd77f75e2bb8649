// Writes docs/istio-differences.md from the tables in the code. `node --conditions=@lateen/source scripts/istio-differences.ts`
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS, REFUSED_KINDS } from '@lateen/resources';
import { renderDefaults } from '@lateen/routing';

interface SchemaNode {
  readonly 'x-lateen-refused'?: string;
  readonly 'x-lateen-refused-values'?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** `http[].corsPolicy` and what to do instead, for every field and every value of one (`resolution: DYNAMIC_DNS`) that is refused. */
function* refusedFields(schema: SchemaNode, path: string): Generator<readonly [string, string]> {
  const refused = schema['x-lateen-refused'];
  if (refused !== undefined) yield [path, refused];
  for (const [value, instead] of Object.entries(schema['x-lateen-refused-values'] ?? {})) yield [`${path}: ${value}`, instead];
  if (schema.items) yield* refusedFields(schema.items, `${path}[]`);
  for (const [name, field] of Object.entries(schema.properties ?? {}))
    yield* refusedFields(field, path ? `${path}.${name}` : name);
}

export function istioDifferences(): string {
  const fields = Object.entries(KINDS).flatMap(([kind, { schema }]) => {
    const unique = new Map([...refusedFields(schema as SchemaNode, '')].map((row) => [row[0], row]));
    return [...unique.values()].map(([path, instead]) => `| ${kind} | \`${path}\` | ${instead} |`);
  });
  const kinds = Object.entries(REFUSED_KINDS).map(([kind, instead]) => `| \`${kind}\` | ${instead} |`);
  return `# Where Lateen differs from Istio

A block that is written means exactly what Istio means by it. This page is written from the tables in the code by \`scripts/istio-differences.ts\`.

## What an absent block means

\`defaults: 'lateen'\` (the default) has its own answers; \`defaults: 'istio'\` has Istio's.

${renderDefaults()}

## What is refused today

With code, file, line and column, before anything changes: \`LTN0001\` for a field, \`LTN0002\` for a kind.

| kind | what to do instead |
|---|---|
${kinds.join('\n')}

| kind | field | what to do instead |
|---|---|---|
${fields.join('\n')}
`;
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(import.meta.dirname, '../docs/istio-differences.md'), istioDifferences());
