import type { Finding, FindingLevel } from '@lateen/resources';
import { PACKAGE_VERSION } from '../package-version.ts';
import { placeOf, sentence } from './place.ts';

const LEVELS: Readonly<Record<FindingLevel, string>> = { Error: 'error', Warning: 'warning', Info: 'note' };

/** The findings as SARIF 2.1.0 (OASIS), which code hosts and editors read. */
export function sarif(findings: readonly Finding[]): object {
  const rules = [...new Map(findings.map((finding) => [finding.code, finding])).values()];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lateen',
            semanticVersion: PACKAGE_VERSION,
            rules: rules.map(({ code, level, documentationUrl }) => ({
              id: code,
              defaultConfiguration: { level: LEVELS[level] },
              ...(URL.canParse(documentationUrl) ? { helpUri: documentationUrl } : {}),
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, rules)),
      },
    ],
  };
}

function result(finding: Finding, rules: readonly Finding[]): object {
  const place = placeOf(finding);
  const region = place && { startLine: place.line, ...(place.column ? { startColumn: place.column } : {}) };
  return {
    ruleId: finding.code,
    ruleIndex: rules.findIndex(({ code }) => code === finding.code),
    level: LEVELS[finding.level],
    message: { text: sentence(finding) },
    locations: [
      {
        ...(place ? { physicalLocation: { artifactLocation: { uri: uriOf(place.file) }, region } } : {}),
        logicalLocations: [{ fullyQualifiedName: finding.origin, kind: 'resource' }],
      },
    ],
  };
}

const uriOf = (file: string): string => file.split('/').map(encodeURIComponent).join('/');
