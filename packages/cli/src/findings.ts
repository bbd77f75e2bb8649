import { type Finding, FINDING_LEVELS, type FindingLevel, formatFinding } from '@lateen/resources';
import { type CliIo, UsageError } from './io.ts';
import { type OutputFormat, print } from './output.ts';

export function findingLevel(option: string, text: string): FindingLevel {
  const level = FINDING_LEVELS.find((known) => known.toLowerCase() === text.toLowerCase());
  if (!level) throw new UsageError(`${option} ${text}: write ${FINDING_LEVELS.join(', ')}`);
  return level;
}

/** Whether `finding` is at `level` or worse. */
export function reaches(finding: Finding, level: FindingLevel): boolean {
  return FINDING_LEVELS.indexOf(finding.level) <= FINDING_LEVELS.indexOf(level);
}

export function printFindings(io: CliIo, format: OutputFormat, findings: readonly Finding[]): Promise<void> {
  return print(io, format, findings, () => findings.map((finding) => `${formatFinding(finding)}\n`).join(''));
}
