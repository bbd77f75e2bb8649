// Writes docs/istio-differences.md from the tables in the code. `node --conditions=@lateen/source scripts/istio-differences.ts`
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderDefaults } from '@lateen/routing';

function recordedDifferences(): string[] {
  const text = readFileSync(join(import.meta.dirname, '../test/conformance/differences.json'), 'utf8');
  const differences = JSON.parse(text) as readonly { readonly case: string; readonly reason: string }[];
  return differences.map((each) => `| \`${each.case}\` | ${each.reason} |`);
}

export function istioDifferences(): string {
  return `# Where Lateen differs from Istio

A block that is written means exactly what Istio means by it. This page is written from the tables in the code by \`scripts/istio-differences.ts\`.

## What an absent block means

\`defaults: 'lateen'\` (the default) has its own answers; \`defaults: 'istio'\` has Istio's.

${renderDefaults()}

## What is refused today

[Field by field](istio-compatibility.md): what is supported, what is refused (\`LTN0001\`, \`LTN0002\`: with file, line and column, before anything changes), and
what has no effect inside a process (\`LTN0008\`).

## What recordings of Istio show otherwise

\`npm run conformance\` compares with what Istio's own data plane did. These cases of \`test/conformance/dataplane\` are answered otherwise, and this is why;
the list is \`test/conformance/differences.json\`.

| case | reason |
|---|---|
${recordedDifferences().join('\n')}
`;
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(import.meta.dirname, '../docs/istio-differences.md'), istioDifferences());
