import { type Finding, formatFinding } from '@lateen/resources';
import { type CliIo, UsageError } from '../io.ts';
import { print } from '../output.ts';

export const ANALYSIS_FORMATS = ['table', 'log', 'json', 'yaml', 'github', 'sarif'] as const;
export type AnalysisFormat = (typeof ANALYSIS_FORMATS)[number];

export function analysisFormat(text: string): AnalysisFormat {
  const format = ANALYSIS_FORMATS.find((known) => known === text.toLowerCase());
  if (!format) throw new UsageError(`-o ${text}: write one of ${ANALYSIS_FORMATS.join(', ')}`);
  return format;
}

/** The findings and nothing else on stdout. */
export async function printAnalysis(io: CliIo, format: AnalysisFormat, findings: readonly Finding[]): Promise<void> {
  if (format === 'github') io.out((await import('./github-annotations.ts')).githubAnnotations(findings));
  else if (format === 'sarif') io.out(`${JSON.stringify((await import('./sarif.ts')).sarif(findings), null, 2)}\n`);
  else {
    const told = findings.map(({ edits: _edits, ...finding }) => finding);
    await print(io, format === 'log' ? 'table' : format, told, () =>
      findings.map((finding) => `${formatFinding(finding)}\n`).join(''),
    );
  }
}
