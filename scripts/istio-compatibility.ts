// Writes docs/istio-compatibility.md from the declarations in packages/resources/src/kinds.
// `node --conditions=@lateen/source scripts/istio-compatibility.ts`
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_API_KINDS, type IstioKind, KINDS, REFUSED_GATEWAY_API_KINDS, REFUSED_KINDS } from '@lateen/resources';
import { type DeclaredField, declaredFields } from './declared-fields.ts';

/** A block that a kind has in several places is told once. */
const MANY_FIELDS = 3;

const KIND_NAMES = Object.keys(KINDS) as IstioKind[];

/** The page. */
export function istioCompatibility(): string {
  return `# Istio's resources, field by field

Every field of every kind of Istio's is one of three. **Supported**: it does here what it does in Istio. **Refused**: a running mesh does not take a
resource that has it (\`LTN0001\`; a whole kind: \`LTN0002\`), since whoever wrote it counts on it; \`lateen analyze\` and \`lateen validate\` check it like any
other and say so. **No effect**: it is taken, and an Info (\`LTN0008\`) says why there is nothing for it to act on inside a process.

This page is written from the declarations in \`packages/resources/src/kinds\` by \`scripts/istio-compatibility.ts\`. Schemas for editors are generated from the
same declarations: [configuration.md](configuration.md#editors).

| kind | versions | fields | refused | no effect |
|---|---|---|---|---|
${KIND_NAMES.map(summaryRow).join('\n')}

Kinds that are refused as a whole because they configure what is not there:

| kind | why | instead |
|---|---|---|
${[...refusedRows(REFUSED_KINDS), ...refusedRows(REFUSED_GATEWAY_API_KINDS)].join('\n')}

Of the Gateway API these kinds are read: ${gatewayApiNames()}. Kubernetes' Services, workloads, Namespaces, Secrets and their like are read as
far as they name hosts, ports, labels and accounts.

${KIND_NAMES.map(kindSection).join('\n\n')}
`;
}

function summaryRow(kind: IstioKind): string {
  const fields = declaredFields(kind);
  const count = (status: DeclaredField['status']['kind']): number =>
    fields.filter((field) => field.status.kind === status).length;
  const { apiVersions } = KINDS[kind];
  const versions = apiVersions.map((version) => version.split('/')[1]).join(', ');
  return `| [${kind}](#${kind.toLowerCase()}) | ${versions} | ${fields.length} | ${count('refused')} | ${count('moot')} |`;
}

function refusedRows(kinds: Readonly<Record<string, { readonly because: string; readonly instead: string }>>): string[] {
  return Object.entries(kinds).map(([kind, { because, instead }]) => `| \`${kind}\` | ${because} | ${instead} |`);
}

function gatewayApiNames(): string {
  return Object.entries(GATEWAY_API_KINDS)
    .map(([kind, { writtenAs = kind }]) => `\`${writtenAs}\``)
    .join(', ');
}

function kindSection(kind: IstioKind): string {
  const { apiVersions, refused, moot } = KINDS[kind];
  const whole = refused
    ? `\n**Refused by a running mesh as a whole** (\`LTN0002\`): ${refused.because}. Instead: ${refused.instead}. Its fields are checked all the same.\n`
    : moot
      ? `\n**No effect as a whole** (\`LTN0008\`): ${moot}. Its fields are checked all the same.\n`
      : '';
  return `## ${kind}

\`${(apiVersions[0] as string).split('/')[0]}\`
${whole}
| field | | |
|---|---|---|
${fieldRows(kind).join('\n')}`;
}

function fieldRows(kind: IstioKind): string[] {
  const told = new Map<string, string>();
  const rows: string[] = [];
  let covered: string | undefined;
  for (const field of declaredFields(kind)) {
    if (covered !== undefined && isBelow(field.path, covered)) continue;
    covered = undefined;
    const text = JSON.stringify(field.schema);
    const twin = told.get(text);
    const isLarge = Object.keys(field.schema.properties ?? field.schema.items?.properties ?? {}).length >= MANY_FIELDS;
    if (isLarge && twin !== undefined) rows.push(`| \`${field.path}\` | as \`${twin}\` | |`);
    else rows.push(row(field));
    if (isLarge && twin === undefined) told.set(text, field.path);
    if ((isLarge && twin !== undefined) || isMarked(field)) covered = field.path;
  }
  return rows;
}

/** What is below a field that is refused or has no effect is so, too. */
const isMarked = ({ schema }: DeclaredField): boolean =>
  schema['x-lateen-refused'] !== undefined || schema['x-lateen-moot'] !== undefined;

const isBelow = (path: string, holder: string): boolean => path.startsWith(holder) && /^[.[{]/.test(path.slice(holder.length));

function row({ path, status, refusedWords, schema }: DeclaredField): string {
  const words = Object.entries(refusedWords).map(([word, instead]) => `\`${word}\` refused: ${instead}`);
  const remark = words.length > 0 ? words.join('; ') : '';
  if (!isMarked({ path, status, refusedWords, schema }))
    return `| \`${path}\` | ${status.kind === 'supported' ? 'supported' : 'checked'} | ${remark} |`;
  if (status.kind === 'refused') return `| \`${path}\` | refused | ${status.because}. Instead: ${status.instead} |`;
  return `| \`${path}\` | no effect | ${status.kind === 'moot' ? status.because : ''} |`;
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(import.meta.dirname, '../docs/istio-compatibility.md'), istioCompatibility());
