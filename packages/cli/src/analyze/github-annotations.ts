import type { Finding, FindingLevel } from '@lateen/resources';
import { placeOf, sentence } from './place.ts';

const COMMANDS: Readonly<Record<FindingLevel, string>> = { Error: 'error', Warning: 'warning', Info: 'notice' };

/** GitHub's workflow commands: one line a finding, shown at its place in a pull request. */
export function githubAnnotations(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const place = placeOf(finding);
      const properties = [
        ...(place ? [`file=${property(place.file)}`, `line=${place.line}`] : []),
        ...(place?.column ? [`col=${place.column}`] : []),
        `title=${property(`${finding.code} ${finding.origin}`)}`,
      ];
      return `::${COMMANDS[finding.level]} ${properties.join(',')}::${escape(sentence(finding))}\n`;
    })
    .join('');
}

const escape = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escape(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
