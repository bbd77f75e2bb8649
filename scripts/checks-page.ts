// Writes docs/checks.md from the declarations beside the analyzers. `node --conditions=@lateen/source scripts/checks-page.ts`
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES, documentationUrl } from '@lateen/resources';
import { CHECKS, type CheckDeclaration, KIALI_IN_ISTIOS_WORDS } from '@lateen/resources/analysis';

const section = ({ code, level, title, what, why, mend, example }: CheckDeclaration): string => `## ${code}

*${level}.* **${title}.** ${what}

${why}

${mend}

\`\`\`yaml
${example}
\`\`\`
`;

const byCode = (left: CheckDeclaration, right: CheckDeclaration): number =>
  Number(left.code.slice(3)) - Number(right.code.slice(3));

/** Kiali's codes: what says the same here. */
function kialiRows(): string {
  const answers = new Map(Object.entries(KIALI_IN_ISTIOS_WORDS));
  for (const { code, kiali = [] } of CHECKS)
    for (const theirs of kiali) answers.set(theirs, [...(answers.get(theirs) ?? []), link(code)]);
  return [...answers]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([theirs, ours]) => `| ${theirs} | ${ours.join(', ')} |`)
    .join('\n');
}

const link = (code: string): string => `[${code}](#${code.toLowerCase()})`;

export function checksPage(): string {
  const own = [...CHECKS].sort(byCode);
  const istios = Object.entries(CODES).filter(([code]) => code.startsWith('IST'));
  return `# Checks

\`lateen analyze\`, \`lateen validate\` and \`lateen apply\` speak in codes. \`IST…\` are istioctl's, with its levels and meanings; \`LTN…\` are ours. This page is
written from the declarations in the code by \`scripts/checks-page.ts\`; every example is one that a test finds its code in, but those that show a part of a resource.

A finding that is known and meant is suppressed by \`--suppress "CODE=Kind namespace/name"\` (\`*\` for any text), or by the resource itself, with the annotation
\`galley.istio.io/analyze-suppress: CODE,CODE\`.

## Codes of our own

| code | level | |
|---|---|---|
${own.map(({ code, level, title }) => `| ${link(code)} | ${level} | ${title} |`).join('\n')}

## Codes of istioctl's

Said where istioctl with a cluster would say them, everything in the files counting as present. Where recordings show that istioctl is wrong, its false alarms are
left out and its silence is not kept.

| code | level |
|---|---|
${istios.map(([code, level]) => `| [${code}](${documentationUrl(code)}) | ${level} |`).join('\n')}

## Kiali's checks

| Kiali | here |
|---|---|
${kialiRows()}

${own.map(section).join('\n')}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(import.meta.dirname, '../docs/checks.md'), checksPage());
